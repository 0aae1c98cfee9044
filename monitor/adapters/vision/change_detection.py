"""Change detection: whether the picture has changed, at a hundredth of the cost of an inference.

The picture is reduced to about 800 grey patches and compared with a reference that adapts slowly.  A uniform change (sunset, the
camera's exposure) is removed; a patch that changes constantly (a screen, typing hands) must change more to count.
"""

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from monitor.core.camera.inference_gate import FrameChange
from monitor.ports import Frame

# 24 rows of patches, each of 4 x 4 samples: a head at a desk is five patches wide, noise is a quarter of a pixel's.
ROWS, SAMPLES = 24, 4
# Grey levels of 255 that always count as noise, and how many times its usual change a patch must change [E].
FLOOR, TIMES = 6.0, 4.0
# This many patches (0.5 %) must agree; a slump of a few cm at a desk changes ten or more.
ENOUGH = 4
# The largest contribution to a patch's usual change: a person who walked past must not desensitise it.
USUAL_AT_MOST = 20.0
# Time constants (s): the reference follows daylight while still, and a new posture while it is being followed anyway.
STILL_S, CHANGED_S, USUAL_S = 12.0, 1.5, 15.0
# Light and contrast are taken from every 16th pixel, as the pose engine does.
EVERY = 16

_Patches = NDArray[np.float32]


class ChangeDetector:
    """Compares each picture with the ones before; resets when the picture's shape changes."""

    def __init__(self) -> None:
        self._last_t = -math.inf
        self._last: NDArray[np.uint8] | None = None
        self._reference: _Patches | None = None
        self._usual: _Patches | None = None

    def compare(self, frame: Frame) -> FrameChange:
        """The change of this picture relative to those before."""
        thin = _thinned(frame.rgb)
        same = self._last is not None and np.array_equal(thin, self._last)
        self._last = thin
        sample = frame.rgb[::EVERY, ::EVERY]
        changed = self._compare(frame.t, _patches(thin))
        return FrameChange(changed, float(sample.mean()), float(sample.std()), same)

    def _compare(self, t: float, now: _Patches) -> bool:
        since, self._last_t = max(t - self._last_t, 0.0), t
        if self._reference is None or self._usual is None or self._reference.shape != now.shape:
            self._reference, self._usual = now, np.zeros_like(now)
            return True
        expected = _in_this_light(self._reference, now)
        change = np.abs(now - expected)
        changed = int(np.count_nonzero(change > np.maximum(FLOOR, TIMES * self._usual))) >= ENOUGH
        self._usual += _share(since, USUAL_S) * (np.minimum(change, USUAL_AT_MOST) - self._usual)
        self._reference = expected + _share(since, CHANGED_S if changed else STILL_S) * (now - expected)
        return changed


def _thinned(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """About 96 rows of the green channel, which carries most of the light and the least noise."""
    step = max(1, rgb.shape[0] // (ROWS * SAMPLES))
    return np.ascontiguousarray(rgb[::step, ::step, 1])


def _patches(thin: NDArray[np.uint8]) -> _Patches:
    rows, columns = max(1, thin.shape[0] // SAMPLES), max(1, thin.shape[1] // SAMPLES)
    high, wide = min(SAMPLES, thin.shape[0]), min(SAMPLES, thin.shape[1])
    # Added sample by sample: half the time of a mean over two axes of four.
    total = np.zeros((rows, columns), np.uint16)
    for row, column in product(range(high), range(wide)):
        total += thin[row : rows * high : high, column : columns * wide : wide]
    return total.astype(np.float32) / np.float32(high * wide)


def _in_this_light(reference: _Patches, now: _Patches) -> _Patches:
    """The reference with its brightness and contrast matched to this picture, to remove a uniform change."""
    gain = float(np.clip(np.median((now + 1.0) / (reference + 1.0)), 0.5, 2.0))
    scaled = reference * np.float32(gain)
    return np.asarray(scaled + np.float32(np.median(now - scaled)), dtype=np.float32)


def _share(seconds: float, constant: float) -> float:
    return 1.0 - math.exp(-seconds / constant)
