"""Angles and lengths in the picture plane.  Points are (..., 2), x right, y down, one unit for both.

Everything broadcasts over leading axes, from a single frame to a whole recording.
"""

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import Floats


def tilt_from_vertical(lower: Floats, upper: Floats) -> Floats:
    """Signed angle (deg) of ``lower -> upper`` from the upward vertical; (..., 2) -> (...).

    Positive toward +x.  NaN where the segment has no length or a point is NaN.
    """
    d = np.asarray(upper) - np.asarray(lower)
    return np.where(_has_length(d), np.degrees(np.arctan2(d[..., 0], -d[..., 1])), np.nan)


def angle_at(a: Floats, vertex: Floats, b: Floats) -> Floats:
    """Unsigned angle (deg, 0 to 180) at ``vertex`` between ``a`` and ``b``; (..., 2) -> (...).

    NaN where a side has no length or a point is NaN.
    """
    u, v = np.asarray(a) - vertex, np.asarray(b) - vertex
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    dot = u[..., 0] * v[..., 0] + u[..., 1] * v[..., 1]
    return np.where(_has_length(u) & _has_length(v), np.degrees(np.arctan2(np.abs(cross), dot)), np.nan)


def distance(a: Floats, b: Floats) -> Floats:
    """Euclidean distance, in the points' unit; (..., 2) -> (...)."""
    d = np.asarray(a) - np.asarray(b)
    return np.hypot(d[..., 0], d[..., 1])


def midpoint(a: Floats, b: Floats) -> Floats:
    """The midpoint; (..., 2) -> (..., 2)."""
    return np.asarray((np.asarray(a) + np.asarray(b)) / 2)


def _has_length(d: Floats) -> NDArray[np.bool_]:
    return np.asarray((d[..., 0] != 0) | (d[..., 1] != 0))
