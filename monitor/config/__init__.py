"""The settings, one frozen typed value; a TOML key is a field name, an unknown key an error with the nearest name.

The core never sees this: it receives the few plain values it needs.  A new table of the settings is a class in ``sections`` and a
field of ``Settings``; the settings of a reminder or a signal follow from its row.
"""

from monitor.config.changes import LIVE, changed, flat, is_live, taken_over
from monitor.config.folders import DATA_VARIABLE, SOURCE_VARIABLE, Folders, folders
from monitor.config.loading import checked, load, nearest
from monitor.config.sections import AdviceSettings, CameraSettings, ContactSettings, SilenceSettings
from monitor.config.settings import Settings

__all__ = [
    "DATA_VARIABLE",
    "LIVE",
    "SOURCE_VARIABLE",
    "AdviceSettings",
    "CameraSettings",
    "ContactSettings",
    "Folders",
    "Settings",
    "SilenceSettings",
    "changed",
    "checked",
    "flat",
    "folders",
    "is_live",
    "load",
    "nearest",
    "taken_over",
]
