"""When a back may be read: over windows in which the trunk rests, several frames of it together.

Pictures, and frames of a time-lapse, stand alone: each is read by itself.  In a stream a single frame says too little: what
moves, and what the edge of one picture happens to be, would pass for a change of the back.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from monitor.core.back.lumbar import Lumbar, lordosis, lordosis_at_rest, measured, refused
from monitor.core.back.outline_pool import pooled, shows
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import BackOutline, outward_of, trunk_frame
from monitor.core.body.pose import Pose
from monitor.core.body.stillness import Stillness
from monitor.core.vocabulary import Reason, View

# science.md 1.4 [E]: the least that is read as one.
WINDOW_S, FEWEST = 2.0, 3
# The readings at both ends of a window differ by less (deg) in a back that rests: breath moves it by 1, one landmark by 3.
STEADY_DEG = 6.0
_TELLING = 2  # readings at either end: a single one may be a jump of the landmarks
_ROUNDING_S = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class BackSample:
    """One frame of a resting back: its outline, where that lies in the trunk's own frame (n,), what it shows by itself."""

    outline: BackOutline
    xy: Floats
    visibility: Floats
    outward: Floats
    single: Lumbar


def look_at(pose: Pose) -> BackSample | None:
    """What one pose adds to a window; None without an outline."""
    if pose.back is None:
        return None
    outward = outward_of(pose.back, trunk_frame(pose.xy))
    return BackSample(pose.back, pose.xy, pose.visibility, outward, measured(pose.back, pose.xy, pose.visibility))


def reading_of(pose: Pose) -> Lumbar:
    """What the back of this one pose shows."""
    return lordosis(pose.back, pose.xy, pose.visibility) if pose.back else refused(Reason.NO_OUTLINE)


def reading_of_all(looks: Sequence[BackSample]) -> Lumbar:
    """What the frames of one resting back show together."""
    if not looks:
        return refused(Reason.NO_OUTLINE)
    xy, visibility = (np.median([getattr(look, name) for look in looks], axis=0) for name in ("xy", "visibility"))
    frame = trunk_frame(xy)
    if frame is None:
        return refused(Reason.NO_TRUNK)
    outline = pooled([look.outline for look in looks], np.array([look.outward for look in looks]), frame)
    place = outward_of(outline, frame)
    singles = [sample.single for sample in looks if shows(sample.outward, place)]
    return refused(Reason.NOT_STILL) if _creeps(singles) else lordosis_at_rest(outline, xy, visibility, singles)


def _creeps(singles: Sequence[Lumbar]) -> bool:
    """Whether the curve itself moved while the trunk hardly leant: the first and the last third of the readings disagree."""
    read = [one.lordosis_deg for one in singles if one.why is None]
    third = len(read) // 3
    return third >= _TELLING and abs(median(read[:third]) - median(read[-third:])) > STEADY_DEG


class LumbarWindow:
    """Remembers the looks of the last seconds in which the trunk was still; ``alone`` where no frame belongs to the next."""

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone
        self._stillness = Stillness()
        self._looks: deque[tuple[float, BackSample]] = deque()
        self._last = refused(Reason.NO_OUTLINE)

    def update(self, t: float, pose: Pose | None, view: View | None, *, carried_forward: bool = False) -> Lumbar:
        """The reading at ``t`` (s), refused with the reason where there is none; a pose ``carried_forward`` keeps its reading."""
        if carried_forward:
            self._stillness.stays(t)
        else:
            self._last = self._read(t, pose, view)
        return self._last

    def _read(self, t: float, pose: Pose | None, view: View | None) -> Lumbar:
        if pose is None or view is not View.SIDE:
            self._stillness.update(t, None)
            self._looks.clear()
            return refused(Reason.SIDE_VIEW_NEEDED)
        if self._alone:
            return reading_of(pose)
        still_s = self._stillness.update(t, pose) + _ROUNDING_S
        if look := look_at(pose):
            self._looks.append((self._stillness.watched, look))
        while self._looks and self._looks[0][0] < self._stillness.since - _ROUNDING_S:
            self._looks.popleft()
        if still_s < WINDOW_S or 0 < len(self._looks) < FEWEST:
            return refused(Reason.NOT_STILL)
        return reading_of_all([look for _, look in self._looks])
