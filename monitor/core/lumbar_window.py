"""When a back may be read: over windows in which the trunk rests, several frames of it together.

Pictures, and frames of a time-lapse, stand alone: each is read by itself.  In a stream a single frame says too little: what
moves, and what the edge of one picture happens to be, would pass for a change of the back.
"""

from collections import deque

from monitor.core.lumbar import Lumbar, average, lordosis, refused
from monitor.core.pose import Pose
from monitor.core.stillness import Stillness
from monitor.core.view import View

# science.md 1.4 [E]: the least that is read as one.
WINDOW_S, FEWEST = 2.0, 3
NOT_STILL = "not still"
NO_OUTLINE = "back not outlined"
_ROUNDING_S = 1e-3


def reading_of(pose: Pose) -> Lumbar:
    """What the back of this one pose shows."""
    return lordosis(pose.back, pose.xy, pose.visibility) if pose.back else refused(NO_OUTLINE)


class LumbarWindow:
    """Remembers the readings of the last seconds in which the trunk was still; ``alone`` where no frame belongs to the next."""

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone
        self._stillness = Stillness()
        self._readings: deque[tuple[float, Lumbar]] = deque()
        self._last = refused(NO_OUTLINE)

    def update(self, t: float, pose: Pose | None, view: View | None, *, held: bool = False) -> Lumbar:
        """The reading at ``t`` (s), refused with the reason where there is none; while a pose is ``held`` its reading stands."""
        if held:
            self._stillness.stays(t)
        else:
            self._last = self._read(t, pose, view)
        return self._last

    def _read(self, t: float, pose: Pose | None, view: View | None) -> Lumbar:
        if pose is None or view is not View.SIDE:
            self._stillness.update(t, None)
            self._readings.clear()
            return refused("side view needed")
        if self._alone:
            return reading_of(pose)
        still_s = self._stillness.update(t, pose) + _ROUNDING_S
        if pose.back:
            self._readings.append((self._stillness.watched, reading_of(pose)))
        while self._readings and self._readings[0][0] < self._stillness.watched - still_s:
            self._readings.popleft()
        if still_s < WINDOW_S or 0 < len(self._readings) < FEWEST:
            return refused(NOT_STILL)
        return average([reading for _, reading in self._readings]) if self._readings else refused(NO_OUTLINE)
