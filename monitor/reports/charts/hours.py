"""Sitting by hour of the week, in minutes per observed hour."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import count, pairwise, takewhile

from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.drawing import NARROW, Chart, Words, chart, flat, hatched, line, rect, svg, text
from monitor.reports.charts.scales import HOUR_S, MINUTE_S
from monitor.reports.markup import Markup
from monitor.texts.catalogue import about_sitting

# The shortest observed time (s) for a value [E].
ENOUGH_S = 15 * MINUTE_S
_STEPS = 5
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOTE = "Hatched: seen for less than 15 min. A short dash: not watched."


@dataclass(frozen=True, slots=True)
class HourCell:
    """An hour of a weekday: time (s) observed, the sitting in it, and the monitored time, unseen time included."""

    sitting_s: float
    seen_s: float
    watched_s: float

    @property
    def minutes(self) -> int | None:
        """Minutes of sitting per observed hour; None where less than 15 min were observed."""
        return round(self.sitting_s / self.seen_s * 60) if self.seen_s >= ENOUGH_S else None


Cells = Mapping[tuple[int, int], HourCell]


def hour_cells(days: Sequence[ChartDay], tz: tzinfo) -> dict[tuple[int, int], HourCell]:
    """The cells of the hours of the week, by weekday (0 is Monday) and hour; hours without monitoring are absent."""
    tallies: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for bout in (bout for day in days for bout in day.bouts):
        for start, end in _hours_in(bout.start, bout.end):
            at = datetime.fromtimestamp(start, tz)
            tally = tallies[at.weekday(), at.hour]
            tally[0] += (end - start) * (bout.activity is Activity.SITTING)
            tally[1] += (end - start) * (bout.activity is not Activity.UNKNOWN)
            tally[2] += end - start
    return {key: HourCell(*tally) for key, tally in sorted(tallies.items())}


def hours_chart(cells: Cells, key: str = "hours") -> Chart:
    """The hours of the week as a table of five shades of one hue; ``cells`` are not empty."""
    draw = lambda width, name: draw_hours(cells, width, name)  # noqa: E731
    return chart(key, about_sitting("by_hour"), sentence(cells), draw, f"{about_sitting('hour_note')} {_NOTE}")


def sentence(cells: Cells) -> str:
    """The hour with the most sitting."""
    known = {key: cell.minutes for key, cell in cells.items() if cell.minutes is not None}
    if not known:
        return about_sitting("hour_unknown")
    (weekday, hour), most = max(known.items(), key=lambda item: (item[1], -item[0][0], -item[0][1]))
    return about_sitting("hour_most", hour=f"{_WEEKDAYS[weekday]} from {hour:02d}:00 to {(hour + 1) % 24:02d}:00", most=most)


def shade(minutes: int) -> int:
    """The step (1 to 5) of the shade: twelve minutes each."""
    return min(minutes // 12, _STEPS - 1) + 1


def draw_hours(cells: Cells, width: int, name: str) -> Markup:
    """Weekdays down, hours across, in that width (px)."""
    slim = width <= NARROW
    hours = range(min(hour for _, hour in cells), max(hour for _, hour in cells) + 1)
    left, height = (34.0, 26.0) if slim else (46.0, 32.0)
    pitch = min((width - left) / len(hours), 110.0)
    heads = _heads(hours, left, pitch, slim=slim)
    rows = [mark for day in range(7) for mark in _row(cells, day, hours, (name, left, 26 + day * height, pitch, height))]
    return svg(name, Words(about_sitting("hour_title"), _described(cells)), width, 30 + 7 * height, flat(heads, rows))


def _heads(hours: Sequence[int], left: float, pitch: float, *, slim: bool) -> Iterator[Markup]:
    every = 1 if pitch > (22 if slim else 46) else 2
    for n, hour in enumerate(hours):
        if n % every == 0:
            yield text(left + n * pitch, 14, f"{hour}" if slim else f"{hour:02d}:00", "s")


def _row(cells: Cells, day: int, hours: Sequence[int], at: tuple[str, float, float, float, float]) -> Iterator[Markup]:
    name, left, y, pitch, height = at
    yield text(0, y + height / 2 + 5, _WEEKDAYS[day][:3], "s i")
    for n, hour in enumerate(hours):
        x, cell = left + n * pitch, cells.get((day, hour))
        middle, box = x + pitch / 2, (x + 1, y + 1, pitch - 2, height - 2)
        if cell is None:
            yield line(middle - 3, y + height / 2, middle + 3, y + height / 2, "axis")
        elif cell.minutes is None:
            yield hatched(name, *box, title="seen for less than 15 min")
        else:
            yield rect(*box, f"h{shade(cell.minutes)}")
            yield text(middle, y + height / 2 + 5, str(cell.minutes), f"m s on{shade(cell.minutes)}")


def _described(cells: Cells) -> str:
    def told(day: int) -> str:
        known = [
            f"{hour:02d}:00 {c.minutes if c.minutes is not None else 'too little seen'}"
            for (d, hour), c in cells.items()
            if d == day
        ]
        return f"{_WEEKDAYS[day]}: {', '.join(known) or 'not watched'}"

    return "; ".join(told(day) for day in range(7)) + "."


def _hours_in(start: float, end: float) -> Iterator[tuple[float, float]]:
    """The pieces of a time that lie within one clock hour; zones differ by quarters of an hour."""
    quarter = HOUR_S / 4
    first = start - start % quarter + quarter
    cuts = [start, *takewhile(lambda t: t < end, count(first, quarter)), end]
    yield from pairwise(cuts)
