"""A damaged history is set aside under another name, nothing in it changed, and a new one begun.

What the person told of herself (stage, check-ins, standing checks) is taken along as far as it can be read: limits in pregnancy
and a call that was not made yet must not depend on a disk.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from monitor.adapters.store.checks import add_check, checks
from monitor.adapters.store.database import BUSY_S, connect, guarded
from monitor.adapters.store.history import History
from monitor.adapters.store.self_reports import SelfReports
from monitor.core.errors import StoreCorrupt, StoreError

# What SQLite keeps beside the file belongs to it, and must not meet another one.
BESIDE = ("", "-wal", "-shm", "-journal")


def sound_or_anew(path: Path, stamp: Callable[[], str]) -> str | None:
    """What happened to the history at ``path``: None if it is sound or not there, else one line that names where it is now.

    ``stamp()`` is put into its new name.  Raises StoreError where it can be neither used nor moved.
    """
    try:
        _check(path)
    except StoreCorrupt:
        aside = set_aside(path, stamp())
        kept = "; what you had told (stage, check-ins) is in it as far as it could be read" if _rescue(aside, path) else ""
        return f"The history was damaged: it is now {aside}, unchanged, and a new one has begun{kept}."
    return None


def _check(path: Path) -> None:
    """Raises StoreCorrupt if any page is damaged; reads all of it (0.1 s for 35 MB, four months of work)."""
    if not path.exists():
        return
    # Not brought up to date before it is known to be sound; whether it is a history at all is for ``Store`` to say.
    with guarded(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=BUSY_S, uri=True)) as db:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise StoreCorrupt(f"history {path} is damaged ({said})")


def set_aside(path: Path, stamp: str) -> Path:
    """Where the file at ``path`` is now, with all that belongs to it; never over another one.  Raises DiskFull."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{stamp}{f'-{number}' if number > 1 else ''}{path.suffix}")).exists():
        number += 1
    with guarded(path):
        for end in BESIDE:
            with suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{aside}{end}")
    return aside


def _rescue(old: Path, new: Path) -> bool:
    """Whether anything that the person told could be taken along from a copy of ``old``'s content."""
    connect(new).close()
    taken = [_taken(copy, old, new) for copy in (_person, _reports, _checks)]
    return any(taken)


def _taken(copy: Callable[[Path, Path], bool], old: Path, new: Path) -> bool:
    try:
        return copy(old, new)
    except (StoreError, sqlite3.Error, TypeError):  # whatever a damaged file answers
        return False


def _person(old: Path, new: Path) -> bool:
    with History(old) as history:
        person = history.person()
    if person.told or person.conditions:
        with SelfReports(new) as diary:
            diary.tell(person)
    return person.told or bool(person.conditions)


def _reports(old: Path, new: Path) -> bool:
    with History(old) as history:
        reports = history.reports()
    with SelfReports(new) as diary:
        for report in reports:
            diary.add(report)
    return bool(reports)


def _checks(old: Path, new: Path) -> bool:
    kept = checks(old)
    for check in kept:
        add_check(new, check)
    return bool(kept)
