"""Which rows of an outline are the trunk's own free edge, and what hides the others: a classifier on numbers, not on pixels.

The features of each row come from the silhouette adapter (``ROW_FEATURES``); here are those that need no picture (arms, shape),
the fitted classifier, and the reason codes.  It knows nothing about angles.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.core.back import lumbar_model as fitted
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.outline import FREE, HEIGHTS, STEP, Bools, TrunkFrame
from monitor.core.vocabulary import RowCause

Ints: TypeAlias = NDArray[np.intp]
ROWS = len(HEIGHTS)
# Hidden probability from which a row is invalid: chosen on the fitted bodies, between losing clear backs and reading hidden ones.
EVEN = 0.72
HANGS = 0.8  # share of the rows above that hair must hide too
# Half-widths of upper arm, forearm and hand in trunk lengths (about 45, 35 and 30 mm of 500).
ARM = (
    (L.LEFT_SHOULDER, L.LEFT_ELBOW, 0.10), (L.RIGHT_SHOULDER, L.RIGHT_ELBOW, 0.10),
    (L.LEFT_ELBOW, L.LEFT_WRIST, 0.075), (L.RIGHT_ELBOW, L.RIGHT_WRIST, 0.075),
    (L.LEFT_WRIST, 19, 0.07), (L.RIGHT_WRIST, 20, 0.07),
)  # fmt: skip


ROW_FEATURES = ("upper arm", "forearm", "strange", "change", "soft", "inner edge", "inner colour", "wall", "outer edge", "bent",
                "curvature", "rough", "height", "hair", "straight run", "rough square", "height square", "mask outside",
                "mask inside")  # fmt: skip


def first_fall(values: Floats, places: Floats, level: float) -> Floats:
    """Where each row (n, m) first falls below the level, (n,) between the places; NaN if it starts below or never falls."""
    below = values < level
    k = below.argmax(axis=1)
    found, k = below.any(axis=1) & (k > 0), np.maximum(k, 1)
    a, b = values[np.arange(ROWS), k - 1], values[np.arange(ROWS), k]
    at = places[k - 1] + (places[k] - places[k - 1]) * (a - level) / np.maximum(a - b, 1e-6)
    return np.where(found, at, np.nan)


def cheapest_path(cost: Floats) -> Ints:
    """The column (n,) of the cheapest path down the rows of ``cost`` (n, m): at most 5 columns a row, 0.1 per step squared."""
    reach, (n, m) = 5, cost.shape
    penalty = 0.1 * (np.arange(-reach, reach + 1, dtype=np.float32) ** 2)[:, None]
    came = np.empty((n, m), dtype=np.int64)
    around = np.full(m + 2 * reach, np.inf, dtype=np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(around, m)
    total, columns = cost[0].copy(), np.arange(m)
    for i in range(1, n):
        around[reach : reach + m] = total
        ways = windows + penalty
        best = ways.argmin(axis=0)
        came[i] = columns + best - reach
        total = ways[best, columns] + cost[i]
    path = np.empty(n, dtype=np.int64)
    path[-1] = total.argmin()
    for i in range(n - 1, 0, -1):
        path[i - 1] = came[i, path[i]]
    return path


def arm_clearance(xy: Floats, frame: TrunkFrame, outward: Floats) -> Floats:
    """Distance (2, n) of each row's edge from the nearer upper arm, and from the nearer forearm or hand, trunk lengths."""
    points = frame.place(HEIGHTS, outward)
    clear = []
    for a, b, half_width in ARM:
        start, along = xy[a], xy[b] - xy[a]
        part = np.clip((points - start) @ along / (along @ along + 1e-9), 0, 1)
        off = points - start - part[:, None] * along
        clear.append(np.hypot(off[:, 0], off[:, 1]) / frame.length - half_width)
    return np.stack([np.minimum(*clear[:2]), np.minimum.reduce(clear[2:])])


_REACH = np.arange(-12, 13)
_LINE = np.stack([np.ones(25), _REACH], axis=1)
_BOW = np.stack([np.ones(25), _REACH, _REACH**2], axis=1)
_LINE_FIT, _BOW_FIT = _LINE @ np.linalg.pinv(_LINE), np.linalg.pinv(_BOW)


def shape(outward: Floats) -> tuple[Floats, Floats, Floats]:
    """Over 25 rows: rms distance from a straight line, curvature (per trunk length), rms distance from a parabola; each (n,)."""
    window = np.lib.stride_tricks.sliding_window_view(np.pad(outward, 12, mode="edge"), 25)
    bow = window @ _BOW_FIT.T
    bent = np.sqrt(((window - window @ _LINE_FIT.T) ** 2).mean(axis=1))
    rough = np.sqrt(((window - bow @ _BOW.T) ** 2).mean(axis=1))
    return bent, bow[:, 2] / STEP**2, rough


_RUN = 41  # rows, 0.4 trunk lengths: a backrest is straight over this length, a back is not
_RUN_LINE = np.stack([np.ones(_RUN), np.arange(_RUN)], axis=1)
_RUN_FIT = _RUN_LINE @ np.linalg.pinv(_RUN_LINE)


def straight_run(outward: Floats) -> Floats:
    """Distance (n,) from a straight line (rms, trunk lengths) of the straightest 41 rows that hold the row."""
    window = np.lib.stride_tricks.sliding_window_view(outward, _RUN)
    off = np.sqrt(((window - window @ _RUN_FIT.T) ** 2).mean(axis=1))
    padded = np.pad(off, _RUN - 1, constant_values=np.inf)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, _RUN).min(axis=1))


def judge(features: Floats) -> tuple[Floats, Ints]:
    """The probability (n,) that each row is hidden and the most likely of ``ROW_CAUSES`` (n,), from features (n, 19).

    One logistic regression per cause, each against the free rows; the odds are summed and smoothed over neighbouring rows.
    """
    z = np.clip((features - fitted.ROW_CENTRE) / fitted.ROW_SPREAD, -3, 3)
    logits = np.clip(fitted.ROW_ODDS[:, 0] + z @ fitted.ROW_ODDS[:, 1:].T, -20, 20)
    odds = _even(np.log(np.exp(logits).sum(axis=1))[:, None])[:, 0]
    return 1 / (1 + np.exp(-odds)), _even(logits).argmax(axis=1)


def _even(values: Floats) -> Floats:
    """(n, m) averaged along the rows with a Gaussian of two rows."""
    reach = np.arange(-6, 7)
    weight = np.exp(-0.5 * (reach / 2) ** 2)
    padded = np.pad(values, ((6, 6), (0, 0)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 13, axis=0) @ (weight / weight.sum()))


def reasons_of(doubt: Floats, causes: Ints, outside: Bools) -> tuple[str, ...]:
    """The reason code why each row is invalid (n,), "" where it is valid."""
    hidden = doubt >= EVEN
    words = np.where(hidden, np.array(fitted.ROW_CAUSES)[causes], FREE)
    # Hair hangs from the head: rows below a free section are hidden by something else.
    above = np.cumsum(hidden[::-1])[::-1] / np.arange(ROWS, 0, -1)
    words = np.where((words == "hair") & (above < HANGS), "edge", words)
    return tuple(str(w) for w in np.where(outside, RowCause.OUT, words))
