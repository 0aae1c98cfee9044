"""Whether to run the pose model on a frame: the policy between cheap change detection and inference.

Change detection tells only whether the picture changed.  While nothing changes the last pose holds and is checked at long
intervals; a change, or a check with another result, is followed at a high rate for some seconds, so that a transition is timed
within a second.  Recordings do not use this: they are sampled at a fixed rate.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Observation, Pose


@dataclass(frozen=True, slots=True)
class FrameChange:
    """The result of change detection: ``changed``, mean ``light`` and ``contrast`` (0 to 255), ``same`` if no pixel differs."""

    changed: bool
    light: float
    contrast: float
    same: bool = False


@dataclass(frozen=True, slots=True)
class SamplingRates:
    """The times (s) between two frames, two checks of a still person, of an empty place, and how long a change is followed."""

    frame_s: float
    still_s: float
    empty_s: float
    alert_s: float


# Four frames a second see a rise (about 2 s) begin within 0.3 s.  The dwell of a person who is present is at most 3 s: five cover
# it.
USUAL = SamplingRates(frame_s=0.25, still_s=15.0, empty_s=5.0, alert_s=5.0)
# On battery, or where other programs need the machine: half of everything.
SPARING = SamplingRates(frame_s=0.5, still_s=30.0, empty_s=10.0, alert_s=5.0)

# A picture that changes constantly: twice a second while the person moves (a stop still shows within 1 s), once a second while
# the body stays where it is (a television, a tree outside the window) [E].
_LONG_CHANGE_S, _LONG_S, _SLOW_S = 10.0, 0.5, 1.0
# Jitter of a still body is below a twentieth of its size, a slump of 10 deg moves the head by a fifth [E].
_MOVED_SIZES = 0.12
_HEAD_AND_TRUNK = [L.NOSE, L.LEFT_EAR, L.RIGHT_EAR, L.LEFT_SHOULDER, L.RIGHT_SHOULDER]
# A frame due at 0.25 s may come at 0.249: tolerance as a share of the time between two frames.
_EARLY = 0.2


class InferenceGate:
    """Decides on which frames to run the pose model; remembers the last inference and its result."""

    def __init__(self) -> None:
        self._alert_since = self._alert_until = self._changed_at = self._inferred_at = -math.inf
        self.last: Observation | None = None

    def wants(self, t: float, change: FrameChange, rates: SamplingRates) -> bool:
        """Whether to run the pose model on the picture of ``t`` (s)."""
        if change.changed:
            self._follow(t, rates)
        return self.last is None or t - self._inferred_at >= self._pause(t, rates) - _EARLY * rates.frame_s

    def learn(self, obs: Observation, rates: SamplingRates) -> None:
        """Take in the result of an inference; a result that differs from the last is followed like a change."""
        if self.last is None or _differs(self.last, obs):
            self._changed_at = obs.t
            self._follow(obs.t, rates)
        self.last, self._inferred_at = obs, obs.t

    def carried_forward(self, t: float) -> Observation:
        """The last observation carried forward to ``t`` (s).  There must have been one."""
        assert self.last is not None  # noqa: S101  # the first frame is always analysed
        return replace(self.last, t=t, carried_forward=True, shift=None)

    def forget(self) -> None:
        """Forget the last result after a pause: the next picture is analysed."""
        self.__init__()  # type: ignore[misc]

    def _follow(self, t: float, rates: SamplingRates) -> None:
        self._alert_since = self._alert_since if t <= self._alert_until else t
        self._alert_until = t + rates.alert_s

    def _pause(self, t: float, rates: SamplingRates) -> float:
        if t <= self._alert_until:
            if t - self._alert_since <= _LONG_CHANGE_S:
                return rates.frame_s
            return max(rates.frame_s, _SLOW_S if t - self._changed_at > _LONG_CHANGE_S else _LONG_S)
        still = self.last is not None and self.last.pose is not None
        return rates.still_s if still else rates.empty_s


def _differs(before: Observation, after: Observation) -> bool:
    if before.pose is None or after.pose is None:
        return (before.pose is None, before.nobody) != (after.pose is None, after.nobody)
    return _moved(before.pose, after.pose) > _MOVED_SIZES


def _moved(before: Pose, after: Pose) -> float:
    """The largest displacement of a landmark of head and shoulders, in body sizes."""
    moved = np.hypot(*(after.xy[_HEAD_AND_TRUNK] - before.xy[_HEAD_AND_TRUNK]).T).max()
    return float(moved / max(body_size(before), 1e-6))
