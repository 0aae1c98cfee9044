"""Lock of a data folder: one monitor at a time writes to it, and other processes can find that monitor and ask it to end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

from filelock import FileLock, Timeout

from monitor.core.errors import DiskFull, StoreError
from monitor.regular_files import hand_over, make_private_folder, regular

LOCK, NOTE, STOP = "monitor.lock", "monitor.pid", "monitor.stop"
FILES = (LOCK, NOTE, STOP)
# A process that looks up the holder holds the lock itself for a moment; it is not another monitor.
PATIENCE_S, TRIES, AGAIN_S = 0.5, 10, 0.02


class HeldFolder:
    """A data folder locked by this process; the process number is in a note, with a ``label`` for ``start``."""

    def __init__(self, folder: Path, label: str) -> None:
        self._folder, self._label = folder, label
        self._lock = _lock(folder, PATIENCE_S)
        self._key = self._take()

    def asked_to_end(self) -> bool:
        """Whether another process has asked the monitor of this folder to end."""
        return (self._folder / STOP).exists()

    def lost(self) -> bool:
        """Whether another monitor has the folder.  A folder that was only removed is created and locked again."""
        if _key(self._folder / LOCK) == self._key:
            return False
        before, self._lock = self._lock, _lock(self._folder, PATIENCE_S)
        try:
            self._key = self._take()
        except Timeout:
            return True
        except OSError:  # it cannot be created now; the history reports that to the person
            self._lock = before
            return False
        before.release(force=True)
        return False

    def release(self) -> None:
        """Release it."""
        (self._folder / NOTE).unlink(missing_ok=True)
        self._lock.release(force=True)

    def _take(self) -> object:
        make_private_folder(self._folder)
        self._lock.acquire()
        hand_over(self._folder / LOCK)
        _write(self._folder / NOTE, f"{os.getpid()}\n{self._label}")
        return _key(self._folder / LOCK)


@contextmanager
def folder_lock(folder: Path, label: str = "") -> Iterator[HeldFolder]:
    """Locks the folder for this process.  Raises StoreError, naming the other process, if it is already locked."""
    try:
        held = HeldFolder(folder, label)
    except Timeout as error:
        process = _noted(folder)[0]
        who = f" (process {process})" if process else ""
        raise StoreError(f"another monitor{who} uses {folder}; stop it, or give another --data folder") from error
    except OSError as error:
        raise DiskFull(f"cannot write to {folder} ({error.strerror}); choose another folder with --data") from error
    try:
        yield held
    finally:
        held.release()


def ask_to_end(folder: Path) -> None:
    """Leave a request to end for the monitor of ``folder``, also for one that is just starting; nothing without such a folder."""
    with suppress(OSError):  # a full disk: the signal still works
        if folder.is_dir():
            _write(folder / STOP, "")


def withdraw(folder: Path) -> None:
    """Remove the request of ``ask_to_end`` before another monitor starts."""
    with suppress(OSError):
        (folder / STOP).unlink(missing_ok=True)


def holder(folder: Path) -> int | None:
    """The process that holds the folder now, None if there is none.

    Raises StoreError if there is one whose number is unknown, or if another user's lock hides it.
    """
    for _ in range(TRIES):
        if not is_held(folder):
            # Its folder may have been removed, and created again by another query or just now by the monitor itself.
            process = _process_with(f"{folder.absolute() / LOCK} (deleted)")
            if process is not None or not is_held(folder):
                return process
        if (process := _noted(folder)[0]) is not None:
            return process
        sleep(AGAIN_S)  # it has just started, or another process queries at the same time
    if (process := _process_with(str(folder.absolute() / LOCK))) is not None:
        return process
    raise StoreError(f"a monitor uses {folder} and {NOTE} there does not name it, or not to you; posture-monitor stop ends it")


def label(folder: Path) -> str | None:
    """The label of the monitor that holds the folder, None if there is none."""
    return _noted(folder)[1] if is_held(folder) else None


def _lock(folder: Path, patience_s: float) -> FileLock:
    return FileLock(folder / LOCK, timeout=patience_s, mode=0o600)


def is_held(folder: Path) -> bool:
    """Whether a process holds the folder now, known by its number or not.  Raises StoreError if another user's lock hides it."""
    if not folder.is_dir():
        return False
    try:
        with _lock(folder, 0):
            with suppress(OSError):  # the note of a killed monitor must not count as the next one's
                (folder / NOTE).unlink(missing_ok=True)
            return False
    except Timeout:
        return True
    except PermissionError as error:
        if not (folder / LOCK).exists():  # nobody has it, and a folder that may only be read gets none
            return False
        said = f"{folder / LOCK} cannot be opened, so another user's monitor may run there"
        raise StoreError(f"{said}; choose another folder with --data, or remove that file if none does") from error
    except OSError:  # as on a disk that may only be read
        return False


def _noted(folder: Path) -> tuple[int | None, str]:
    """Number and label of the running process, from the note."""
    try:
        number, _, label = regular(folder / NOTE).read_text(encoding="ascii").partition("\n")
        return (int(number), label) if _runs(int(number)) else (None, "")
    except (OSError, ValueError):
        return None, ""


def _runs(process: int) -> bool:
    if sys.platform == "win32":  # no signal 0 on this system; the next monitor overwrites the note at once
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _process_with(name: str) -> int | None:
    """Another process, of those readable for this user, that has a file of this name open; Linux only."""
    with suppress(OSError):
        others = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal() and int(path.name) != os.getpid()]
        return next((process for process in others if name in _open_files(process)), None)
    return None


def _open_files(process: int) -> Iterator[str]:
    """The names of the open files of that process; it may end meanwhile, or not be readable."""
    with suppress(OSError):
        for link in Path(f"/proc/{process}/fd").iterdir():
            with suppress(OSError):
                yield str(link.readlink())


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    hand_over(path)


def _key(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
