"""The features of the lumbar correction: the slopes of the back from seat to shoulder blades, thighs, turn, looseness of the top.

Every number is measured in the trunk's frame (trunk lengths, degrees relative to the trunk's line), so it does not change with
mirroring, place, size or camera roll.  The weights are in ``lumbar_model``, fitted by ``tests/benchmarks/fit_lumbar.py``.
"""

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import Floats, L
from monitor.core.body.outline import HEIGHTS, STEP, Bools, Curve, TrunkFrame, within

SLOPES_AT: Floats = np.array(
    [-0.08, -0.04, 0.02, 0.08, 0.14, 0.20, 0.26, 0.32, 0.38, 0.44, 0.50, 0.56, 0.62, 0.68, 0.74, 0.80, 0.86, 0.92]
)
# Where the hem or waistband of a top lies: below the arch, above the seat.
HEM: Bools = within(-0.04, 0.40)
FLANK: Bools = within(0.30, 0.80)

NAMES: tuple[str, ...] = (
    *(f"slope {t:.2f}" for t in SLOPES_AT), "knee up", "knee back", "turn of shoulders", "shoulder drop", "turn of hips",
    "hip drop", "hem height", "hem drop", "hem step", "hem kick", "crease", "bulge", "creases",
)  # fmt: skip

KNEE = [NAMES.index("knee up"), NAMES.index("knee back")]
TURN = NAMES.index("turn of shoulders")
HEM_FEATURES = slice(NAMES.index("hem height"), None)
LOOSE = slice(NAMES.index("hem step"), None)
# Features with interaction terms: the effect of a slope depends on the other slopes, the thighs and the top.  Chosen by
# cross-fitting on the fitted bodies: further ones gain little.
TOGETHER = [NAMES.index(name) for name in ("slope 0.14", "slope 0.26", "slope 0.50", "slope 0.56", "slope 0.68", "knee up",
                                           "knee back", "creases")]  # fmt: skip
_PAIRS = np.triu_indices(len(TOGETHER))


def features(xy: Floats, frame: TrunkFrame, line: Curve) -> Floats:
    """The features of one back, (k,), in the order of ``NAMES``."""
    return np.concatenate([line.slope_deg(SLOPES_AT), _limbs(xy, frame), hem(line)])


def products(deviations: Floats) -> Floats:
    """The products (36,) of every pair of ``TOGETHER``, squares included, of all features' deviations (k,)."""
    chosen = deviations[TOGETHER]
    return np.asarray((chosen[:, None] * chosen)[_PAIRS])


def shoulder_turn(xy: Floats, frame: TrunkFrame) -> float:
    """Distance between the shoulders across the trunk, in trunk lengths: near 0 from the side, 0.7 from the front."""
    return abs(float((xy[L.LEFT_SHOULDER] - xy[L.RIGHT_SHOULDER]) @ frame.back)) / frame.length**2


def _limbs(xy: Floats, frame: TrunkFrame) -> Floats:
    """The knees' position (up, back), then near minus far side of shoulders and hips (back, up); (6,), trunk lengths."""
    where = frame.coordinates(xy)
    knee = (where[L.LEFT_KNEE] + where[L.RIGHT_KNEE]) / 2
    # Facing the picture's right the right side is near: so ordered near minus far, a mirrored picture gives the same.
    near = 1.0 if frame.back[0] * frame.up[1] - frame.back[1] * frame.up[0] < 0 else -1.0
    shoulders = near * (where[L.LEFT_SHOULDER] - where[L.RIGHT_SHOULDER])
    hips = near * (where[L.LEFT_HIP] - where[L.RIGHT_HIP])
    return np.array([*knee, shoulders[1], shoulders[0], hips[1], hips[0]])


def hem(line: Curve) -> Floats:
    """Signs of a loose top in the outline, (7,): a step outward at the hem and its height, kinks, and creases above.

    A loose top ends in a step and bridges the hollow; a tight one follows the skin.
    """
    rest, where = line.fine - line.broad, np.flatnonzero(HEM)
    above, below = _mean_of(rest, where, 2, 5), _mean_of(rest, where, -5, -2)
    step = above - below
    kick = np.gradient(rest, STEP)[HEM]
    bend = np.gradient(np.gradient(line.fine, STEP), STEP)[HEM]
    creases = np.sqrt(np.mean(rest[FLANK] ** 2))
    at = HEIGHTS[where[step.argmax()]]
    return np.array([at, step.min(), step.max(), kick.max(), bend.max(), bend.min(), creases])


def unevenness(line: Curve) -> Floats:
    """Roughness of the outline over four sections of the back, (8,): log of the creases' height, then of their curvature.

    Simulated cloth creases where skin does not; sections and kinds together distinguish it from a tight top that happens to fold.
    """
    rest, bend = (line.fine - line.broad) ** 2, np.abs(np.gradient(np.gradient(line.fine, STEP), STEP))
    height = [0.5 * np.log(rest[part].mean() + 4e-8) for part in _STRETCHES]
    return np.array([*height, *(np.log(bend[part].mean() + 0.05) for part in _STRETCHES)])


_STRETCHES: tuple[Bools, ...] = tuple(within(a, b) for a, b in ((-0.1, 0.15), (0.15, 0.4), (0.4, 0.65), (0.65, 0.95)))


def _mean_of(values: Floats, where: NDArray[np.intp], first: int, last: int) -> Floats:
    """Mean (m,) of the values over the rows ``where + first`` to ``where + last``."""
    return np.asarray(np.mean([values[where + k] for k in range(first, last + 1)], axis=0))
