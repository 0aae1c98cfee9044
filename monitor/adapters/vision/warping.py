"""Pictures sampled through a projective or an affine map, with OpenCV.

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
# OpenCV computes positions from the left edge of blocks of so many columns, which decides the last digit.
_BLOCK = 64

_Floats = NDArray[np.floating]


class OpenCvWarp:
    """A Warp: bilinear."""

    def crop(self, rgb: NDArray[np.uint8], corners: NDArray[np.float32], size: int, *, replicate: bool) -> NDArray[np.uint8]:
        """The square (size, size, 3) between ``corners`` (4, 2; lower left, then clockwise); outside is its edge, else black."""
        own = np.array([(0, size), (0, 0), (size, 0), (size, size)], np.float32)
        back = np.asarray(cv2.invert(cv2.getPerspectiveTransform(corners, own))[1], np.float64)
        places = self._places(back, size)
        pixels = cv2.merge([*(places >> _BITS).astype(np.int16)])
        places &= _FRACTIONS - 1
        fractions = ((places[1] << _BITS) + places[0]).astype(np.uint16)
        border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
        return np.asarray(cv2.remap(rgb, pixels, fractions, cv2.INTER_LINEAR, borderMode=border), np.uint8)

    @staticmethod
    def _places(matrix: _Floats, size: int) -> NDArray[np.int32]:
        """Where the square's pixels lie in the picture, x and y (2, size, size), in 1/32 of its pixels; in few large arrays."""
        index, starts, within = np.arange(size), np.arange(0, size, _BLOCK), np.arange(_BLOCK)
        across, down, shift = (matrix[:, k, None, None] for k in range(3))
        edges = (across * starts + down * index[:, None]) + shift
        places = (edges[..., None] + (across * within)[:, :, None]).reshape(3, size, -1)
        np.divide(_FRACTIONS, places[2], out=places[2])
        x_y = places[:2]
        x_y *= places[2]
        np.clip(x_y, -_FARTHEST, _FARTHEST, out=x_y)
        return np.rint(x_y, out=x_y)[..., :size].astype(np.int32)

    def spread(self, mask: _Floats, matrix: _Floats, size: tuple[int, int]) -> _Floats:
        """The mask over a picture of ``size`` (width, height), 0 outside; ``matrix`` (2, 3) leads from the picture to it."""
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(mask, matrix, size, flags=how, borderMode=cv2.BORDER_CONSTANT), np.float32)
