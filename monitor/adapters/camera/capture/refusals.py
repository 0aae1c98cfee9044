"""What to say of a camera that does not open or is lost; never its password."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from monitor.core.errors import CameraBusy, CameraUnavailable, SourceError


def silent(source: int | str) -> str:
    """The message about a camera that was lost."""
    return f"{name(source)} sends no pictures any more; check its cable or network and start again"


def name(source: int | str) -> str:
    """The name of a camera in a message; of an address only scheme and host, because the rest may contain a password."""
    if isinstance(source, int):
        return f"camera {source}"
    try:
        parts = urlsplit(source)
    except ValueError:  # such as http://[1
        return "the network camera"
    if parts.netloc.count("@") != source.count("@"):  # a password with a slash in it: the host cannot be identified
        return "the network camera"
    return f"the camera at {parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def refusal(source: int | str, devices: str = "/dev/video{}") -> SourceError:
    """The error of a camera that did not open, as far as this system reports the cause."""
    if isinstance(source, str):
        return CameraUnavailable(f"{name(source)} does not answer or sends no video; try its address in a browser or player")
    if sys.platform != "linux":
        hint = "is it plugged in, used by another program, or not allowed in the system's privacy settings?"
        return CameraUnavailable(f"camera {source} cannot be opened: {hint}")
    device = Path(devices.format(source))
    if not device.exists():
        return CameraUnavailable(f"camera {source} is not there ({device}); plug one in, or give another number, file or address")
    if not os.access(device, os.R_OK | os.W_OK):
        return CameraUnavailable(f"camera {source} may not be opened; add yourself to the group that owns {device}")
    return CameraBusy(f"camera {source} is there but does not open; close other programs that use it ({device})")
