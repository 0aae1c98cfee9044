"""Reminders that were due while suppressed, summed up in one message afterwards."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.reminders.kinds import KINDS
from monitor.core.reminders.suppression import INTERRUPTIONS
from monitor.core.vocabulary import Activity, Reason

# A reminder deferred longer ago than this (s) is dropped [E].
STALE_S = 3600.0
# The key for time in which another program held the camera, and the shortest such time (s) that is reported [E].
UNSEEN, MIN_REPORTED_S = "unseen", 60.0
_AT_THE_DESK = frozenset({Activity.SITTING, Activity.STANDING})


@dataclass(frozen=True, slots=True)
class DeferredNotice:
    """The message at ``t`` (POSIX s) after a suppression: its reason ``why``, and the deferred ``durations`` (s) by kind."""

    t: float
    why: str
    durations: Mapping[str, float]


@dataclass(slots=True)
class DeferredReminders:
    """Collects deferred reminders during a suppression, and returns them once."""

    _why: str = ""
    _last_t: float = -math.inf
    _seconds: dict[str, float] = field(default_factory=dict)

    def keep(self, t: float, why: str, seconds: Mapping[str, float]) -> None:
        """Keep the latest reminder of each clock."""
        # Sitting and standing times are reported afterwards; a past posture is not, and a question can wait.
        spent = {kind: length for kind, length in seconds.items() if kind in KINDS and KINDS[kind].of_time}
        if why in INTERRUPTIONS and spent:
            self._why, self._last_t = why, t
            self._seconds.update(spent)

    def unseen(self, t: float, seconds: float) -> None:
        """Note that another program held the camera for so long (s) up to ``t``: the activity of that time is unknown."""
        if seconds:
            self._why, self._last_t = Reason.CALL, t
            self._seconds[UNSEEN] = self._seconds.get(UNSEEN, 0.0) + seconds

    def give(self, t: float, activity: Activity) -> DeferredNotice | None:
        """All of it once the person is at the desk; None if it is stale by then."""
        if not self._seconds or activity not in _AT_THE_DESK:
            return None
        durations, self._seconds = self._seconds, {}
        if durations.get(UNSEEN, MIN_REPORTED_S) < MIN_REPORTED_S:
            del durations[UNSEEN]
        return DeferredNotice(t, self._why, durations) if durations and t - self._last_t < STALE_S else None
