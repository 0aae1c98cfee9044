"""``cohort``: a folder of recordings becomes tables; questions to them in SQL; a report."""

import csv
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.adapters.system.zone import local_zone
from monitor.app.report import write_page
from monitor.cli.output import notice, progress, say
from monitor.cohort.runners import Runner
from monitor.core.errors import ConfigError
from monitor.core.history.accumulation import VALID_DAY_S
from monitor.core.history.csv_cells import cells
from monitor.core.sedentary.bout_metrics import HOUR_S

_DOES = {"run": 1, "query": 2, "report": 1}

Words = Annotated[
    list[str],
    typer.Argument(metavar="run FOLDER | query DIR SQL | report DIR", help="FOLDER alone is run FOLDER.", show_default=False),
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the tables go; of report, the file of the page.")]
People = Annotated[
    Path | None,
    typer.Option("--participants", metavar="FILE", help="CSV: id, group, start, zone, begins_at, profile."),
]
RunnerOf = Annotated[Runner | None, typer.Option("--runner", help="Where files are worked through.", show_default="processes")]
Scheduler = Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler: tcp://HOST:PORT.")]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="How many at a time.", show_default="the cores")
]
Shard = Annotated[str | None, typer.Option("--shard", metavar="K/N", help="Only the K-th of N parts; tables come later.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the results that are there.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV beside the tables; of query, the answer as CSV.")]
Identified = Annotated[bool, typer.Option("--identified", help="Ids, dates and paths as they are, not hashed.")]
Key = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The key of the hashes.", show_default="DIR.key")]
ValidHours = Annotated[float, typer.Option("--valid-hours", metavar="N", min=0, help="How long seen for a day to count.")]


def cohort(  # noqa: PLR0913  # a command's options
    words: Words,
    out: Out = None,
    participants: People = None,
    runner: RunnerOf = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
    shard: Shard = None,
    resume: Resume = False,
    as_csv: AsCsv = False,
    identified: Identified = False,
    key: Key = None,
    valid_hours: ValidHours = VALID_DAY_S / HOUR_S,
) -> int:
    """Recordings of many people become tables.

    Recordings are histories, exports, traces and videos.  The tables are Parquet (and CSV); query asks them in SQL, report shows
    them as one page.
    """
    does, *given = words if words[0] in _DOES else ("run", *words)
    if len(given) != _DOES[does]:
        raise ConfigError("write: cohort run FOLDER --out DIR, cohort query DIR 'select ...', or cohort report DIR")
    if does == "query":
        return _query(Path(given[0]), given[1], as_csv=as_csv)
    if does == "report":
        return _report(Path(given[0]), out)
    if out is None:
        raise ConfigError("say with --out DIR where the tables go")
    from monitor.cohort.study import Execution, StudyRequest, shard_of

    chosen = runner or (Runner.DASK if scheduler else Runner.PROCESSES)
    if scheduler and chosen is not Runner.DASK:
        raise ConfigError("--scheduler belongs to --runner dask")
    execution = Execution(chosen, workers or os.cpu_count() or 1, scheduler, shard_of(shard) if shard else None)
    options = {"resume": resume, "csv": as_csv, "identified": identified, "key": key, "valid_s": valid_hours * HOUR_S}
    return _run(StudyRequest(Path(given[0]), out, participants, **options), execution)  # type: ignore[arg-type]  # each has its own type


def _run(request: Any, execution: Any) -> int:
    from monitor.cohort.groups import cells, table_of
    from monitor.cohort.page import unseen_line
    from monitor.cohort.study import run_study

    with progress() as report:
        ran = run_study(request, execution, local_zone(), report)
    for name, why in ran.refused:
        notice(f"left out: {name}: {why}")
    done = ran.statuses.get("done", 0)
    if execution.shard:
        rest = f"cohort run {request.folder} --out {request.out} --resume"
        say([f"{done} recordings are done. Once every shard is done: {rest}"])
        return 0
    valid = sum(row["valid_days"] for row in ran.people)
    say([f"{done} recordings of {len(ran.people)} participants, {len(ran.refused)} left out; the tables are in {request.out}"])
    say([f"Valid days (seen for {request.valid_s / HOUR_S:g} h or longer): {valid}; {unseen_line(ran.people)}."])
    if found := cells(ran.people):
        rows, line = table_of(found)
        say(["", *_aligned(rows), line] if rows else [line])
    return 0


def _query(folder: Path, question: str, *, as_csv: bool) -> int:
    from monitor.adapters.table_query import answer
    from monitor.cohort.columns import TABLES
    from monitor.cohort.tables import read_manifest

    read_manifest(folder)
    columns, rows = answer(folder, TABLES, question)
    if as_csv:
        lines = csv.writer(sys.stdout, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows(map(cells, rows))
    else:
        say(_aligned([columns, *([_shown(value) for value in row] for row in rows)]))
    return 0


def _report(folder: Path, out: Path | None) -> int:
    from monitor.adapters.parquet import read_rows
    from monitor.cohort.page import study_page
    from monitor.cohort.tables import read_manifest

    manifest = read_manifest(folder)
    people, files = (read_rows(folder / f"{name}.parquet") for name in ("participants", "files"))
    path = out or folder / "report.html"
    write_page(path, study_page(manifest, people, files))
    say([f"{path}"])
    return 0


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))] if rows and rows[0] else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
