"""From the takes of a stage to the person's own references, or the reason why there are none.

Median and 1.4826 MAD, which are robust against a short turn of the head or a lost picture.  The tolerances are those of the
signals, applied to the person's own values by the pipeline's own rule (``judge``).
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

# A signal measured in less than half of the samples does not represent the stage.
_MEASURED_SHARE = 0.5
# With more than this share from another view the stage is rejected.
_OTHER_VIEW_SHARE = 0.25
# Steady: four samples in five (the share of a reminder) lie within half of the tolerance around the median, where a signal counts
# as back in tolerance; single pictures, which are of different moments, within all of it.
_STEADY_LOOKS, _STEADY_SHARE, _STEADY_SHARE_PICTURES = 0.8, RELEASE_SHARE, 1.0
# Tolerance (s): samples of 0.2 s do not add up to exactly five seconds in floating point.
_ROUNDING_S = 1e-3


@dataclass(frozen=True, slots=True)
class Fitted:
    """An accepted stage; ``by_legs`` if the legs, which separate sitting from standing, were visible in most of it."""

    rule: StageRule
    view: View
    references: References
    by_legs: bool


def fit(rule: StageRule, takes: Sequence[Take], signals: Sequence[Signal] = SIGNALS) -> Fitted:
    """The references of one stage.

    Raises:
        NotEnoughData, TooDark, WrongView, Unsteady: with what was observed and what to do.
    """
    usable = _usable(rule, takes)
    view = _one_view(rule, usable)
    seen = [sample for sample in usable if sample.view is view]
    values = values_of([sample.readings for sample in seen])
    references = {name: reference(v) for name, v in values.items()}
    _check_judged(rule, seen, references, signals)
    share = _STEADY_SHARE_PICTURES if _pictures(takes) else _STEADY_SHARE
    _check_steady(rule, values, references, either_way(signals, share))
    return Fitted(rule, view, references, 2 * sum(sample.by_legs for sample in seen) > len(seen))


def baseline_of(fitted: Iterable[Fitted]) -> Baseline:
    """The person's baseline, in the stages' own order."""
    return Baseline(own_references({one.rule.stage: one.references for one in fitted}))


def view_in(baseline: Baseline) -> View | None:
    """The view of a baseline, None if its signals do not determine it."""
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
    all_samples = [sample for take in takes for sample in take]
    good = [sample for sample in all_samples if sample.why is None]
    if sum(map(shown_s, takes)) < ENOUGH_S - _ROUNDING_S:
        raise NotEnoughData(f"{rule.title} needs {_NEEDED}, and was given {_amount(takes, shown_s, len(all_samples))}")
    if sum(map(usable_s, takes)) < USABLE_S - _ROUNDING_S:
        why = Counter(sample.why for sample in all_samples if sample.why).most_common(1)[0][0]
        used = f"{_amount(takes, usable_s, len(good))} of {_amount(takes, shown_s, len(all_samples))}"
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
    (view, count), *_ = Counter(sample.view for sample in usable).most_common()
    assert view is not None  # noqa: S101  # an unusable sample otherwise
    if count < (1 - _OTHER_VIEW_SHARE) * len(usable):
        raise WrongView(f"{rule.title}: seen partly from the side and partly from the front; keep to one of them")
    return view


def _check_judged(rule: StageRule, seen: Sequence[StageSample], references: References, signals: Sequence[Signal]) -> None:
    judged = [s.name for s in signals if s.tolerance is not None and s.view is seen[0].view]
    # The medians are always within their own tolerance; this only checks whether any signal is judged.
    if not judged or judge(centers(references), references, signals=signals).judged:
        return
    whys = Counter(why for sample in seen for name in judged if (why := sample.readings[name].why))
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
    # Signals that are not angles are lengths in picture units, which are shown as a share of themselves.
    return f"{reach:.0f} deg" if s.unit == "deg" else f"{reach / abs(center):.0%}"


# --- words for the baseline's own rule ---------------------------------------------------------------------------


def either_way(signals: Sequence[Signal], share: float) -> tuple[Signal, ...]:
    """The judged signals with that share of their tolerance, in both directions."""
    judged = (s for s in signals if s.tolerance is not None)
    return tuple(replace(s, tolerance=(s.tolerance or 0.0) * share, direction=Direction.BOTH) for s in judged)


def centers(references: References) -> dict[str, Reading]:
    """The references' medians as readings, the other signals missing."""
    return nothing(Reason.NOT_MEASURED) | {name: Reading(reference.center) for name, reference in references.items()}
