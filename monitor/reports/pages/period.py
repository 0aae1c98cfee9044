"""The report of a day, a session, a week or four weeks: sentence first, chart after it, tables last."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from statistics import median

from monitor.core.sedentary.bout_metrics import Spell
from monitor.core.vocabulary import Activity
from monitor.reports.charts.checks import check_history, checks_chart
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.hours import hour_cells, hours_chart
from monitor.reports.charts.measurable import measurable_chart
from monitor.reports.charts.own_weeks import own_weeks, own_weeks_chart
from monitor.reports.charts.pain import pain_chart
from monitor.reports.charts.posture import posture_chart
from monitor.reports.charts.ribbons import day_ribbon
from monitor.reports.charts.stretches import stretches_chart
from monitor.reports.markup import Markup, element
from monitor.reports.pages.document import document, paragraphs, section
from monitor.reports.pages.inputs import ReportData, activity_measured, pain_series, sat_days
from monitor.reports.pages.parts import (
    chart_part,
    check_ins_part,
    foot,
    made_line,
    reminder_counts,
    reminder_list,
    totals,
    week_parts,
)
from monitor.reports.pages.tips import tips_part
from monitor.reports.periods import DAYS_IN_WEEK
from monitor.reports.phrases import many, span, unbroken
from monitor.reports.text import caveats
from monitor.texts.catalogue import about_sitting
from monitor.texts.reminders import clock

SHEETS = ("colours", "charts", "page")
_FOOT = (
    "Estimates of one camera at one desk; time that could not be seen is counted as not known. Not a medical device: it does not "
    "diagnose. If something feels wrong, call your midwife or doctor, whatever this page says."
)


def report_page(data: ReportData, tz: tzinfo) -> str:
    """The whole report as one file of HTML."""
    name = data.report.period.name
    head = element("header", element("h1", name), element("p", unbroken(lead(data, tz)), class_="lead"), class_="head")
    body = element("main", head, *sections(data, tz), id="main")
    lines = [_FOOT, *made_line(data.made, tz, data.stage)]
    return document(f"{name}: {about_sitting('page')}", (body, foot(lines)), SHEETS)


# --- the sentence ------------------------------------------------------------------------------------------------


def lead(data: ReportData, tz: tzinfo) -> str:
    """The page in a sentence or two."""
    watched = [day for day in data.days if day.watched]
    if not watched:
        return "Nothing was recorded in this time. Days are recorded while the monitor runs: posture-monitor run."
    longest = max((spell for day in watched for spell in day.sat()), key=lambda spell: spell.seconds, default=None)
    return f"{_amounts(data, watched)} {_longest(longest, tz, len(data.days))}".strip()


def _amounts(data: ReportData, watched: Sequence[ChartDay]) -> str:
    sat = [day.seconds(Activity.SITTING) for day in watched]
    stood = [day.seconds(Activity.STANDING) for day in watched]
    if len(data.days) == 1:
        stretches = many(len(watched[0].sat()), "stretch", "stretches")
        return about_sitting("one_day", sat=span(sat[0]), stood=span(stood[0]), stretches=stretches)
    some = f"Watched on {len(watched)} of {len(data.days)} days."
    return f"{some} {about_sitting('middle_day', sat=span(median(sat)), stood=span(median(stood)))}"


def _longest(longest: Spell | None, tz: tzinfo, days: int) -> str:
    if longest is None:
        return ""
    day = datetime.fromtimestamp(longest.start, tz)
    date = f" {day.day} {day:%B}" if days > DAYS_IN_WEEK else ""  # there are several Thursdays
    on = f"on {day:%A}{date}, " if days > 1 else ""
    when = f"{on}{clock(longest.start, tz)} to {clock(longest.end, tz)}"
    return about_sitting("longest", length=span(longest.seconds), when=when)


# --- the sections ------------------------------------------------------------------------------------------------


def sections(data: ReportData, tz: tzinfo) -> Iterator[Markup]:
    """The charts and tables of a day or of days, in their order."""
    single = len(data.days) == 1
    if any(day.watched for day in data.days):
        yield from _day(data, tz) if single else _days(data, tz)
    if data.check_ins and single:
        yield check_ins_part(data.check_ins, tz)
    if data.reminders and single:
        yield reminder_list(data.reminders, tz)
    if data.tips and single:
        yield tips_part(data.tips, pregnant=data.pregnant)
    if not single and any(day.check_ins for day in data.weeks):
        yield chart_part(pain_chart(pain_series(data.weeks)))
    if not single and data.checks:
        yield chart_part(checks_chart(check_history(data.checks, tz), tz))
    if said := list(caveats(data.report.summary)):
        yield section("limits", "What these figures cannot say", None, paragraphs(said, "note"))


def _day(data: ReportData, tz: tzinfo) -> Iterator[Markup]:
    day, s = data.days[0], data.report.summary
    yield chart_part(day_ribbon(day, tz), totals(s))
    if sat := day.sat():
        yield chart_part(stretches_chart(sat, data.limits, tz))
    if data.signals:
        yield chart_part(posture_chart(data.signals, day.first, day.last, tz))
    for key, seen in (("seen", activity_measured(s)), ("seen-back", data.back)):
        if seen:
            yield chart_part(measurable_chart(seen, key))


def _days(data: ReportData, tz: tzinfo) -> Iterator[Markup]:
    s = data.report.summary
    weeks = math.ceil(len(data.days) / DAYS_IN_WEEK)
    if weeks > 1:
        yield section("together", f"The {weeks} weeks together", None, totals(s))
    yield from (part for _, part in week_parts(data.days, tz, "The week", totals(s) if weeks == 1 else None))
    if sat := [spell for day in data.days for spell in day.sat()]:
        yield chart_part(stretches_chart(sat, data.limits, tz))
    if cells := hour_cells(data.days, tz):
        yield chart_part(hours_chart(cells))
    if seen := activity_measured(s):
        yield chart_part(measurable_chart(seen, "seen"))
    if s.reminders:
        yield reminder_counts(s)
    if weeks == 1:
        before = sat_days(data.weeks)[: -len(data.days)]
        yield chart_part(own_weeks_chart(own_weeks(sat_days(data.days), before)))
