"""The live state of a running monitor, as other processes read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.posture.readings import Reading
from monitor.core.reminders.decisions import Decision
from monitor.core.reminders.kinds import ReminderClock, clock_of
from monitor.core.vocabulary import Activity, Hold

# The clocks that run in a state: their next reminder can be predicted.
_RUNNING_CLOCKS = {Activity.SITTING: {ReminderClock.SITTING}, Activity.STANDING: {ReminderClock.STANDING, ReminderClock.DAY}}
_NOT_DUE = frozenset({None, Hold.NOT_YET, Hold.SAID_BEFORE})


@dataclass(frozen=True, slots=True)
class Coming:
    """The reminder that is shown in ``seconds`` (0 or more) if the activity does not change."""

    kind: str
    seconds: float


@dataclass(frozen=True, slots=True)
class LiveState:
    """The state at ``t`` (POSIX s of the source), written at ``written`` (POSIX s of the wall clock).

    ``state`` began at ``since``; ``why`` is the reason if it is unknown, ``silent`` the reason why reminders are suppressed.
    ``posture`` is ok, off or unknown, ``off`` the signals out of tolerance, ``runs`` the seconds of each clock, ``decisions``
    what holds each reminder back.  ``engine`` is the pose model, ``notifier`` how reminders are shown.
    """

    t: float
    written: float
    state: Activity
    since: float
    why: str | None
    silent: str | None
    posture: str
    off: frozenset[str]
    runs: Mapping[str, float]
    readings: Mapping[str, Reading]
    decisions: tuple[Decision, ...] = ()
    engine: str | None = None
    notifier: str | None = None

    @property
    def state_s(self) -> float:
        """How long (s) the state has lasted: since the last break for sitting and standing, else since it began."""
        return self.runs.get(self.state) or self.t - self.since

    def age(self, now: float) -> float:
        """The age (s) at ``now`` (POSIX s of the wall clock), at least 0."""
        return max(now - self.written, 0.0)

    def next_reminder(self) -> Coming | None:
        """The next reminder if the activity does not change; None where there is none, or where it cannot be predicted."""
        clocks = _RUNNING_CLOCKS.get(self.state, set())
        waits = [(one.kind, self._wait(one)) for one in self.decisions if clock_of(one.kind) in clocks and not self.silent]
        ahead = [Coming(kind, wait) for kind, wait in waits if wait is not None]
        return min(ahead, key=lambda coming: coming.seconds, default=None)

    def _wait(self, one: Decision) -> float | None:
        """The time (s) until it is shown: until it is due, or until the hold on a due one is over."""
        if one.hold in _NOT_DUE:
            return one.of_s - one.seconds if one.seconds < one.of_s else None
        return None if one.until is None else max(one.until - self.t, 0.0)
