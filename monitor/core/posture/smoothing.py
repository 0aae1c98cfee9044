"""Smooths the readings against jitter without hiding a change of posture."""

import math

from monitor.core.posture.readings import Reading, Readings

# 0.6 s from step to 90 %: well within the one-second filter of science.md 3.3, so the end of a posture shows without delay.
TIME_CONSTANT_S = 0.25
# An older value (s) is not used.
FORGET_S = 3.0


class Smoother:
    """An exponential moving average per signal that is reset across gaps and never turns a missing value into a number."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, float]] = {}

    def update(self, t: float, readings: Readings, *, carried_forward: bool = False) -> dict[str, Reading]:
        """The readings at ``t`` (s), smoothed; missing ones stay missing with their reason.

        ``carried_forward`` readings were not measured again: the average is kept, else a single outlier would dominate it.
        """
        return {
            name: self._smooth(t, name, reading, carried_forward) if reading.value == reading.value else reading
            for name, reading in readings.items()
        }

    def _smooth(self, t: float, name: str, reading: Reading, carried_forward: bool) -> Reading:
        before = self._last.get(name)
        value = reading.value
        if before is not None and carried_forward:
            value = before[1]
        elif before is not None and t - before[0] < FORGET_S:
            value += (before[1] - value) * math.exp((before[0] - t) / TIME_CONSTANT_S)
        self._last[name] = (t, value)
        return Reading(value, None, reading.sd)
