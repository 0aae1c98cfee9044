"""One person's recordings put together: every second once, by the days of the person's own clock."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from monitor.cohort.identity import Names
from monitor.cohort.inputs import Input, Participant
from monitor.cohort.job import JobOutcome
from monitor.cohort.reading import MinuteMeans, Rows
from monitor.core.data_dictionary import iso
from monitor.core.history.accumulation import Accumulation, DayTotals, accumulate, day_totals, is_valid
from monitor.core.history.epochs import Covered, certainty_of, cut, epochs
from monitor.core.posture.signals import SIGNALS
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import MINUTE_S
from monitor.core.vocabulary import Activity
from monitor.reports import periods

Row: TypeAlias = dict[str, Any]


class Status(StrEnum):
    """What became of a recording."""

    USED = "used"
    REPEATED = "repeated"
    COVERED = "covered"
    EMPTY = "empty"
    REFUSED = "refused"
    NOT_IN_TABLE = "not_in_table"


@dataclass(frozen=True, slots=True)
class ProcessedInput:
    """A recording and the outcome of its job."""

    one: Input
    outcome: JobOutcome


@dataclass(slots=True)
class PersonRows:
    """One person's rows of every table; ``metrics`` are those of the valid days."""

    metrics: Accumulation
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class _Part:
    """What a recording adds to those before it."""

    processed: ProcessedInput
    bouts: Sequence[Bout]
    signals: Mapping[str, MinuteMeans]


def rows_of(
    person: Participant, processed: Sequence[ProcessedInput], read: Callable[[str], Rows], names: Names, least_s: float
) -> PersonRows:
    """Everything that the tables say of a person; ``read`` gives the rows of a result, a day counts from ``least_s`` (s) on."""
    files: list[Row] = [_file(w, names, Status.REFUSED) for w in processed if w.outcome.key is None]
    parts: list[_Part] = []
    for part, row in _joined(processed, read, names):
        parts.append(part)
        files.append(row)
    days = _Days(person, [bout for part in parts for bout in part.bouts])
    placed = [(b, d, part.processed.one) for part in parts for bout in part.bouts for d, b in days.parts(bout)]
    placed.sort(key=lambda p: (p[0].start, p[0].end))
    by_day: defaultdict[date, list[Bout]] = defaultdict(list)
    for bout, d, _ in placed:
        by_day[d].append(bout)
    totals = {d: day_totals(bouts) for d, bouts in sorted(by_day.items())}
    valid = {d: is_valid(total, least_s) for d, total in totals.items()}
    found = PersonRows(accumulate(total for d, total in totals.items() if valid[d]))
    about = {"participant": names.person(person.id), "group": person.group}
    found.tables["files"] = sorted(files, key=lambda row: row["file"])
    found.tables["bouts"] = [about | row for row in _bouts(placed, days, valid, names)]
    found.tables["minutes"] = [about | row for row in _minutes(parts, days)]
    found.tables["days"] = [about | _day(days, d, totals[d], valid=valid[d]) for d in totals]
    # The metrics count their own days, which are the valid ones.
    counts = {"days": len(totals), "valid_days": found.metrics.days}
    found.tables["participants"] = [about | asdict(found.metrics) | counts]
    return found


def stranger(one: Input, names: Names) -> Row:
    """The row of a recording of somebody whom the table does not name."""
    return _file(ProcessedInput(one, JobOutcome()), names, Status.NOT_IN_TABLE)


# --- recordings --------------------------------------------------------------------------------------------------


def _joined(processed: Sequence[ProcessedInput], read: Callable[[str], Rows], names: Names) -> Iterator[tuple[_Part, Row]]:
    """What each recording adds; the longest first, so that a copy of last week's history adds nothing to today's."""
    known = [(w, read(w.outcome.key)) for w in processed if w.outcome.key is not None]
    known.sort(key=lambda k: (-math.fsum(b.seconds for b in k[1].bouts), k[0].outcome.key, k[0].one.name))
    covered, keys = Covered(), set[str | None]()
    for w, rows in known:
        free = covered.without(rows.bouts)
        signals = {name: _free(means, covered) for name, means in rows.signals.items()}
        repeated = w.outcome.key in keys
        keys.add(w.outcome.key)
        covered.add(rows.bouts)
        status = Status.USED if free else Status.REPEATED if repeated else Status.COVERED if rows.bouts else Status.EMPTY
        used_s = math.fsum(bout.seconds for bout in free)
        yield _Part(w, free, signals), _file(w, names, status) | {"cut_off": rows.remark is not None, "used_s": used_s}


def _free(means: MinuteMeans, covered: Covered) -> MinuteMeans:
    if not covered:
        return means
    kept = [i for i, start in enumerate(means.start) if not covered.holds(start + MINUTE_S / 2)]
    return MinuteMeans(*([column[i] for i in kept] for column in (means.start, means.mean, means.measured_s)))


def _file(processed: ProcessedInput, names: Names, status: Status) -> Row:
    one, outcome = processed.one, processed.outcome
    return {
        "file": names.file(one.name),
        "participant": names.person(one.participant),
        "kind": str(one.kind),
        "status": str(status),
        "reason": outcome.reason,
        "message": outcome.message,
        "bytes": outcome.size,
        "content": outcome.content and (outcome.content if names.own else names.file(outcome.content)),
    }


# --- days --------------------------------------------------------------------------------------------------------


class _Days:
    """The days of a person's own clock on which there is any record."""

    def __init__(self, person: Participant, bouts: Sequence[Bout]) -> None:
        self._person = person
        first, last = (min(b.start for b in bouts), max(b.end for b in bouts)) if bouts else (0.0, -1.0)
        every = list(_dates(person, first, last))
        spans = {d: periods.day(d, person.tz, person.begins) for d in every}
        self._starts = [spans[d].start for d in every]
        self._every = every
        self.spans = {d: (span.start, span.end) for d, span in spans.items()}
        self.first = person.start or (every[0] if every else date.min)

    def of(self, t: float) -> date:
        """The day in which ``t`` (POSIX s) lies; the first for what is before."""
        return self._every[max(bisect_right(self._starts, t) - 1, 0)]

    def parts(self, bout: Bout) -> Iterator[tuple[date, Bout]]:
        """The bout's part on each day."""
        at = max(bisect_right(self._starts, bout.start) - 1, 0)
        for d in self._every[at:]:
            if self.spans[d][0] >= bout.end:
                return
            yield from ((d, part) for part in cut([bout], *self.spans[d]))

    def when(self, d: date, t: float) -> Row:
        """The columns that say when: the day of the study, seconds since it began, and the time itself."""
        return {"study_day": self.number(d), "start_s": round(t - self.spans[d][0], 3), "start": iso(t, self._person.tz)}

    def number(self, d: date) -> int:
        """The day of the study, 1 the first."""
        return (d - self.first).days + 1


def _dates(person: Participant, first: float, last: float) -> Iterator[date]:
    if last < first:
        return
    day, end = (periods.date_of(t, person.tz, person.begins) for t in (first, last))
    while day <= end:
        yield day
        day += timedelta(days=1)


def _day(days: _Days, d: date, totals: DayTotals, *, valid: bool) -> Row:
    return {"study_day": days.number(d), "date": d.isoformat(), "valid_day": valid} | asdict(accumulate([totals]))


def _bouts(placed: Iterable[tuple[Bout, date, Input]], days: _Days, valid: Mapping[date, bool], names: Names) -> Iterator[Row]:
    for bout, d, one in placed:
        yield days.when(d, bout.start) | {
            "duration_s": round(bout.seconds, 3),
            "activity": str(bout.activity),
            "certainty": str(certainty_of(bout)),
            "why": bout.why,
            "source": str(one.kind),
            "file": names.file(one.name),
            "valid_day": valid[d],
        }


def _minutes(parts: Sequence[_Part], days: _Days) -> Iterator[Row]:
    signals = _by_minute(parts)
    for epoch in epochs(sorted((bout for part in parts for bout in part.bouts), key=lambda bout: bout.start)):
        seconds = {f"{kind}_s": round(epoch.seconds[kind], 3) for kind in Activity}
        yield days.when(days.of(epoch.start), epoch.start) | seconds | signals.get(epoch.start, {})


def _by_minute(parts: Sequence[_Part]) -> dict[float, Row]:
    """Signals by minute; where two recordings share a minute, weighted by the seconds that each measured."""
    known = {s.name for s in SIGNALS}
    found: defaultdict[float, Row] = defaultdict(dict)
    for part in parts:
        for name in sorted(known & set(part.signals)):
            for start, mean, measured_s in zip(*_columns(part.signals[name]), strict=True):
                row, measured = found[start], f"{name}_measured_s"
                before = row.get(measured, 0.0)
                row[name] = (row.get(name, 0.0) * before + mean * measured_s) / (before + measured_s)
                row[measured] = before + measured_s
    return found


def _columns(means: MinuteMeans) -> tuple[list[float], list[float], list[float]]:
    return means.start, means.mean, means.measured_s
