"""Where to put the camera and what its picture should hold, drawn; and what it sees now, as points."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose
from monitor.core.vocabulary import View
from monitor.reports.charts.drawing import Words, circle, flat, line, path, rect, svg, text
from monitor.reports.charts.figures import Front, Side, Stand, draw_figure, landmarks
from monitor.reports.markup import Markup, element, number

_WIDTH, _HEIGHT = 320, 190
# A stature of 1.7 m is 100 units of a figure.
_FLOOR, _SCALE = 146.0, 1.5
_PIXELS_PER_M = 100 * _SCALE / 1.7
_SITTING = Side(4.0, 0.0, 6.0, (88.0, 84.0), (88.0, 84.0), (40.0, 38.0), (50.0, 50.0))
_BACK = Front(arms=(14.0, 14.0), forearms=(20.0, 20.0), seated=True)
_LIMBS: Sequence[Sequence[L]] = (
    (L.LEFT_EAR, L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE),
    (L.RIGHT_EAR, L.RIGHT_SHOULDER, L.RIGHT_HIP, L.RIGHT_KNEE, L.RIGHT_ANKLE),
    (L.LEFT_SHOULDER, L.RIGHT_SHOULDER),
    (L.LEFT_HIP, L.RIGHT_HIP),
    (L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST),
    (L.RIGHT_SHOULDER, L.RIGHT_ELBOW, L.RIGHT_WRIST),
)
_SIDE_WORDS = Words(
    "The camera beside you, from above",
    "It stands square to your side at elbow height, 1.5 to 2.5 metres away, and sees head to knees.",
)
_FRONT_WORDS = Words(
    "The camera on the screen, from above", "It stands in the middle of the screen at eye height, 50 to 80 centimetres away."
)

_PHONE_SIDE_WORDS = Words(
    "A telephone beside you, seen from behind",
    "It leans upright on books on a stool at your side, 1.5 to 2.5 metres away, its lens at the height of your elbow.",
)
_PHONE_FRONT_WORDS = Words(
    "A telephone before you, seen from the side",
    "It leans upright on books beside the screen, 50 to 80 centimetres from your face, its lens at the height of your eyes.",
)


def place_drawing(view: View, name: str) -> Markup:
    """Desk, chair, person and camera from above."""
    x, y = (190.0 if view is View.SIDE else 150.0), 62.0
    desk = [rect(x + 26, y - 56, 50, 112, "soft", rx=4), rect(x + 52, y - 24, 5, 48, "solid")]
    chair = [rect(x - 24, y - 22, 42, 44, "thing", rx=8)]
    person = [
        path(f"M{x + 4:g} {y - 19:g}h26M{x + 4:g} {y + 19:g}h26", "arm-above"),
        element("ellipse", cx=x - 4, cy=y, rx=12, ry=25, class_="solid"),
        circle(x + 3, y, 11, "head-above"),
    ]
    return svg(
        name,
        _SIDE_WORDS if view is View.SIDE else _FRONT_WORDS,
        _WIDTH,
        _HEIGHT,
        flat(_cone(view, x, y), desk, chair, person, _camera(view, x, y)),
    )


def _cone(view: View, x: float, y: float) -> Iterator[Markup]:
    if view is View.SIDE:
        yield path(f"M{x:g} 182L{x - 60:g} {y - 36:g}H{x + 60:g}z", "band")
    else:
        yield path(f"M{x + 60:g} {y:g}L{x - 50:g} {y - 50:g}V{y + 50:g}z", "band")


def _camera(view: View, x: float, y: float) -> Iterator[Markup]:
    if view is View.SIDE:
        yield from (rect(x - 10, 172, 20, 13, "point", rx=3), circle(x, 178, 3.2, "lens"), text(x + 18, 183, "camera", "i s"))
        yield from _upright((y, 178.0), x - 84, "1.5 to 2.5 m")
    else:
        yield from (rect(x + 52, y - 9, 12, 18, "point", rx=3), circle(x + 58, y, 3.2, "lens"))
        yield from (text(x + 84, y - 3, "camera on", "i s"), text(x + 84, y + 14, "the screen", "i s"))
        yield from _level((x + 3, x + 58), y + 76, "50 to 80 cm")


def _level(between: tuple[float, float], y: float, words: str) -> Iterator[Markup]:
    """A length from left to right, with its words below."""
    a, b = between
    yield path(f"M{a:g} {y - 5:g}v10M{a:g} {y:g}H{b:g}M{b:g} {y - 5:g}v10", "measure")
    yield text((a + b) / 2, y + 20, words, "m i s")


def _upright(between: tuple[float, float], x: float, words: str) -> Iterator[Markup]:
    """A length from top to bottom, with its words at its left."""
    a, b = between
    yield path(f"M{x - 5:g} {a:g}h10M{x:g} {a:g}V{b:g}M{x - 5:g} {b:g}h10", "measure")
    yield text(x - 9, (a + b) / 2 + 4, words, "e i s")


def telephone_drawing(view: View, name: str) -> Markup:
    """A telephone that leans on books: at the person's side, seen from behind, or before the person, seen from the side.

    Lengths are to scale.
    """
    floor = [line(12, _FLOOR, _WIDTH - 8, _FLOOR, "thing")]
    drawn = _beside(84.0) if view is View.SIDE else _before(70.0)
    words = _PHONE_SIDE_WORDS if view is View.SIDE else _PHONE_FRONT_WORDS
    return svg(name, words, _WIDTH, _FLOOR + 38, flat(floor, drawn))


def _beside(x: float) -> Iterator[Markup]:
    at = Stand(x, _FLOOR, _SCALE)
    elbow = at(landmarks(_BACK)["right_elbow"])[1]
    phone = x + _PIXELS_PER_M * 2.0
    yield from (*draw_figure(_BACK, at, pregnant=False), *_chair_from_behind(x))
    yield from (path(f"M{phone - 22:g} {_FLOOR:g}l5 -40h36l5 40", "thing"), *_leaning(phone, elbow, _FLOOR - 40))
    yield from (
        path(f"M{x + 28:g} {elbow:g}H{phone - 8:g}", "reference"),
        text((x + 30 + phone) / 2, elbow - 8, "elbow height", "m i s"),
    )
    yield text(phone + 4, elbow - 26, "telephone", "m i s")
    yield from _level((x, phone), _FLOOR + 14, "1.5 to 2.5 m")


def _chair_from_behind(x: float) -> Iterator[Markup]:
    yield rect(x - 18, _FLOOR - 84, 36, 34, "soft", rx=8)
    yield path(f"M{x - 24:g} {_FLOOR - 44:g}h48M{x:g} {_FLOOR - 44:g}v34M{x - 20:g} {_FLOOR - 2:g}l20 -10 20 10", "thing")


def _before(x: float) -> Iterator[Markup]:
    at = Stand(x, _FLOOR, _SCALE)
    eyes, desk = at(landmarks(_SITTING)["head"])[1], _FLOOR - 66
    phone = at(landmarks(_SITTING)["head"])[0] + 10 + _PIXELS_PER_M * 0.65
    yield from (*_seat(at), *draw_figure(_SITTING, at, pregnant=False))
    yield path(f"M{x + 42:g} {desk:g}H{x + 150:g}M{x + 142:g} {desk:g}V{_FLOOR:g}", "thing")
    yield path(f"M{phone + 34:g} {desk:g}h18m-9 0v-12m0 -46v46", "thing")
    yield from _leaning(phone, eyes, desk)
    yield path(f"M{x + 18:g} {eyes:g}H{phone - 8:g}", "reference")
    yield from (text(phone - 62, eyes - 15, "eye height", "i s"), text(phone + 56, desk - 20, "screen", "i s"))
    yield from _level((at(landmarks(_SITTING)["head"])[0] + 10, phone), _FLOOR + 14, "50 to 80 cm")


def _leaning(x: float, lens: float, ground: float) -> Iterator[Markup]:
    """A telephone with its lens at that height (px), leaning on a book that stands on books."""
    foot = lens + 19.0
    books = max(round((ground - foot) / 8), 1)
    high = (ground - foot) / books
    yield from (rect(x - 14, ground - (n + 1) * high, 38 - 4 * (n % 2), high, "soft", rx=2) for n in range(books))
    yield rect(x + 7, foot - 21, 7, 21, "soft", rx=2)
    phone = {"x": x - 3, "y": foot - 23, "width": 6, "height": 23, "rx": 2.5}
    yield element("rect", **phone, transform=f"rotate(9 {number(x)} {number(foot)})", class_="point")
    yield circle(x + 3, lens - 1, 1.5, "lens")


def aim_drawing(view: View, name: str) -> Markup:
    """How much of the person the picture should hold."""
    frame = [rect(60, 6, 200, 150, "frame", rx=6)]
    if view is View.SIDE:
        at = Stand(140.0, 150.0, 1.5)
        x, desk = 140.0, 150.0 - 66
        scene = path(f"M{x + 42:g} {desk:g}h66M{x + 92:g} {desk:g}V150M{x + 70:g} {desk:g}l6 -34", "thing")
        figure = [*_seat(at), scene, *draw_figure(_SITTING, at, pregnant=False)]
        words = Words("The picture from the side", "Head, hips and knees are in it, with a hand's breadth to spare.")
    else:
        figure = list(draw_figure(Front(), Stand(160.0, 362.0, 3.2), pregnant=False))
        words = Words("The picture from the front", "Head and both shoulders are in it, with room above.")
    return svg(
        name, words, _WIDTH, _HEIGHT - 26, flat(frame, [_clip(name)], [element("g", *figure, clip_path=f"url(#{name}-c)")])
    )


def _seat(at: Stand) -> Iterator[Markup]:
    """A chair with a back behind a person who sits on it."""
    x, y = at((0.0, landmarks(_SITTING)["hip"][1] - 6))
    low = at((0.0, 0.0))[1]
    yield path(
        f"M{x - 20:g} {y:g}h36M{x - 22:g} {y - 6:g}l-5 -44M{x - 2:g} {y:g}V{low - 8:g}M{x - 18:g} {low:g}l16 -8 16 8", "thing"
    )


def _clip(name: str) -> Markup:
    return element("clipPath", rect(60, 6, 200, 150, "outline"), id=f"{name}-c")


def skeleton_drawing(pose: Pose | None, name: str = "seen") -> Markup:
    """The points that the camera believes, mirrored as a mirror is; an empty frame where nobody is seen."""
    width = 480.0
    height = width / pose.aspect if pose else 270.0
    marks = [rect(0, 0, width, height, "outline", rx=6)]
    if pose:
        seen, at = pose.seen, [(width - x * height, y * height) for x, y in zip(*pose.points, strict=True)]
        marks += [_bone(at[a], at[b]) for limb in _LIMBS for a, b in pairwise(limb) if seen[a] and seen[b]]
        marks += [circle(*at[one], 5, "point") for limb in _LIMBS for one in limb if seen[one]]
    words = Words("What the camera sees, as points", "A person." if pose else "Nobody is seen.")
    return svg(name, words, width, height, marks)


def _bone(a: tuple[float, float], b: tuple[float, float]) -> Markup:
    return path(f"M{number(a[0])} {number(a[1])}L{number(b[0])} {number(b[1])}", "bone")
