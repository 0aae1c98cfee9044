"""``calibrate``: the person's own baseline, from the camera or from files."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from calibration.files import Part, from_files, part_of
from calibration.fit import view_in
from calibration.interactive import from_camera, watch
from calibration.stages import RULES
from monitor.adapters import profiles
from monitor.adapters.profiles import Profile
from monitor.adapters.system.clock import SystemClock
from monitor.app import composition
from monitor.app.analysis import Reader
from monitor.app.home import Home, PoseModelFile, WatchOptions, open_home
from monitor.app.scene import Scene
from monitor.cli.options import Data, Model
from monitor.cli.output import notice, out, progress
from monitor.core.body.pose import Observation, Pose
from monitor.core.camera.registration import BackgroundFeatures
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError, SourceError, WrongView
from monitor.core.posture.baseline import Baseline, CalibrationStage
from monitor.core.vocabulary import View
from monitor.ports import Frame

EVERY_S = 0.2

StageFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--stage",
        metavar="STAGE=FILE[@START-END]",
        help=f"A picture, a clip or its part (s) instead of the camera; may be given often. Stages: {', '.join(RULES)}.",
    ),
]
SourceName = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="CAMERA|URL",
        help="Camera number, name or address.",
        show_default="the camera of the settings, else 0",
    ),
]
Name = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="What to call it; one for each place.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Replace a profile of that name without asking (the old one is kept).")]


def calibrate(
    profile: Name = None,
    stage: StageFiles = None,
    source: SourceName = None,
    yes: Yes = False,
    model: Model = None,
    data: Data = None,
) -> None:
    """Record your own posture; later readings are compared with it."""
    home = open_home(data)
    name = profile or home.settings.profile
    parts = [part_of(text) for text in stage or ()]
    if parts and source is not None:
        raise ConfigError("--stage and --source exclude each other; give files or a camera")
    _ask(home, name, yes=yes)
    with progress() as report:
        file = composition.model(home, model, report)
    place = Place()
    baseline = from_parts(home, file, parts, place.keep) if parts else _live(home, file, source, place.keep)
    if baseline is None:
        notice("Calibration stopped; nothing was changed.")
        raise typer.Exit(0)
    told = shown(source) if source else ("files" if parts else shown(str(home.settings.camera.device)))
    keep(home, Profile(name, SystemClock().now(), told, view_of_stages(baseline), baseline, place.backdrop(), file.engine))
    out.print(f"Next: posture-monitor run{'' if name == home.settings.profile else f' --profile {name}'}", markup=False)


class Place:
    """Holds the background of the latest picture with a person in it, which tells where the camera stood."""

    def __init__(self) -> None:
        self._seen: tuple[Frame, Pose] | None = None

    def keep(self, frame: Frame, obs: Observation) -> None:
        """Take in a picture of the first stage."""
        if obs.pose is not None:
            self._seen = (frame, obs.pose)

    def backdrop(self) -> BackgroundFeatures | None:
        """The background without the person, None if there was no picture."""
        from monitor.adapters.vision.background_registration import remember

        return remember(*self._seen) if self._seen else None


def from_parts(
    home: Home,
    model_file: PoseModelFile,
    parts: Sequence[Part],
    keep_picture: Callable[[Frame, Observation], None] = lambda _frame, _obs: None,
) -> Baseline:
    """The baseline of recordings; ``keep_picture`` gets the pictures of sitting tall.  Raises SourceError, CalibrationError."""
    tall = {(part.path, part.start_s) for part in parts if part.stage is CalibrationStage.SITTING_TALL}
    with closing(Reader(partial(composition.engine, model_file), EVERY_S, home.settings.camera.rotate, notice)) as reader:

        def observe(path: Path, start_s: float, end_s: float) -> Iterator[Observation]:
            recording = reader.open(path, start_s, end_s)
            if recording.trace and recording.trace.engine not in {None, model_file.engine}:
                raise SourceError(f"{path} was recorded with {recording.trace.engine}; calibrate from it with that engine")
            for seen in recording.seen:
                if seen.frame and (path, start_s) in tall:
                    keep_picture(seen.frame, seen.obs)
                yield seen.obs

        return from_files(parts, observe, home.settings.table())


def view_of_stages(baseline: Baseline) -> View:
    """The view of the stages.  Raises WrongView."""
    view = view_in(baseline)
    if view is None:
        raise WrongView("the calibration shows no view; turn sideways or face the camera and repeat it")
    return view


def keep(home: Home, profile: Profile) -> None:
    """Save the profile and say what is in it."""
    path = profiles.save(home.folders.data / "profiles", profile)
    stages = ", ".join(RULES[stage].title.lower() for stage in profile.baseline.stages)
    out.print(f"Calibrated from the {profile.view}: {stages}. Saved as {profile.name!r} in {path}", markup=False, soft_wrap=True)


def _live(
    home: Home, model_file: PoseModelFile, source: str | None, keep_picture: Callable[[Frame, Observation], None]
) -> Baseline | None:
    from calibration.preview import best_face

    clock = SystemClock()
    what = WatchOptions(source or str(home.settings.camera.device), model_file)
    scene = Scene(home.settings.camera.rotate, notice)
    with ExitStack() as stack:
        camera = stack.enter_context(closing(composition.open_camera(home, what, clock, scene)))
        pose_engine = stack.enter_context(closing(composition.engine(model_file, camera.period_s, scene)))
        return from_camera(watch(camera, pose_engine), best_face(), keep=keep_picture)


def _ask(home: Home, name: str, *, yes: bool) -> None:
    """Raise if the profile may not be written."""
    if not profiles.file_of(home.folders.data / "profiles", name).exists() or yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError(f"there is a profile {name!r} already; add --yes to replace it (the old one is kept as .bak)")
    typer.confirm(f"Replace the profile {name!r}? The old one is kept as .bak.", default=True, abort=True)
