"""Scales and ticks of drawings."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

HOUR_S, MINUTE_S = 3600.0, 60.0
_DAY_H = 24
_QUARTER_S = 900
# Step sizes; the first that gives few enough ticks is used.
_MINUTES = (15, 30, 60, 120, 240)
_HOURS = (1, 2, 3, 4, 6, 12)
_PLAIN = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: ``low`` and ``high`` (values, apart) lie at ``first`` and ``last`` (px)."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        """The place (px) of a value, also of one outside."""
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at ``value``, with its label."""

    value: float
    label: str


def clock_ticks(start: float, end: float, tz: tzinfo, most: int) -> list[Tick]:
    """Full hours of the person's clock within ``start`` to ``end`` (POSIX s), at most ``most`` of them."""
    step = _step(_HOURS, (end - start) / HOUR_S, most)
    first = math.ceil(start / _QUARTER_S) * _QUARTER_S
    times = [datetime.fromtimestamp(t, tz) for t in range(first, math.floor(end) + 1, _QUARTER_S)]
    return [Tick(at.timestamp(), f"{at:%H:%M}") for at in times if at.minute == 0 and at.hour % step == 0]


def day_ticks(first_h: int, last_h: int, most: int) -> list[Tick]:
    """Hours of any day as seconds since midnight."""
    step = _step(_HOURS, last_h - first_h, most)
    return [Tick(h * HOUR_S, f"{h if h <= _DAY_H else h - _DAY_H:02d}:00") for h in range(first_h, last_h + 1) if h % step == 0]


def length_ticks(longest_s: float, most: int) -> list[Tick]:
    """Lengths of time (s) from nought in minutes, the unit at the last, which lies at or beyond ``longest_s``."""
    step = _step(_MINUTES, longest_s / MINUTE_S, most)
    count = max(math.ceil(longest_s / MINUTE_S / step - 1e-9), 1)
    return _with_unit([Tick(n * step * MINUTE_S, str(n * step)) for n in range(count + 1)], "min")


def hour_ticks(longest_s: float, most: int) -> list[Tick]:
    """Lengths of time (s) from nought in hours, the unit at the last, which lies at or beyond ``longest_s``."""
    step = _step(_HOURS, longest_s / HOUR_S, most)
    count = max(math.ceil(longest_s / HOUR_S / step - 1e-9), 1)
    return _with_unit([Tick(n * step * HOUR_S, str(n * step)) for n in range(count + 1)], "h")


def plain_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Round numbers that enclose ``low`` to ``high``."""
    step = _step(_PLAIN, high - low, most)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [Tick(n * step, str(n * step)) for n in range(first, max(last, first + 1) + 1)]


def since_midnight(t: float, start: float, tz: tzinfo) -> float:
    """The local time at ``t`` (POSIX s), as seconds since the midnight before the day that begins at ``start`` (POSIX s).

    Correct also on a day when clocks change.
    """
    shown, begun = (datetime.fromtimestamp(at, tz).replace(tzinfo=None) for at in (t, start))
    return (shown - datetime.combine(begun.date(), time())).total_seconds()


def _step(steps: Sequence[int], span: float, most: int) -> int:
    return next((step for step in steps if span / step <= most - 1), steps[-1])


def _with_unit(ticks: list[Tick], unit: str) -> list[Tick]:
    return [*ticks[:-1], Tick(ticks[-1].value, f"{ticks[-1].label} {unit}")]


def spread_labels(places: Sequence[float], width: float, rows: int) -> Iterator[int | None]:
    """For each position (px, ascending) the row in which a label of that width fits; None where there is none."""
    free = [-math.inf] * rows
    for x in places:
        row = next((n for n, taken in enumerate(free) if x - taken >= width), None)
        if row is not None:
            free[row] = x
        yield row
