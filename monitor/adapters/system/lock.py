"""Only one monitor at a time writes to a data folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from monitor.core.errors import DiskFull, StoreError

# Whoever asks for the holder holds the lock itself for a moment; that is no other monitor.
PATIENCE_S = 0.5


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the folder for this process.  Raises StoreError, naming the other process, if it is held already."""
    path = folder / "monitor.lock"
    note = folder / "monitor.pid"
    lock = FileLock(path, timeout=PATIENCE_S, mode=0o600)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
        note.write_text(str(os.getpid()), encoding="ascii")
    except Timeout as error:
        raise StoreError(f"another monitor{_process(note)} uses {folder}; stop it, or give another --data folder") from error
    except OSError as error:
        raise DiskFull(f"cannot write to {folder} ({error.strerror}); choose another folder with --data") from error
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def holder(folder: Path) -> int | None:
    """The process that holds the folder now, None if nobody does."""
    lock = FileLock(folder / "monitor.lock", timeout=0, mode=0o600)
    try:
        if not folder.is_dir():
            return None
        with lock:
            return None
    except Timeout:
        return _pid(folder / "monitor.pid")
    except OSError:
        return None


def _pid(note: Path) -> int | None:
    try:
        return int(note.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _process(note: Path) -> str:
    pid = _pid(note)
    return f" (process {pid})" if pid else ""
