"""Profiles: a person's calibration for one place, one JSON file each, readable by its owner only.

A file is written atomically; the one it replaces is kept as ``.bak``.  A file that cannot be read is not changed.
"""

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError, model_validator

from monitor.core.camera.registration import BackgroundFeatures
from monitor.core.data_dictionary import LATEST_T
from monitor.core.errors import ConfigError, DiskFull, ProfileUnusable
from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference
from monitor.core.vocabulary import Engine, View
from monitor.regular_files import regular, write_private


@dataclass(frozen=True, slots=True)
class Profile:
    """A calibration under a name, taken at ``taken_at`` (POSIX s) from ``source``, a camera or files, seen from ``view``.

    ``backdrop`` is the background while sitting tall, None if it was not kept (before version 2); ``engine`` saw the body.
    """

    name: str
    taken_at: float
    source: str
    view: View
    baseline: Baseline
    backdrop: BackgroundFeatures | None = None
    engine: Engine = Engine.MEDIAPIPE


# One word or several; no dot and no slash, so that a name is never a path.  Forty fit every table and file system.
_NAME = re.compile(r"\w(?:[\w -]{0,38}[\w-])?")
# The prefix of a temporary file left by a full disk or a kill.
_BEGINNING = b'{\n  "version":'
# Windows keeps these for devices.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


def save(folder: Path, profile: Profile) -> Path:
    """The file that now holds the profile.

    Raises:
        ConfigError: the name cannot be a file's.
        DiskFull: no room or no permission; an existing profile is unchanged.
    """
    path = file_of(folder, profile.name)
    stages = {stage: {name: asdict(ref) for name, ref in refs.items()} for stage, refs in profile.baseline.stages.items()}
    stored = _File.model_validate(
        {
            "version": 2,
            "taken_at": profile.taken_at,
            "source": profile.source,
            "view": profile.view,
            "engine": profile.engine,
            "stages": stages,
            "backdrop": _packed(profile.backdrop) if profile.backdrop else None,
        }
    )
    try:
        if path.exists():
            write_private(path.with_suffix(".json.bak"), regular(path).read_bytes())
        write_private(path, stored.model_dump_json(indent=2))
    except OSError as error:
        raise DiskFull(f"profile {path} cannot be written ({error.strerror}); make room or allow writing there") from error
    return path


def load(folder: Path, name: str) -> Profile:
    """The profile of that name.

    Raises:
        ConfigError: the name cannot be a file's.
        ProfileUnusable: missing, not readable, broken, or of another version.
    """
    path = file_of(folder, name)
    try:
        stored = _File.model_validate_json(regular(path).read_bytes())
    except FileNotFoundError:
        there = ", ".join(names(folder)) or "none yet"
        raise ProfileUnusable(
            f"there is no profile {name!r} (there are: {there}); calibrate with --profile {name!r} first"
        ) from None
    except OSError as error:
        raise ProfileUnusable(
            f"profile {path} cannot be read ({error.strerror}); allow reading it, or remove it and calibrate again"
        ) from error
    except ValidationError as error:
        raise ProfileUnusable(
            f"profile {path} cannot be used ({_first(error)}); calibrate again, the old file is kept"
        ) from error
    backdrop = _unpacked(stored.backdrop) if stored.backdrop else None
    return Profile(path.stem, stored.taken_at, stored.source, stored.view, Baseline(stored.references()), backdrop, stored.engine)


def is_profile(path: Path) -> bool:
    """Whether the file at ``path`` was written by this program as a profile, of any version."""
    try:
        written = regular(path).read_bytes()
        stored = json.loads(written or b"{}")
    except OSError:
        return False
    except (ValueError, RecursionError):
        return written.startswith(_BEGINNING)
    return not written or (isinstance(stored, dict) and stored.keys() >= {"version", "taken_at", "stages"})


def names(folder: Path) -> tuple[str, ...]:
    """The names of the profiles in the folder, sorted; none if there is no such folder."""
    return tuple(sorted(path.stem for path in folder.glob("*.json") if _allowed(path.stem)))


def file_of(folder: Path, name: str) -> Path:
    """The path of the profile of that name.  Raises ConfigError if it is not a valid file name."""
    # Unicode normalisation: one spelling of accented letters on every keyboard and file system.
    name = unicodedata.normalize("NFC", name)
    if not _allowed(name):
        raise ConfigError(f"profile name {name!r} is not allowed; use letters, digits, spaces, - and _, at most 40 characters")
    return folder / f"{name}.json"


# --- the file ----------------------------------------------------------------------------------------------------


# No signal comes near.
_MOST = 1e9


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class _Reference(_Checked):
    center: Annotated[float, Field(ge=-_MOST, le=_MOST)]
    spread: Annotated[float, Field(ge=0, le=_MOST)]
    n: Annotated[int, Field(ge=1, le=_MOST)]


class _BackgroundFeatures(_Checked):
    points: Base64Bytes
    codes: Base64Bytes

    @model_validator(mode="after")
    def _of_one_length(self) -> Self:
        if len(self.points) % _POINT or len(self.codes) * _POINT != len(self.points) * _CODE:
            raise ValueError("points and codes do not belong together")
        return self


class _File(_Checked):
    version: Literal[1, 2]
    taken_at: Annotated[float, Field(ge=0, le=LATEST_T)]
    source: str
    view: View
    # Before there were two engines, it was this one.
    engine: Engine = Engine.MEDIAPIPE
    stages: dict[CalibrationStage, dict[str, _Reference]]
    backdrop: _BackgroundFeatures | None = None

    def references(self) -> Mapping[CalibrationStage, Mapping[str, Reference]]:
        return {stage: {name: Reference(**dict(ref)) for name, ref in refs.items()} for stage, refs in self.stages.items()}


# Bytes of a corner's place (two 32-bit floats, little-endian) and of its code.
_POINT, _CODE = 8, 32


def _packed(backdrop: BackgroundFeatures) -> dict[str, bytes]:
    points, codes = backdrop.points.astype("<f4").tobytes(), backdrop.codes.astype(np.uint8).tobytes()
    return {"points": b64encode(points), "codes": b64encode(codes)}


def _unpacked(stored: _BackgroundFeatures) -> BackgroundFeatures:
    points = np.frombuffer(stored.points, "<f4").reshape(-1, 2)
    return BackgroundFeatures(points.astype(np.float32), np.frombuffer(stored.codes, np.uint8).reshape(-1, _CODE))


def _first(error: ValidationError) -> str:
    trouble = error.errors()[0]
    where = ".".join(map(str, trouble["loc"]))
    return f"{where}: {trouble['msg']}" if where else trouble["msg"]


def _allowed(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _RESERVED.fullmatch(name) is None
