"""Exports all of the person's data: a CSV file per table, the same as JSON, and a JSON Schema that describes it.

Columns and descriptions come from ``core/data_dictionary.py``.  Rows go from the history to the files some hundreds at a time,
whatever the size, and column by column: that is several times as fast as row by row.
"""

import csv
import io
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import IO, Any, NoReturn

from monitor.core.data_dictionary import KEPT, FieldKind, batches, header, iso, with_iso
from monitor.core.errors import ConfigError, DiskFull
from monitor.core.history.csv_cells import cells, defused
from monitor.core.history.events import EPOCH_COLUMNS, EVENT_COLUMNS, epoch_rows, event_rows
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity

VERSION = 1
JSON, SCHEMA, EVENTS = "export.json", "schema.json", "events.csv"
_NUMBERS = {int, float}
_encoded = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Content:
    """What is exported: facts about it, the files of the profiles, the person's zone.

    ``rows``: those of a table by its name, with their cells in the order of ``KEPT``; numbers are finite.
    """

    about: Mapping[str, Any]
    rows: Callable[[str], Iterable[tuple[Any, ...]]]
    profiles: tuple[Path, ...]
    tz: tzinfo


def write(folder: Path, content: Content) -> dict[str, int]:
    """The number of rows of each table written to ``folder``, readable by its owner only.

    Raises:
        ConfigError: the folder is not empty, or no folder.
        DiskFull: no room or no permission; partial files are removed again.
    """
    _make(folder)
    begun: list[Path] = []
    try:
        with _told(folder):
            profiles = [_copied(path, folder, begun) for path in content.profiles]
            counts = _tables(folder, begun, profiles, content)
            _profiles_csv(_new(folder / "profiles.csv", begun), profiles, content.tz)
            _events(folder / EVENTS, begun, *_told_by(content), content.tz)
            with _new(folder / SCHEMA, begun) as file:
                json.dump(schema(), file, indent=1)
    except BaseException:
        for path in begun:
            with suppress(OSError):
                path.unlink()
        raise
    return counts


def write_events(path: Path, bouts: Sequence[Bout], sources: Sequence[tuple[float, str]], tz: tzinfo) -> Path:
    """The file of minutes that now lies beside ``path``, which holds the bouts; both are new, and readable by their owner only.

    Raises:
        ConfigError: there is a file of one of the two names already.
        DiskFull: no room or no permission; partial files are removed again.
    """
    begun: list[Path] = []
    try:
        with _told(path):
            return _events(path, begun, bouts, sources, tz)
    except BaseException:
        for one in begun:
            with suppress(OSError):
                one.unlink()
        raise


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``export.json``."""
    facts = {
        "posture_export": {"const": VERSION, "description": "The version of this format."},
        "exported_at": {"type": "number", "description": "When this was written (POSIX s)."},
        "exported_at_iso": {"type": "string", "description": "The same in ISO 8601."},
        "program": {"type": "string", "description": "The version of the program that wrote it."},
        "zone": {"type": "string", "description": "The time zone of every time that ends in _iso."},
        "data_folder": {"type": "string", "description": "The folder that all of it comes from."},
        "settings_file": {"type": "string", "description": "Where your settings are; they are not in here."},
        "traces": {"type": "array", "items": {"type": "string"}, "description": "Landmark traces that you asked for."},
        "set_aside": {"type": "array", "items": {"type": "string"}, "description": "Damaged histories; they are not in here."},
        "profiles": {"type": "array", "items": _PROFILE, "description": "Your calibrations, copied to profiles/ as well."},
        "tables": _object({name: _rows(name) for name in KEPT}) | {"description": "The history."},
    }
    return {"title": "Everything that the posture monitor keeps about a person"} | _object(facts)


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


_PROFILE = _object(
    {
        "name": {"type": "string"},
        "file": {"type": "string", "description": "Its copy in this folder."},
        "content": {"type": ["object", "null"], "description": "What is in it; null if it is no JSON."},
    }
)
_TYPES: Mapping[FieldKind, Mapping[str, Any]] = {
    FieldKind.TIME: {"type": "number"},
    FieldKind.NUMBER: {"type": "number"},
    FieldKind.COUNT: {"type": "integer"},
    FieldKind.FLAG: {"type": "integer", "minimum": 0, "maximum": 1},
    FieldKind.TEXT: {"type": "string"},
}


def _rows(table: str) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, field in KEPT[table].fields.items():
        kind = dict(_TYPES[field.kind]) | {"description": field.what}
        columns[name] = kind | {"type": [kind["type"], "null"]} if field.optional else kind
        if field.kind is FieldKind.TIME:
            text = ["string", "null"] if field.optional else "string"
            columns[f"{name}_iso"] = {"type": text, "description": "The same in ISO 8601."}
    return {"type": "array", "description": KEPT[table].what, "items": _object(columns)}


# --- the files ---------------------------------------------------------------------------------------------------


def _make(folder: Path) -> None:
    with _told(folder):
        if folder.exists() and not folder.is_dir():
            raise ConfigError(f"{folder} is a file; give a new or an empty folder")
        if folder.is_dir() and any(folder.iterdir()):
            raise ConfigError(f"folder {folder} is not empty; give a new or an empty one")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


def _new(path: Path, begun: list[Path]) -> IO[str]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    begun.append(path)
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="")


def _tables(folder: Path, begun: list[Path], profiles: list[dict[str, Any]], content: Content) -> dict[str, int]:
    """The number of rows of each table, written to its CSV file and to the JSON file, so that each row is read once."""
    facts = {"posture_export": VERSION, **content.about, "profiles": profiles}
    counts: dict[str, int] = {}
    with _new(folder / JSON, begun) as file:
        file.write(json.dumps(facts, indent=1, allow_nan=False)[:-2] + ',\n "tables": {')
        for table in KEPT:
            file.write(f'{"," if counts else ""}\n  "{table}": [')
            with _new(folder / f"{table}.csv", begun) as plain:
                counts[table] = _table(plain, file, table, content)
            file.write("]")
        file.write("}\n}\n")
    return counts


def _table(plain: IO[str], file: IO[str], table: str, content: Content) -> int:
    names = header(table)
    objects = "{" + ", ".join(f'"{name}": %s' for name in names) + "}"
    csv.writer(plain).writerow(names)
    count = 0
    for batch in batches(table, content.rows(table)):
        columns = with_iso(table, zip(*batch, strict=True), content.tz)
        csv_columns, json_columns = zip(*map(_written, columns), strict=True)
        plain.write("".join([f"{','.join(row)}\r\n" for row in zip(*csv_columns, strict=True)]))
        written = ",\n   ".join(map(objects.__mod__, zip(*json_columns, strict=True)))
        file.write(f"{',' if count else ''}\n   {written}")
        count += len(batch)
    return count


def _written(column: Sequence[Any]) -> tuple[Sequence[str], Sequence[str]]:
    """The values of a column as they stand in a CSV file, and in JSON."""
    kinds = set(map(type, column))
    if kinds <= _NUMBERS:
        texts = list(map(repr, column))
        return texts, texts
    if kinds & _NUMBERS:
        return list(map(_csv_text, column)), list(map(_json_text, column))
    in_csv, in_json = ({value: form(value) for value in set(column)} for form in (_csv_text, _json_text))  # few, often repeated
    return [in_csv[value] for value in column], [in_json[value] for value in column]


def _csv_text(value: str | float | None) -> str:
    return _quoted(defused(value)) if isinstance(value, str) else "" if value is None else repr(value)


def _quoted(text: str) -> str:
    """The cell as ``csv`` writes it; numbers need none of that."""
    line = io.StringIO()
    csv.writer(line).writerow(("", text))
    return line.getvalue()[len(",") : -len("\r\n")]


def _json_text(value: str | float | None) -> str:
    return _encoded(value) if isinstance(value, str) else "null" if value is None else repr(value)


def _events(path: Path, begun: list[Path], bouts: Sequence[Bout], sources: Sequence[tuple[float, str]], tz: tzinfo) -> Path:
    minutes = path.with_name(f"{path.stem}_minutes{path.suffix}")
    at = partial(iso, tz=tz)
    tables = ((path, EVENT_COLUMNS, event_rows(bouts, sources, at)), (minutes, EPOCH_COLUMNS, epoch_rows(bouts, at)))
    for place, columns, rows in tables:
        with _new(place, begun) as file:
            lines = csv.writer(file)
            lines.writerow(columns)
            lines.writerows(map(cells, rows))
    return minutes


def _told_by(content: Content) -> tuple[list[Bout], list[tuple[float, str]]]:
    """The bouts of an export in order of time, and which source was watched from when on."""
    bouts = [
        Bout(Activity(row["activity"]), row["start"], row["end"], bool(row["assumed"]), row["why"])
        for row in _by_name(content, "bouts")
    ]
    sessions = [(row["start"], row["source"]) for row in _by_name(content, "sessions")]
    return sorted(bouts, key=lambda b: b.start), sorted(sessions)


def _by_name(content: Content, table: str) -> Iterator[dict[str, Any]]:
    return (dict(zip(KEPT[table].fields, row, strict=True)) for row in content.rows(table))


def _copied(path: Path, folder: Path, begun: list[Path]) -> dict[str, Any]:
    """A profile's file, copied as it is, and what is in it."""
    (folder / "profiles").mkdir(mode=0o700, exist_ok=True)
    raw = path.read_bytes()
    with _new(folder / "profiles" / path.name, begun) as file:
        file.buffer.write(raw)  # type: ignore[attr-defined]  # a text file has one
    try:
        content = json.loads(raw, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):  # broken, and kept as it is
        content = None
    return {
        "name": path.name.replace(".json", "", 1),
        "file": f"profiles/{path.name}",
        "content": content if isinstance(content, dict) else None,
    }


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    return float(text) if math.isfinite(float(text)) else _refused(text)


_PROFILE_COLUMNS = ("profile", "taken_at", "taken_at_iso", "source", "view", "stage", "signal", "center", "spread", "n")


def _profiles_csv(file: IO[str], profiles: Iterable[dict[str, Any]], tz: tzinfo) -> None:
    with file:
        rows = csv.writer(file)
        rows.writerow(_PROFILE_COLUMNS)
        for profile in profiles:
            rows.writerows(cells(row) for row in _references(profile, tz))


def _references(profile: Mapping[str, Any], tz: tzinfo) -> list[tuple[Any, ...]]:
    """A row for each reference; none of a broken profile, whose file is there."""
    try:
        return list(_rows_of(profile, tz))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError):  # the last three: a time that is none
        return []


def _rows_of(profile: Mapping[str, Any], tz: tzinfo) -> Iterator[tuple[Any, ...]]:
    content = profile["content"]
    about = (profile["name"], content["taken_at"], iso(content["taken_at"], tz), content["source"], content["view"])
    for stage, signals in content["stages"].items():
        yield from ((*about, stage, name, ref["center"], ref["spread"], ref["n"]) for name, ref in signals.items())


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise ConfigError(f"{error.filename} exists already and is not overwritten; choose another name or remove it") from error
    except OSError as error:
        raise DiskFull(f"export to {folder} failed ({error.strerror}); make room or choose another folder") from error
