"""The names of the cameras that are plugged in; OpenCV itself cannot list them.

A person remembers "Logitech", not 2, and the numbers change when something is unplugged.  No camera is opened here, so its light
stays off.
"""

import difflib
import sys
from collections.abc import Sequence

from monitor.core.errors import CameraUnavailable

Camera = tuple[int, str]  # (index, name)

# The first of the interfaces that adapters/camera.py opens on this system (the values are OpenCV's CAP_V4L2,
# CAP_AVFOUNDATION and CAP_DSHOW): an index means something else in another one.
INTERFACE = {"linux": 200, "darwin": 1200, "win32": 700}


def names() -> list[Camera]:
    """(index, name) of every camera here, by index; empty when there is none."""
    from cv2_enumerate_cameras import enumerate_cameras

    found = enumerate_cameras(INTERFACE.get(sys.platform, 0))
    return sorted((camera.index, camera.name or f"camera {camera.index}") for camera in found)


def find(wanted: str, cameras: Sequence[Camera]) -> int:
    """The index of the camera called ``wanted``: its whole name, or a part that only one has; case does not matter.

    Raises:
        CameraUnavailable: naming the cameras there are, and the nearest name.
    """
    folded = wanted.casefold()
    whole = [index for index, name in cameras if name.casefold() == folded]
    part = [index for index, name in cameras if folded in name.casefold()]
    match = whole or part
    if len(match) == 1 or whole:  # several cameras of one name: the first
        return match[0]
    raise CameraUnavailable(_no_match(wanted, cameras, several=bool(part)))


def _no_match(wanted: str, cameras: Sequence[Camera], *, several: bool) -> str:
    """One line with the names of the cameras."""
    if not cameras:
        return f'camera "{wanted}" is not here: this computer shows no camera; plug one in, or give a file or an address'
    listed = ", ".join(f'{index} "{name}"' for index, name in cameras)
    if several:
        return f'camera "{wanted}" could be several; give the whole name or the number: {listed}'
    folded = {name.casefold(): name for _, name in cameras}
    near = difflib.get_close_matches(wanted.casefold(), folded, n=1)
    guess = f' Did you mean "{folded[near[0]]}"?' if near else ""
    return f'camera "{wanted}" is not here; there is: {listed}.{guess}'
