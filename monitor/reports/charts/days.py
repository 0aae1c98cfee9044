"""The data of a day for charts: bouts, reminders with their responses, check-ins."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.core.history.records import CheckInRecord, Records, ReminderRecord
from monitor.core.reminders.kinds import CHECK_IN
from monitor.core.sedentary.bout_metrics import Spell, spells
from monitor.core.sedentary.bouts import SEDENTARY, Bout
from monitor.core.vocabulary import Activity
from monitor.reports.periods import Period


@dataclass(frozen=True, slots=True)
class ChartDay:
    """A day from ``start`` to ``end`` (POSIX s); ``name`` is ``Monday 16 November``, ``short`` is ``Mon 16``."""

    name: str
    short: str
    start: float
    end: float
    bouts: Sequence[Bout]
    reminders: Sequence[ReminderRecord] = ()
    check_ins: Sequence[CheckInRecord] = ()

    @property
    def watched(self) -> bool:
        """Whether anything was recorded."""
        return bool(self.bouts)

    @property
    def first(self) -> float:
        """When (POSIX s) the record begins; NaN on a day without monitoring."""
        return min((bout.start for bout in self.bouts), default=math.nan)

    @property
    def last(self) -> float:
        """When (POSIX s) the record ends; NaN on a day without monitoring."""
        return max((bout.end for bout in self.bouts), default=math.nan)

    def seconds(self, activity: Activity) -> float:
        """Time (s) in an activity."""
        return math.fsum(bout.seconds for bout in self.bouts if bout.activity is activity)

    def sat(self) -> list[Spell]:
        """The stretches of sitting, oldest first."""
        return spells(self.bouts, SEDENTARY)


def shown(told: Sequence[ReminderRecord]) -> list[ReminderRecord]:
    """The reminders that were shown and expect a response, which the daily question does not."""
    return [one for one in told if one.shown in {"desktop", "console"} and one.reminder.kind != CHECK_IN]


def chart_day(period: Period, records: Records, tz: tzinfo) -> ChartDay:
    """The day of a period and its records; reminders are those that were shown, check-ins those with a pain."""
    begun = datetime.fromtimestamp(period.start, tz)
    reports = [one for one in records.reports if one.pain is not None]
    short, name = f"{begun:%a} {begun.day}", f"{begun:%A} {begun.day} {begun:%B}"
    return ChartDay(name, short, period.start, period.end, records.bouts, shown(records.reminders), reports)
