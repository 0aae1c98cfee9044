"""Detects that another process opened the camera that this one holds (Linux).

A camera streams to one program only; a second one gets the error "busy". The kernel reports every opening of the device (inotify
IN_OPEN), at no cost while there is none.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

_IN_OPEN = 0x00000020
_EVENTS = 4096
# <linux/inotify.h>, struct inotify_event: watch, mask, cookie, length of the name that follows.
_EVENT = struct.Struct("iIII")


def listen(device: Path) -> Callable[[], bool]:
    """``opened_elsewhere()``: whether another process has opened ``device`` since this call; always False without inotify."""
    if sys.platform != "linux":
        return bool
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        return bool
    if libc.inotify_add_watch(descriptor, os.fsencode(device), _IN_OPEN) < 0:
        os.close(descriptor)
        return bool
    return _OpenWatch(descriptor).opened_elsewhere


class _OpenWatch:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def opened_elsewhere(self) -> bool:
        try:
            events = os.read(self._descriptor, _EVENTS)
        except BlockingIOError:
            return False
        # The kernel adds events of its own: the device was unplugged, or its queue ran over.
        return any(mask & _IN_OPEN for mask in _masks(events))

    def __del__(self) -> None:
        os.close(self._descriptor)


def _masks(events: bytes) -> Iterator[int]:
    start = 0
    while start < len(events):
        _watch, mask, _cookie, length = _EVENT.unpack_from(events, start)
        yield mask
        start += _EVENT.size + length
