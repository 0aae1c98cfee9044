"""Keeps the pose engine on one person: where it leaps to somebody else, it looks again, at the user's own place only."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.identity import Acquaintance
from monitor.core.plausibility import body_size
from monitor.core.pose import Observation, Pose
from monitor.ports import Frame, PoseEngine

# Around head and trunk: room to lean and to rise a little, in body sizes.
MARGIN = 0.6
# A tracker that finds nobody where it looked searches the whole picture only next time.
LOOKS = 2


class OnePerson:
    """A PoseEngine that never hands a passer-by out as the user."""

    def __init__(self, engine: PoseEngine) -> None:
        self._engine = engine
        self._known = Acquaintance()

    def detect(self, frame: Frame) -> Observation:
        """What is seen of the user at ``frame.t``; nobody if only somebody else is there.  Raises EngineError."""
        seen = self._engine.detect(frame)
        if self._known.recognises(seen) or self._known.last is None or self._known.last.pose is None:
            return seen
        alone = Frame(frame.t, _only(frame.rgb, self._known.last.pose))
        for _ in range(LOOKS):
            again = self._engine.detect(alone)
            if again.pose is not None:
                break
        if again.pose is not None and self._known.recognises(again):
            return again
        if again.nobody:
            self._known.left()
        return Observation(frame.t, None, again.why or "somebody else")

    def stays(self, t: float) -> None:
        """Nothing has changed up to ``t`` (s)."""
        self._known.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()


def _only(rgb: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """The picture with everything but the surroundings of that pose in its mean colour."""
    height, width = rgb.shape[:2]
    margin = MARGIN * body_size(pose)
    points = pose.xy[pose.in_frame()]
    if not len(points):
        return rgb
    (x0, y0), (x1, y1) = points.min(axis=0) - margin, points.max(axis=0) + margin
    rows = slice(max(0, round(y0 * height)), min(height, round(y1 * height)))
    columns = slice(max(0, round(x0 * height)), min(width, round(x1 * height)))
    alone = np.empty_like(rgb)
    alone[:] = rgb[::16, ::16].mean((0, 1)).astype(np.uint8)
    alone[rows, columns] = rgb[rows, columns]
    return alone
