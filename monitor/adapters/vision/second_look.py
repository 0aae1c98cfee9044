"""Modified pictures for a second detection in a picture in which nobody was found.

The person detector misses people whose head is cut off or touches the edge, who are dark on dark, or drowned in grain.  It finds
most of them with a margin around the picture, with the shadows lifted, or smoothed, and hardly ever furniture.  A single such
detection only means that somebody may be there; two that agree are a person.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

_Pixels = NDArray[np.uint8]

# Local contrast limit: enough for faces in the shade without amplifying noise further (Zuiderveld 1994).
CLIP, TILES = 3.0, (8, 8)
# The middle light (of 255) that a gamma aims at, and the strongest one that grain still allows.
AIM, STRONGEST = 110.0, 0.25
# A blur of this many of 720 rows removes the grain of a webcam's highest gain and preserves a face.
BLUR_ROWS = 2.0
# Room around the picture, and above it only, in picture sizes.
ROOM, HEADROOM = 0.3, 0.4
EVERY = 16


# A changed picture, and what was added around the original (left, top, right, bottom; pixels).
_Look: TypeAlias = tuple[_Pixels, tuple[int, int, int, int]]
_NO_MARGIN = (0, 0, 0, 0)


def with_room(rgb: _Pixels) -> _Look:
    """The picture inside a frame of its mean colour."""
    height, width = rgb.shape[:2]
    return _framed(rgb, round(ROOM * width), round(ROOM * height), round(ROOM * height))


def with_headroom(rgb: _Pixels) -> _Look:
    """The picture below a band of its mean colour."""
    return _framed(rgb, 0, round(HEADROOM * rgb.shape[0]), 0)


def smoothed(rgb: _Pixels) -> _Look:
    """The picture without its grain."""
    cv2 = _opencv()
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), BLUR_ROWS * rgb.shape[0] / 720), np.uint8), _NO_MARGIN


def with_contrast(rgb: _Pixels) -> _Look:
    """The picture with its local contrast raised (CLAHE)."""
    cv2 = _opencv()
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(CLIP, TILES).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8), _NO_MARGIN


def lifted(rgb: _Pixels) -> _Look:
    """The picture with its shadows lifted; itself where it is bright."""
    middle = max(float(rgb[::EVERY, ::EVERY].mean()), 1.0) / 255
    gamma = float(np.clip(np.log(AIM / 255) / np.log(middle), STRONGEST, 1.0)) if middle < AIM / 255 else 1.0
    table = (255 * (np.arange(256) / 255) ** gamma).round().astype(np.uint8)
    return table[rgb], _NO_MARGIN


# In the order of what they find.

ALTERNATIVES: tuple[Callable[[_Pixels], _Look], ...] = (with_room, smoothed, with_contrast, with_headroom, lifted)


def _framed(rgb: _Pixels, side: int, top: int, bottom: int) -> _Look:
    height, width = rgb.shape[:2]
    framed = np.empty((height + top + bottom, width + 2 * side, 3), np.uint8)
    framed[:] = rgb[::EVERY, ::EVERY].mean((0, 1)).astype(np.uint8)
    framed[top : top + height, side : side + width] = rgb
    return framed, (side, top, side, bottom)


def _opencv() -> Any:
    import cv2

    return cv2
