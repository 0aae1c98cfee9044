"""``status`` and ``why``: the present state, why the last reminder came, and why reminders are suppressed."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.adapters.system.clock import SystemClock
from monitor.app import queries
from monitor.app.advice import standing
from monitor.app.composition import profile
from monitor.app.home import Home
from monitor.cli.options import AsJson, Data
from monitor.cli.output import home_at, out, say
from monitor.core.errors import ProfileUnusable
from monitor.core.history.records import CheckInRecord
from monitor.reports.phrases import wrapped
from monitor.reports.present import decision_lines
from monitor.reports.stage import standing_lines
from monitor.reports.status import now_lines, now_values, why_lines, why_values

Every = Annotated[bool, typer.Option("--all", help="How far every reminder is, and what holds it back.")]

if TYPE_CHECKING:
    from monitor.adapters.profiles import Profile


def status(as_json: AsJson = False, data: Data = None) -> None:
    """Say what a running monitor sees, and today so far."""
    home = home_at(data)
    now = queries.status(home, SystemClock().now())
    person = now.person
    mine = standing(home, person, _profile(home) if person.due or person.birth else None)
    call, first = _open_call(now.open_reports)
    notifications = now.live.notifier if now.live and now.live.notifier else _notifications(home)
    told = (now.today, now.process, notifications, home.tz, now.hold, now.live)
    if as_json:
        values = {"stage": mine.stage, "questions": mine.questions, "open_call": call}
        print(json.dumps(now_values(*told) | values))
        return
    for line in (*first, *now_lines(*told), *standing_lines(mine)):
        out.print(line, markup=False)


def why(every: Every = False, as_json: AsJson = False, data: Data = None) -> None:
    """Say why the last reminder came, and why it is quiet now."""
    home = home_at(data)
    now = SystemClock().now()
    last, held, live = queries.last_reminder(home), queries.hold(home, now), queries.live_state(home)
    if as_json:
        print(json.dumps(why_values(last, held, home.tz, live)))
        return
    for line in why_lines(last, held, now, home.tz):
        say(wrapped(line))
    for line in decision_lines(live, now, home.tz) if every else ():
        out.print(line, markup=False, soft_wrap=True)


def _open_call(reports: Sequence[CheckInRecord]) -> tuple[str | None, tuple[str, ...]]:
    """The level of an advised call that is not cleared, and the line about it."""
    if not reports:  # the usual case, in which the card is not loaded
        return None, ()
    from monitor.advice import library
    from monitor.advice.adviser import CLEARED, in_force

    _, call = in_force(reports)
    if call is None:
        return None, ()
    return call.name.lower(), (f"{call.name}: {library.card().action(call).title}. {CLEARED}",)


def _profile(home: Home) -> "Profile | None":
    try:
        return profile(home, None)
    except ProfileUnusable:
        return None  # the monitor reports it at its start


def _notifications(home: Home) -> str:
    if home.settings.notify != "desktop":
        return home.settings.notify
    return FallbackNotifier(DesktopNotifier(), ConsoleNotifier(print)).health
