"""Posture signals over a day against the person's own range."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby

from monitor.reports.charts.drawing import NARROW, Chart, Words, axis, chart, flat, hatched, line, path, rect, svg, text, width_of
from monitor.reports.charts.scales import MINUTE_S, Scale, clock_ticks
from monitor.reports.markup import Markup, number
from monitor.reports.phrases import percent, span

_PANEL, _STRIP, _PITCH = 60.0, 8.0, 118.0
# A larger distance (s) between minutes interrupts the line: the time between was unseen.
_BRIDGE_S = 150.0
_NOTE = (
    "Shaded: your own range around your calibrated upright. Dashed: your upright. Thick line: outside your range. Hatched strip: "
    "you were there, but this could not be measured."
)


@dataclass(frozen=True, slots=True)
class SignalPoint:
    """One minute that began at ``t`` (POSIX s): the mean in the signal's unit, and whether it was mostly outside."""

    t: float
    value: float
    off: bool


@dataclass(frozen=True, slots=True)
class SignalSeries:
    """A signal over a day, by minute; ``reference`` is the own upright, ``low`` and ``high`` the range (infinite: no limit).

    ``missed`` are the minutes (POSIX s) in which the person was present and the signal not measured; ``edge`` names the limit.
    """

    label: str
    unit: str
    points: Sequence[SignalPoint]
    missed: Sequence[float]
    reference: float
    low: float
    high: float


def posture_chart(signals: Sequence[SignalSeries], start: float, end: float, tz: tzinfo, key: str = "posture") -> Chart:
    """Signals one below the other between two times (POSIX s); each has at least one point."""
    draw = lambda width, name: draw_posture(signals, (start, end), tz, (width, name))  # noqa: E731
    return chart(key, "Posture against your own range", sentence(signals), draw, _NOTE)


def sentence(signals: Sequence[SignalSeries]) -> str:
    """Which signal was outside longest, and for how long."""
    most = max(signals, key=outside_s)
    measured = len(most.points) * MINUTE_S
    if not outside_s(most):
        return f"Nothing was outside your own range in the {span(measured)} in which it was measured."
    share = percent(outside_s(most) / measured)
    return f"Your {most.label} was outside your own range for {span(outside_s(most))}, {share} of the {span(measured)} measured."


def outside_s(one: SignalSeries) -> float:
    """Minutes outside, in seconds."""
    return MINUTE_S * sum(point.off for point in one.points)


def draw_posture(signals: Sequence[SignalSeries], time: tuple[float, float], tz: tzinfo, to: tuple[int, str]) -> Markup:
    """The panels; ``time`` is from and to (POSIX s), ``to`` the width (px) and the name of the drawing."""
    width, name = to
    x = Scale(*time, 2.0, width - 2.0)
    panels = [_panel(one, x, n * _PITCH, name) for n, one in enumerate(signals)]
    base = _PITCH * len(signals) - 12
    ticks = axis(x, clock_ticks(*time, tz, 6 if width <= NARROW else 13), base, base + 22, width)
    words = Words("Posture over the day against your own range", " ".join(_described(one) for one in signals))
    return svg(name, words, width, base + 30, flat(*panels, ticks))


def _panel(one: SignalSeries, x: Scale, top: float, name: str) -> Iterator[Markup]:
    y = _scale(one, top + 24)
    high, low = y(min(one.high, y.high)), y(max(one.low, y.low))
    yield text(0, top + 14, one.label[0].upper() + one.label[1:], "s b")
    if width_of(one.label) + width_of(_edges(one)) < x.last:
        yield text(x.last, top + 14, _edges(one), "e s")
    yield rect(x.first, high, x.last - x.first, low - high, "band")
    for edge in (one.low, one.high):
        if math.isfinite(edge):
            yield line(x.first, y(edge), x.last, y(edge), "bandedge")
    yield line(x.first, y(one.reference), x.last, y(one.reference), "reference")
    yield from _lines(one.points, x, y)
    for first, last in _rows(one.missed):
        yield hatched(name, x(first), top + 24 + _PANEL + 6, max(x(last + MINUTE_S) - x(first), 1.5), _STRIP)


def _scale(one: SignalSeries, top: float) -> Scale:
    finite = [value for value in (one.low, one.high, one.reference) if math.isfinite(value)]
    values = [*finite, *(point.value for point in one.points)]
    room = (max(values) - min(values)) * 0.08 or 1.0
    return Scale(min(values) - room, max(values) + room, top + _PANEL, top)


def _edges(one: SignalSeries) -> str:
    upper, lower = math.isfinite(one.high), math.isfinite(one.low)
    return "edges of your range" if upper and lower else f"{'upper' if upper else 'lower'} line: edge of your range"


def _lines(points: Sequence[SignalPoint], x: Scale, y: Scale) -> Iterator[Markup]:
    """Thin lines through measured minutes, thick ones over those outside the range."""
    for kind, some in (("inside", list(points)), ("outside", [point for point in points if point.off])):
        d = "".join(_polyline(run, x, y) for run in _runs(some))
        if d:
            yield path(d, kind)


def _runs(points: Sequence[SignalPoint]) -> Iterator[list[SignalPoint]]:
    run: list[SignalPoint] = []
    for point in points:
        if run and point.t - run[-1].t > _BRIDGE_S:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _polyline(run: Sequence[SignalPoint], x: Scale, y: Scale) -> str:
    places = [f"{number(x(point.t + MINUTE_S / 2))} {number(y(point.value))}" for point in run]
    return f"M{'L'.join(places)}" if len(places) > 1 else f"M{places[0]}h1.5"


def _rows(minutes: Sequence[float]) -> Iterator[tuple[float, float]]:
    for _, row in groupby(enumerate(minutes), key=lambda one: one[1] - one[0] * MINUTE_S):
        times = [t for _, t in row]
        yield times[0], times[-1]


def _described(one: SignalSeries) -> str:
    measured, missed = len(one.points) * MINUTE_S, len(one.missed) * MINUTE_S
    values = [point.value for point in one.points]
    between = f"from {min(values):.2g} to {max(values):.2g} {one.unit}"
    return f"{one.label}: measured {span(measured)}, {between}, outside {span(outside_s(one))}; not measured {span(missed)}."
