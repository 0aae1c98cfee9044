"""A body map, front and back, with the number of check-ins for each place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.advice.checkin import PLACES
from monitor.reports.charts.drawing import Words, flat, line, path, svg, text
from monitor.reports.markup import Markup, element, number

WIDTH, HEIGHT = 124, 184
_FRONT, _BACK = 31.0, 93.0
# The right half from the neck down to the groin, then mirrored: (from the middle, from the top).  Legs are shortened.
_HALF = (
    (5, 25), (5.5, 31), (16, 35), (20.5, 42), (22.5, 56), (25, 72), (28, 88), (29.5, 98), (29, 107.2), (26.5, 106.5),
    (25.5, 97), (22.5, 84), (19.5, 70), (16.3, 50), (15.5, 62), (13.8, 74), (17.5, 91), (18.3, 100), (17, 116.2),
    (13.8, 132.8), (14, 143.2), (10, 161.2), (12, 166.5), (8, 168.8), (5.5, 165.8), (6, 159.8), (4.6, 144.8), (4, 132.8),
    (2.4, 111.8), (0, 105),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a place on the body: its view, the middle and half axes of its mark; ``paired`` if it is on both sides."""

    middle: float
    x: float
    y: float
    rx: float
    ry: float
    paired: bool = False

    @property
    def in_front(self) -> bool:
        """Whether it is on the view from the front."""
        return self.middle == _FRONT


SPOTS: Mapping[str, Place] = {
    "neck": Place(_BACK, 0, 29, 5, 4.5),
    "shoulders": Place(_BACK, 13, 39, 6, 4, paired=True),
    "upper_back": Place(_BACK, 0, 54, 11, 8.5),
    "low_back": Place(_BACK, 0, 79, 10, 6),
    "one_side": Place(_BACK, 10, 66, 4, 6),
    "tailbone": Place(_BACK, 0, 94, 3.8, 4),
    "bottom": Place(_BACK, 9, 103, 6.5, 5, paired=True),
    "hips": Place(_FRONT, 16.5, 93, 4.5, 6.5, paired=True),
    "pubic_bone": Place(_FRONT, 0, 100, 4.5, 4.5),
    "groin": Place(_FRONT, 8.3, 104, 4, 5, paired=True),
    "thigh": Place(_FRONT, 10.2, 120, 5, 8.5, paired=True),
    "calf": Place(_BACK, 9.3, 145.5, 4.2, 8, paired=True),
}


def draw_body(counts: Mapping[str, int], name: str, *, pregnant: bool) -> Markup:
    """Both views with the number of check-ins in each place that was named; places that were not are left out."""
    named = {place: count for place, count in counts.items() if count and place in SPOTS}
    told = ", ".join(f"{PLACES[place]} {count}" for place, count in sorted(named.items(), key=lambda item: -item[1]))
    marks = flat(
        _outline(_FRONT),
        _outline(_BACK),
        _front(pregnant=pregnant),
        _back(),
        (mark for place, count in named.items() for mark in _spot(SPOTS[place], count, PLACES[place])),
        [text(_FRONT, HEIGHT - 3, "front", "m count"), text(_BACK, HEIGHT - 3, "back", "m count")],
    )
    words = Words("Where it hurt, by number of check-ins", f"{told or 'No place was named'}.")
    return svg(name, words, WIDTH, HEIGHT, marks)


def draw_choices(name: str, *, pregnant: bool) -> Markup:
    """Both views with every place, each a mark of the kind ``spot spot-PLACE`` that a page fills when the place is ticked."""
    spots = [
        element("ellipse", element("title", PLACES[place]), cx=at.middle + side * at.x, cy=at.y, rx=at.rx, ry=at.ry,
                class_=f"spot spot-{place.replace('_', '-')}")
        for place, at in SPOTS.items()
        for side in ((-1, 1) if at.paired else (1,))
    ]  # fmt: skip
    labels = [text(_FRONT, HEIGHT - 3, "front", "m count"), text(_BACK, HEIGHT - 3, "back", "m count")]
    marks = flat(_outline(_FRONT), _outline(_BACK), _front(pregnant=pregnant), _back(), spots, labels)
    return svg(
        name, Words("A body from the front and the back", "The places that can be ticked beside it."), WIDTH, HEIGHT, marks
    )


def _outline(middle: float) -> list[Markup]:
    right = [(middle + x, float(y)) for x, y in _HALF]
    left = [(middle - x, float(y)) for x, y in reversed(_HALF[:-1])]
    head = element("ellipse", cx=middle, cy=13, rx=8.5, ry=11.5, class_="outline")
    return [path(f"{smooth([*right, *left])}", "outline"), head]


def _front(*, pregnant: bool) -> Iterator[Markup]:
    yield path(f"M{_FRONT - 10} 53q5 4 9 0m2 0q5 4 9 0", "detail")
    if pregnant:
        yield path(f"M{_FRONT - 12} 68q-2 24 12 25q14 -1 12 -25", "detail")
    yield line(_FRONT, 82, _FRONT, 83.5, "detail")


def _back() -> Iterator[Markup]:
    yield path(f"M{_BACK - 10} 44q1 6 5 9m10 0q4 -3 5 -9", "detail")
    yield path(f"M{_BACK - 13} 108q7 3 12 -1m2 0q5 4 12 1", "detail")


def _spot(at: Place, count: int, title: str) -> Iterator[Markup]:
    sides = (-1, 1) if at.paired else (1,)
    for side in sides:
        x = at.middle + side * at.x
        yield element("ellipse", element("title", f"{title}: {count}"), cx=x, cy=at.y, rx=at.rx, ry=at.ry, class_="hurts")
    yield text(at.middle + at.x, at.y + 4, str(count), "m b count halo")


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """A closed curve through the points, as a path (Catmull and Rom 1974, as cubic pieces)."""
    n = len(points)
    pieces = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for i in range(n):
        before, start, end, after = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        first = [start[k] + (end[k] - before[k]) / 6 for k in (0, 1)]
        second = [end[k] - (after[k] - start[k]) / 6 for k in (0, 1)]
        pieces.append("C" + " ".join(number(value) for value in (*first, *second, *end)))
    return "".join(pieces) + "z"
