"""The message of a reminder: a short title, and why it came in one plain line; a tip is added elsewhere.

Careful wording (science.md 4.6, 8): a change of position is offered, without judgement or promise.  ``tz`` is the zone of local
times.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.kinds import clock_of
from monitor.core.reminders.rules import Level
from monitor.texts.catalogue import joined, known, label, text

# More signals would leave no room for a tip in 255 units.
_NAMED = 3
_SHORT_S = 120.0


@dataclass(frozen=True, slots=True)
class Message:
    """A message: a title, one or two sentences, and the id of the tip in it, if there is one."""

    title: str
    body: str
    tip: str | None = None


def title(kind: str, level: Level = Level.SOFT, *, resting: bool = False) -> str:
    """The title of a kind of reminder, with ``resting`` that for a person who may not walk; the kind itself where it has none."""
    names = [Level.FIRM, "title"] if level is Level.FIRM else ["title"]
    own = [f"resting_{Level.FIRM}" if level is Level.FIRM else "resting"] if resting else []
    found = (known(f"reminders.{kind}", name) for name in (*own, *names))
    return next((text for text in found if text), kind.replace("_", " ").capitalize())


def plain(reminder: Reminder, tz: tzinfo) -> Message:
    """A reminder without any tip: its title, and why it came."""
    return Message(title(reminder.kind, reminder.due.level), opening(reminder, tz))


def opening(reminder: Reminder, tz: tzinfo) -> str:
    """Why it came, as a sentence."""
    why, then = why_of(reminder, tz), known(f"reminders.{reminder.kind}", "then")
    return f"{why[0].upper()}{why[1:]}.{f' {then}' if then else ''}"


def why_of(reminder: Reminder, tz: tzinfo) -> str:
    """Why it came, in one plain line: ``sitting for 31 min; last break at 10:12``."""
    due, kind = reminder.due, clock_of(reminder.kind) or ("posture" if reminder.due.signals else "other")
    sentence = known(f"reminders.{reminder.kind}", "why") or known("reminder_why", kind) or text("reminder_why", "other")
    return sentence.format(
        activity=text("activities", reminder.activity),
        length=spell(due.seconds),
        since=clock(due.since, tz),
        rest=text("reminder_why", "after_break" if due.after_break else "no_break"),
        signals=labels(due.signals[:_NAMED]) if due.signals else "",
    )


def plain_missed(missed: DeferredNotice) -> Message:
    """The message about deferred reminders, in one line: ``While you were in a call: sat 55 min``."""
    spent = " and ".join(
        f"{known(f'reminders.{kind}', 'spent') or kind.replace('_', ' ')} {duration(seconds)}"
        for kind, seconds in missed.durations.items()
    )
    return Message(f"While {text('while', missed.why)}: {spent}", "Change position whenever you are ready.")


def labels(signals: tuple[str, ...]) -> str:
    """The deviations of these signals as text, for a sentence that continues with "more than usual"."""
    return joined(known("signals_out", name) or label(name) for name in signals)


def duration(seconds: float) -> str:
    """A duration: ``45 s``, ``31 min``, ``1 h 05 min``."""
    # The difference of two POSIX times is off by less than a microsecond; 599.9999999 s are 10 min.
    minutes = int(round(seconds, 3) // 60)
    if minutes < 2:  # noqa: PLR2004  # "90 s" says more than "1 min"
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"  # noqa: PLR2004


def spell(seconds: float) -> str:
    """A duration in a sentence, without seconds."""
    if seconds >= _SHORT_S:
        return duration(seconds)
    return "a minute or two" if seconds >= _SHORT_S / 2 else "less than a minute"


def clock(t: float, tz: tzinfo) -> str:
    """The time of day (HH:MM) of ``t`` (POSIX s)."""
    return datetime.fromtimestamp(t, tz).strftime("%H:%M")


def moment(t: float, now: float, tz: tzinfo) -> str:
    """The local time of ``t`` relative to ``now`` (POSIX s): ``14:00``, ``tomorrow 06:00``, ``Monday 06:00``."""
    at, today = datetime.fromtimestamp(t, tz), datetime.fromtimestamp(now, tz)
    days = (at.date() - today.date()).days
    day = {0: "", 1: "tomorrow "}.get(days, f"{at:%A} " if 0 < days < 7 else f"{at:%Y-%m-%d} ")  # noqa: PLR2004  # a week
    return f"{day}{at:%H:%M}"
