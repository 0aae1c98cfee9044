"""The C library's functions in single precision, which MediaPipe calls.

A last digit decides at which 32nd of a pixel a sample is taken, and a stream takes each square from the landmarks before it: one
digit grows to half a percent of the trunk within three frames.  Where there is no such library (Windows), results are rounded
from double precision, which differs from it in one of some thousand values.
"""

import ctypes
import math
import sys

import numpy as np
from numpy.typing import NDArray

_Singles = NDArray[np.float32]


class _Rounded:
    """The same functions by Python's own, which are in double precision."""

    atan2f = staticmethod(math.atan2)
    expf = staticmethod(math.exp)


def _loaded() -> "ctypes.CDLL | type[_Rounded]":
    if sys.platform == "win32":
        return _Rounded
    library = ctypes.CDLL(None)
    for function, count in ((library.atan2f, 2), (library.expf, 1)):
        function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float] * count
    return library


_LIBRARY = _loaded()


def atan2(y: np.float32, x: np.float32) -> np.float32:
    """The angle of (``x``, ``y``), -pi to pi radians."""
    return np.float32(_LIBRARY.atan2f(float(y), float(x)))


def likelihood(values: _Singles) -> _Singles:
    """The sigmoid of each value, of the same shape; one by one, so for few of them."""
    # Below it e ** -x would be infinite in single precision, and the sigmoid 0.
    powers = list(map(_LIBRARY.expf, np.minimum(-values, 88).ravel().tolist()))
    exponential = np.array(powers, np.float32).reshape(values.shape)
    return np.float32(1) / (np.float32(1) + exponential)


def summed(values: NDArray[np.floating]) -> _Singles:
    """Sums over the last axis, added one after the other: in single precision their order counts."""
    total: _Singles = np.cumsum(values, axis=-1, dtype=np.float32)[..., -1]
    return total
