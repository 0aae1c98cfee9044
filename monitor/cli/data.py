"""``data``: shows, exports or deletes everything stored about the person."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.adapters import export
from monitor.adapters.store import Snapshot
from monitor.adapters.system.lock import FILES as LOCKS
from monitor.adapters.system.lock import holder
from monitor.app.copy_of_data import copy_to
from monitor.app.files import FoundFile, delete, foreign, found
from monitor.app.home import HISTORY, Home
from monitor.app.privacy import is_lock, kept_for
from monitor.cli.options import Data
from monitor.cli.output import home_at, notice, say
from monitor.core.data_dictionary import KEPT, iso
from monitor.core.errors import ConfigError, StoreError
from monitor.reports.privacy import DELETE, EXPORT, size


class Action(StrEnum):
    """What to do with the data."""

    SHOW = "show"
    EXPORT = "export"
    DELETE = "delete"


What = Annotated[Action, typer.Argument(metavar="show|export|delete", help="What to do; without a word: show.")]
Target = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="Where export puts the copy: a new or an empty folder.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")]
Everything = Annotated[bool, typer.Option("--everything", help="Delete the settings and the built model too.")]


def data(
    what: What = Action.SHOW, folder: Target = None, yes: Yes = False, everything: Everything = False, data: Data = None
) -> int:
    """Show, export or delete what is kept about you."""
    if (folder is not None) is not (what is Action.EXPORT):
        raise ConfigError("a folder goes with export, and export with a folder: posture-monitor data export DIR")
    if (yes or everything) and what is not Action.DELETE:
        raise ConfigError("--yes and --everything go with delete: posture-monitor data delete --yes")
    home = home_at(data)
    if folder is not None:
        _export(home, folder)
    elif what is Action.DELETE:
        return _delete(home, yes=yes, everything=everything)
    else:
        _show(home)
    return 0


# --- show --------------------------------------------------------------------------------------------------------


def _show(home: Home) -> None:
    files = [one for one in found(home) if not is_lock(one)]
    personal = [one for one in files if one.belonging.personal]
    if not personal:
        say([f"Nothing is kept about you in {home.folders.data}."])
    for one in files:
        say([f"{one.mode}  {size(one.size):>10}  {one.path}"])
    say(["", *_tables(home), kept_for(home), f"A copy: {EXPORT}. To delete: {DELETE}. More: posture-monitor doctor --privacy"])


def _tables(home: Home) -> Iterator[str]:
    path = home.folders.data / HISTORY
    if not path.exists():
        return
    with Snapshot(path) as snapshot:
        for name in KEPT:
            count, first, last = snapshot.span(name)
            if count:
                days = f", {iso(first, home.tz)[:10]} to {iso(last, home.tz)[:10]}" if first and last else ""
                yield f"{name:<10} {count:>9} row{'s' if count > 1 else ' '}{days}"


# --- export ------------------------------------------------------------------------------------------------------


def _export(home: Home, folder: Path) -> None:
    copied = copy_to(home, folder)
    rows = ", ".join(f"{count} {name}" for name, count in copied.rows.items() if count) or "no rows"
    say([f"Exported to {folder}: {rows}, {copied.profiles} profiles."])
    say([f"{export.JSON} has all of it, {export.SCHEMA} says what each field is; a CSV file for each table beside them."])


# --- delete ------------------------------------------------------------------------------------------------------


def _delete(home: Home, *, yes: bool, everything: bool) -> int:
    process = holder(home.folders.data)
    if process is not None:
        raise StoreError(f"a monitor is running (process {process}) and would go on writing; stop it, then delete")
    files = [one for one in found(home, personal_only=not everything) if not is_lock(one)]
    if not files:
        say([f"Nothing is kept in {home.folders.data}; there is nothing to delete."])
        return 0
    if not yes:
        _ask(files)
    behind = [str(one.path.resolve()) for one in files if one.path.is_symlink()]
    gone = delete(home, everything=everything)
    say([f"left alone, a link led to it: {target}" for target in behind])
    return _tell(home, gone, everything=everything)


def _ask(files: list[FoundFile]) -> None:
    if not sys.stdin.isatty():
        raise ConfigError("nobody can be asked here; add --yes")
    say([f"{size(one.size):>10}  {one.path}" for one in files])
    these = "this file" if len(files) == 1 else f"these {len(files)} files"
    typer.confirm(f"Delete {these} for good?", default=False, abort=True)


def _tell(home: Home, gone: list[Path], *, everything: bool) -> int:
    """The exit code: 1 if any file is left, else 0."""
    left = {*_left(gone), *(one.path for one in found(home, personal_only=not everything))}
    say([f"gone: {path}" for path in gone if path not in left and not _is_lock(path)])
    kept: list[FoundFile] = [] if everything else [one for one in found(home) if not one.belonging.personal]
    say([f"kept: {one.path} ({one.belonging.what})" for one in kept])
    say([f"not the program's, left alone: {path}" for path in foreign(home)])
    if left:
        notice("posture-monitor: still there: " + ", ".join(map(str, sorted(left))) + "; see what holds it, and try again")
        return 1
    say(["Looked again: nothing is left."])
    return 0


def _left(paths: list[Path]) -> Iterator[Path]:
    yield from (path for path in paths if path.exists() or path.is_symlink())


def _is_lock(path: Path) -> bool:
    return path.name in LOCKS
