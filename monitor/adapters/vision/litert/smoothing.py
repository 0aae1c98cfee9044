"""Smoothing of landmarks over time: strong at rest, weak in motion (One-Euro filter, Casiez et al. 2012)."""

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.floating]


class OneEuro:
    """A low pass of each value whose cut-off (Hz) is ``min_cutoff`` at rest and rises by ``beta`` a unit of speed."""

    def __init__(self, min_cutoff: float, beta: float, speed_cutoff: float = 1.0) -> None:
        self._min_cutoff, self._beta, self._speed_cutoff = min_cutoff, beta, speed_cutoff
        self.reset()

    def reset(self) -> None:
        """Reset: the next values pass unchanged."""
        self._t: float | None = None
        self._raw: _Floats = np.zeros(0)
        self._smooth: _Floats = self._raw
        self._speed: _Floats = self._raw

    def update(self, t: float, values: _Floats, scale: float = 1.0) -> _Floats:
        """The smoothed values at ``t`` (s, rising), of their shape; speeds are taken of values divided by ``scale``."""
        if self._t is None:
            self._raw = self._smooth = values
            self._speed = np.zeros_like(values)
        else:
            period = t - self._t
            speed = (values - self._raw) / scale / period
            self._speed = _mixed(self._speed, speed, _weight(self._speed_cutoff, period))
            cutoff = self._min_cutoff + self._beta * np.abs(self._speed)
            self._smooth = _mixed(self._smooth, values, _weight(cutoff, period))
            self._raw = values
        self._t = t
        return self._smooth


class LowPass:
    """A low pass of each value: a new one counts ``weight`` (0 to 1)."""

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._smooth: _Floats | None = None

    def update(self, values: _Floats) -> _Floats:
        """The smoothed values, of their shape."""
        self._smooth = values if self._smooth is None else _mixed(self._smooth, values, self._weight)
        return self._smooth


def _mixed(old: _Floats, new: _Floats, weight: _Floats | float) -> _Floats:
    mixed: _Floats = old + weight * (new - old)
    return mixed


def _weight(cutoff: _Floats | float, period: float) -> _Floats | float:
    """The weight (0 to 1) of a new value in a low pass of this cut-off (Hz) with values every ``period`` (s)."""
    steps = 2 * np.pi * cutoff * period
    return steps / (1 + steps)
