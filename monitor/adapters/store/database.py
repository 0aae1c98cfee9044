"""The SQLite file of the history: opened for its owner only, migrated to this version's schema, its errors translated.

It uses a write-ahead log, so that summaries are read while a session is being written; a killed process loses nothing that was
committed.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.adapters.store.network_drive import network_type
from monitor.adapters.store.schema import MIGRATIONS, TABLES
from monitor.adapters.store.valid_rows import show_only_valid
from monitor.core.errors import DiskFull, SchemaTooNew, StoreCorrupt, StoreError
from monitor.regular_files import hand_over, make_private_folder, regular

# Lock time-out (s): a summary holds a lock for milliseconds.
BUSY_S = 5.0
_LOCAL = "choose a folder on this computer with --data or POSTURE_MONITOR_DATA"
_LEFT = "it was left as it is"
_NO_ACCESS = "cannot be opened or written; check its permissions, or choose another folder with --data"
_DAMAGED = f"is damaged or not a history; {_LEFT}: move it away or restore a copy, then start again"
_IN_USE = f"has been in use by another program for {BUSY_S:g} s; close that program and start again"
# SQLite's primary result codes as errors for a person; any other is a bug and keeps its traceback.  The queries are fixed and
# tested, so an ERROR (no such column, no readable text) is caused by the file.
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
    """Translates errors of the file ``path`` to StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        kind, meaning = _meaning(error)
        raise kind(f"history {path} {meaning}") from error
    except ValueError as error:  # invalid text, or an unknown code
        raise StoreCorrupt(f"history {path} {_DAMAGED}") from error
    except OSError as error:
        raise DiskFull(
            f"history {path} cannot be opened or written ({error.strerror}); choose another folder with --data"
        ) from error


class Connected:
    """The owner of a connection to the history at ``_path``, as a context manager."""

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
    """Checks that the file of a connection, and its log, are still the ones at ``path``, and complete.

    SQLite continues on files that were unlinked or replaced, and on a truncated one while the pages it needs are cached.  A
    history only grows, so one that has shrunk was truncated.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._log = path, Path(f"{path}-wal")
        self._key, self._size = _identity(path)
        self._log_key, _ = _identity(self._log)

    def check(self) -> None:
        """Raise StoreCorrupt if one was removed, replaced or truncated."""
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
    # Errors of the sqlite3 module itself have no code; only those about the data read are operational.
    uncoded = sqlite3.SQLITE_ERROR if isinstance(error, sqlite3.OperationalError) else -1
    code = getattr(error, "sqlite_errorcode", uncoded)
    if code & _PRIMARY not in _MEANING:
        raise error
    return _MEANING[code & _PRIMARY]


def connect(path: Path, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """A connection to the file at ``path``, created if missing, readable by its owner only, migrated to the newest schema.

    Raises:
        StoreError: SchemaTooNew and StoreCorrupt leave the file as it is; DiskFull if it cannot be written.
    """
    with guarded(path):
        regular(path)
        if kind := network_type(path.parent):
            raise StoreError(f"history {path} would lie on a network drive ({kind}), where it is not safe; {_LOCAL}")
        _make_private(path)
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level="IMMEDIATE")
        db.text_factory = _text
        with _closed_on_error(db):
            version = _version(db, path, len(migrations))
            db.execute("PRAGMA journal_mode = WAL")
            # A power failure may lose the last seconds, never the file; a sync every 10 s would keep disks awake for little gain.
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            for number, sql in enumerate(migrations[version:], version + 1):
                db.executescript(f"BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {number}; COMMIT;")
    return db


def _text(stored: bytes) -> str:
    return _decoded(stored) if len(stored) > _SHORT else _name(stored)


def _decoded(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")  # SQLite calls text whatever was stored as such


# Names of signals and reasons come by the million; long texts would fill the memory.
_SHORT, _name = 100, lru_cache(maxsize=1024)(_decoded)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A read-only connection to the valid rows of the file at ``path``.  Raises StoreError."""
    return _connect_as_it_is(path, "ro")


def connect_shared(path: Path) -> sqlite3.Connection:
    """A connection for writing to the file at ``path`` while its monitor runs, in the same or another process.

    Raises StoreError.  A query by the name of a table sees its valid rows only; to write, name ``main.TABLE``.  Only SQLite may
    open and close the file: when a process closes any descriptor of a file, POSIX drops all its locks on that file, SQLite's
    included, and the next connection to close would remove the log that the monitor uses.
    """
    return _connect_as_it_is(path, "rw")


def _connect_as_it_is(path: Path, mode: str) -> sqlite3.Connection:
    if not path.exists():
        raise StoreError(f"there is no history at {path} yet; start the monitor first, or name its folder with --data")
    with guarded(path):
        regular(path)
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=BUSY_S, uri=True, isolation_level="IMMEDIATE")
        db.text_factory = _text
        with _closed_on_error(db):
            if _version(db, path, len(MIGRATIONS)) < len(MIGRATIONS):
                raise StoreError(f"history {path} is empty or of an older version; start the monitor once to bring it up to date")
            show_only_valid(db, path)
    return db


def is_history(path: Path) -> bool:
    """Whether the file at ``path`` may be a history: False for an intact database with other tables; True if damaged."""
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
    make_private_folder(path.parent)
    # Created before SQLite opens it, so that others can never open it.  SQLite gives its -wal and -shm the same mode.
    # An existing one is not opened: closing it would drop all locks of this process on it (see ``connect_shared``).
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        hand_over(path)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _version(db: sqlite3.Connection, path: Path, known: int) -> int:
    """The file's schema version, if it can be used; reads only, so that a file that is not a history stays unchanged."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > known:
        newer = f"was written by a newer version of the program (schema {version}, this one knows {known})"
        raise SchemaTooNew(f"history {path} {newer}; {_LEFT}: update the program")
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables if version == 0 else not tables >= TABLES:
        raise StoreCorrupt(f"history {path} {_DAMAGED}")
    return int(version)
