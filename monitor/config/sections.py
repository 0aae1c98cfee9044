"""The tables of ``settings.toml`` that are written out; those of reminders and signals are generated."""

from datetime import time, tzinfo
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.config.fields import DAYS, Clock, Day, PhoneNumber, Positive, minutes_of_day
from monitor.core.camera.lens import USUAL_FOV_DEG, Lens
from monitor.core.reminders.suppression import SuppressionPolicy
from monitor.core.vocabulary import Reason

# A straight lens of a wider field would need a picture several times as wide.
WIDEST_STRAIGHT_DEG = 130


class Section(BaseModel):
    """A table of ``settings.toml``: its fields are the keys, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CameraSettings(Section):
    """Which camera, and how much of it."""

    device: Annotated[int, Field(ge=0, lt=1000)] | str = 0
    # Of an address that names a user alone; the variable and the system's store of passwords come before it.
    password: str | None = None
    rate_hz: Annotated[float, Field(gt=0, le=30)] = 5.0
    width: Annotated[int, Field(ge=160, le=3840)] = 640
    height: Annotated[int, Field(ge=120, le=2160)] = 480
    # How far the picture is turned clockwise (deg), for a camera that is mounted on its side or upside down; auto finds it out.
    rotate: Literal[0, 90, 180, 270, "auto"] = 0
    # The lens's horizontal field of view and how far the camera looks down (deg; negative: up): angles are corrected for both.
    fov: Annotated[float, Field(ge=20, le=180)] | None = None
    tilt: Annotated[float, Field(ge=-60, le=60)] | None = None
    fisheye: bool = False
    # Open all the time, or opened for a look every so often; auto is steady, and interval on battery.
    mode: Literal["auto", "steady", "interval"] = "auto"
    interval_s: Annotated[float, Field(ge=10, le=120)] = 30.0

    @model_validator(mode="after")
    def _fits_the_lens(self) -> Self:
        if not self.fisheye and self.fov is not None and self.fov > WIDEST_STRAIGHT_DEG:
            raise ValueError(f"fov above {WIDEST_STRAIGHT_DEG} is a fish-eye's; set fisheye = true before")
        return self

    @property
    def lens(self) -> Lens | None:
        """The lens to correct for, None where neither field nor tilt is set."""
        if self.fov is None and self.tilt is None:
            return None
        return Lens(self.fov or USUAL_FOV_DEG, self.tilt or 0.0, self.fisheye and self.fov is not None)


class ScreenSettings(Section):
    """How far the eyes were from the screen while calibrating, if the person measured it."""

    distance_cm: Positive | None = None


class SilenceSettings(Section):
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
        quiet = (minutes_of_day(self.quiet_from), minutes_of_day(self.quiet_to)) if self.quiet_from and self.quiet_to else None
        days = frozenset(DAYS.index(day) for day in self.working_days)
        return SuppressionPolicy(tz, quiet, days, frozenset(why for why, on in heeded.items() if on), self.reminders_per_hour)


class NotificationSettings(Section):
    """What notifications may say."""

    # Nothing of pain, pregnancy or tips, for who shares the screen; the tip is still shown by ``tip`` and the button More.
    discreet: bool = False


class ContactSettings(Section):
    """The person's own telephone numbers, named where a call is asked for."""

    emergency: PhoneNumber | None = None
    maternity: PhoneNumber | None = None
    doctor: PhoneNumber | None = None
    early_pregnancy: PhoneNumber | None = None
    crisis: PhoneNumber | None = None

    def numbers(self) -> dict[str, str]:
        """Those that are set, by name."""
        return {name: number for name, number in self if number is not None}


class AdviceSettings(Section):
    """What tips may ask for, the hours (of the clock) that want short ones, and when to ask for a check-in (h; None: never)."""

    at_hand: list[Literal["chair", "desk", "wall", "floor"]] = ["chair", "desk", "wall", "floor"]
    busy_hours: list[Annotated[int, Field(ge=0, le=23)]] = [9, 10, 11, 14, 15]
    check_in_at_h: Annotated[float, Field(ge=0, lt=24, allow_inf_nan=False)] | None = None


class DaySettings(Section):
    """When a day of the person begins by the clock: who works past midnight still works on the day before."""

    begins_at: Clock = "04:00"

    @property
    def begins(self) -> time:
        """It as a time of day."""
        return time.fromisoformat(self.begins_at)


class DataSettings(Section):
    """How many days the history is kept (0: for ever), and whether check-ins and standing checks stay whatever their age.

    Two years hold a pregnancy and the year after a birth, the longest course that the stages cover (280 + 365 days), and let this
    month be held against the same one a year ago.
    """

    keep_days: Annotated[int, Field(ge=0)] = 730
    keep_check_ins: bool = False
