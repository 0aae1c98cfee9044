"""The rotated square around a body, and the transforms between it and the picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.litert.detector import overlap

# The square reaches this much farther than the point that spans it.
_MARGIN = 1.25
# Squares with a larger intersection over union belong to the same person.
_SAME_ABOVE = 0.5

_Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Region:
    """A square around (``x``, ``y``) of ``side`` (picture pixels), turned clockwise by ``angle`` (radians, above -pi to pi)."""

    x: float
    y: float
    side: float
    angle: float

    def to_picture(self, size: float = 1.0) -> _Floats:
        """The matrix (2, 3) from the square, ``size`` on a side, to pixels of the picture."""
        scale = self.side / size
        a, b = scale * math.cos(self.angle), scale * math.sin(self.angle)
        half = size / 2
        return np.array([[a, -b, self.x - half * (a - b)], [b, a, self.y - half * (a + b)]])

    def from_picture(self, size: float = 1.0) -> _Floats:
        """The matrix (2, 3) from pixels of the picture to the square, ``size`` on a side; the inverse of ``to_picture``."""
        scale = size / self.side
        a, b = scale * math.cos(self.angle), scale * math.sin(self.angle)
        half = size / 2
        return np.array([[a, b, half - a * self.x - b * self.y], [-b, a, half + b * self.x - a * self.y]])

    def project(self, points: _Floats) -> _Floats:
        """Points (..., 2) of the square, 1 on a side, in pixels of the picture."""
        matrix = self.to_picture()
        return points @ matrix[:, :2].T + matrix[:, 2]

    def box(self) -> _Floats:
        """Left, top, right and bottom of the square were it not turned, (4,) pixels."""
        half = self.side / 2
        return np.array([self.x - half, self.y - half, self.x + half, self.y + half])


def letterbox(width: int, height: int) -> Region:
    """The upright square around the whole picture."""
    return Region(width / 2, height / 2, float(max(width, height)), 0.0)


def spanned(middle: _Floats, reach: _Floats) -> Region | None:
    """The square around ``middle`` (2,) that contains the distance to ``reach`` (2,), rotated so that ``reach`` is up.

    Pixels of the picture.  None where the two coincide.
    """
    x, y = reach - middle
    side = 2 * _MARGIN * math.hypot(x, y)
    turn = math.pi / 2 - math.atan2(-y, x)
    angle = turn - 2 * math.pi * math.floor((turn + math.pi) / (2 * math.pi))
    return Region(float(middle[0]), float(middle[1]), side, angle) if side > 0 else None


def first_apart(regions: Sequence[Region]) -> Region:
    """The first one left after each has removed earlier ones of the same person, as MediaPipe associates regions in a stream."""
    kept: list[Region] = []
    for region in regions:
        kept = [other for other in kept if overlap(other.box()[None], region.box())[0] <= _SAME_ABOVE]
        kept.append(region)
    return kept[0]
