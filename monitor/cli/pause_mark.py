"""``pause``, ``resume``, ``snooze`` and ``mark``: a word to the monitor that is running."""

from contextlib import closing
from typing import Annotated

import typer

from monitor.adapters.store import CommandQueue, post
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.app.home import HISTORY, Home, open_home
from monitor.cli.options import Data
from monitor.cli.time_spec import end_of
from monitor.core.errors import StoreError
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.texts.reminders import moment

# An order is taken within a second; a source that looks seldom, or a machine under load, takes longer.
TAKEN_WITHIN_S, AGAIN_S = 5.0, 0.05
PAUSE_S = 3600.0

_LENGTH = "How long: 30m, 1h30m, until 14:00, until tomorrow."
PauseLength = Annotated[list[str] | None, typer.Argument(metavar="[WHEN]", help=_LENGTH, show_default="1h")]
SnoozeLength = Annotated[list[str] | None, typer.Argument(metavar="[WHEN]", help=_LENGTH, show_default="10m")]
What = Annotated[Mark, typer.Argument(metavar="standing|sitting|break", help="What you are doing, or a break that you took.")]


def pause(when: PauseLength = None, data: Data = None) -> None:
    """Stop watching for a while; it ends by itself."""
    end = _for_a_while(open_home(data), CommandKind.PAUSE, when, PAUSE_S)
    print(f"Paused until {end}. Nothing is watched until then; to end it sooner: posture-monitor resume")


def snooze(when: SnoozeLength = None, data: Data = None) -> None:
    """Hold reminders back for a while; watching goes on."""
    home = open_home(data)
    end = _for_a_while(home, CommandKind.SNOOZE, when, home.settings.silence.snooze_min * 60)
    print(f"No reminders until {end}; to end it sooner: posture-monitor resume")


def resume(data: Data = None) -> None:
    """End a pause or a snooze."""
    send(open_home(data), Command(SystemClock().now(), CommandKind.RESUME))
    print("Watching, and reminders are on.")


def mark(what: What, data: Data = None) -> None:
    """Say that you stand, sit, or took a break."""
    send(open_home(data), Command(SystemClock().now(), CommandKind.MARK, what=what))
    print("Noted: a break." if what is Mark.BREAK else f"Noted: {what}, wherever the camera cannot tell, until you leave.")


def send(home: Home, command: Command) -> None:
    """Hand ``command`` to the running monitor and wait until it has it.  Raises StoreError if none runs or none takes it."""
    process = holder(home.folders.data)
    if process is None:
        raise StoreError(f"no monitor is running in {home.folders.data}; start one with: posture-monitor start")
    path, clock = home.folders.data / HISTORY, SystemClock()
    number = post(path, command)
    with closing(CommandQueue(path)) as mailbox:
        for _ in range(round(TAKEN_WITHIN_S / AGAIN_S)):
            if mailbox.taken(number):
                return
            if holder(home.folders.data) != process:
                raise StoreError(f"the monitor (process {process}) has just ended; start it again with: posture-monitor start")
            clock.sleep(AGAIN_S)
    raise StoreError(f"the monitor (process {process}) has not taken the order yet; it will when it looks again, see: status")


def _for_a_while(home: Home, kind: CommandKind, when: list[str] | None, default_s: float) -> str:
    """The end of it in words, once the monitor knows."""
    now = SystemClock().now()
    end = end_of(when or (), now, home.tz, default_s)
    send(home, Command(now, kind, end))
    return moment(end, now, home.tz)
