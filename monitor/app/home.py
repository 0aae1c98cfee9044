"""Composition: which adapters are joined to which ports.  The commands ask here; nothing below knows this module."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.zone import local_zone
from monitor.config import Folders, Settings, folders, load
from monitor.core.camera.registration import Backdrop
from monitor.core.errors import ConfigError
from monitor.core.reminders.rules import Rule
from monitor.ports import Camera, Eyes

if TYPE_CHECKING:
    from monitor.adapters.profiles import Profile
    from monitor.core.pipeline import Plan

HISTORY = "history.db"
Progress = Callable[[str, float | None], None]


class Pace(StrEnum):
    """How fast a file is worked through: like a camera, or as fast as the machine can."""

    REAL = "real"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Home:
    """Where this person's things are, their settings and their time zone."""

    folders: Folders
    settings: Settings = field(default_factory=Settings)
    tz: tzinfo = field(default_factory=local_zone)


@dataclass(frozen=True, slots=True)
class Watching:
    """What to watch and how: the source as the person named it, the model file, pace and time scale of a file.

    ``start`` is when a file's story begins (POSIX s), None for now; ``backdrop`` the calibration's background, if it has one.
    """

    source: str
    model: Path
    pace: Pace = Pace.FAST
    time_scale: float = 1.0
    start: float | None = None
    backdrop: Backdrop | None = None


def home(data: Path | None) -> Home:
    """The home under ``data``, or where the system keeps such things.  Raises ConfigError."""
    where = folders(data)
    return Home(where, load(where.settings))


def model(here: Home, override: Path | None, progress: Progress) -> Path:
    """A verified model file: the one asked for, the one in the settings, or the cached one, built if need be."""
    from monitor.adapters.vision.pose_model import check_task, model_path

    chosen = override or (Path(here.settings.model).expanduser() if here.settings.model else None)
    return check_task(chosen) if chosen else model_path(here.folders.cache, progress)


def profile(here: Home, name: str | None) -> "Profile | None":
    """The named profile; without a name the one of the settings, None if that was never calibrated.  Raises ProfileUnusable."""
    from monitor.adapters import profiles

    chosen = name or here.settings.profile
    if name is None and chosen not in profiles.names(here.folders.data / "profiles"):
        return None
    return profiles.load(here.folders.data / "profiles", chosen)


def plan(here: Home, chosen: "Profile | None", period_s: float, rules: Mapping[str, Rule] | None = None) -> "Plan":
    """What a pipeline for this person and this source is built from; without ``rules`` those of the settings."""
    from monitor.core.pipeline import Plan
    from monitor.core.posture.baseline import Baseline

    baseline = chosen.baseline if chosen else Baseline()
    mine = here.settings
    return Plan(baseline, mine.table(), mine.rules() if rules is None else rules, period_s, mine.silence.policy(here.tz))


def is_live(source: str) -> bool:
    """Whether the source is a camera here or on the network, not a file."""
    return "://" in source or not Path(source).exists()


def open_camera(here: Home, what: Watching, clock: SystemClock) -> Camera:
    """The webcam, network stream, video file or picture that ``what.source`` names.  Raises SourceError."""
    if is_live(what.source):
        return _live(here, what.source, clock)
    from monitor.adapters.camera.video import Clip, VideoFile

    live_clock = clock if what.pace is Pace.REAL else None
    clip = Clip(Path(what.source), time_scale=what.time_scale)
    return VideoFile(clip, start_t=clock.now() if what.start is None else what.start, clock=live_clock)


def engine(model_file: Path, period_s: float | None) -> Eyes:
    """A pose engine for a stream of this period (s), None for single pictures.  Raises EngineError."""
    from monitor.adapters.vision.landmarker import Landmarker
    from monitor.adapters.vision.silhouette import back_outline

    return Landmarker(model_file, period_s=period_s, outline=back_outline)


def _live(here: Home, source: str, clock: SystemClock) -> Camera:
    from monitor.adapters.camera.capture import Webcam

    settings = here.settings.camera
    return Webcam(device_of(source), clock, rate_hz=settings.rate_hz, size=(settings.width, settings.height))


def device_of(source: str) -> int | str:
    """The index or address of a live source; a name is looked up.  Raises CameraUnavailable, ConfigError."""
    from monitor.adapters.camera.device_list import find, names

    if re.search(r"[\\/]|\.\w{2,4}$", source) and "://" not in source:
        raise ConfigError(f"there is no file {source!r}; give a file, a camera number or name, or an address")
    if source.isdigit():
        return int(source)
    return source if "://" in source else find(source, names())
