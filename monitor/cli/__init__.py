"""The commands, and how a failure is told: one plain line, exit code 2."""

import os
import sys
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.advice import explain, redflags, stage
from monitor.cli.analyze import analyze
from monitor.cli.checkin import checkin
from monitor.cli.doctor import doctor
from monitor.cli.history import status, summary
from monitor.cli.run import replay, run
from monitor.core.errors import MonitorError

app = typer.Typer(
    help="Times sitting and standing at your desk, watches posture through the webcam, and suggests a change.",
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


@app.callback(invoke_without_command=True)
def _default(context: typer.Context, _version: Version = False) -> None:
    if context.invoked_subcommand is None:
        context.invoke(run)


for command in (run, analyze, summary, status, doctor, replay, stage, checkin, redflags, explain):
    app.command()(command)

DONE, REFUSED, INTERRUPTED = 0, 2, 130


def run_plainly(commands: typer.Typer, arguments: list[str] | None = None) -> int:
    """The exit code of the command line: 0 done, 2 refused or missing (told in one line), 130 interrupted; a bug escapes."""
    try:
        code = typer.main.get_command(commands).main(args=arguments, prog_name="posture-monitor", standalone_mode=False)
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


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    said = error.format_message().replace("Value error, ", "").rstrip(".")
    return f"{said}; see {context.command_path if context else 'posture-monitor'} --help"


def _refuse(message: str) -> int:
    sys.stderr.write("posture-monitor: " + " ".join(message.split()) + "\n")
    return REFUSED
