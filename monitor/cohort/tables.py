"""The folder of a study's results: tables as Parquet (and CSV), and a manifest; each file is there whole or not at all."""

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from monitor.adapters.parquet import ParquetColumn, ParquetTable
from monitor.cohort.columns import TABLES, VERSION, Column, columns_of
from monitor.core.errors import ConfigError, DiskFull
from monitor.core.history.csv_cells import cells
from monitor.regular_files import regular

MANIFEST = "manifest.json"
_PART = ".part"


class Tables:
    """Writes every table of a study to ``folder``; they take the place of those before when ``finish`` is called.

    ``own``: with names and dates of their own; ``plain``: as CSV too.  As a context manager it leaves nothing half done behind.
    """

    def __init__(self, folder: Path, *, own: bool, plain: bool, about: Mapping[str, str]) -> None:
        self._folder, self._rows = folder, dict.fromkeys(TABLES, 0)
        self._stack = ExitStack()
        self._columns = {name: columns_of(name, own=own) for name in TABLES}
        self._parquet = {name: self._table(name, about) for name in TABLES}
        self._csv = {name: self._plain(name) for name in TABLES} if plain else {}

    def add(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Append these rows to their tables."""
        for name, rows in tables.items():
            given = list(rows)
            self._rows[name] += len(given)
            self._parquet[name].add(given)
            if name in self._csv:
                with _told(self._folder):
                    self._csv[name].writerows(cells(_shown(row.get(c.name)) for c in self._columns[name]) for row in given)

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Put all files in their place, the manifest last."""
        with _told(self._folder):
            self._stack.close()
            tables = {name: {"rows": self._rows[name], "sha256": _hash(self._part(name, "parquet"))} for name in TABLES}
            if not self._csv:
                for name in TABLES:  # those of a run before tell of other rows
                    (self._folder / f"{name}.csv").unlink(missing_ok=True)
            for part in self._parts():
                part.replace(part.with_suffix(""))
            begun = self._folder / f"{MANIFEST}{_PART}"
            begun.write_text(json.dumps({**manifest, "tables": tables}, indent=1) + "\n", encoding="utf-8")
            begun.replace(self._folder / MANIFEST)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, DiskFull):
            self._stack.close()
        for part in (*self._parts(), self._folder / f"{MANIFEST}{_PART}"):
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _parts(self) -> list[Path]:
        return [self._part(name, form) for name in TABLES for form in ("parquet", *(("csv",) if self._csv else ()))]

    def _part(self, name: str, form: str) -> Path:
        return self._folder / f"{name}.{form}{_PART}"

    def _table(self, name: str, about: Mapping[str, str]) -> ParquetTable:
        columns = [ParquetColumn(c.name, str(c.form), _about(c)) for c in self._columns[name]]
        table = ParquetTable(self._part(name, "parquet"), columns, {"posture_cohort": str(VERSION), **about})
        self._stack.callback(table.close)
        return table

    def _plain(self, name: str) -> Any:
        with _told(self._folder):
            file = self._stack.enter_context(self._part(name, "csv").open("w", encoding="utf-8", newline=""))
            rows = csv.writer(file)
            rows.writerow([c.name for c in self._columns[name]])
        return rows


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a study's results.  Raises ConfigError if there is none."""
    path = folder / MANIFEST
    try:
        found = json.loads(regular(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"there are no results in {folder}; make them: posture-monitor cohort run FOLDER --out {folder}"
        ) from error
    return dict(found)


def _about(column: Column) -> dict[str, str]:
    told = {"description": column.what, "unit": column.unit, "source": column.source}
    return {name: value for name, value in told.items() if value}


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or value != value else value  # noqa: PLR0124  # NaN


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _told(folder: Path) -> Any:
    try:
        yield
    except OSError as error:
        why = error.strerror or os.strerror(error.errno or 0)
        raise DiskFull(f"{folder} cannot be written ({why}); make room, then run again with --resume") from error
