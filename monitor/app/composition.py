"""Composition: joins adapters to ports.  Used by the commands; nothing on a lower floor imports this module."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.adapters.system.clock import SystemClock
from monitor.app import engines
from monitor.app.home import Home, Pace, PoseModelFile, Progress, WatchOptions
from monitor.app.scene import Scene, turning
from monitor.core.body.plausibility import ALONE_AFTER_S
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError, ModelMissing, ProfileUnusable
from monitor.core.reminders.rules import Rule
from monitor.core.vocabulary import Engine
from monitor.ports import Camera, LivePoseEngine, PoseModel

if TYPE_CHECKING:
    from monitor.adapters.profiles import Profile
    from monitor.adapters.trace import Trace
    from monitor.adapters.vision.landmarker import OpenModel
    from monitor.core.pipeline import Plan


# An installed package is always unpacked, so its data is a folder.
NETWORKS = Path(str(resources.files("monitor.data") / "networks"))


def model(home: Home, override: Path | None, progress: Progress) -> PoseModelFile:
    """The verified networks (those requested, those in the settings, or the bundled ones) and the engine that runs them.

    Raises ModelMissing, ModelCorrupt, EngineError.
    """
    from monitor.adapters.vision.pose_model import bundle_of, check_task, checked

    engine, lens = engines.chosen(home).engine, home.settings.camera.lens
    own = override or model_of_settings(home)
    if own:
        return PoseModelFile(check_task(own), engine, lens)
    if engine is Engine.LITERT:
        return PoseModelFile(checked(NETWORKS), engine, lens)
    return PoseModelFile(bundle_of(NETWORKS, home.folders.cache, progress), engine, lens)


def model_of_settings(home: Home) -> Path | None:
    """The model file that the settings name, if any.  Raises ModelMissing for the folder of nobody."""
    try:
        return Path(home.settings.model).expanduser() if home.settings.model else None
    except RuntimeError as error:
        raise ModelMissing(f"the settings' model {home.settings.model!r}: {error}; write the whole path") from error


def profile(home: Home, name: str | None) -> "Profile | None":
    """The named profile; without a name the one in the settings, None if that was never calibrated.  Raises ProfileUnusable."""
    from monitor.adapters import profiles

    chosen = name or home.settings.profile
    if name is None and chosen not in profiles.names(home.folders.data / "profiles"):
        return None
    return profiles.load(home.folders.data / "profiles", chosen)


def comparable(home: Home, calibrated: "Profile | None", trace: "Trace | None" = None) -> "Profile | None":
    """``calibrated`` itself, if its readings are comparable with those of this machine's engine, or of the ``trace``'s.

    A trace that does not name its engine is taken as the profile's.  Raises ProfileUnusable.
    """
    seen_by = trace.engine if trace else engines.chosen(home).engine
    if calibrated and seen_by not in {None, calibrated.engine}:
        now = f"the trace was recorded with {seen_by}" if trace else f"{seen_by} runs now"
        remedy = f'calibrate again, or set engine = "{calibrated.engine}"' + (" and record again" if trace else "")
        raise ProfileUnusable(f"profile {calibrated.name!r} was calibrated with {calibrated.engine}, and {now}; {remedy}")
    return calibrated


def plan(home: Home, chosen: "Profile | None", period_s: float, rules: Mapping[str, Rule] | None = None) -> "Plan":
    """What a pipeline for this person and this source is built from; without ``rules`` those of the settings."""
    from monitor.core.pipeline import Plan
    from monitor.core.posture.baseline import Baseline

    baseline = chosen.baseline if chosen else Baseline()
    mine = home.settings
    return Plan(baseline, mine.table(), mine.rules() if rules is None else rules, period_s, mine.policy(home.tz))


def is_live(source: str) -> bool:
    """Whether the source is a camera here or on the network, not a file."""
    return "://" in source or not _is_there(source)


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # an impossible file name: too long, or with a zero byte
        return False


def open_camera(home: Home, what: WatchOptions, clock: SystemClock, scene: Scene) -> Camera:
    """The webcam, network stream, video file or picture that ``what.source`` names, turned.  Raises SourceError."""
    if is_live(what.source):
        return _live(home, what.source, clock, scene)
    from monitor.adapters.camera.video import Clip, VideoFile

    live_clock = clock if what.pace is Pace.REAL else None
    clip = Clip(Path(what.source), time_scale=what.time_scale)
    start_t = clock.now() if what.start is None else what.start
    return VideoFile(clip, start_t=start_t, clock=live_clock, turn=scene.now)


def engine_name(model_file: PoseModelFile) -> str:
    """The name of ``engine`` with this model."""
    return f"{model_file.engine} {model_file.path.stem}"


def as_calibrated(what: WatchOptions, chosen: "Profile | None") -> WatchOptions:
    """``what`` with the room and the user's size in it, as far as the calibration knows them."""
    from monitor.core.posture.baseline import CalibrationStage

    if chosen is None:
        return what
    width = chosen.baseline.level(CalibrationStage.SITTING_TALL, "shoulder_width")
    return replace(what, backdrop=chosen.backdrop, shoulder_width=width)


def engine(
    model_file: PoseModelFile, period_s: float | None, scene: Scene | None = None, shoulder_width: float = math.nan
) -> LivePoseEngine:
    """A pose engine for a stream of this period (s), which believes who lives and stays with the user; None for single pictures.

    What it finds out about the scene it tells ``scene``; ``shoulder_width`` is the user's in the calibration (picture heights),
    NaN if unknown.  Raises EngineError.
    """
    if period_s is None or period_s > ALONE_AFTER_S:  # pictures so far apart stand alone: nobody can be seen to move
        return landmarker(model_file, period_s)
    scene = scene or Scene()
    return turning(scene, partial(_checked, model_file, period_s, scene, shoulder_width))


def _checked(model_file: PoseModelFile, period_s: float, scene: Scene, shoulder_width: float) -> LivePoseEngine:
    from monitor.adapters.vision.presence import PresenceCheck
    from monitor.adapters.vision.user_crop import UserCrop

    return PresenceCheck(UserCrop(landmarker(model_file, period_s), shoulder_width), scene.furnished)


def landmarker(model_file: PoseModelFile, period_s: float | None) -> LivePoseEngine:
    """A pose engine that believes every body that looks like a person's.  Raises EngineError."""
    from monitor.adapters.vision.landmarker import Landmarker
    from monitor.adapters.vision.second_look import ALTERNATIVES
    from monitor.adapters.vision.silhouette import back_outline

    return Landmarker(
        model_file.path,
        opens=opener(model_file.engine),
        period_s=period_s,
        outline=back_outline,
        alternatives=ALTERNATIVES,
        level=model_file.lens.levelled if model_file.lens else lambda pose: pose,
    )


def opener(chosen: Engine) -> "OpenModel":
    """What opens the pose networks in this engine."""
    from monitor.adapters.vision.landmarker.task import mediapipe_task

    return _litert if chosen is Engine.LITERT else mediapipe_task


def _litert(model: Path, surety: float, *, people: int, tracks: bool) -> PoseModel:
    from monitor.adapters.vision.landmarker.quiet import silence
    from monitor.adapters.vision.litert.model import LiteRtModel
    from monitor.adapters.vision.warping import OpenCvWarp
    from monitor.process_limits import give_back_memory

    with silence():  # LiteRT has a remark of its own
        return LiteRtModel(OpenCvWarp(), model, surety, people=people, tracks=tracks, freed=give_back_memory)


def _live(home: Home, source: str, clock: SystemClock, scene: Scene) -> Camera:
    from monitor.adapters.camera.capture import Webcam

    settings = home.settings.camera
    size = (settings.width, settings.height)
    return Webcam(device_of(home, source), clock, rate_hz=settings.rate_hz, size=size, turn=scene.now)


def device_of(home: Home, source: str) -> int | str:
    """The index or address of a live source; names are resolved.  Raises CameraUnavailable, ConfigError."""
    from monitor.adapters.camera.device_list import find, names
    from monitor.app.camera_source import address_of, camera_number

    if "://" in source:
        return address_of(source, home.settings.camera.password)
    if re.search(r"[\\/]|\.\w{2,4}$", source):
        raise ConfigError(f"there is no file {shown(source)!r}; give a file, a camera number or name, or an address")
    number = camera_number(source)
    return find(source, names()) if number is None else number
