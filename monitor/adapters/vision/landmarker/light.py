"""Whether light or lens prevent detection in a picture."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.vocabulary import Reason

# Of 255.  Photographs and renders dimmed step by step: above 24 nine people in ten are found, below 16 half, below 6 none.
DARK_BELOW = 20.0
# A lens cap or a privacy shutter; the noise of a webcam alone is 1 to 3.
BLANK_BELOW = 3.0
# Noise that hides half of the people, also where it is smoothed; sharp pictures of rooms and print stay below 15.
GRAIN_FROM = 25.0
# Every 16th pixel both ways is enough for light and for the silhouette's area (3,600 of a 1280 x 720 picture).
EVERY = 16

_Pixels = NDArray[np.uint8]


def why_unseen(rgb: _Pixels) -> str | None:
    """The reason, None where a person would be seen."""
    sample = rgb[::EVERY, ::EVERY]
    if sample.mean() < DARK_BELOW:
        return Reason.TOO_DARK
    if sample.std() < BLANK_BELOW:
        return Reason.BLANK
    return Reason.TOO_GRAINY if _grain(rgb) > GRAIN_FROM else None


def _grain(rgb: _Pixels) -> float:
    """The standard deviation of the picture's noise, in grey levels of 255 (Immerkaer 1996)."""
    if min(rgb.shape[:2]) < 3:  # noqa: PLR2004
        return 0.0
    green = rgb[..., 1].astype(np.int16)
    across = green[:, :-2] - 2 * green[:, 1:-1] + green[:, 2:]
    return float(np.abs(across[:-2] - 2 * across[1:-1] + across[2:]).mean() * math.sqrt(math.pi / 2) / 6)
