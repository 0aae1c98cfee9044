"""The data of some weeks for a midwife or physiotherapist: check-ins, and the monitored time at the desk.

No figure of the back, nothing about reminders, and no relation of pain to sitting, because such numbers are over-interpreted.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from monitor.core.history.pain_days import MODERATE
from monitor.core.history.records import CheckInRecord
from monitor.core.history.summary import Summary
from monitor.core.sedentary.bout_metrics import share
from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import ChartDay
from monitor.reports.periods import DAYS_IN_WEEK

# From here on pain of 0 to 10 is severe, and standing is much by the guidance.
SEVERE, MUCH_STANDING_S = 7, 3 * 3600.0


@dataclass(frozen=True, slots=True)
class PainFacts:
    """The pain entered (0 to 10): check-ins and days, median, lowest, highest, days from 4 and from 7; NaN without any.

    ``weeks`` are the medians of each seven days, oldest first.
    """

    check_ins: int
    days: int
    median: float
    lowest: float
    highest: float
    moderate_days: int
    severe_days: int
    weeks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Time at the desk on monitored days: monitored time (s), medians of a day (s), the longest sitting and its day's start.

    Shares are 0 to 1; NaN without monitoring.
    """

    days: int
    watched_s: float
    sitting_s: float
    standing_s: float
    longest_s: float
    longest_day: float
    breaks_per_h: float
    much_standing_days: int
    assumed_share: float
    unknown_share: float


def pain_facts(days: Sequence[ChartDay]) -> PainFacts:
    """The pain values of complete weeks."""
    by_day = [[one.pain for one in day.check_ins if one.pain is not None] for day in days]
    pains = [pain for told in by_day for pain in told]
    worst = [max(told) for told in by_day if told]
    weeks = [[pain for told in by_day[n : n + DAYS_IN_WEEK] for pain in told] for n in range(0, len(days), DAYS_IN_WEEK)]
    return PainFacts(
        len(pains),
        len(worst),
        median(pains) if pains else math.nan,
        min(pains, default=math.nan),
        max(pains, default=math.nan),
        sum(pain >= MODERATE for pain in worst),
        sum(pain >= SEVERE for pain in worst),
        tuple(median(told) if told else math.nan for told in weeks),
    )


def desk_facts(days: Sequence[ChartDay], whole: Summary) -> DeskFacts:
    """The time at the desk on the monitored ones of the days; ``whole`` is the summary of all of them."""
    watched = [day for day in days if day.watched]
    sat, stood = ([day.seconds(kind) for day in watched] for kind in (Activity.SITTING, Activity.STANDING))
    stretches = [(spell.seconds, day.start) for day in watched for spell in day.sat()]
    longest_s, longest_day = max(stretches, default=(math.nan, math.nan))
    return DeskFacts(
        len(watched),
        whole.covered_s,
        median(sat) if sat else math.nan,
        median(stood) if stood else math.nan,
        longest_s,
        longest_day,
        whole.sedentary.breaks_per_h,
        sum(seconds > MUCH_STANDING_S for seconds in stood),
        whole.assumed_share,
        share(whole.seconds[Activity.UNKNOWN], whole.covered_s),
    )


def counts(reports: Sequence[CheckInRecord], field: str) -> list[tuple[str, int]]:
    """The number of check-ins that named each place (``places``) or relief (``eased_by``), most first."""
    found = Counter(name for one in reports for name in getattr(one, field))
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def signs(reports: Sequence[CheckInRecord]) -> list[CheckInRecord]:
    """The check-ins in which a warning sign was ticked or found, latest first."""
    return sorted((one for one in reports if one.symptoms or one.urgency), key=lambda one: -one.t)


def limiting_counts(reports: Sequence[CheckInRecord]) -> Mapping[str, int]:
    """The number of check-ins by interference: not at all, somewhat, much."""
    found = Counter(str(one.limiting) for one in reports)
    return {name: found[name] for name in ("no", "some", "much")}
