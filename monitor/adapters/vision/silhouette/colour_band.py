"""Colours on a grid in trunk lengths: the picture sampled along rows perpendicular to the trunk, and the band around its edge.

Sampled so, the cost does not grow with the picture.  The edge itself is found in ``silhouette``.
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.core.back.outline_rows import Ints
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import HEIGHTS, LUMBAR, TrunkFrame

Image: TypeAlias = NDArray[np.uint8]

ROWS = len(HEIGHTS)
EVERY = np.arange(ROWS)
SUB = 2  # rows sampled per row and averaged: less noise for little cost
# The band searched around the mask's edge.  The mask errs mostly outward, where the room has edges of its own.
BAND = np.linspace(-0.16, 0.07, 93)
CELL = float(BAND[1] - BAND[0])
TRUNK = np.array([-0.08, -0.02, 0.04])  # outward positions that are trunk (or an arm in front of it) in every posture
# Of the colour change within 0.02 trunk lengths of the edge, the share within 0.01: 0.8 on a sharp picture, 0.3 on one smeared
# over four pixels of 720 rows and more, where the edge found is 10 deg off (docs/lumbar.md, what pictures may lose).
LEAST_SHARP, FAINT = 0.40, 8.0
NOISIEST = 1.25  # grey levels of one averaged cell: noise of 30 to 40 grey levels a pixel, which makes edges of its own


@dataclass(frozen=True, slots=True)
class Band:
    """Colours along the rows: (n, cells, 3) just inside each cell, how much they change there, how unlike the trunk's they are.

    ``change`` and ``strange`` are (n, cells), ``noise`` is that of one cell; all in grey levels.
    """

    inside: Floats
    change: Floats
    strange: Floats
    noise: float


def sample(image: Image | Floats, frame: TrunkFrame, heights: Floats, outward: Floats) -> Floats:
    """The picture's values (n, m[, 3]) at heights (n,) and outward places (n, m) or (m,) of the trunk's frame."""
    at = np.broadcast_to(outward, (len(heights), np.shape(outward)[-1]))
    # The same as frame.place, axis by axis: it took a third of the time.
    x, y = (
        ((frame.hip[k] + heights[:, None] * frame.up[k] + at * frame.back[k]) * image.shape[0] - 0.5).astype(np.float32)
        for k in (0, 1)
    )
    got = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(got, dtype=np.float32)


def colour_band(rgb: Image, frame: TrunkFrame, centre: Floats) -> Band:
    """The colours of the band around ``centre`` (n,)."""
    fine = np.linspace(HEIGHTS[0], HEIGHTS[-1], ROWS * SUB)
    at = np.interp(fine, HEIGHTS, centre)[:, None] + BAND
    outward = np.concatenate([np.broadcast_to(TRUNK, (len(fine), len(TRUNK))), at], axis=1)
    colours = sample(rgb, frame, fine, outward).reshape(ROWS, SUB, -1, 3).mean(axis=1)
    colours = np.asarray(cv2.sepFilter2D(colours, -1, np.ones(1), np.array([0.25, 0.5, 0.25])), dtype=np.float32)
    trunk, band = colours[:, : len(TRUNK)], colours[:, len(TRUNK) :]
    reach = 4  # cells averaged on either side: 0.01 trunk lengths, about the blur of a picture at 200 px
    sums = np.cumsum(np.pad(band, ((0, 0), (1, 0), (0, 0))), axis=1, dtype=np.float64)
    k = np.arange(len(BAND))
    inside = _mean_between(sums, np.maximum(k - reach, 0), np.maximum(k, 1))
    outside = _mean_between(sums, np.minimum(k + 1, len(BAND) - 1), np.minimum(k + 1 + reach, len(BAND)))
    change = np.sqrt(((inside - outside) ** 2).sum(axis=2))
    grey = band.mean(axis=2)
    noise = float(np.median(np.abs(np.diff(grey, 2, axis=1)))) / 0.6745 / 6**0.5  # of one cell, from second differences
    return Band(inside, change, _strangeness(inside, trunk), noise)


def _mean_between(sums: Floats, first: Ints, last: Ints) -> Floats:
    return np.asarray((sums[:, last] - sums[:, first]) / np.maximum(last - first, 1)[None, :, None])


def _strangeness(inside: Floats, trunk: Floats) -> Floats:
    """Distance (n, cells) of the colours inside each cell from the nearest colour of the trunk, here and 8 rows up and down.

    Every second cell is computed and repeated: the colours are averages over four.
    """
    far = 8
    padded = np.pad(trunk, ((far, far), (0, 0), (0, 0)), mode="edge")
    palette = np.concatenate([padded[: -2 * far], trunk, padded[2 * far :]], axis=1)
    cells = inside[:, ::2]
    size = np.sqrt((palette**2).sum(axis=2))[:, None] + 1
    along = cells @ palette.transpose(0, 2, 1) / size
    square = (cells**2).sum(axis=2)[..., None]
    off = colour_distance_square(square, along, size).min(axis=2)
    return np.asarray(np.sqrt(np.repeat(off, 2, axis=1)[:, : len(BAND)]))


def colour_distance_square(square: Floats, along: Floats, size: Floats) -> Floats:
    """Squared distance from the reference's colour ray, plus a quarter of that in brightness, which folds and shade change."""
    return np.asarray(np.maximum(square - along**2, 0) + (0.25 * (np.sqrt(square) - size)) ** 2)


def is_unclear(band: Band, cells: Ints) -> bool:
    """Whether the edge at the cells (n,) is too blurred, or the picture too noisy, for the edge to be trusted."""
    last = len(BAND) - 1
    inner, outer = (band.inside[EVERY, np.clip(cells + k, 0, last)] for k in (-6, 10))
    wide = np.sqrt(((inner - outer) ** 2).sum(axis=1))
    sharp = float(np.median((band.change[EVERY, cells] / np.maximum(wide, FAINT))[LUMBAR]))
    return sharp < LEAST_SHARP or band.noise > NOISIEST
