"""A run over a study's folder: jobs out, rows in, tables at the end."""

import hashlib
import json
import platform
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.adapters.system.clock import SystemClock
from monitor.cohort import runners
from monitor.cohort.columns import VERSION
from monitor.cohort.identity import Names, hashed_names, key_fingerprint, key_of, own_names
from monitor.cohort.inputs import Defaults, Study, find, starts
from monitor.cohort.job import Job, JobOutcome, read_result
from monitor.cohort.people import PersonRows, ProcessedInput, Row, Status, rows_of, stranger
from monitor.cohort.runners import Runner
from monitor.cohort.tables import MANIFEST, Tables
from monitor.core.errors import ConfigError, DiskFull, SourceError
from monitor.core.history.accumulation import VALID_DAY_S

Report = Callable[[str, float | None], None]
NO_DATE = JobOutcome(reason="NoDate", message="its name tells no date, and other recordings of that person have one")


@dataclass(frozen=True, slots=True)
class Execution:
    """How the jobs are executed: the runner, the number of workers, the address of a scheduler, the shard (K of N)."""

    runner: Runner = Runner.LOCAL
    workers: int = 1
    scheduler: str | None = None
    shard: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class StudyRequest:
    """What a run reads and writes: recordings, results, the table of participants, and the defaults where there is none.

    ``key`` is the file of the key, ``valid_s`` how long (s) a person must be seen for a day to count.
    """

    folder: Path
    out: Path
    table: Path | None = None
    defaults: Defaults | None = None
    resume: bool = False
    csv: bool = False
    identified: bool = False
    key: Path | None = None
    valid_s: float = VALID_DAY_S


@dataclass(frozen=True, slots=True)
class StudyOutcome:
    """The outcome of a run: recordings by status, the refused ones, and a row for each participant (none for a shard)."""

    statuses: Mapping[str, int]
    refused: Sequence[tuple[str, str]]
    people: Sequence[Row]


def beside(out: Path, what: str) -> Path:
    """The path next to the results folder for data that must not be shared with it: ``work`` or ``key``."""
    return out.absolute().with_name(f"{out.absolute().name}.{what}")


def run_study(request: StudyRequest, execution: Execution, zone: tzinfo, report: Report) -> StudyOutcome:
    """The outcome of the run.  Raises MonitorError; finished jobs are kept for --resume."""
    begun = SystemClock().now()
    study = find(request.folder, request.table, request.defaults or Defaults(zone))
    results = _prepare_folders(request, execution)
    done = _job_outcomes(study, results, execution, report)
    if execution.shard:
        return _outcome(study, done, [])
    if not any(one.key for one in done.values()):
        failed = next((one.message for one in done.values() if one.message), "no file belongs to anybody in the table")
        raise SourceError(f"none of {len(study.inputs) + len(study.strangers)} recordings could be used; {failed}")
    people = _write_tables(request, study, results, done, partial(_manifest, request, execution, begun))
    return _outcome(study, done, people)


def _prepare_folders(request: StudyRequest, execution: Execution) -> Path:
    """The folder of job results.  Raises ConfigError if it holds results and ``resume`` is not set."""
    results = beside(request.out, "work")
    there = (request.out / MANIFEST).exists() or (results.is_dir() and any(results.iterdir()))
    if there and not request.resume and not execution.shard:
        raise ConfigError(f"{request.out} holds a run already; go on with it by --resume, or choose another folder")
    if request.out.absolute().is_relative_to(request.folder.absolute()):
        raise ConfigError(f"{request.out} lies inside {request.folder}; results must not lie among the recordings")
    try:
        for folder in (results, *(() if execution.shard else (request.out,))):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(f"{request.out} cannot be made ({error.strerror}); make room or choose another place") from error
    return results


def _job_outcomes(study: Study, results: Path, execution: Execution, report: Report) -> dict[str, JobOutcome]:
    """The outcome of each recording, or of those of this shard, by name."""
    began = starts(study)
    undated = [one.name for one in study.inputs if began.get(one.name, 0.0) is None]
    todo = [one for one in study.inputs if one.name not in undated]
    if execution.shard:
        part, parts = execution.shard
        todo = todo[part - 1 :: parts]
    jobs = [
        Job(one.path.absolute(), one.kind, began.get(one.name) or 0.0, study.people[one.participant].profile, results)
        for one in todo
    ]
    done = dict.fromkeys(undated, NO_DATE)
    for count, (number, outcome) in enumerate(_outcomes(jobs, execution), 1):
        done[todo[number].name] = outcome
        report(f"{count} of {len(jobs)} recordings", count / len(jobs))
    return done


def _outcomes(jobs: Sequence[Job], execution: Execution) -> Iterator[tuple[int, JobOutcome]]:
    if execution.runner is Runner.DASK:
        return runners.on_dask(jobs, execution.scheduler, execution.workers)
    if execution.runner is Runner.PROCESSES:
        return runners.in_processes(jobs, execution.workers)
    return runners.in_this_process(jobs)


def _write_tables(
    request: StudyRequest,
    study: Study,
    results: Path,
    outcomes: Mapping[str, JobOutcome],
    manifest: Callable[[Names, Study], dict[str, Any]],
) -> list[Row]:
    """Writes all tables; the rows of the participants, ordered by their names in the tables."""
    names = own_names() if request.identified else hashed_names(key_of(request.key or beside(request.out, "key")))
    processed: defaultdict[str, list[ProcessedInput]] = defaultdict(list)
    for one in study.inputs:
        processed[one.participant].append(ProcessedInput(one, outcomes[one.name]))
    people: list[Row] = []
    about = {"program": __version__, "valid_day_h": f"{request.valid_s / 3600:g}"}
    with Tables(request.out, own=names.own, plain=request.csv, about=about) as tables:
        for person in sorted(study.people.values(), key=lambda person: names.person(person.id)):
            rows: PersonRows = rows_of(person, processed[person.id], partial(read_result, results), names, request.valid_s)
            tables.add(rows.tables)
            people += rows.tables["participants"]
        tables.add({"files": [stranger(one, names) for one in study.strangers]})
        tables.finish(manifest(names, study))
    return people


def _manifest(request: StudyRequest, execution: Execution, begun: float, names: Names, study: Study) -> dict[str, Any]:
    settings = {
        "valid_day_h": request.valid_s / 3600,
        "people": {
            names.person(p.id): {
                "group": p.group,
                "zone": str(p.tz) if names.own else None,
                "begins_at": p.begins.isoformat("minutes"),
                "profile": p.profile is not None,
            }
            for p in study.people.values()
        },
    }
    return {
        "posture_cohort": VERSION,
        "program": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "runner": str(execution.runner),
        "begun": _iso(begun),
        "finished": _iso(SystemClock().now()),
        "identified": names.own,
        "key": None if names.own else key_fingerprint(key_of(request.key or beside(request.out, "key"))),
        "settings": settings,
        "settings_hash": hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest(),
    }


def _iso(t: float) -> str:
    return datetime.fromtimestamp(t, UTC).isoformat(timespec="seconds")


def _outcome(study: Study, outcomes: Mapping[str, JobOutcome], people: Sequence[Row]) -> StudyOutcome:
    refused = [
        (name, outcome.message or str(outcome.reason)) for name, outcome in sorted(outcomes.items()) if outcome.key is None
    ]
    refused += [(one.name, "the table names nobody whose it is") for one in study.strangers]
    counts = Counter("done" if one.key else str(Status.REFUSED) for one in outcomes.values())
    return StudyOutcome(counts, refused, people)


def shard_of(text: str) -> tuple[int, int]:
    """The part and the number of parts in ``K/N``.  Raises ConfigError."""
    part, slash, parts = text.partition("/")
    if not slash or not part.isdecimal() or not parts.isdecimal() or not 1 <= int(part) <= int(parts):
        raise ConfigError(f"--shard {text!r} is no part; write it as 1/3, 2/3, 3/3")
    return int(part), int(parts)
