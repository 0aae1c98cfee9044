"""Programs of our own in the background: started, watched while they begin, and asked to end."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from monitor.core.errors import DiskFull, StoreError

# A log that has grown beyond this is set aside as .old when the next one begins.
LOG_BYTES = 1_000_000


def command(*arguments: str) -> list[str]:
    """The argument list that runs one of our commands with this very Python."""
    return [sys.executable, "-m", "monitor", *arguments]


class Background:
    """A process that outlives this one, all that it says going to the end of ``log``.

    Raises DiskFull if the log cannot be written.
    """

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        try:
            log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if log.exists() and log.stat().st_size > LOG_BYTES:
                log.replace(log.with_suffix(".old"))
            file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise DiskFull(f"log {log} cannot be written ({error.strerror}); choose another folder with --data") from error
        self._log, self._begun = log, log.stat().st_size
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                arguments, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, **_detached()
            )
        finally:
            os.close(file)
        self.pid = self._process.pid

    def ended(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def leave(self) -> None:
        """Let it go on without us."""
        # Else Python warns, when it tidies up, of a child that nobody waits for.
        self._process.returncode = 0

    def last_line(self) -> str:
        """The last line that it has said."""
        with self._log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._begun)
            lines = log.read().split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")


def _detached() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def ask_to_end(process: int) -> None:
    """Ask the process of that number to end itself in order.  Raises StoreError if it belongs to somebody else."""
    with suppress(ProcessLookupError):
        try:
            os.kill(process, signal.SIGTERM)
        except PermissionError as error:
            raise StoreError(f"process {process} belongs to another person; ask them to stop it") from error
