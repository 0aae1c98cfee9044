"""Regular files: nothing else is opened, and those of the person's own are written whole or not at all."""

import errno
import os
import sys
import tempfile
from pathlib import Path


def regular(path: Path) -> Path:
    """``path`` itself, where a regular file or nothing is: a pipe could block for ever, a device or folder be replaced.

    Raises OSError.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is a pipe or a device", str(path))
    return path


def hand_over(path: Path) -> None:
    """Give what a superuser has just made at ``path`` to the owner of its folder, who could not use it otherwise.

    Raises OSError.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    folder = path.parent.stat()
    if folder.st_uid != 0:
        os.chown(path, folder.st_uid, folder.st_gid, follow_symlinks=False)


def make_private_folder(path: Path) -> None:
    """Make a folder for its owner only, with those above it, if it is not there.  Raises OSError."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        hand_over(path)


def write_private(path: Path, data: str | bytes) -> None:
    """Write ``data`` (a text as UTF-8) atomically under ``path``, for its owner only, folder included.

    Neither a failure nor a power cut leaves a part of it under that name.  Raises OSError.
    """
    make_private_folder(regular(path).parent)
    handle, begun = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(handle)
        hand_over(Path(begun))
        Path(begun).replace(path)
    finally:
        Path(begun).unlink(missing_ok=True)
