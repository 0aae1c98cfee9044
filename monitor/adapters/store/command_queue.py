"""The queue of commands to the running monitor: a table of the history, written by other processes, read by the monitor.

A writer opens the file for the one write only; the monitor keeps a connection of its own and reads about once a second.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

from monitor.adapters.store.database import connect_shared, guarded
from monitor.core.reminders.commands import ActiveCommands, Command, CommandKind, Mark


def post(path: Path, command: Command) -> int:
    """The number of ``command`` in the queue of the history at ``path``.  Raises StoreError."""
    row = (command.t, command.kind, command.until, command.what)
    with closing(connect_shared(path)) as db, guarded(path), db:
        number = db.execute("INSERT INTO main.commands (t, kind, until, what) VALUES (?, ?, ?, ?)", row).lastrowid
    assert number is not None  # noqa: S101  # an insert has one
    return number


class CommandQueue:
    """The queue of commands in the history at ``path``, for the one monitor; opened at the first call.

    Every method raises StoreError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: Any = None

    def take(self, now: float) -> list[Command]:
        """The commands not taken before, oldest first; they count as taken at ``now`` (POSIX s)."""
        if self._is_missing():
            return []
        with guarded(self._path):
            rows = self._db().execute(_WAITING).fetchall()
            if rows:
                with self._db() as db:
                    db.execute("UPDATE main.commands SET taken = ? WHERE taken IS NULL AND id <= ?", (now, rows[-1][0]))
            return [_command(*row) for _, *row in rows]

    def taken(self, number: int) -> bool:
        """Whether the monitor has taken the command of that number."""
        with guarded(self._path):
            row = self._db().execute("SELECT taken FROM commands WHERE id = ?", (number,)).fetchone()
        return bool(row and row[0] is not None)

    def in_force(self, now: float) -> list[Command]:
        """The pause and the snooze in force at ``now`` (POSIX s), whether taken or not."""
        if self._is_missing():
            return []
        with guarded(self._path):
            given = [_command(*row) for row in self._db().execute(_LASTING, (now,))]
        standing = ActiveCommands()
        for command in given:
            standing = standing.after(command)
        holds = (standing.paused_until, standing.snoozed_until)
        return [c for c in given if c.until is not None and c.until > now and c.until in holds]

    def close(self) -> None:
        """Close the file; may be called twice."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _is_missing(self) -> bool:
        """Whether there is no history yet: reading does not create one."""
        return self._open is None and not self._path.exists()

    def _db(self) -> Any:
        self._open = self._open or connect_shared(self._path)
        return self._open


def _command(t: float, kind: str, until: float | None, what: str | None) -> Command:
    return Command(t, CommandKind(kind), until, Mark(what) if what else None)


_WAITING = "SELECT id, t, kind, until, what FROM commands WHERE taken IS NULL ORDER BY id"
# Skips commands without effect: those that have expired, and those older than the longest possible.
_LASTING = """
    SELECT t, kind, until, what FROM commands
    WHERE kind IN ('pause', 'snooze', 'resume') AND t > ? - 604800 ORDER BY id"""
