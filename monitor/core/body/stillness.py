"""How long the trunk has been still (s): the lumbar angle is read only while it is, from several frames together.

Used by the engine, which computes no outline of a moving back, and by the lumbar window, each with its own instance.
Living people breathe, sway and type, and a landmark jumps now and then: so most of the frames must agree, not all of them.
Walking on the spot moves the legs and hardly the trunk, so swinging legs count as movement.
"""

import math
from collections import deque
from itertools import pairwise
from typing import NamedTuple

from monitor.core.body.geometry import tilt
from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose

# Two consecutive frames this far (deg) from the median, on the same side, are a movement; a single one is a landmark jump.
STILL_DEG = 2.0
# Four frames of five lie within this (deg) of the median: seated people who type keep to 1.5, on footage and on rendered clips.
SWAY_DEG, SWAYING_SHARE = 1.5, 0.8
_SMOOTHED = 2  # frames: fewer have no median of three
# The horizontal distance between the knees changes by this (trunk lengths) in walking; standing still it keeps within 0.03.
STRIDE = 0.08
STANDING_KNEE = 0.5  # trunk lengths below the hips: the thighs hang down, as they do not in sitting
# Length of the window (s): a slow slump is too small a change of lean between single frames.
LONGEST_S = 4.0
# The left of each pair; its right twin is the next one in the model's order.
_SHOULDERS, _HIPS, _KNEES = L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_KNEE


class _Frame(NamedTuple):
    t: float
    lean: float
    stride: float


class Stillness:
    """Remembers the trunk's lean and the legs' stride of the last seconds, as long as they do not change."""

    def __init__(self) -> None:
        self._frames: deque[_Frame] = deque()
        self._last_t: float | None = None
        self._left_out_s = 0.0

    @property
    def watched(self) -> float:
        """The time (s) of the last update, minus the time skipped by ``stays``."""
        return (self._last_t or 0.0) - self._left_out_s

    @property
    def since(self) -> float:
        """The time (s, as ``watched``) since which the body has been still; a single jump does not end it."""
        return self._frames[0].t if self._frames else self.watched

    def stays(self, t: float) -> None:
        """Skip the time up to ``t`` (s): no frame was analysed, so it counts neither as stillness nor as movement."""
        self._left_out_s += t - self._last_t if self._last_t is not None else 0.0
        self._last_t = t

    def update(self, t: float, pose: Pose | None) -> float:
        """For how long (s, at most ``LONGEST_S``) the body has been still at ``t`` (s); 0 without a trunk and in a jump."""
        self._last_t = t
        lean, now = lean_of(pose) if pose else math.nan, self.watched
        if pose is None or math.isnan(lean):
            self._frames.clear()
            return 0.0
        self._frames.append(_Frame(now, lean, stride_of(pose)))
        while now - self._frames[0].t > LONGEST_S:
            self._frames.popleft()
        while self._moves(off := self._deviations()):
            self._frames.popleft()
        # Only the newest frame deviates: the next one tells a landmark jump from a movement.
        return 0.0 if abs(off[-1]) >= STILL_DEG else now - self._frames[0].t

    def _deviations(self) -> list[float]:
        """How far (deg) each frame's lean is from the median."""
        leans = [frame.lean for frame in self._frames]
        middle = _median(leans)
        return [lean - middle for lean in leans]

    def _moves(self, off: list[float]) -> bool:
        if max(map(abs, off)) < SWAY_DEG:  # which no median of three exceeds
            return self._walks()
        off = _without_jitter(off)
        shifted = any(min(a, b) >= STILL_DEG or max(a, b) <= -STILL_DEG for a, b in pairwise(off))
        return shifted or _usual(off) >= SWAY_DEG or self._walks()

    def _walks(self) -> bool:
        strides = [frame.stride for frame in self._frames if not math.isnan(frame.stride)]
        if len(strides) < len(self._frames) / 2:
            return False
        middle = _median(strides)
        return _usual([stride - middle for stride in strides]) >= STRIDE


def _median(values: list[float]) -> float:
    """As ``statistics.median``, of values of which none is NaN."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _without_jitter(values: list[float]) -> list[float]:
    """The running median of three, the ends as they are: landmarks jitter by 1 to 2 deg from frame to frame, a trunk does not."""
    inner = (sorted(values[i : i + 3])[1] for i in range(len(values) - 2))
    return [values[0], *inner, values[-1]] if len(values) > _SMOOTHED else values


def _usual(deviations: list[float]) -> float:
    """The quantile ``SWAYING_SHARE`` of the frames' deviations from the median."""
    ordered = sorted(abs(one) for one in deviations)
    return ordered[math.ceil(SWAYING_SHARE * len(ordered)) - 1]


def lean_of(pose: Pose) -> float:
    """The trunk's lean in the picture (deg), from the midpoint of the hips to that of the shoulders; NaN where they coincide."""
    (hip_x, hip_y), (x, y) = _middle(pose, _HIPS), _middle(pose, _SHOULDERS)
    return float(tilt(x - hip_x, y - hip_y))


def stride_of(pose: Pose) -> float:
    """How far the left knee lies to the right of the right one (trunk lengths); NaN where the thighs do not hang."""
    shoulders, hips, knees = _middle(pose, _SHOULDERS), _middle(pose, _HIPS), _middle(pose, _KNEES)
    trunk = math.dist(hips, shoulders)
    if trunk == 0 or knees[1] - hips[1] < STANDING_KNEE * trunk:
        return math.nan
    return (pose.points[0][_KNEES] - pose.points[0][_KNEES + 1]) / trunk


def _middle(pose: Pose, left: int) -> tuple[float, float]:
    x, y = pose.points
    return (x[left] + x[left + 1]) / 2, (y[left] + y[left + 1]) / 2
