"""The present in a few lines: whether a monitor runs, what it sees, and today so far."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from monitor.core.activity import Activity
from monitor.core.bouts import run_of
from monitor.core.pipeline import RUNS
from monitor.core.records import Records
from monitor.core.wording import clock, duration


def now_lines(today: Records, process: int | None, notifications: str, tz: tzinfo) -> Iterator[str]:
    """A few lines for people; ``today`` reaches from midnight to now, ``process`` is the running monitor's number."""
    bout = today.bouts[-1] if today.bouts else None
    if process is None:
        yield "No monitor is running. Start one with: posture-monitor run"
    elif bout is None:
        yield f"A monitor is running (process {process}); it has seen nothing yet."
    else:
        yield f"A monitor is running (process {process}): {bout.activity} since {clock(bout.start, tz)}."
    totals = _totals(today)
    if any(totals.values()):
        spent = ", ".join(f"{kind} {duration(seconds)}" for kind, seconds in totals.items() if seconds)
        yield f"Today: {spent}."
    if today.told:
        last = today.told[-1]
        kind, at = last.reminder.kind.replace("_", " "), clock(last.reminder.t, tz)
        yield f"Last reminder: {kind} at {at} ({last.shown or 'not shown'})."
    yield f"Notifications: {notifications}"


def now_values(today: Records, process: int | None, notifications: str, tz: tzinfo) -> dict[str, Any]:
    """The same for programs; lengths in seconds, times in ISO 8601, null where there is nothing."""
    bout = today.bouts[-1] if today.bouts and process is not None else None
    last = today.told[-1].reminder if today.told else None
    return {
        "running": process is not None,
        "process": process,
        "state": bout.activity.value if bout else None,
        "since": _iso(bout.start, tz) if bout else None,
        "run_s": {name: round(run_of(kinds, today.bouts).seconds, 1) for name, kinds in RUNS.items()},
        "today_s": {kind.value: round(seconds, 1) for kind, seconds in _totals(today).items()},
        "last_reminder": {"kind": last.kind, "t": _iso(last.t, tz), "shown": today.told[-1].shown} if last else None,
        "notifications": notifications,
    }


def _totals(today: Records) -> dict[Activity, float]:
    return {kind: sum(b.seconds for b in today.bouts if b.activity is kind) for kind in Activity}


def _iso(t: float, tz: tzinfo) -> str:
    return datetime.fromtimestamp(t, tz).isoformat(timespec="seconds")
