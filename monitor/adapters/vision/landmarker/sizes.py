"""The sizes in which single pictures are looked at, and which backs need it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from monitor.core.back.lumbar import PICTURE
from monitor.core.back.lumbar_window import reading_of
from monitor.core.body.pose import Pose

# The longer side (px), whatever the picture's own size is: two sizes of one photograph are then nearly the same picture.  Small,
# as the networks' input is 256 px.
LONGER_SIDES_PX = (512, 576, 640)
# For the back, which needs the pixels: shares of the picture's own size.
SMALLER = (0.9, 0.8)
# An sd (deg) so near to the largest accepted one moves over it when a picture is a little smaller or darker.  On spoilt pictures
# of 21 rendered people all seven curves more than 10 deg off had an sd above it (docs/lumbar.md).
NEARLY_TOO_UNCERTAIN_DEG = 0.85 * PICTURE.widest_sd

_Pixels = NDArray[np.uint8]


def in_sizes(rgb: _Pixels) -> Iterator[_Pixels]:
    """The picture (H, W, 3) with each of the longer sides."""
    return (_resized(rgb, side / max(rgb.shape)) for side in LONGER_SIDES_PX)


def smaller_copies(rgb: _Pixels) -> Iterator[_Pixels]:
    """The picture (H, W, 3) a little smaller."""
    return (_resized(rgb, share) for share in SMALLER)


def is_nearly_too_uncertain(pose: Pose) -> bool:
    """Whether the back is read, with an sd near the largest that is accepted."""
    return reading_of(pose).sd_deg > NEARLY_TOO_UNCERTAIN_DEG


def is_read(pose: Pose) -> bool:
    """Whether the lower back of this pose is read."""
    return reading_of(pose).why is None


def _resized(rgb: _Pixels, share: float) -> _Pixels:
    """The picture at a share of its size, each pixel the mean of what it covers; never larger."""
    for axis in (0, 1):
        rgb = _averaged(rgb, max(round(min(share, 1.0) * rgb.shape[axis]), 1), axis)
    return rgb


def _averaged(rgb: _Pixels, size: int, axis: int) -> _Pixels:
    length = rgb.shape[axis]
    lines = rgb.swapaxes(0, axis).astype(np.float32)
    sums = np.concatenate([np.zeros_like(lines[:1]), lines.cumsum(axis=0)])
    edges = np.linspace(0, length, size + 1, dtype=np.float32)
    whole = np.minimum(edges.astype(int), length - 1)
    parts = sums[whole] + (edges - whole)[:, None, None] * lines[whole]
    means = np.diff(parts, axis=0) * np.float32(size / length)
    return np.asarray(means.round().clip(0, 255).astype(np.uint8).swapaxes(0, axis))
