"""Parts shared by several pages: a chart with its text, totals that are the legend of the ribbons, tables of entries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from monitor.advice.checkin import EASED_BY, PLACES
from monitor.core.history.records import CheckInRecord, ReminderRecord
from monitor.core.history.summary import Summary
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.drawing import Chart, Words, svg
from monitor.reports.charts.ribbons import followed, week_ribbons, week_sentence
from monitor.reports.charts.strip import Line, fine_strip
from monitor.reports.markup import Child, Markup, element
from monitor.reports.pages.document import section, table
from monitor.reports.periods import DAYS_IN_WEEK
from monitor.reports.phrases import many, span
from monitor.texts.catalogue import activity_name, always_seated, reminder_name
from monitor.texts.reminders import clock, title, why_of


def chart_part(chart: Chart, before: Child = None) -> Markup:
    """A chart as a section: heading, sentence, content above the drawing, the drawing for each width, note."""
    return section(
        chart.key,
        chart.heading,
        chart.sentence,
        before,
        element("div", chart.wide, class_="chart wide"),
        element("div", chart.narrow, class_="chart narrow"),
        element("p", chart.note, class_="note") if chart.note else None,
    )


def week_parts(
    days: Sequence[ChartDay], tz: tzinfo, alone: str | None = None, before: Child = None
) -> Iterator[tuple[Sequence[ChartDay], Markup]]:
    """Each seven days with their section: ribbons, or a line where nothing was watched; the first ribbons are explained.

    ``alone`` is the heading of a single week, ``before`` stands above its drawing.
    """
    weeks = [days[n : n + DAYS_IN_WEEK] for n in range(0, len(days), DAYS_IN_WEEK)]
    drawn = [any(day.watched for day in week) for week in weeks]
    for n, week in enumerate(weeks):
        heading = f"{week[0].name} to {week[-1].name}" if len(week) > 1 else week[0].name
        heading = alone if alone and len(weeks) == 1 else heading
        if drawn[n]:
            yield week, chart_part(week_ribbons(week, tz, f"week-{n}", heading, explained=not any(drawn[:n])), before)
        else:
            yield week, section(f"week-{n}", heading, week_sentence(week))


def totals(s: Summary, key: str = "key") -> Markup:
    """The time in each activity, with its mark."""
    kinds = [kind for kind in Activity if s.seconds[kind] or not (always_seated() and kind is Activity.STANDING)]
    return element("dl", *(_total(kind, s.seconds[kind], f"{key}-{n}") for n, kind in enumerate(kinds)), class_="totals")


def _total(kind: Activity, seconds: float, name: str) -> Markup:
    named = activity_name(kind)
    sign = fine_strip([Bout(kind, 1.0, 25.0)], Line(name, float, 19.0, 18.0))
    drawn = svg(name, Words(named, f"The sign for {named}."), 26, 20, sign)
    return element("div", element("dt", drawn, named), element("dd", span(seconds)))


def check_ins_part(reports: Sequence[CheckInRecord], tz: tzinfo) -> Markup:
    """The check-ins of a day as a table, without notes."""
    heads = ("When", "Pain", "Where", "What eased it", "Gets in the way")
    rows = (
        (clock(r.t, tz), _pain(r), _names(r.places, PLACES), _names(r.eased_by, EASED_BY), _LIMITING.get(r.limiting, r.limiting))
        for r in reports
    )
    return section("check-ins", "How your back was", check_in_sentence(reports), table(heads, rows))


_LIMITING = {"no": "no", "some": "a bit", "much": "a lot"}


def check_in_sentence(reports: Sequence[CheckInRecord]) -> str:
    """How many check-ins, and the lowest and highest pain."""
    pains = [one.pain for one in reports if one.pain is not None]
    said = many(len(reports), "check-in")
    if not pains:
        return f"{said}, without a pain."
    return f"{said}; pain {pains[0]} of 10." if len(set(pains)) == 1 else f"{said}; pain from {min(pains)} to {max(pains)} of 10."


def reminder_list(told: Sequence[ReminderRecord], tz: tzinfo) -> Markup:
    """Every reminder of a day, why it came and its response."""
    rows = (
        (
            clock(r.reminder.t, tz),
            title(r.reminder.kind, r.reminder.due.level),
            why_of(r.reminder, tz),
            followed(r),
        )
        for r in told
    )
    sentence = f"{many(len(told), 'reminder')}, and what followed."
    return section(
        "reminders",
        "Every reminder",
        sentence,
        table(("Time", "What it said", "Why it came", "What followed"), rows),
        kind="long",
    )


def reminder_counts(s: Summary) -> Markup:
    """How often each kind of reminder was shown, and how often a change followed."""
    known, changed = sum(one.known for one in s.reminders), sum(one.followed for one in s.reminders)
    sentence = f"You changed position within five minutes of {changed} of {many(known, 'reminder')}."
    rows = ((reminder_name(one.kind), str(one.shown), str(one.followed)) for one in s.reminders)
    return section("reminders", "Reminders", sentence, table(("About", "came", "then you moved"), rows, numbers=(1, 2)))


def foot(lines: Iterable[str]) -> Markup:
    """The foot of a page."""
    return element("footer", *(element("p", line) for line in lines))


def made_line(made: float, tz: tzinfo, stage: str | None) -> Iterator[str]:
    """When and by what the page was made, and the stage of that day."""
    at = datetime.fromtimestamp(made, tz)
    yield f"Made on {at.day} {at:%B %Y} at {at:%H:%M} by Posture Monitor, on this computer only."
    if stage:
        yield stage


def _pain(one: CheckInRecord) -> str:
    return "not noted" if one.pain is None else f"{one.pain} of 10"


def _names(chosen: Iterable[str], words: Mapping[str, str]) -> str:
    return ", ".join(words.get(name, name) for name in sorted(chosen)) or "not noted"
