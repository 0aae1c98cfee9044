"""The fitted correction of the geometric angle for skin and clothes (deg), and the standard deviation of the result (deg).

A ridge regression on the features of ``lumbar_features``, some of their products, and a smooth remainder, radial basis functions
on some of the fitted bodies themselves (Broomhead and Lowe 1988, Complex Systems 2:321-355); far from every fitted body the
remainder fades and the regression is left.  Loose cloth bridges a hollow and hangs from a bow: backs in cloth have an angle of
their own, by boosted decision trees (Friedman 2001, Ann Statist 29:1189-1232), which cannot extrapolate, and the two are mixed by
the probability of cloth.  The standard deviation is a log-linear model of the cross-fitted errors (folds by body), one for tops
that follow the skin and one for loose cloth, mixed likewise; hidden probability, gaps, an unusual body and a turned camera can
only increase it.
"""

import math

import numpy as np

from monitor.core.back import lumbar_bodies as bodies
from monitor.core.back import lumbar_model as fitted
from monitor.core.back import lumbar_trees as trees
from monitor.core.back.lumbar_features import HEM_FEATURES, LOOSE, TURN, products, unevenness
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import LUMBAR, BackOutline, Curve, TrunkFrame

FARTHEST = 3.0  # SD: features are clipped to this range, so that an unusual picture cannot extrapolate without limit
FARTHEST_PRODUCT = 5.0
FARTHEST_BODY = 4.0  # the same for the kernel
FARTHEST_REASON = 2.5  # the same for the sd model
POSTURE_LIMITS = ((-10.0, -20.0), (50.0, 45.0))  # deg: the range of angle and forward lean that counts
WIDEST = 4.5  # log deg
# Of tight tops: where the model predicts 12 to 25 deg, the cross-fitted errors have an rms of 11.6.
WIDEST_TIGHT = math.log(12.0)
# The odds of cloth count more in the spread, as if nine of ten people wore such clothes: otherwise only five of six readings in
# cloth that looks like a tight top lie inside two sd.
CAUTION = 20.0
_MOST_ODDS = 20.0


def terms(values: Floats) -> Floats:
    """The terms of the regression: each feature's deviation (k,), then the products (36,), all clipped."""
    near = np.clip(_deviations(values), -FARTHEST, FARTHEST)
    return np.concatenate([near, np.clip(products(near), -FARTHEST_PRODUCT, FARTHEST_PRODUCT)])


def likeness(values: Floats, others: Floats) -> Floats:
    """The Gaussian kernel between this back and each of the ``others`` (m, k; deviations): (m,), 1 identical, 0 unlike."""
    off = place(values) - others
    return np.asarray(np.exp(-np.einsum("ij,ij->i", off, off) / (2 * bodies.WIDTH**2 * others.shape[1])))


def place(values: Floats) -> Floats:
    """The clipped deviations (k,) of this back from the mean of the fitted bodies, in SD."""
    return np.clip(_deviations(values), -FARTHEST_BODY, FARTHEST_BODY)


def correction(values: Floats) -> float:
    """The correction (deg) to add to the geometric angle."""
    return float(fitted.CORRECTION_0 + terms(values) @ fitted.CORRECTION + likeness(values, bodies.BODIES) @ bodies.WEIGHTS)


def cloth(worn: Floats, values: Floats) -> float:
    """The probability (0 to 1) that the outline is that of cloth with its own folds, from both kinds of features."""
    alike = likeness(values, bodies.BODIES) @ bodies.CLOTH_ALIKE
    odds = float(fitted.CLOTH_0 + _worn_deviations(worn) @ fitted.CLOTH + alike)
    return 1 / (1 + math.exp(-min(max(odds, -_MOST_ODDS), _MOST_ODDS)))


def in_cloth(seen: Floats) -> float:
    """The angle (deg) of the back if the top is loose cloth, from its ``cloth_features``."""
    leaf = (seen[trees.FEATURES] > trees.CUTS) @ _BITS
    return float(trees.MEAN + trees.LEAVES[np.arange(len(leaf)), leaf].sum())


def cloth_features(worn: Floats, frame: TrunkFrame, as_tight_deg: float, geometric_deg: float) -> Floats:
    """What ``in_cloth`` reads, (44,): ``worn_features``, the angle as of a tight top, the lean, the geometric angle (deg)."""
    return np.array([*worn, as_tight_deg, -frame.recline_deg, geometric_deg])


_BITS = 2 ** np.arange(trees.FEATURES.shape[1])[::-1]


def _posture(angle_deg: float, frame: TrunkFrame) -> Floats:
    return np.clip([angle_deg, -frame.recline_deg], *POSTURE_LIMITS)


def worn_features(outline: BackOutline, line: Curve, values: Floats) -> Floats:
    """The features that tell loose cloth from a tight top, (41,): those of the angle, roughness, hidden probability."""
    return np.array([*values, *unevenness(line), _doubt(outline), 1 - line.free.mean()])


def _worn_deviations(worn: Floats) -> Floats:
    return np.asarray(np.clip((worn - fitted.WORN_CENTRE) / fitted.WORN_SPREAD, -FARTHEST, FARTHEST))


def _deviations(values: Floats) -> Floats:
    """The deviation of each feature (k,) from the mean of the fitted bodies, in SD."""
    return np.asarray((values - fitted.CENTRE) / fitted.SPREAD)


def spread_features(outline: BackOutline, frame: TrunkFrame, line: Curve, values: Floats, angle_deg: float) -> Floats:
    """The terms of the sd models, (24,).

    Terms that can only increase it: hidden probability of the valid rows, the longest gap, missing rows of the whole back, an
    unusual body (mean and greatest deviation), a small picture, a turned camera.  Terms of either sign: the signs of a loose
    top, the outline's roughness, the angle itself and the forward lean.  Creases do not count as an unusual body.
    """
    off = _deviations(values)
    body = np.minimum(np.abs(off), 2 * FARTHEST)[: LOOSE.start]
    taken = np.flatnonzero(np.concatenate([[True], line.free[LUMBAR], [True]]))
    increasing = [
        _doubt(outline), np.diff(taken).max() / LUMBAR.sum(), 1 - line.free.mean(),
        math.log(np.mean(body**2) + 0.1), body.max() / FARTHEST, -math.log(frame.length * outline.picture_px / 200),
        abs(values[TURN]),
    ]  # fmt: skip
    hems = np.clip(off[HEM_FEATURES], -FARTHEST, FARTHEST)
    return np.array([*increasing, *hems, *unevenness(line), *_posture(angle_deg, frame)])


def _doubt(outline: BackOutline) -> float:
    return float(outline.doubt[LUMBAR & outline.valid].mean())


def spread(why: Floats, cloth: float, bridge_deg: float) -> float:
    """The standard deviation (deg) for these ``spread_features``, this probability of cloth and the change it would make.

    The two models are mixed as variances, for a picture tells how likely either kind of top is, not which: so half a change is
    uncertain too.  At least the floor.
    """
    off = np.clip((why - fitted.SD_CENTRE) / fitted.SD_SPREAD, -FARTHEST_REASON, FARTHEST_REASON)
    tight, loose = np.exp(np.minimum(fitted.SD_0 + fitted.SD @ off, (WIDEST_TIGHT, WIDEST)))
    cloth = CAUTION * cloth / (1 + (CAUTION - 1) * cloth)
    between = cloth * (1 - cloth) * bridge_deg**2
    return max(fitted.SD_FLOOR, math.sqrt((1 - cloth) * tight**2 + cloth * loose**2 + between))
