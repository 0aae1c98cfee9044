"""The data of a report page, from the records of a period."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.advice.catalogue import Tip
from monitor.core.back.standing_checks import Check
from monitor.core.history.records import CheckInRecord, ReminderRecord
from monitor.core.history.summary import Summary
from monitor.core.posture.baseline import References, tolerance_band
from monitor.core.posture.signals import Signal
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import MINUTE_S, Minute
from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.measurable import Measured
from monitor.reports.charts.own_weeks import SatDay
from monitor.reports.charts.pain import PainSeriesDay
from monitor.reports.charts.posture import SignalPoint, SignalSeries
from monitor.reports.charts.stretches import Limits
from monitor.reports.report import Report
from monitor.texts.catalogue import label, reason

# The fewest minutes for a line over a day.
_ENOUGH_MINUTES = 10
BACK = "lumbar_lordosis"


@dataclass(frozen=True, slots=True)
class ReportData:
    """The data of a report page.

    ``days`` are the period's; ``weeks`` the four weeks up to its end, oldest first; ``made`` is now (POSIX s).  ``signals`` and
    ``back`` belong to a single day, ``tips`` are the movements shown with its reminders.  ``stage`` is the stage in a sentence,
    None if it was not entered.
    """

    report: Report
    days: Sequence[ChartDay]
    weeks: Sequence[ChartDay]
    reminders: Sequence[ReminderRecord]
    check_ins: Sequence[CheckInRecord]
    checks: Sequence[Check]
    limits: Limits
    made: float
    signals: Sequence[SignalSeries] = ()
    back: Measured | None = None
    stage: str | None = None
    tips: Sequence[Tip] = ()
    pregnant: bool = False


def sat_days(days: Iterable[ChartDay]) -> list[SatDay]:
    """The time sat on each day."""
    return [SatDay(day.short, day.seconds(Activity.SITTING) if day.watched else math.nan) for day in days]


def pain_series(days: Iterable[ChartDay]) -> list[PainSeriesDay]:
    """The pain values entered on each day, with the time sat."""
    return [
        PainSeriesDay(
            day.short,
            tuple(one.pain for one in day.check_ins if one.pain is not None),
            day.seconds(Activity.SITTING) if day.watched else math.nan,
        )
        for day in days
    ]


def sitting_series(
    minutes: Sequence[Minute], bouts: Sequence[Bout], signals: Iterable[Signal], references: References
) -> list[SignalSeries]:
    """The signals that are compared with the person's own sitting, over the minutes of sitting."""
    sat = [minute for minute in minutes if _sat(minute.start + MINUTE_S / 2, bouts)]
    found = []
    for signal in signals:
        band = tolerance_band(signal, references)
        points = [
            SignalPoint(m.start, one.mean, one.off_s > one.judged_s / 2)
            for m in sat
            if (one := m.signals.get(signal.name)) and one.measured_s > 0
        ]
        if band is None or len(points) < _ENOUGH_MINUTES:
            continue
        seen = {point.t for point in points}
        missed = [m.start for m in sat if m.start not in seen]
        found.append(SignalSeries(label(signal.name), signal.unit, points, missed, *band))
    return found


def back_measured(minutes: Sequence[Minute]) -> Measured | None:
    """The share of the time present in which the lower back was measured, and why not; None if it never applied."""
    measured, missed = 0.0, defaultdict[str, float](float)
    for one in (minute.signals[BACK] for minute in minutes if BACK in minute.signals):
        measured += one.measured_s
        rest = MINUTE_S - one.measured_s
        if rest > 0 and one.why:
            missed[reason(one.why)] += rest
    return Measured("the lower back", "the time you were there", measured, dict(missed)) if measured or missed else None


def activity_measured(s: Summary) -> Measured | None:
    """The share of the monitored time in which the activity was known, and why not; None if nothing was recorded."""
    if s.covered_s <= 0:
        return None
    missed = {reason(why): seconds for why, seconds in s.unknown_s.items()}
    return Measured("what you did", "the time watched", s.covered_s - s.seconds[Activity.UNKNOWN], missed)


def _sat(t: float, bouts: Sequence[Bout]) -> bool:
    return any(bout.start <= t < bout.end for bout in bouts if bout.activity is Activity.SITTING)
