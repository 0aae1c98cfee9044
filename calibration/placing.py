"""Where to put the camera and what its picture should hold, drawn; and what it sees now, as points."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose
from monitor.core.posture.readings import MIN_VISIBILITY
from monitor.core.vocabulary import View
from monitor.reports.charts.drawing import Words, circle, flat, line, path, rect, svg, text
from monitor.reports.charts.figures import Front, Side, Stand, draw_figure
from monitor.reports.markup import Markup, element, number

_WIDTH, _HEIGHT = 320, 190
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


def place_drawing(view: View, name: str) -> Markup:
    """Desk, person and camera from above."""
    x, y = 190.0, 95.0
    desk = [rect(x + 26, y - 62, 54, 124, "soft", rx=4), rect(x + 58, y - 24, 6, 48, "solid")]
    person = [
        element("ellipse", cx=x - 4, cy=y, rx=13, ry=27, class_="solid"),
        circle(x + 2, y, 11, "first"),
        path(f"M{x + 4:g} {y - 20:g}h24M{x + 4:g} {y + 20:g}h24", "arrow"),
    ]
    return svg(name, _SIDE_WORDS if view is View.SIDE else _FRONT_WORDS, _WIDTH, _HEIGHT, flat(desk, _cone(view, x, y), person))


def _cone(view: View, x: float, y: float) -> Iterator[Markup]:
    if view is View.SIDE:
        yield path(f"M{x:g} 182L{x - 58:g} {y - 30:g}H{x + 58:g}z", "band")
        yield rect(x - 9, 176, 18, 12, "point", rx=3)
        yield line(x - 80, 180, x - 80, y, "axis")
        yield text(x - 88, 142, "1.5 to 2.5 m", "e s")
    else:
        yield path(f"M{x + 56:g} {y:g}L{x - 36:g} {y - 52:g}V{y + 52:g}z", "band")
        yield rect(x + 50, y - 8, 12, 16, "point", rx=3)
        yield text(x - 46, y + 5, "50 to 80 cm", "e s")


def aim_drawing(view: View, name: str) -> Markup:
    """How much of the person the picture should hold."""
    frame = [rect(60, 6, 200, 150, "outline", rx=6)]
    if view is View.SIDE:
        sitting = Side(4.0, 0.0, 6.0, (88.0, 84.0), (88.0, 84.0), (40.0, 38.0), (50.0, 50.0))
        figure = draw_figure(sitting, Stand(140.0, 152.0, 1.5), pregnant=False)
        words = Words("The picture from the side", "Head, hips and knees are in it, with a hand's breadth to spare.")
    else:
        figure = draw_figure(Front(), Stand(160.0, 240.0, 2.2), pregnant=False)
        words = Words("The picture from the front", "Head and both shoulders are in it, with room above.")
    return svg(
        name, words, _WIDTH, _HEIGHT - 26, flat(frame, [_clip(name)], [element("g", *figure, clip_path=f"url(#{name}-c)")])
    )


def _clip(name: str) -> Markup:
    return element("clipPath", rect(60, 6, 200, 150, "outline"), id=f"{name}-c")


def skeleton_drawing(pose: Pose | None, name: str = "seen") -> Markup:
    """The points that the camera believes, mirrored as a mirror is; an empty frame where nobody is seen."""
    width = 480.0
    height = width / pose.aspect if pose else 270.0
    marks = [rect(0, 0, width, height, "outline", rx=6)]
    if pose:
        seen = (pose.visibility >= MIN_VISIBILITY) & pose.in_frame()
        at = [(width - float(x) * height, float(y) * height) for x, y in pose.xy]
        marks += [_bone(at[a], at[b]) for limb in _LIMBS for a, b in pairwise(limb) if seen[a] and seen[b]]
        marks += [circle(*at[one], 5, "point") for limb in _LIMBS for one in limb if seen[one]]
    words = Words("What the camera sees, as points", "A person." if pose else "Nobody is seen.")
    return svg(name, words, width, height, marks)


def _bone(a: tuple[float, float], b: tuple[float, float]) -> Markup:
    return path(f"M{number(a[0])} {number(a[1])}L{number(b[0])} {number(b[1])}", "bone")
