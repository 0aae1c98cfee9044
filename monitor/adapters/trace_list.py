"""Where the traces are that a person asked for: one path a line, so that they can be found again and deleted."""

import os
from pathlib import Path

from monitor.core.errors import DiskFull

NAME = "traces.txt"


def note(folder: Path, trace: Path) -> None:
    """Keep in ``folder`` that ``trace`` was written; readable by its owner only.  Raises DiskFull."""
    path = folder / NAME
    try:
        line = f"{trace.absolute()}\n".encode(errors="surrogateescape")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(line)
    except OSError as error:
        raise DiskFull(f"{path} cannot be written ({error.strerror}); make room or allow writing there") from error


def noted(folder: Path) -> list[Path]:
    """The traces that were written, in order of their names, whether they are still there or not; none where none was noted."""
    try:
        text = (folder / NAME).read_bytes().decode(errors="surrogateescape")
    except OSError:
        return []
    return sorted({Path(line) for line in text.splitlines() if line.strip()})
