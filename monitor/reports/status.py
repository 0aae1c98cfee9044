"""The status in a few lines: whether a monitor runs, its live state, and today so far."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from monitor.core.history.live_state import LiveState
from monitor.core.history.records import Records, ReminderRecord
from monitor.core.reminders.suppression import BLIND
from monitor.core.sedentary.bouts import RUNS, Bout, run_of
from monitor.core.vocabulary import Activity, Reason
from monitor.reports.present import age_words, decision_values, live_values, present_line
from monitor.texts.catalogue import mode, reason, reminder_name, text
from monitor.texts.reminders import clock, duration, moment, why_of

_CHANNELS = {
    "desktop": "Reminders appear on the desktop",
    "console": "Reminders appear in the terminal of the monitor",
    "none": "Reminders are turned off",
}
_SHOWN = {"desktop": "shown on the desktop", "console": "shown in the terminal", "none": "not shown"}


@dataclass(frozen=True, slots=True)
class RunRestrictions:
    """What holds the monitor or its reminders back, and how the camera is used; None: nothing, or unknown.

    Times are POSIX seconds.  ``marked_break``: the last one of the recorded file that is playing, which is no part of today.
    """

    paused_until: float | None = None
    snoozed_until: float | None = None
    silent: str | None = None
    silent_since: float | None = None
    source: str | None = None
    mode: str | None = None
    marked_break: float | None = None


def now_lines(
    today: Records,
    process: int | None,
    notifications: str,
    tz: tzinfo,
    hold: RunRestrictions = RunRestrictions(),
    live: LiveState | None = None,
) -> Iterator[str]:
    """A few lines for people; ``today`` reaches from midnight to now, ``process`` is the running monitor's number."""
    bout = _running_bout(today)
    if process is None:
        yield "No monitor is running. Start one with: posture-monitor start"
    elif live is not None:
        yield f"A monitor is running (process {process}), {age_words(live, today.end)}: {present_line(live, today.end)}."
    elif bout is None:
        yield f"A monitor is running (process {process}); nothing has been seen yet."
    else:
        why = f" ({reason(bout.why)})" if bout.why and bout.activity is Activity.UNKNOWN else ""
        yield f"A monitor is running (process {process}): {text('activities', bout.activity)}{why} since {clock(bout.start, tz)}."
    if hold.source:
        yield f"Source: {hold.source}" + (f" ({mode(hold.mode)})" if hold.mode else "")
    yield from _hold_lines(hold, today.end, tz)
    if line := today_line(today):
        yield line
    marked = last_marked_break(today.bouts) if hold.marked_break is None else hold.marked_break
    if marked is not None:
        yield f"You marked a break at {clock(marked, tz)}."
    if today.reminders:
        last = today.reminders[-1]
        kind, at = reminder_name(last.reminder.kind), clock(last.reminder.t, tz)
        yield f"Last reminder: {kind} at {at} ({_SHOWN.get(last.shown or 'none', last.shown)})."
    yield _where(notifications)


def last_marked_break(bouts: Iterable[Bout]) -> float | None:
    """When (POSIX s) the person marked the last break of ``bouts``; None without one."""
    return max((bout.start for bout in bouts if bout.why == Reason.MARKED_BREAK), default=None)


def _running_bout(today: Records) -> Bout | None:
    """The last bout of the session that runs, None without one: what an earlier session saw last is not now."""
    running = today.sessions[-1] if today.sessions else None
    bout = today.bouts[-1] if today.bouts else None
    return bout if running and running.end is None and bout and bout.end > running.start else None


def _where(notifications: str) -> str:
    """Where reminders appear, and in brackets the short of what is wrong; ``doctor`` has all of it."""
    channel, _, why = notifications.partition(": ")
    short = re.split(r" \(|; ", why)[0].rstrip(".")
    return f"{_CHANNELS.get(channel, channel)}{f' ({short}; see: posture-monitor doctor)' if short else ''}."


def today_line(today: Records) -> str | None:
    """The time so far by activity, None if nothing was observed."""
    spent = ", ".join(f"{text('activities', kind)} {duration(seconds)}" for kind, seconds in _totals(today).items() if seconds)
    return f"Today: {spent}." if spent else None


def held_back(hold: RunRestrictions, now: float, tz: tzinfo) -> Iterator[str]:
    """What holds the monitor or its reminders back, the person's own commands first."""
    if hold.paused_until:
        yield f"Paused until {moment(hold.paused_until, now, tz)}"
    if hold.snoozed_until:
        yield f"Reminders are snoozed until {moment(hold.snoozed_until, now, tz)}"
    if hold.silent and hold.silent not in (Reason.PAUSED, Reason.SNOOZED):
        since = f" since {moment_since(hold.silent_since, now, tz)}" if hold.silent_since else ""
        yield f"{'Nothing is watched' if hold.silent in BLIND else 'Reminders are off'}{since}: {reason(hold.silent)}"


def _hold_lines(hold: RunRestrictions, now: float, tz: tzinfo) -> Iterator[str]:
    ordered = (hold.paused_until is not None) + (hold.snoozed_until is not None)
    for number, line in enumerate(held_back(hold, now, tz)):
        yield f"{line}; to end it sooner: posture-monitor resume" if number < ordered else f"{line}."


def why_lines(last: ReminderRecord | None, hold: RunRestrictions, now: float, tz: tzinfo) -> Iterator[str]:
    """Why the last reminder came and its response, and what holds reminders back now."""
    if last is None:
        yield "No reminder has come yet."
    else:
        kind, at = reminder_name(last.reminder.kind), moment_since(last.reminder.t, now, tz)
        why = why_of(last.reminder, tz)
        yield f"Last reminder, at {at}: {kind}. {why[0].upper()}{why[1:]}."
        yield f"It was {_SHOWN.get(last.shown or 'none', last.shown)}. {_followed(last)}"
    held = list(_hold_lines(hold, now, tz))
    yield from held or ["Nothing keeps reminders back now."]


def why_values(last: ReminderRecord | None, hold: RunRestrictions, tz: tzinfo, live: LiveState | None = None) -> dict[str, Any]:
    """The same for programs."""
    said = last.reminder if last else None
    return {
        "last_reminder": {
            "kind": said.kind,
            "t": _iso(said.t, tz),
            "why": why_of(said, tz),
            "shown": last.shown,
            "responded": last.responded,
            "after_s": last.after_s,
        }
        if last and said
        else None,
        "decisions": decision_values(live, tz),
        **_hold_values(hold, tz),
    }


def _followed(last: ReminderRecord) -> str:
    if last.responded is None:
        return "Whether you moved after it is not known."
    return f"A change followed after {duration(last.after_s or 0.0)}." if last.responded else "Nothing changed in five minutes."


def moment_since(t: float, now: float, tz: tzinfo) -> str:
    """The local time of ``t`` (POSIX s), with its date unless that is the same as of ``now``."""
    same_day = datetime.fromtimestamp(t, tz).date() == datetime.fromtimestamp(now, tz).date()
    return clock(t, tz) if same_day else f"{datetime.fromtimestamp(t, tz):%Y-%m-%d %H:%M}"


def _hold_values(hold: RunRestrictions, tz: tzinfo) -> dict[str, Any]:
    return {
        "paused_until": _iso(hold.paused_until, tz) if hold.paused_until else None,
        "snoozed_until": _iso(hold.snoozed_until, tz) if hold.snoozed_until else None,
        "silent": hold.silent,
        "silent_since": _iso(hold.silent_since, tz) if hold.silent and hold.silent_since else None,
    }


def now_values(
    today: Records,
    process: int | None,
    notifications: str,
    tz: tzinfo,
    hold: RunRestrictions = RunRestrictions(),
    live: LiveState | None = None,
) -> dict[str, Any]:
    """The same for programs; lengths in seconds, times in ISO 8601, null where there is nothing."""
    bout = _running_bout(today) if process is not None else None
    state, since = (live.state, live.since) if live else (bout.activity, bout.start) if bout else (None, None)
    last = today.reminders[-1].reminder if today.reminders else None
    return {
        "running": process is not None,
        "process": process,
        "state": state and state.value,
        "since": None if since is None else _iso(since, tz),
        "run_s": {name: round(run_of(kinds, today.bouts, today.end).seconds, 1) for name, kinds in RUNS.items()}
        | {name: round(seconds, 1) for name, seconds in (live.runs if live else {}).items()},
        "today_s": {kind.value: round(seconds, 1) for kind, seconds in _totals(today).items()},
        "last_reminder": {"kind": last.kind, "t": _iso(last.t, tz), "shown": today.reminders[-1].shown} if last else None,
        "notifications": notifications,
        "source": hold.source,
        "mode": hold.mode,
        "live": live_values(live, today.end, tz),
        **_hold_values(hold, tz),
    }


def _totals(today: Records) -> dict[Activity, float]:
    return {kind: sum(b.seconds for b in today.bouts if b.activity is kind) for kind in Activity}


def _iso(t: float, tz: tzinfo) -> str:
    return datetime.fromtimestamp(t, tz).isoformat(timespec="seconds")
