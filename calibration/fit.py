"""From the takes of a stage to the person's own references, or a plain word why they cannot be had.

Median and 1.4826 MAD, so that a glance aside or a lost picture leaves them alone.  The tolerances are those of the signals, held
against the person's own values by the pipeline's own rule (``judge``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.hints import ADVICE
from calibration.samples import StageSample, Take, shown_s, usable_s
from calibration.stages import ENOUGH_S, USABLE_S, StageRule
from monitor.core.errors import CalibrationError, NotEnoughData, TooDark, Unsteady, WrongView
from monitor.core.posture.baseline import RELEASE_SHARE, Baseline, Reference, References, judge
from monitor.core.posture.lumbar_baseline import own_references
from monitor.core.posture.readings import Reading, Readings, nothing
from monitor.core.posture.signals import BY_NAME, SIGNALS, Direction, Signal
from monitor.core.vocabulary import Reason, View
from monitor.texts.catalogue import label, reason

# A signal measured in less than half of the looks would be a reference for other moments than these.
_MEASURED_SHARE = 0.5
# More than this share from the other side is no slip of the view.
_OTHER_VIEW_SHARE = 0.25
# Steady: four looks in five (a reminder asks the same share) lie within half of the tolerance around the median, where a signal
# counts as in again; pictures, which are of different moments, within all of it.
_STEADY_LOOKS, _STEADY_SHARE, _STEADY_SHARE_PICTURES = 0.8, RELEASE_SHARE, 1.0
# Clips sampled at 0.2 s do not add up to a round five seconds in binary.
_ROUNDING_S = 1e-3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A stage that was accepted; ``by_legs`` if most of it showed the legs, which tell sitting from standing."""

    rule: StageRule
    view: View
    references: References
    by_legs: bool


def fit(rule: StageRule, takes: Sequence[Take], signals: Sequence[Signal] = SIGNALS) -> Fitted:
    """The references of one stage.

    Raises:
        NotEnoughData, TooDark, WrongView, Unsteady: with what was seen and what to do.
    """
    usable = _usable(rule, takes)
    view = _one_view(rule, usable)
    seen = [look for look in usable if look.view is view]
    values = values_of([look.readings for look in seen])
    references = {name: reference(v) for name, v in values.items()}
    _check_judged(rule, seen, references, signals)
    share = _STEADY_SHARE_PICTURES if _pictures(takes) else _STEADY_SHARE
    _check_steady(rule, values, references, either_way(signals, share))
    return Fitted(rule, view, references, 2 * sum(look.by_legs for look in seen) > len(seen))


def baseline_of(fitted: Iterable[Fitted]) -> Baseline:
    """The person's baseline, in the stages' own order."""
    return Baseline(own_references({one.rule.stage: one.references for one in fitted}))


def view_in(baseline: Baseline) -> View | None:
    """From where a baseline was taken, None if it holds nothing that tells."""
    views = (BY_NAME[name].view for references in baseline.stages.values() for name in references if name in BY_NAME)
    return next((view for view in views if view), None)


def values_of(readings: Sequence[Readings]) -> dict[str, list[float]]:
    """The values of every signal that was measured in at least half of the readings; raw units."""
    names = dict.fromkeys(name for one in readings for name in one)
    values = {name: [one[name].value for one in readings if name in one and one[name].measured] for name in names}
    return {name: v for name, v in values.items() if v and len(v) >= _MEASURED_SHARE * len(readings)}


def reference(values: Sequence[float]) -> Reference:
    """Median, 1.4826 MAD (the standard deviation of a normal spread) and number of the values."""
    center = float(np.median(values))
    return Reference(center, 1.4826 * float(np.median(np.abs(np.asarray(values) - center))), len(values))


# --- is it enough, and of one kind -------------------------------------------------------------------------------


def _usable(rule: StageRule, takes: Sequence[Take]) -> list[StageSample]:
    all_looks = [look for take in takes for look in take]
    good = [look for look in all_looks if look.why is None]
    if sum(map(shown_s, takes)) < ENOUGH_S - _ROUNDING_S:
        raise NotEnoughData(f"{rule.title} needs {_NEEDED}, and was given {_amount(takes, shown_s, len(all_looks))}")
    if sum(map(usable_s, takes)) < USABLE_S - _ROUNDING_S:
        why = Counter(look.why for look in all_looks if look.why).most_common(1)[0][0]
        used = f"{_amount(takes, usable_s, len(good))} of {_amount(takes, shown_s, len(all_looks))}"
        advice = f"; {ADVICE[why]}" if why in ADVICE else ""
        raise _NAMED.get(why, NotEnoughData)(f"{rule.title}: only {used} can be used, mostly because: {reason(why)}{advice}")
    return good


def _amount(takes: Sequence[Take], seconds: Callable[[Take], float], count: int) -> str:
    return f"{count} picture(s)" if _pictures(takes) else f"{sum(map(seconds, takes)):.1f} s"


def _pictures(takes: Sequence[Take]) -> bool:
    return all(len(take) == 1 for take in takes)


_NEEDED = f"{ENOUGH_S:.0f} s of video or 3 pictures"
_NAMED: Mapping[str, type[CalibrationError]] = {
    Reason.TOO_DARK: TooDark,
    Reason.SEEN_OBLIQUELY: WrongView,
    Reason.NOT_FROM_THE_SIDE: WrongView,
}


def _one_view(rule: StageRule, usable: Sequence[StageSample]) -> View:
    (view, count), *_ = Counter(look.view for look in usable).most_common()
    assert view is not None  # noqa: S101  # an unusable look otherwise
    if count < (1 - _OTHER_VIEW_SHARE) * len(usable):
        raise WrongView(f"{rule.title}: seen partly from the side and partly from the front; keep to one of them")
    return view


def _check_judged(rule: StageRule, seen: Sequence[StageSample], references: References, signals: Sequence[Signal]) -> None:
    judged = [s.name for s in signals if s.tolerance is not None and s.view is seen[0].view]
    # The centers are always within their own tolerance; the question is only whether there is anything to judge.
    if not judged or judge(centers(references), references, signals=signals).judged:
        return
    whys = Counter(why for look in seen for name in judged if (why := look.readings[name].why))
    raise NotEnoughData(
        f"{rule.title}: nothing can be measured, mostly because: {reason(whys.most_common(1)[0][0])}; show head and trunk"
    )


def _check_steady(
    rule: StageRule, values: Mapping[str, Sequence[float]], references: References, signals: Sequence[Signal]
) -> None:
    reach = {name: _reach(v, references[name].center) for name, v in values.items()}
    still = {name: replace(ref, spread=0.0) for name, ref in references.items()}
    moved = {name: replace(ref, center=ref.center + reach[name]) for name, ref in references.items()}
    off = judge(centers(moved), still, signals=signals).off
    for s in signals:
        if s.name in off:
            extent = _extent(s, reach[s.name], references[s.name].center)
            raise Unsteady(f"{rule.title}: {label(s.name)} was not steady (it moved by {extent}); hold still and try again")


def _reach(values: Sequence[float], center: float) -> float:
    return float(np.quantile(np.abs(np.subtract(values, center)), _STEADY_LOOKS))


def _extent(s: Signal, reach: float, center: float) -> str:
    # What is no angle is a length in some unit of the picture: a share of itself says more.
    return f"{reach:.0f} deg" if s.unit == "deg" else f"{reach / abs(center):.0%}"


# --- words for the baseline's own rule ---------------------------------------------------------------------------


def either_way(signals: Sequence[Signal], share: float) -> tuple[Signal, ...]:
    """The judged signals with that share of their tolerance, in both directions."""
    judged = (s for s in signals if s.tolerance is not None)
    return tuple(replace(s, tolerance=(s.tolerance or 0.0) * share, direction=Direction.BOTH) for s in judged)


def centers(references: References) -> dict[str, Reading]:
    """The references' medians as readings, the other signals missing."""
    return nothing(Reason.NOT_MEASURED) | {name: Reading(reference.center) for name, reference in references.items()}
