"""The pattern of accumulation of sitting: few long bouts or many short ones.

Formulas: science.md 3.7, after PBpatterns (Hibbing) and Chastin & Granat 2010.  They describe a habit, so they need about a week
of bouts, not a morning.  Only bouts whose end was observed enter.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

import numpy as np

from monitor.core.body.landmarks import Floats
from monitor.core.sedentary.bouts import BREAK_CREDIT_S, MIN_BOUT_S, SEDENTARY, Bout
from monitor.core.vocabulary import Activity, Reason

HOUR_S = 3600.0
# The commonest cut for a "prolonged" sedentary bout (science.md 3.6); SBRN fixes none.
PROLONGED_S = 30 * 60.0
# Fewer completed bouts than this describe the day rather than the habit (science.md 3.7 [E]).
MIN_BOUTS = 20
# The power law needs a fixed shortest bout to be comparable between people and weeks (science.md 3.7).
POWER_LAW_FROM_S = 60.0


@dataclass(frozen=True, slots=True)
class Spell:
    """Time (s) spent without a break in one kind of activity, from ``start`` to ``end`` (POSIX s).

    ``ended`` if its end was observed (False: the person was lost from view); unseen seconds within it do not count.
    """

    seconds: float
    ended: bool
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class BoutMetrics:
    """``w50_s`` (s), ``gini`` (0 to 1), ``alpha`` (> 1) with its standard error; NaN with a ``why`` where bouts are too few."""

    w50_s: float = math.nan
    gini: float = math.nan
    alpha: float = math.nan
    alpha_se: float = math.nan
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Sedentary:
    """Sitting bouts of 10 s and longer: how many, mean, median and longest (s, NaN without any), and how they ended.

    ``breaks`` counts the bouts whose end was observed, in standing, moving or leaving: one that still runs at the end, or was
    unseen for 60 s, is not a break (PBpatterns).  ``breaks_per_h`` is per hour of sitting, NaN without sitting.  ``prolonged_s``
    is the time in bouts of 30 min and longer.
    """

    bouts: int
    mean_s: float
    median_s: float
    longest_s: float
    prolonged_s: float
    breaks: int
    breaks_per_h: float
    patterns: BoutMetrics


def followed(bouts: Sequence[Bout]) -> Iterator[tuple[Bout, Bout | None]]:
    """Every observed bout with the next observed one: None if there is none, or 60 s or more between them were unseen.

    Unseen time shorter than a credited break counts neither way (science.md 3.3); a longer one is unknown.
    """
    seen = [bout for bout in bouts if bout.activity is not Activity.UNKNOWN]
    for bout, after in pairwise(seen):
        yield bout, after if after.start - bout.end < BREAK_CREDIT_S else None
    if seen:
        yield seen[-1], None


def spells(bouts: Sequence[Bout], kinds: frozenset[Activity]) -> list[Spell]:
    """The unbroken times in ``kinds``, oldest first, of 10 s and longer; unseen seconds within them are excluded."""
    found: list[Spell] = []
    seconds, start = 0.0, math.nan
    for bout, after in followed(bouts):
        if bout.activity not in kinds:
            continue
        start = bout.start if seconds == 0 else start
        seconds += bout.seconds
        if after is None or after.activity not in kinds:
            found.append(Spell(seconds, after is not None, start, bout.end))
            seconds = 0.0
    return [spell for spell in found if spell.seconds >= MIN_BOUT_S]


def sedentary(bouts: Sequence[Bout]) -> Sedentary:
    """How the sitting in ``bouts`` (oldest first) was accumulated."""
    sat = spells(bouts, SEDENTARY)
    lengths = [spell.seconds for spell in sat]
    ended = [spell.seconds for spell in sat if spell.ended]
    sitting_s = math.fsum(bout.seconds for bout in bouts if bout.activity in SEDENTARY)
    return Sedentary(
        bouts=len(sat),
        mean_s=fmean(lengths) if lengths else math.nan,
        median_s=median(lengths) if lengths else math.nan,
        longest_s=max(lengths, default=math.nan),
        prolonged_s=math.fsum(length for length in lengths if length >= PROLONGED_S),
        breaks=len(ended),
        breaks_per_h=len(ended) / (sitting_s / HOUR_S) if sitting_s > 0 else math.nan,
        patterns=patterns_of(ended),
    )


def share(part: float, whole: float) -> float:
    """``part / whole`` (0 to 1), NaN if ``whole`` is 0; clipped to 1, because two clocks may differ by a sample."""
    return min(part / whole, 1.0) if whole > 0 else math.nan


def patterns_of(lengths_s: Sequence[float]) -> BoutMetrics:
    """The pattern metrics of completed bouts (s), NaN with a reason where there are fewer than 20."""
    if len(lengths_s) < MIN_BOUTS:
        return BoutMetrics(why=Reason.TOO_FEW_BOUTS)
    x = np.sort(np.asarray(lengths_s, dtype=np.float64))
    alpha, alpha_se = power_law(x[x >= POWER_LAW_FROM_S])
    why = Reason.BOUTS_TOO_ALIKE if math.isnan(alpha) else None
    return BoutMetrics(w50(x), gini(x), alpha, alpha_se, why)


def w50(x: Floats) -> float:
    """The usual bout duration (in the unit of ``x``): half of all the time is accumulated in bouts no longer than this.

    The empirical one: the length whose cumulative share of the time is nearest to a half.  Ref: Chastin & Granat 2010.
    """
    lengths, counts = np.unique(x, return_counts=True)
    share = np.cumsum(lengths * counts) / np.sum(x)
    return float(lengths[np.argmin(np.abs(share - 0.5))])


def gini(x: Floats) -> float:
    """Inequality of the bout lengths: 0 all equal, toward 1 dominated by few long ones.

    ``x`` ascending.  Without the small-sample factor n / (n - 1) of DescTools and skdh.  Ref: Chastin & Granat 2010.
    """
    n = len(x)
    rank = np.arange(1, n + 1)
    return max(float(2 * np.sum(rank * x) / (n * np.sum(x)) - (n + 1) / n), 0.0)


def power_law(x: Floats) -> tuple[float, float]:
    """Exponent alpha of the bout lengths (s) from 60 s on, and its standard error; a lower one means more time in long bouts.

    NaN for fewer than 20 bouts or none above 60 s.  Ref: Chastin & Granat 2010.
    """
    logs = float(np.sum(np.log(x / POWER_LAW_FROM_S)))
    if len(x) < MIN_BOUTS or logs <= 0:
        return math.nan, math.nan
    alpha = 1 + len(x) / logs
    return alpha, (alpha - 1) / math.sqrt(len(x))
