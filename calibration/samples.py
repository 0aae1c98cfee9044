"""The samples of a stage: every observation with its readings, or why it is unusable for the stage.

Measured with the pipeline's own code, so that the baseline has the same numbers that it is compared with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from calibration.stages import PICTURE_S, StageRule
from monitor.core.body.geometry import distance, midpoint
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.orientation import upright_only
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Observation
from monitor.core.body.view import view_of
from monitor.core.posture.readings import Reading, Readings, measure
from monitor.core.posture.signals import SIGNALS, Signal
from monitor.core.sedentary.activity import ActivitySense
from monitor.core.vocabulary import Activity, Reason, View

_SEEN = {Activity.SITTING: Reason.SITTING_SEEN, Activity.STANDING: Reason.STANDING_SEEN, Activity.MOVING: Reason.MOVING}

# A head faster than 0.3 body lengths a second (15 cm/s) is moving; jitter stays below 0.1 [E].
_MOVING_PER_S = 0.3


@dataclass(frozen=True, slots=True)
class StageSample:
    """One observation at ``t`` (s) with its readings; ``why`` is None if it is usable.

    ``by_legs``: the legs were visible and agree with the stage.
    """

    t: float
    view: View | None = None
    readings: Mapping[str, Reading] = field(default_factory=dict)
    by_legs: bool = False
    why: str | None = None


# One clip, one picture, or one hold in front of the camera.
Take: TypeAlias = Sequence[StageSample]


class StageObserver:
    """Assesses the observations of one take; remembers the view, the legs and the position of the head."""

    def __init__(self, rule: StageRule, signals: Sequence[Signal] = SIGNALS) -> None:
        self._rule, self._signals = rule, signals
        self._sense = ActivitySense()
        self._view: View | None = None
        self._before: Observation | None = None

    def sample(self, obs: Observation) -> StageSample:
        """The sample of this observation."""
        obs = upright_only(obs)
        before, self._before = self._before, obs
        if obs.pose is None:
            return StageSample(obs.t, why=obs.why)
        self._view = view_of(obs.pose.turn_deg, self._view)
        if self._view not in (View.FRONT, View.SIDE):
            return StageSample(obs.t, self._view, why=Reason.SEEN_OBLIQUELY)
        readings = measure(obs.pose, self._view, self._signals)
        by_legs, why = self._contradiction(obs, readings)
        return StageSample(obs.t, self._view, readings, by_legs, why or _motion(before, obs))

    def _contradiction(self, obs: Observation, readings: Readings) -> tuple[bool, str | None]:
        sample = self._sense.update(obs, self._view, readings)
        told = not sample.assumed and sample.activity in _SEEN
        if not told or sample.activity is self._rule.shows:
            return told, None
        return False, _SEEN[sample.activity]


def samples_of(
    rule: StageRule, observations: Iterable[Observation], signals: Sequence[Signal] = SIGNALS
) -> tuple[StageSample, ...]:
    """The samples of a whole take."""
    observer = StageObserver(rule, signals)
    return tuple(observer.sample(obs) for obs in observations)


def shown_s(take: Take) -> float:
    """The length of a take (s); a single picture counts ``PICTURE_S``, and no sample counts more."""
    return float(_durations(take).sum())


def usable_s(take: Take) -> float:
    """The usable time of a take (s)."""
    return float(_durations(take)[[sample.why is None for sample in take]].sum()) if take else 0.0


def _durations(take: Take) -> Floats:
    # Each sample stands for the time until the next; the last one for as long as the one before it.
    steps = np.diff([sample.t for sample in take]) if len(take) > 1 else np.full(len(take), PICTURE_S)
    return np.asarray(np.minimum(np.append(steps, steps[-1:]) if len(take) > 1 else steps, PICTURE_S))


def _motion(before: Observation | None, now: Observation) -> str | None:
    if before is None or before.pose is None or now.pose is None or now.t <= before.t:
        return None
    ears = [midpoint(pose.xy[L.LEFT_EAR], pose.xy[L.RIGHT_EAR]) for pose in (before.pose, now.pose)]
    return Reason.MOVING if distance(*ears) > _MOVING_PER_S * body_size(now.pose) * (now.t - before.t) else None
