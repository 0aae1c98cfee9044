"""Writes the person's own entries; sessions are not touched, so a monitor may be writing at the same time."""

from pathlib import Path

from monitor.adapters.store.database import Connected, connect, guarded
from monitor.core.history.records import CheckInRecord, Person


class SelfReports(Connected):
    """The history open for the person's own entries, as a context manager; each method is one transaction.

    Raises:
        StoreError: as ``database.connect``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect(path)
        # Entries that are replaced are overwritten with zeros.
        self._db.execute("PRAGMA secure_delete = ON")

    def tell(self, person: Person) -> None:
        """Replace the person's entries.  Raises StoreError."""
        days = [day.isoformat() if day else None for day in (person.due, person.birth)]
        with guarded(self._path), self._db:
            self._db.execute(_TELL, (*days, _joined(person.conditions), person.told))

    def add(self, report: CheckInRecord) -> None:
        """Store a check-in.  Raises StoreError."""
        sets = (_joined(report.places), _joined(report.eased_by), report.limiting, _joined(report.symptoms))
        answered = (report.urgency, report.cleared, report.relief)
        with guarded(self._path), self._db:
            self._db.execute(_ADD, (report.t, report.pain, *sets, report.note, *answered))

    def clear(self, t: float) -> int:
        """The number of open check-ins, which are marked as cleared at ``t`` (POSIX s).  Raises StoreError."""
        with guarded(self._path), self._db:
            return self._db.execute("UPDATE checkins SET cleared = ? WHERE cleared IS NULL AND t <= ?", (t, t)).rowcount


def _joined(names: frozenset[str]) -> str:
    return " ".join(sorted(names))


_TELL = "INSERT OR REPLACE INTO person (id, due, birth, conditions, told) VALUES (1, ?, ?, ?, ?)"
_ADD = """
    INSERT OR REPLACE INTO checkins (t, pain, places, eased_by, limiting, symptoms, note, urgency, cleared, relief)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
