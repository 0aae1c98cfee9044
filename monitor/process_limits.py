"""Environment for numerical libraries, set before any of them is loaded: limits threads and memory."""

import ctypes
import os
import sys

# <malloc.h> of the GNU C library.
_M_ARENA_MAX = -8


def begin() -> None:
    """Keep the linear algebra to one thread and, with glibc, all threads to one pool of memory."""
    # The arrays here are small: with several threads most time is spent waiting (measured: 40 ms of CPU a picture instead of 8).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A recreated engine has new threads; the pools of the old ones would remain, some 2 MB after every pause.
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_M_ARENA_MAX, 1)
