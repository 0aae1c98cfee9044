"""The report on a period: its summary, the summaries of its days, and the pain of the weeks before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from monitor.core.history.pain_days import PainDays, pain_days
from monitor.core.history.records import CheckInRecord, PostureTotals, Records
from monitor.core.history.summary import SignalSummary, Summary, signal_summaries, summarize
from monitor.core.vocabulary import Activity
from monitor.reports.periods import DAYS_IN_WEEK, Period, day

PAIN_DAYS = 4 * DAYS_IN_WEEK


@dataclass(frozen=True, slots=True)
class Report:
    """A period and its summary; ``days`` are those of a week.

    ``pain`` is that of the four weeks up to the period's end; None if it was not requested.  ``posture`` has the signals of the
    time spent sitting and of the time spent standing; ``check_ins`` are those of the period.
    """

    period: Period
    summary: Summary
    days: tuple["Report", ...] = ()
    pain: PainDays | None = None
    posture: Mapping[Activity, tuple[SignalSummary, ...]] = field(default_factory=dict)
    check_ins: Sequence[CheckInRecord] = ()


def report_on(period: Period, read: Callable[[float, float], Records]) -> Report:
    """The report on a period and on its days; ``read`` gives the records between two times (POSIX s)."""
    records = read(period.start, period.end)
    days = tuple(report_on(one_day, read) for one_day in period.days)
    return Report(period, summarize(records), days, check_ins=records.reports)


def with_posture(report: Report, totals: PostureTotals) -> Report:
    """The report with its signals, and those of sitting and of standing apart: a mean over both would be of neither."""
    s, both = report.summary, (Activity.SITTING, Activity.STANDING)
    apart = {one: signal_summaries(totals.while_in.get(one, ()), s.seconds[one]) for one in both}
    return replace(report, summary=replace(s, signals=signal_summaries(totals.all, s.present_s)), posture=apart)


def with_pain(report: Report, read: Callable[[float, float], Records], tz: tzinfo) -> Report:
    """The report on a day or week with the pain of the four weeks up to its end; ``read`` as in ``report_on``."""
    period = report.period
    last = datetime.fromtimestamp(period.days[-1].start if period.days else period.start, tz).date()
    days = [day(last - timedelta(days=back), tz) for back in reversed(range(PAIN_DAYS))]
    reports = read(days[0].start, days[-1].end).reports
    pain = pain_days(reports, [(one.start, one.end) for one in days], lambda start, end: summarize(read(start, end)))
    return replace(report, pain=pain)
