"""``tray``: the monitor's icon in the tray, in a process of its own; it uses the same queries and commands of ``app``."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.adapters.notify.tray import Choice, IconState, Tray
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.adapters.system.processes import TRAY_LOG, keep_log_bounded
from monitor.app import queries, remote
from monitor.app.advice import always_seated
from monitor.app.home import Home
from monitor.app.open_pages import open_page, warning_signs_file
from monitor.cli.options import Data
from monitor.cli.output import home_at, notice
from monitor.config import load
from monitor.core.errors import MonitorError, NotifyError, StoreError
from monitor.core.reminders.suppression import BLIND
from monitor.ports import Notification
from monitor.reports.present import age_words, present_line
from monitor.reports.status import held_back, today_line
from monitor.texts.catalogue import speaking_to

# A live state older than this (s), two ten-second records, is shown with its age.
LATE_S = 25.0
_Result = TypeVar("_Result")

With = Annotated[bool, typer.Option("--with-monitor", help="Go away when the monitor ends.")]


def tray(with_monitor: With = False, data: Data = None) -> None:
    """Show the monitor in the tray, where there is one."""
    home = home_at(data)
    try:
        Tray(_fitting(home, lambda: _look(home, stays=not with_monitor)), _choices(home)).show()
    except NotifyError as error:
        notice(str(error))


def _fitting(home: Home, act: Callable[[], _Result]) -> Callable[[], _Result]:
    """The action in words that fit what the person has ticked by then, in whichever thread the tray calls it."""

    def fitting() -> _Result:
        with speaking_to(always_seated=always_seated(home)):
            return act()

    return fitting


def _look(home: Home, *, stays: bool) -> IconState | None:
    now = SystemClock().now()
    keep_log_bounded(home.folders.data / TRAY_LOG)
    try:
        if holder(home.folders.data) is None:
            return IconState("stopped", "No monitor is running") if stays else None
        held = queries.hold(home, now)
    except StoreError as error:  # a history that is temporarily unreadable does not end the tray
        return IconState("watching", str(error))
    held = queries.hold(home, now)
    live = queries.live_state(home)
    late = f", {age_words(live, now)}" if live and live.age(now) > LATE_S else ""
    watching = f"Watching{late}: {present_line(live, now)}" if live else "Watching"
    words = next(held_back(held, now, home.tz), watching)
    state = "paused" if held.paused_until or held.silent in BLIND else "silent" if held.silent else "watching"
    return IconState(state, words)


def _choices(home: Home) -> list[Choice]:
    return [
        Choice("Pause 1 hour or resume", lambda: _told(lambda: remote.pause_or_resume(home)), on_click=True),
        Choice("Snooze", lambda: _told(lambda: _snooze(home))),
        Choice("Warning signs", lambda: _told(lambda: _warning_signs(home))),
        Choice("Summary of today", lambda: _told(_fitting(home, lambda: _summary(home)))),
        Choice("Quit", lambda: _told(lambda: remote.stop(home)), ends=True),
    ]


def _told(act: Callable[[], object]) -> None:
    """Run the action; a failure is one line in the log."""
    try:
        act()
    except MonitorError as error:
        notice(str(error))


def _snooze(home: Home) -> None:
    snooze_s = load(home.folders.settings).silence.snooze_min * 60
    remote.snooze(home, SystemClock().now() + snooze_s)


def _warning_signs(home: Home) -> None:
    if unopened := open_page(warning_signs_file(home)):
        notice(unopened)


def _summary(home: Home) -> None:
    today = today_line(queries.today(home, SystemClock().now()))
    DesktopNotifier().notify(Notification("Posture monitor", today or "Nothing was recorded today."))
