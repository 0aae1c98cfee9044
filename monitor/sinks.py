"""Where steps go: the history, the person, a trace.  Sinks observe; whether to speak was decided before.

The history's sink comes before the notifying one: what is due is stored even if a desktop then hangs, and only what is stored can
be marked as shown.
"""

import math
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Protocol

from monitor.core.bouts import Bout
from monitor.core.errors import NotifyError
from monitor.core.missed import Missed
from monitor.core.pipeline import Event, Step
from monitor.core.pose import Observation
from monitor.core.reminders import Reminder, Response
from monitor.core.rollup import Minute
from monitor.core.silence import Heard
from monitor.core.wording import missed_text, text_of
from monitor.ports import Notification, Notifier

# A process that is killed loses at most this much of its session.
HEARTBEAT_S = 10.0


class OpenSession(Protocol):
    """A session that is being written to a history; each verb may raise StoreError."""

    @property
    def id(self) -> int:
        """Its number in the history."""
        ...

    def write(self, t: float, running: Bout | None, events: Sequence[Event]) -> None:
        """Keep the events, the running bout, and that the session was alive at ``t`` (POSIX s)."""
        ...

    def shown(self, t: float, how: str) -> None:
        """Note how the reminder of ``t`` was shown."""
        ...

    def mode(self, text: str | None) -> None:
        """Note how the source is being watched now."""
        ...

    def end(self, t: float) -> None:
        """End it at ``t`` (POSIX s)."""
        ...


class StoreSink:
    """Stores events at once, and the running bout, ``minute()`` and the source's ``mode()`` every ten seconds.

    ``begin(t)`` opens the session at the first observation.  A StoreError ends the run; what was stored stays.
    """

    def __init__(
        self,
        begin: Callable[[float], OpenSession],
        minute: Callable[[], Minute | None] = lambda: None,
        mode: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._begin, self._minute, self._mode = begin, minute, mode
        self._told_mode: str | None = None
        self._last_t = self._written = -math.inf
        self.session: OpenSession | None = None

    def write(self, _obs: Observation, step: Step) -> None:
        """Keep what this step adds."""
        if self.session is None:
            self.session = self._begin(step.t)
        self._last_t = step.t
        if step.events or step.t - self._written >= HEARTBEAT_S:
            minute = self._minute()
            self.session.write(step.t, step.open, (*step.events, minute) if minute else step.events)
            self._written = step.t
        if self._told_mode != (mode := self._mode()):
            self.session.mode(mode)
            self._told_mode = mode

    def shown(self, t: float, how: str) -> None:
        """Note how the reminder of ``t`` was shown: ``desktop``, ``console`` or ``none``."""
        if self.session:
            self.session.shown(t, how)

    def close(self, events: Sequence[Event]) -> None:
        """Keep the last events and end the session, if anything was observed."""
        if self.session:
            self.session.write(self._last_t, None, events)
            self.session.end(self._last_t)


class NotifySink:
    """Shows reminders and tells ``shown(t, how)``; ``how()`` names the way after each (``desktop``, ``console`` or ``none``).

    What was held back in a silence is shown as one; what the person has answered by moving is withdrawn.

    ``health`` is the last failure, None while there was none; a failure never stops the loop.
    """

    def __init__(self, notifier: Notifier, tz: tzinfo, shown: Callable[[float, str], None], how: Callable[[], str]) -> None:
        self._notifier, self._tz, self._shown, self._how = notifier, tz, shown, how
        self.health: str | None = None

    def write(self, _obs: Observation, step: Step) -> None:
        """Show the reminders of this step."""
        for event in step.events:
            if isinstance(event, Reminder):
                self._shown(event.t, self._show(Notification(*text_of(event, self._tz), answers=True)))
            elif isinstance(event, Missed):
                self._show(Notification(*missed_text(event)))
            elif isinstance(event, Response) and event.after_s is not None:
                self._notifier.withdraw()

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing is left to show, nor to answer."""
        self._notifier.withdraw()

    def _show(self, notification: Notification) -> str:
        try:
            self._notifier.notify(notification)
        except NotifyError as error:
            self.health = str(error)
            return "none"
        return self._how()


class Recorder(Protocol):
    """Writes observations and what was heard between them down; both verbs may raise StoreError."""

    def write(self, seen: Observation | Heard) -> None:
        """Append one."""
        ...

    def close(self) -> None:
        """Finish."""
        ...


class TraceSink:
    """Hands every observation to a recorder, after what was heard before it."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def write(self, obs: Observation, step: Step) -> None:
        """Write it down."""
        for seen in (*step.heard, obs):
            self._recorder.write(seen)

    def close(self, _events: Sequence[Event]) -> None:
        """Finish the trace."""
        self._recorder.close()
