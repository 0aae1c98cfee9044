"""The view of the trunk (front, side or oblique) and its turn (deg).

Lordosis and trunk lean show from the side only, head and shoulder proxies from the front only (an oblique picture mixes both), so
every signal names the view it needs.
"""

import math

import numpy as np

from monitor.core.body.landmarks import Floats, L
from monitor.core.vocabulary import View

# Midpoints between the ranges in which a class is certain (front <= 20, oblique 35 to 55, side >= 70 deg).
FRONT_BELOW_DEG = 27.5
SIDE_FROM_DEG = 60.0
# Hysteresis: a small turn on a swivel chair must not make the view flicker.
HYSTERESIS_DEG = 5.0

# Least squares on 65 rendered bodies of known yaw (residual 8 deg): the metric landmarks underestimate the turn of an oblique
# trunk, the depth of the picture landmarks exaggerates it; their blend is nearly straight.
_METRIC_SHARE, _PICTURE_SHARE = 0.70, 0.27


def turn_of(world: Floats, picture: Floats) -> float:
    """The trunk's signed turn (deg, 0 front, +-90 side, + toward +x), from 3D landmarks (33, 3), z away from the camera.

    ``world`` is in metres, ``picture`` in picture units.  NaN if a shoulder is NaN.
    """
    across = [xyz[L.LEFT_SHOULDER] - xyz[L.RIGHT_SHOULDER] for xyz in (world, picture)]
    metric, pictured = (float(np.degrees(np.arctan2(abs(v[2]), abs(v[0])))) for v in across)
    size = _METRIC_SHARE * metric + _PICTURE_SHARE * pictured
    return float(np.copysign(min(size / (_METRIC_SHARE + _PICTURE_SHARE), 90.0), across[0][2]))


def pitch_of(world: Floats) -> float:
    """How far (deg) the shoulders are nearer to the camera than the hips, of metric landmarks (33, 3); NaN if one is NaN.

    A level camera sees an upright trunk at 0, a camera above it at more; for a turn-free upright trunk it is half of the tilt.
    """
    trunk = world[L.LEFT_SHOULDER] + world[L.RIGHT_SHOULDER] - world[L.LEFT_HIP] - world[L.RIGHT_HIP]
    return float(np.degrees(np.arctan2(-trunk[2], -trunk[1])))


def view_of(turn_deg: float, previous: View | None = None) -> View | None:
    """The view of a turn (deg), None for NaN; ``previous`` is kept within the hysteresis."""
    if math.isnan(turn_deg):
        return None
    size = abs(turn_deg)
    front = FRONT_BELOW_DEG + _lean(previous is View.FRONT, previous)
    side = SIDE_FROM_DEG - _lean(previous is View.SIDE, previous)
    if size < front:
        return View.FRONT
    return View.SIDE if size >= side else View.OBLIQUE


def _lean(kept: bool, previous: View | None) -> float:
    if previous is None:
        return 0.0
    return HYSTERESIS_DEG if kept else -HYSTERESIS_DEG
