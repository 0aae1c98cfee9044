"""How long the trunk has been still: a back is read only while it rests, several frames of it together.

Both the engine (which spares itself the outline of a moving back) and the lumbar window ask, each with a memory of its own.
"""

import math
from collections import deque
from statistics import median

from monitor.core.body.geometry import midpoint, tilt_from_vertical
from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose

# A trunk that is still leans within this (deg) of its middle: breath and the model's jitter move it by 0.5, now and then 1.5.
STILL_DEG = 2.0
# The last seconds that are remembered: a slump creeps on behind a trunk that hardly leans.
LONGEST_S = 4.0


class Stillness:
    """Remembers the trunk's lean of the last seconds, as long as it does not change."""

    def __init__(self) -> None:
        self._leans: deque[tuple[float, float]] = deque()
        self._last_t: float | None = None
        self._left_out_s = 0.0

    @property
    def watched(self) -> float:
        """The time of the last update (s), without what ``stays`` left out."""
        return (self._last_t or 0.0) - self._left_out_s

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s): nobody looked, so it counts neither as rest nor as movement."""
        self._left_out_s += t - self._last_t if self._last_t is not None else 0.0
        self._last_t = t

    def update(self, t: float, pose: Pose | None) -> float:
        """For how long (s, at most ``LONGEST_S``) the trunk has been still at ``t`` (s); 0 without a trunk."""
        self._last_t = t
        lean, now = lean_of(pose) if pose else math.nan, self.watched
        if math.isnan(lean):
            self._leans.clear()
            return 0.0
        self._leans.append((now, lean))
        while now - self._leans[0][0] > LONGEST_S or self._off() >= STILL_DEG:
            self._leans.popleft()
        return now - self._leans[0][0]

    def _off(self) -> float:
        """How far (deg) a lean lies off the middle of all."""
        leans = [lean for _, lean in self._leans]
        middle = median(leans)
        return max(middle - min(leans), max(leans) - middle)


def lean_of(pose: Pose) -> float:
    """The trunk's lean in the picture (deg), between the middles of the hips and of the shoulders; NaN where they coincide."""
    hips, shoulders = (midpoint(pose.xy[a], pose.xy[a + 1]) for a in (L.LEFT_HIP, L.LEFT_SHOULDER))
    return float(tilt_from_vertical(hips, shoulders))
