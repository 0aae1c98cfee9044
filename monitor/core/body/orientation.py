"""Picture orientation: whether a body lies or hangs in the picture because the camera is rotated by 90 or 180 deg.

In such a picture sitting looks like standing and standing like sitting.  A horizontal trunk is not enough: a person resting the
elbows on the knees has one as well.  Then the shanks are still vertical; and where no shank is visible, an upright head decides.
"""

import math
from dataclasses import replace

from monitor.core.body.geometry import midpoint, shoulder_middle, tilt_from_vertical
from monitor.core.body.landmarks import TRUNK, L
from monitor.core.body.pose import Observation, Pose
from monitor.core.body.stillness import lean_of
from monitor.core.vocabulary import Reason

# A backrest tilts to 45 deg and a slump reaches 50: a segment farther off the vertical (deg) lies, hangs or bends down [E].
LYING_FROM_DEG, SHANK_FROM_DEG, HANGING_FROM_DEG = 60.0, 45.0, 135.0
# Bodies that lie or hang for this long (s), in so many pictures, mean a turned camera; where bodies were upright before, a person
# may have lain down, and it takes longer [E].
DECIDED_AFTER_S, CHANGED_AFTER_S, FEWEST = 5.0, 60.0, 4
# A longer time (s) without a body is no evidence.
_LONGEST_STEP_S = 2.0
UPSIDE_DOWN = 180


def turn_needed(pose: Pose) -> int:
    """By how much the picture must be turned clockwise for this body to be upright: 0, 90, 180 or 270 deg."""
    xy = pose.xy
    if _is_upright(pose):
        return 0
    lean = lean_of(pose)
    if not abs(lean) >= LYING_FROM_DEG:
        return 0
    shoulders, ears = shoulder_middle(xy), midpoint(xy[L.LEFT_EAR], xy[L.RIGHT_EAR])
    shanks = [(knee, knee + 2) for knee in (L.LEFT_KNEE, L.RIGHT_KNEE) if pose.seen[knee] and pose.seen[knee + 2]]
    tilts = [float(tilt_from_vertical(xy[ankle], xy[knee])) for knee, ankle in shanks]
    if not all(abs(tilt) >= SHANK_FROM_DEG for tilt in tilts):
        return 0
    if not tilts and not abs(float(tilt_from_vertical(shoulders, ears))) >= LYING_FROM_DEG:
        return 0
    if abs(lean) >= HANGING_FROM_DEG:
        return UPSIDE_DOWN
    return 270 if lean > 0 else 90


def upright_only(obs: Observation) -> Observation:
    """The observation itself, or unknown where its body lies or hangs: its angles mean nothing and its activity is a guess."""
    if obs.pose is None or not turn_needed(obs.pose):
        return obs
    return replace(obs, pose=None, why=Reason.TURNED, withheld=obs.pose)


class OrientationSense:
    """Decides from several seconds of observations by how much a camera's pictures must be turned; remembers its evidence."""

    def __init__(self) -> None:
        self._turn = self._pictures = 0
        self._seconds, self._upright_s, self._last_t = 0.0, 0.0, math.inf

    def update(self, obs: Observation) -> int:
        """By how much the pictures must be turned clockwise (deg); 0 while they are upright or nothing is decided."""
        step_s, self._last_t = max(min(obs.t - self._last_t, _LONGEST_STEP_S), 0.0), obs.t
        turn = _turn_in(obs)
        if turn is None:
            return 0
        if turn != self._turn:
            self._turn, self._pictures, self._seconds = turn, 0, 0.0
        self._pictures, self._seconds = self._pictures + (not obs.carried_forward), self._seconds + step_s
        self._upright_s += step_s if turn == 0 else 0.0
        enough_s = CHANGED_AFTER_S if self._upright_s >= DECIDED_AFTER_S else DECIDED_AFTER_S
        return turn if self._seconds >= enough_s and self._pictures >= FEWEST else 0


def _turn_in(obs: Observation) -> int | None:
    """The turn that the body in an observation needs, None without a body."""
    body = obs.pose or obs.withheld
    if body is None:
        return UPSIDE_DOWN if obs.why == Reason.TURNED else None
    return turn_needed(body)


def _is_upright(pose: Pose) -> bool:
    """Whether the trunk leans less than 45 deg, which needs no angle; nearly every body does."""
    (x, y), (left, right, left_hip, right_hip) = pose.points, TRUNK
    return abs(x[left] + x[right] - x[left_hip] - x[right_hip]) < y[left_hip] + y[right_hip] - y[left] - y[right]
