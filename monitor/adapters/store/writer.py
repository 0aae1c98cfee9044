"""Writes a session as it goes: what is said to be stored is in the file, and a killed process loses only what was not yet.

Whoever opens a ``Store`` must be the only monitor that writes to it (see the lock): the sessions that it finds running are
taken for cut and ended where they were last stored.  Each ``write`` is one transaction that moves the session's end and its
open bout together, so no bout ever reaches past the session.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from monitor.adapters.store.database import Connected, FileIdentity, connect, guarded
from monitor.adapters.store.live_state import LOOKED, REPLACE, row_of
from monitor.adapters.store.recovery import LaterCheck, sound_or_anew
from monitor.core.camera.source_name import shown
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Event
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.scheduler import Reminder, Response
from monitor.core.reminders.suppression import SuppressionChanged
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute, RunningMinute

_Row: TypeAlias = tuple[Any, ...]
# What is forgotten in one go (s of history): some 8,000 rows, less than a tenth of a second.
STEP_S = 86400.0


class Store(Connected):
    """The history open for writing, as a context manager.

    ``last`` is when (POSIX s) an earlier session was last heard of, None if there was none.

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
                (self.last,) = db.execute("SELECT max(end) FROM sessions").fetchone()
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
            self._db.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten with zeros
        self._file, self._later = FileIdentity(self._path), LaterCheck(self._path)

    def reopen(self, stamp: Callable[[], str]) -> str | None:
        """What happened to a file that was damaged or removed under us; then the one in its place is written."""
        self.close()
        gone = not self._path.exists()
        said = f"{self._path} was removed: a new history has begun." if gone else sound_or_anew(self._path, stamp, whole=True)
        self._open()
        return said

    def begin(self, t: float, *, source: str, profile: str | None, program: str) -> "OpenSession":
        """A new session that starts at ``t`` (POSIX s).  Raises StoreError."""
        with self.transaction() as db:
            row = (t, t, source, profile, program)
            cursor = db.execute("INSERT INTO sessions (start, end, source, profile, program) VALUES (?, ?, ?, ?, ?)", row)
        assert cursor.lastrowid is not None  # noqa: S101  # an insert has one
        return OpenSession(self, cursor.lastrowid)

    def looked(self) -> float | None:
        """When (POSIX s) somebody looked at the live state last, None if nobody ever did.  Raises StoreError."""
        with guarded(self._path):
            row = self._db.execute(LOOKED).fetchone()
        return row[0] if row else None

    def forget(self, before: float, *, told: bool) -> bool:
        """Whether all about the time before ``before`` (POSIX s) is gone now; ``told``: check-ins and standing checks too.

        Of minutes a day goes at a time, so that nothing waits for years to be forgotten.  A check-in that asked for a call stays
        until it is cleared: until then no tip may be given.  Raises StoreError.
        """
        with self.transaction() as db:
            (oldest,) = db.execute("SELECT min(start) FROM minutes").fetchone()
            step = before if oldest is None else min(before, oldest + STEP_S)
            gone = db.execute("DELETE FROM minutes WHERE start + 60 <= ?", (step,)).rowcount
            if step == before:
                gone += sum(db.execute(sql, (before,)).rowcount for sql in (*_FORGET, *(_FORGET_TOLD if told else ())))
        if gone and step == before:
            with guarded(self._path):
                # Else the log would still hold it for a while.
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return step == before

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The database; all that is done to it is kept, or nothing is.  Raises StoreError."""
        with guarded(self._path), self._db:
            self._file.check()
            self._later.raise_if_damaged()
            yield self._db


class OpenSession:
    """A session that is being written; each verb is one transaction and raises StoreError."""

    def __init__(self, store: Store, number: int) -> None:
        self.id = number
        self._store = store

    def write(self, t: float, running: Bout | None, events: Sequence[Event]) -> None:
        """Keep the events, the bout that is still ``running``, and that the session was alive at ``t`` (POSIX s).

        A bout or minute that was kept before, with the same start, is replaced.
        """
        with self._store.transaction() as db:
            for event in (*events, running):
                if event is not None:
                    sql, rows = _KEEP[type(event)]
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
        """Note how the source is being watched now."""
        with self._store.transaction() as db:
            db.execute("UPDATE sessions SET mode = ? WHERE id = ?", (text, self.id))

    def present(self, live: LiveState) -> None:
        """Keep the live state in the place of the one before."""
        with self._store.transaction() as db:
            db.execute(REPLACE, row_of(self.id, live))

    def end(self, t: float) -> None:
        """End it at ``t`` (POSIX s)."""
        with self._store.transaction() as db:
            db.execute("UPDATE sessions SET end = max(end, ?), ended = 'clean' WHERE id = ?", (t, self.id))


def _hide_passwords(db: sqlite3.Connection) -> None:
    """An earlier version kept addresses as they were given."""
    for table in ("sessions", "checks"):
        found = db.execute(f"SELECT DISTINCT source FROM {table} WHERE source LIKE '%://%'").fetchall()  # noqa: S608  # two names
        told = [(shown(source), source) for (source,) in found if shown(source) != source]
        db.executemany(f"UPDATE {table} SET source = ? WHERE source = ?", told)  # noqa: S608


def _bout(session: int, b: Bout) -> list[_Row]:
    return [(session, b.start, b.end, b.activity, b.assumed, b.why)]


def _minute(session: int, minute: Minute) -> list[_Row]:
    # SQLite keeps a NaN mean as NULL.
    return [
        (minute.start, session, name, m.mean, m.measured_s, m.judged_s, m.off_s, m.hold_s, m.why)
        for name, m in minute.signals.items()
    ]


def _reminder(session: int, r: Reminder) -> list[_Row]:
    due = (r.due.seconds, r.due.since, r.due.step, r.due.after_break, " ".join(r.due.signals))
    return [(r.t, session, r.kind, r.due.level, r.activity, *due)]


def _response(session: int, r: Response) -> list[_Row]:
    return [(r.after_s is not None, r.after_s, r.t, session)]


def _missed(session: int, m: DeferredNotice) -> list[_Row]:
    return [(m.t, session, kind, m.why, seconds) for kind, seconds in m.durations.items()]


def _hush(session: int, h: SuppressionChanged) -> list[_Row]:
    return [(h.why, h.t, session)]


_KEEP_MINUTE = """
    INSERT OR REPLACE INTO minutes (start, session, signal, mean, measured_s, judged_s, off_s, hold_s, why)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_KEEP_REMINDER = """
    INSERT INTO reminders (t, session, kind, level, activity, seconds, since, step, after_break, signals)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_KEEP: Mapping[type[Any], tuple[str, Callable[[int, Any], list[_Row]]]] = {
    Bout: ("INSERT OR REPLACE INTO bouts (session, start, end, activity, assumed, why) VALUES (?, ?, ?, ?, ?, ?)", _bout),
    Minute: (_KEEP_MINUTE, _minute),
    RunningMinute: (_KEEP_MINUTE, lambda session, running: _minute(session, running.minute)),
    Reminder: (_KEEP_REMINDER, _reminder),
    Response: ("UPDATE reminders SET responded = ?, after_s = ? WHERE t = ? AND session = ?", _response),
    DeferredNotice: ("INSERT INTO missed (t, session, kind, why, seconds) VALUES (?, ?, ?, ?, ?)", _missed),
    SuppressionChanged: ("UPDATE sessions SET silent = ?, silent_since = ? WHERE id = ?", _hush),
}
# A session that reaches past the day keeps what lies within.
_FORGET = (
    "DELETE FROM bouts WHERE end < ?",
    "DELETE FROM reminders WHERE t < ?",
    "DELETE FROM missed WHERE t < ?",
    "DELETE FROM commands WHERE t < ?",
    "DELETE FROM sessions WHERE end < ? AND ended IS NOT NULL",
)
_FORGET_TOLD = (
    "DELETE FROM checkins WHERE t < ? AND (cleared IS NOT NULL OR urgency IS NULL OR urgency IN ('yellow', 'today'))",
    "DELETE FROM checks WHERE t < ?",
)
