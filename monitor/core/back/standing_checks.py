"""Standing checks: the lumbar curve of one person, weeks apart, compared only with the person's own earlier ones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_DEVIATIONS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """A standing check at ``t`` (POSIX s): the curve (deg, + = hollow) with its sd, the depth (%), from how many frames.

    ``week`` is the completed week of pregnancy, None outside one or where none was entered.
    """

    t: float
    lordosis_deg: float
    sd_deg: float
    depth: float
    frames: int
    source: str
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How much more hollow (deg) than at ``since`` (POSIX s); ``clear`` if that exceeds the measurement error."""

    deg: float
    since: float
    clear: bool


def change(check: Check, checks: Sequence[Check], smallest_deg: float | None = None) -> Change | None:
    """The change from the first of the earlier checks, None without any.

    It is clear if it exceeds ``smallest_deg``, the person's own smallest detectable change; where none is known, ``by_chance``.
    """
    first = min((one for one in checks if one.t < check.t), key=lambda one: one.t, default=None)
    if first is None:
        return None
    deg = check.lordosis_deg - first.lordosis_deg
    return Change(deg, first.t, abs(deg) > (smallest_deg or by_chance(first, check)))


def by_chance(one: Check, other: Check) -> float:
    """The difference (deg) that two checks without a change exceed once in 20 times: two sd of their difference."""
    return _DEVIATIONS * math.hypot(one.sd_deg, other.sd_deg)
