"""The rotated square around a body, and the transforms between it and the picture, step by step in MediaPipe's precision."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.litert.detector import overlap
from monitor.adapters.vision.litert.single_precision import atan2

# The square reaches this much farther than the point that spans it.
_MARGIN = np.float32(1.25)
# Squares with a larger intersection over union belong to the same person.
_SAME_ABOVE = 0.5
_HALF, _TWO, _UP = np.float32(0.5), np.float32(2), np.float32(math.pi / 2)

_Floats = NDArray[np.floating]
_Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A square in a ``picture`` (width, height; pixels) around ``middle`` (2,), with ``sides`` (2,) along x and y.

    Both in shares of the picture's width and height, in single precision; turned clockwise by ``angle`` (radians, above -pi to
    pi).
    """

    middle: _Singles
    sides: _Singles
    angle: np.float32
    picture: tuple[int, int]

    @property
    def side(self) -> float:
        """The length of a side (pixels)."""
        return float(self.sides[0]) * self.picture[0]

    def corners(self) -> _Singles:
        """Lower left, upper left, upper right and lower right corner, (4, 2), pixels of the picture."""
        x, y = self.middle * _singles(self.picture)
        wide, high = self.sides * _singles(self.picture)
        degrees = np.float32(float(self.angle * np.float32(180)) / math.pi)  # OpenCV's rectangles have degrees
        turn = float(degrees) * math.pi / 180
        c, s = np.float32(math.cos(turn)) * _HALF, np.float32(math.sin(turn)) * _HALF
        left = ((x - s * high - c * wide, y + c * high - s * wide), (x + s * high - c * wide, y - c * high - s * wide))
        right = [(_TWO * x - across, _TWO * y - down) for across, down in left]
        return np.array([*left, *right], np.float32)

    def from_picture(self, size: float = 1.0) -> _Floats:
        """The matrix (2, 3) from pixels of the picture to the square, ``size`` on a side."""
        scale, (x, y) = size / self.side, self.middle.astype(np.float64) * self.picture
        a, b = scale * math.cos(self.angle), scale * math.sin(self.angle)
        half = size / 2
        return np.array([[a, b, half - a * x - b * y], [-b, a, half + b * x - a * y]])

    def project(self, points: _Singles) -> _Singles:
        """Points (n, 2) of the square, 1 on a side, in shares of the picture."""
        c, s = np.float32(math.cos(self.angle)), np.float32(math.sin(self.angle))
        x, y = (points - _HALF).T
        return np.stack([c * x - s * y, s * x + c * y], axis=1) * self.sides + self.middle

    def box(self) -> _Floats:
        """Left, top, right and bottom of the square were it not turned, (4,), shares of the picture."""
        return np.concatenate([self.middle - self.sides * _HALF, self.middle + self.sides * _HALF])


def letterbox(width: int, height: int) -> Region:
    """The upright square around the whole picture."""
    sides = np.float32(max(width, height)) / _singles((width, height))
    return Region(_singles((0.5, 0.5)), sides, np.float32(0), (width, height))


def without_letterbox(points: _Singles, width: int, height: int) -> _Singles:
    """Points (..., 2) of the letterbox, 1 on a side, in shares of the picture."""
    one, shape = np.float32(1), np.float32(height) / np.float32(width)
    bars = _singles((0, one - shape) if shape < one else (one - one / shape, 0)) / _TWO
    return np.asarray((points - bars) / (one - (bars + bars)), np.float32)


def spanned(middle: _Singles, reach: _Singles, picture: tuple[int, int]) -> Region | None:
    """The square around ``middle`` (2,) that contains the distance to ``reach`` (2,), rotated so that ``reach`` is up.

    Both in shares of the ``picture`` (width, height).  None where the two coincide.
    """
    size = _singles(picture)
    here, there = (point.astype(np.float32) * size for point in (middle, reach))
    x, y = there - here
    sides = _TWO * np.sqrt(x * x + y * y) / size
    turn = float(_UP - atan2(-y, x))
    angle = np.float32(turn - 2 * math.pi * math.floor((turn + math.pi) / (2 * math.pi)))
    around = Region(here / size, (sides * size).max() / size * _MARGIN, angle, picture)
    return around if around.side > 0 else None


def _singles(values: Sequence[float | np.float32]) -> _Singles:
    return np.array(values, np.float32)


def first_apart(regions: Sequence[Region]) -> Region:
    """The first one left after each has removed earlier ones of the same person, as MediaPipe associates regions in a stream."""
    kept: list[Region] = []
    for region in regions:
        kept = [other for other in kept if overlap(other.box()[None], region.box())[0] <= _SAME_ABOVE]
        kept.append(region)
    return kept[0]
