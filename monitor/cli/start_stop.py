"""``start`` and ``stop``: the monitor without a window."""

import secrets
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from monitor.adapters.system import lock
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.adapters.system.processes import LOG, START_VARIABLE, TRAY_LOG, Background, command
from monitor.app import queries, remote
from monitor.app.home import Home, open_home
from monitor.app.recordings import watched_history
from monitor.cli.options import Data, Model, Notify, ProfileName, SourceName
from monitor.cli.output import home_at, notice
from monitor.config import SOURCE_VARIABLE
from monitor.core.errors import StoreError
from monitor.texts.reminders import moment

# How long (s) to wait for the start; after that a message names the log.
STARTS_WITHIN_S, AGAIN_S = 60.0, 0.1

Wait = Annotated[float, typer.Option("--wait", metavar="S", min=0, help="How long to wait until it really runs.")]


def start(  # a command's options
    source: SourceName = None,
    profile: ProfileName = None,
    notify: Notify = None,
    wait: Wait = STARTS_WITHIN_S,
    model: Model = None,
    data: Data = None,
) -> None:
    """Watch in the background; you can close this window."""
    home = open_home(data)
    if (process := holder(home.folders.data)) is not None:
        raise StoreError(f"a monitor is already running (process {process}); to end it: posture-monitor stop")
    chosen = {"--profile": profile, "--notify": notify, "--model": model, "--data": _absolute(data)}
    arguments = [word for name, value in chosen.items() if value is not None for word in (name, str(value))]
    log, mine = home.folders.data / LOG, secrets.token_hex(4)
    asked = SystemClock().now()
    lock.withdraw(home.folders.data)
    # An address may contain a password, and process arguments are readable by all users.
    variables = {START_VARIABLE: mine} | ({SOURCE_VARIABLE: source} if source else {})
    child = Background(command("run", *arguments), log, variables)
    begun = _wait(wait, lambda: child.ended() is not None or (_is_mine(home, mine) and _session_since(home, asked)))
    if (code := child.ended()) is not None:
        notice(child.last_line() or "The monitor was ended while it started.")
        raise typer.Exit(code if code > 0 else 2)
    child.leave()
    where = f"process {child.pid}, log {log}"
    notice(f"Watching ({where})." if begun else f"It is still starting ({where}); see: posture-monitor status")
    _tell_pause(home)
    if home.settings.tray and find_spec("pystray"):
        Background(command("tray", "--with-monitor", *_data(data)), home.folders.data / TRAY_LOG).leave()


def stop(data: Data = None) -> None:
    """End the monitor that runs in the background."""
    process = remote.stop(home_at(data))
    which = f" (process {process})" if process else ""
    notice("No monitor is running." if process is None else f"Stopped{which}.")


def _is_mine(home: Home, mine: str) -> bool:
    return lock.label(home.folders.data) == mine


def _absolute(folder: Path | None) -> Path | None:
    return folder.absolute() if folder else None


def _data(folder: Path | None) -> list[str]:
    return ["--data", str(folder.absolute())] if folder else []


def _session_since(home: Home, t: float) -> bool:
    """Whether a session runs that began after ``t`` (POSIX s); False if it is unreadable, which the monitor itself reports.

    Its number does not tell: the session before may have been in another history, that of a recorded file.
    """
    from monitor.adapters.store import History

    try:
        with History(watched_history(home)) as history:
            session = history.session()
    except StoreError:
        return False
    return session is not None and session.end is None and session.start >= t


def _tell_pause(home: Home) -> None:
    now = SystemClock().now()
    standing = queries.in_force(home, now)
    for order, until in (("pause", standing.paused_until), ("snooze", standing.snoozed_until)):
        if until > now:
            notice(f"A {order} holds until {moment(until, now, home.tz)}; to end it sooner: posture-monitor resume")


def _wait(seconds: float, over: Callable[[], bool]) -> bool:
    """Whether ``over()`` became true within that time (s)."""
    clock = SystemClock()
    end = clock.now() + seconds
    while not (done := over()) and clock.now() < end:
        clock.sleep(AGAIN_S)
    return done
