"""Walking on the spot: a body on a walking pad stays where it is, but its shoulders and head bob together at every step.

Each step lifts the whole trunk by 3 to 5 cm, 1.4 to 2.3 times a second (Whittle 2014).  Swaying and leaning are slower, a nod
moves the head alone, and landmarks jitter each by itself; so it is the common part of the second differences that tells.  People
who stand shift their weight as well: a small bob is walking only where the legs are seen to swing.
"""

import math
from collections import deque
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from monitor.core.body.landmarks import L
from monitor.core.body.pose import Pose
from monitor.core.body.stillness import STRIDE, stride_of

# Length of the window (s), how much of it must be filled, and its longest gap (s): two pictures a second are enough.
WINDOW_S, LEAST_S, LONGEST_GAP_S = 4.0, 3.0, 0.6
# The common bob, as a root of the median product (trunk lengths): 0.08 on a filmed pad, 0.01 to 0.02 on a rendered one whose legs
# swing; people who stand reach 0.013.  And the correlation of shoulders and head, over 0.65 in walking.
BOB, BOB_WITH_LEGS, TOGETHER = 0.03, 0.006, 0.6


class _Step(NamedTuple):
    t: float
    shoulders: float
    head: float
    stride: float


class Gait:
    """Remembers the heights of shoulders and head, and the stride, of the last seconds; in trunk lengths."""

    def __init__(self) -> None:
        self._seen: deque[_Step] = deque()

    def clear(self) -> None:
        """Forget everything: nobody stands there."""
        self._seen.clear()

    def walks(self, t: float, pose: Pose, trunk: float) -> bool:
        """Whether the body bobs as in walking at ``t`` (s); ``trunk`` is the length of its trunk (picture heights)."""
        if trunk <= 0 or (self._seen and t - self._seen[-1].t > LONGEST_GAP_S):
            self.clear()
        if trunk <= 0:
            return False
        shoulders, head = pose.xy[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], 1], pose.xy[[L.NOSE, L.LEFT_EAR, L.RIGHT_EAR], 1]
        self._seen.append(_Step(t, float(shoulders.mean()) / trunk, float(head.mean()) / trunk, stride_of(pose)))
        while t - self._seen[0].t > WINDOW_S:
            self._seen.popleft()
        return t - self._seen[0].t >= LEAST_S and self._bob() >= (BOB_WITH_LEGS if self._legs_swing() else BOB)

    def _bob(self) -> float:
        """The common bob of shoulders and head (trunk lengths), 0 where they do not move together."""
        shoulders = _second_differences([step.shoulders for step in self._seen])
        head = _second_differences([step.head for step in self._seen])
        products = [a * b for a, b in zip(shoulders, head, strict=True)]
        if sum(products) < TOGETHER * math.sqrt(sum(a * a for a in shoulders) * sum(b * b for b in head)):
            return 0.0
        return math.sqrt(max(median(products), 0.0))

    def _legs_swing(self) -> bool:
        strides = [step.stride for step in self._seen if not math.isnan(step.stride)]
        if len(strides) < len(self._seen) / 2:
            return False
        middle = median(strides)
        return median(abs(stride - middle) for stride in strides) >= STRIDE


def _second_differences(values: list[float]) -> list[float]:
    steps = [after - before for before, after in pairwise(values)]
    return [after - before for before, after in pairwise(steps)]
