"""Environment for numerical libraries and FFmpeg, set before any is loaded: limits threads, memory and what a file may open."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# <malloc.h> of the GNU C library.
_M_ARENA_MAX = -8
# Objects made and not freed before garbage is looked for; Python's own is 700.
_COLLECT_AFTER = 50_000
# What FFmpeg may read: containers of one file each, and one RTSP connection.  It knows playlists besides, which name other files
# and hosts, and protocols that listen to anybody.
_CONTAINERS = (
    "mov,matroska,avi,mpegts,mpeg,mpegvideo,h264,hevc,m4v,vc1,av1,obu,ivf,flv,asf,ogg,gif,apng,mjpeg,dv,nut,rm,wtv,mxf,swf,"
    "yuv4mpegpipe,rtsp"
)
_FFMPEG = f"rtsp_transport;tcp|protocol_whitelist;file,rtsp,tcp|format_whitelist;{_CONTAINERS}"


def begin() -> None:
    """Keep FFmpeg to what it is given, the linear algebra to one thread and, with glibc, all threads to one pool of memory."""
    # The arrays here are small: with several threads most time is spent waiting (measured: 40 ms of CPU a picture instead of 8).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = _FFMPEG
    # A recreated engine has new threads; the pools of the old ones would remain, some 2 MB after every pause.
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Hand freed memory back to the system, which glibc keeps for later: after something large was freed for long."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage seldom while a recording is worked through: its steps leave none in circles, and pictures are not kept."""
    usual = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
