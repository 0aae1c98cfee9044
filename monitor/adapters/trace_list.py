"""The list of traces that the person had written: one path a line, so that they can be found and deleted."""

import os
from pathlib import Path

from monitor.core.errors import DiskFull
from monitor.regular_files import hand_over, regular

NAME = "traces.txt"


def note(folder: Path, trace: Path) -> None:
    """Add ``trace`` to the list in ``folder``; readable by its owner only.  Raises DiskFull."""
    path = folder / NAME
    try:
        line = f"{trace.absolute()}\n".encode(errors="surrogateescape")
        with os.fdopen(os.open(regular(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(line)
        hand_over(path)
    except OSError as error:
        raise DiskFull(f"{path} cannot be written ({error.strerror}); make room or allow writing there") from error


def noted(folder: Path) -> list[Path]:
    """The listed traces, sorted, whether they still exist or not; empty without a list."""
    try:
        text = regular(folder / NAME).read_bytes().decode(errors="surrogateescape")
    except OSError:
        return []
    return sorted({Path(line) for line in text.splitlines() if line.strip()})
