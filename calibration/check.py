"""``check``: a guided standing check of the lower back, and the person's own trend over the weeks."""

import json
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from calibration.inclinometer import paired, readings_of
from calibration.interactive import lead, watch
from calibration.standing_check import StandingCheck, check_of
from monitor.adapters.store import add_check, checks
from monitor.adapters.system.clock import SystemClock
from monitor.app import composition
from monitor.app.advice import week_at
from monitor.app.analysis import Reader
from monitor.app.composition import is_live
from monitor.app.home import HISTORY, Home, PoseModelFile, WatchOptions, open_home
from monitor.app.scene import Scene
from monitor.cli.options import AsJson, Data, Model
from monitor.cli.output import home_at, notice, out, progress, say
from monitor.core.back.repeatability import FEWEST_PAIRS, agreement
from monitor.core.back.standing_checks import Check
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError, NotEnoughData
from monitor.reports.trend import agreement_lines, agreement_values, sentence, trend_lines, values

EVERY_S = 0.2

SourceName = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="CAMERA|FILE|URL",
        help="Camera number, name or address; or a clip of yourself standing.",
        show_default="the camera of the settings, else 0",
    ),
]
AdviceHistory = Annotated[
    bool, typer.Option("--history", help="Show your checks so far, with a small plot, instead of taking one.")
]
ValidateFile = Annotated[
    Path | None,
    typer.Option(
        "--validate",
        metavar="FILE",
        help="Compare your checks with a clinician's inclinometer: a CSV file with the columns date and inclinometer_deg.",
    ),
]


def check(  # one parameter per option
    source: SourceName = None,
    history: AdviceHistory = False,
    validate: ValidateFile = None,
    as_json: AsJson = False,
    model: Model = None,
    data: Data = None,
) -> None:
    """Check your lower back while standing, side on, for 15 s."""
    home = home_at(data) if history or validate else open_home(data)
    if sum((history, validate is not None, source is not None)) > 1:
        raise ConfigError("--history, --validate and --source are three different things; give one of them")
    before = checks(home.folders.data / HISTORY)
    if validate:
        _compare(home, before, validate, as_json=as_json)
        return
    if history:
        _show(home, before, as_json=as_json)
        return
    with progress() as report:
        file = composition.model(home, model, report)
    taken = _taken(home, file, source or str(home.settings.camera.device))
    if taken is None:
        notice("Check stopped; nothing was kept.")
        raise typer.Exit(0)
    taken = replace(taken, week=week_at(home, taken.t))
    add_check(home.folders.data / HISTORY, taken)
    told = json.dumps(values(taken, before, home.tz)) if as_json else sentence(taken, before, home.tz)
    out.print(told, markup=False, soft_wrap=True)


def _taken(home: Home, model_file: PoseModelFile, source: str) -> Check | None:
    clock = SystemClock()
    if not is_live(source):
        with closing(Reader(partial(composition.engine, model_file), EVERY_S, home.settings.camera.rotate, notice)) as reader:
            return check_of((seen.obs for seen in reader.open(Path(source)).seen), shown(source), clock.now())
    from calibration.preview import best_face

    scene = Scene(home.settings.camera.rotate, notice)
    with ExitStack() as stack:
        camera = stack.enter_context(closing(composition.open_camera(home, WatchOptions(source, model_file), clock, scene)))
        pose_engine = stack.enter_context(closing(composition.engine(model_file, camera.period_s, scene)))
        face = best_face()
        wizard = StandingCheck(hands_free=face.hands_free)
        lead(watch(camera, pose_engine), face, wizard)
    return wizard.check(shown(source))


def _compare(home: Home, before: list[Check], file: Path, *, as_json: bool) -> None:
    pairs = paired(before, readings_of(file, home.tz), home.tz)
    if len(pairs) < FEWEST_PAIRS:
        raise NotEnoughData(f"{file}: {len(pairs)} readings have a check on their day; it takes {FEWEST_PAIRS} to compare")
    agreed = agreement(pairs)
    if as_json:
        print(json.dumps(agreement_values(agreed)))
    else:
        say(agreement_lines(agreed))


def _show(home: Home, before: list[Check], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([values(one, before, home.tz) for one in before]))
    elif before:
        for line in trend_lines(before, home.tz):
            out.print(line, soft_wrap=True)
    else:
        out.print("No standing check yet. Take one with: posture-monitor check")
