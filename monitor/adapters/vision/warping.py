"""Pictures sampled through an affine map, with OpenCV.

Positions are rounded to 1/32 of a pixel, and counted from a pixel's index, as MediaPipe's own OpenCV (3.4) does it.  Newer ones
interpolate exactly, which moves the networks' landmarks by up to a sixth of the trunk.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

# OpenCV's fixed-point maps: whole pixels, and fractions of 1/32 of both axes in one number.
_BITS = 5
_FRACTIONS = 1 << _BITS
_FARTHEST = np.iinfo(np.int16).max << _BITS

_Floats = NDArray[np.floating]


class OpenCvWarp:
    """A Warp: bilinear."""

    def crop(self, rgb: NDArray[np.uint8], matrix: _Floats, size: int, *, replicate: bool) -> NDArray[np.uint8]:
        """The square (size, size, 3); ``matrix`` (2, 3) leads from it to the picture; outside is its edge, else black."""
        index = np.arange(size)
        places = [np.add.outer(row[1] * index + row[2], row[0] * index) * _FRACTIONS for row in matrix]
        x, y = (np.clip(np.rint(place), -_FARTHEST, _FARTHEST).astype(np.int32) for place in places)
        pixels = np.stack([x >> _BITS, y >> _BITS], axis=2).astype(np.int16)
        fractions = ((y % _FRACTIONS) * _FRACTIONS + x % _FRACTIONS).astype(np.uint16)
        border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
        return np.asarray(cv2.remap(rgb, pixels, fractions, cv2.INTER_LINEAR, borderMode=border), np.uint8)

    def spread(self, mask: _Floats, matrix: _Floats, size: tuple[int, int]) -> _Floats:
        """The mask over a picture of ``size`` (width, height), 0 outside; ``matrix`` (2, 3) leads from the picture to it."""
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(mask, matrix, size, flags=how, borderMode=cv2.BORDER_CONSTANT), np.float32)
