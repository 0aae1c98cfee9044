"""Bouts along a time axis.

Each activity is encoded three times, so that none depends on colour: height (sitting half, standing full), lightness (dark,
middle, light with an edge), hue.  Unknown is hatched over the full height, away is a line, time without monitoring is dotted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby, pairwise

from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.reports.charts.drawing import hatched, line, path, rect
from monitor.reports.markup import Markup, number
from monitor.reports.phrases import span
from monitor.texts.catalogue import activity_name, reason
from monitor.texts.reminders import clock

SIT, STAND, MOVE, AWAY, UNKNOWN = Activity
# Class, and share of the height.
SHAPES: Mapping[Activity, tuple[str, float]] = {SIT: ("sit", 0.5), STAND: ("stand", 1.0), MOVE: ("move", 1.0)}
# A shorter gap (s) between two bouts is the time between two samples.
_HOLE_S = 60.0
_LEAST_PX = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """Where a strip lies: the ``place`` (px) of a time, the base line and the full height, the drawing's ``name``."""

    name: str
    place: Callable[[float], float]
    base: float
    height: float


def told_strip(bouts: Sequence[Bout], at: Line, tz: tzinfo) -> Iterator[Markup]:
    """Every bout as a mark of its own, with a tooltip."""
    yield from _holes(bouts, at)
    # Standing and moving last: a short one lies above the sitting that it interrupts.
    for bout in sorted(bouts, key=lambda one: one.activity in {STAND, MOVE}):
        title = f"{words(bout)} {span(bout.seconds)}, {clock(bout.start, tz)} to {clock(bout.end, tz)}"
        yield _mark(bout.activity, at.place(bout.start), at.place(bout.end), at, title)


def fine_strip(bouts: Sequence[Bout], at: Line) -> Iterator[Markup]:
    """The same for many days on one page: what fills most of a pixel is drawn, and each activity is one mark."""
    yield from _holes(bouts, at)
    edges: dict[Activity, list[tuple[float, float]]] = defaultdict(list)
    for activity, run in groupby(_columns(bouts, at.place), key=lambda column: column[1]):
        columns = [x for x, _ in run]
        for first, last in _joined(columns):
            edges[activity].append((first, last + 1))
    for activity, pieces in edges.items():
        if activity in SHAPES:
            kind, share = SHAPES[activity]
            height = at.height * share
            yield path("".join(_box(a, b, at.base - height, height) for a, b in pieces), kind)
        else:
            yield from (_mark(activity, a, b, at, None) for a, b in pieces)


def words(bout: Bout) -> str:
    """The text of a bout: ``sitting``, ``not known (hips hidden)``."""
    return f"not known ({reason(bout.why)})" if bout.activity is UNKNOWN and bout.why else activity_name(bout.activity)


def _mark(activity: Activity, start: float, end: float, at: Line, title: str | None) -> Markup:
    width = max(end - start, _LEAST_PX)
    if activity is AWAY:
        return line(start, at.base - 1, start + width, at.base - 1, "away")
    if activity is UNKNOWN:
        return hatched(at.name, start, at.base - at.height, width, at.height, title)
    kind, share = SHAPES[activity]
    return rect(start, at.base - at.height * share, width, at.height * share, kind, title=title)


def _holes(bouts: Sequence[Bout], at: Line) -> Iterator[Markup]:
    for before, after in pairwise(sorted(bouts, key=lambda bout: bout.start)):
        if after.start - before.end >= _HOLE_S:
            yield line(at.place(before.end) + 2, at.base - 1, at.place(after.start) - 2, at.base - 1, "unwatched")


def _columns(bouts: Sequence[Bout], place: Callable[[float], float]) -> list[tuple[int, Activity]]:
    filled: dict[int, dict[Activity, float]] = defaultdict(lambda: defaultdict(float))
    for bout in bouts:
        start, end = place(bout.start), place(bout.end)
        for x in range(int(start), int(end) + 1):
            filled[x][bout.activity] += max(min(end, x + 1) - max(start, x), 0.0)
    return [(x, max(parts, key=lambda kind: parts[kind])) for x, parts in sorted(filled.items()) if max(parts.values()) > 0]


def _joined(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each row of neighbours."""
    for _, row in groupby(enumerate(columns), key=lambda one: one[1] - one[0]):
        neighbours = [x for _, x in row]
        yield neighbours[0], neighbours[-1]


def _box(start: float, end: float, top: float, height: float) -> str:
    return f"M{number(start)} {number(top)}h{number(end - start)}v{number(height)}h{number(start - end)}z"
