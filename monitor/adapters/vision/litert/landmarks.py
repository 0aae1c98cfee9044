"""From the landmark network's raw output to landmarks in the square, each refined to the centroid of its heat map."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.litert.single_precision import summed

INPUT = 256
# The body's, then the two that span the next square.
BODY, SPANNING = slice(0, 33), slice(33, 35)
COUNT = 35
# x, y, z, visibility, presence.
_VALUES = 5
# Cells on each side of a landmark used for refinement, and the least heat-map probability for it.
_REACH = 3
_AROUND = np.arange(-_REACH, _REACH + 1)
_MIN_CONFIDENCE = 0.5

_Floats = NDArray[np.floating]
_Singles = NDArray[np.float32]


def sigmoid(values: _Floats) -> _Floats:
    """Likelihoods (0 to 1) of raw values of the networks, of the same shape."""
    with np.errstate(over="ignore"):  # exp(-x) of a large negative x is infinite, and its likelihood 0
        likelihood: _Floats = 1 / (1 + np.exp(-values))
    return likelihood


def decoded(raw: _Singles) -> _Singles:
    """Landmarks (35, 5): x, y, z in shares of the square, visibility and presence (0 to 1); ``raw`` is (39 * 5,)."""
    marks = raw.reshape(-1, _VALUES)[:COUNT].astype(np.float32)
    return np.concatenate([marks[:, :3] / np.float32(INPUT), sigmoid(marks[:, 3:])], axis=1)


def refined(marks: _Singles, heat: _Singles, likelihoods: Callable[[_Singles], _Singles] = sigmoid) -> _Singles:
    """The landmarks (n, 5), x and y moved to the centroid of a confident heat map; ``heat`` is (h, w, n or more), raw."""
    count, size = len(marks), np.array(heat.shape[1::-1])
    # Towards zero: what lies less than a cell outside counts as inside.
    around = np.trunc(marks[:, :2] * size).astype(int)[:, :, None] + _AROUND
    there = (around >= 0) & (around < size[:, None])
    at, single = np.clip(around, 0, size[:, None] - 1), around.astype(np.float32)
    near = likelihoods(heat[at[:, 1, :, None], at[:, 0, None, :], np.arange(count)[:, None, None]])
    near *= there[:, 1, :, None] & there[:, 0, None, :]
    weighted = np.stack([near * single[:, 0, None, :], near * single[:, 1, :, None], near])
    *sums, total = summed(weighted.reshape(3, count, -1))
    sure = (near.reshape(count, -1).max(axis=1) >= _MIN_CONFIDENCE) & there[:, :, _REACH].all(axis=1)
    moved = marks.copy()
    moved[sure, :2] = (np.stack(sums, axis=1)[sure] / np.float32(size)) / total[sure, None]
    return moved


def turned(world: _Floats, angle: float) -> _Floats:
    """Landmarks in metres (33, 3) turned in the picture's plane by ``angle`` (radians), as the square is."""
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([world[:, 0] * c - world[:, 1] * s, world[:, 0] * s + world[:, 1] * c, world[:, 2]], axis=1)
