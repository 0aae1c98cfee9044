"""Filters the rows of the history: a query sees only those whose cells have the types and ranges declared in ``KEPT``.

SQLite stores whatever another program writes into a cell.  A temporary view with the name of each table hides invalid rows, so
that no query has to check; a table with skipped rows is reported once, in one line.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from monitor.core.data_dictionary import KEPT, Field, FieldKind
from monitor.core.reminders.commands import LONGEST_S, ROUNDING_S

_TYPES = {
    FieldKind.TIME: "'real', 'integer'",
    FieldKind.NUMBER: "'real', 'integer'",
    FieldKind.COUNT: "'integer'",
    FieldKind.FLAG: "'integer'",
    FieldKind.TEXT: "'text'",
}
# A year (s).  Each minute of a bout becomes a row of an export: a bout until 2200 would fill memory and disk.
LONGEST_BOUT_S = 366 * 86400.0
# Constraints between the cells of a row.
_BETWEEN: Mapping[str, str] = {
    "sessions": "end >= start",
    "bouts": f"end >= start AND end - start <= {LONGEST_BOUT_S!r}",
    "commands": "(kind IN ('pause', 'snooze')) = (until IS NOT NULL) AND (kind = 'mark') = (what IS NOT NULL)"
    f" AND (until IS NULL OR (until > t AND until - t <= {LONGEST_S + ROUNDING_S!r}))",
}
# Days outside these are not valid due dates or births, and would overflow the calendar.
FIRST_DAY, LAST_DAY = "1900-01-01", "2200-12-31"
_REPORTED: set[tuple[Path, str]] = set()


def show_only_valid(db: sqlite3.Connection, path: Path) -> None:
    """Hide invalid rows from queries through ``db``; to write, name ``main.TABLE``."""

    def skipped(table: str) -> bool:
        warn_once(path, table)
        return False

    db.create_function("skipped", 1, skipped)
    for table, kept in KEPT.items():
        valid = f"CASE WHEN {is_valid(table)} THEN 1 ELSE skipped('{table}') END"
        db.execute(f"CREATE TEMP VIEW {table} AS SELECT {', '.join(kept.fields)} FROM main.{table} WHERE {valid}")  # noqa: S608  # names of ours


def is_valid(table: str) -> str:
    """An SQL expression: 1 for a valid row of ``table``, else 0 or null."""
    cells = (_cell_is_valid(name, field) for name, field in KEPT[table].fields.items())
    return " AND ".join((*cells, *([_BETWEEN[table]] if table in _BETWEEN else ())))


def warn_once(path: Path, table: str) -> None:
    """Report once, on standard error (the log of a monitor in the background), that rows of ``table`` are skipped."""
    if (path, table) in _REPORTED:
        return
    _REPORTED.add((path, table))
    import logging  # rarely needed, and slower to import than a query

    logging.getLogger(__name__).warning(
        "posture-monitor: %s: damaged rows of %s are skipped; the file was left as it is", path.name, table
    )


def _cell_is_valid(name: str, field: Field) -> str:
    said = f"typeof({name}) IN ({_TYPES[field.kind]})"
    if field.codes:
        said += f" AND {name} IN ({', '.join(repr(str(code)) for code in sorted(field.codes))})"
    elif field.kind is not FieldKind.TEXT:
        said += f" AND {name} BETWEEN {field.low!r} AND {field.high!r}"
    if field.is_day:
        said += f" AND date({name}) = {name} AND {name} BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'"
    return f"({name} IS NULL OR ({said}))" if field.optional else said
