"""``report``: a period as a page for the browser and for paper, and the page for a visit."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.adapters.system.browser import show
from monitor.adapters.system.clock import SystemClock
from monitor.app.home import Home
from monitor.app.open_history import history_of
from monitor.app.report import REPORTS, report_data, visit_data, write_page
from monitor.cli.history import Day, Number, Week
from monitor.cli.options import Data
from monitor.cli.output import home_at, notice, say
from monitor.core.errors import ConfigError
from monitor.core.history.records import Session
from monitor.reports import periods
from monitor.reports.pages.period import report_page
from monitor.reports.pages.visit import visit_page
from monitor.reports.periods import Period

Month = Annotated[bool, typer.Option("--month", help="The four weeks up to today, or up to --day.")]
Visit = Annotated[bool, typer.Option("--visit", help="A page for midwife or physiotherapist, and one for the telephone.")]
Weeks = Annotated[int, typer.Option("--weeks", metavar="N", min=1, max=8, help="How many weeks the page for a visit covers.")]
Notes = Annotated[bool, typer.Option("--notes", help="Put your own notes on the page for a visit.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help="Where to write the page.")]
Open = Annotated[bool, typer.Option("--open", help="Show it in the browser.")]


def report(  # noqa: PLR0913  # a command's options
    day: Day = None,
    week: Week = False,
    month: Month = False,
    session: Number = None,
    visit: Visit = False,
    weeks: Weeks = 4,
    notes: Notes = False,
    show_it: Open = False,
    out: Out = None,
    data: Data = None,
) -> None:
    """Write a day, weeks or a session as a page to read or print. Without options: today."""
    if visit and (session is not None or day or week or month):
        raise ConfigError("--visit has a period of its own; give it with --weeks N, without --day, --week, --month and --session")
    if session is not None and (day or week or month):
        raise ConfigError("--session is a period of its own; give it without --day, --week and --month")
    if week and month:
        raise ConfigError("--week and --month exclude each other; give one of them")
    home, now = home_at(data), SystemClock().now()
    if visit:
        sheets = visit_page(visit_data(home, weeks, now, notes=notes), home.tz)
        _deliver(home, f"visit-{datetime.fromtimestamp(now, home.tz):%Y-%m-%d}.html", sheets, out, show_it=show_it)
        return
    found = None if session is None else _session(home, session)
    period = _period(home, now, day, week=week, month=month) if found is None else periods.of_session(found, now, home.tz)
    page = report_page(report_data(home, period, now, found), home.tz)
    _deliver(home, _name(period, found, home), page, out, show_it=show_it)


def _session(home: Home, number: int) -> Session:
    with history_of(home) as history:
        found = history.session(number or None)
    if found is None:
        raise ConfigError(f"there is no session {number}; report --session 0 shows the last one")
    return found


def _period(home: Home, now: float, named: str | None, *, week: bool, month: bool) -> Period:
    today = home.date_of(now)
    last = periods.parse_day(named, today) if named else today
    return (periods.week if week else periods.month if month else periods.day)(last, home.tz, home.day_begins)


def _name(period: Period, session: Session | None, home: Home) -> str:
    last = (period.days or (period,))[-1]
    when = f"{session.id}" if session else f"{datetime.fromtimestamp(last.start, home.tz):%Y-%m-%d}"
    return f"{period.kind}-{when}.html"


def _deliver(home: Home, name: str, page: str, out: Path | None, *, show_it: bool) -> None:
    path = out or home.folders.data / REPORTS / name
    write_page(path, page)
    say([f"{path}"])
    if show_it and not show(path):
        notice(f"No browser could be opened; open this file yourself: {path.resolve().as_uri()}")
