"""``analyze``: the readings of pictures, videos and traces."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import composition
from monitor.app.analysis import Reader, Recording, Seen, analysed, row_of, text_of
from monitor.app.home import Home, PoseModelFile, open_home
from monitor.cli.options import AsJson, Data, Model, ProfileName
from monitor.cli.output import notice, progress
from monitor.core.back.lumbar_window import reading_of
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError, SourceError
from monitor.core.pipeline import Plan, Step
from monitor.texts.catalogue import reason

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Pictures, videos or landmark traces.", show_default=False)]
Every = Annotated[float, typer.Option("--every", metavar="S", min=0.01, help="Seconds between two samples of a video.")]
Annotate = Annotated[
    Path | None, typer.Option("--annotate", metavar="DIR", help="Folder for copies with what was seen drawn on them.")
]


def analyze(  # noqa: PLR0913  # a command's options
    files: Files,
    as_json: AsJson = False,
    every: Every = 0.2,
    profile: ProfileName = None,
    annotate: Annotate = None,
    model: Model = None,
    data: Data = None,
) -> int:
    """Say what each picture, or each sample of a video, shows."""
    home = open_home(data)
    chosen = composition.profile(home, profile) if profile else None
    refused = 0
    with closing(
        Reader(
            lambda period_s, scene: composition.engine(_model(home, model), period_s, scene),
            every,
            home.settings.camera.rotate,
            notice,
        )
    ) as reader:
        for path in files:
            try:
                recording = reader.open(path)
                plan = composition.plan(home, composition.comparable(home, chosen, recording.trace), recording.period_s)
                _tell(path, recording, plan, as_json=as_json, annotate=annotate)
            except SourceError as error:
                refused += 1
                notice(f"posture-monitor: {error}")
    return 2 if refused else 0


def _model(home: Home, override: Path | None) -> PoseModelFile:
    with progress() as report:
        return composition.model(home, override, report)


def _tell(path: Path, recording: Recording, plan: Plan, *, as_json: bool, annotate: Path | None) -> None:
    for seen, step in analysed(recording, plan):
        print(json.dumps(row_of(str(path), seen, step)) if as_json else text_of(shown(str(path)), seen, step), flush=True)
        if annotate:
            _draw(annotate, path, seen, step)
    if remark := recording.remark():
        raise SourceError(remark)


def _draw(folder: Path, path: Path, seen: Seen, step: Step) -> None:
    from monitor.adapters.vision.drawing import back, caption, save, skeleton

    if seen.frame is None:
        return
    name = path.name if seen.t_s is None else f"{path.stem}_{seen.t_s:08.2f}.jpg"
    if (folder / name).resolve() == path.resolve():
        raise ConfigError(f"--annotate {folder} would write over {path}; give another folder")
    pose, picture = seen.obs.pose, seen.frame.rgb
    if pose:
        picture = back(skeleton(picture, pose), pose, reading_of(pose), reason)
    save(folder / name, caption(picture, text_of(shown(path.name), seen, step).replace("; ", ", ").split(", ")))
