"""Standing checks of the lower back over weeks, with the smallest detectable change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.core.back.repeatability import repeatability
from monitor.core.back.standing_checks import Check, by_chance
from monitor.reports.charts.drawing import NARROW, Chart, Words, chart, circle, flat, line, rect, svg, text
from monitor.reports.charts.scales import Scale, plain_ticks, spread_labels
from monitor.reports.markup import Markup

_TOP, _HEIGHT = 26.0, 190.0
# The words in the band: where they begin and end (px), and the height that they need.
_WORDS, _WORDS_FROM, _WORDS_TO, _WORDS_HIGH = "inside the band: cannot be told apart", 52.0, 285.0, 20.0
# The value beside the last check.
_VALUE = 75.0


@dataclass(frozen=True, slots=True)
class CheckHistory:
    """At least one check, in order of time, and the smallest detectable change (deg)."""

    checks: Sequence[Check]
    told_apart_deg: float


def check_history(checks: Sequence[Check], tz: tzinfo) -> CheckHistory:
    """The checks with the person's own smallest detectable change, else the 95 % limit of the difference of two readings."""
    known = repeatability(checks, tz)
    return CheckHistory(checks, known.mdc90_deg if known else by_chance(checks[0], checks[-1]))


def checks_chart(seen: CheckHistory, tz: tzinfo, key: str = "checks") -> Chart:
    """The curve of the lower back at each check."""
    note = (
        "The curve of the back's outline through clothes, standing. Bars: one standard deviation. Two checks must differ by more "
        f"than about {seen.told_apart_deg:.0f}° before the difference means anything. There is no right number: people differ."
    )
    return chart(
        key, "Standing checks of the lower back", sentence(seen, tz), lambda w, name: draw_checks(seen, tz, w, name), note
    )


def sentence(seen: CheckHistory, tz: tzinfo) -> str:
    """The last check compared with the first."""
    first, last = seen.checks[0], seen.checks[-1]
    since, values = _day(first.t, tz), f"{first.lordosis_deg:.0f}° then, {last.lordosis_deg:.0f}° now"
    if len(seen.checks) == 1:
        return f"One check so far, on {since}: {first.lordosis_deg:.0f}°. A change can be seen from the second on."
    moved = last.lordosis_deg - first.lordosis_deg
    if abs(moved) <= seen.told_apart_deg:
        return f"No change since {since} that the camera can tell from chance: {values}."
    return f"{'More hollow' if moved > 0 else 'Flatter'} than on {since}: {values}."


def draw_checks(seen: CheckHistory, tz: tzinfo, width: int, name: str) -> Markup:
    """Points with their deviation over time, and the band around the first."""
    first, last = seen.checks[0], seen.checks[-1]
    low = min(first.lordosis_deg - seen.told_apart_deg, *(c.lordosis_deg - c.sd_deg for c in seen.checks))
    high = max(first.lordosis_deg + seen.told_apart_deg, *(c.lordosis_deg + c.sd_deg for c in seen.checks))
    ticks = plain_ticks(low, high, 7)
    y = Scale(ticks[0].value, ticks[-1].value, _TOP + _HEIGHT, _TOP)
    x = Scale(first.t, max(last.t, first.t + 1), 74.0, width - 96.0)
    scale = [
        mark
        for tick in ticks
        for mark in (text(34, y(tick.value) + 5, f"{tick.label}°", "e s"), line(40, y(tick.value), 44, y(tick.value), "axis"))
    ]
    marks = flat(
        [text(0, 13, "more hollow ↑", "s")],
        scale,
        _band(seen, x, y, width),
        (mark for check in seen.checks for mark in _point(check, x, y, first=check is first)),
        [text(x(last.t) + 10, y(last.lordosis_deg) + 5, f"{last.lordosis_deg:.0f}° ± {last.sd_deg:.0f}°", "s b halo")],
        _dates(seen.checks, x, tz, width),
    )
    told = "; ".join(f"{_day(c.t, tz)}: {c.lordosis_deg:.0f}° give or take {c.sd_deg:.0f}°" for c in seen.checks)
    band = f"Changes of less than {seen.told_apart_deg:.0f}° from the first cannot be told apart."
    return svg(
        name, Words("Curve of the lower back at each standing check", f"{told}. {band}"), width, _TOP + _HEIGHT + 46, marks
    )


def _band(seen: CheckHistory, x: Scale, y: Scale, width: int) -> Iterator[Markup]:
    home = seen.checks[0].lordosis_deg
    top, bottom = y(home + seen.told_apart_deg), y(home - seen.told_apart_deg)
    yield rect(44, top, width - 44, bottom - top, "band")
    for edge in (top, bottom):
        yield line(44, edge, width, edge, "bandedge")
    yield line(44, y(home), width, y(home), "reference")
    yield _words(seen.checks, x, y, (top, bottom), width)


def _words(checks: Sequence[Check], x: Scale, y: Scale, band: tuple[float, float], width: int) -> Markup:
    """What the band means, where no check covers it; where every place is covered, above the points."""
    left, right = (_WORDS_FROM, _WORDS_TO), (width - 6.0 - (_WORDS_TO - _WORDS_FROM), width - 6.0)
    places = [(at, base) for at in (left, right) for base in (band[1] - 7, band[0] + 16)]
    reach = [0.0] * (len(checks) - 1) + [_VALUE]
    marks = [
        ((x(one.t), x(one.t) + to), (y(one.lordosis_deg + one.sd_deg), y(one.lordosis_deg - one.sd_deg)))
        for one, to in zip(checks, reach, strict=True)
    ]
    free = (place for place in places if not any(_covers(mark, place) for mark in marks))
    at, base = next(free, (right, band[1] - 7))
    return text(at[0] if at is left else at[1], base, _WORDS, "s" if at is left else "e s")


def _covers(mark: tuple[tuple[float, float], tuple[float, float]], place: tuple[tuple[float, float], float]) -> bool:
    """Whether a mark, from left to right and from top to bottom, lies on words from left to right at that base."""
    (begin, end), (high, low) = mark
    (left, right), base = place
    return begin < right + 6 and end > left - 6 and high < base + 6 and low > base - _WORDS_HIGH


def _point(check: Check, x: Scale, y: Scale, *, first: bool) -> Iterator[Markup]:
    at = x(check.t)
    yield line(at, y(check.lordosis_deg - check.sd_deg), at, y(check.lordosis_deg + check.sd_deg), "limit")
    yield circle(at, y(check.lordosis_deg), 4.5, "first" if first else "point")


def _dates(checks: Sequence[Check], x: Scale, tz: tzinfo, width: int) -> Iterator[Markup]:
    base = _TOP + _HEIGHT
    yield line(44, base, width, base, "axis")
    rows = spread_labels([x(check.t) for check in checks], 66.0 if width > NARROW else 62.0, 1)
    for check, row in zip(checks, rows, strict=True):
        if row is not None:
            yield text(x(check.t), base + 18, _day(check.t, tz), "m s i")
            yield text(x(check.t), base + 35, f"week {check.week}", "m s") if check.week is not None else text(0, 0, "")


def _day(t: float, tz: tzinfo) -> str:
    at = datetime.fromtimestamp(t, tz)
    return f"{at.day} {at:%b}"
