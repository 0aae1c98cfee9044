"""What the process and its libraries are told before any of them is loaded, so that a day costs little."""

import ctypes
import os
import sys

# <malloc.h> of the GNU C library.
_M_ARENA_MAX = -8


def begin() -> None:
    """Keep the linear algebra to one thread and, with glibc, all threads to one pool of memory."""
    # The arrays here are small: threads mostly wait for one another (measured: 40 ms of CPU a picture, not 8).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # An engine that is made anew has new threads; the pools of the old ones would stay behind, some 2 MB after every pause.
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_M_ARENA_MAX, 1)
