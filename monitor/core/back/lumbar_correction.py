"""What skin and clothes do to the geometric angle, and how far off the corrected one can be: the fitted part of the reading.

Two experts and a gate.  The first is fitted on bodies whose clothes follow them: a ridge regression on the features of
``lumbar_features``, some of their products, and a smooth remainder, radial basis functions on some of the fitted bodies
themselves (Broomhead and Lowe 1988, Complex Systems 2:321-355); far from every fitted body the remainder fades and the
regression is left.  The second adds what cloth does, which bridges a hollow.  The gate says how likely the outline is cloth's.
The spread is the log-linear scale of the errors that cross-fitting by body leaves; doubt, gaps, a strange body, a turned camera
and likely cloth can only make it wider.
"""

import math

import numpy as np

from monitor.core.back import lumbar_bodies as bodies
from monitor.core.back import lumbar_model as fitted
from monitor.core.back.lumbar_features import HEM_SEEN, LOOSE, TURN, products, unevenness
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import LUMBAR, BackOutline, Curve, TrunkFrame

FARTHEST = 3.0  # spreads: beyond, a feature counts as if it were there, so that a strange picture cannot run away
FARTHEST_PRODUCT = 5.0
FARTHEST_BODY = 4.0  # the same where bodies are compared
FARTHEST_REASON = 2.5  # the same for what makes a reading worse
MOST_BRIDGED = 6.0  # deg: real people lie far outside the simulated garments, where a regression says too much
_MOST_ODDS = 20.0


def terms(seen: Floats) -> Floats:
    """What the regression is a weighted sum of: each feature's deviation (k,), then the products (36,), all within limits."""
    near = np.clip(_deviations(seen), -FARTHEST, FARTHEST)
    return np.concatenate([near, np.clip(products(near), -FARTHEST_PRODUCT, FARTHEST_PRODUCT)])


def likeness(seen: Floats, others: Floats) -> Floats:
    """How like this back is to each of the ``others`` (m, k; deviations): (m,), 1 the same, 0 nothing in common."""
    off = place(seen) - others
    return np.asarray(np.exp(-np.einsum("ij,ij->i", off, off) / (2 * bodies.WIDTH**2 * others.shape[1])))


def place(seen: Floats) -> Floats:
    """Where this back lies among the fitted bodies (k,): its deviations within limits."""
    return np.clip(_deviations(seen), -FARTHEST_BODY, FARTHEST_BODY)


def correction(seen: Floats, worn: Floats) -> float:
    """What is added to the geometric angle (deg); ``worn`` are the ``worn_features``."""
    return tight(seen) + bridged(worn)


def tight(seen: Floats) -> float:
    """What is added where the clothes follow the body (deg)."""
    return float(fitted.CORRECTION_0 + terms(seen) @ fitted.CORRECTION + likeness(seen, bodies.BODIES) @ bodies.WEIGHTS)


def bridged(worn: Floats) -> float:
    """What is added besides because cloth bridges the hollow (deg, within ``MOST_BRIDGED``), where cloth is likely."""
    added = cloth(worn) ** 2 * float(fitted.BRIDGED_0 + _worn_deviations(worn) @ fitted.BRIDGED)
    return MOST_BRIDGED * math.tanh(added / MOST_BRIDGED)


def cloth(worn: Floats) -> float:
    """How likely the outline is that of cloth with folds of its own, 0 to 1."""
    odds = float(fitted.CLOTH_0 + _worn_deviations(worn) @ fitted.CLOTH)
    return 1 / (1 + math.exp(-min(max(odds, -_MOST_ODDS), _MOST_ODDS)))


def worn_features(outline: BackOutline, line: Curve, seen: Floats) -> Floats:
    """What tells cloth from a tight top, (37,): the features, how uneven the outline is, and how much of it is in doubt."""
    return np.array([*seen, *unevenness(line), _doubt(outline), 1 - line.free.mean()])


def _worn_deviations(worn: Floats) -> Floats:
    return np.asarray(np.clip((worn - fitted.WORN_CENTRE) / fitted.WORN_SPREAD, -FARTHEST, FARTHEST))


def _deviations(seen: Floats) -> Floats:
    """How far each feature lies from the middle of the fitted bodies, in spreads."""
    return np.asarray((seen - fitted.CENTRE) / fitted.SPREAD)


def spread_features(outline: BackOutline, frame: TrunkFrame, line: Curve, seen: Floats) -> Floats:
    """What makes a reading worse, (23,).

    Doubt about the rows that count, the longest gap, missing rows of the whole back, an unusual body (mean and greatest
    deviation), a small picture, a turned camera, likely cloth; then, which may also make it better, the signs of a loose top and
    how uneven the outline is.  The creases of a real top are not an unusual body: they are left out of that.
    """
    worn = worn_features(outline, line, seen)
    off = _deviations(seen)
    body = np.minimum(np.abs(off), 2 * FARTHEST)[: LOOSE.start]
    taken = np.flatnonzero(np.concatenate([[True], line.free[LUMBAR], [True]]))
    worse = [
        _doubt(outline), np.diff(taken).max() / LUMBAR.sum(), 1 - line.free.mean(),
        math.log(np.mean(body**2) + 0.1), body.max() / FARTHEST, -math.log(frame.length * outline.picture_px / 200),
        abs(seen[TURN]), cloth(worn),
    ]  # fmt: skip
    return np.array([*worse, *np.clip(off[HEM_SEEN], -FARTHEST, FARTHEST), *unevenness(line)])


def _doubt(outline: BackOutline) -> float:
    return float(outline.doubt[LUMBAR & outline.valid].mean())


def spread(why: Floats) -> float:
    """The standard deviation (deg) of readings with these ``spread_features`` on rendered bodies, at least the floor."""
    off = np.clip((why - fitted.SD_CENTRE) / fitted.SD_SPREAD, -FARTHEST_REASON, FARTHEST_REASON)
    return max(fitted.SD_FLOOR, math.exp(fitted.SD_0 + float(off @ fitted.SD)))
