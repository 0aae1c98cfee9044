"""The types that sections of the settings share."""

from datetime import time
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _clock(value: Any) -> Any:
    """``HH:MM`` for a TOML time; any other value unchanged."""
    return value.strftime("%H:%M") if isinstance(value, time) else value


Clock = Annotated[str, BeforeValidator(_clock), Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _digits(value: Any) -> Any:
    """The digits of a whole number, as typed without quotes (``emergency = 112``); any other value unchanged."""
    return str(value) if type(value) is int else value


# Two of them and the longest answer fit a notification.
PhoneNumber = Annotated[str, BeforeValidator(_digits), Field(min_length=1, max_length=30)]


def minutes_of_day(clock: str) -> int:
    """Minutes since midnight of a time ``HH:MM``."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
