"""The types that sections of the settings share."""

from datetime import time
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

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


def _dialled(number: str) -> str:
    if not any(character.isdecimal() for character in number):
        raise ValueError("a telephone number has digits")
    return number


# Two of them and the longest answer fit a notification.
PhoneNumber = Annotated[str, BeforeValidator(_digits), Field(min_length=1, max_length=30), AfterValidator(_dialled)]

LOOPBACK = frozenset({"127.0.0.1", "::1"})
ACTIVITYWATCH_PORT = 5600


def loopback(address: str) -> tuple[str, int]:
    """Host and port of an address such as http://127.0.0.1:5600.  Raises ValueError for any that is not of this computer."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    if parts.scheme != "http" or host not in LOOPBACK or host is None or parts.port == 0:
        raise ValueError(f"{address} is no address of this computer")
    return host, ACTIVITYWATCH_PORT if parts.port is None else parts.port


def _of_this_computer(address: str) -> str:
    try:
        loopback(address)
    except ValueError as error:
        raise ValueError(f"no address on this computer; write it as http://127.0.0.1:{ACTIVITYWATCH_PORT}") from error
    return address


LoopbackAddress = Annotated[str, AfterValidator(_of_this_computer)]


def minutes_of_day(clock: str) -> int:
    """Minutes since midnight of a time ``HH:MM``."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
