"""Regular files: nothing else is opened, and those of the person's own are written whole or not at all."""

import errno
import os
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


def write_private(path: Path, data: str | bytes) -> None:
    """Write ``data`` (a text as UTF-8) atomically under ``path``, for its owner only, folder included.

    Neither a failure nor a power cut leaves a part of it under that name.  Raises OSError.
    """
    regular(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, begun = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(handle)
        Path(begun).replace(path)
    finally:
        Path(begun).unlink(missing_ok=True)
