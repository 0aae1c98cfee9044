"""Consistency of the stages of one calibration: seen from the same view, and different where they should differ."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from calibration.fit import Fitted, baseline_of, centers, either_way
from calibration.stages import UNLIKE_SHARE, Difference
from monitor.core.errors import PosesTooAlike, WrongView
from monitor.core.posture.baseline import Baseline, CalibrationStage, judge
from monitor.core.posture.lumbar_baseline import own_range
from monitor.core.posture.signals import SIGNALS, Signal
from monitor.core.sedentary.activity import Levels

TALL, RELAXED = CalibrationStage.SITTING_TALL, CalibrationStage.SITTING_RELAXED


def check_against(new: Fitted, accepted: Iterable[Fitted], signals: Sequence[Signal] = SIGNALS) -> None:
    """Raise WrongView or PosesTooAlike if the stage is not consistent with those before it."""
    for old in accepted:
        if old.view is not new.view:
            seen = f"{new.rule.title} is seen from the {new.view}, {old.rule.title.lower()} from the {old.view}"
            raise WrongView(f"{seen}; use the same side for all stages")
        for one, other in ((new, old), (old, new)):
            unlike = one.rule.unlike
            if unlike and unlike.stage is other.rule.stage and _ALIKE[unlike.difference](one, other, signals):
                lacking = _LACKING[unlike.difference]
                raise PosesTooAlike(f"{one.rule.title} looks like {other.rule.title.lower()} ({lacking}); {unlike.advice}")


def _same_posture(one: Fitted, other: Fitted, signals: Sequence[Signal]) -> bool:
    posture = judge(centers(one.references), other.references, signals=either_way(signals, UNLIKE_SHARE))
    return posture.state == "ok" and math.isnan(own_range(Baseline({TALL: other.references, RELAXED: one.references})))


def _same_level(one: Fitted, other: Fitted, _signals: Sequence[Signal]) -> bool:
    baseline = baseline_of((one, other))
    stages = (other.rule.stage, one.rule.stage)
    levels = [baseline.level(stage, name) for name in ("head_height", "shoulder_width") for stage in stages]
    return not one.by_legs and math.isnan(Levels(*levels).uprightness(levels[1], levels[3]))


_ALIKE: Mapping[Difference, Callable[[Fitted, Fitted, Sequence[Signal]], bool]] = {
    Difference.POSTURE: _same_posture,
    Difference.LEVEL: _same_level,
}
_LACKING = {
    Difference.POSTURE: "no signal differs clearly",
    Difference.LEVEL: "neither the legs nor the head's height or size differ",
}
