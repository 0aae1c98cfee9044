"""The day as a ribbon on its real clock, and several days as ribbons on one clock."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitor.core.history.records import ReminderRecord
from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.drawing import NARROW, Chart, Words, axis, chart, circle, flat, line, path, rect, svg, text, width_of
from monitor.reports.charts.scales import HOUR_S, Scale, clock_ticks, day_ticks, since_midnight, spread_labels
from monitor.reports.charts.strip import SHAPES, Line, fine_strip, told_strip
from monitor.reports.markup import Markup
from monitor.reports.phrases import hours, many, span
from monitor.texts.catalogue import about_sitting, activity_name, always_seated
from monitor.texts.reminders import clock

SIT, STAND, MOVE, AWAY, UNKNOWN = Activity
FULL, ROW = 62.0, 18.0
_CLOCK_LABEL = 44.0
_REMINDER_NOTE = (
    "A filled triangle is a reminder, with a line to the moment you changed position; a hollow one is a reminder that nothing "
    "followed within five minutes."
)
_RIBBON_NOTE = "Hatched: not known. Line: away. Dots: not watched."
_PAIN_NOTE = "A number in a box: your pain of 10, as you noted it."
_WEEK_NOTE = (
    "Hatched: not known. Line: away. Filled triangle: a reminder that a change followed; hollow: one that nothing followed "
    "within five minutes."
)


def day_ribbon(day: ChartDay, tz: tzinfo, key: str = "day") -> Chart:
    """The ribbon of a monitored day, with its reminders and check-ins."""
    note = " ".join([*[_REMINDER_NOTE] * bool(day.reminders), _RIBBON_NOTE, *[_PAIN_NOTE] * bool(day.check_ins)])
    return chart(key, "Your day", day_sentence(day, tz), lambda width, name: draw_day(day, tz, width, name), note)


def week_ribbons(
    days: Sequence[ChartDay], tz: tzinfo, key: str = "week", heading: str = "The week", *, explained: bool = True
) -> Chart:
    """Days one below the other on one clock; ``explained``: a note says what the shapes mean."""
    note = f"{about_sitting('shapes')} {_WEEK_NOTE}" if explained else ""
    return chart(key, heading, week_sentence(days), lambda width, name: draw_week(days, tz, width, name), note)


# --- words -------------------------------------------------------------------------------------------------------


def day_sentence(day: ChartDay, tz: tzinfo) -> str:
    """From when to when, the longest sitting, and what followed the reminders."""
    parts = [f"Watched from {clock(day.first, tz)} to {clock(day.last, tz)}"]
    longest = max(day.sat(), key=lambda spell: spell.seconds, default=None)
    if longest:
        when = f"{clock(longest.start, tz)} to {clock(longest.end, tz)}"
        parts.append(about_sitting("longest_of_day", length=span(longest.seconds), when=when))
    known = [one for one in day.reminders if one.responded is not None]
    if known:
        parts.append(f"you changed position after {sum(bool(one.responded) for one in known)} of {many(len(known), 'reminder')}")
    return "; ".join(parts) + "."


def week_sentence(days: Sequence[ChartDay]) -> str:
    """The day with the most standing, and the days without monitoring."""
    watched = [day for day in days if day.watched]
    most = max(watched, key=lambda day: day.seconds(STAND), default=None)
    if most is None:
        return "No day was watched."
    blank = [day.name.split()[0] for day in days if not day.watched]
    stood = most.seconds(STAND)
    said = about_sitting("most_standing", day=most.name, stood=span(stood)) if stood else about_sitting("no_standing")
    if not blank:
        return f"{said}."
    unwatched = f"{' and '.join(blank)} {'was' if len(blank) == 1 else 'were'}" if len(blank) < 3 else f"{len(blank)} days were"  # noqa: PLR2004  # a pair
    return f"{said}; {unwatched} not watched."


def totals(day: ChartDay) -> str:
    """The time in each activity, in one line."""
    return ", ".join(f"{activity_name(kind)} {span(day.seconds(kind))}" for kind in Activity if day.seconds(kind))


def _described(day: ChartDay, tz: tzinfo) -> str:
    reminders = [f"{clock(one.reminder.t, tz)} ({followed(one)})" for one in day.reminders]
    pains = [f"{one.pain} of 10 at {clock(one.t, tz)}" for one in day.check_ins]
    told = f" Reminders: {', '.join(reminders)}." if reminders else ""
    hurt = f" Pain as you noted it: {', '.join(pains)}." if pains else ""
    return f"From {clock(day.first, tz)} to {clock(day.last, tz)}: {totals(day)}.{told}{hurt}"


def followed(one: ReminderRecord) -> str:
    """The response to a reminder, as text."""
    if one.responded is None:
        return "not known what followed"
    return f"you changed after {span(one.after_s or 0.0)}" if one.responded else "nothing followed within five minutes"


# --- drawings ----------------------------------------------------------------------------------------------------


def draw_day(day: ChartDay, tz: tzinfo, width: int, name: str) -> Markup:
    """The ribbon in that width (px) under a name that is unique on the page."""
    top, base = 48.0, 48.0 + FULL
    x = Scale(day.first, max(day.last, day.first + HOUR_S / 2), 2.0, width - 2.0)
    ticks = clock_ticks(x.low, x.high, tz, 6 if width <= NARROW else 13)
    marks = flat(
        told_strip(day.bouts, Line(name, x, base, FULL), tz),
        _names_on(day, x, base),
        axis(x, ticks, base, base + 24, width),
        _reminders(day.reminders, x, top, tz),
        _pains(day, x, base + 34, width),
    )
    height = base + (66 if day.check_ins else 32)
    return svg(name, Words(f"{day.name} as a ribbon", _described(day, tz)), width, height, marks)


def _names_on(day: ChartDay, x: Scale, base: float) -> Iterator[Markup]:
    """The name of each activity on its widest mark, if it fits."""
    on: Mapping[Activity, tuple[str, float]] = {
        SIT: ("m s onsit", base - FULL * SHAPES[SIT][1] / 2 + 5),
        STAND: ("m s onstand", base - FULL / 2 + 5),
        AWAY: ("m s", base - 8),
    }
    for kind, (style, y) in on.items():
        longest = max((bout for bout in day.bouts if bout.activity is kind), key=lambda bout: bout.seconds, default=None)
        if longest and x(longest.end) - x(longest.start) > width_of(activity_name(kind)) + 6:
            yield text((x(longest.start) + x(longest.end)) / 2, y, activity_name(kind), style)


def _reminders(told: Sequence[ReminderRecord], x: Scale, top: float, tz: tzinfo) -> Iterator[Markup]:
    rows = spread_labels([x(one.reminder.t) for one in told], _CLOCK_LABEL, 2)
    for one, row in zip(told, rows, strict=True):
        at = x(one.reminder.t)
        yield from reminder(at, top - 12, one, 5.0, None if one.after_s is None else x(one.reminder.t + one.after_s))
        if row is not None:
            yield text(min(max(at, 20), x.last - 18), top - 20 - 15 * row, clock(one.reminder.t, tz), "m s i")


def reminder(at: float, y: float, one: ReminderRecord, size: float, changed: float | None) -> Iterator[Markup]:
    """A reminder at ``at`` (px): a triangle that points down, filled if a change followed, with a line to it."""
    done = bool(one.responded)
    d = f"M{at - size:.1f} {y - size:.1f}h{2 * size:g}L{at:.1f} {y + size * 0.8:.1f}z"
    if done and changed is not None:
        yield line(at, y + size, changed, y + size + 3, "stem")
        yield circle(changed, y + size + 3, 2.2, "followed")
    yield path(d, "followed" if done else "nothing", followed(one))


def _pains(day: ChartDay, x: Scale, y: float, width: int) -> Iterator[Markup]:
    last = -math.inf
    for one in day.check_ins:
        at = min(max(x(one.t), 14.0), width - 14.0)
        if at - last < 30:  # noqa: PLR2004  # two boxes, apart
            continue
        yield rect(at - 12, y, 24, 24, "pain", rx=5, title=f"pain {one.pain} of 10")
        yield text(at, y + 17, str(one.pain), "m b")
        last = at


@dataclass(frozen=True, slots=True)
class _Table:
    """Where the columns of the week lie (px)."""

    left: float
    right: float
    pitch: float
    labels: float


def draw_week(days: Sequence[ChartDay], tz: tzinfo, width: int, name: str) -> Markup:
    """Days one below the other, in that width (px)."""
    slim = width <= NARROW
    at = _Table(4.0, width - 4.0, 46.0, 14.0) if slim else _Table(74.0, width - 120.0, 31.0, 0.0)
    low, high = _hours_of(days, tz)
    x = Scale(low * HOUR_S, high * HOUR_S, at.left, at.right)
    top = 44.0 + at.labels
    rows = [_row(day, tz, x, top + n * at.pitch, name, at) for n, day in enumerate(days)]
    base = top + (len(days) - 1) * at.pitch + 12
    heads = [text(width, 12, about_sitting("columns" if slim else "column"), "e s")]
    if not slim and not always_seated():
        heads = [text(width - 62, 12, about_sitting("column"), "e s"), text(width, 12, activity_name(STAND), "e s")]
    marks = flat(heads, *rows, axis(x, day_ticks(low, high, 5 if slim else 9), base, base + 22, width))
    return svg(name, Words("Days as ribbons on one clock", _week_described(days, tz)), width, base + 30, marks)


def _row(day: ChartDay, tz: tzinfo, x: Scale, base: float, name: str, at: _Table) -> Iterator[Markup]:
    slim = bool(at.labels)
    label_y = base - ROW - at.labels + 2 if slim else base - 3
    yield text(0 if slim else 4, label_y, day.short, "i s")
    if not day.watched:
        yield line(x.first, base - 1, x.last, base - 1, "unwatched")
        yield text(x.first + 6, base - 7, "not watched", "s")
        return

    def place(t: float) -> float:
        return x(since_midnight(t, day.start, tz))

    yield from fine_strip(day.bouts, Line(name, place, base, ROW))
    for one in day.reminders:
        yield from reminder(place(one.reminder.t), base - ROW - 5, one, 3.2, None)
    figures = [hours(day.seconds(SIT)), hours(day.seconds(STAND))]
    if always_seated():
        yield text(x.last + (4 if slim else 116), label_y, figures[0], "e s i")
    elif slim:
        yield text(x.last + 4, label_y, " · ".join(figures), "e s i")
    else:
        yield text(x.last + 58, base - 3, figures[0], "e s i")
        yield text(x.last + 116, base - 3, figures[1], "e s i")


def _hours_of(days: Sequence[ChartDay], tz: tzinfo) -> tuple[int, int]:
    """The full hours that enclose all that was recorded; a working day if nothing was."""
    watched = [day for day in days if day.watched]
    if not watched:
        return 9, 17
    first = min(since_midnight(day.first, day.start, tz) for day in watched)
    last = max(since_midnight(day.last, day.start, tz) for day in watched)
    low = math.floor(first / HOUR_S)
    return low, max(math.ceil(last / HOUR_S), low + 2)


def _week_described(days: Sequence[ChartDay], tz: tzinfo) -> str:
    told = [
        f"{day.name}: {clock(day.first, tz)} to {clock(day.last, tz)}, {totals(day)}"
        if day.watched
        else f"{day.name}: not watched"
        for day in days
    ]
    return "; ".join(told) + "."
