"""Background processes of this program: started, monitored while they start, and asked to end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from monitor.core.errors import DiskFull, StoreError
from monitor.regular_files import hand_over, make_private_folder, regular, write_private

LOG, TRAY_LOG = "monitor.log", "tray.log"
# A log larger than this (bytes) is moved to .old, of which the end is kept.
LOG_BYTES = 1_000_000
# The environment variable that tells a run which ``start`` it belongs to.
START_VARIABLE = "POSTURE_MONITOR_START"


def command(*arguments: str) -> list[str]:
    """The argument list that runs one of this program's commands with the same Python.

    Python looks for no module in the working folder (-P): a ``random.py`` of the person's must not be taken for its own.
    """
    return [sys.executable, "-P", "-m", "monitor", *arguments]


class Background:
    """A process that outlives this one; its output is appended to ``log``, and ``more`` is added to its environment.

    Raises DiskFull if the log cannot be written.
    """

    def __init__(self, arguments: Sequence[str], log: Path, more: Mapping[str, str] | None = None) -> None:
        try:
            make_private_folder(log.parent)
            _keep_bounded(regular(log))
            file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            hand_over(log)
        except OSError as error:
            raise DiskFull(f"log {log} cannot be written ({error.strerror}); choose another folder with --data") from error
        self._log, self._begun = log, log.stat().st_size
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(more or {})},
                **_detached(),
            )
        finally:
            os.close(file)
        self.pid = self._process.pid

    def ended(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def leave(self) -> None:
        """Detach from it."""
        # Otherwise Python warns at exit about a child that was not waited for.
        self._process.returncode = 0

    def last_line(self) -> str:
        """The last line of its output, empty if there is none."""
        with self._log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._begun)
            lines = log.read().split("\n")
        return next((line for line in reversed(lines) if line.strip()), "")


def keep_log_bounded(log: Path) -> None:
    """Move ``log`` to .old once it is too large, if the standard output of this process goes there.

    It is emptied, not replaced: libraries write to it too, and every writer appends.
    """
    with suppress(OSError):
        if os.path.samestat(os.fstat(1), log.stat()):
            _keep_bounded(log)


def _keep_bounded(log: Path) -> None:
    if not log.exists() or log.stat().st_size <= LOG_BYTES:
        return
    with suppress(OSError), log.open("rb") as file:  # on a full disk the old one is lost
        file.seek(-LOG_BYTES, os.SEEK_END)
        write_private(log.with_suffix(".old"), file.read(LOG_BYTES))
    os.truncate(log, 0)


def _detached() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def terminate(process: int) -> None:
    """Ask the process of that number to end in order (not on Windows).

    Raises StoreError if it belongs to another user.
    """
    if sys.platform != "win32":
        _signal(process, signal.SIGTERM)


def kill(process: int) -> None:
    """Kill a process that does not end by itself.  Raises StoreError if it belongs to another user."""
    _signal(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        try:
            os.kill(process, number)
        except PermissionError as error:
            raise StoreError(f"process {process} belongs to another person; ask them to stop it") from error
