"""Pain over days relative to sitting and breaks, as a description without a statement about causes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from monitor.core.history.records import CheckInRecord
from monitor.core.history.summary import Summary
from monitor.core.vocabulary import Activity

# Fewer would show chance rather than habit [E].
ENOUGH = 10
# Moderate pain on a scale of 0 to 10 begins here (Boonstra 2014).
MODERATE = 4


@dataclass(frozen=True, slots=True)
class PainDay:
    """A day that begins at ``start`` (POSIX s): mean pain (0 to 10), sitting (s), breaks per hour of it; NaN if not monitored."""

    start: float
    check_ins: int
    pain: float
    sitting_s: float
    breaks_per_h: float


@dataclass(frozen=True, slots=True)
class DayGroup:
    """A group of days: their number and medians (NaN if there are none)."""

    days: int
    sitting_s: float
    breaks_per_h: float


@dataclass(frozen=True, slots=True)
class PainDays:
    """The number of check-ins with a pain value, and their days in order; no days if there are too few check-ins."""

    check_ins: int
    days: tuple[PainDay, ...] = ()

    def group(self, *, moderate: bool) -> DayGroup:
        """The monitored days with moderate pain or more, or those with less."""
        some = [d for d in self.days if (d.pain >= MODERATE) is moderate and not math.isnan(d.sitting_s)]
        breaks = [d.breaks_per_h for d in some if not math.isnan(d.breaks_per_h)]
        return DayGroup(len(some), median([d.sitting_s for d in some] or [math.nan]), median(breaks or [math.nan]))


def pain_days(
    reports: Sequence[CheckInRecord], days: Sequence[tuple[float, float]], summary: Callable[[float, float], Summary]
) -> PainDays:
    """The pain on ``days`` (start and end, POSIX s); ``summary`` returns the summary of one of them."""
    with_value = [(r.t, r.pain) for r in reports if r.pain is not None]
    if len(with_value) < ENOUGH:
        return PainDays(len(with_value))
    with_pain = [(start, end, [pain for t, pain in with_value if start <= t < end]) for start, end in days]
    return PainDays(len(with_value), tuple(_day(start, pains, summary(start, end)) for start, end, pains in with_pain if pains))


def _day(start: float, pains: Sequence[int], s: Summary) -> PainDay:
    sitting = s.seconds[Activity.SITTING] if s.covered_s > 0 else math.nan
    return PainDay(start, len(pains), fmean(pains), sitting, s.sedentary.breaks_per_h)
