"""``autostart``: the monitor begins when you log in, or does so no longer."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.adapters.system.autostart import Entry, entry
from monitor.adapters.system.processes import command
from monitor.app.composition import is_live
from monitor.cli.options import Data, Notify, ProfileName, SourceName
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError


class Action(StrEnum):
    """What to do with the entry."""

    ENABLE = "enable"
    DISABLE = "disable"
    STATUS = "status"


What = Annotated[Action, typer.Argument(metavar="enable|disable|status", help="What to do.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def autostart(
    what: What = Action.STATUS,
    yes: Yes = False,
    source: SourceName = None,
    profile: ProfileName = None,
    notify: Notify = None,
    data: Data = None,
) -> None:
    """Start watching when you log in. It shows what it writes, and asks."""
    if source is not None and shown(source) != source:
        raise ConfigError(
            "a password, or a name that is no text, cannot stand in what starts at login; name the source in the settings"
        )
    chosen = {"--source": _lasting(source), "--profile": profile, "--notify": notify, "--data": data.absolute() if data else None}
    arguments = [word for name, value in chosen.items() if value is not None for word in (name, str(value))]
    ours = entry(command("run", *arguments), Path.home())
    if what is Action.ENABLE:
        _enable(ours, yes=yes)
    elif what is Action.DISABLE:
        _disable(ours, yes=yes)
    else:
        state = ours.state()
        remedy = "; to bring it up to date: posture-monitor autostart enable" if state == "outdated" else ""
        print(f"Autostart is {state} ({ours.path}){remedy}")


def _lasting(source: str | None) -> str | None:
    """The source as an absolute path, valid in any folder."""
    return str(Path(source).absolute()) if source and not is_live(source) else source


def _enable(ours: Entry, *, yes: bool) -> None:
    print(f"{ours.path}:\n\n{ours.text}")
    _ask("Write this file?", yes=yes)
    ours.enable()
    print("Autostart is enabled: the monitor begins at your next login; to begin now: posture-monitor start")


def _disable(ours: Entry, *, yes: bool) -> None:
    if ours.state() == "disabled" and not ours.path.exists():
        print("Autostart is disabled; there is nothing to remove.")
        return
    _ask(f"Remove {ours.path}?", yes=yes)
    ours.disable()
    print("Autostart is disabled; a monitor that runs now goes on until: posture-monitor stop")


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError("nobody can be asked here; add --yes")
    typer.confirm(question, default=True, abort=True)
