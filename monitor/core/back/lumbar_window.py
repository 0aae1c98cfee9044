"""When the lumbar angle is read: over windows in which the trunk is still, from several frames together.

Single pictures and frames of a time-lapse are read one by one.  In a stream a single frame is too noisy: movement, and the
accidental edge of one frame, would sample like a change of the back.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from monitor.core.back.lumbar import Lumbar, lordosis, measured, pooled_lordosis, refused
from monitor.core.back.outline_pool import pooled, shows
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import BackOutline, outward_of, trunk_frame
from monitor.core.body.pose import Pose
from monitor.core.body.stillness import Stillness
from monitor.core.vocabulary import Reason, View

# science.md 1.4 [E]: the shortest window.
WINDOW_S, FEWEST = 2.0, 3
# The readings at both ends of a window differ by less (deg) while the back is still: breathing moves it by 1, a landmark by 3.
STEADY_DEG = 5.0
_FEWEST_AT_AN_END = 2  # readings at each end: a single one may be a landmark jump
_ROUNDING_S = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class BackSample:
    """One frame of a still back: its outline, the outline in the trunk's frame (n,), its own reading."""

    outline: BackOutline
    xy: Floats
    visibility: Floats
    outward: Floats
    single: Lumbar


def sample_of(pose: Pose) -> BackSample | None:
    """The sample that one pose adds to a window; None without an outline."""
    if pose.back is None:
        return None
    outward = outward_of(pose.back, trunk_frame(pose.xy))
    return BackSample(pose.back, pose.xy, pose.visibility, outward, measured(pose.back, pose.xy, pose.visibility))


def reading_of(pose: Pose) -> Lumbar:
    """The lumbar reading of this one pose."""
    return lordosis(pose.back, pose.xy, pose.visibility) if pose.back else refused(Reason.NO_OUTLINE)


def pooled_reading(samples: Sequence[BackSample]) -> Lumbar:
    """The lumbar reading of the frames of one still back together."""
    if not samples:
        return refused(Reason.NO_OUTLINE)
    xy, visibility = (np.median([getattr(sample, name) for sample in samples], axis=0) for name in ("xy", "visibility"))
    frame = trunk_frame(xy)
    if frame is None:
        return refused(Reason.NO_TRUNK)
    outline = pooled([sample.outline for sample in samples], np.array([sample.outward for sample in samples]), frame)
    place = outward_of(outline, frame)
    singles = [sample.single for sample in samples if shows(sample.outward, place)]
    return refused(Reason.NOT_STILL) if _curve_moves(singles) else pooled_lordosis(outline, xy, visibility, singles)


def _curve_moves(singles: Sequence[Lumbar]) -> bool:
    """Whether the curve changed while the trunk's lean did not: the first and the last third of the readings disagree."""
    read = [one.lordosis_deg for one in singles if one.why is None]
    third = len(read) // 3
    return third >= _FEWEST_AT_AN_END and abs(median(read[:third]) - median(read[-third:])) > STEADY_DEG


class LumbarWindow:
    """Collects the samples of the last seconds in which the trunk was still; ``alone``: every frame is read by itself."""

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone
        self._stillness = Stillness()
        self._samples: deque[tuple[float, BackSample]] = deque()
        self._last = refused(Reason.NO_OUTLINE)

    def update(self, t: float, pose: Pose | None, view: View | None, *, carried_forward: bool = False) -> Lumbar:
        """The reading at ``t`` (s), NaN with a reason where there is none; a pose ``carried_forward`` keeps its reading."""
        if carried_forward:
            self._stillness.stays(t)
        else:
            self._last = self._read(t, pose, view)
        return self._last

    def _read(self, t: float, pose: Pose | None, view: View | None) -> Lumbar:
        if pose is None or view is not View.SIDE:
            self._stillness.update(t, None)
            self._samples.clear()
            return refused(Reason.SIDE_VIEW_NEEDED)
        if self._alone:
            return reading_of(pose)
        still_s = self._stillness.update(t, pose) + _ROUNDING_S
        if sample := sample_of(pose):
            self._samples.append((self._stillness.watched, sample))
        while self._samples and self._samples[0][0] < self._stillness.since - _ROUNDING_S:
            self._samples.popleft()
        if still_s < WINDOW_S or 0 < len(self._samples) < FEWEST:
            return refused(Reason.NOT_STILL)
        return pooled_reading([sample for _, sample in self._samples])
