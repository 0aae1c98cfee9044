"""What was due while nobody was to be disturbed, and is told in one line afterwards."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.reminders.kinds import KINDS
from monitor.core.reminders.suppression import INTERRUPTIONS
from monitor.core.vocabulary import Activity, Reason

# What was held back longer ago is no news any more [E].
STALE_S = 3600.0
# Time in which another program had the camera, and from when on that is worth a word [E].
UNSEEN, MIN_REPORTED_S = "unseen", 60.0
_AT_THE_DESK = frozenset({Activity.SITTING, Activity.STANDING})


@dataclass(frozen=True, slots=True)
class DeferredNotice:
    """Offered at ``t`` (POSIX s), after a silence: ``why`` it was, and how long (s) what was ``durations`` back had gone on."""

    t: float
    why: str
    durations: Mapping[str, float]


@dataclass(slots=True)
class DeferredReminders:
    """Remembers it during the silence, and gives it once."""

    _why: str = ""
    _last_t: float = -math.inf
    _seconds: dict[str, float] = field(default_factory=dict)

    def keep(self, t: float, why: str, seconds: Mapping[str, float]) -> None:
        """Remember the latest of each clock."""
        # What was sat or stood is told afterwards; a posture of then is no news, a question can wait.
        spent = {kind: length for kind, length in seconds.items() if kind in KINDS and KINDS[kind].of_time}
        if why in INTERRUPTIONS and spent:
            self._why, self._last_t = why, t
            self._seconds.update(spent)

    def unseen(self, t: float, seconds: float) -> None:
        """Remember that another program had the camera for so long (s) up to ``t``: nobody knows what was done then."""
        if seconds:
            self._why, self._last_t = Reason.CALL, t
            self._seconds[UNSEEN] = self._seconds.get(UNSEEN, 0.0) + seconds

    def give(self, t: float, activity: Activity) -> DeferredNotice | None:
        """All of it, as soon as somebody is at the desk; nothing if it is stale by then."""
        if not self._seconds or activity not in _AT_THE_DESK:
            return None
        held, self._seconds = self._seconds, {}
        if held.get(UNSEEN, MIN_REPORTED_S) < MIN_REPORTED_S:
            del held[UNSEEN]
        return DeferredNotice(t, self._why, held) if held and t - self._last_t < STALE_S else None
