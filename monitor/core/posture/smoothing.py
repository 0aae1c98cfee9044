"""Smooths the readings against jitter without hiding a change of posture."""

import math

from monitor.core.posture.readings import Reading, Readings

# 0.6 s from step to 90 %: well within the one-second filter of science.md 3.3, so the end of a posture shows without delay.
TIME_CONSTANT_S = 0.25
# An older value (s) is not used.
FORGET_S = 3.0
_NEVER = (-math.inf, math.nan)


class Smoother:
    """An exponential moving average per signal that is reset across gaps and never turns a missing value into a number."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, float]] = {}

    def update(self, t: float, readings: Readings, *, carried_forward: bool = False) -> dict[str, Reading]:
        """The readings at ``t`` (s), smoothed; missing ones stay missing with their reason.

        ``carried_forward`` readings were not measured again: the average is kept, else a single outlier would dominate it.
        """
        smoothed = dict(readings)
        for name, reading in readings.items():
            value = reading.value
            if math.isnan(value):
                continue
            last_t, last = self._last.get(name, _NEVER)
            if carried_forward and not math.isnan(last):
                value = last
            elif t - last_t < FORGET_S:
                value += (last - value) * math.exp((last_t - t) / TIME_CONSTANT_S)
            self._last[name] = (t, value)
            smoothed[name] = Reading(value, None, reading.sd)
        return smoothed
