"""One SQLite file: opened for its owner only, brought to this version's schema, and its errors told in our words.

Write-ahead log, so that summaries are read while a session is being written; a process that is killed loses nothing that was
committed.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.adapters.store.schema import MIGRATIONS, TABLES
from monitor.core.errors import DiskFull, SchemaTooNew, StoreCorrupt, StoreError

# A summary holds a lock for milliseconds; whoever holds one for longer is not going to let go soon.
BUSY_S = 5.0
_LEFT = "it was left as it is"
_NO_ACCESS = "cannot be opened or written; check its permissions, or choose another folder with --data"
_DAMAGED = f"is damaged or not a history; {_LEFT}: move it away or restore a copy, then start again"
_IN_USE = f"has been in use by another program for {BUSY_S:g} s; close that program and start again"
# What SQLite's primary result codes mean to a person; any other is a bug of ours and keeps its traceback.  The questions are
# fixed and tested, so one that a file cannot answer (ERROR: no such column, no readable text) tells of the file.
_MEANING: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (DiskFull, "cannot grow, the disk is full; make room (what was stored is safe)"),
    sqlite3.SQLITE_IOERR: (DiskFull, "cannot be read or written; see whether its disk is full, gone or failing"),
    sqlite3.SQLITE_READONLY: (DiskFull, _NO_ACCESS),
    sqlite3.SQLITE_PERM: (DiskFull, _NO_ACCESS),
    sqlite3.SQLITE_CANTOPEN: (DiskFull, _NO_ACCESS),
    sqlite3.SQLITE_ERROR: (StoreCorrupt, _DAMAGED),
    sqlite3.SQLITE_CORRUPT: (StoreCorrupt, _DAMAGED),
    sqlite3.SQLITE_NOTADB: (StoreCorrupt, _DAMAGED),
    sqlite3.SQLITE_BUSY: (StoreError, _IN_USE),
    sqlite3.SQLITE_LOCKED: (StoreError, _IN_USE),
}
_PRIMARY = 0xFF  # the extended result codes add detail above the lowest byte


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Tells what goes wrong with ``path`` as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        kind, meaning = _meaning(error)
        raise kind(f"history {path} {meaning}") from error
    except ValueError as error:  # text that is no text, a word that is none of ours
        raise StoreCorrupt(f"history {path} {_DAMAGED}") from error
    except OSError as error:
        raise DiskFull(f"history {path} cannot be written ({error.strerror}); choose another folder with --data") from error


class Connected:
    """What keeps a connection to the history at ``_path``, as a context manager."""

    _path: Path
    _db: sqlite3.Connection

    def close(self) -> None:
        """Close the file; may be called twice."""
        with guarded(self._path):
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class FileIdentity:
    """Tells whether the file that a connection writes, and its log, are still the ones at ``path``, and whole.

    SQLite goes on with files that were unlinked or replaced, and with one that was cut while what it needs is in its memory.  A
    history only grows, so one that has shrunk was cut.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._log = path, Path(f"{path}-wal")
        self._key, self._size = _identity(path)
        self._log_key, _ = _identity(self._log)

    def check(self) -> None:
        """Raises StoreCorrupt if one was removed, replaced or cut."""
        key, size = _identity(self._path)
        log_key, _ = _identity(self._log)
        if key != self._key or size < self._size or (self._log_key and log_key != self._log_key):
            raise StoreCorrupt(f"history {self._path} was removed, replaced or cut off while the monitor runs")
        self._size, self._log_key = size, log_key


def _identity(path: Path) -> tuple[tuple[int, int] | None, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None, 0
    return (found.st_dev, found.st_ino), found.st_size


def _meaning(error: sqlite3.Error) -> tuple[type[StoreError], str]:
    # The module's own complaints have no code; only those about what it read are operational.
    uncoded = sqlite3.SQLITE_ERROR if isinstance(error, sqlite3.OperationalError) else -1
    code = getattr(error, "sqlite_errorcode", uncoded)
    if code & _PRIMARY not in _MEANING:
        raise error
    return _MEANING[code & _PRIMARY]


def connect(path: Path, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """The file at ``path``, made if it is new, readable by its owner only, brought to the newest schema.

    Raises:
        StoreError: SchemaTooNew and StoreCorrupt leave the file as it is; DiskFull if it cannot be written.
    """
    with guarded(path):
        if path.exists() and not path.is_file():
            raise DiskFull(f"history {path} cannot be written: it is not a regular file; move it away, then start again")
        _make_private(path)
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level="IMMEDIATE")
        with _closed_on_error(db):
            version = _version(db, path, len(migrations))
            db.execute("PRAGMA journal_mode = WAL")
            # A power cut may cost the last seconds, never the file; a sync every 10 s would keep disks awake for little.
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            for number, sql in enumerate(migrations[version:], version + 1):
                db.executescript(f"BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {number}; COMMIT;")
    return db


def connect_to_read(path: Path) -> sqlite3.Connection:
    """The file at ``path``, as it is; nothing can be written to it.  Raises StoreError."""
    return _connect_as_it_is(path, "ro")


def connect_beside(path: Path) -> sqlite3.Connection:
    """The file at ``path`` for writing beside its monitor, in the monitor's process or another.  Raises StoreError.

    Nothing but SQLite may open and close the file: where a process closes a file of its own, POSIX drops all its locks on that
    file, SQLite's among them, and the next to leave would take the log away from under the monitor.
    """
    return _connect_as_it_is(path, "rw")


def _connect_as_it_is(path: Path, mode: str) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreError(f"there is no history at {path} yet; start the monitor first, or name its folder with --data")
    with guarded(path):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=BUSY_S, uri=True, isolation_level="IMMEDIATE")
        with _closed_on_error(db):
            if _version(db, path, len(MIGRATIONS)) < len(MIGRATIONS):
                raise StoreError(f"history {path} is empty or of an older version; start the monitor once to bring it up to date")
    return db


def is_history(path: Path) -> bool:
    """Whether the file at ``path`` may be ours: False for a whole database with other tables; a damaged one cannot tell."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return True
    return not tables or tables >= TABLES


@contextmanager
def _closed_on_error(db: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made before SQLite sees it: no moment at which others could open it.  SQLite gives its -wal and -shm the same mode.
    # One that is there is not opened: closing it would drop all locks of this process on it (see ``connect_beside``).
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _version(db: sqlite3.Connection, path: Path, known: int) -> int:
    """The file's schema version, if we may go on with it; reads only, so that a file that is not ours stays as it is."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > known:
        newer = f"was written by a newer version of the program (schema {version}, this one knows {known})"
        raise SchemaTooNew(f"history {path} {newer}; {_LEFT}: update the program")
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables if version == 0 else not tables >= TABLES:
        raise StoreCorrupt(f"history {path} {_DAMAGED}")
    return int(version)
