"""Whether light or lens prevent detection in a picture."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import TRUNK
from monitor.core.body.pose import Pose
from monitor.core.vocabulary import Reason

# Of 255.  Photographs and renders dimmed step by step: above 24 nine people in ten are found, below 16 half, below 6 none.
DARK_BELOW = 20.0
# A lens cap or a privacy shutter; the noise of a webcam alone is 1 to 3.
BLANK_BELOW = 3.0
# Noise that hides half of the people, also where it is smoothed; sharp pictures of rooms and print stay below 15.
GRAIN_FROM = 25.0
# Every 16th pixel both ways is enough for light and for the silhouette's area (3,600 of a 1280 x 720 picture).
EVERY = 16

# Noise and JPEG's blocks (the step at their borders against the steps within) that make edges of their own: on rendered bodies
# curves are 15 to 27 deg off in noise of 20 to 30, and 12 deg at JPEG 10.  Around the trunks of 203 photographs and renders
# blocks stay below 2.5.
NOISIEST_EDGE, BLOCKIEST, BLOCK = 17.0, 2.6, 8

_Pixels = NDArray[np.uint8]


def why_unseen(rgb: _Pixels) -> str | None:
    """The reason, None where a person would be seen."""
    sample = rgb[::EVERY, ::EVERY]
    if sample.mean() < DARK_BELOW:
        return Reason.TOO_DARK
    if sample.std() < BLANK_BELOW:
        return Reason.BLANK
    return Reason.TOO_GRAINY if _grain(rgb) > GRAIN_FROM else None


def hides_edges(rgb: _Pixels, pose: Pose) -> bool:
    """Whether noise or compression around the trunk makes edges of its own, so that no outline can be trusted."""
    trunk = pose.xy[[*TRUNK]] * rgb.shape[0]
    (x0, y0), (x1, y1) = trunk.min(axis=0), trunk.max(axis=0)
    room = (y1 - y0) / 2
    left, right, top, bottom = (int(max(end, 0)) for end in (x0 - room, x1 + room, y0, y1))
    around = rgb[top:bottom, left:right]
    return _grain(around) > NOISIEST_EDGE or _blocks(around) > BLOCKIEST


def _blocks(rgb: _Pixels) -> float:
    """How much larger the steps at the borders of JPEG's blocks are than those within; 1 without blocks."""
    if rgb.shape[1] <= 2 * BLOCK or not rgb.shape[0]:
        return 1.0
    green = rgb[..., 1].astype(np.int16)
    steps = np.abs(green[:, 1:] - green[:, :-1]).mean(axis=0)
    whole = steps[: len(steps) // BLOCK * BLOCK].reshape(-1, BLOCK).mean(axis=0)
    return float(whole.max() * (BLOCK - 1) / max(whole.sum() - whole.max(), 1e-6))


def _grain(rgb: _Pixels) -> float:
    """The standard deviation of the picture's noise, in grey levels of 255 (Immerkaer 1996)."""
    if min(rgb.shape[:2]) < 3:  # noqa: PLR2004
        return 0.0
    green = rgb[..., 1].astype(np.int16)
    across = green[:, :-2] - 2 * green[:, 1:-1] + green[:, 2:]
    return float(np.abs(across[:-2] - 2 * across[1:-1] + across[2:]).mean() * math.sqrt(math.pi / 2) / 6)
