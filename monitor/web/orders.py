"""Orders to the running monitor from pages and API clients; the answer states only what is known to be done."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from monitor.app import remote
from monitor.app.home import Home
from monitor.app.time_spec import end_of
from monitor.core.errors import ConfigError
from monitor.core.reminders.commands import Mark
from monitor.texts.reminders import moment

OrderKind: TypeAlias = Literal["pause", "snooze", "resume", "mark", "start", "restart"]
MINUTE_S = 60.0


def give(home: Home, kind: str, value: str, now: float) -> str:
    """The outcome of an order, as a sentence; ``value`` is how long (``30``, ``until tomorrow``), or the mark.

    Raises ConfigError, StoreError.
    """
    order = _ORDERS.get(kind)
    if order is None:
        raise ConfigError(f"there is no order {kind!r}; give one of {', '.join(_ORDERS)}")
    return order(home, value, now)


def _pause(home: Home, value: str, now: float) -> str:
    until = end_of([value], now, home, remote.PAUSE_S)
    remote.pause(home, until)
    return f"Paused until {moment(until, now, home.tz)}."


def _snooze(home: Home, value: str, now: float) -> str:
    until = end_of([value], now, home, home.settings.silence.snooze_min * MINUTE_S)
    remote.snooze(home, until)
    return f"No reminder before {moment(until, now, home.tz)}."


def _resume(home: Home, _value: str, _now: float) -> str:
    remote.resume(home)
    return "Watching, and reminders may speak."


def _mark(home: Home, value: str, _now: float) -> str:
    if value not in set(Mark):
        raise ConfigError(f"{value!r} cannot be marked; give one of {', '.join(Mark)}")
    remote.mark(home, Mark(value))
    return f"Noted: {value}."


def _start(home: Home, _value: str, _now: float) -> str:
    remote.start(home)
    return "Watching."


def _restart(home: Home, _value: str, _now: float) -> str:
    remote.stop(home)
    remote.start(home)
    return "Watching, with the settings as they are now."


_ORDERS: Mapping[str, Callable[[Home, str, float], str]] = {
    "pause": _pause,
    "snooze": _snooze,
    "resume": _resume,
    "mark": _mark,
    "start": _start,
    "restart": _restart,
}
