"""Recovery from a damaged history: it is renamed, unchanged, and a new one is created.

The person's own entries (stage, check-ins, standing checks) are copied as far as they can be read: limits in pregnancy and an
advised call that is still open must not be lost with a disk.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from monitor.adapters.store.checks import add_check, checks
from monitor.adapters.store.database import BUSY_S, connect, guarded
from monitor.adapters.store.history import History
from monitor.adapters.store.self_reports import SelfReports
from monitor.core.errors import StoreCorrupt, StoreError

# SQLite's companion files belong to the database, and must not be left for another one.
COMPANIONS = ("", "-wal", "-shm", "-journal")


# Up to this size (bytes) a history is checked completely before it is used (0.3 s); a larger one while it is in use.
AT_ONCE_BYTES = 20_000_000


def intact_or_replaced(path: Path, stamp: Callable[[], str], *, whole: bool = False) -> str | None:
    """None if the history at ``path`` is intact or missing, else one line that tells where the damaged one is now.

    ``stamp()`` becomes part of its new name.  A large one is checked completely only with ``whole``, otherwise by ``LaterCheck``.
    Raises StoreError where it can be neither used nor moved.
    """
    try:
        if path.exists() and (whole or path.stat().st_size <= AT_ONCE_BYTES):
            with _reading(path) as db:
                _check(path, db)
    except StoreCorrupt:
        aside = set_aside(path, stamp())
        kept = "; what you had told (stage, check-ins) is in it as far as it could be read" if _rescue(aside, path) else ""
        return f"The history was damaged: it is now {aside}, unchanged, and a new one has begun{kept}."
    return None


# A large one is read (6 million rows: 2 s of CPU time) once the monitor has started.
LATER_S = 10.0


class LaterCheck:
    """Checks a large history completely in a thread while it is in use; ``damage`` is the error found."""

    def __init__(self, path: Path, at_once_bytes: int = AT_ONCE_BYTES, after_s: float = LATER_S) -> None:
        self._path, self._after_s = path, after_s
        self.damage = None if path.stat().st_size > at_once_bytes else _NOTHING_TO_DO
        self._thread = threading.Thread(target=self._look, name="history check", daemon=True)
        self._over = threading.Event()
        if self.damage is None:
            self._thread.start()

    def raise_if_damaged(self) -> None:
        """Raise StoreCorrupt once damage was found."""
        if self.damage:
            raise StoreCorrupt(self.damage)

    def close(self) -> None:
        """Stop checking; may be called twice."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look(self) -> None:
        if self._over.wait(self._after_s):
            return
        try:
            with _reading(self._path) as db:
                db.set_progress_handler(self._over.is_set, _OFTEN)
                _check(self._path, db)
        except StoreCorrupt as error:
            if not self._over.is_set():
                self.damage = str(error)
        except (StoreError, sqlite3.OperationalError):
            return  # in use or removed, which its writer notices too; or stopped, which interrupts the check


_NOTHING_TO_DO = ""
# SQLite instructions between two checks for the stop flag: a few milliseconds.
_OFTEN = 10_000


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection without migration, because the file may be damaged; whether it is a history is checked by ``Store``."""
    with guarded(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=BUSY_S, uri=True)) as db:
        yield db


def _check(path: Path, db: sqlite3.Connection) -> None:
    """Raise StoreCorrupt if any page is damaged; reads the whole file (0.1 s for 35 MB, four months of work)."""
    (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise StoreCorrupt(f"history {path} is damaged ({said})")


def set_aside(path: Path, stamp: str) -> Path:
    """The new path of the file at ``path``, renamed with its companion files; never overwrites another.  Raises DiskFull."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{stamp}{f'-{number}' if number > 1 else ''}{path.suffix}")).exists():
        number += 1
    with guarded(path):
        for end in COMPANIONS:
            with suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{aside}{end}")
    return aside


def _rescue(old: Path, new: Path) -> bool:
    """Whether any of the person's entries could be copied from ``old``'s content."""
    connect(new).close()
    taken = [_taken(copy, old, new) for copy in (_person, _reports, _checks)]
    return any(taken)


def _taken(copy: Callable[[Path, Path], bool], old: Path, new: Path) -> bool:
    try:
        return copy(old, new)
    except (StoreError, sqlite3.Error, TypeError):  # any error of a damaged file
        return False


def _person(old: Path, new: Path) -> bool:
    with History(old) as history:
        person = history.person()
    if person.told or person.conditions:
        with SelfReports(new) as entries:
            entries.tell(person)
    return person.told or bool(person.conditions)


def _reports(old: Path, new: Path) -> bool:
    with History(old) as history:
        reports = history.reports()
    with SelfReports(new) as entries:
        for report in reports:
            entries.add(report)
    return bool(reports)


def _checks(old: Path, new: Path) -> bool:
    kept = checks(old)
    for check in kept:
        add_check(new, check)
    return bool(kept)
