"""The person's files, settings and time zone, and the options of what to watch."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from pathlib import Path

from monitor.adapters.system.zone import local_zone
from monitor.config import Folders, Settings, folders, load
from monitor.core.camera.lens import Lens
from monitor.core.camera.registration import BackgroundFeatures
from monitor.core.errors import ConfigError
from monitor.core.vocabulary import Engine
from monitor.reports.periods import date_of

HISTORY = "history.db"
Progress = Callable[[str, float | None], None]


class Pace(StrEnum):
    """The speed of reading a file: like a camera, or as fast as possible."""

    REAL = "real"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Home:
    """The person's folders, settings and time zone."""

    folders: Folders
    settings: Settings = field(default_factory=Settings)
    tz: tzinfo = field(default_factory=local_zone)

    @property
    def day_begins(self) -> time:
        """The time of day at which the person's day begins."""
        return self.settings.day.begins

    def date_of(self, t: float) -> date:
        """The date of the person's day in which ``t`` (POSIX s) lies."""
        return date_of(t, self.tz, self.day_begins)

    def calendar_date(self, t: float) -> date:
        """The calendar's date at ``t`` (POSIX s), also before the person's day begins."""
        return datetime.fromtimestamp(t, self.tz).date()


@dataclass(frozen=True, slots=True)
class PoseModelFile:
    """The pose networks (a bundle or their folder), the engine that runs them, and the lens to correct for, if it is known."""

    path: Path
    engine: Engine
    lens: Lens | None = None


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What to watch and how: the source as the person named it, the model file, pace and time scale of a file.

    ``start`` is when a recording begins (POSIX s), None for now; ``backdrop`` the calibration's background, if it has one;
    ``shoulder_width`` the user's in the calibration (picture heights), NaN if unknown.
    """

    source: str
    model: PoseModelFile
    pace: Pace = Pace.FAST
    time_scale: float = 1.0
    start: float | None = None
    backdrop: BackgroundFeatures | None = None
    shoulder_width: float = math.nan


def usable_home(data: Path | None) -> tuple[Home, str]:
    """The home as ``open_home`` gives it, with the default settings where they cannot be read, and why; empty if they can."""
    try:
        return open_home(data), ""
    except ConfigError as error:
        return Home(folders(data)), str(error)


def open_home(data: Path | None) -> Home:
    """The home under ``data``, or in the system's standard folders.  Raises ConfigError."""
    where = folders(data)
    return Home(where, load(where.settings))
