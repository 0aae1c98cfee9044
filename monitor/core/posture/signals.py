"""What is measured on a body: one function and one row of ``SIGNALS`` each.

A signal is a number with a unit, seen from one view.  It is not good or bad in itself: it is compared only with the person's own
baseline, and only where a source gives a tolerance.  Angles: science.md 3.1 and 6.1 (ISO 11226:2000, which subtracts the person's
own upright reference); front proxies: science.md 2.2 and 2.4.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from monitor.core.back.lumbar import Lumbar
from monitor.core.body.geometry import Number, Points, angle, at, known, size, tilt
from monitor.core.body.landmarks import L
from monitor.core.vocabulary import View


class Direction(StrEnum):
    """On which side of the baseline a signal can be out of tolerance."""

    HIGH = "high"
    LOW = "low"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Signal:
    """One row: how to measure, where it can be seen, and when it counts as out of the person's own tolerance.

    ``tolerance`` None means measured, never judged.  ``relative`` tolerances are a share of the baseline, else the signal's unit.
    ``as_ratio`` signals are meaningful only divided by their baseline.  ``in_units_of`` scales the tolerance by the
    baseline of another signal.  ``alone`` False counts only together with another signal.  ``view`` None is any view.
    ``reminder`` is the kind of reminder that judges it, None if none does.
    ``against_vertical`` rows are wrong where the camera leans what is upright (``monitor.core.camera.lens``).
    ``of_back`` rows are read from the back's outline, as a value and its standard deviation; landmarks alone do not show them.
    """

    name: str
    unit: str
    view: View | None
    needs: tuple[L, ...]
    measure: Callable[[Points], Number]
    tolerance: float | None = None
    direction: Direction = Direction.BOTH
    relative: bool = False
    as_ratio: bool = False
    in_units_of: str | None = None
    alone: bool = True
    max_turn_deg: float = 90.0
    max_head_turn_deg: float = 90.0
    against_vertical: bool = False
    of_back: Callable[[Lumbar], tuple[float, float]] | None = None
    reminder: str | None = None


# --- side view ---------------------------------------------------------------------------------------------------

_LEFT = [L.LEFT_EAR, L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE]
_RIGHT = [L.RIGHT_EAR, L.RIGHT_SHOULDER, L.RIGHT_HIP, L.RIGHT_KNEE, L.RIGHT_ANKLE]
EAR, SHOULDER, HIP, KNEE, ANKLE = range(5)


def sagittal(xy: Points, turn_deg: Number) -> Points:
    """The camera-side ear, shoulder, hip, knee, ankle with +x forward; (..., 33, 2) -> (..., 5, 2).

    The far side of a body seen from the side is invented by the model.  A person facing the picture's right shows the right side.
    """
    if isinstance(xy, tuple):
        x, y = xy
        right = turn_deg >= 0
        return ([x[i] for i in _RIGHT], [y[i] for i in _RIGHT]) if right else ([-x[i] for i in _LEFT], [y[i] for i in _LEFT])
    facing_right = np.asarray(turn_deg) >= 0
    near = np.where(facing_right[..., None, None], xy[..., _RIGHT, :], xy[..., _LEFT, :])
    forward = np.where(facing_right, 1.0, -1.0)
    return np.stack([near[..., 0] * forward[..., None], near[..., 1]], axis=-1)


def trunk_inclination(s: Points) -> Number:
    """Trunk lean (deg), hip to shoulder from the vertical; + forward, 0 upright; side view.  Ref: ISO 11226:2000, alpha."""
    return _tilt(s, HIP, SHOULDER)


def neck_inclination(s: Points) -> Number:
    """Head and neck lean (deg), shoulder to ear from the vertical; + forward; side view.  Ref: ISO 11226:2000, beta.

    Not the craniovertebral angle: the landmarks have no C7.
    """
    return _tilt(s, SHOULDER, EAR)


def head_forward(s: Points) -> Number:
    """How far the ear is ahead of the shoulder, in torso lengths; + forward; side view."""
    return _ratio(at(s, EAR)[0] - at(s, SHOULDER)[0], _distance(s, SHOULDER, HIP))


def trunk_thigh_angle(s: Points) -> Number:
    """Angle at the hip between trunk and thigh (deg); about 180 standing, 90 to 100 sitting; side view.  Ref: Keegan 1953."""
    return _angle(s, SHOULDER, HIP, KNEE)


def thigh_inclination(s: Points) -> Number:
    """Angle of the thigh from straight down (deg, 0 to 180); 0 standing, about 90 sitting; side view.  Ref: Skotte 2014."""
    return size(_tilt(s, KNEE, HIP))


def knee_angle(s: Points) -> Number:
    """Angle at the knee (deg); 180 straight, about 90 sitting; side view."""
    return _angle(s, HIP, KNEE, ANKLE)


def _tilt(s: Points, lower: int, upper: int) -> Number:
    (x0, y0), (x1, y1) = at(s, lower), at(s, upper)
    return tilt(x1 - x0, y1 - y0)


def _angle(s: Points, a: int, vertex: int, b: int) -> Number:
    (x, y), (ax, ay), (bx, by) = at(s, vertex), at(s, a), at(s, b)
    return angle(ax - x, ay - y, bx - x, by - y)


def _distance(s: Points, a: int, b: int) -> Number:
    (ax, ay), (bx, by) = at(s, a), at(s, b)
    return np.hypot(ax - bx, ay - by)


# --- the back, from the side -------------------------------------------------------------------------------------


def not_on_landmarks(s: Points) -> Number:
    """NaN, (..., 5, 2) -> (...): the landmarks have no spine (science.md 0.3)."""
    return known(at(s, HIP)[0], holds=False)


def lumbar_lordosis(back: Lumbar) -> tuple[float, float]:
    """The lower back's curve (deg) and its sd: tangent at the sacrum against tangent at T12; + hollow; side view."""
    return back.lordosis_deg, back.sd_deg


def lumbar_depth(back: Lumbar) -> tuple[float, float]:
    """Depth of the lower back's hollow (%, of the chord between the same levels), sd not known; + hollow; side view."""
    return back.depth, math.nan


def lumbar_index(_back: Lumbar) -> tuple[float, float]:
    """Position of the curve in the person's own range (0 own slump, 1 own tall sitting); side view.

    Always NaN here: ``lumbar_baseline`` fills it in from the person's own calibration.
    """
    return math.nan, math.nan


def lumbar_change(_back: Lumbar) -> tuple[float, float]:
    """How much more hollow than in the person's own calibrated standing (deg); side view.

    Always NaN here: ``lumbar_baseline`` fills it in from the person's own calibration.
    """
    return math.nan, math.nan


# --- front view --------------------------------------------------------------------------------------------------


def shoulder_width(xy: Points) -> Number:
    """Distance between the shoulders, in picture heights; front view."""
    return _distance(xy, *_SHOULDERS)


def neck_length_ratio(xy: Points) -> Number:
    """Height of the ears above the shoulders, in shoulder widths; falls when slouching; front view."""
    return _ratio(_middle(xy, _SHOULDERS)[1] - _middle(xy, _EARS)[1], shoulder_width(xy))


def head_height(xy: Points) -> Number:
    """Height of the ears above the picture's lower edge, in picture heights; any view, camera at rest."""
    return 1.0 - _middle(xy, _EARS)[1]


def face_shoulder_scale(xy: Points) -> Number:
    """Width of the head per shoulder width; as a ratio to the baseline, > 1 is a head nearer to the camera; front view."""
    return _ratio(_face_width(xy), shoulder_width(xy))


def screen_distance(xy: Points) -> Number:
    """Apparent distance of the head (1 / head width); as a ratio to the baseline, < 1 is nearer; front view.

    Pinhole: size goes with 1 / distance.  The head's own turn is taken out.
    """
    return _ratio(np.cos(np.radians(head_turn(xy))), _face_width(xy))


def shoulder_tilt(xy: Points) -> Number:
    """Tilt of the shoulder line (deg); + the picture's right shoulder lower; front view."""
    return _line_tilt(xy, _SHOULDERS)


def head_tilt(xy: Points) -> Number:
    """Tilt of the eye line (deg); + the picture's right eye lower; front view."""
    return _line_tilt(xy, _EYES)


def head_turn(xy: Points) -> Number:
    """The head's turn from facing the camera (deg, 0 to 90), from the nose's place between the ears; (..., 33, 2) -> (...).

    A nose tip lies about 1.4 half-widths of the head ahead of the line of the ears: tan(turn) = offset / (1.4 half-widths).
    """
    (left, _), (right, _) = (at(xy, ear) for ear in _EARS)
    offset = size(at(xy, L.NOSE)[0] - (left + right) / 2)
    return np.degrees(np.arctan2(offset, _NOSE_AHEAD * size(left - right) / 2))


_NOSE_AHEAD = 1.4
_SHOULDERS = (L.LEFT_SHOULDER, L.RIGHT_SHOULDER)
_EARS = (L.LEFT_EAR, L.RIGHT_EAR)
_EYES = (L.LEFT_EYE, L.RIGHT_EYE)


def _middle(xy: Points, pair: tuple[L, L]) -> tuple[Number, Number]:
    (ax, ay), (bx, by) = at(xy, pair[0]), at(xy, pair[1])
    return (ax + bx) / 2, (ay + by) / 2


def _face_width(xy: Points) -> Number:
    width = _distance(xy, *_EARS)
    return known(width, width > 0)


def _line_tilt(xy: Points, pair: tuple[L, L]) -> Number:
    (ax, ay), (bx, by) = at(xy, pair[0]), at(xy, pair[1])
    dx, dy = ax - bx, ay - by
    # The person's left is the picture's right when facing the camera; a mirrored webcam only flips the sign of both sides.
    return known(np.degrees(np.arctan2(dy * np.sign(dx), size(dx))), dx != 0)


def _ratio(a: Number, b: Number) -> Number:
    if isinstance(b, float):
        return a / b if b > 0 else math.nan
    return np.asarray(np.divide(a, b, out=np.full(np.shape(b), np.nan), where=b > 0))


# --- the table ---------------------------------------------------------------------------------------------------

_SIDE_TRUNK = (L.LEFT_SHOULDER, L.LEFT_HIP)
_SIDE_HEAD = (L.LEFT_EAR, L.LEFT_SHOULDER)
_SIDE_LEG = (L.LEFT_HIP, L.LEFT_KNEE)
_FRONT_HEAD = _EARS + _SHOULDERS

# Side rows name left landmarks; the camera's side is meant.  Tolerances: ISO 11226 acceptable zones (20 and 25 deg) around the
# person's own upright; front ones are the proposals of science.md 2.4, marked there as engineering values, to be set by settings.
# lumbar_index: 0.75 below one's own tall sitting is the quarter next to one's own slump; lumbar_change: 10 deg is two spreads of
# the widest reading that is trusted, judged only standing; both [E].
SIGNALS: tuple[Signal, ...] = (
    Signal(
        "trunk_inclination", "deg", View.SIDE, _SIDE_TRUNK, trunk_inclination, 20.0, Direction.HIGH,
        against_vertical=True, reminder="posture_held",
    ),
    Signal(
        "neck_inclination", "deg", View.SIDE, _SIDE_HEAD, neck_inclination, 25.0, Direction.HIGH,
        against_vertical=True, reminder="posture_held",
    ),
    Signal("head_forward", "torso", View.SIDE, _SIDE_HEAD + _SIDE_TRUNK, head_forward, against_vertical=True),
    Signal("trunk_thigh_angle", "deg", View.SIDE, _SIDE_TRUNK + _SIDE_LEG, trunk_thigh_angle),
    Signal("thigh_inclination", "deg", View.SIDE, _SIDE_LEG, thigh_inclination),
    Signal("knee_angle", "deg", View.SIDE, (*_SIDE_LEG, L.LEFT_ANKLE), knee_angle),
    Signal("lumbar_lordosis", "deg", View.SIDE, (), not_on_landmarks, of_back=lumbar_lordosis),
    Signal("lumbar_depth", "%", View.SIDE, (), not_on_landmarks, of_back=lumbar_depth),
    Signal(
        "lumbar_index", "own range", View.SIDE, (), not_on_landmarks,
        tolerance=0.75, direction=Direction.LOW, of_back=lumbar_index, reminder="lumbar_flexed",
    ),
    Signal(
        "lumbar_change", "deg", View.SIDE, (), not_on_landmarks,
        tolerance=10.0, direction=Direction.HIGH, of_back=lumbar_change,
    ),
    Signal("shoulder_width", "picture height", View.FRONT, _SHOULDERS, shoulder_width),
    Signal(
        "neck_length_ratio", "shoulder width", View.FRONT, _FRONT_HEAD, neck_length_ratio,
        tolerance=0.12, direction=Direction.LOW, relative=True, reminder="posture_held",
    ),
    Signal(
        "head_height", "picture height", None, _EARS, head_height,
        tolerance=0.12, direction=Direction.LOW, in_units_of="shoulder_width", reminder="posture_held",
    ),
    Signal(
        "face_shoulder_scale", "ratio", View.FRONT, _FRONT_HEAD, face_shoulder_scale,
        tolerance=0.06, direction=Direction.HIGH, as_ratio=True, alone=False, max_turn_deg=15.0, max_head_turn_deg=15.0,
        reminder="posture_held",
    ),
    Signal(
        "screen_distance", "ratio", View.FRONT, _EARS, screen_distance,
        tolerance=0.25, direction=Direction.LOW, as_ratio=True, max_head_turn_deg=30.0,
        reminder="too_close",
    ),
    Signal("shoulder_tilt", "deg", View.FRONT, _SHOULDERS, shoulder_tilt, 6.0, reminder="posture_held"),
    Signal("head_tilt", "deg", View.FRONT, _EYES, head_tilt, 6.0, max_head_turn_deg=30.0, reminder="posture_held"),
)  # fmt: skip
BY_NAME: Mapping[str, Signal] = MappingProxyType({s.name: s for s in SIGNALS})
