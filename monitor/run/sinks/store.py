"""Writes steps to the history, and keeps what a full or damaged disk does not take until it does."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from monitor.core.body.pose import Observation
from monitor.core.errors import StoreCorrupt, StoreError
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Event, Step
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import RunningMinute
from monitor.run.sinks.notify import ReminderLog
from monitor.texts.reminders import duration

# A process that is killed loses at most this much of its session.
HEARTBEAT_S = 10.0


class OpenSession(ReminderLog, Protocol):
    """A session that is being written to a history; each verb may raise StoreError."""

    @property
    def id(self) -> int:
        """Its number in the history."""
        ...

    def write(self, t: float, running: Bout | None, events: Sequence[Event]) -> None:
        """Keep the events, the running bout, and that the session was alive at ``t`` (POSIX s)."""
        ...

    def mode(self, text: str | None) -> None:
        """Note how the camera is used now."""
        ...

    def present(self, live: LiveState) -> None:
        """Replace the live state."""
        ...

    def marked_break(self, t: float) -> None:
        """Keep a break that the person marked at ``t`` (POSIX s)."""
        ...

    def end(self, t: float) -> None:
        """End it at ``t`` (POSIX s)."""
        ...


# Writes that wait for a full disk: some three days of minutes, bouts and reminders, 20 MB; the oldest are dropped first.
WAITING_MAX = 6000

_Write: TypeAlias = Callable[[OpenSession], None]


class StoreSink:
    """Stores events at once, the running bout every ten seconds, and the source's ``mode()`` when it changes.

    ``begin(t)`` opens the session at the first observation or picture, and another one after a StoreCorrupt, once ``mend()`` has
    replaced the file.  A StoreError does not stop the run: it is reported once, later writes wait in a queue and are stored as
    soon as that is possible.  It is raised at the end if it lasts until then.

    ``beat_s`` is how often (s) what still runs is stored: of a replay, which can be made again, nothing is lost by seldom.
    """

    def __init__(
        self,
        begin: Callable[[float], OpenSession],
        mode: Callable[[], str | None] = lambda: None,
        say: Callable[[str], None] = lambda _text: None,
        mend: Callable[[], None] = lambda: None,
        beat_s: float = HEARTBEAT_S,
    ) -> None:
        self._open, self._mode, self._say, self._mend = begin, mode, say, mend
        self._beat_s = beat_s
        self._stored_mode: str | None = None
        self._last_t = self._written = self._tried = -math.inf
        self._start: float | None = None
        self._waiting: deque[_Write] = deque(maxlen=WAITING_MAX)
        self._failure: StoreError | None = None
        self._failing_since = math.nan
        self._dropped = False
        self.session: OpenSession | None = None

    def begin(self, t: float) -> None:
        """Begin the session at ``t`` (POSIX s), before its first step is known."""
        self._start = self._last_t = t
        self._keep(lambda _session: None, lasting=False)

    def write(self, _obs: Observation, step: Step) -> None:
        """Keep what this step adds."""
        if self._start is None:
            self._start = step.t
        self._last_t = step.t
        lasting = bool(step.events) and any(not isinstance(event, RunningMinute) for event in step.events)
        if lasting or step.t - self._written >= self._beat_s or (step.events and self._beat_s <= HEARTBEAT_S):
            self._written = step.t
            self._keep(lambda session: session.write(step.t, step.open, step.events), lasting=lasting)
        if self._stored_mode != (mode := self._mode()):
            self._keep(lambda session: session.mode(mode))
            self._stored_mode = mode

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown: ``desktop``, ``console`` or ``none``; and the tip that went with it."""
        self._keep(lambda session: session.shown(t, how, tip))

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        self._keep(lambda session: session.followed_up(t, tip))

    def marked_break(self, t: float) -> None:
        """Keep a break that the person marked at ``t`` (POSIX s)."""
        self._keep(lambda session: session.marked_break(t))

    def present(self, live: LiveState) -> None:
        """Keep the live state; one that cannot be kept is replaced by the next."""
        self._keep(lambda session: session.present(live), lasting=False)

    def close(self, events: Sequence[Event]) -> None:
        """Keep the last events and end the session, if anything was observed.  Raises StoreError if they cannot be kept."""
        if self._start is None:
            return
        self._tried = -math.inf
        self._keep(lambda session: session.write(self._last_t, None, events))
        self._keep(lambda session: session.end(self._last_t))
        if self._failure is not None:
            lost = f"what was seen in the last {duration(self._last_t - self._failing_since)} is not in it"
            raise type(self._failure)(f"{self._failure}; {lost}") from self._failure

    def _keep(self, write: _Write, *, lasting: bool = True) -> None:
        """Carry out the write after those that wait; where that fails, a ``lasting`` one waits too."""
        if lasting or self._failure is None or self._last_t - self._tried >= HEARTBEAT_S:
            self._dropped |= len(self._waiting) == WAITING_MAX
            self._waiting.append(write)
        if self._failure is None or self._last_t - self._tried >= HEARTBEAT_S:
            self._catch_up(drop_last=not lasting)

    def _catch_up(self, *, drop_last: bool) -> None:
        self._tried = self._last_t
        try:
            if isinstance(self._failure, StoreCorrupt):
                self._mend()
            self.session = self.session or self._open(self._last_t if self._start is None else self._start)
            while self._waiting:
                self._waiting[0](self.session)
                self._waiting.popleft()
        except StoreError as error:
            if drop_last:
                self._waiting.pop()  # a heartbeat; the next one holds the same
            self._fail(error)
        else:
            if self._failure is not None:
                meanwhile = "all but the oldest of what" if self._dropped else "what"
                self._failure, self._dropped = None, False
                self._say(f"The history is written again; {meanwhile} was seen meanwhile is in it.")

    def _fail(self, error: StoreError) -> None:
        if isinstance(error, StoreCorrupt):
            self.session, self._start, self._stored_mode = None, self._last_t, None
        if self._failure is None:
            self._failing_since = self._last_t
            self._say(f"{error}. The monitor goes on and tries again every {HEARTBEAT_S:g} s.")
        self._failure = error
