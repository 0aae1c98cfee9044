"""Parses durations and end times as people type them: ``30m``, ``1h30m``, ``until 14:00``, ``until tomorrow``."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from monitor.app.home import Home
from monitor.core.errors import ConfigError
from monitor.core.reminders.commands import LONGEST_S

# "Until tomorrow" is until the next day's working time may begin, not until midnight [E].
MORNING = time(6)
# Slightly less than the maximum, so that a clock difference cannot exceed it.
MOST_S = LONGEST_S - 3600.0
_PART = r"(\d+(?:\.\d+)?)\s*(d|days?|h|hours?|hrs?|m|mins?|minutes?|s|secs?|seconds?)"
_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_AS_THIS = "give a length such as 30m or 1h30m, or until 14:00, or until tomorrow"


def end_of(words: Sequence[str], now: float, home: Home, default_s: float) -> float:
    """The end time (POSIX s, later than ``now``) given by ``words``; without words ``default_s`` from now.

    Raises ConfigError if they cannot be parsed, or mean more than a week.
    """
    said = " ".join(words).strip().lower()
    if not said:
        return now + default_s
    named = re.fullmatch(r"(?:until|till)\s+(.+)", said)
    end = _until(named[1], now, home) if named else now + _length(said)
    if not 0 < end - now <= MOST_S:
        raise ConfigError(f"{said!r} is not between a second and a week; {_AS_THIS}")
    return end


def _length(said: str) -> float:
    bare = said.removeprefix("for ")
    if re.fullmatch(r"\d+(\.\d+)?", bare):
        bare += "m"
    if not re.fullmatch(rf"(?:{_PART}\s*)+", bare):
        raise ConfigError(f"{said!r} is no length of time; {_AS_THIS}")
    return sum(float(number) * _SECONDS[unit[0]] for number, unit in re.findall(_PART, bare))


def _until(said: str, now: float, home: Home) -> float:
    if said == "tomorrow":
        return _at(home.date_of(now) + timedelta(days=1), MORNING, home.tz, now)
    clock = re.fullmatch(r"(\d{1,2})[:.](\d{2})", said)
    if not clock or int(clock[1]) > 23 or int(clock[2]) > 59:  # noqa: PLR2004  # a clock's numbers
        raise ConfigError(f"{said!r} is no time of day; {_AS_THIS}")
    today, wanted = datetime.fromtimestamp(now, home.tz).date(), time(int(clock[1]), int(clock[2]))
    end = _at(today, wanted, home.tz, now)
    return end if end > now else _at(today + timedelta(days=1), wanted, home.tz, now)


def _at(day: date, wanted: time, tz: tzinfo, now: float) -> float:
    """That time on that day; where the clocks go back and it occurs twice, the first one in the future."""
    first, second = (datetime.combine(day, wanted, tz).replace(fold=fold).timestamp() for fold in (0, 1))
    return first if first > now else second
