"""What lies in a folder: whose each recording is, and of which kind."""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.adapters.export import JSON as EXPORT
from monitor.adapters.profiles import Profile, load
from monitor.adapters.trace import SUFFIXES
from monitor.core.errors import ConfigError, SourceError
from monitor.regular_files import regular

VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg"})
COLUMNS = ("id", "group", "start", "zone", "begins_at", "profile")
# 2026-03-02T09-30, 20260302_093000 and their like at the beginning of a file's name.
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T_ -]?(\d\d)[-:.]?(\d\d)(?:[-:.]?(\d\d))?)?")
_UNDATED = date(2000, 1, 1)


class Kind(StrEnum):
    """What an input is."""

    HISTORY = "history"
    EXPORT = "export"
    TRACE = "trace"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Participant:
    """One person: group, first day of the study (None: the first one seen), and what their days and recordings are read with."""

    id: str
    tz: tzinfo
    begins: time
    group: str | None = None
    start: date | None = None
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One recording: its place in the folder (``name``), and the person it belongs to."""

    path: Path
    name: str
    kind: Kind
    participant: str


@dataclass(frozen=True, slots=True)
class Study:
    """The people by their id, their recordings by name, and recordings that belong to none of the people of the table."""

    people: Mapping[str, Participant]
    inputs: tuple[Input, ...]
    strangers: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for people of whom the table says nothing else."""

    tz: tzinfo
    begins: time = field(default_factory=lambda: time(4))


def find(folder: Path, table: Path | None, defaults: Defaults) -> Study:
    """The study in ``folder``: a folder a person, or a file a person, or as ``table`` (CSV) names them.

    Raises:
        SourceError: there is no such folder, or no recording in it.
        ConfigError: the table is not as it should be.
    """
    if not folder.is_dir():
        raise SourceError(f"there is no folder {folder}; give the one that holds the recordings")
    inputs = tuple(sorted(_inputs(folder), key=lambda one: one.name))
    if not inputs:
        raise SourceError(f"no history (.db), export ({EXPORT}), trace ({', '.join(SUFFIXES)}) or video lies in {folder}")
    if table is None:
        names = sorted({one.participant for one in inputs})
        return Study({name: Participant(name, defaults.tz, defaults.begins) for name in names}, inputs)
    people = {one.id: one for one in _people(table, defaults)}
    known, strangers = (tuple(i for i in inputs if (i.participant in people) is wanted) for wanted in (True, False))
    return Study(people, known, strangers)


def starts(study: Study) -> dict[str, float | None]:
    """When (POSIX s) each video begins, by its name in the folder: as its own name says, or None if nothing says so.

    Of somebody who has nothing but such videos each is a day of its own, in the order of their names, from the first day of the
    study on.
    """
    found = {one.name: _stamped(one, study.people[one.participant]) for one in study.inputs if one.kind is Kind.VIDEO}
    for person in study.people.values():
        mine = [one.name for one in study.inputs if one.participant == person.id]
        if not any(found.get(name, 0.0) is not None for name in mine):
            found |= {name: _at(_later(person.start or _UNDATED, n), person.begins, person) for n, name in enumerate(mine)}
    return found


def _stamped(one: Input, person: Participant) -> float | None:
    found = _STAMP.match(one.path.name)
    if not found:
        return None
    try:
        day = date(*map(int, found.groups()[:3]))
        hour, minute, second = (int(part or 0) for part in found.groups()[3:])
        return _at(day, time(hour, minute, second) if found[4] else person.begins, person)
    except ValueError:  # digits that are no date
        return None


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _at(day: date, clock: time, person: Participant) -> float:
    return datetime.combine(day, clock, person.tz).timestamp()


def _inputs(folder: Path) -> Iterator[Input]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if EXPORT in files:  # the CSV files beside it say the same
            folders[:] = []
        for file in [EXPORT] if EXPORT in files else files:
            path = Path(place, file)
            if not file.startswith(".") and (kind := _kind(path)):
                yield Input(path, path.relative_to(folder).as_posix(), kind, _owner(path.relative_to(folder)))


def _kind(path: Path) -> Kind | None:
    if path.name == EXPORT:
        return Kind.EXPORT
    if path.name.endswith(SUFFIXES):
        return Kind.TRACE
    if path.suffix == ".db":
        return Kind.HISTORY
    return Kind.VIDEO if path.suffix.lower() in VIDEOS else None


def _owner(name: Path) -> str:
    """The first folder, or of a file without one its name up to the first dot."""
    return name.parts[0] if len(name.parts) > 1 else name.name.split(".")[0]


# --- the table of people -----------------------------------------------------------------------------------------


def _people(table: Path, defaults: Defaults) -> Iterator[Participant]:
    rows = list(_rows(table))
    ids = [row.get("id", "") for _, row in rows]
    if again := sorted({one for one in ids if ids.count(one) > 1}):
        raise ConfigError(f"table {table} names {again[0]!r} twice; one row a person")
    for number, row in rows:
        try:
            yield _person(table, row, defaults)
        except (ValueError, ZoneInfoNotFoundError, OSError) as error:
            raise ConfigError(f"table {table}, line {number}: {error}; correct it") from error


def _rows(table: Path) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        with regular(table).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, skipinitialspace=True)
            unknown = [name for name in rows.fieldnames or () if name not in COLUMNS]
            if unknown or "id" not in (rows.fieldnames or ()):
                wrong = f"unknown column {unknown[0]!r}" if unknown else "no column 'id'"
                raise ConfigError(f"table {table} has {wrong}; its columns are {', '.join(COLUMNS)}, of which id must be there")
            return [(rows.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"table {table} cannot be read ({error}); give a CSV file in UTF-8") from error


def _person(table: Path, row: Mapping[str, Any], defaults: Defaults) -> Participant:
    if not row["id"]:
        raise ValueError("the id is empty")
    profile = row.get("profile")
    path = table.parent / profile if profile else None
    return Participant(
        row["id"],
        ZoneInfo(row["zone"]) if row.get("zone") else defaults.tz,
        time.fromisoformat(row["begins_at"]) if row.get("begins_at") else defaults.begins,
        row.get("group") or None,
        date.fromisoformat(row["start"]) if row.get("start") else None,
        load(path.parent, path.stem) if path else None,
    )
