"""Standing checks in the history; sessions are left alone, so a monitor may be writing at the same time."""

from contextlib import closing
from pathlib import Path

from monitor.adapters.store.database import connect, connect_to_read, guarded
from monitor.core.back.standing_checks import Check

_ADD = "INSERT INTO checks (t, lordosis_deg, sd_deg, depth, frames, source, week) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ALL = "SELECT t, lordosis_deg, sd_deg, depth, frames, source, week FROM checks ORDER BY t"


def add_check(path: Path, check: Check) -> None:
    """Store a check in the history at ``path``.  Raises StoreError."""
    with closing(connect(path)) as db, guarded(path), db:
        row = (check.t, check.lordosis_deg, check.sd_deg, check.depth, check.frames, check.source, check.week)
        db.execute(_ADD, row)


def checks(path: Path) -> list[Check]:
    """All checks, in order of time; empty where there is no history yet.  Raises StoreError."""
    if not path.exists():
        return []
    with closing(connect_to_read(path)) as db, guarded(path):
        rows = db.execute(_ALL).fetchall()
    return [Check(*row) for row in rows]
