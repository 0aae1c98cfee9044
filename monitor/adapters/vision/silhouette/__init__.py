"""The back's outline, found on the picture itself near the edge of the person mask, row by row, to a fraction of a pixel.

The mask (256 x 256 over the person, enlarged) gives the approximate edge and its uncertainty; the picture gives the exact
position.  Both are sampled along rows perpendicular to the trunk: (1) the mask's edge, smoothed; (2) colours in a band around it;
(3) the cheapest smooth path through the band, where a cell is cheap if colours change there, if the mask agrees, and if what lies
inside still has the trunk's colours; (4) the middle of the colour change on that path; (5) a classification of each row: the
trunk's free edge, or hidden by an arm, hair or a chair, or no visible edge.

Everything is sampled on a grid in trunk lengths, so the cost does not grow with the picture.  Angles are computed from the
outline in ``monitor.core.back.lumbar``.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from monitor.adapters.vision.silhouette.colour_band import (
    BAND,
    CELL,
    EVERY,
    ROWS,
    Band,
    Image,
    colour_band,
    colour_distance_square,
    is_unclear,
    sample,
)
from monitor.core.back.outline_rows import Ints, arm_clearance, cheapest_path, first_fall, judge, reasons_of, shape, straight_run
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.outline import HEIGHTS, BackOutline, Bools, TrunkFrame, no_outline, outline_at, smooth, trunk_frame
from monitor.core.vocabulary import RowCause

COARSE = np.linspace(-0.02, 0.75, 111)  # outward steps on which the mask is read, trunk lengths
DARKEST = 35  # median grey level of a picture below which noise hides edges (see docs/lumbar.md, error by light)
SHARP = 0.02  # the mask's usual softness, trunk lengths
STIFF = 300.0  # of the band's middle: like a Gaussian of 5 rows where the mask is sharp, far wider where it is soft
BEYOND = np.array([0.012, 0.02, 0.03, 0.04, 0.055, 0.07, 0.09, 0.11, 0.13, 0.155, 0.18, 0.21, 0.24])  # sampled outside
HEAD = 0.28  # trunk lengths from the ears to the top of the head: less is cut off
CUT_THROUGH = 0.45  # trunk lengths across a body at the upper border: wider than a head from the side, so it is cut at its ears
INWARD = np.arange(10, 58, 2)  # cells inside the edge, 0.025 to 0.145 trunk lengths, where an arm's own edge would lie


@dataclass(frozen=True, slots=True)
class _MaskEdge:
    """Outward place (n,) where the mask falls through 0.5, its softness (0.85 to 0.15), and the middle of the band to search.

    The middle follows the mask where it is sharp and is extrapolated where it is soft: there it contains more than the person.
    """

    place: Floats
    softness: Floats
    middle: Floats


@dataclass(frozen=True, slots=True)
class Traced:
    """The edge in one picture, outward positions (n,) in trunk lengths, with the features of its rows (n, 19)."""

    frame: TrunkFrame
    outward: Floats
    features: Floats
    aspect: float
    height: int

    def judged(self) -> BackOutline:
        """The outline in the picture, with each row's class."""
        doubt, causes = judge(self.features)
        reasons = reasons_of(doubt, causes, _out_of_frame(self.frame.place(HEIGHTS, self.outward), self.aspect))
        return outline_at(self.frame, self.outward, doubt, reasons, self.height)


@dataclass(frozen=True, slots=True)
class _Found:
    """The path: its outward places (n,) and cells (n,) in the band it was found in."""

    edge: _MaskEdge
    band: Band
    outward: Floats
    cells: Ints


def back_outline(rgb: Image, mask: Floats, xy: Floats) -> BackOutline:
    """The back's outline of the person whose mask (H, W) and landmarks ``xy`` (33, 2, image heights) are given in ``rgb``.

    ``rgb`` is (H, W, 3) uint8, ``mask`` (H, W) float, 0 to 1.  Rows that are not the trunk's free edge are invalid, with the
    reason; where no trunk is found at all, every row is.
    """
    if np.median(rgb[::16, ::16]) < DARKEST:
        return no_outline(RowCause.DARK, rgb.shape[0])
    if _headless(mask, xy):
        return no_outline(RowCause.OUT, rgb.shape[0])
    found = trace(rgb, mask, xy)
    return no_outline(RowCause.EDGE, rgb.shape[0]) if found is None else found.judged()


def trace(rgb: Image, mask: Floats, xy: Floats) -> Traced | None:
    """The edge before classification; None where the mask shows no trunk between the landmarks, or the picture is too unclear."""
    frame = trunk_frame(xy)
    edge = None if frame is None else _mask_edge(mask, frame)
    if frame is None or edge is None:
        return None
    band = colour_band(rgb, frame, edge.middle)
    outward, cells = _middle_of_change(band, edge.middle, _path(band, edge))
    if is_unclear(band, cells):
        return None
    features = _row_features(rgb, xy, frame, _Found(edge, band, outward, cells))
    return Traced(frame, outward, features, rgb.shape[1] / rgb.shape[0], rgb.shape[0])


def _headless(mask: Floats, xy: Floats) -> bool:
    """Whether the person goes on above the picture, though the landmarks have the whole head in it: they are squeezed.

    Squeezed they are as well where the border cuts through the head's widest part or the shoulders.
    """
    frame = trunk_frame(xy)
    wide = (mask[:2] > 0.5).any(axis=0).sum() / mask.shape[0]  # noqa: PLR2004  # the mask's own middle
    if frame is None:
        return False
    whole = xy[[L.LEFT_EAR, L.RIGHT_EAR], 1].min() > HEAD * frame.length
    return bool(wide > (0.0 if whole else CUT_THROUGH * frame.length))


def _out_of_frame(points: Floats, aspect: float) -> Bools:
    margin = 0.003  # two pixels of 720: an edge on the border is the border's
    low, high = points.min(axis=-1), np.maximum(points[:, 0] - aspect, points[:, 1] - 1)
    return np.asarray((low < margin) | (high > -margin))


# --- sampling ---------------------------------------------------------------------------------------------------------------


def _mask_edge(mask: Floats, frame: TrunkFrame) -> _MaskEdge | None:
    soft = sample(mask, frame, HEIGHTS, COARSE)
    steady = [_steady(first_fall(soft, COARSE, level)) for level in (0.5, 0.85, 0.15)]
    middle, inner, outer = steady
    if middle is None or inner is None or outer is None:
        return None
    softness = np.maximum(outer - inner, 1e-3)
    return _MaskEdge(middle, softness, smooth(middle, np.minimum(1, (SHARP / softness) ** 4), STIFF))


def _steady(places: Floats) -> Floats | None:
    """The positions (n,) with gaps bridged and short spikes (under nine rows) removed; None with too few rows."""
    known = np.isfinite(places)
    if known.sum() < 8:  # noqa: PLR2004  # fewer rows than a spike
        return None
    full = np.interp(EVERY, EVERY[known], places[known]).astype(np.float32)
    median = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(full, 8, mode="edge"), 17), axis=1)
    return _blur_rows(median[:, None], 2.5)[:, 0]


def _blur_rows(values: Floats, sigma: float) -> Floats:
    """(n, m) averaged along the rows' axis with a Gaussian of ``sigma`` rows."""
    size = 2 * int(3 * sigma) + 1
    flat = np.ascontiguousarray(values, dtype=np.float32)
    even = cv2.GaussianBlur(flat, (1, size), sigma, sigmaY=sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(even, dtype=np.float32).reshape(values.shape)


# --- the path ---------------------------------------------------------------------------------------------------------------


def _path(band: Band, edge: _MaskEdge) -> Ints:
    """The cell (n,) of the cheapest smooth path through the band."""
    floor = np.clip(8 * band.noise, 3.0, 30.0)  # a change of colour above the noise, grey levels
    # Grows slowly: a stronger edge is hardly more likely the back's, but must win over shades and creases of the top.
    change = -1.5 * np.log1p(band.change / floor)
    trust = np.clip(0.6 * edge.softness, 0.008, 0.2)[:, None]  # a soft mask gets no weight
    # The middle of a soft edge lies outside, because objects behind the person make it soft.
    off = edge.middle[:, None] + BAND - edge.place[:, None] + 0.3 * np.maximum(edge.softness - SHARP, 0)[:, None]
    # It gets no weight far away either: it may be the sharp edge of another person, such as an arm on the couch behind.
    mask = -np.log(np.exp(-0.5 * (off / trust) ** 2) + 0.3)
    strange = 6.0 * np.minimum(1, (band.strange / 20.0) ** 2)
    return cheapest_path((change + mask + strange).astype(np.float32))


def _middle_of_change(band: Band, centre: Floats, cells: Ints) -> tuple[Floats, Ints]:
    """Outward place (n,) of the middle of the colour change at the path, and the cell (n,) nearest to it."""
    last = len(BAND) - 1
    near = np.clip(cells[:, None] + np.arange(-4, 5), 0, last)
    nearer = 0.02 * np.abs(np.arange(-4, 5)) * band.change[EVERY, cells][:, None]
    top = near[EVERY, (band.change[EVERY[:, None], near] - nearer).argmax(axis=1)]
    around = np.clip(top[:, None] + np.arange(-3, 4), 0, last)
    weight = band.change[EVERY[:, None], around] ** 2 + 1e-6
    offset = (BAND[around] * weight).sum(axis=1) / weight.sum(axis=1)
    return centre + offset, np.clip(np.round((offset - BAND[0]) / CELL), 0, last).astype(np.int64)


def _row_features(rgb: Image, xy: Floats, frame: TrunkFrame, found: _Found) -> Floats:
    """The features (n, 19) that separate a free back from arm, hair or chair, named by ``outline_rows.ROW_FEATURES``."""
    band, outward, cells = found.band, found.outward, found.cells
    upper, fore = arm_clearance(xy, frame, outward)
    inside = band.inside[EVERY, np.clip(cells - 2, 0, None)]
    deep = band.inside[EVERY, np.clip(cells - 50, 0, None)]
    inward = cells[:, None] - INWARD
    inner = np.where(inward >= 0, band.change[EVERY[:, None], np.clip(inward, 0, None)], 0)
    wall, outer = _outside(rgb, frame, outward)
    bent, curvature, rough = shape(outward)
    rough = np.log(rough + 2e-3)
    strange, run = np.log1p(band.strange[EVERY, np.clip(cells - 2, 0, None)]), np.log(straight_run(outward) + 2e-3)
    colour = _hair(rgb, xy, frame)
    # With a top of the hair's colour there is no evidence about hair.
    tells = np.clip(np.median(_colour_distance(deep, colour)) / 40, 0, 1)
    hair = tells * (np.log1p(_colour_distance(inside, colour)) - strange)
    columns = (
        np.clip(upper, -0.15, 0.3), np.clip(fore, -0.15, 0.3), strange, np.log1p(band.change[EVERY, cells]),
        np.clip(found.edge.softness, 0, 0.2), np.log1p(_blur_rows(inner, 5).max(axis=1)),
        np.log1p(_colour_distance(inside, deep)), wall, np.log1p(outer), np.log(bent + 2e-3), np.clip(curvature, -3, 3), rough,
        HEIGHTS, hair, run, (rough + 5) ** 2, (HEIGHTS - 0.4) ** 2, *_beside_mask(found),
    )  # fmt: skip
    return np.stack(columns, axis=1)


def _beside_mask(found: _Found) -> tuple[Floats, Floats]:
    """How far the mask's edge lies outside the found one, (n,), and inside it, (n,), trunk lengths, evened over rows."""
    off = _blur_rows((found.edge.place - found.outward)[:, None], 2)[:, 0]
    return np.clip(off, 0, 0.1), np.clip(-off, 0, 0.05)


def _hair(rgb: Image, xy: Floats, frame: TrunkFrame) -> Floats:
    """The colour (n, 3) of the back of the head: mean of three places behind and above the ears, the same for every row."""
    up, back = frame.coordinates((xy[L.LEFT_EAR] + xy[L.RIGHT_EAR]) / 2)
    places = frame.place(up + np.array([0.05, 0.12, 0.0]), back + np.array([0.06, 0.03, 0.09])) * rgb.shape[0]
    x, y = np.clip(np.nan_to_num(places).astype(int), 0, np.array(rgb.shape[1::-1]) - 1).T
    return np.broadcast_to(rgb[y, x].mean(axis=0), (ROWS, 3))


def _colour_distance(colours: Floats, reference: Floats) -> Floats:
    size = np.sqrt((reference**2).sum(axis=1)) + 1
    return np.sqrt(colour_distance_square((colours**2).sum(axis=1), (colours * reference).sum(axis=1) / size, size))


def _outside(rgb: Image, frame: TrunkFrame, outward: Floats) -> tuple[Floats, Floats]:
    """How far (n,) the colour just outside goes on, trunk lengths, and the strongest upright edge (n,) out there."""
    colours = sample(rgb, frame, HEIGHTS, outward[:, None] + BEYOND)
    colours = _blur_rows(colours.reshape(ROWS, -1), 2).reshape(colours.shape)
    other = np.sqrt(((colours - colours[:, 1:2]) ** 2).sum(axis=2)) > 25  # noqa: PLR2004  # grey levels: another thing
    wall = np.where(other.any(axis=1), BEYOND[other.argmax(axis=1)], 0.3)
    steps = np.sqrt((np.diff(colours[:, 1:], axis=1) ** 2).sum(axis=2))
    return wall, _blur_rows(steps, 6).max(axis=1)
