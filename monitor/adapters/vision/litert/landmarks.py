"""From the landmark network's raw output to landmarks in the square, each refined to the centroid of its heat map."""

import numpy as np
from numpy.typing import NDArray

INPUT = 256
# The body's, then the two that span the next square.
BODY, SPANNING = slice(0, 33), slice(33, 35)
COUNT = 35
# x, y, z, visibility, presence.
_VALUES = 5
# Cells on each side of a landmark used for refinement, and the least heat-map probability for it.
_REACH = 3
_MIN_CONFIDENCE = 0.5

_Floats = NDArray[np.floating]


def sigmoid(values: _Floats) -> _Floats:
    """Likelihoods (0 to 1) of raw values of the networks, of the same shape."""
    with np.errstate(over="ignore"):  # exp(-x) of a large negative x is infinite, and its likelihood 0
        likelihood: _Floats = 1 / (1 + np.exp(-values))
    return likelihood


def decoded(raw: _Floats) -> _Floats:
    """Landmarks (35, 5): x, y, z in shares of the square, visibility and presence (0 to 1); ``raw`` is (39 * 5,)."""
    marks = raw.reshape(-1, _VALUES)[:COUNT].astype(np.float64)
    return np.concatenate([marks[:, :3] / INPUT, sigmoid(marks[:, 3:])], axis=1)


def refined(marks: _Floats, heat: _Floats) -> _Floats:
    """The landmarks (35, 5), x and y moved to the centroid of a confident heat map; ``heat`` is (h, w, 39)."""
    height, width = heat.shape[:2]
    # Towards zero: what lies less than a cell outside counts as inside.
    middle = np.trunc(marks[:, :2] * (width, height)).astype(int)
    column, row = np.moveaxis(middle[:, :, None] + np.arange(-_REACH, _REACH + 1), 1, 0)
    there = [(at >= 0) & (at < size) for at, size in ((column, width), (row, height))]
    which = np.arange(len(marks))[:, None, None]
    raw = heat[np.clip(row, 0, height - 1)[:, :, None], np.clip(column, 0, width - 1)[:, None, :], which]
    near = sigmoid(raw.astype(np.float64)) * there[1][:, :, None] * there[0][:, None, :]
    total = near.sum(axis=(1, 2))
    sure = (near.max(axis=(1, 2)) >= _MIN_CONFIDENCE) & there[0][:, _REACH] & there[1][:, _REACH]
    moved = marks.copy()
    moved[sure, 0] = ((near.sum(axis=1) * column).sum(axis=1)[sure] / total[sure]) / width
    moved[sure, 1] = ((near.sum(axis=2) * row).sum(axis=1)[sure] / total[sure]) / height
    return moved


def turned(world: _Floats, angle: float) -> _Floats:
    """Landmarks in metres (33, 3) turned in the picture's plane by ``angle`` (radians), as the square is."""
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([world[:, 0] * c - world[:, 1] * s, world[:, 0] * s + world[:, 1] * c, world[:, 2]], axis=1)
