"""Picture orientation: whether a body lies or hangs in the picture because the camera is rotated by 90 or 180 deg.

In such a picture sitting looks like standing and standing like sitting.  A horizontal trunk is not enough: a person resting the
elbows on the knees has one as well.  Then the shanks are still vertical; and where no shank is visible, an upright head decides.
"""

from monitor.core.body.geometry import midpoint, tilt_from_vertical
from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose
from monitor.core.body.stillness import lean_of

# A backrest tilts to 45 deg and a slump reaches 50: a segment farther off the vertical (deg) lies, hangs or bends down [E].
LYING_FROM_DEG, SHANK_FROM_DEG, HANGING_FROM_DEG = 60.0, 45.0, 135.0
_MIN_VISIBILITY = 0.6


def turn_needed(pose: Pose) -> int:
    """By how much the picture must be turned clockwise for this body to be upright: 0, 90, 180 or 270 deg."""
    xy = pose.xy
    if _is_upright(pose):
        return 0
    lean = lean_of(pose)
    if not abs(lean) >= LYING_FROM_DEG:
        return 0
    shoulders, ears = (midpoint(xy[left], xy[left + 1]) for left in (L.LEFT_SHOULDER, L.LEFT_EAR))
    visible = ((pose.visibility >= _MIN_VISIBILITY) & pose.in_frame()).tolist()
    shanks = [(knee, knee + 2) for knee in (L.LEFT_KNEE, L.RIGHT_KNEE) if visible[knee] and visible[knee + 2]]
    tilts = [float(tilt_from_vertical(xy[ankle], xy[knee])) for knee, ankle in shanks]
    if not all(abs(tilt) >= SHANK_FROM_DEG for tilt in tilts):
        return 0
    if not tilts and not abs(float(tilt_from_vertical(shoulders, ears))) >= LYING_FROM_DEG:
        return 0
    if abs(lean) >= HANGING_FROM_DEG:
        return 180
    return 270 if lean > 0 else 90


def _is_upright(pose: Pose) -> bool:
    """Whether the trunk leans less than 45 deg, which needs no angle; nearly every body does."""
    (left, right), (left_hip, right_hip) = (pose.xy[a : a + 2].tolist() for a in (L.LEFT_SHOULDER, L.LEFT_HIP))
    return bool(abs(left[0] + right[0] - left_hip[0] - right_hip[0]) < left_hip[1] + right_hip[1] - left[1] - right[1])
