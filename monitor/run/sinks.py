"""Where steps go: the history, the person, a trace.  Sinks observe; whether to speak was decided before.

The history's sink comes before the notifying one: what is due is stored even if a desktop then hangs, and only what is stored can
be marked as shown.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

from monitor.core.body.pose import Observation
from monitor.core.errors import NotifyError, StoreCorrupt, StoreError
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Event, Step
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.scheduler import Reminder, Response
from monitor.core.reminders.suppression import RunInput
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import RunningMinute
from monitor.core.vocabulary import Activity
from monitor.ports import Notification, Notifier
from monitor.texts.reminders import Message, duration

# A process that is killed loses at most this much of its session.
HEARTBEAT_S = 10.0


class Memory(Protocol):
    """Remembers what was said."""

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown, and the tip that went with it."""
        ...

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        ...


class OpenSession(Memory, Protocol):
    """A session that is being written to a history; each verb may raise StoreError."""

    @property
    def id(self) -> int:
        """Its number in the history."""
        ...

    def write(self, t: float, running: Bout | None, events: Sequence[Event]) -> None:
        """Keep the events, the running bout, and that the session was alive at ``t`` (POSIX s)."""
        ...

    def mode(self, text: str | None) -> None:
        """Note how the source is being watched now."""
        ...

    def present(self, live: LiveState) -> None:
        """Keep the live state in the place of the one before."""
        ...

    def end(self, t: float) -> None:
        """End it at ``t`` (POSIX s)."""
        ...


# What waits for a disk that is full: some three days of minutes, bouts and reminders, 20 MB; the oldest go first.
WAITING_MAX = 6000
DAY_S = 86400.0

_Order: TypeAlias = Callable[[OpenSession], None]


class StoreSink:
    """Stores events at once, the running bout every ten seconds, and the source's ``mode()`` when it changes.

    ``begin(t)`` opens the session at the first observation, and another one after a StoreCorrupt, once ``mend()`` has seen to the
    file.  A StoreError stops nothing: it is said once, what happens meanwhile waits and is stored as soon as that is possible.
    Raises it at the end, if it lasts until then.
    """

    def __init__(
        self,
        begin: Callable[[float], OpenSession],
        mode: Callable[[], str | None] = lambda: None,
        say: Callable[[str], None] = lambda _text: None,
        mend: Callable[[], None] = lambda: None,
    ) -> None:
        self._begin, self._mode, self._say, self._mend = begin, mode, say, mend
        self._told_mode: str | None = None
        self._last_t = self._written = self._tried = -math.inf
        self._start: float | None = None
        self._waiting: deque[_Order] = deque(maxlen=WAITING_MAX)
        self._trouble: StoreError | None = None
        self._trouble_since = math.nan
        self._dropped = False
        self.session: OpenSession | None = None

    def write(self, _obs: Observation, step: Step) -> None:
        """Keep what this step adds."""
        if self._start is None:
            self._start = step.t
        self._last_t = step.t
        if step.events or step.t - self._written >= HEARTBEAT_S:
            self._written = step.t
            lasting = any(not isinstance(event, RunningMinute) for event in step.events)
            self._keep(lambda session: session.write(step.t, step.open, step.events), lasting=lasting)
        if self._told_mode != (mode := self._mode()):
            self._keep(lambda session: session.mode(mode))
            self._told_mode = mode

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown: ``desktop``, ``console`` or ``none``; and the tip that went with it."""
        self._keep(lambda session: session.shown(t, how, tip))

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        self._keep(lambda session: session.followed_up(t, tip))

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
        if self._trouble is not None:
            lost = f"what was seen in the last {duration(self._last_t - self._trouble_since)} is not in it"
            raise type(self._trouble)(f"{self._trouble}; {lost}") from self._trouble

    def _keep(self, order: _Order, *, lasting: bool = True) -> None:
        """Carry it out, after what waits; where that fails, one that is ``lasting`` waits too."""
        if lasting or self._trouble is None or self._last_t - self._tried >= HEARTBEAT_S:
            self._dropped |= len(self._waiting) == WAITING_MAX
            self._waiting.append(order)
        if self._trouble is None or self._last_t - self._tried >= HEARTBEAT_S:
            self._catch_up(drop_last=not lasting)

    def _catch_up(self, *, drop_last: bool) -> None:
        self._tried = self._last_t
        try:
            if isinstance(self._trouble, StoreCorrupt):
                self._mend()
            self.session = self.session or self._begin(self._last_t if self._start is None else self._start)
            while self._waiting:
                self._waiting[0](self.session)
                self._waiting.popleft()
        except StoreError as error:
            if drop_last:
                self._waiting.pop()  # a sign of life; the next one says the same
            self._stumble(error)
        else:
            if self._trouble is not None:
                meanwhile = "all but the oldest of what" if self._dropped else "what"
                self._trouble, self._dropped = None, False
                self._say(f"The history is written again; {meanwhile} was seen meanwhile is in it.")

    def _stumble(self, error: StoreError) -> None:
        if isinstance(error, StoreCorrupt):
            self.session, self._start, self._told_mode = None, self._last_t, None
        if self._trouble is None:
            self._trouble_since = self._last_t
            self._say(f"{error}. The monitor goes on and tries again every {HEARTBEAT_S:g} s.")
        self._trouble = error


class ForgetSink:
    """Has the history forget what is older than ``keep_s``, from the first step on and then once a day.

    ``forget(before)`` says whether all is gone; the rest goes with the next steps, after a StoreError with those of the next day.
    At first, time counts from ``last`` (POSIX s, the end of a session) if that is before now: no wrong clock empties a history.
    """

    def __init__(self, forget: Callable[[float], bool], keep_s: float, last: float | None) -> None:
        self._forget, self._keep_s, self._latest = forget, keep_s, last if last is not None else math.inf
        self._due, self._before = -math.inf, math.nan

    def write(self, _obs: Observation, step: Step) -> None:
        """Forget a little, if it is time to."""
        if step.t >= self._due:
            self._due = step.t + DAY_S
            self._before, self._latest = min(step.t, self._latest) - self._keep_s, math.inf
        before, self._before = self._before, math.nan
        with suppress(StoreError):
            self._before = before if before == before and not self._forget(before) else math.nan  # noqa: PLR0124  # not NaN

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing is left to do."""


class MessageWriter(Protocol):
    """Finds the words."""

    def remind(self, reminder: Reminder) -> Message:
        """What to say to a reminder."""
        ...

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """What to say once the person has changed to ``activity`` after a reminder, if anything."""
        ...

    def missed(self, missed: DeferredNotice) -> Message:
        """What to say of what a silence held back."""
        ...


class NotifySink:
    """Shows reminders in the words of ``voice`` and has ``kept`` remember them; ``how()`` names the way after each.

    What the person has answered by moving is withdrawn.  What goes with a change is no reminder: it is shown through ``quiet``,
    and not at all without one.  ``health`` is the last failure, None while there was none; a failure never stops the loop.
    """

    def __init__(
        self, notifier: Notifier, voice: MessageWriter, kept: Memory, how: Callable[[], str], quiet: Notifier | None
    ) -> None:
        self._notifier, self._voice, self._kept, self._how, self._quiet = notifier, voice, kept, how, quiet
        self.health: str | None = None

    def write(self, _obs: Observation, step: Step) -> None:
        """Show the reminders of this step, and what goes with a break that has just begun."""
        for event in step.events:
            if isinstance(event, Reminder):
                self._remind(event)
            elif isinstance(event, DeferredNotice):
                self._show(self._notifier, self._voice.missed(event))
            elif isinstance(event, Response):
                self._answered(event, step.state)

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing is left to show, nor to answer."""
        self._notifier.withdraw()

    def _remind(self, reminder: Reminder) -> None:
        said = self._voice.remind(reminder)
        if self._show(self._notifier, said, answers=True):
            self._kept.shown(reminder.t, self._how(), said.tip)
        else:
            self._kept.shown(reminder.t, "none")

    def _answered(self, response: Response, activity: Activity) -> None:
        if response.after_s is not None:
            self._notifier.withdraw()
        said = self._voice.follow(response, activity) if self._quiet else None
        if said is not None and self._quiet and self._show(self._quiet, said) and said.tip is not None:
            self._kept.followed_up(response.t, said.tip)

    def _show(self, notifier: Notifier, said: Message, *, answers: bool = False) -> bool:
        try:
            notifier.notify(Notification(said.title, said.body, answers))
        except NotifyError as error:
            self.health = str(error)
            return False
        return True


class Recorder(Protocol):
    """Writes observations and what was heard between them down; both verbs may raise StoreError."""

    def write(self, seen: Observation | RunInput) -> None:
        """Append one."""
        ...

    def close(self) -> None:
        """Finish."""
        ...


class TraceSink:
    """Hands every observation to a recorder, after what was heard before it.

    A recorder that fails is told once and left, and its StoreError raised at the end.
    """

    def __init__(self, recorder: Recorder, say: Callable[[str], None] = lambda _text: None) -> None:
        self._recorder, self._say = recorder, say
        self._trouble: StoreError | None = None

    def write(self, obs: Observation, step: Step) -> None:
        """Write it down."""
        if self._trouble is None:
            try:
                for seen in (*step.heard, obs):
                    self._recorder.write(seen)
            except StoreError as error:
                self._trouble = error
                self._say(f"{error}. The trace ends here; the monitor goes on.")

    def close(self, _events: Sequence[Event]) -> None:
        """Finish the trace.  Raises StoreError if it is not whole."""
        if self._trouble is None:
            self._recorder.close()
            return
        with suppress(StoreError):
            self._recorder.close()
        raise self._trouble
