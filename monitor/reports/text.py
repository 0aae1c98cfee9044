"""A report as one compact text page for people.

Plain words and local time; everything except the bars is ASCII, so that any console can show it.  It reports what was observed,
what was assumed and what could not be measured, without a judgement (science.md 4.6, 8).
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.advice.checkin import PLACES
from monitor.core.history.pain_days import ENOUGH, MODERATE, DayGroup
from monitor.core.history.summary import ReminderSummary, SignalSummary, Summary
from monitor.core.posture.lumbar_baseline import LORDOSIS
from monitor.core.sedentary.bout_metrics import PROLONGED_S, BoutMetrics, share
from monitor.core.sedentary.bouts import MIN_BOUT_S
from monitor.core.vocabulary import Activity
from monitor.reports.bars import Bar
from monitor.reports.phrases import NOTHING, hours, many, mean, percent, rate, span
from monitor.reports.report import Report
from monitor.texts.catalogue import about_sitting, always_seated, label, reason, reminder_name, text
from monitor.texts.reminders import clock

_STYLES: Mapping[Activity, str] = {
    Activity.SITTING: "yellow",
    Activity.STANDING: "green",
    Activity.MOVING: "cyan",
    Activity.AWAY: "blue",
    Activity.UNKNOWN: "bright_black",
}
# A signal measured for less than this share of the time (as during a turn of the trunk) is not shown.
_SELDOM = 0.05
_LABEL_WIDTH = len("In one place")
# Wider lines are hard to follow, however wide the terminal.
PAGE_WIDTH = 80
# A rate or a share of a shorter time says little (s).
_ENOUGH_S = 3600.0
# What a person would not know by its figure is said in a sentence.
_WORTH_SAYING_S = 60.0
_BACK, _BACK_STANDING = "lumbar_index", "lumbar_change"
_IN_WORDS = frozenset({_BACK, _BACK_STANDING})
_HEADING, _FAINT = "bold not dim", "dim"


def page(report: Report, tz: tzinfo) -> RenderableType:
    """The lines of a report: designed for 80 columns, readable from 60."""
    s = report.summary
    if s.covered_s <= 0:
        nothing = Text(f"{report.period.name}: nothing was recorded in this time.")
        return Group(nothing, *(piece for part in _check_ins(report, tz) for piece in (Text(), part)))
    days = [_days(report, tz)] if report.days else []
    seen = [_activities(s), _sitting(s), *_posture(report), *_reminders(s)]
    parts = [*days, *seen, *_check_ins(report, tz), *_pain(report), _notes(report)]
    return Group(_title(report, tz), *(piece for part in parts for piece in (Text(), part)))


def _title(report: Report, tz: tzinfo) -> RenderableType:
    s = report.summary
    first, last = clock(s.first, tz), clock(s.last, tz)
    zone = datetime.fromtimestamp(s.last, tz).strftime("%Z")
    seen = f"{span(s.session_s)} watched, {percent(s.measurable_share)} of it measurable"
    when = "" if report.days else f"{first} to {last} {zone}; "
    return Group(Text(report.period.name, style=_HEADING), Text(f"{when}{seen}"))


def _activities(s: Summary) -> Table:
    table = _grid()
    for activity, seconds in s.seconds.items():
        part = share(seconds, s.covered_s)
        style = _STYLES[activity]
        table.add_row(text("activities", activity).capitalize(), span(seconds), percent(part), Bar(part, style))
    for column in table.columns[1:3]:
        column.justify = "right"
    return table


def _days(report: Report, tz: tzinfo) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style=_FAINT)
    table.add_column("h:min", no_wrap=True)
    for heading in (about_sitting("short_column"), "stand", "move", "away", "unknown", "longest", "breaks/h"):
        table.add_column(heading, justify="right")
    for one in report.days:
        begun = datetime.fromtimestamp(one.period.start, tz)
        table.add_row(f"{begun:%a} {begun.day} {begun:%b}", *_day_cells(one.summary))
    table.add_row("all", *_day_cells(report.summary), style=_HEADING)
    return table


def _day_cells(s: Summary) -> Iterator[str]:
    for seconds in s.seconds.values():
        yield hours(seconds)
    yield hours(s.sedentary.longest_s)
    yield rate(s.sedentary.breaks_per_h) if s.seconds[Activity.SITTING] >= _ENOUGH_S else NOTHING


def _sitting(s: Summary) -> RenderableType:
    sat = s.sedentary
    if not sat.bouts:
        return Text(about_sitting("none"))
    table = _grid()
    enough = s.seconds[Activity.SITTING] >= _ENOUGH_S
    typical = f", average {span(sat.mean_s)}, median {span(sat.median_s)}" if sat.bouts > 1 else ""
    table.add_row(about_sitting("times"), f"{many(sat.bouts, 'time')}: longest {span(sat.longest_s)}{typical}")
    if enough:
        long = percent(share(sat.prolonged_s, s.seconds[Activity.SITTING]))
        table.add_row("", about_sitting("share_long", share=long, length=span(PROLONGED_S)))
    if not math.isnan(sat.patterns.w50_s):
        table.add_row("", about_sitting("half", length=span(sat.patterns.w50_s)))
    unended = sat.bouts - sat.breaks
    still = f"; {unended} whose end was not seen" if unended else ""
    per_hour = f", {about_sitting('per_hour', rate=rate(sat.breaks_per_h))}" if enough else ""
    table.add_row("Breaks", f"{sat.breaks}{per_hour}{still}")
    if not always_seated():
        table.add_row("You got up", f"{many(s.sit_to_stand, 'time')} in sight of the camera")
        table.add_row("In one place", f"at most {span(s.stationary_s)} without walking about or leaving")
    if not math.isnan(sat.patterns.gini):
        table.add_row("Pattern", _pattern(sat.patterns))
    return table


def _pattern(p: BoutMetrics) -> str:
    law = "" if math.isnan(p.alpha) else f", alpha {p.alpha:.2f} +- {p.alpha_se:.2f}"
    return f"Gini {p.gini:.2f} (0: all equally long){law}"


def _posture(report: Report) -> list[RenderableType]:
    """Sitting and standing apart: a mean over both would be of neither."""
    parts: list[RenderableType] = []
    for activity, signals in report.posture.items():
        measured = [one for one in signals if one.measured_share >= _SELDOM and one.total.name not in _IN_WORDS]
        if measured:
            parts.append(_signal_table(f"While {text('activities', activity)}", measured))
        parts += [Text(line) for line in _back_in_words(signals)]
    if parts:
        parts.append(Text("Out of range: beyond your own calibrated range. Longest: without a pause.", style=_FAINT))
    return parts


def _back_in_words(signals: Sequence[SignalSummary]) -> Iterator[str]:
    words = {_BACK: "rounded", _BACK_STANDING: "more arched than usual"}
    for one in signals:
        if one.total.name in words and one.total.judged_s >= _WORTH_SAYING_S:
            off = (
                f"{words[one.total.name]} for {span(one.total.off_s)}" if one.total.off_s >= 1 else f"not {words[one.total.name]}"
            )
            yield f"Your lower back was {off}; it could be read for {span(one.total.judged_s)}."


def _signal_table(heading: str, measured: Sequence[SignalSummary]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=_FAINT)
    table.add_column(heading, header_style=_HEADING, min_width=_LABEL_WIDTH)
    for column in ("average", "out of range", "longest", "measured"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in measured:
        # A time out of range may have begun in the activity before.
        hold = span(min(one.total.hold_s, one.total.off_s)) if one.total.judged_s else NOTHING
        table.add_row(label(one.total.name), mean(one.total), percent(one.off_share), hold, percent(one.measured_share))
    return table


def _reminders(s: Summary) -> list[RenderableType]:
    if not s.reminders:
        return []
    table = _grid()
    table.add_row(Text("Reminders", style=_HEADING))
    for one in s.reminders:
        table.add_row(reminder_name(one.kind), _effect(one))
    return [table]


def _effect(one: ReminderSummary) -> str:
    if not one.shown:
        return f"{one.due} due, none shown"
    shown = f"{one.shown} shown" + (f" of {one.due} due" if one.due > one.shown else "")
    if not one.known:
        return f"{shown}; what followed is not known"
    about = "about " if one.followed > 1 else ""
    after = f", after {about}{span(one.after_s)}" if one.followed else ""
    return f"{shown}; a change followed {one.followed} of {many(one.known, 'time')}{after}"


def _pain(report: Report) -> list[RenderableType]:
    pain = report.pain
    if pain is None or not pain.days:
        return []
    table = _grid()
    table.add_row(Text("Four weeks", style=_HEADING), f"{many(pain.check_ins, 'check-in')}; pain from 0 to 10")
    for words, moderate in ((f"pain {MODERATE} or more", True), ("less", False)):
        group = pain.group(moderate=moderate)
        table.add_row("", f"on {many(group.days, 'day')} with {words}: {_beside(group) if group.days else NOTHING}")
    return [table]


def _check_ins(report: Report, tz: tzinfo) -> list[RenderableType]:
    """The check-ins of the period itself, a line each."""
    if not report.check_ins:
        return []
    table = _grid()
    table.add_row(Text("Check-ins", style=_HEADING), "pain from 0 to 10")
    for one in report.check_ins:
        begun = datetime.fromtimestamp(one.t, tz)
        day = f"{begun:%a} {begun.day} {begun:%b} " if report.days else ""
        where = ", ".join(words for name, words in PLACES.items() if name in one.places)
        pain = "pain not noted" if one.pain is None else f"pain {one.pain}"
        table.add_row(f"{day}{begun:%H:%M}", f"{pain}{f': {where}' if where else ''}")
    return [table]


def _beside(one: DayGroup) -> str:
    if math.isnan(one.sitting_s):
        return "not watched"
    return about_sitting("beside", length=span(one.sitting_s), rate=rate(one.breaks_per_h))


def _notes(report: Report) -> Text:
    return Text("\n".join([*caveats(report.summary), *_on_pain(report), _source()]), style=_FAINT)


def _source() -> str:
    least = about_sitting("counts_from", least=f"{MIN_BOUT_S:.0f} s")
    return f"Estimates of what this camera saw at this desk. {least}; terms follow SBRN (Tremblay 2017)."


def _on_pain(report: Report) -> Iterator[str]:
    if report.pain and report.pain.days:
        yield about_sitting("beside_note")
    elif report.pain and report.pain.check_ins:
        made = many(report.pain.check_ins, "check-in")
        yield f"{made} in four weeks; {about_sitting('beside_later', enough=ENOUGH)}"


def caveats(s: Summary) -> Iterator[str]:
    """The limits of the figures: what was assumed, not compared, unknown, not measured."""
    if s.assumed_s > 0:
        yield about_sitting("assumed", share=percent(s.assumed_share))
    if any(one.total.measured_s > 0 for one in s.signals) and not any(one.total.judged_s > 0 for one in s.signals):
        yield "Posture was measured but not compared: this view is not calibrated yet."
    if s.unknown_s:
        yield f"Unknown: {', '.join(f'{reason(why)} {span(seconds)}' for why, seconds in s.unknown_s.items())}."
    for one in s.signals:
        if one.total.name == LORDOSIS and one.total.why and one.measured_share >= _SELDOM:
            share, because = percent(one.measured_share), reason(one.total.why)
            yield f"The lower back could be read {share} of the time; otherwise mostly: {because}."
        if one.total.name == LORDOSIS and one.chair_share >= _SELDOM:
            yield (
                f"The chair hid the lower back {percent(one.chair_share)} of the time: keep clear of the backrest now and then, "
                "from the side, and it can be read."
            )
    for why, labels in _unmeasured(s).items():
        because = reason(why) if why else "no reason kept"
        yield f"Not measured, or hardly ({because}): {', '.join(labels)}."
    if s.cut_sessions:
        yield f"{many(s.cut_sessions, 'session')} stopped unexpectedly; what was stored until then is counted."


def _unmeasured(s: Summary) -> dict[str, list[str]]:
    by_why: defaultdict[str, list[str]] = defaultdict(list)
    for one in s.signals:
        if not one.measured_share >= _SELDOM:
            by_why[one.total.why or ""].append(label(one.total.name))
    return by_why


def _grid() -> Table:
    """Two or more columns; labels as wide as the widest, so that the sections of a page line up."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=_LABEL_WIDTH)
    return table
