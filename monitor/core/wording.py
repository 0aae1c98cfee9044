"""What a reminder says: a short title, why it came in one plain line, and a tip.

Careful words (science.md 4.6, 8): a change of position is offered, nothing is judged, nothing is promised.  ``tz`` turns POSIX
seconds into the person's clock.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from monitor.core.reminders import Level, Reminder
from monitor.core.signals import BY_NAME

TITLES: Mapping[tuple[str, Level], str] = {
    ("sat_too_long", Level.SOFT): "Time to move a little",
    ("sat_too_long", Level.FIRM): "Please take a break from sitting",
    ("stood_too_long", Level.SOFT): "Time to change from standing",
    ("stood_too_long", Level.FIRM): "Please take a break from standing",
    ("posture_held", Level.SOFT): "You have held this position for a while",
    ("too_close", Level.SOFT): "Close to the screen",
    ("camera_moved", Level.SOFT): "The camera was moved",
}
TIPS: Mapping[str, str] = {
    "sat_too_long": (
        "Get up slowly and walk about for two minutes, or change your position. Try not to stand still for long either."
    ),
    "stood_too_long": "Sit down for a while, or walk a few steps. Changing position eases stiffness.",
    "posture_held": "Shift your position, lean back or move about a little.",
    "too_close": "Lean back a little, or bring the text closer by making it larger.",
    "camera_moved": "Posture is not compared until you calibrate again or put it back; times go on.",
}


def text_of(reminder: Reminder, tz: tzinfo) -> tuple[str, str]:
    """Title (at most 63 characters) and body (at most 255) of a reminder."""
    why = why_of(reminder, tz)
    return TITLES[reminder.kind, reminder.due.level], f"{why[0].upper()}{why[1:]}. {TIPS[reminder.kind]}"


def why_of(reminder: Reminder, tz: tzinfo) -> str:
    """Why it fired, in one plain line: ``sitting for 31 min; last break at 10:12``."""
    due = reminder.due
    if reminder.kind == "camera_moved":
        return f"the background is not where it was when you calibrated, since {clock(due.since, tz)}"
    if due.signals:
        return f"{labels(due.signals)} away from your calibrated position for {duration(due.seconds)}"
    rest = "last break at" if due.after_break else "no break since"
    return f"{reminder.activity} for {duration(due.seconds)}; {rest} {clock(due.since, tz)}"


def labels(signals: tuple[str, ...]) -> str:
    """The signals' labels, joined for a sentence."""
    *first, last = [BY_NAME[name].label if name in BY_NAME else name for name in signals]
    return f"{', '.join(first)} and {last}" if first else last


def duration(seconds: float) -> str:
    """A length of time as people say it: ``45 s``, ``31 min``, ``1 h 05 min``."""
    minutes = int(seconds // 60)
    if minutes < 2:  # noqa: PLR2004  # "90 s" says more than "1 min"
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"  # noqa: PLR2004


def clock(t: float, tz: tzinfo) -> str:
    """The time of day (HH:MM) of ``t`` (POSIX s)."""
    return datetime.fromtimestamp(t, tz).strftime("%H:%M")
