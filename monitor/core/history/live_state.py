"""What a running monitor sees and says just now, as other processes read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.posture.readings import Reading
from monitor.core.vocabulary import Activity


@dataclass(frozen=True, slots=True)
class LiveState:
    """The state at ``t`` (POSIX s of what is watched), written at ``written`` (POSIX s of the wall clock).

    ``state`` holds since ``since``; ``why`` says why it is unknown, ``silent`` why reminders are.  ``posture`` is ok, off or
    unknown, ``off`` the signals out of tolerance, ``runs`` the seconds of each clock.  ``engine`` is the pose model, ``notifier``
    how reminders are shown.
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
    engine: str | None = None
    notifier: str | None = None

    def age(self, now: float) -> float:
        """How old (s) it is at ``now`` (POSIX s of the wall clock), never less than nothing."""
        return max(now - self.written, 0.0)
