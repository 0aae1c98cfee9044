"""What was due while nobody was to be disturbed, and is told in one line afterwards."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.core.activity import Activity
from monitor.core.silence import INTERRUPTIONS

# What was held back longer ago is no news any more [E].
STALE_S = 3600.0
_AT_THE_DESK = frozenset({Activity.SITTING, Activity.STANDING})


@dataclass(frozen=True, slots=True)
class Missed:
    """Offered at ``t`` (POSIX s), after a silence: ``why`` it was, and how long (s) what was ``held`` back had gone on."""

    t: float
    why: str
    held: Mapping[str, float]


@dataclass(slots=True)
class HeldBack:
    """Remembers it during the silence, and gives it once."""

    _why: str = ""
    _last_t: float = -math.inf
    _seconds: dict[str, float] = field(default_factory=dict)

    def keep(self, t: float, why: str, seconds: Mapping[str, float]) -> None:
        """Remember the latest of each kind."""
        if why in INTERRUPTIONS and seconds:
            self._why, self._last_t = why, t
            self._seconds.update(seconds)

    def give(self, t: float, activity: Activity) -> Missed | None:
        """All of it, as soon as somebody is at the desk; nothing if it is stale by then."""
        if not self._seconds or activity not in _AT_THE_DESK:
            return None
        held, self._seconds = self._seconds, {}
        return Missed(t, self._why, held) if t - self._last_t < STALE_S else None
