"""The lumbar lordosis (deg) of one side view with its standard deviation, from the back's outline and the landmarks.

First the geometry: the angle between the back's tangents at the sacrum and at T12/L1 (the two-inclinometer method on a picture).
Then a small fitted correction for the effect of skin and clothes (``lumbar_features``, ``lumbar_model``): buttock, turned camera,
thighs, and above all a loose top, which bridges the hollow.  The standard deviation comes from the same fit: the error of
comparable outlines, turns and bodies on rendered bodies whose angle is known.  It does not contain the difference between skin
and vertebrae, about 10 deg against an X-ray (science note 1.3).

Refused, with the reason: no trunk, hips hidden, a front or oblique view, a person too far away, a hidden back, a standard
deviation too large to be useful.  A missing value is NaN, never 0.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from monitor.core.back import lumbar_model as fitted
from monitor.core.back.lumbar_correction import (
    cloth,
    cloth_features,
    correction,
    in_cloth,
    spread,
    spread_features,
    worn_features,
)
from monitor.core.back.lumbar_features import KNEE, features, shoulder_turn
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.outline import HEIGHTS, LUMBAR, BackOutline, Curve, TrunkFrame, curve, trunk_frame
from monitor.core.vocabulary import Reason, RowCause

# Landmarks of a lower visibility are mostly invented by the model (science note 7).
MIN_VISIBILITY = 0.5
# Shoulder distance in trunk lengths at which the view is 35 deg or more off a side view (docs/lumbar.md: error by turn).
WIDEST_TURN = 0.46
FRONT_TURN = 0.60
FRAME_MARGIN = 0.08  # image heights: nearer to the border the head is cut off and the landmarks are unreliable
LONGEST = 0.50  # trunk in image heights: nearer than about 1 m perspective distorts the curve (docs/lumbar.md: error by distance)
LEAST_FACING = 1.0  # of 4: head, feet and knees do not agree on a side
SHORTEST_PX = 60  # trunk in pixels: below, one pixel of the edge is 3 deg and more
LEAST_FREE = 0.60  # of the rows between the levels
# Mean hidden probability of the valid rows below which the line is most likely the back's; when seated with this much more per
# degree of leaning back, less of leaning forward up to a limit (deg): who bends forward has no backrest behind her.
LIKELY_FREE, LEANING_BACK, FARTHEST_FORWARD = 0.15, 0.005, 10.0
SEATED_KNEE = 0.5  # trunk lengths below the hips: above, the thighs do not hang
DOUBT_PER_DEGREE = 0.01  # hidden probability per degree of leaning back when seated: the back may rest on a backrest


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of an accepted reading: largest sd (deg), and when seated the largest hidden probability, leaning back included."""

    widest_sd: float
    widest_sd_doubted: float
    most_doubt: float


# Above ten degrees a reading says too little about one person: people differ by 9 to 13 (science note 1.7).  A line that may be a
# chair's must have a smaller sd.  In a window, hidden probabilities are less even than in a picture (``outline_pool``).
PICTURE, WINDOW = Limits(10.0, 7.5, 0.42), Limits(10.0, 10.0, 0.52)
# Leaning farther back than this (deg) is not possible without a backrest, visible or not.  A camera's roll stays well below.
FARTHEST_RECLINE = 25.0
# sd between frames of one still person as a share of a frame's sd, measured on rendered clips (0.25 in tight tops, 0.33 in
# cloth); the rest of the sd is systematic and does not average out.
FRAME_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Lumbar:
    """One reading: ``lordosis_deg`` (+ = hollow) is the tangent at the sacrum minus the tangent at T12/L1, NaN if refused.

    ``sd_deg`` its standard deviation; ``geometric_deg`` the same angle before the correction; ``depth`` 100 h / L (%, + = hollow)
    over the chord between the levels; ``apex`` its deepest height, 0 hip to 1 shoulder; ``quality`` 0 to 1; ``why`` None or
    the reason of refusal.  For a drawing, in image heights: ``levels`` ((x, y) of sacrum and T12, the chord's ends) and
    ``apex_point``; None where nothing was measured.
    """

    lordosis_deg: float
    sd_deg: float
    geometric_deg: float
    depth: float
    apex: float
    quality: float
    why: str | None
    levels: tuple[tuple[float, float], tuple[float, float]] | None = None
    apex_point: tuple[float, float] | None = None


@cache
def refused(why: str) -> Lumbar:
    """A reading of NaN with the reason ``why``."""
    return Lumbar(math.nan, math.nan, math.nan, math.nan, math.nan, 0.0, why)


def lordosis(outline: BackOutline, xy: Floats, visibility: Floats) -> Lumbar:
    """The lumbar angle (deg, + = hollow) with its spread, of landmarks (33, 2) in image heights and their visibility (33,)."""
    return _given(measured(outline, xy, visibility), outline, xy, PICTURE)


def pooled_lordosis(outline: BackOutline, xy: Floats, visibility: Floats, singles: Sequence[Lumbar]) -> Lumbar:
    """The reading of a still window, from its frames' pooled outline and the frames' own readings ``singles`` (see ``measured``).

    Its sd is smaller than a frame's but never below the method's floor: only the variation from frame to frame averages out, not
    the systematic error of body, clothes and camera.
    """
    whole = measured(outline, xy, visibility)
    read = [r.lordosis_deg for r in singles if r.why is None]
    if whole.why or not read:
        return _given(whole, outline, xy, WINDOW)
    # A frame's sd never falls below SD_FLOOR; without the part that averages out it is a window's floor.
    one = max(whole.sd_deg, fitted.SD_FLOOR)
    frame = FRAME_SHARE * one
    spread = 1.4826 * float(np.median(np.abs(np.array(read) - np.median(read))))  # MAD to sd
    sd = math.sqrt(one**2 - frame**2 + max(spread, frame) ** 2 / len(read))
    return _given(replace(whole, sd_deg=sd), outline, xy, WINDOW)


def measured(outline: BackOutline, xy: Floats, visibility: Floats) -> Lumbar:
    """The lumbar angle as in ``lordosis``, however large its sd."""
    frame = trunk_frame(xy)
    if frame is None:
        return refused(Reason.NO_TRUNK)
    why = _out_of_scope(outline, frame, xy, visibility)
    line = None if why else curve(outline, frame)
    if line is None:
        return refused(why or _hidden(outline))
    free = float(line.free[LUMBAR].mean())
    if free < LEAST_FREE:
        return refused(_hidden(outline))
    values = features(xy, frame, line)
    shape = _shape(frame, line, _levels(values))
    as_tight, worn = shape.geometric_deg + correction(values), worn_features(outline, line, values)
    loose = cloth(worn, values)
    bridge = in_cloth(cloth_features(worn, frame, as_tight, shape.geometric_deg)) - as_tight
    value = as_tight + loose * bridge
    sd = spread(spread_features(outline, frame, line, values, value), loose, bridge)
    return replace(shape, lordosis_deg=value, sd_deg=sd, quality=free * fitted.SD_FLOOR / sd, why=None)


def _given(reading: Lumbar, outline: BackOutline, xy: Floats, limits: Limits) -> Lumbar:
    """The reading, refused where its sd is too large or the line is most likely a chair's."""
    frame = trunk_frame(xy)
    if reading.why or frame is None:
        return reading
    seated = xy[[L.LEFT_KNEE, L.RIGHT_KNEE], 1].mean() - frame.hip[1] < SEATED_KNEE * frame.length
    if seated and outline.doubt[LUMBAR].mean() + DOUBT_PER_DEGREE * frame.recline_deg > limits.most_doubt:
        return refused(Reason.BACK_HIDDEN_BY_CHAIR)
    leaning = LEANING_BACK * max(frame.recline_deg, -FARTHEST_FORWARD) if seated else 0.0
    doubt = outline.doubt[LUMBAR & outline.valid].mean() + leaning
    widest = limits.widest_sd if doubt < LIKELY_FREE else limits.widest_sd_doubted
    return refused(Reason.TOO_UNCERTAIN) if reading.sd_deg > widest else reading


def geometric_lordosis(outline: BackOutline, xy: Floats, levels: tuple[float, float]) -> float:
    """The tangent angle (deg, + = hollow) between two heights of the outline, uncorrected; NaN where it cannot be drawn."""
    frame = trunk_frame(xy)
    line = None if frame is None else curve(outline, frame)
    return math.nan if frame is None or line is None else _shape(frame, line, levels).geometric_deg


def _out_of_scope(outline: BackOutline, frame: TrunkFrame, xy: Floats, visibility: Floats) -> str | None:
    """The reason why the picture is not a side view of a whole trunk of sufficient size, or None."""
    sides = ((L.LEFT_SHOULDER, L.RIGHT_SHOULDER), (L.LEFT_HIP, L.RIGHT_HIP))
    ends, turn = np.array([frame.hip, frame.hip + frame.up]), shoulder_turn(xy, frame)
    reasons = (
        (Reason.HIPS_OR_SHOULDERS_HIDDEN, min(max(visibility[a], visibility[b]) for a, b in sides) < MIN_VISIBILITY),
        (Reason.HIPS_OR_SHOULDERS_OUT, ends.min() < FRAME_MARGIN or ends[:, 1].max() > 1 - FRAME_MARGIN),
        (Reason.FRONT_VIEW, turn > FRONT_TURN or frame.facing < LEAST_FACING),
        (Reason.OBLIQUE_VIEW, turn > WIDEST_TURN),
        (Reason.BACK_HIDDEN_BY_BACKREST, frame.recline_deg > FARTHEST_RECLINE),
        (Reason.TOO_NEAR, frame.length > LONGEST),
        (Reason.TOO_FAR, frame.length * outline.picture_px < SHORTEST_PX),
    )
    return next((why for why, so in reasons if so), None)


_HIDDEN_BY: Mapping[str, Reason] = {
    RowCause.ARM: Reason.BACK_HIDDEN_BY_ARM,
    RowCause.HAIR: Reason.BACK_HIDDEN_BY_HAIR,
    RowCause.CHAIR: Reason.BACK_HIDDEN_BY_CHAIR,
    RowCause.EDGE: Reason.BACK_EDGE_UNCLEAR,
    RowCause.DARK: Reason.BACK_TOO_DARK,
    RowCause.OUT: Reason.BACK_OUT_OF_FRAME,
}


def _hidden(outline: BackOutline) -> str:
    """The most frequent reason of the invalid rows between the levels."""
    whys = Counter(why for why, between in zip(outline.reasons, LUMBAR, strict=True) if between and why)
    return _HIDDEN_BY.get(whys.most_common(1)[0][0], Reason.BACK_HIDDEN) if whys else Reason.BACK_HIDDEN


def _levels(values: Floats) -> tuple[float, float]:
    """Heights of the sacrum (L5/S1) and of T12/L1: they rise with the thighs, as the hips' landmarks move."""
    knee = np.clip(values[KNEE], -1.0, 1.0)  # a thigh is shorter than a trunk
    low, high = fitted.LEVELS[:, 0] + fitted.LEVELS[:, 1:] @ knee
    return float(low), float(high)


def _shape(frame: TrunkFrame, line: Curve, levels: tuple[float, float]) -> Lumbar:
    """The geometry between two heights, without correction, spread or quality."""
    ends = np.array(levels)
    slopes = line.slope_deg(ends)
    between = np.linspace(ends[0], ends[1], 64)
    back = np.interp(between, HEIGHTS, line.broad)
    rise, length = back[-1] - back[0], math.hypot(ends[1] - ends[0], back[-1] - back[0])
    depth = (back[0] + rise * np.linspace(0, 1, 64) - back) * (ends[1] - ends[0]) / length
    deepest = int(np.abs(depth).argmax())
    at = [
        tuple(map(float, frame.place(t, u)))
        for t, u in zip((*ends, between[deepest]), (back[0], back[-1], back[deepest]), strict=True)
    ]
    return Lumbar(
        math.nan, math.nan, float(slopes[1] - slopes[0]), 100 * float(depth[deepest]) / length, float(between[deepest]), 0.0,
        None, levels=(_pair(at[0]), _pair(at[1])), apex_point=_pair(at[2]),
    )  # fmt: skip


def _pair(point: tuple[float, ...]) -> tuple[float, float]:
    return point[0], point[1]
