"""Repeatability of the standing check on one person, and its agreement with a clinician's instrument (deg).

Two checks of one day, between which nothing changed, differ by chance.  From the within-person sd follows the smallest detectable
change: MDC90 = 1.645 x sqrt(2) x sd (Haley and Fragala-Pinkham 2006, Phys Ther 86:735-743).  With an inclinometer on the skin
physiotherapists reach 6 deg, with a phone 7 (Kolber 2013).  Agreement with another instrument is the mean difference with its
limits (Bland and Altman 1986, Lancet 327:307-310) and ICC(2,1) (Shrout and Fleiss 1979, Psychol Bull 86:420-428): absolute
agreement of single readings, two-way random effects.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from statistics import fmean, stdev

from monitor.core.back.standing_checks import Check

_SIDES_90, _SIDES_95 = 1.645, 1.960
FEWEST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Repeatability:
    """The within-day sd (deg) of one person's checks, from how many ``checks`` on how many ``days``."""

    sd_deg: float
    checks: int
    days: int

    @property
    def mdc90_deg(self) -> float:
        """The smallest detectable change (deg): nine of ten pairs of checks between which nothing changed differ by less."""
        return smallest_detectable_change(self.sd_deg)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two instruments on the same backs (deg, first minus second): ``bias_deg``, 95 % limits ``low_deg`` and ``high_deg``.

    ``icc`` is ICC(2,1), NaN where all readings are equal; ``mdc90_deg`` the smallest change of a single reading that exceeds both
    instruments' errors together; ``pairs`` the number of pairs.
    """

    pairs: int
    bias_deg: float
    low_deg: float
    high_deg: float
    icc: float
    mdc90_deg: float


def smallest_detectable_change(sd_deg: float) -> float:
    """MDC90 (deg) of readings with this within-person sd (deg)."""
    return _SIDES_90 * math.sqrt(2) * sd_deg


def repeatability(checks: Sequence[Check], tz: tzinfo) -> Repeatability | None:
    """The person's own repeatability, pooled over the days with two or more checks; None without such a day."""
    days = defaultdict(list)
    for check in checks:
        days[datetime.fromtimestamp(check.t, tz).date()].append(check.lordosis_deg)
    repeated = [degs for degs in days.values() if len(degs) > 1]
    if not repeated:
        return None
    squares = sum((deg - fmean(degs)) ** 2 for degs in repeated for deg in degs)
    count = sum(map(len, repeated))
    return Repeatability(math.sqrt(squares / (count - len(repeated))), count, len(repeated))


def agreement(pairs: Sequence[tuple[float, float]]) -> Agreement:
    """The agreement of the first of each pair with the second.  Raises ValueError below ``FEWEST_PAIRS``."""
    if len(pairs) < FEWEST_PAIRS:
        raise ValueError(f"{len(pairs)} pairs are too few")
    apart = [a - b for a, b in pairs]
    bias, sd = fmean(apart), stdev(apart)
    return Agreement(len(pairs), bias, bias - _SIDES_95 * sd, bias + _SIDES_95 * sd, icc_2_1(pairs), _SIDES_90 * sd)


def icc_2_1(pairs: Sequence[tuple[float, float]]) -> float:
    """ICC(2,1) of two raters, at most 1; NaN where nothing varies."""
    n, k = len(pairs), 2
    grand = fmean(value for pair in pairs for value in pair)
    columns = [fmean(column) for column in zip(*pairs, strict=True)]
    between = k * sum((fmean(pair) - grand) ** 2 for pair in pairs) / (n - 1)
    raters = n * sum((mean - grand) ** 2 for mean in columns) / (k - 1)
    rest = sum((value - fmean(pair) - columns[j] + grand) ** 2 for pair in pairs for j, value in enumerate(pair)) / (n - 1)
    whole = between + (k - 1) * rest + k * (raters - rest) / n
    return (between - rest) / whole if whole > 0 else math.nan
