"""A consistent snapshot of the history for an export, while a monitor may go on writing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.adapters.store.database import Connected, connect_to_read, guarded
from monitor.core.data_dictionary import KEPT, LATEST_T, FieldKind


class Snapshot(Connected):
    """The history at ``path`` as of construction, as a context manager.  Every method raises StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect_to_read(path)
        with guarded(path):
            self._db.execute("BEGIN")  # begins the read transaction

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Each valid row of ``table``, a name of ``KEPT``, with its cells in that order: numbers are finite, text is ``str``."""
        columns = ", ".join(KEPT[table].fields)
        with guarded(self._path):
            # Not ``yield from``, which closes the cursor with the generator: after an error that is after the database.
            for row in self._db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2"):  # noqa: S608, UP028  # names of ours
                yield row

    def span(self, table: str) -> tuple[int, float | None, float | None]:
        """The number of rows of ``table``, and the first and last time (POSIX s) of its first time column, None without one."""
        times = [name for name, field in KEPT[table].fields.items() if field.kind is FieldKind.TIME]
        among = f"FROM main.{table} WHERE {times[0]} BETWEEN 0 AND ?" if times else ""
        with guarded(self._path):
            # Of the table itself: to look at every cell of millions of rows takes seconds.
            (count,) = self._db.execute(f"SELECT count(*) FROM main.{table}").fetchone()  # noqa: S608  # names of ours
            if not times:
                return count, None, None
            ends = [self._db.execute(f"SELECT {end}({times[0]}) {among}", (LATEST_T,)) for end in ("min", "max")]
            begin, end = (found.fetchone()[0] for found in ends)
        return count, begin, end
