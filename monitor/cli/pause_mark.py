"""``pause``, ``resume``, ``snooze`` and ``mark``: commands to the running monitor."""

from collections.abc import Callable
from typing import Annotated

import typer

from monitor.adapters.system.clock import SystemClock
from monitor.app import remote
from monitor.app.home import Home
from monitor.app.time_spec import end_of
from monitor.cli.options import Data
from monitor.cli.output import home_at
from monitor.core.reminders.commands import Mark
from monitor.texts.reminders import moment

_LENGTH = "How long: 30m, 1h30m, until 14:00, until tomorrow."
PauseLength = Annotated[list[str] | None, typer.Argument(metavar="[WHEN]", help=_LENGTH, show_default="1h")]
SnoozeLength = Annotated[list[str] | None, typer.Argument(metavar="[WHEN]", help=_LENGTH, show_default="10m")]
What = Annotated[Mark, typer.Argument(metavar="standing|sitting|break", help="What you are doing, or a break that you took.")]


def pause(when: PauseLength = None, data: Data = None) -> None:
    """Stop watching for a while; watching comes back by itself."""
    end = _for_a_while(home_at(data), remote.pause, when, remote.PAUSE_S)
    print(f"Paused until {end}. Nothing is watched until then; to end it sooner: posture-monitor resume")


def snooze(when: SnoozeLength = None, data: Data = None) -> None:
    """Silence reminders for a while; watching continues."""
    home = home_at(data)
    end = _for_a_while(home, remote.snooze, when, home.settings.silence.snooze_min * 60)
    print(f"No reminders until {end}; to end it sooner: posture-monitor resume")


def resume(data: Data = None) -> None:
    """End a pause or a snooze."""
    remote.resume(home_at(data))
    print("Watching, and reminders are on.")


def mark(what: What, data: Data = None) -> None:
    """Say that you stand, sit, or took a break."""
    remote.mark(home_at(data), what)
    print("Saved: a break." if what is Mark.BREAK else f"Saved: {what}, wherever the camera cannot see it, until you leave.")


def _for_a_while(home: Home, give: Callable[[Home, float], None], when: list[str] | None, default_s: float) -> str:
    """Print its end, once the monitor has taken the command."""
    now = SystemClock().now()
    end = end_of(when or (), now, home, default_s)
    give(home, end)
    return moment(end, now, home.tz)
