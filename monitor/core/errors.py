"""Every failure a person can cause or meet, as one small tree.

MonitorError
├── ConfigError                     names the key, the value, what is allowed
├── SourceError
│   ├── CameraUnavailable
│   ├── CameraBusy
│   ├── VideoUnreadable
│   ├── TraceCorrupt
│   └── InputChanged
├── EngineError
│   ├── ModelMissing
│   └── ModelCorrupt
├── CalibrationError
│   ├── NotEnoughData
│   ├── Unsteady
│   ├── PosesTooAlike
│   ├── WrongView
│   ├── TooDark
│   └── ProfileUnusable
├── StoreError
│   ├── SchemaTooNew
│   ├── StoreCorrupt
│   └── DiskFull
├── NotifyError                     the loop survives it
└── TimeOrderError                  the core was fed t < previous t

Each message says what, which value, and what to do, on one line.  The command line prints it and exits 2;
anything that is not a MonitorError is a bug and keeps its traceback.
"""


class MonitorError(Exception):
    """Root of the tree; never raised itself."""


class ConfigError(MonitorError):
    """A setting or an argument is not what it may be."""


class InvalidSettings(ConfigError):
    """A file of settings is TOML, and a value or a name in it is wrong."""


class SourceError(MonitorError):
    """The source gives no pictures."""


class CameraUnavailable(SourceError):
    """There is no such camera, or it cannot be opened."""


class CameraBusy(SourceError):
    """The camera exists and another program holds it."""


class VideoUnreadable(SourceError):
    """A file or stream that is not a readable video or picture."""


class TraceCorrupt(SourceError):
    """A landmark trace that cannot be read."""


class InputChanged(SourceError):
    """A recording that was written to while it was read."""


class EngineError(MonitorError):
    """The pose engine cannot work."""


class ModelMissing(EngineError):
    """The model is not here or could not be kept."""


class ModelCorrupt(EngineError):
    """A model file that is not the one it should be."""


class CalibrationError(MonitorError):
    """A stage of the calibration, or a stored profile, cannot be used."""


class NotEnoughData(CalibrationError):
    """Too few usable readings."""


class Unsteady(CalibrationError):
    """The person moved during the stage."""


class PosesTooAlike(CalibrationError):
    """Two stages that should differ do not."""


class WrongView(CalibrationError):
    """The view is neither from the side nor from the front."""


class TooDark(CalibrationError):
    """The picture is too dark for reliable landmarks."""


class ProfileUnusable(CalibrationError):
    """A stored profile is missing, broken or of an unknown version."""


class StoreError(MonitorError):
    """The history cannot be read or written."""


class SchemaTooNew(StoreError):
    """The database was written by a newer version."""


class StoreCorrupt(StoreError):
    """The database file is damaged."""


class DiskFull(StoreError):
    """No room, or no permission, to write."""


class NotifyError(MonitorError):
    """The desktop could not show a notification."""


class TimeOrderError(MonitorError):
    """The core was fed an observation older than the one before."""

    def __init__(self, previous: float, got: float) -> None:
        super().__init__(f"observation at t={got:.3f} s came after t={previous:.3f} s; time must not run backwards")


def first_line(error: Exception) -> str:
    """The first line of what an error of another library says, in at most 200 characters; empty if it says nothing."""
    return str(error).partition("\n")[0][:200]
