"""Sitting, standing, moving or away, from one sample at a time.

The thigh's inclination separates sitting from standing (Skotte 2014: cut 45 deg); where only head and shoulders are visible,
their height relative to the person's own calibrated levels does; without such levels a person who is present is assumed to sit,
and the sample says so.  From the side, hips without knees are not evidence: unknown, never sitting.  Debouncing and bouts are
separate modules.
"""

import math
from collections import deque
from dataclasses import dataclass

from monitor.core.body.gait import Gait
from monitor.core.body.geometry import distance, hip_middle, midpoint, shoulder_middle
from monitor.core.body.landmarks import TRUNK, L
from monitor.core.body.pose import Observation, Pose
from monitor.core.posture.readings import Readings, legs_seen
from monitor.core.posture.signals import sagittal, thigh_inclination
from monitor.core.vocabulary import Activity, CameraPlacement, Reason, View


@dataclass(frozen=True, slots=True)
class Sample:
    """The activity of one observation; ``assumed`` if sitting was assumed without evidence, ``why`` if it is unknown."""

    activity: Activity
    assumed: bool = False
    why: str | None = None


_SITTING, _STANDING, _MOVING = Sample(Activity.SITTING), Sample(Activity.STANDING), Sample(Activity.MOVING)


@dataclass(frozen=True, slots=True)
class Levels:
    """Head height and shoulder width (picture heights), calibrated sitting and standing; NaN where not calibrated."""

    sitting_height: float = math.nan
    standing_height: float = math.nan
    sitting_width: float = math.nan
    standing_width: float = math.nan

    def uprightness(self, height: float, width: float) -> float:
        """0 at the sitting level, 1 at the standing one, NaN if the levels do not differ or nothing was measured.

        By height first; where the camera rises with the desk, the head's height stays the same and only its size can differ.
        """
        if abs(self.standing_height - self.sitting_height) >= _MIN_HEIGHT_STEP:
            return (height - self.sitting_height) / (self.standing_height - self.sitting_height)
        step = self.standing_width - self.sitting_width
        return (width - self.sitting_width) / step if abs(step) >= _MIN_WIDTH_STEP * self.sitting_width else math.nan


# science.md 3.3: sitting from 55 deg, upright up to 35, between them the last state holds (around the 45 deg reference).
SEATED_FROM_DEG, UPRIGHT_TO_DEG, CUT_DEG = 55.0, 35.0, 45.0
# A desk that hides the knee makes the model guess it too low: without a foot an oblique thigh is no evidence of standing.
UPRIGHT_SURE_DEG = 15.0
# From the front the thigh points at the camera: knee below hip by < 0.45 torso sits, > 0.85 stands (0.9 when straight); a camera
# above brings both nearer to each other (rendered people sitting: up to 0.71), and between them nothing is decided [E].
SEATED_TO_DROP, UPRIGHT_FROM_DROP = 0.45, 0.85
# Obliquely, a thigh that hangs keeps this much of its length below the hip; seated ones that looked steep reached 0.63 [E].
HANGING_DROP = 0.75
# Against the shank where the feet are seen: a high camera shortens both alike (people filmed from above while standing: 0.7 to
# 1.0 of it, rendered ones sitting: 0.2 to 0.7) [E].
SEATED_TO_SHANK, UPRIGHT_FROM_SHANK = 0.55, 0.75
# Rising lifts the eyes by some 36 cm, two thirds of a torso (science.md 3.4): a slump or stretch stays within a third of it [E].
SEATED_TO_LEVEL, UPRIGHT_FROM_LEVEL = 0.35, 0.65
# Calibrated levels closer than this mean a camera that moves with the desk.
_MIN_HEIGHT_STEP, _MIN_WIDTH_STEP = 0.08, 0.15
# science.md 3.3 [E]: a hip that goes 0.3 torso lengths is walking.  Within 1 s, so that stopping shows within 1 s as well; within
# the 2 s of science.md where pictures come more slowly.
MOVING_TORSOS, MOVING_WINDOW_S, MOVING_WINDOW_MAX_S = 0.3, 1.0, 2.0
# A person who came into an empty picture less than this (s) ago and still moves has not sat down yet, even without other
# evidence; walking towards the camera changes only the size [E].
ARRIVING_S, STRIDE_S, APPROACH = 5.0, 0.5, 0.08
# A shoulder width is about 0.75 torso lengths (biacromial 36 cm, shoulder to hip 48 cm).
_TORSOS_PER_SHOULDER_WIDTH = 0.75


class ActivitySense:
    """Classifies the activity of each observation; remembers the last posture of the legs and the last second of the path."""

    def __init__(self, levels: Levels | None = None) -> None:
        self._levels = levels or Levels()
        self._levels_differ = not math.isnan(self._levels.uprightness(self._levels.sitting_height, self._levels.sitting_width))
        self._upright: bool | None = None
        self.mark: bool | None = None  # whether the person marked standing; used where there is no other evidence
        self._path: deque[tuple[float, float, float, float]] = deque()
        self._came = -math.inf  # when a person came into an empty picture
        self._empty = False
        self._gait = Gait()

    def update(self, obs: Observation, view: View | None, readings: Readings) -> Sample:
        """The activity of this observation."""
        if obs.pose is None:
            self._path.clear()
            self._gait.clear()
            self._empty = obs.nobody or self._empty
            return Sample(Activity.AWAY if obs.nobody else Activity.UNKNOWN, why=None if obs.nobody else obs.why)
        self._came, self._empty = obs.t if self._empty else self._came, False
        moved = self._moved(obs.t, obs.pose)
        hip, thigh = legs_seen(obs.pose)
        # The first that decides: the legs, the calibrated levels, the person's own mark.
        upright = self._by_thigh(obs.pose, view, readings) if thigh else None
        upright = self._by_level(readings) if upright is None else upright
        upright = self.mark if upright is None else upright
        if upright is None and self._comes(obs.t):
            return _MOVING
        if upright is None:
            # From the front a desk hides the knees of a seated person; from the side hips without knees are not evidence.
            hidden = Reason.TRUNK_TURNED if thigh and view is View.OBLIQUE else Reason.KNEES_HIDDEN
            why = hidden if hip and view is not View.FRONT else self._why_no_level(readings)
            return Sample(Activity.UNKNOWN, why=why) if why else Sample(Activity.SITTING, assumed=True)
        self._upright = upright
        if not upright:
            self._gait.clear()
        elif not obs.carried_forward:
            moved = self._gait.walks(obs.t, obs.pose, self._path[-1][3]) or moved
        if upright and moved:
            return _MOVING
        return _STANDING if upright else _SITTING

    def _by_thigh(self, pose: Pose, view: View | None, readings: Readings) -> bool | None:
        if view is View.FRONT:
            by_shank = thigh_to_shank(pose)
            if not math.isnan(by_shank):
                return self._between(by_shank, UPRIGHT_FROM_SHANK, SEATED_TO_SHANK)
            return self._between(thigh_drop(pose), UPRIGHT_FROM_DROP, SEATED_TO_DROP)
        tau = readings["thigh_inclination"].value
        tau = float(thigh_inclination(sagittal(pose.points, pose.turn_deg))) if math.isnan(tau) else tau
        if UPRIGHT_SURE_DEG < tau < CUT_DEG and not _foot_seen(pose):
            return self._upright
        if view is View.OBLIQUE and tau < CUT_DEG and thigh_drop(pose) < HANGING_DROP:
            return self._upright  # obliquely, a seated thigh is shortened and looks steep; a hanging one keeps its length
        return self._between(-tau, -UPRIGHT_TO_DEG, -SEATED_FROM_DEG, -CUT_DEG)

    def _by_level(self, readings: Readings) -> bool | None:
        level = self._levels.uprightness(readings["head_height"].value, readings["shoulder_width"].value)
        if math.isnan(level) and self._levels_differ:
            return self._upright  # turning away or covering an ear is neither sitting down nor standing up
        return self._between(level, UPRIGHT_FROM_LEVEL, SEATED_TO_LEVEL)

    def _why_no_level(self, readings: Readings) -> str | None:
        return (readings["head_height"].why or readings["shoulder_width"].why) if self._levels_differ else None

    def _between(self, value: float, upright_from: float, seated_to: float, cut: float = math.nan) -> bool | None:
        """Whether upright; between the limits the last decision holds, else the ``cut`` decides; None without either."""
        if value >= upright_from or value <= seated_to:
            return value >= upright_from
        if math.isnan(value) or (self._upright is None and math.isnan(cut)):
            return None
        return value >= cut if self._upright is None else self._upright

    def _moved(self, t: float, pose: Pose) -> bool:
        x, y, torso = _place(pose)
        self._path.append((t, x, y, torso))
        while t - self._path[0][0] > MOVING_WINDOW_MAX_S or (len(self._path) > 1 and t - self._path[1][0] >= MOVING_WINDOW_S):
            self._path.popleft()
        _, x0, y0, _ = self._path[0]
        return math.hypot(x - x0, y - y0) > MOVING_TORSOS * torso

    def _comes(self, t: float) -> bool:
        if t - self._came >= ARRIVING_S:
            return False
        _, x, y, torso = self._path[-1]
        _, x0, y0, torso0 = next(step for step in self._path if t - step[0] <= STRIDE_S)
        return math.hypot(x - x0, y - y0) > MOVING_TORSOS * STRIDE_S * torso or abs(torso - torso0) > APPROACH * torso0


def on_this_desk(sample: Sample, place: CameraPlacement) -> Sample:
    """The sample on a desk that rises with its camera: where sitting was only assumed, a raised desk means standing."""
    if place is CameraPlacement.RAISED and sample.assumed and sample.activity is Activity.SITTING:
        return Sample(Activity.STANDING, assumed=True)
    return sample


def thigh_drop(pose: Pose) -> float:
    """How far the knees are below the hips, in torso lengths; about 0.9 standing, under 0.45 sitting; front view."""
    hips = hip_middle(pose.xy)
    knees = midpoint(pose.xy[L.LEFT_KNEE], pose.xy[L.RIGHT_KNEE])
    torso = float(distance(shoulder_middle(pose.xy), hips))
    return float(knees[1] - hips[1]) / torso if torso > 0 else math.nan


def thigh_to_shank(pose: Pose) -> float:
    """How far the knees are below the hips, in heights of the shanks; NaN unless a foot is seen below its knee; front view."""
    if not _foot_seen(pose):
        return math.nan
    hip, knee, ankle = (float(pose.xy[[left, left + 1], 1].mean()) for left in (L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE))
    return (knee - hip) / (ankle - knee) if ankle > knee else math.nan


def _foot_seen(pose: Pose) -> bool:
    return pose.seen[L.LEFT_ANKLE] or pose.seen[L.RIGHT_ANKLE]


def _place(pose: Pose) -> tuple[float, float, float]:
    """Where the trunk is (its shoulders, which desks do not hide) and the torso length; picture heights."""
    (xs, ys), (left, right, left_hip, right_hip) = pose.points, TRUNK
    x, y = (xs[left] + xs[right]) / 2, (ys[left] + ys[right]) / 2
    width = math.hypot(xs[left] - xs[right], ys[left] - ys[right]) / _TORSOS_PER_SHOULDER_WIDTH
    torso = math.hypot(x - (xs[left_hip] + xs[right_hip]) / 2, y - (ys[left_hip] + ys[right_hip]) / 2)
    # From the front a desk hides the hips and the torso is a guess; from the side the shoulders overlap.
    return x, y, max(width, torso)
