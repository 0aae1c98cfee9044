"""Pools several outlines of one still back into one: other frames correct what one frame misses or mistakes.

A back's edge against dark wood, or next to a hand, is found in one frame and lost in the next.  So no single frame has to be
good: each row takes its position from the frames in which it is least likely hidden.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import FREE, LUMBAR, BackOutline, TrunkFrame, outline_at

# Positions of one row this close (trunk lengths, 10 mm) are the same edge: breathing moves a still back by about 5 mm.
SAME_EDGE = 0.02
# Below this share of the frames a row has no position (by weight), or counts as hidden (by number): an object that comes in front
# of the back is noticed while earlier frames are still in the window.
LEAST_AGREEING = 0.5
# Hidden probability from which a pooled row is invalid.  Lower than for one picture: averaging evens the probabilities out, and
# other frames can provide the row.  Set by inspection of the real clip.
EVEN_TOGETHER = 0.65
# Share of rows on which a frame must agree with the pooled outline to count in the variation between frames.
MOST_ROWS = 0.8


def pooled(outlines: Sequence[BackOutline], outward: Floats, onto: TrunkFrame) -> BackOutline:
    """The pooled outline of a still window in the trunk's frame ``onto``; outward positions are (frames, rows).

    A row's position is the median, weighted by each frame's probability that the row is free.  It is valid where at least half of
    that weight lies on one edge, where the mean hidden probability of those frames is low, and where it is valid in at least half
    of the frames.
    """
    doubt, valid = np.array([outline.doubt for outline in outlines]), np.array([outline.valid for outline in outlines])
    known = np.isfinite(outward)
    belief = np.where(known, 1 - doubt, 0.0) + _TINY
    place = _weighted_median(np.where(known, outward, np.inf), belief)
    found = np.isfinite(place)
    same = known & (np.abs(np.where(known, outward, 0.0) - np.where(found, place, 0.0)) < SAME_EDGE)
    agree = belief * same
    doubts = np.where(found, (agree * doubt).sum(axis=0) / np.maximum(agree.sum(axis=0), _TINY), 1.0)
    one_edge = agree.sum(axis=0) >= LEAST_AGREEING * belief.sum(axis=0)
    counted = (same & valid).sum(axis=0) >= LEAST_AGREEING * same.sum(axis=0)
    counts = found & one_edge & counted & (doubts < EVEN_TOGETHER)
    reasons = tuple(FREE if ok else _usual(outlines, row) for row, ok in enumerate(counts.tolist()))
    return outline_at(onto, np.where(found, place, np.nan), doubts, reasons, outlines[-1].picture_px)


def shows(outward: Floats, place: Floats) -> bool:
    """Whether a frame's edge (n,) agrees with the pooled one (n,) on most of the rows that carry the angle."""
    return bool((np.abs(outward - place)[LUMBAR] < SAME_EDGE).mean() >= MOST_ROWS)


def _weighted_median(values: Floats, weight: Floats) -> Floats:
    """The weighted median (n,) over the first axis of values and weights (m, n)."""
    order = np.argsort(values, axis=0, kind="stable")
    run = np.cumsum(np.take_along_axis(weight, order, axis=0), axis=0)
    first = (run >= run[-1] / 2).argmax(axis=0)
    return np.asarray(np.take_along_axis(values, np.take_along_axis(order, first[None], axis=0), axis=0)[0])


def _usual(outlines: Sequence[BackOutline], row: int) -> str:
    """The most frequent reason among the frames in which a row is invalid."""
    whys = Counter(outline.reasons[row] for outline in outlines if outline.reasons[row] != FREE)
    return whys.most_common(1)[0][0] if whys else "edge"


_TINY = 1e-9
