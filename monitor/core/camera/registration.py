"""Whether the camera stands where it stood at the calibration, and whether the desk was raised together with it.

This is decided from the background, not from the person: slouching leaves the background in place, a moved camera shifts all of
it.  A camera on a desk that is raised sees the room sink while the person, who stands up as well, keeps the same place in the
picture; a camera that was only tilted sees both sink.  A single comparison is unreliable (a curtain, a hand in front of the
lens), so three must agree.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.pose import Registration
from monitor.core.vocabulary import CameraPlacement


@dataclass(frozen=True, slots=True, eq=False)
class BackgroundFeatures:
    """The stored background: positions of corners (n, 2; picture heights) and a binary descriptor of each (n, 32; uint8).

    Enough to match them again, too little to reconstruct a picture.
    """

    points: NDArray[np.float32]
    codes: NDArray[np.uint8]


# Half of the least tolerance of head height (0.12 shoulder widths of half a picture); 5 % is 3 cm at 60 cm; 2 deg are a third
# of the tolerance of shoulder and head tilt.
SAME_WITHIN, SAME_SCALE, SAME_ROLL_DEG = 0.03, 0.05, 2.0
# A desk rises by 30 cm or more: a tenth of the picture at 3 m with a usual lens.  It does not move sideways.
RAISED_FROM, SIDEWAYS_SHARE = 0.05, 0.3
# Chance agreement of a similarity among wrong matches stays below six; a scene needs some corners to be recognised [E].
ENOUGH_AGREEING, ENOUGH_SHARE, ENOUGH_FEATURES = 8, 0.08, 30
CONFIRMED_BY = 3
# Seconds between two comparisons: usually, and while a change is being confirmed.
COMPARE_S, CONFIRM_S = 60.0, 5.0


class CameraPlacementMonitor:
    """Derives the placement from the comparisons in observations; ``level`` is the calibrated head height, NaN if unknown."""

    def __init__(self, level: float = math.nan) -> None:
        self._level = level
        self._candidate, self._count = CameraPlacement.SAME, 0
        self.place = CameraPlacement.SAME
        self.since: float | None = None

    def update(self, t: float, shift: Registration | None, head_height: float) -> CameraPlacement:
        """The placement at ``t`` (s); ``head_height`` (picture heights) is this observation's, NaN if it was not measured."""
        found = self._placement_of(shift, head_height) if shift is not None else None
        if found is None:
            return self.place
        self._count = self._count + 1 if found is self._candidate else 1
        self._candidate = found
        if self._count >= CONFIRMED_BY and found is not self.place:
            self.place, self.since = found, None if found is CameraPlacement.SAME else t
        return self.place

    def _placement_of(self, shift: Registration, head_height: float) -> CameraPlacement | None:
        if shift.features < ENOUGH_FEATURES:
            return None
        if not recognised(shift):
            return CameraPlacement.MOVED
        if unmoved(shift):
            return CameraPlacement.SAME
        if not _sank(shift):
            return CameraPlacement.MOVED
        stayed = abs(head_height - self._level) < shift.dy / 2  # NaN: no person to compare with
        return None if math.isnan(head_height + self._level) else CameraPlacement.RAISED if stayed else CameraPlacement.MOVED


class Comparisons:
    """When to compare the background again."""

    def __init__(self) -> None:
        self._at, self._strange = -math.inf, 0

    def due(self, t: float) -> bool:
        """Whether to compare at ``t`` (s)."""
        return t - self._at >= (CONFIRM_S if 0 < self._strange < CONFIRMED_BY else COMPARE_S)

    def learn(self, t: float, shift: Registration | None) -> None:
        """Take in the result of the comparison."""
        strange = shift is not None and not (recognised(shift) and unmoved(shift))
        self._at, self._strange = t, self._strange + 1 if strange else 0


def recognised(shift: Registration) -> bool:
    """Whether enough of the background was matched."""
    return shift.agreeing >= max(ENOUGH_AGREEING, ENOUGH_SHARE * shift.features)


def unmoved(shift: Registration) -> bool:
    """Whether the matched background has not moved."""
    near = math.hypot(shift.dx, shift.dy) <= SAME_WITHIN
    return near and abs(shift.scale - 1) <= SAME_SCALE and abs(shift.roll_deg) <= SAME_ROLL_DEG


def _sank(shift: Registration) -> bool:
    level = abs(shift.scale - 1) <= SAME_SCALE and abs(shift.roll_deg) <= SAME_ROLL_DEG
    return level and shift.dy >= RAISED_FROM and abs(shift.dx) <= SIDEWAYS_SHARE * shift.dy
