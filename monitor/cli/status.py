"""``status`` and ``why``: what the monitor is doing now, why it spoke last, and why it is silent."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.adapters.store import CommandQueue
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.app.advice import standing
from monitor.app.composition import profile
from monitor.app.home import HISTORY, Home, open_home
from monitor.app.open_history import history_of
from monitor.cli.options import AsJson, Data
from monitor.cli.output import out
from monitor.core.errors import ProfileUnusable
from monitor.core.history.records import CheckInRecord, Person, Records, ReminderRecord, Session
from monitor.core.reminders.commands import ActiveCommands
from monitor.reports import periods
from monitor.reports.stage import standing_lines
from monitor.reports.status import Hold, now_lines, now_values, why_lines, why_values

if TYPE_CHECKING:
    from monitor.adapters.profiles import Profile


def status(as_json: AsJson = False, data: Data = None) -> None:
    """Tell whether a monitor runs, what it sees, and today so far."""
    home = open_home(data)
    now = SystemClock().now()
    running = holder(home.folders.data)
    today = periods.day(datetime.fromtimestamp(now, home.tz).date(), home.tz)
    records, person, reports = Records(today.start, now, (), (), (), ()), Person(), list[CheckInRecord]()
    if (home.folders.data / HISTORY).exists():
        with history_of(home) as history:
            records, person, reports = history.records(today.start, now), history.person(), history.open_reports(now)
    mine, (call, first) = standing(home, person, _profile(home) if person.due or person.birth else None), _open_call(reports)
    told = (records, running, _notifications(home), home.tz, hold(home, now, running))
    if as_json:
        values = {"stage": mine.stage, "questions": mine.questions, "open_call": call}
        print(json.dumps(now_values(*told) | values))
        return
    for line in (*first, *now_lines(*told), *standing_lines(mine)):
        out.print(line, markup=False)


def why(as_json: AsJson = False, data: Data = None) -> None:
    """Tell why the last reminder came, and why it is silent now."""
    home = open_home(data)
    now = SystemClock().now()
    with history_of(home) as history:
        last: ReminderRecord | None = history.last_told()
    held = hold(home, now, holder(home.folders.data))
    if as_json:
        print(json.dumps(why_values(last, held, home.tz)))
        return
    for line in why_lines(last, held, now, home.tz):
        out.print(line, markup=False, soft_wrap=True)


def hold(home: Home, now: float, process: int | None) -> Hold:
    """What holds the monitor or its reminders back at ``now`` (POSIX s); nothing does if none runs."""
    path = home.folders.data / HISTORY
    if process is None or not path.exists():
        return Hold()
    standing = ActiveCommands()
    with closing(CommandQueue(path)) as mailbox:
        for command in mailbox.in_force(now):
            standing = standing.after(command)
    with history_of(home) as history:
        session: Session | None = history.session()
    silent = session if session and session.end is None else None
    return Hold(
        standing.paused_until if standing.paused(now) else None,
        standing.snoozed_until if standing.snoozed(now) else None,
        silent.silent if silent else None,
        silent.silent_since if silent else None,
        silent.source if silent else None,
        silent.mode if silent else None,
    )


def _open_call(reports: Sequence[CheckInRecord]) -> tuple[str | None, tuple[str, ...]]:
    """The level of a call that a check-in asked for and that is not cleared, and the line that says so."""
    if not reports:  # as nearly always: the card need not be loaded
        return None, ()
    from monitor.advice import library
    from monitor.advice.adviser import CLEARED, in_force

    _, call = in_force(reports)
    if call is None:
        return None, ()
    return call.name.lower(), (f"{call.name}: {library.card().actions[call].title}. {CLEARED}",)


def _profile(home: Home) -> "Profile | None":
    try:
        return profile(home, None)
    except ProfileUnusable:
        return None  # the monitor says so when it is started


def _notifications(home: Home) -> str:
    if home.settings.notify != "desktop":
        return home.settings.notify
    return FallbackNotifier(DesktopNotifier(), ConsoleNotifier(print)).health
