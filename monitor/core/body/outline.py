"""The outline of the back: one point per height of the trunk, which of them are valid, and why the others are not.

The trunk's frame comes from the landmarks: 0 at the hips, 1 at the shoulders, outward = toward the back, one unit = the trunk's
length.  Coordinates in this frame do not change with the person's place in the picture, size, camera roll or mirroring.  Pixels
stay in the adapter; here are only points.
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.geometry import hip_middle, midpoint, shoulder_middle
from monitor.core.body.landmarks import DECIMALS, Floats, L

Bools: TypeAlias = NDArray[np.bool_]

# Heights of the rows, hip = 0 and shoulder = 1: one row is about 5 mm.  Lower is the seat, higher is neck and hair.
HEIGHTS: Floats = np.linspace(-0.15, 0.95, 111)
STEP = float(HEIGHTS[1] - HEIGHTS[0])


def within(low: float, high: float) -> Bools:
    """Mask (n,) of the rows between two heights."""
    return np.asarray((low < HEIGHTS) & (high > HEIGHTS))


# The rows that carry the lumbar angle: sacrum (about 0.15) and T12 (about 0.54), with the slope's reach on either side.
LUMBAR: Bools = within(0.08, 0.64)

FREE = ""  # the reason of a valid row
DOUBT_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class TrunkFrame:
    """Where the trunk is: ``hip`` (2,) and the vectors ``up`` (hip to shoulder) and ``back`` (2,), all in image heights.

    ``up`` and ``back`` are perpendicular and both as long as the trunk; ``back`` points away from the facing direction.
    ``facing`` is how strongly head, feet and knees agree on that, 0 to 4.
    """

    hip: Floats
    up: Floats
    back: Floats
    facing: float

    @property
    def length(self) -> float:
        """The trunk's length, hip to shoulder, in image heights."""
        return float(np.hypot(self.up[0], self.up[1]))

    @property
    def recline_deg(self) -> float:
        """How far (deg) the trunk leans back from the picture's upright; negative leans forward."""
        backward = self.up[0] * math.copysign(1.0, self.back[0])
        return math.degrees(math.atan2(backward, -self.up[1]))

    def place(self, heights: Floats, outward: Floats) -> Floats:
        """Points of the picture, (..., 2) in image heights, of heights and outward distances in trunk lengths."""
        return self.hip + np.asarray(heights)[..., None] * self.up + np.asarray(outward)[..., None] * self.back

    def coordinates(self, points: Floats) -> Floats:
        """(height, outward) in trunk lengths, (..., 2), of points of the picture in image heights."""
        d = np.asarray(points) - self.hip
        return np.stack([d @ self.up, d @ self.back], axis=-1) / self.length**2


@dataclass(frozen=True, slots=True, eq=False)
class BackOutline:
    """The posterior outline of one trunk in one picture, one point per row of ``HEIGHTS``.

    ``points`` (n, 2) in image heights, NaN = not found.  ``valid`` (n,): the row is the trunk's own free edge.  ``reasons`` (n,):
    what hides it (a ``RowCause``); ``doubt`` (n,): the probability that it is hidden, 0 to 1. ``picture_px``: the picture's
    height in pixels, which bounds the precision of a point.
    """

    points: Floats
    valid: Bools
    reasons: tuple[str, ...]
    doubt: Floats
    picture_px: int

    def __post_init__(self) -> None:
        n = len(self.reasons)
        for name, shape in (("points", (n, 2)), ("valid", (n,)), ("doubt", (n,))):
            value: NDArray[Any] = np.array(getattr(self, name), dtype=np.bool_ if name == "valid" else np.float64)
            if value.shape != shape:
                raise ValueError(f"{name} has shape {value.shape}, expected {shape}")
            value.flags.writeable = False
            object.__setattr__(self, name, value)

    __hash__ = None  # type: ignore[assignment]  # arrays cannot be hashed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BackOutline):
            return NotImplemented
        same = np.array_equal(self.points, other.points, equal_nan=True) and np.array_equal(self.valid, other.valid)
        words = (self.reasons, self.picture_px) == (other.reasons, other.picture_px)
        return same and words and np.array_equal(self.doubt, other.doubt)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The outline in the trunk's frame on the rows of ``HEIGHTS``: outward distances (n,) in trunk lengths.

    ``broad`` is the back's shape, ``fine`` keeps creases and hems; both are interpolated through invalid rows.  ``free`` (n,)
    marks the valid rows.
    """

    broad: Floats
    fine: Floats
    free: Bools

    def slope_deg(self, heights: Floats) -> Floats:
        """Angle (deg) between the back's tangent and the trunk's line at the heights, same shape; + = outward going up."""
        return np.interp(heights, HEIGHTS, np.degrees(np.arctan(np.gradient(self.broad, STEP))))


def outline_at(
    frame: TrunkFrame | None, outward: Floats, doubt: Floats, reasons: tuple[str, ...], picture_px: int
) -> BackOutline:
    """The outline at outward positions (n,), trunk lengths, NaN = not found; a row is valid where its reason is "".

    Rounded (0.03 px of a trunk of 300 px): a trace holds exactly what the live core got.
    """
    outward = np.round(outward, DECIMALS)
    points = np.full((len(reasons), 2), np.nan) if frame is None else frame.place(HEIGHTS, outward)
    return BackOutline(points, np.array([why == FREE for why in reasons]), reasons, np.round(doubt, DOUBT_DECIMALS), picture_px)


def no_outline(why: str, picture_px: int) -> BackOutline:
    """The outline of a back that was not found at all, each row for the same reason."""
    return outline_at(None, np.full(len(HEIGHTS), np.nan), np.ones(len(HEIGHTS)), (why,) * len(HEIGHTS), picture_px)


def outward_of(outline: BackOutline, frame: TrunkFrame | None) -> Floats:
    """The outward positions (n,), trunk lengths; the inverse of ``outline_at``."""
    if frame is None:
        return np.full(len(outline.reasons), np.nan)
    return np.round(frame.coordinates(outline.points)[:, 1], DECIMALS)


def trunk_frame(xy: Floats) -> TrunkFrame | None:
    """The trunk's frame of landmarks (33, 2) in image heights; None where hips and shoulders coincide or are NaN."""
    hip, shoulder = hip_middle(xy), shoulder_middle(xy)
    up = shoulder - hip
    if not np.isfinite(up).all() or not up.any():
        return None
    side = np.array([-up[1], up[0]])
    facing = _facing(xy, hip, side)
    return TrunkFrame(hip, up, -side if facing > 0 else side, abs(facing))


def _facing(xy: Floats, hip: Floats, side: Floats) -> float:
    """How strongly the person faces ``side``, -4 to 4: nose ahead of ears (twice), toes of heels, knees of hips.

    The lengths at which a cue counts fully (0.2, 0.25, 0.5 trunks) are about half of what a side view shows.
    """
    left_heel, right_heel, left_toe, right_toe = 29, 30, 31, 32
    nose = xy[L.NOSE] - midpoint(xy[L.LEFT_EAR], xy[L.RIGHT_EAR])
    toes = midpoint(xy[left_toe], xy[right_toe]) - midpoint(xy[left_heel], xy[right_heel])
    knees = midpoint(xy[L.LEFT_KNEE], xy[L.RIGHT_KNEE]) - hip
    cues = [2 * np.clip(nose @ side / (side @ side) / 0.2, -1, 1)]
    cues += [np.clip(v @ side / (side @ side) / full, -1, 1) for v, full in ((toes, 0.25), (knees, 0.5))]
    return float(np.nansum(cues))


def curve(outline: BackOutline, frame: TrunkFrame) -> Curve | None:
    """The outline in the trunk's frame, smoothed; None where fewer than ten rows count."""
    height, outward = frame.coordinates(outline.points).T
    known = outline.valid & np.isfinite(height) & np.isfinite(outward)
    if known.sum() < _FEWEST_ROWS:
        return None
    order = np.argsort(height[known])
    at, u = height[known][order], outward[known][order]
    nearest = np.abs(HEIGHTS[:, None] - at).min(axis=1)
    free = nearest < 0.6 * STEP
    u = np.interp(HEIGHTS, at, u)
    weight = free.astype(np.float64)
    return Curve(smooth(u, weight, _BROAD), smooth(u, weight, _FINE), free)


def smooth(u: Floats, weight: Floats, stiffness: float) -> Floats:
    """Whittaker's smoother (n,): least squares to the weighted points with a penalty on curvature; straight through gaps.

    Solved along its five diagonals: on two busy cores a general multi-threaded solver is slower (8 ms instead of 0.3).
    Ref: Eilers 2003, Anal Chem 75:3631-3636.
    """
    n, w, z = len(u), (weight + _TINY).tolist(), (weight * u).tolist()
    d, c, e = [0.0] * n, [0.0] * n, [0.0] * n  # L D L' of the penalised weights: the diagonal, and L's two below it
    for i in range(n):
        c1, d1, e1, z1 = (c[i - 1], d[i - 1], e[i - 1], z[i - 1]) if i > 0 else (0.0, 0.0, 0.0, 0.0)
        d2, e2, z2 = (d[i - 2], e[i - 2], z[i - 2]) if i > 1 else (0.0, 0.0, 0.0)
        inside, beside = min(i, n - 1 - i), min(i, n - 2 - i)
        d[i] = w[i] + stiffness * (1.0, 5.0, 6.0)[min(inside, 2)] - c1 * c1 * d1 - e2 * e2 * d2
        c[i] = ((0.0, -2.0, -4.0)[min(beside, 1) + 1] * stiffness - d1 * c1 * e1) / d[i]
        e[i] = (stiffness if i < n - 2 else 0.0) / d[i]
        z[i] -= c1 * z1 + e2 * z2
    for i in reversed(range(n)):
        z[i] = z[i] / d[i] - (c[i] * z[i + 1] if i < n - 1 else 0.0) - (e[i] * z[i + 2] if i < n - 2 else 0.0)
    return np.array(z)


_FEWEST_ROWS = 10
_TINY = 1e-9  # keeps the system regular when rows are missing
_BROAD = 300.0  # like a Gaussian of 0.05 trunk lengths: shorter than the lumbar hollow, longer than a crease
_FINE = 1.0  # about one row: takes off the noise of a single row and keeps a hem
