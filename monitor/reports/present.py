"""The live state of a running monitor, the next reminder, and what holds each reminder back: for people and for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from monitor.core.history.live_state import LiveState
from monitor.core.reminders.decisions import Decision
from monitor.core.vocabulary import Activity, Hold
from monitor.texts.catalogue import reason, reminder_name, text
from monitor.texts.reminders import duration, moment

_HEAD = ("Reminder", "So far", "What holds it back")


def present_line(live: LiveState, now: float) -> str:
    """The activity and the next reminder: ``sitting for 24 min, next reminder in 6 min``; ``now`` is wall clock POSIX s."""
    age = live.age(now)
    why = f" ({reason(live.why)})" if live.why and live.state is Activity.UNKNOWN else ""
    seen = f"{text('activities', live.state)}{why} for {duration(live.state_s + age)}"
    coming = live.next_reminder()
    return seen if coming is None else f"{seen}, next reminder in {duration(max(coming.seconds - age, 0.0))}"


def age_words(live: LiveState, now: float) -> str:
    """The age at ``now`` (POSIX s of the wall clock): ``seen 4 s ago``."""
    return f"seen {duration(live.age(now))} ago"


def decision_lines(live: LiveState | None, now: float, tz: tzinfo) -> Iterator[str]:
    """A line for each kind of reminder: its progress, and what holds it back."""
    if live is None or not live.decisions:
        yield "No monitor is running, so there are no reminders on their way."
        return
    rows = [_HEAD, *decision_rows(live, now, tz)]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    yield f"How far each reminder is, {age_words(live, now)}:"
    yield from (f"{name:<{wide[0]}}  {far:<{wide[1]}}  {held}" for name, far, held in rows)


def decision_rows(live: LiveState, now: float, tz: tzinfo) -> list[tuple[str, str, str]]:
    """Each kind of reminder: its name, how far it is, and what holds it back."""
    return [(reminder_name(one.kind), _far(one), _held(one, now, tz)) for one in live.decisions]


def live_values(live: LiveState | None, now: float, tz: tzinfo) -> dict[str, Any] | None:
    """The live state for programs; durations in seconds, times in ISO 8601; None without a live state."""
    if live is None:
        return None
    coming = live.next_reminder()
    return {
        "t": _iso(live.written, tz),
        "age_s": round(live.age(now), 1),
        "state": live.state.value,
        "state_s": round(live.state_s, 1),
        "why": live.why,
        "posture": live.posture,
        "off": sorted(live.off),
        "next_reminder": {"kind": coming.kind, "in_s": round(coming.seconds, 1)} if coming else None,
        "readings": {name: _reading(r.value, r.sd, r.why) for name, r in live.readings.items()},
        "engine": live.engine,
        "notifier": live.notifier,
    }


def decision_values(live: LiveState | None, tz: tzinfo) -> list[dict[str, Any]]:
    """Every decision for programs, in the order of the table; ``hold`` is null for one that was shown at this step."""
    decisions = live.decisions if live else ()
    return [asdict(one) | {"until": None if one.until is None else _iso(one.until, tz)} for one in decisions]


def _far(one: Decision) -> str:
    return f"{duration(one.seconds)} of {duration(one.of_s)}" if one.of_s else "-"


def _held(one: Decision, now: float, tz: tzinfo) -> str:
    if one.hold is None:
        return "nothing: it came"
    detail = one.detail and (reminder_name(one.detail) if one.hold is Hold.ANOTHER_FIRST else reason(one.detail))
    held = text("holds", one.hold).format(detail=detail, used=one.used, allowed=one.allowed)
    return held if one.until is None else f"{held}, until {moment(one.until, now, tz)}"


def _reading(value: float, sd: float, why: str | None) -> dict[str, Any]:
    return {"value": _number(value), "sd": _number(sd), "why": why}


def _number(value: float) -> float | None:
    return None if value != value else round(value, 3)  # noqa: PLR0124  # NaN


def _iso(t: float, tz: tzinfo) -> str:
    return datetime.fromtimestamp(t, tz).isoformat(timespec="seconds")
