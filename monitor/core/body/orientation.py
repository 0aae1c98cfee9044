"""Which way is up: whether a body lies or hangs in the picture because the camera stands on its side or on its head.

In such a picture sitting looks like standing and standing like sitting.  A trunk that lies is not enough: whoever rests the
elbows on the knees has one as well.  Their shanks still stand; and where no shank is seen, a head that is held up tells.
"""

from monitor.core.body.geometry import midpoint, tilt_from_vertical
from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose

# A backrest tilts to 45 deg and a slump to 50: what is further off the vertical lies, hangs or bends down (deg) [E].
LYING_FROM_DEG, SHANK_FROM_DEG, HANGING_FROM_DEG = 60.0, 45.0, 135.0
_SEEN = 0.6


def turn_needed(pose: Pose) -> int:
    """By how much the picture must be turned clockwise for this body to be upright: 0, 90, 180 or 270 deg."""
    xy = pose.xy
    hips, shoulders, ears = (midpoint(xy[left], xy[left + 1]) for left in (L.LEFT_HIP, L.LEFT_SHOULDER, L.LEFT_EAR))
    lean = float(tilt_from_vertical(hips, shoulders))
    if not abs(lean) >= LYING_FROM_DEG:
        return 0
    seen = ((pose.visibility >= _SEEN) & pose.in_frame()).tolist()
    shanks = [(knee, knee + 2) for knee in (L.LEFT_KNEE, L.RIGHT_KNEE) if seen[knee] and seen[knee + 2]]
    tilts = [float(tilt_from_vertical(xy[ankle], xy[knee])) for knee, ankle in shanks]
    if not all(abs(tilt) >= SHANK_FROM_DEG for tilt in tilts):
        return 0
    if not tilts and not abs(float(tilt_from_vertical(shoulders, ears))) >= LYING_FROM_DEG:
        return 0
    if abs(lean) >= HANGING_FROM_DEG:
        return 180
    return 270 if lean > 0 else 90
