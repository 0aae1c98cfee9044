"""Accumulation of sitting over days, for studies: totals, bout metrics by their published names, and the unseen share.

Names and formulas: SBRN (Tremblay 2017) for bout, break and transition; Chastin & Granat 2010 and skdh for the fragmentation
metrics.  A day is valid if the person was observed for long enough; a rate over days is weighted by the observed time, not by the
day.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from monitor.core.history.summary import PRESENT, sit_to_stand
from monitor.core.sedentary.bout_metrics import HOUR_S, PROLONGED_S, Spell, patterns_of, share, spells
from monitor.core.sedentary.bouts import SEDENTARY, Bout
from monitor.core.vocabulary import Activity

# A desk day of less (s) reflects the camera rather than the person [E]; actigraphy requires 10 h of the whole waking day.
VALID_DAY_S = 4 * HOUR_S
LONG_S = 60 * 60.0
# Disclosure control: a group's cell from fewer people could identify one of them.
LEAST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class DayTotals:
    """One person's day: seconds of each activity, the unbroken times of sitting, and the changes from sitting to the feet.

    ``seen_s`` is the time (s) that the person was observed at the desk, ``unseen_s`` the time (s) that the monitor ran and the
    activity was unknown; being away is neither.
    """

    seconds: Mapping[Activity, float]
    assumed_s: float
    sat: tuple[Spell, ...]
    transitions: int

    @property
    def seen_s(self) -> float:
        """Sitting, standing and moving (s)."""
        return math.fsum(self.seconds[kind] for kind in sorted(PRESENT))

    @property
    def unseen_s(self) -> float:
        """Time that the monitor ran and the activity was unknown (s)."""
        return self.seconds[Activity.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Accumulation:
    """The totals of a person's days; times in s, shares 0 to 1, NaN where the divisor is 0 or there are too few bouts (``why``).

    ``sitting_share`` and the other activities' shares are of the time seen, ``unseen_share`` of the time seen and unseen
    together.  ``w50_s`` is the usual bout duration, ``gini_index`` without the factor n / (n - 1), ``alpha`` the exponent of the
    power law from 60 s on; all three from bouts whose end was observed.  ``share_30min`` and ``share_60min`` are of the sitting
    in bouts.  A transition is a change from sitting to standing or moving; ``breaks`` counts leaving the desk as well.
    """

    days: int
    seen_s: float
    unseen_s: float
    unseen_share: float
    sitting_s: float
    standing_s: float
    moving_s: float
    away_s: float
    assumed_s: float
    sitting_share: float
    standing_share: float
    moving_share: float
    bouts: int
    mean_bout_s: float
    median_bout_s: float
    w50_s: float
    gini_index: float
    alpha: float
    share_30min: float
    share_60min: float
    breaks: int
    breaks_per_sedentary_h: float
    transitions: int
    transitions_per_seen_h: float
    why: str | None


def day_totals(bouts: Sequence[Bout]) -> DayTotals:
    """The totals of one day's bouts (in order of time, cut to the day)."""
    return DayTotals(
        {kind: math.fsum(b.seconds for b in bouts if b.activity is kind) for kind in Activity},
        math.fsum(b.seconds for b in bouts if b.assumed and b.activity is Activity.SITTING),
        tuple(spells(bouts, SEDENTARY)),
        sit_to_stand(bouts),
    )


def is_valid(day: DayTotals, least_s: float = VALID_DAY_S) -> bool:
    """Whether the person was observed for at least ``least_s`` (s) on that day."""
    return day.seen_s >= least_s


def accumulate(days: Iterable[DayTotals]) -> Accumulation:
    """The totals of some days of one person; each bout and each observed second has the same weight."""
    given = list(days)
    seconds = {kind: math.fsum(day.seconds[kind] for day in given) for kind in Activity}
    seen, unseen = (math.fsum(values) for values in ((d.seen_s for d in given), (d.unseen_s for d in given)))
    lengths = [spell.seconds for day in given for spell in day.sat]
    ended = [spell.seconds for day in given for spell in day.sat if spell.ended]
    patterns, sat, in_bouts = patterns_of(ended), seconds[Activity.SITTING], math.fsum(lengths)
    transitions = sum(day.transitions for day in given)
    return Accumulation(
        days=len(given),
        seen_s=seen,
        unseen_s=unseen,
        unseen_share=share(unseen, seen + unseen),
        sitting_s=sat,
        standing_s=seconds[Activity.STANDING],
        moving_s=seconds[Activity.MOVING],
        away_s=seconds[Activity.AWAY],
        assumed_s=math.fsum(day.assumed_s for day in given),
        sitting_share=share(sat, seen),
        standing_share=share(seconds[Activity.STANDING], seen),
        moving_share=share(seconds[Activity.MOVING], seen),
        bouts=len(lengths),
        mean_bout_s=in_bouts / len(lengths) if lengths else math.nan,
        median_bout_s=median(lengths) if lengths else math.nan,
        w50_s=patterns.w50_s,
        gini_index=patterns.gini,
        alpha=patterns.alpha,
        share_30min=share(math.fsum(s for s in lengths if s >= PROLONGED_S), in_bouts),
        share_60min=share(math.fsum(s for s in lengths if s >= LONG_S), in_bouts),
        breaks=len(ended),
        breaks_per_sedentary_h=len(ended) / (sat / HOUR_S) if sat > 0 else math.nan,
        transitions=transitions,
        transitions_per_seen_h=transitions / (seen / HOUR_S) if seen > 0 else math.nan,
        why=patterns.why,
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and quartiles of a figure over people, and their number; all three NaN if fewer than five."""

    people: int
    lower: float = math.nan
    median: float = math.nan
    upper: float = math.nan


def spread_of(values: Iterable[float]) -> Spread:
    """Median and quartiles over people of a figure (NaN: that person has none); quartiles as R's type 7."""
    known = [value for value in values if not math.isnan(value)]
    if len(known) < LEAST_PEOPLE:
        return Spread(len(known))
    return Spread(len(known), *quantiles(known, n=4, method="inclusive"))
