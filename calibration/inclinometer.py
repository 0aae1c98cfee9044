"""A clinician's inclinometer readings from a CSV file, each paired with the standing check of its day."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from monitor.core.back.standing_checks import Check
from monitor.core.errors import ConfigError
from monitor.regular_files import regular

DATE, DEG = "date", "inclinometer_deg"


@dataclass(frozen=True, slots=True)
class InclinometerReading:
    """The curve (deg, + = hollow) at a moment ``at``; ``timed`` where the file gives a time of day, not only a date."""

    at: datetime
    deg: float
    timed: bool


def readings_of(path: Path, tz: tzinfo) -> list[InclinometerReading]:
    """The readings of a CSV file with the columns ``date`` (ISO 8601, with or without a time) and ``inclinometer_deg``.

    Raises:
        ConfigError: the file cannot be read, lacks a column, or has an invalid date or number; with the line.
    """
    try:
        text = regular(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as a CSV text file; give the clinician's readings with --validate") from error
    rows = csv.DictReader(text.splitlines())
    if missing := [name for name in (DATE, DEG) if name not in (rows.fieldnames or ())]:
        raise ConfigError(f"{path} has no column {' and no column '.join(missing)}; its first line must be: {DATE},{DEG}")
    return [_reading(path, rows.line_num, row, tz) for row in rows]


def _reading(path: Path, line: int, row: dict[str, str | None], tz: tzinfo) -> InclinometerReading:
    date, deg = ((row[name] or "").strip() for name in (DATE, DEG))
    try:
        at, value = datetime.fromisoformat(date), _finite(deg)
    except ValueError as error:
        said = f"needs a date like 2026-03-02 and a number of degrees, not {date!r} and {deg!r}"
        raise ConfigError(f"{path}, line {line}: {said}") from error
    return InclinometerReading(at.astimezone(tz) if at.tzinfo else at.replace(tzinfo=tz), value, len(date) > len("2026-03-02"))


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def paired(checks: Sequence[Check], readings: Sequence[InclinometerReading], tz: tzinfo) -> list[tuple[float, float]]:
    """(check, inclinometer) in deg of every reading that has a check on its day: the nearest in time, or the day's mean."""
    return list(_pairs(checks, readings, tz))


def _pairs(checks: Sequence[Check], readings: Sequence[InclinometerReading], tz: tzinfo) -> Iterator[tuple[float, float]]:
    for reading in readings:
        same_day = [one for one in checks if datetime.fromtimestamp(one.t, tz).date() == reading.at.date()]
        if not same_day:
            continue
        nearest = min(same_day, key=lambda one: abs(one.t - reading.at.timestamp()))
        mean = sum(one.lordosis_deg for one in same_day) / len(same_day)
        yield (nearest.lordosis_deg if reading.timed else mean), reading.deg
