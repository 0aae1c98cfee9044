"""Several outlines of one resting back as one: what one frame misses or mistakes, the others show.

A back's edge before dark wood, or a hand beside it, is found in one frame and lost in the next.  So no frame has to be good
by itself: each row takes its place from the frames that believe their own most.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import FREE, LUMBAR, BackOutline, TrunkFrame, outline_at

# Places of one row this close (trunk lengths, 10 mm) are the same edge: a back at rest breathes by about 5 mm.
SAME_EDGE = 0.02
# Below this share of the frames a row has no place of its own (by belief), or is held for hidden (by number): what comes
# before the back is noticed while the frames of before are still remembered.
LEAST_AGREEING = 0.5
# Doubt from which a pooled row does not count.  Lower than one picture's: frames that are averaged doubt less unevenly, and of
# several there are others to take a row from.  Looked at on the real clip.
EVEN_TOGETHER = 0.65
# A frame that is elsewhere on more rows than this leaves over says nothing about how much the frames differ.
MOST_ROWS = 0.8


def pooled(outlines: Sequence[BackOutline], outward: Floats, onto: TrunkFrame) -> BackOutline:
    """The outline of a quiet window in the trunk's frame ``onto``, of its frames' outlines and outward places (frames, rows).

    A row's place is the median, each frame weighing as much as it believes its row.  It counts where at least half of that
    weight lies on one edge, where those frames, on average, hold it for the back's, and where at least half of them count it.
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
    """Whether a frame's own edge (n,) is the pooled one (n,) on most of the rows that carry the angle."""
    return bool((np.abs(outward - place)[LUMBAR] < SAME_EDGE).mean() >= MOST_ROWS)


def _weighted_median(values: Floats, weight: Floats) -> Floats:
    """The median (n,) over the first axis of values and weights (m, n)."""
    order = np.argsort(values, axis=0, kind="stable")
    run = np.cumsum(np.take_along_axis(weight, order, axis=0), axis=0)
    first = (run >= run[-1] / 2).argmax(axis=0)
    return np.asarray(np.take_along_axis(values, np.take_along_axis(order, first[None], axis=0), axis=0)[0])


def _usual(outlines: Sequence[BackOutline], row: int) -> str:
    """What most of the frames that do not count a row say of it."""
    whys = Counter(outline.reasons[row] for outline in outlines if outline.reasons[row] != FREE)
    return whys.most_common(1)[0][0] if whys else "edge"


_TINY = 1e-9
