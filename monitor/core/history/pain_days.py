"""Pain over days beside sitting and breaks, as a description: nothing here says what causes what."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from monitor.core.history.records import CheckInRecord
from monitor.core.history.summary import Summary
from monitor.core.vocabulary import Activity

# Fewer would show chance rather than habit [E].
ENOUGH = 10
# From here on scales of 0 to 10 speak of moderate pain (Boonstra 2014).
MODERATE = 4


@dataclass(frozen=True, slots=True)
class PainDay:
    """A day that begins at ``start`` (POSIX s): mean pain (0 to 10), sitting (s), breaks per hour of it; NaN if not watched."""

    start: float
    check_ins: int
    pain: float
    sitting_s: float
    breaks_per_h: float


@dataclass(frozen=True, slots=True)
class DayGroup:
    """Some of the days: how many, and their medians (NaN of none)."""

    days: int
    sitting_s: float
    breaks_per_h: float


@dataclass(frozen=True, slots=True)
class PainDays:
    """Check-ins with a pain, and the days they were made on, in order; no days while there are not enough."""

    check_ins: int
    days: tuple[PainDay, ...] = ()

    def group(self, *, moderate: bool) -> DayGroup:
        """The days that were watched and had moderate pain or more; or those that had less."""
        some = [d for d in self.days if (d.pain >= MODERATE) is moderate and not math.isnan(d.sitting_s)]
        breaks = [d.breaks_per_h for d in some if not math.isnan(d.breaks_per_h)]
        return DayGroup(len(some), median([d.sitting_s for d in some] or [math.nan]), median(breaks or [math.nan]))


def pain_days(
    reports: Sequence[CheckInRecord], days: Sequence[tuple[float, float]], summary: Callable[[float, float], Summary]
) -> PainDays:
    """The pain on ``days`` (start and end, POSIX s); ``summary`` tells of one of them."""
    told = [(r.t, r.pain) for r in reports if r.pain is not None]
    if len(told) < ENOUGH:
        return PainDays(len(told))
    with_pain = [(start, end, [pain for t, pain in told if start <= t < end]) for start, end in days]
    return PainDays(len(told), tuple(_day(start, pains, summary(start, end)) for start, end, pains in with_pain if pains))


def _day(start: float, pains: Sequence[int], s: Summary) -> PainDay:
    sitting = s.seconds[Activity.SITTING] if s.covered_s > 0 else math.nan
    return PainDay(start, len(pains), fmean(pains), sitting, s.sedentary.breaks_per_h)
