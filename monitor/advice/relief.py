"""The tip after a check-in with pain: by what eased it before, and what is allowed for the person."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from monitor.advice.catalogue import Does, Tip
from monitor.advice.checkin import TOLD_TO_REST, CheckIn, Limiting, implied_by
from monitor.advice.picking import RELIEF, Context, suits, timely, turned
from monitor.advice.red_flags import Urgency
from monitor.advice.triage import TriageResult

# No exercise with severe pain, with a call to make today (science.md 4.6), or for a person advised to rest.
SEVERE_FROM = 7
# The most common place of back pain; used while none was named.
_USUAL = frozenset({"low_back"})
_AT_REST = frozenset(Does) - {Does.MOVE}
_NOTHING = "nothing"
# Signs of the card that are a pain of back or hips, for a check-in without a number.
_ACHES = frozenset({"pelvic_pain", "sciatica", "pain_two_weeks", "pain_limits_life", "low_dull_backache"})
# The weight of the present check-in, more than all earlier ones.
_NOW = 1_000_000


@dataclass(frozen=True, slots=True)
class Relief:
    """The ``tip``, and the relief (see checkin.EASED_BY) that helped the person and supports it; None if there is none."""

    tip: Tip
    eased: str | None = None


def relief(
    tips: Iterable[Tip], report: CheckIn, verdict: TriageResult, before: Mapping[str, int], context: Context
) -> Relief | None:
    """The tip that answers ``report``; None if nothing hurts, if a call comes first, or if nothing fits.

    ``before`` is the number of earlier check-ins that named each relief.  The present one takes precedence.
    """
    if not _hurts(report) or verdict.call_first or context.call_first:
        return None
    her = replace(context, conditions=context.conditions | report.symptoms | implied_by(report.places))
    allowed = _allowed(report, verdict, her.conditions)
    fitting = [tip for tip in tips if tip.does in allowed and _fits(tip, report, her)]
    helped = Counter(before) + Counter(dict.fromkeys(report.eased_by, _NOW))
    best = min(turned(fitting, report.t, her.tz), key=lambda tip: _rank(tip, helped, her), default=None)
    return Relief(best, _most(best.eases, helped)) if best else None


def _hurts(report: CheckIn) -> bool:
    if report.pain is not None:
        return report.pain > 0
    return bool(report.places or report.symptoms & _ACHES) or report.limiting is not Limiting.NO


def _allowed(report: CheckIn, verdict: TriageResult, conditions: Collection[str]) -> frozenset[Does]:
    severe = report.pain is not None and report.pain >= SEVERE_FROM
    return _AT_REST if severe or verdict.urgency is Urgency.TODAY or TOLD_TO_REST in conditions else frozenset(Does)


def _fits(tip: Tip, report: CheckIn, her: Context) -> bool:
    where = not tip.places or bool(tip.places & (report.places or _USUAL))
    return RELIEF in tip.reminders and where and suits(tip, her) and timely(tip, report.t, her)


def _rank(tip: Tip, helped: Mapping[str, int], her: Context) -> tuple[int, bool, float]:
    """Sort key, lower is better: what helped most, an action for now rather than a question to ask, longest not shown."""
    return -max((helped.get(name, 0) for name in tip.eases), default=0), tip.does is Does.ASK, her.shown.get(tip.id, -math.inf)


def _most(eases: Collection[str], helped: Mapping[str, int]) -> str | None:
    named = [name for name in sorted(eases) if helped.get(name) and name != _NOTHING]
    return max(named, key=helped.__getitem__, default=None)
