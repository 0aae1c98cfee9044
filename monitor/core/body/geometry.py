"""Angles and lengths in the picture plane.  Points are (..., 2), x right, y down, one unit for both.

Everything broadcasts over leading axes, from a single frame to a whole recording.  What is measured on every frame goes by plain
numbers: the same operations in the same order, so the same result to the last bit, in a quarter of the time.  (NumPy's own
arctangent and hypotenuse: those of ``math`` differ in the last bit.)
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import Floats, L

# The x and the y of one frame's landmarks, or the landmarks of any number of frames as an array (..., n, 2).
Points: TypeAlias = tuple[Sequence[float], Sequence[float]] | Floats
Number: TypeAlias = float | Floats


def at(points: Points, landmark: int) -> tuple[Number, Number]:
    """The x and y of a landmark: numbers of a single frame, (...) of an array (..., n, 2)."""
    if isinstance(points, tuple):
        return points[0][landmark], points[1][landmark]
    return points[..., landmark, 0], points[..., landmark, 1]


def known(value: Number, holds: bool | NDArray[np.bool_]) -> Number:
    """``value`` where ``holds``, else NaN; a number or (...)."""
    if isinstance(value, float):
        return value if holds else math.nan
    return np.where(holds, value, np.nan)


def size(value: Number) -> Number:
    """``value`` without its sign; a number or (...)."""
    return abs(value) if isinstance(value, float) else np.abs(value)


def tilt_from_vertical(lower: Floats, upper: Floats) -> Number:
    """Signed angle (deg) of ``lower -> upper`` from the upward vertical; (..., 2) -> (...).

    Positive toward +x.  NaN where the segment has no length or a point is NaN.
    """
    d = np.subtract(upper, lower)
    return tilt(d[..., 0], d[..., 1])


def tilt(x: Number, y: Number) -> Number:
    """The same of segments that go by ``x`` to the right and ``y`` down; numbers or (...)."""
    if isinstance(x, float):
        return math.degrees(np.arctan2(x, -y)) if x or y else math.nan
    return np.where((x != 0) | (y != 0), np.degrees(np.arctan2(x, -y)), np.nan)


def angle_at(a: Floats, vertex: Floats, b: Floats) -> Number:
    """Unsigned angle (deg, 0 to 180) at ``vertex`` between ``a`` and ``b``; (..., 2) -> (...).

    NaN where a side has no length or a point is NaN.
    """
    u, v = np.subtract(a, vertex), np.subtract(b, vertex)
    return angle(u[..., 0], u[..., 1], v[..., 0], v[..., 1])


def angle(ux: Number, uy: Number, vx: Number, vy: Number) -> Number:
    """The same between sides that go by ``ux`` and ``vx`` to the right, ``uy`` and ``vy`` down; numbers or (...)."""
    cross, dot = ux * vy - uy * vx, ux * vx + uy * vy
    if isinstance(cross, float):
        return math.degrees(np.arctan2(abs(cross), dot)) if (ux or uy) and (vx or vy) else math.nan
    have_length = ((ux != 0) | (uy != 0)) & ((vx != 0) | (vy != 0))
    return np.where(have_length, np.degrees(np.arctan2(np.abs(cross), dot)), np.nan)


def distance(a: Floats, b: Floats) -> Floats:
    """Euclidean distance, in the points' unit; (..., 2) -> (...)."""
    d = np.subtract(a, b)
    return np.asarray(np.hypot(d[..., 0], d[..., 1]))


def midpoint(a: Floats, b: Floats) -> Floats:
    """The midpoint; (..., 2) -> (..., 2)."""
    return np.asarray(np.add(a, b) / 2)


def shoulder_middle(xy: Floats) -> Floats:
    """The midpoint (2,) of the shoulders of landmarks (33, 2)."""
    return midpoint(xy[L.LEFT_SHOULDER], xy[L.RIGHT_SHOULDER])


def hip_middle(xy: Floats) -> Floats:
    """The midpoint (2,) of the hips of landmarks (33, 2)."""
    return midpoint(xy[L.LEFT_HIP], xy[L.RIGHT_HIP])
