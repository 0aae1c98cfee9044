"""Sends the person's commands to the running monitor: for the command line, the tray and pages."""

import subprocess
from collections.abc import Callable
from contextlib import closing

from monitor.adapters.store import CommandQueue, post
from monitor.adapters.system import lock
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.adapters.system.processes import command, kill, terminate
from monitor.app import queries
from monitor.app.home import HISTORY, Home
from monitor.core.errors import ConfigError, StoreError
from monitor.core.reminders.commands import LONGEST_S, Command, CommandKind, Mark

# A command is usually taken within a second; in interval mode or under load it takes longer.
TAKEN_WITHIN_S, AGAIN_S = 5.0, 0.05
# The end of a run may wait for a camera and a disk.
STOPS_WITHIN_S = 10.0
PAUSE_S = 3600.0


def send(home: Home, command: Command) -> None:
    """Send ``command`` to the running monitor and wait until it is taken.  Raises StoreError if none runs or none takes it."""
    process = holder(home.folders.data)
    if process is None:
        raise StoreError(f"no monitor is running in {home.folders.data}; start one with: posture-monitor start")
    path, clock = home.folders.data / HISTORY, SystemClock()
    number = post(path, command)
    with closing(CommandQueue(path)) as queue:
        for _ in range(round(TAKEN_WITHIN_S / AGAIN_S)):
            if queue.taken(number):
                return
            if holder(home.folders.data) != process:
                raise StoreError(f"the monitor (process {process}) has just ended; start it again with: posture-monitor start")
            clock.sleep(AGAIN_S)
    raise StoreError(f"the monitor (process {process}) has not taken the order yet; it will when it looks again, see: status")


def pause(home: Home, until: float) -> None:
    """Pause monitoring until then (POSIX s).  Raises StoreError, and ConfigError for a time that is past or too far ahead."""
    _for_a_while(home, CommandKind.PAUSE, until)


def snooze(home: Home, until: float) -> None:
    """Snooze reminders until then (POSIX s).  Raises StoreError, and ConfigError for a time that is past or too far ahead."""
    _for_a_while(home, CommandKind.SNOOZE, until)


def _for_a_while(home: Home, kind: CommandKind, until: float) -> None:
    now = SystemClock().now()
    if not 0 < until - now <= LONGEST_S:
        raise ConfigError(f"a {kind} of {until - now:.0f} s; it must end by itself within {LONGEST_S / 86400:.0f} days")
    send(home, Command(now, kind, until))


def resume(home: Home) -> None:
    """End a pause or a snooze.  Raises StoreError."""
    send(home, Command(SystemClock().now(), CommandKind.RESUME))


def mark(home: Home, what: Mark) -> None:
    """Mark the person's activity, or a break.  Raises StoreError."""
    send(home, Command(SystemClock().now(), CommandKind.MARK, what=what))


def pause_or_resume(home: Home) -> None:
    """End the pause in force, else pause for an hour.  Raises StoreError."""
    now = SystemClock().now()
    if queries.hold(home, now).paused_until:
        resume(home)
    else:
        pause(home, now + PAUSE_S)


def start(home: Home) -> None:
    """Have a monitor watch in the background.  Raises StoreError with what it said if none begins."""
    begun = subprocess.run(  # noqa: S603  # our own command
        command("start", "--data", str(home.folders.data.absolute())), capture_output=True, text=True, check=False
    )
    if begun.returncode:
        said = begun.stderr.strip().splitlines() or ["the monitor did not start; see posture-monitor doctor"]
        raise StoreError(said[-1].removeprefix("posture-monitor: "))


def stop(home: Home) -> int | None:
    """The process of the monitor that was ended, None if none was running, 0 if its number is unknown, as another user's may be.

    Raises StoreError if it does not end.

    This needs neither the history nor a response: a hanging monitor is killed in the end, which loses at most ten seconds of
    history.
    """
    folder = home.folders.data
    lock.ask_to_end(folder)  # first of all, so that a monitor that is just starting finds it
    try:
        process = lock.holder(folder)
    except StoreError:
        if _gone(lambda: not lock.is_held(folder)):
            return 0
        raise
    if process is None:
        return None
    problem = StoreError(f"the monitor (process {process}) does not end; end it by hand, nothing that was stored is lost")
    for end in (terminate, kill):
        try:
            end(process)
        except StoreError as error:  # another user's, which the request may still end
            problem = error
        if _gone(lambda: lock.holder(folder) != process):
            return process
    raise problem


def _gone(is_gone: Callable[[], bool]) -> bool:
    clock = SystemClock()
    end = clock.now() + STOPS_WITHIN_S
    while not (gone := is_gone()) and clock.now() < end:
        clock.sleep(AGAIN_S)
    return gone
