"""One moment of the history, whole: what an export is made of, while a monitor may go on writing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.adapters.store.database import Connected, connect_to_read, guarded
from monitor.core.data_dictionary import KEPT, FieldKind


class Snapshot(Connected):
    """The history at ``path`` as it is when this is made, as a context manager.  Every verb raises StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect_to_read(path)
        with guarded(path):
            self._db.execute("BEGIN")  # what is read from here on is of one moment

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Each row of ``table``, a name of ``KEPT``, by column."""
        columns = list(KEPT[table].fields)
        with guarded(self._path):
            for row in self._db.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2"):  # noqa: S608  # names of ours
                yield dict(zip(columns, row, strict=True))

    def span(self, table: str) -> tuple[int, float | None, float | None]:
        """How many rows ``table`` has, and the first and last time (POSIX s) of its first time column, None without one."""
        times = [name for name, field in KEPT[table].fields.items() if field.kind is FieldKind.TIME]
        first, last = (f"min({times[0]})", f"max({times[0]})") if times else ("NULL", "NULL")
        with guarded(self._path):
            count, begin, end = self._db.execute(f"SELECT count(*), {first}, {last} FROM {table}").fetchone()  # noqa: S608
        return count, begin, end
