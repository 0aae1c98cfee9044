"""The data of a report page, read from the history in one transaction, and writing the page's file."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from monitor.adapters.store import History, checks
from monitor.advice import library
from monitor.advice.catalogue import Tip
from monitor.advice.limits import SIT_FIRM, SIT_SOFT
from monitor.advice.pregnancy import NO_BABY
from monitor.app import composition
from monitor.app.advice import limits_on, pregnancy, shown_pregnant
from monitor.app.home import HISTORY, Home
from monitor.app.open_history import history_of
from monitor.core.back.standing_checks import Check
from monitor.core.errors import DiskFull, ProfileUnusable
from monitor.core.history.records import Person, Records, Session, split
from monitor.core.history.summary import summarize
from monitor.core.posture.baseline import References
from monitor.core.vocabulary import Activity
from monitor.regular_files import write_private
from monitor.reports.charts.days import ChartDay, chart_day, shown
from monitor.reports.charts.exercises import steps_of
from monitor.reports.charts.measurable import Measured
from monitor.reports.charts.posture import SignalSeries
from monitor.reports.charts.stretches import Limits
from monitor.reports.pages.inputs import BACK, ReportData, back_measured, sitting_series
from monitor.reports.pages.visit import VisitData
from monitor.reports.periods import DAYS_IN_WEEK, Period, last_days, month
from monitor.reports.phrases import many
from monitor.reports.report import report_on
from monitor.reports.visit import desk_facts, pain_facts

# Relative to the data folder.
REPORTS = "reports"
_MOST_TIPS = 6
Read = Callable[[float, float], Records]


def report_data(home: Home, period: Period, now: float, session: Session | None = None) -> ReportData:
    """The data of the report of a period, of one session if it is named.  Raises StoreError."""
    with history_of(home) as history, history.read_transaction():
        read: Read = cache(history.records_of_days(period.spans, session.id if session else None))
        report = report_on(period, read)
        records = read(period.start, period.end)
        person = history.person()
        signals, back = _posture(home, history, period, records) if not period.days else ((), None)
        weeks = _weeks(home, period, read) if period.days else []
    days = period.days or (period,)
    # Of the time that still runs the stage is today's by the calendar: a birth after midnight counts at once.
    last = home.calendar_date(now) if days[-1].start <= now < days[-1].end else home.date_of(days[-1].start)
    return ReportData(
        report=report,
        days=[chart_day(one, read(one.start, one.end), home.tz) for one in days],
        weeks=weeks,
        reminders=shown(records.reminders),
        check_ins=records.reports,
        checks=[one for one in checks(home.folders.data / HISTORY) if one.t < period.end],
        limits=limits_at(home, person, last),
        made=now,
        signals=signals,
        back=back,
        stage=_stage(person, last),
        tips=_movements(records) if not period.days else (),
        pregnant=shown_pregnant(person, last),
    )


def _movements(records: Records) -> list[Tip]:
    """The tips with figures that were shown, in order, each once."""
    by_id = {tip.id: tip for tip in library.tips().tips}
    given = dict.fromkeys(name for one in records.reminders for name in (one.tip, one.follow_up) if name in by_id)
    return [by_id[name] for name in given if name and steps_of(by_id[name])][:_MOST_TIPS]


@dataclass(frozen=True, slots=True)
class RangeData:
    """Any days one after the other, with all checks up to their end and the limits of the last day."""

    days: Sequence[ChartDay]
    checks: Sequence[Check]
    limits: Limits


def range_data(home: Home, first: date, last: date) -> RangeData:
    """Everything that a page over the days from ``first`` to ``last`` shows; no signal is added up.  Raises StoreError."""
    period = last_days((last - first).days + 1, last, home.tz, home.day_begins)
    with history_of(home) as history, history.read_transaction():
        whole = history.records(period.start, period.end, signals=False)
        limits = limits_at(home, history.person(), last)
    parts = split(whole, period.spans)
    days = [chart_day(one, part, home.tz) for one, part in zip(period.days, parts, strict=True)]
    found = [one for one in checks(home.folders.data / HISTORY) if one.t < period.end]
    return RangeData(days, found, limits)


def visit_data(home: Home, weeks: int, now: float, *, notes: bool) -> VisitData:
    """The data of the sheets for a visit, of that many weeks up to today.  Raises StoreError."""
    today = home.calendar_date(now)
    period = last_days(weeks * DAYS_IN_WEEK, home.date_of(now), home.tz, home.day_begins)
    with history_of(home) as history, history.read_transaction():
        records = history.records(period.start, period.end, signals=False)
        person, everything = history.person(), history.reports()
    parts = split(records, period.spans)
    days = [chart_day(one, part, home.tz) for one, part in zip(period.days, parts, strict=True)]
    conditions = library.tips().conditions
    return VisitData(
        first=home.date_of(now) - timedelta(days=len(days) - 1),
        today=today,
        pregnancy=pregnancy(person),
        conditions=[conditions.get(name, name) for name in sorted(person.conditions - {NO_BABY})],
        reports=records.reports,
        pain=pain_facts(days),
        desk=desk_facts(days, summarize(records)),
        last=everything[-1] if everything else None,
        card=library.card(),
        numbers=home.settings.contacts.numbers(),
        notes=[(one.t, one.note) for one in records.reports if one.note] if notes else (),
        alone=NO_BABY in person.conditions,
    )


def _weeks(home: Home, period: Period, read: Read) -> list[ChartDay]:
    last = (period.days or (period,))[-1]
    days = month(home.date_of(last.start), home.tz, home.day_begins).days
    return [chart_day(one, read(one.start, one.end), home.tz) for one in days]


def _posture(home: Home, history: History, period: Period, records: Records) -> tuple[Sequence[SignalSeries], Measured | None]:
    signals = home.settings.table()
    judged = {signal.name for signal in signals if signal.tolerance is not None} | {BACK}
    minutes = history.series(period.start, period.end, judged).minutes
    return sitting_series(minutes, records.bouts, signals, references_of(home, records.sessions)), back_measured(minutes)


def references_of(home: Home, sessions: Sequence[Session]) -> References:
    """The sitting baseline of these sessions; empty where that calibration is gone, which only omits its chart."""
    name = next((one.profile for one in reversed(sessions) if one.profile), None)
    with suppress(ProfileUnusable):
        profile = composition.profile(home, name)
        return profile.baseline.of(Activity.SITTING) if profile else {}
    return {}


def limits_at(home: Home, person: Person, on: date) -> Limits:
    """When the reminders of sitting are due on that day; none where they are turned off."""
    if "sat_too_long" not in home.settings.numbers():
        return Limits(None, None)
    limits = limits_on(home.settings, person, on)
    return Limits(limits[SIT_SOFT].value * 60, limits[SIT_FIRM].value * 60)


def _stage(person: Person, on: date) -> str | None:
    week = pregnancy(person).week(on) if shown_pregnant(person, on) else None
    return f"{many(week[0], 'week')} and {many(week[1], 'day')} on {on.day} {on:%B}." if week else None


def write_page(path: Path, page: str) -> None:
    """Write the page atomically to a file that only its owner can read.  Raises DiskFull."""
    try:
        write_private(path, page)
    except OSError as error:
        raise DiskFull(f"report {path} cannot be written ({error.strerror}); choose another file with --out") from error
