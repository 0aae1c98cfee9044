"""The commands, and error reporting: one plain line, exit code 2.

A command is imported only when it is used: ``status`` must not load what only ``analyze`` needs.
"""

import gc
import re
import sys
from collections.abc import Iterator, MutableMapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.core

from monitor import __version__
from monitor.cli.argument_values import check_paths, check_values
from monitor.cli.streams import OutputLost, mute, prepare
from monitor.core.errors import MonitorError
from monitor.texts.catalogue import speaking_to
from monitor.texts.screen import printable

# The module of each command, which has a function of that name.  ``run_monitor.py`` adds the calibration's.
COMMANDS = {
    "run": "monitor.cli.run",
    "start": "monitor.cli.start_stop",
    "stop": "monitor.cli.start_stop",
    "status": "monitor.cli.status",
    "why": "monitor.cli.status",
    "pause": "monitor.cli.pause_mark",
    "resume": "monitor.cli.pause_mark",
    "snooze": "monitor.cli.pause_mark",
    "mark": "monitor.cli.pause_mark",
    "summary": "monitor.cli.history",
    "report": "monitor.cli.report",
    "analyze": "monitor.cli.analyze",
    "replay": "monitor.cli.run",
    "doctor": "monitor.cli.doctor",
    "data": "monitor.cli.data",
    "stage": "monitor.cli.advice",
    "checkin": "monitor.cli.checkin",
    "redflags": "monitor.cli.advice",
    "explain": "monitor.cli.advice",
    "tip": "monitor.cli.tip",
    "contacts": "monitor.cli.settings",
    "settings": "monitor.cli.settings",
    "autostart": "monitor.cli.autostart",
    "tray": "monitor.cli.tray",
    "cohort": "monitor.cli.cohort",
}
# What these say of a person's time follows what she ticked.
_FITTING_WORDS = frozenset({"status", "why", "summary", "report"})
# Where help is asked for, whatever is wrong is told after the answer.
_ANSWERS_FIRST = frozenset({"redflags"})
_BELOW_ZERO = re.compile(r"-(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}


class Command(typer.core.TyperCommand):
    """One command: a value that can be none is refused before it begins."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does, which takes an empty path for the folder that it is called in."""
        given = list(args)
        # A value below zero, such as that of camera.tilt, is no option.
        ctx.ignore_unknown_options = any(_BELOW_ZERO.fullmatch(word) for word in given)
        rest = super().parse_args(ctx, args)
        if self.name not in _ANSWERS_FIRST:
            check_paths(self.params, ctx.params, given)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """As typer does."""
        if self.name not in _ANSWERS_FIRST:
            check_values(self.params, ctx.params)
        if self.name not in _FITTING_WORDS:
            return super().invoke(ctx)
        from monitor.app.advice import always_seated
        from monitor.app.home import Home
        from monitor.config import folders

        with speaking_to(always_seated=always_seated(Home(folders(ctx.params["data"])))):
            return super().invoke(ctx)


@cache
def _loaded(name: str, module: str) -> Any:
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=_HELP)
    gc.disable()  # loaded modules are not garbage: collecting during start and exit takes a quarter of the time
    try:
        alone.command(name, cls=Command)(getattr(import_module(module), name))
    finally:
        gc.freeze()
        gc.enable()
    return typer.main.get_command(alone)


class _Loading(MutableMapping[str, Any]):
    """The commands by name, each imported on use."""

    def __getitem__(self, name: str) -> Any:
        return _loaded(name, COMMANDS[name])

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __setitem__(self, name: str, command: Any) -> None:
        raise TypeError("commands are named in COMMANDS")

    def __delitem__(self, name: str) -> None:
        raise TypeError("commands are named in COMMANDS")


class Commands(typer.core.TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Loading()


app = typer.Typer(
    cls=Commands,
    help="Times sitting and standing at your desk, watches posture through the webcam, and suggests a change. "
    "Without a command it runs.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=_HELP,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"posture-monitor {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")]


@app.callback()
def _program(_version: Version = False) -> None:
    """Options of the program itself."""


DONE, REFUSED, INTERRUPTED = 0, 2, 130
_OF_THE_PROGRAM = frozenset({"-h", "--help", "--version"})


def run_plainly(commands: typer.Typer, arguments: list[str] | None = None) -> int:
    """The exit code of the command line: 0 done, 2 refused or missing (told in one line), 130 interrupted; a bug escapes."""
    given = sys.argv[1:] if arguments is None else arguments
    prepare()
    try:
        code = typer.main.get_command(commands).main(
            args=_with_command(given), prog_name="posture-monitor", standalone_mode=False
        )
        sys.stdout.flush()
    except typer.TyperException as error:
        return _refuse(_usage(error))
    except MonitorError as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        mute()  # the reader closed the pipe
        return DONE
    except OutputLost as error:
        mute()
        return _refuse(f"standard output cannot be written: {error.strerror}")
    return code if isinstance(code, int) else DONE


def _with_command(arguments: list[str]) -> list[str]:
    """The arguments with ``run`` before them if they name no command."""
    named = arguments and (not arguments[0].startswith("-") or arguments[0] in _OF_THE_PROGRAM)
    return arguments if named else ["run", *arguments]


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    said = error.format_message().replace("Value error, ", "").rstrip(".")
    return f"{said}; see {context.command_path if context else 'posture-monitor'} --help"


def _refuse(message: str) -> int:
    sys.stderr.write("posture-monitor: " + printable(" ".join(message.split())) + "\n")
    return REFUSED
