"""Writes a session incrementally: what was stored is in the file, and a killed process loses only later data.

A ``Store`` must be opened only by the one monitor that holds the lock: sessions that it finds running are marked as cut and ended
where they were last stored.  Each ``write`` is one transaction that moves the session's end and its open bout together, so no
bout extends past the session.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from monitor.adapters.store.database import Connected, FileIdentity, connect, guarded
from monitor.adapters.store.live_state import POLLED, REPLACE, row_of
from monitor.adapters.store.recovery import LaterCheck, intact_or_replaced
from monitor.adapters.store.valid_rows import is_valid
from monitor.core.camera.source_name import shown
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Event
from monitor.core.reminders.commands import CommandKind, Mark
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.suppression import SuppressionChanged
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import MINUTE_S, Minute, RunningMinute

_Row: TypeAlias = tuple[Any, ...]
# Deleted in one step (s of history): some 8,000 rows, less than 0.1 s.
STEP_S = 86400.0


class Store(Connected):
    """The history open for writing, as a context manager.

    ``last`` is the last heartbeat (POSIX s) of an earlier session, None if there was none.

    Raises:
        StoreError: as ``database.connect``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open()
        try:
            with self.transaction() as db:
                db.execute("UPDATE sessions SET ended = 'cut' WHERE ended IS NULL")
                _hide_passwords(db)
                (self.last,) = db.execute(f"SELECT max(end) FROM sessions WHERE {is_valid('sessions')}").fetchone()  # noqa: S608  # names of ours
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._later.close()
        super().close()

    def _open(self) -> None:
        self._db = connect(self._path)
        with guarded(self._path):
            self._db.execute("PRAGMA secure_delete = ON")  # deleted data is overwritten with zeros
        self._file, self._later = FileIdentity(self._path), LaterCheck(self._path)

    def reopen(self, stamp: Callable[[], str]) -> str | None:
        """A message about a file that was damaged or removed while open, None without one; then its replacement is opened."""
        self.close()
        gone = not self._path.exists()
        said = (
            f"{self._path} was removed: a new history has begun." if gone else intact_or_replaced(self._path, stamp, whole=True)
        )
        self._open()
        return said

    def begin(self, t: float, *, source: str, profile: str | None, program: str) -> "OpenSession":
        """A new session that starts at ``t`` (POSIX s).  Raises StoreError."""
        with self.transaction() as db:
            row = (t, t, source, profile, program)
            cursor = db.execute("INSERT INTO sessions (start, end, source, profile, program) VALUES (?, ?, ?, ?, ?)", row)
        assert cursor.lastrowid is not None  # noqa: S101  # an insert has one
        return OpenSession(self, cursor.lastrowid)

    def polled(self) -> float | None:
        """When (POSIX s) a client last polled the live state, None if never.  Raises StoreError."""
        with guarded(self._path):
            row = self._db.execute(f"{POLLED} WHERE {is_valid('looks')}").fetchone()
        return row[0] if row else None

    def forget(self, before: float, *, told: bool) -> bool:
        """Whether all records before ``before`` (POSIX s) are deleted now; ``told``: check-ins and standing checks too.

        Minutes are deleted a day at a time, so that other writes do not wait.  A check-in that advised a call stays until it is
        cleared: until then no tip may be shown.  Raises StoreError.
        """
        with self.transaction() as db:
            (oldest,) = db.execute("SELECT min(start) FROM minutes WHERE start BETWEEN 0 AND ?", (before,)).fetchone()
            step = before if oldest is None else min(before, oldest + STEP_S)
            gone = db.execute("DELETE FROM minutes WHERE start <= ?", (step - MINUTE_S,)).rowcount
        if step == before:
            gone += self._forget_rest(before, told=told)
        if gone and step == before:
            with guarded(self._path):
                # Otherwise the log would still contain it for a while.
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return step == before

    def _forget_rest(self, before: float, *, told: bool) -> int:
        """How many rows before ``before`` (POSIX s) were deleted from the tables that are small.

        The rows of a session are named here: to cascade, SQLite reads all minutes once for each session that goes.
        """
        with guarded(self._path):
            self._db.execute("PRAGMA foreign_keys = OFF")  # takes effect outside of a transaction only
        try:
            with self.transaction() as db:
                statements = (*_DELETE, *(_DELETE_ENTRIES if told else ()))
                return sum(db.execute(sql, {"before": before}).rowcount for sql in statements)
        finally:
            with guarded(self._path):
                self._db.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The database within one transaction.  Raises StoreError."""
        with guarded(self._path), self._db:
            self._file.check()
            self._later.raise_if_damaged()
            yield self._db


class OpenSession:
    """A session that is being written; each method is one transaction and raises StoreError."""

    def __init__(self, store: Store, number: int) -> None:
        self.id = number
        self._store = store

    def write(self, t: float, running: Bout | None, events: Sequence[Event]) -> None:
        """Store the events, the ``running`` bout, and the heartbeat at ``t`` (POSIX s).

        A bout or minute stored before with the same start is replaced.
        """
        with self._store.transaction() as db:
            for event in (*events, running):
                if event is not None:
                    sql, rows = _WRITES[type(event)]
                    db.executemany(sql, rows(self.id, event))
            db.execute("UPDATE sessions SET end = max(end, ?) WHERE id = ?", (t, self.id))

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown: ``desktop``, ``console`` or ``none``; and the tip that went with it."""
        with self._store.transaction() as db:
            db.execute("UPDATE reminders SET shown = ?, tip = ? WHERE t = ? AND session = ?", (how, tip, t, self.id))

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        with self._store.transaction() as db:
            db.execute("UPDATE reminders SET follow_up = ? WHERE t = ? AND session = ?", (tip, t, self.id))

    def mode(self, text: str | None) -> None:
        """Store how the camera is used now."""
        with self._store.transaction() as db:
            db.execute("UPDATE sessions SET mode = ? WHERE id = ?", (text, self.id))

    def present(self, live: LiveState) -> None:
        """Replace the live state."""
        with self._store.transaction() as db:
            db.execute(REPLACE, row_of(self.id, live))

    def marked_break(self, t: float) -> None:
        """Store a break that the person marked at ``t`` (POSIX s), where no queue brought it."""
        with self._store.transaction() as db:
            row = (t, CommandKind.MARK, Mark.BREAK, t)
            db.execute("INSERT INTO commands (t, kind, what, taken) VALUES (?, ?, ?, ?)", row)

    def end(self, t: float) -> None:
        """End it at ``t`` (POSIX s)."""
        with self._store.transaction() as db:
            db.execute("UPDATE sessions SET end = max(end, ?), ended = 'clean' WHERE id = ?", (t, self.id))


def _hide_passwords(db: sqlite3.Connection) -> None:
    """Remove passwords from addresses stored by an earlier version."""
    for table in ("sessions", "checks"):
        an_address = "typeof(source) = 'text' AND source LIKE '%://%'"
        found = db.execute(f"SELECT DISTINCT source FROM {table} WHERE {an_address}").fetchall()  # noqa: S608  # two names
        cleaned = [(shown(source), source) for (source,) in found if shown(source) != source]
        db.executemany(f"UPDATE {table} SET source = ? WHERE source = ?", cleaned)  # noqa: S608


def _bout(session: int, b: Bout) -> list[_Row]:
    return [(session, b.start, b.end, b.activity, b.assumed, b.why)]


def _minute(session: int, minute: Minute) -> list[_Row]:
    # SQLite stores a NaN mean as NULL.
    return [
        (minute.start, session, name, m.mean, m.measured_s, m.judged_s, m.off_s, m.hold_s, m.why)
        for name, m in minute.signals.items()
    ]


def _reminder(session: int, r: Reminder) -> list[_Row]:
    due = (r.due.seconds, r.due.since, r.due.step, r.due.after_break, " ".join(r.due.signals))
    return [(r.t, session, r.kind, r.due.level, r.activity, *due)]


def _response(session: int, r: Response) -> list[_Row]:
    return [(r.after_s is not None, r.after_s, r.t, session)]


def _deferred(session: int, m: DeferredNotice) -> list[_Row]:
    return [(m.t, session, kind, m.why, seconds) for kind, seconds in m.durations.items()]


def _suppression(session: int, h: SuppressionChanged) -> list[_Row]:
    return [(h.why, h.t, session)]


_INSERT_MINUTE = """
    INSERT OR REPLACE INTO minutes (start, session, signal, mean, measured_s, judged_s, off_s, hold_s, why)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_REMINDER = """
    INSERT INTO reminders (t, session, kind, level, activity, seconds, since, step, after_break, signals)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_WRITES: Mapping[type[Any], tuple[str, Callable[[int, Any], list[_Row]]]] = {
    Bout: ("INSERT OR REPLACE INTO bouts (session, start, end, activity, assumed, why) VALUES (?, ?, ?, ?, ?, ?)", _bout),
    Minute: (_INSERT_MINUTE, _minute),
    RunningMinute: (_INSERT_MINUTE, lambda session, running: _minute(session, running.minute)),
    Reminder: (_INSERT_REMINDER, _reminder),
    Response: ("UPDATE reminders SET responded = ?, after_s = ? WHERE t = ? AND session = ?", _response),
    DeferredNotice: ("INSERT INTO missed (t, session, kind, why, seconds) VALUES (?, ?, ?, ?, ?)", _deferred),
    SuppressionChanged: ("UPDATE sessions SET silent = ?, silent_since = ? WHERE id = ?", _suppression),
}
# A session that extends past the limit keeps its later part.
_OLD = "SELECT id FROM sessions WHERE end < :before AND ended IS NOT NULL"
_DELETE = (
    f"DELETE FROM minutes WHERE start > :before - {MINUTE_S} AND start <= :before AND session IN ({_OLD})",  # noqa: S608  # texts of ours
    *(
        f"DELETE FROM {table} WHERE {old} OR session IN ({_OLD})"  # noqa: S608
        for table, old in {"bouts": "end < :before", "reminders": "t < :before", "missed": "t < :before", "now": "0"}.items()
    ),
    "DELETE FROM commands WHERE t < :before",
    f"DELETE FROM sessions WHERE id IN ({_OLD})",  # noqa: S608
)
_DELETE_ENTRIES = (
    "DELETE FROM checkins WHERE t < :before AND (cleared IS NOT NULL OR urgency IS NULL OR urgency IN ('yellow', 'today'))",
    "DELETE FROM checks WHERE t < :before",
)
