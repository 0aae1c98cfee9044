"""Figures drawn from landmarks that are computed from joint angles.

Lengths are shares of a stature of 100 (after Drillis and Contini 1966).  The lowest landmark stands on the floor.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.reports.charts.drawing import circle, path
from monitor.reports.markup import Markup, element, number

TRUNK, NECK, HEAD, THIGH, SHANK, FOOT, UPPER_ARM, FOREARM = 30.0, 12.0, 6.6, 24.5, 24.6, 8.0, 17.0, 18.0
_SHOULDERS, _HIPS = 9.0, 5.0
_ANKLE = 3.0  # its height over the sole
# Widths of the strokes (of the same stature).
_WIDE: Mapping[str, float] = {"trunk": 14.0, "thigh": 9.0, "shank": 6.4, "foot": 4.6, "arm": 4.8}
Point: TypeAlias = tuple[float, float]
Points: TypeAlias = Mapping[str, Point]
Pair: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Side:
    """A posture seen from the side, facing right; angles in degrees, of a pair the near limb first.

    ``lean``: the trunk forward; ``rounding`` of the back, negative is hollow; ``nod``: the head forward of the trunk.
    ``thighs`` and ``arms``: forward of hanging down; ``knees`` and ``elbows``: bent; ``toes``: of the feet, down from level.
    """

    lean: float = 0.0
    rounding: float = 0.0
    nod: float = 0.0
    thighs: Pair = (0.0, 0.0)
    knees: Pair = (0.0, 0.0)
    arms: Pair = (0.0, 0.0)
    elbows: Pair = (8.0, 8.0)
    toes: Pair = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Front:
    """A posture seen from the front; angles in degrees, of a pair the one on the left of the picture first.

    ``sway``: the trunk to the right; ``arms``: away from the side, 180 is up; ``forearms``: the same, of the forearm;
    ``legs``: away from the middle; ``shrug``: the shoulders raised (hundredths of the stature); ``turn``: the head, -1 to 1.
    """

    sway: float = 0.0
    arms: Pair = (8.0, 8.0)
    forearms: Pair = (4.0, 4.0)
    legs: Pair = (4.0, 4.0)
    shrug: float = 0.0
    turn: float = 0.0
    seated: bool = False


Posture: TypeAlias = Side | Front


def landmarks(posture: Posture) -> dict[str, Point]:
    """Landmarks by name, x to the right of the hip, y up from the floor, in hundredths of the stature.

    Those of limbs begin with ``near_`` and ``far_`` from the side, with ``left_`` and ``right_`` from the front.
    """
    points = _side(posture) if isinstance(posture, Side) else _front(posture)
    floor = min(y - (_ANKLE if name.endswith("ankle") else 0.0) for name, (_, y) in points.items())
    return {name: (x, y - floor) for name, (x, y) in points.items()}


def _side(p: Side) -> dict[str, Point]:
    hip = (0.0, 0.0)
    shoulder = _from(hip, 180.0 - p.lean, TRUNK)
    # The bend lies behind the straight line from hip to shoulder.
    bend = _from(_middle(hip, shoulder), 270.0 - p.lean, p.rounding)
    points = {"hip": hip, "shoulder": shoulder, "bend": bend, "head": _from(shoulder, 180.0 - p.lean - p.nod, NECK)}
    for n, side in enumerate(("near", "far")):
        knee = _from(hip, p.thighs[n], THIGH)
        ankle = _from(knee, p.thighs[n] - p.knees[n], SHANK)
        elbow = _from(shoulder, p.arms[n], UPPER_ARM)
        # A shank that lies on the floor has its foot along it.
        level = 90.0 - p.toes[n] if p.thighs[n] - p.knees[n] > -80 else p.thighs[n] - p.knees[n]  # noqa: PLR2004  # nearly level
        points |= {f"{side}_knee": knee, f"{side}_ankle": ankle, f"{side}_toe": _from(_down(ankle), level, FOOT)}
        points |= {f"{side}_elbow": elbow, f"{side}_wrist": _from(elbow, p.arms[n] + p.elbows[n], FOREARM)}
    return points


def _front(p: Front) -> dict[str, Point]:
    hip = (0.0, 0.0)
    neck = _from(hip, 180.0 - p.sway, TRUNK)
    points = {"hip": hip, "shoulder": neck, "bend": _middle(hip, neck), "head": _from(neck, 180.0 - p.sway, NECK)}
    for n, (side, sign) in enumerate((("left", -1.0), ("right", 1.0))):
        shoulder = (neck[0] + sign * _SHOULDERS, neck[1] - 2 + p.shrug)
        leg = (sign * _HIPS, hip[1])
        knee = _from(leg, sign * p.legs[n], THIGH * (0.3 if p.seated else 1.0))
        elbow = _from(shoulder, sign * p.arms[n], UPPER_ARM)
        points |= {f"{side}_shoulder": shoulder, f"{side}_hip": leg, f"{side}_knee": knee, f"{side}_elbow": elbow}
        points |= {f"{side}_ankle": _from(knee, sign * p.legs[n] * 0.5, SHANK)}
        points |= {f"{side}_wrist": _from(elbow, sign * p.forearms[n], FOREARM)}
    return points


@dataclass(frozen=True, slots=True)
class Stroke:
    """A round-ended line through points (x right, y up, hundredths of the stature) for a canvas that knows no SVG."""

    points: tuple[Point, ...]
    width: float
    far: bool = False


def strokes(posture: Posture) -> list[Stroke]:
    """The body as plain lines in the order of drawing; the head is a line without length."""
    p = landmarks(posture)
    sides = (("far", "hip", "shoulder"), ("near", "hip", "shoulder"))
    if isinstance(posture, Front):
        sides = (("left", "left_hip", "left_shoulder"), ("right", "right_hip", "right_shoulder"))
    trunk = [Stroke((p["hip"], p["bend"], p["shoulder"]), _WIDE["trunk"] + 4 * isinstance(posture, Front))]
    head = [Stroke((p["head"], p["head"]), 2 * HEAD)]
    limbs = [_limb_strokes(p, *side) for side in sides]
    return [*limbs[0], *trunk, *head, *limbs[1]]


def _limb_strokes(p: Points, side: str, hip: str, shoulder: str) -> list[Stroke]:
    far = side == "far"
    knee, ankle, elbow, wrist = (p[f"{side}_{name}"] for name in ("knee", "ankle", "elbow", "wrist"))
    foot = [Stroke((_down(ankle, 1.0), p[f"{side}_toe"]), _WIDE["foot"], far)] if f"{side}_toe" in p else []
    leg = [Stroke((p[hip], knee), _WIDE["thigh"], far), Stroke((knee, ankle), _WIDE["shank"], far)]
    return [*leg, *foot, Stroke((p[shoulder], elbow, wrist), _WIDE["arm"], far)]


# --- drawn -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a figure stands: the middle of its hip (px), the floor (px), px for one hundredth of the stature."""

    x: float
    floor: float
    scale: float

    def __call__(self, point: Point) -> Point:
        """The place (px) of a landmark."""
        return self.x + point[0] * self.scale, self.floor - point[1] * self.scale


def draw_figure(posture: Posture, at: Stand, *, pregnant: bool) -> Iterator[Markup]:
    """The body; what is far lies behind, and the near arm stands off from the trunk."""
    points = landmarks(posture)
    if isinstance(posture, Side):
        yield from _limbs(points, "far", at, "far")
        yield from _trunk(points, at)
        if pregnant:
            yield _bump(points, posture, at)
        yield from _limbs(points, "near", at, "near", ("leg",))
        yield _stroke([points["shoulder"], points["near_elbow"], points["near_wrist"]], at, "gap", _WIDE["arm"] + 3)
        yield from _limbs(points, "near", at, "near", ("arm",))
    else:
        for side in ("left", "right"):
            yield from _front_limbs(points, side, at)
        yield from _front_trunk(points, at, posture.turn)


def _trunk(points: Points, at: Stand) -> Iterator[Markup]:
    hip, bend, shoulder = (at(points[name]) for name in ("hip", "bend", "shoulder"))
    # The control of a quadratic curve lies twice as far out as its middle.
    middle = _middle(hip, shoulder)
    out = (2 * bend[0] - middle[0], 2 * bend[1] - middle[1])
    d = f"M{_text(hip)}Q{_text(out)} {_text(shoulder)}"
    yield element("path", d=d, class_="near", stroke_width=_WIDE["trunk"] * at.scale)
    yield _head(points, at)


def _head(points: Points, at: Stand) -> Markup:
    x, y = at(points["head"])
    return circle(x, y, HEAD * at.scale, "solid")


def _bump(points: Points, posture: Side, at: Stand) -> Markup:
    hip, bend, shoulder = (points[name] for name in ("hip", "bend", "shoulder"))
    low = [hip[k] + 0.36 * (shoulder[k] - hip[k]) + 0.9 * (bend[k] - (hip[k] + shoulder[k]) / 2) for k in (0, 1)]
    x, y = at(_from((low[0], low[1]), 90.0 - posture.lean, 6.0))
    turned = f"rotate({posture.lean:g} {number(x)} {number(y)})"
    return element("ellipse", cx=x, cy=y, rx=7 * at.scale, ry=10.5 * at.scale, transform=turned, class_="solid")


def _limbs(points: Points, side: str, at: Stand, kind: str, which: Sequence[str] = ("leg", "arm")) -> Iterator[Markup]:
    hip, knee, ankle, toe = points["hip"], *(points[f"{side}_{name}"] for name in ("knee", "ankle", "toe"))
    if "leg" in which:
        yield _stroke([hip, knee], at, kind, _WIDE["thigh"])
        yield _stroke([knee, ankle], at, kind, _WIDE["shank"])
        yield _stroke([_down(ankle, 1.0), toe], at, kind, _WIDE["foot"])
    if "arm" in which:
        yield _stroke([points["shoulder"], points[f"{side}_elbow"], points[f"{side}_wrist"]], at, kind, _WIDE["arm"])


def _front_limbs(points: Points, side: str, at: Stand) -> Iterator[Markup]:
    names = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
    hip, knee, ankle, shoulder, elbow, wrist = (points[f"{side}_{name}"] for name in names)
    yield _stroke([hip, knee], at, "near", _WIDE["thigh"])
    yield _stroke([knee, ankle, _down(ankle, 1.0)], at, "near", _WIDE["shank"])
    yield _stroke([shoulder, elbow, wrist], at, "near", _WIDE["arm"])


def _front_trunk(points: Points, at: Stand, turn: float) -> Iterator[Markup]:
    corners = [at(points[name]) for name in ("left_shoulder", "right_shoulder", "right_hip", "left_hip")]
    d = "M" + "L".join(_text(corner) for corner in corners) + "z"
    yield element("path", d=d, class_="near solid", stroke_width=6 * at.scale)
    neck = [points["shoulder"], points["head"]]
    yield _stroke(neck, at, "near", 5.0)
    yield _head(points, at)
    if turn:
        x, y = points["head"]
        tip = at((x + math.copysign(HEAD + 2.4, turn), y - 2.6))
        root = [at((x + turn * HEAD * 0.8, y + dy)) for dy in (0.4, -4.0)]
        yield path("M" + "L".join(_text(point) for point in (root[0], tip, root[1])) + "z", "solid")


def _stroke(points: Sequence[Point], at: Stand, kind: str, width: float) -> Markup:
    d = "M" + "L".join(_text(at(point)) for point in points)
    return element("path", d=d, class_=kind, stroke_width=width * at.scale)


def _from(point: Point, angle_deg: float, length: float) -> Point:
    """The point at that length from another; 0 deg is straight down, 90 to the right, 180 up."""
    angle = math.radians(angle_deg)
    return point[0] + length * math.sin(angle), point[1] - length * math.cos(angle)


def _down(point: Point, by: float = _ANKLE) -> Point:
    return point[0], point[1] - by + 1


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _text(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
