"""The commands, and how a failure is told: one plain line, exit code 2."""

import os
import sys
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.advice import explain, redflags, stage
from monitor.cli.analyze import analyze
from monitor.cli.checkin import checkin
from monitor.cli.data import data
from monitor.cli.doctor import doctor
from monitor.cli.history import status, summary
from monitor.cli.run import replay, run
from monitor.core.errors import MonitorError

app = typer.Typer(
    help="Times sitting and standing at your desk, watches posture through the webcam, and suggests a change. "
    "Without a command it runs.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"posture-monitor {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")]


@app.callback()
def _program(_version: Version = False) -> None:
    """Options of the program itself."""


for command in (run, analyze, summary, status, doctor, replay, stage, checkin, redflags, explain, data):
    app.command()(command)

DONE, REFUSED, INTERRUPTED = 0, 2, 130
_OF_THE_PROGRAM = frozenset({"-h", "--help", "--version"})


def run_plainly(commands: typer.Typer, arguments: list[str] | None = None) -> int:
    """The exit code of the command line: 0 done, 2 refused or missing (told in one line), 130 interrupted; a bug escapes."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = typer.main.get_command(commands).main(
            args=_with_command(given), prog_name="posture-monitor", standalone_mode=False
        )
    except typer.TyperException as error:
        return _refuse(_usage(error))
    except MonitorError as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain again while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
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
    sys.stderr.write("posture-monitor: " + " ".join(message.split()) + "\n")
    return REFUSED
