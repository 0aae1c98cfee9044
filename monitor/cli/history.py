"""``summary``: summaries of the history."""

import sys
from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from monitor.adapters.export import write_events
from monitor.adapters.store import History
from monitor.adapters.system.clock import SystemClock
from monitor.app.home import Home
from monitor.app.open_history import history_of
from monitor.app.recordings import open_recording
from monitor.cli.options import AsJson, Data
from monitor.cli.output import home_at, out, say
from monitor.core.errors import ConfigError
from monitor.core.history.records import Records, Session
from monitor.reports import periods
from monitor.reports.periods import Period
from monitor.reports.report import Report, report_on, with_pain, with_posture
from monitor.reports.summary_formats import as_csv as csv_of
from monitor.reports.summary_formats import as_json as json_of
from monitor.reports.text import PAGE_WIDTH, page

Form: TypeAlias = Callable[[Report, tzinfo], str]

Day = Annotated[
    str | None,
    typer.Option("--day", metavar="DAY", help="today, yesterday or a date such as 2026-03-02.", show_default="today"),
]
Week = Annotated[bool, typer.Option("--week", help="The seven days up to today, or up to --day.")]
Number = Annotated[
    int | None,
    typer.Option("--session", metavar="N", min=0, max=2**53, help="One run of the monitor by its number; 0 is the last."),
]
Recording = Annotated[
    str | None, typer.Option("--recording", metavar="NAME", help="A recorded file that run or demo watched: its last session.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV for programs: one row per day or session.")]

Events = Annotated[
    Path | None, typer.Option("--events", metavar="FILE", help="Write the bouts of that time as CSV, and its minutes beside it.")
]


def summary(  # noqa: PLR0913  # a command's options
    day: Day = None,
    week: Week = False,
    session: Number = None,
    recording: Recording = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    events: Events = None,
    data: Data = None,
) -> None:
    """Show a day, a week or a session. Without options: today."""
    if sum((as_json, as_csv, events is not None)) > 1:
        raise ConfigError("--json, --csv and --events exclude each other; give one of them")
    if session is not None and (day or week):
        raise ConfigError("--session is a period of its own; give it without --day and --week")
    if recording is not None and (day or week):
        raise ConfigError("--recording shows a session; give it without --day and --week")
    home = home_at(data)
    days = _days(home, day, weekly=week)
    with open_recording(home, recording) if recording is not None else history_of(home) as history:
        found = None if session is None and recording is None else _found(history, session or 0)
        period = days if found is None else _of(home, found)
        if events is not None:
            _write_events(home, history.records(period.start, period.end, found.id if found else None), events)
            return
        _show(home, history, period, found, csv_of if as_csv else json_of if as_json else None)


def _write_events(home: Home, records: Records, path: Path) -> None:
    sources = [(session.start, session.source) for session in records.sessions]
    minutes = write_events(path, records.bouts, sources, home.tz)
    say([f"{path} has {len(records.bouts)} bouts, {minutes} the same by the minute."])


def show_session(home: Home, number: int, recording: Path | None = None) -> None:
    """Print the page of one session, of the person's own history or of a recording's."""
    with History(recording) if recording else history_of(home) as history:
        found = _found(history, number)
        _show(home, history, _of(home, found), found, None)


def _days(home: Home, named: str | None, *, weekly: bool) -> Period:
    today = home.date_of(SystemClock().now())
    chosen = periods.parse_day(named, today) if named else today
    return (periods.week if weekly else periods.day)(chosen, home.tz, home.day_begins)


def _found(history: History, number: int) -> Session:
    found = history.session(number or None)
    if found is None:
        raise ConfigError(f"there is no session {number}; summary --session 0 shows the last one")
    return found


def _of(home: Home, session: Session) -> Period:
    return periods.of_session(session, SystemClock().now(), home.tz)


def _show(home: Home, history: History, period: Period, session: Session | None, form: Form | None) -> None:
    number = session.id if session else None
    # The page shows the signals of the whole time only, which are read with those of each activity.
    without = partial(history.records, session=number, signals=False)
    report = report_on(period, without if form is None else history.records_of_days(period.spans, number))
    report = with_pain(report, partial(history.records, signals=False), home.tz) if number is None else report
    if form is None:
        report = with_posture(report, history.signals_by_activity(period.start, period.end, number))
        out.print(page(report, home.tz), width=min(out.width, PAGE_WIDTH))
    else:
        sys.stdout.write(form(report, home.tz).replace("\r\n", "\n"))  # the stream writes the line ends of the system
