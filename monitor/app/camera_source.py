"""The live source as the person names it: a number, a name, or an address, checked before anything is opened."""

import os
from urllib.parse import quote, urlsplit

from monitor.adapters.camera.stored_password import stored_password
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError

# FFmpeg knows others; they would read local files, listen to anybody, or go wherever they are sent.
SCHEMES = ("http", "https", "rtsp", "rtsps")
MOST_CAMERAS = 1000
_EXAMPLE = "give one such as rtsp://camera:554/stream"
PASSWORD_VARIABLE = "POSTURE_MONITOR_CAMERA_PASSWORD"  # noqa: S105  # its name


def camera_number(source: str) -> int | None:
    """The camera number in ``source``, None if it is not a number.  Raises ConfigError for an impossible one."""
    if not (source.isascii() and source.isdecimal()):
        return None
    number = int(source[:9])  # Python refuses thousands of digits
    if len(source) > len(str(MOST_CAMERAS)) or number >= MOST_CAMERAS:
        raise ConfigError(f"there is no camera {source[:20]}; cameras have numbers below {MOST_CAMERAS}")
    return number


def address_of(source: str, password: str | None) -> str:
    """The address ``source`` as it is opened: with the password that goes with its user, if it names a user alone.

    The password comes from the variable, else from the system's store, else it is ``password``, from the settings.
    Raises ConfigError for an address that cannot be one.
    """
    try:
        parts = urlsplit(source)
        host, port, user = parts.hostname, parts.port, parts.username
    except ValueError as error:  # such as http://[1, or a port of six digits
        raise ConfigError(
            f"{shown(source)} is no address: {_reason(error)}; give one such as rtsp://camera:554/stream"
        ) from error
    if parts.scheme.lower() not in SCHEMES:
        raise ConfigError(f"{shown(source)} cannot be watched; addresses begin with one of {', '.join(SCHEMES)}")
    if not host or port == 0 or any(c.isspace() or not c.isprintable() for c in source):
        raise ConfigError(f"{shown(source)} is no address; {_EXAMPLE}")
    if user is None or parts.password is not None:
        return source
    found = os.environ.get(PASSWORD_VARIABLE) or stored_password(user, host) or password
    return source.replace("@", f":{quote(found, safe='')}@", 1) if found else source


def _reason(error: ValueError) -> str:
    """The reason of the error, without its subject."""
    return str(error).partition(":")[0].partition(" '")[0].lower()
