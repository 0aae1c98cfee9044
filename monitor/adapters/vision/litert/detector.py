"""From the detector's raw output to detections: anchors, decoding, and weighted non-maximum suppression."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.litert.single_precision import likelihood, summed

INPUT = 224
# Cells along a side, and anchors a cell: strides of 8, 16 and three times 32 pixels, two anchors each.
_GRIDS = ((28, 2), (14, 2), (7, 6))
_KEYPOINTS = 4
# Raw scores are clipped here before the sigmoid; boxes are compared with what is required a little below it, then exactly.
_CLIP, _NEARLY = 100.0, 0.01
# Detections with a larger intersection over union are one.
_SAME_ABOVE = 0.5

_Floats = NDArray[np.floating]
_Singles = NDArray[np.float32]


class Detections(NamedTuple):
    """Scores (n,), boxes (n, 4; left, top, right, bottom) and key points (n, 4, 2), in shares of the letterboxed square."""

    scores: _Floats
    boxes: _Floats
    keypoints: _Floats


@cache
def anchors() -> _Singles:
    """Centres of the detector's anchors, (2254, 2), in shares of the square, row by row, coarse cells last."""
    centres = []
    for cells, each in _GRIDS:
        row, column = np.divmod(np.arange(cells * cells), cells)
        centres.append(np.repeat(np.stack([column + 0.5, row + 0.5], axis=1) / cells, each, axis=0))
    return np.concatenate(centres).astype(np.float32)


def decoded(raw_boxes: _Singles, raw_scores: _Singles, surety: float) -> Detections:
    """Detections at least as likely as ``surety`` (0 to 1), in the order of the anchors.

    ``raw_boxes`` (2254, 12; x, y, width, height, then four key points, in pixels from the anchor), ``raw_scores`` (2254,).
    """
    wide = (raw_boxes[:, 2] >= 0) & (raw_boxes[:, 3] >= 0)
    near = np.flatnonzero((raw_scores >= math.log(surety / (1 - surety)) - _NEARLY) & wide)
    scores = likelihood(np.clip(raw_scores[near], -_CLIP, _CLIP))
    kept, scores = near[scores >= surety], scores[scores >= surety]
    centres, raw = anchors()[kept], raw_boxes[kept] / np.float32(INPUT)
    middle, half = raw[:, :2] + centres, raw[:, 2:4] / np.float32(2)
    keypoints = raw[:, 4:].reshape(-1, _KEYPOINTS, 2) + centres[:, None]
    return Detections(scores, np.concatenate([middle - half, middle + half], axis=1), keypoints)


def merged(found: Detections) -> Detections:
    """One detection, the mean weighted by scores, for each group that overlaps the best of it; best first (weighted NMS)."""
    rest = np.argsort(-found.scores, kind="stable")
    groups = []
    while rest.size:
        same = overlap(found.boxes[rest], found.boxes[rest[0]]) > _SAME_ABOVE
        same[0] = True
        groups.append(rest[same])
        rest = rest[~same]
    if not groups:
        return found
    boxes = np.stack([_mean(found.boxes[group], found.scores[group]) for group in groups])
    keypoints = np.stack([_mean(found.keypoints[group], found.scores[group]) for group in groups])
    return Detections(found.scores[[group[0] for group in groups]], boxes, keypoints)


def _mean(values: _Floats, weights: _Floats) -> _Floats:
    """The weighted mean over the first axis."""
    mean: _Floats = summed(np.moveaxis(values, 0, -1) * weights) / summed(weights)
    return mean


def overlap(boxes: _Floats, box: _Floats) -> _Floats:
    """Intersection over union of each of ``boxes`` (n, 4) with ``box`` (4,), (n,); 0 where both are empty."""
    sides = np.clip(np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2]), 0, None)
    shared = sides.prod(axis=1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - shared
    share: _Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return share
