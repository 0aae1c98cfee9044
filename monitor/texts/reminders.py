"""What a reminder says: a short title, and why it came in one plain line; a tip comes from outside.

Careful words (science.md 4.6, 8): a change of position is offered, nothing is judged, nothing is promised.  ``tz`` turns POSIX
seconds into the person's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.core.reminders.daily_check_in import CHECK_IN
from monitor.core.reminders.deferred import UNSEEN, DeferredNotice
from monitor.core.reminders.rules import Level
from monitor.core.reminders.scheduler import Reminder
from monitor.texts.catalogue import joined, known, label, text

TITLES: Mapping[tuple[str, Level], str] = {
    ("sat_too_long", Level.SOFT): "Time to move a little",
    ("sat_too_long", Level.FIRM): "Please take a break from sitting",
    ("stood_too_long", Level.SOFT): "Time to change from standing",
    ("stood_too_long", Level.FIRM): "Please take a break from standing",
    ("stood_today", Level.SOFT): "You have been on your feet a lot today",
    ("posture_held", Level.SOFT): "You have held this position for a while",
    ("too_close", Level.SOFT): "Close to the screen",
    ("lumbar_flexed", Level.SOFT): "Your lower back has been rounded for a while",
    ("camera_moved", Level.SOFT): "The camera was moved",
    (CHECK_IN, Level.SOFT): "How is your back today?",
}
# What the person should know with it.
_THEN: Mapping[str, str] = {
    "camera_moved": " Posture is not compared until you calibrate again or put it back; times go on: posture-monitor calibrate"
}
# More signals would leave no room for a tip in 255 units.
_NAMED = 3

_SPENT: Mapping[str, str] = {
    "sat_too_long": "sat",
    "stood_too_long": "stood",
    "stood_today": "stood today",
    UNSEEN: "not counted",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What a person is told: a title, one or two sentences, and the id of the tip among them, if there is one."""

    title: str
    body: str
    tip: str | None = None


def plain(reminder: Reminder, tz: tzinfo) -> Message:
    """A reminder without any tip: its title, and why it came."""
    return Message(TITLES[reminder.kind, reminder.due.level], opening(reminder, tz))


def opening(reminder: Reminder, tz: tzinfo) -> str:
    """Why it came, as a sentence."""
    why = why_of(reminder, tz)
    return f"{why[0].upper()}{why[1:]}.{_THEN.get(reminder.kind, '')}"


def why_of(reminder: Reminder, tz: tzinfo) -> str:
    """Why it fired, in one plain line: ``sitting for 31 min; last break at 10:12``."""
    due = reminder.due
    if reminder.kind == "lumbar_flexed":
        return f"{text('signals_out', 'lumbar_index')}, close to your own relaxed sitting, for {duration(due.seconds)}"
    if reminder.kind == "camera_moved":
        return f"the background is not where it was when you calibrated, since {clock(due.since, tz)}"
    if due.signals:
        named = due.signals if len(due.signals) <= _NAMED else (*due.signals[: _NAMED - 1], "more")
        return f"{labels(named)} away from your calibrated position for {duration(due.seconds)}"
    if reminder.kind == CHECK_IN:
        return "a short check-in takes a minute: type posture-monitor checkin"
    if reminder.kind == "stood_today":
        return f"standing for {duration(due.seconds)} today, all in all"
    rest = "last break at" if due.after_break else "no break since"
    return f"{reminder.activity} for {duration(due.seconds)}; {rest} {clock(due.since, tz)}"


def plain_missed(missed: DeferredNotice) -> Message:
    """What offers afterwards, in one line, what a silence held back: ``While you were in a call: sat 55 min``."""
    spent = " and ".join(f"{_SPENT[kind]} {duration(seconds)}" for kind, seconds in missed.durations.items())
    return Message(f"While {text('while', missed.why)}: {spent}", "Change your position when it suits you.")


def labels(signals: tuple[str, ...]) -> str:
    """The signals' labels, joined for a sentence."""
    return joined(known("signals_out", name) or label(name) for name in signals)


def duration(seconds: float) -> str:
    """A length of time as people say it: ``45 s``, ``31 min``, ``1 h 05 min``."""
    # The difference of two POSIX times is off by less than a microsecond; 599.9999999 s are 10 min.
    minutes = int(round(seconds, 3) // 60)
    if minutes < 2:  # noqa: PLR2004  # "90 s" says more than "1 min"
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"  # noqa: PLR2004


def clock(t: float, tz: tzinfo) -> str:
    """The time of day (HH:MM) of ``t`` (POSIX s)."""
    return datetime.fromtimestamp(t, tz).strftime("%H:%M")


def moment(t: float, now: float, tz: tzinfo) -> str:
    """When ``t`` is, seen from ``now`` (POSIX s): ``14:00``, ``tomorrow 06:00``, ``Monday 06:00``."""
    at, today = datetime.fromtimestamp(t, tz), datetime.fromtimestamp(now, tz)
    days = (at.date() - today.date()).days
    day = {0: "", 1: "tomorrow "}.get(days, f"{at:%A} " if 0 < days < 7 else f"{at:%Y-%m-%d} ")  # noqa: PLR2004  # a week
    return f"{day}{at:%H:%M}"
