"""Angles and lengths in the picture plane.  Points are (..., 2), x right, y down, one unit for both.

Everything broadcasts over leading axes, from a single frame to a whole recording.  A single frame, of which there are many a
second, goes by plain numbers: the same operations in the same order, so the same result to the last bit, in a quarter of the
time.  (NumPy's own arctangent and hypotenuse: those of ``math`` differ in the last bit.)
"""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import Floats, L


def tilt_from_vertical(lower: Floats, upper: Floats) -> Floats:
    """Signed angle (deg) of ``lower -> upper`` from the upward vertical; (..., 2) -> (...).

    Positive toward +x.  NaN where the segment has no length or a point is NaN.
    """
    d = np.subtract(upper, lower)
    if d.ndim == 1:
        return np.asarray(tilt(*d.tolist()))
    return np.where(_has_length(d), np.degrees(np.arctan2(d[..., 0], -d[..., 1])), np.nan)


def tilt(x: float, y: float) -> float:
    """The same of one segment that goes by ``x`` to the right and ``y`` down."""
    return math.degrees(np.arctan2(x, -y)) if x or y else math.nan


def angle_at(a: Floats, vertex: Floats, b: Floats) -> Floats:
    """Unsigned angle (deg, 0 to 180) at ``vertex`` between ``a`` and ``b``; (..., 2) -> (...).

    NaN where a side has no length or a point is NaN.
    """
    u, v = np.subtract(a, vertex), np.subtract(b, vertex)
    if u.ndim == v.ndim == 1:
        (ux, uy), (vx, vy) = u.tolist(), v.tolist()
        angle = math.degrees(np.arctan2(abs(ux * vy - uy * vx), ux * vx + uy * vy))
        return np.asarray(angle if (ux or uy) and (vx or vy) else math.nan)
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    dot = u[..., 0] * v[..., 0] + u[..., 1] * v[..., 1]
    return np.where(_has_length(u) & _has_length(v), np.degrees(np.arctan2(np.abs(cross), dot)), np.nan)


def distance(a: Floats, b: Floats) -> Floats:
    """Euclidean distance, in the points' unit; (..., 2) -> (...)."""
    d = np.subtract(a, b)
    if d.ndim == 1:
        return np.asarray(np.hypot(*d.tolist()))
    return np.hypot(d[..., 0], d[..., 1])


def midpoint(a: Floats, b: Floats) -> Floats:
    """The midpoint; (..., 2) -> (..., 2)."""
    return np.asarray(np.add(a, b) / 2)


def shoulder_middle(xy: Floats) -> Floats:
    """The midpoint (2,) of the shoulders of landmarks (33, 2)."""
    return midpoint(xy[L.LEFT_SHOULDER], xy[L.RIGHT_SHOULDER])


def hip_middle(xy: Floats) -> Floats:
    """The midpoint (2,) of the hips of landmarks (33, 2)."""
    return midpoint(xy[L.LEFT_HIP], xy[L.RIGHT_HIP])


def _has_length(d: Floats) -> NDArray[np.bool_]:
    return np.asarray((d[..., 0] != 0) | (d[..., 1] != 0))
