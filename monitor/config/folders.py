"""Where things are kept: the person's folders, and the environment variables that name others."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "posture-monitor"
DATA_VARIABLE = "POSTURE_MONITOR_DATA"
SOURCE_VARIABLE = "POSTURE_MONITOR_SOURCE"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where things are kept: history and profiles, the settings file, and what can be made again."""

    data: Path
    settings: Path
    cache: Path


def folders(data: Path | None) -> Folders:
    """The folders in use: all that is personal under ``data`` if it is given, else where the system wants each."""
    cache = platformdirs.user_cache_path(APP)
    if data is not None:
        return Folders(data, data / "settings.toml", cache)
    return Folders(platformdirs.user_data_path(APP), platformdirs.user_config_path(APP) / "settings.toml", cache)
