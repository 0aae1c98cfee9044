"""The days of a week compared with the person's own previous weeks, never with other people."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from monitor.reports.charts.drawing import Chart, Words, chart, circle, flat, line, rect, svg, text
from monitor.reports.charts.scales import HOUR_S, Scale, hour_ticks
from monitor.reports.markup import Markup
from monitor.reports.phrases import many, span
from monitor.texts.catalogue import about_sitting

# The fewest days for a band of quartiles.
ENOUGH_DAYS = 8
_TOP, _HEIGHT = 24.0, 110.0


@dataclass(frozen=True, slots=True)
class SatDay:
    """A day and the time sat on it (s), NaN without monitoring."""

    name: str
    sitting_s: float


@dataclass(frozen=True, slots=True)
class OwnWeeks:
    """The days of this week, and the quartiles (s) of the days of the four weeks before; None: too few."""

    days: Sequence[SatDay]
    usual_s: tuple[float, float] | None


def own_weeks(days: Sequence[SatDay], before: Sequence[SatDay]) -> OwnWeeks:
    """This week's days with the quartiles of the monitored days before."""
    known = [day.sitting_s for day in before if not math.isnan(day.sitting_s)]
    if len(known) < ENOUGH_DAYS:
        return OwnWeeks(days, None)
    low, high = np.percentile(known, (25, 75))
    return OwnWeeks(days, (float(low), float(high)))


def own_weeks_chart(seen: OwnWeeks, key: str = "own-weeks") -> Chart:
    """This week's days over the band of the person's own four weeks before; at least one day was monitored."""
    return chart(key, "Beside your own weeks", sentence(seen), lambda width, name: draw_own_weeks(seen, width, name))


def sentence(seen: OwnWeeks) -> str:
    """How many of the days lie within the usual, below and above it."""
    known = [day.sitting_s for day in seen.days if not math.isnan(day.sitting_s)]
    if seen.usual_s is None:
        return f"Fewer than {ENOUGH_DAYS} days were watched in the four weeks before: too few to compare with."
    low, high = seen.usual_s
    below, above = sum(s < low for s in known), sum(s > high for s in known)
    return (
        f"{about_sitting('own_weeks', low=span(low), high=span(high))}; "
        f"these {many(len(known), 'day')}: {below} below that, {above} above."
    )


def draw_own_weeks(seen: OwnWeeks, width: int, name: str) -> Markup:
    """A point a day, and the band."""
    known = [day.sitting_s for day in seen.days if not math.isnan(day.sitting_s)]
    ticks = hour_ticks(max(*known, *(seen.usual_s or ()), HOUR_S), 5)
    base = _TOP + _HEIGHT
    y = Scale(0.0, ticks[-1].value, base, _TOP)
    x = Scale(0.0, float(len(seen.days)), 44.0, float(width))
    scale = [text(32, y(tick.value) + 5, tick.label, "e s") for tick in ticks]
    marks = flat(scale, _band(seen, x, y), [line(x.first, base, x.last, base, "axis")], _points(seen.days, x, y))
    return svg(name, Words(about_sitting("own_weeks_title"), _described(seen)), width, base + 26, marks)


def _band(seen: OwnWeeks, x: Scale, y: Scale) -> Iterator[Markup]:
    if seen.usual_s is None:
        return
    low, high = (y(value) for value in seen.usual_s)
    yield rect(x.first, high, x.last - x.first, max(low - high, 2.0), "band")
    for edge in (low, high):
        yield line(x.first, edge, x.last, edge, "bandedge")
    yield text(x.last, 13, "band: the middle half of your days before", "e s")


def _points(days: Sequence[SatDay], x: Scale, y: Scale) -> Iterator[Markup]:
    for n, day in enumerate(days):
        at = x(n + 0.5)
        yield text(at, y(0) + 20, day.name, "m s i")
        if math.isnan(day.sitting_s):
            yield line(at - 14, y(0) - 3, at + 14, y(0) - 3, "unwatched")
        else:
            yield circle(at, y(day.sitting_s), 5, "dot", span(day.sitting_s))


def _described(seen: OwnWeeks) -> str:
    told = ", ".join(f"{d.name} {'not watched' if math.isnan(d.sitting_s) else span(d.sitting_s)}" for d in seen.days)
    band = f" The middle half of your days before: {span(seen.usual_s[0])} to {span(seen.usual_s[1])}." if seen.usual_s else ""
    return f"{told}.{band}"
