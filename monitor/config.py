"""The settings, one frozen typed value; a TOML key is a field name, an unknown key an error with the nearest name.

The core never sees this: it receives the few plain values it needs.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model, model_validator

from monitor.core.errors import ConfigError
from monitor.core.posture.signals import SIGNALS, Signal
from monitor.core.reminders.kinds import SETTABLE, ReminderKind
from monitor.core.reminders.rules import Rule
from monitor.core.reminders.suppression import SuppressionPolicy
from monitor.core.vocabulary import Reason
from monitor.texts.encoding import decoded, shortened

APP = "posture-monitor"
DATA_VARIABLE = "POSTURE_MONITOR_DATA"
SOURCE_VARIABLE = "POSTURE_MONITOR_SOURCE"

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _clock(value: Any) -> Any:
    """A time of TOML's own as the text that it stands for."""
    return value.strftime("%H:%M") if isinstance(value, time) else value


Clock = Annotated[str, BeforeValidator(_clock), Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Reminder(_Section):
    enabled: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        # Where only one is set, the stage's own other one makes room (advice/limits.py).
        soft, firm = getattr(self, "soft_min", 0.0), getattr(self, "firm_min", 0.0)
        if self.model_fields_set >= {"soft_min", "firm_min"} and soft >= firm:
            raise ValueError(f"soft_min ({soft:g}) must be less than firm_min ({firm:g})")
        share = getattr(self, "share", 1.0)
        if share > 1:
            raise ValueError(f"share ({share:g}) must be at most 1")
        return self


class _Tolerance(_Section):
    tolerance: Positive


def _fields(kind: ReminderKind) -> dict[str, Any]:
    """The settings of a row of ``REMINDERS``: whether it is enabled, and its numbers."""
    numbers = {key: (Positive, float(value)) for key, value in kind.defaults.items()}
    return {"enabled": (bool, kind.on), **numbers}


def _section(name: str, fields: Mapping[str, Any], base: type[_Section] = _Section) -> Any:
    return create_model(name, __base__=base, **fields)


if TYPE_CHECKING:
    _Reminders: TypeAlias = Any
    _Signals: TypeAlias = Any
else:
    # A new reminder or signal is one row of its table; its settings follow from that row.
    _REMINDER = {kind: _section(f"_{kind}", _fields(row), _Reminder) for kind, row in SETTABLE.items()}
    _TOLERANCE = {s.name: _Tolerance(tolerance=s.tolerance) for s in SIGNALS if s.tolerance is not None}
    _Reminders = _section("_Reminders", {kind: (model, model()) for kind, model in _REMINDER.items()})
    _Signals = _section("_Signals", {name: (_Tolerance, default) for name, default in _TOLERANCE.items()})


class CameraSettings(_Section):
    """Which camera, and how much of it."""

    device: Annotated[int, Field(ge=0, lt=1000)] | str = 0
    # Of an address that names a user alone; the variable and the system's store of passwords come before it.
    password: str | None = None
    rate_hz: Annotated[float, Field(gt=0, le=30)] = 5.0
    width: Annotated[int, Field(ge=160, le=3840)] = 640
    height: Annotated[int, Field(ge=120, le=2160)] = 480
    # How far the picture is turned clockwise (deg), for a camera that is mounted on its side or upside down.
    rotate: Literal[0, 90, 180, 270] = 0
    # Open all the time, or opened for a look every so often; auto is steady, and interval on battery.
    mode: Literal["auto", "steady", "interval"] = "auto"
    interval_s: Annotated[float, Field(ge=10, le=120)] = 30.0


class ScreenSettings(_Section):
    """How far the eyes were from the screen while calibrating, if the person measured it."""

    distance_cm: Positive | None = None


class SilenceSettings(_Section):
    """When the person is left in peace.  The hours are theirs by the clock; the rest is what may keep reminders back."""

    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    working_days: Annotated[list[Day], Field(min_length=1)] = list(DAYS)
    do_not_disturb: bool = True
    meetings: bool = True
    full_screen: bool = True
    snooze_min: Annotated[float, Field(gt=0, le=24 * 60)] = 10.0
    reminders_per_hour: Annotated[int, Field(ge=1, le=12)] = 6

    @model_validator(mode="after")
    def _both_ends(self) -> Self:
        if (self.quiet_from is None) is not (self.quiet_to is None) or (self.quiet_from and self.quiet_from == self.quiet_to):
            raise ValueError('quiet_from and quiet_to belong together and differ, such as "22:00" and "07:00"')
        return self

    def policy(self, tz: tzinfo) -> SuppressionPolicy:
        """It as plain values for the core."""
        heeded = {Reason.DO_NOT_DISTURB: self.do_not_disturb, Reason.CALL: self.meetings, Reason.FULL_SCREEN: self.full_screen}
        quiet = (_minutes(self.quiet_from), _minutes(self.quiet_to)) if self.quiet_from and self.quiet_to else None
        days = frozenset(DAYS.index(day) for day in self.working_days)
        return SuppressionPolicy(tz, quiet, days, frozenset(why for why, on in heeded.items() if on), self.reminders_per_hour)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


# Two of them and the longest answer fit a notification.
PhoneNumber = Annotated[str, Field(min_length=1, max_length=30)]


class ContactSettings(_Section):
    """The person's own telephone numbers, named where a call is asked for."""

    emergency: PhoneNumber | None = None
    maternity: PhoneNumber | None = None
    doctor: PhoneNumber | None = None
    early_pregnancy: PhoneNumber | None = None
    crisis: PhoneNumber | None = None

    def numbers(self) -> dict[str, str]:
        """Those that are set, by name."""
        return {name: number for name, number in self if number is not None}


class AdviceSettings(_Section):
    """What tips may ask for, the hours (of the clock) that want short ones, and when to ask for a check-in (h; None: never)."""

    at_hand: list[Literal["chair", "desk", "wall", "floor"]] = ["chair", "desk", "wall", "floor"]
    busy_hours: list[Annotated[int, Field(ge=0, le=23)]] = [9, 10, 11, 14, 15]
    check_in_at_h: Annotated[float, Field(ge=0, lt=24, allow_inf_nan=False)] | None = None


class DaySettings(_Section):
    """When a day of the person begins by the clock: who works past midnight still works on the day before."""

    begins_at: Clock = "04:00"

    @property
    def begins(self) -> time:
        """It as a time of day."""
        return time.fromisoformat(self.begins_at)


class DataSettings(_Section):
    """How many days the history is kept (0: for ever), and whether check-ins and standing checks stay whatever their age.

    Two years hold a pregnancy and the year after a birth, the longest story that the stages tell (280 + 365 days), and let this
    month be held against the same one a year ago.
    """

    keep_days: Annotated[int, Field(ge=0)] = 730
    keep_check_ins: bool = False


class Settings(_Section):
    """Everything a person can set; each field is a key of ``settings.toml``."""

    model: str | None = None
    engine: Literal["auto", "mediapipe", "litert"] = "auto"
    profile: str = "default"
    notify: Literal["desktop", "console", "none"] = "desktop"
    camera: CameraSettings = CameraSettings()
    screen: ScreenSettings = ScreenSettings()
    contacts: ContactSettings = ContactSettings()
    advice: AdviceSettings = AdviceSettings()
    day: DaySettings = DaySettings()
    data: DataSettings = DataSettings()
    silence: SilenceSettings = SilenceSettings()
    buttons: bool = True
    tray: bool = True
    break_window: bool = False
    reminders: _Reminders = Field(default_factory=_Reminders)
    signals: _Signals = Field(default_factory=_Signals)

    def policy(self, tz: tzinfo) -> SuppressionPolicy:
        """When the person is left in peace, in that time zone."""
        return replace(self.silence.policy(tz), begins_min=_minutes(self.day.begins_at))

    def rules(self) -> dict[str, Rule]:
        """The reminders in force by kind, as the settings have them, whatever the stage."""
        return {kind: SETTABLE[kind].make(**numbers) for kind, numbers in self.numbers().items()}

    def numbers(self) -> dict[str, dict[str, float]]:
        """The numbers of every reminder that is enabled, by kind and key."""
        chosen = {kind: getattr(self.reminders, kind) for kind in SETTABLE}
        return {kind: section.model_dump(exclude={"enabled"}) for kind, section in chosen.items() if section.enabled}

    def own(self) -> dict[str, float]:
        """The reminders' numbers that the person has set herself, by ``kind.key``."""
        chosen = {kind: getattr(self.reminders, kind) for kind in SETTABLE}
        return {f"{kind}.{key}": getattr(s, key) for kind, s in chosen.items() for key in s.model_fields_set - {"enabled"}}

    def table(self) -> tuple[Signal, ...]:
        """The signals with the tolerances in force."""
        return tuple(replace(s, tolerance=self._tolerance(s)) for s in SIGNALS)

    def _tolerance(self, signal: Signal) -> float | None:
        return getattr(self.signals, signal.name).tolerance if signal.tolerance is not None else None


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


def load(path: Path) -> Settings:
    """The settings in ``path``, the defaults if there is no such file.  Raises ConfigError."""
    try:
        if path.exists() and not path.is_file():
            raise ConfigError(f"settings {path} is no file; correct or remove it")
        text = decoded(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise ConfigError(f"settings {path} cannot be read ({error.strerror}); correct or remove the file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"settings {path} is no TOML text; open it in an editor and save it as UTF-8") from error
    return checked(text, path)


def checked(text: str, path: Path) -> Settings:
    """The settings in ``text``, which stands or is to stand in ``path``.  Raises ConfigError."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"settings {path} is not valid TOML: {error}; correct that line") from error
    except ValidationError as error:
        raise ConfigError(f"settings {path}: {_explain(error)}") from error
    except RecursionError as error:
        raise ConfigError(f"settings {path} is nested too deeply; remove the brackets") from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise ConfigError(f"settings {path} holds a number that is far too large; correct it") from error


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    *parents, key = [str(part) for part in first["loc"]] or ["settings"]
    name = ".".join([*parents, key])
    if first["type"] == "extra_forbidden":
        return f"unknown key {name!r}{nearest(key, _names(parents))}; remove or rename it"
    value = first.get("input")
    shown = "" if isinstance(value, dict) else f" = {shortened(value)}"
    return f"{name}{shown}: {first['msg'].removeprefix('Value error, ').lower()}; correct it"


def _names(parents: Iterable[str]) -> list[str]:
    model: Any = Settings
    for part in parents:
        model = model.model_fields[part].annotation
    return list(model.model_fields)


def nearest(name: str, names: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` or nothing, for an error message."""
    close = difflib.get_close_matches(name, list(names), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
