"""Where steps go: the history, the person, a trace.  Sinks observe; whether to speak was decided before.

The history's sink comes before the notifying one: what is due is stored even if a desktop then hangs, and only what is stored can
be marked as shown.
"""

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from monitor.core.activity import Activity
from monitor.core.bouts import Bout
from monitor.core.errors import NotifyError
from monitor.core.missed import Missed
from monitor.core.pipeline import Event, Step
from monitor.core.pose import Observation
from monitor.core.reminders import Reminder, Response
from monitor.core.rollup import Minute
from monitor.core.silence import Heard
from monitor.core.wording import Said
from monitor.ports import Notification, Notifier

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

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown: ``desktop``, ``console`` or ``none``; and the tip that went with it."""
        if self.session:
            self.session.shown(t, how, tip)

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        if self.session:
            self.session.followed_up(t, tip)

    def close(self, events: Sequence[Event]) -> None:
        """Keep the last events and end the session, if anything was observed."""
        if self.session:
            self.session.write(self._last_t, None, events)
            self.session.end(self._last_t)


class Voice(Protocol):
    """Finds the words."""

    def remind(self, reminder: Reminder) -> Said:
        """What to say to a reminder."""
        ...

    def follow(self, response: Response, activity: Activity) -> Said | None:
        """What to say once the person has changed to ``activity`` after a reminder, if anything."""
        ...

    def missed(self, missed: Missed) -> Said:
        """What to say of what a silence held back."""
        ...


class NotifySink:
    """Shows reminders in the words of ``voice`` and has ``kept`` remember them; ``how()`` names the way after each.

    What the person has answered by moving is withdrawn.  What goes with a change is no reminder: it is shown through ``quiet``,
    and not at all without one.  ``health`` is the last failure, None while there was none; a failure never stops the loop.
    """

    def __init__(self, notifier: Notifier, voice: Voice, kept: Memory, how: Callable[[], str], quiet: Notifier | None) -> None:
        self._notifier, self._voice, self._kept, self._how, self._quiet = notifier, voice, kept, how, quiet
        self.health: str | None = None

    def write(self, _obs: Observation, step: Step) -> None:
        """Show the reminders of this step, and what goes with a break that has just begun."""
        for event in step.events:
            if isinstance(event, Reminder):
                self._remind(event)
            elif isinstance(event, Missed):
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

    def _show(self, notifier: Notifier, said: Said, *, answers: bool = False) -> bool:
        try:
            notifier.notify(Notification(said.title, said.body, answers))
        except NotifyError as error:
            self.health = str(error)
            return False
        return True


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
