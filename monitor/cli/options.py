"""Options shared by several commands."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from monitor.config import DATA_VARIABLE, SOURCE_VARIABLE

Data: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar=DATA_VARIABLE,
        metavar="DIR",
        file_okay=False,
        help="Folder for history, profiles and settings.",
        show_default=False,
    ),
]
# Where help is asked for, a folder that cannot be used must not prevent it.
DataIfAny: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar=DATA_VARIABLE,
        metavar="DIR",
        readable=False,  # not looked at before the answer
        help="Folder for history, profiles and settings.",
        show_default=False,
    ),
]
Model: TypeAlias = Annotated[
    Path | None, typer.Option("--model", metavar="FILE", help="An official .task file instead of the model that comes along.")
]
ProfileName: TypeAlias = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="The calibration to compare with.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="JSON for programs instead of text for people.")]
Notify: TypeAlias = Annotated[
    Literal["desktop", "console", "none"] | None, typer.Option("--notify", help="Where reminders go.", show_default="desktop")
]
SourceName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--source",
        envvar=SOURCE_VARIABLE,
        metavar="CAMERA|FILE|URL",
        help="Camera number or name, video file, or address (http, rtsp).",
        show_default="the camera of the settings, else 0",
    ),
]
