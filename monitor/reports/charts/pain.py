"""Pain over days above sitting over the same days: two plots on one axis, without a fitted line."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from monitor.reports.charts.drawing import NARROW, Chart, Words, chart, circle, flat, line, rect, svg, text
from monitor.reports.charts.scales import HOUR_S, Scale, hour_ticks
from monitor.reports.markup import Markup, number
from monitor.reports.phrases import many, span
from monitor.texts.catalogue import about_sitting

WEEK = 7
# The widest bar (px).
_WIDEST = 40.0
_TOP, _HIGH, _GAP = 26.0, 86.0, 44.0
_NOTE = (
    "The same days, one above the other. This shows both and explains neither: {sitting} and how your back feels can go "
    "together, or not, for many reasons."
)


@dataclass(frozen=True, slots=True)
class PainSeriesDay:
    """A day: its name, the pain values entered (0 to 10), the time sat (s), NaN without monitoring."""

    name: str
    pains: Sequence[int]
    sitting_s: float


def pain_chart(days: Sequence[PainSeriesDay], key: str = "pain") -> Chart:
    """Days in order, at least one of them with a check-in."""
    note = _NOTE.format(sitting=about_sitting("pain_note"))
    return chart(key, about_sitting("pain_heading"), sentence(days), lambda width, name: draw_pain(days, width, name), note)


def weekly_medians(days: Sequence[PainSeriesDay]) -> list[float]:
    """The median pain of each seven days, counted back from the last day; NaN without a check-in."""
    weeks = [days[max(end - WEEK, 0) : end] for end in range(len(days), 0, -WEEK)][::-1]
    return [median(pains) if (pains := [pain for day in week for pain in day.pains]) else math.nan for week in weeks]


def sentence(days: Sequence[PainSeriesDay]) -> str:
    """The number of check-ins, and the median of each week."""
    pains = [pain for day in days for pain in day.pains]
    if len(days) <= WEEK:
        return f"{many(len(pains), 'check-in')}; the middle one was {number(median(pains))} of 10."
    weeks = ", ".join("-" if math.isnan(one) else number(one) for one in weekly_medians(days))
    return f"{many(len(pains), 'check-in')}. The middle of each week: {weeks} of 10, oldest first."


def draw_pain(days: Sequence[PainSeriesDay], width: int, name: str) -> Markup:
    """Points for pains, bars for sitting, in that width (px)."""
    x = Scale(0.0, float(len(days)), 34.0, width - 4.0)
    longest = max((day.sitting_s for day in days if not math.isnan(day.sitting_s)), default=HOUR_S)
    ticks = hour_ticks(max(longest, HOUR_S), 3)
    pain = Scale(0.0, 10.0, _TOP + _HIGH, _TOP)
    base = _TOP + _HIGH + _GAP + _HIGH
    sitting = Scale(0.0, ticks[-1].value, base, base - _HIGH)
    marks = flat(
        [text(0, 13, "Pain, 0 to 10, as you noted it", "s b")],
        _grid(pain, [(0, "0"), (5, "5"), (10, "10")], x),
        (circle(x(n + 0.5), pain(p), 3.6, "point", f"{d.name}: pain {p} of 10") for n, d in enumerate(days) for p in d.pains),
        [text(0, base - _HIGH - 14, about_sitting("pain_axis"), "s b")],
        _grid(sitting, [(tick.value, tick.label) for tick in ticks], x),
        _bars(days, x, sitting),
        _weeks(days, x, base, width),
    )
    return svg(name, Words(about_sitting("pain_title"), _described(days)), width, base + 26, marks)


def _grid(y: Scale, values: Sequence[tuple[float, str]], x: Scale) -> Iterator[Markup]:
    for value, label in values:
        yield line(x.first, y(value), x.last, y(value), "axis" if value == 0 else "grid")
        yield text(x.first - 8, y(value) + 5, label, "e s")


def _bars(days: Sequence[PainSeriesDay], x: Scale, y: Scale) -> Iterator[Markup]:
    pitch = x(1) - x(0)
    gap = max(min(pitch * 0.18, 3.0), (pitch - _WIDEST) / 2)
    for n, day in enumerate(days):
        if math.isnan(day.sitting_s):
            yield line(x(n) + 2, y(0) - 2, x(n + 1) - 1, y(0) - 2, "unwatched")
        else:
            top = y(day.sitting_s)
            yield rect(x(n) + gap, top, x(1) - x(0) - 2 * gap, y(0) - top, "bar", title=f"{day.name}: {span(day.sitting_s)}")


def _weeks(days: Sequence[PainSeriesDay], x: Scale, base: float, width: int) -> Iterator[Markup]:
    if len(days) <= WEEK:
        names = [day.name if width > NARROW else day.name.partition(" ")[0] for day in days]
        yield from (text(x(n + 0.5), base + 22, name, "m s") for n, name in enumerate(names))
        return
    every = WEEK if width > NARROW else 2 * WEEK
    for n in range(0, len(days), every):
        yield line(x(n), base, x(n), base + 7, "axis")
        yield text(x(n), base + 22, days[n].name, "s")


def _described(days: Sequence[PainSeriesDay]) -> str:
    told = []
    for day in days:
        pains = f"pain {' and '.join(map(str, day.pains))}" if day.pains else "no check-in"
        sat = "not watched" if math.isnan(day.sitting_s) else about_sitting("on_day", length=span(day.sitting_s))
        told.append(f"{day.name}: {pains}, {sat}")
    return "; ".join(told) + "."
