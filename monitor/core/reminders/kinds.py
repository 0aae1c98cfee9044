"""The kinds of reminders, one row each.  Settings, scheduling, storage, reports and documentation follow from the row.

A new kind is a row here and its texts in the catalogue; without texts it is shown under its own name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.daily_check_in import AskDaily
from monitor.core.reminders.rules import CameraMovedRule, Rule, StoodToday, SustainedDeviation, TooLong
from monitor.core.vocabulary import Activity


class ReminderClock(StrEnum):
    """What a kind measures; this determines how it repeats, what answers it and whether it is deferred when suppressed."""

    SITTING = "sitting"  # the time since the last break from it
    STANDING = "standing"
    DAY = "day"  # all standing of the day
    POSTURE = "posture"  # how long signals were out of tolerance
    CAMERA = "camera"  # about the setup, not the person: no observed change is a response
    QUESTION = "question"  # a question to the person, once a day


_TIMES = frozenset({ReminderClock.SITTING, ReminderClock.STANDING, ReminderClock.DAY})


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """One row: its code, the rule that says when it is due and the rule's settable numbers, what it measures.

    ``fixed`` are the rule's other arguments.  ``tip`` is whether a tip goes with it, ``on`` whether it is enabled by default;
    ``settable`` False: it follows from other settings.
    """

    code: str
    rule: Callable[..., Rule]
    clock: ReminderClock
    defaults: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    tip: bool = True
    on: bool = True
    settable: bool = True

    def make(self, **numbers: Any) -> Rule:
        """A new rule of this kind, with its defaults where ``numbers`` has no other value."""
        return self.rule(**self.fixed, **{**self.defaults, **numbers})

    @property
    def of_time(self) -> bool:
        """Whether it measures sitting or standing: then a change of activity is the response, and it can be deferred."""
        return self.clock in _TIMES


def _judged(code: str) -> Mapping[str, frozenset[str]]:
    return {"only": frozenset(signal.name for signal in SIGNALS if signal.reminder == code)}


# Limits: science.md 4.4; shares and windows are engineering choices [E].  A window of posture counts where it is longer than what
# ``POSTURE_AFTER_MIN`` asks for.
REMINDERS: tuple[ReminderKind, ...] = (
    ReminderKind(
        "sat_too_long", TooLong, ReminderClock.SITTING, {"soft_min": 30, "firm_min": 60}, {"activity": Activity.SITTING}
    ),
    ReminderKind(
        "stood_too_long", TooLong, ReminderClock.STANDING, {"soft_min": 40, "firm_min": 60}, {"activity": Activity.STANDING}
    ),
    ReminderKind("stood_today", StoodToday, ReminderClock.DAY, {"limit_h": 4}),
    ReminderKind(
        "posture_held", SustainedDeviation, ReminderClock.POSTURE, {"window_s": 90, "share": 0.8}, _judged("posture_held")
    ),
    # Nearly all of it, with room for a missed sample.
    ReminderKind("too_close", SustainedDeviation, ReminderClock.POSTURE, {"window_s": 60, "share": 0.95}, _judged("too_close")),
    # Long, because a back is measured only while it is still, and unseen time counts as in tolerance; a slump of a minute is
    # harmless [E].
    ReminderKind(
        "lumbar_flexed", SustainedDeviation, ReminderClock.POSTURE, {"window_s": 600, "share": 0.6}, _judged("lumbar_flexed")
    ),
    ReminderKind("camera_moved", CameraMovedRule, ReminderClock.CAMERA, tip=False),
    ReminderKind("check_in", AskDaily, ReminderClock.QUESTION, tip=False, settable=False),
)
KINDS: Mapping[str, ReminderKind] = MappingProxyType({kind.code: kind for kind in REMINDERS})
SETTABLE: Mapping[str, ReminderKind] = MappingProxyType({kind.code: kind for kind in REMINDERS if kind.settable})
CHECK_IN = "check_in"


def default_rules() -> dict[str, Rule]:
    """A new rule of every kind that is enabled by default and needs nothing but its row, by code."""
    return {code: kind.make() for code, kind in SETTABLE.items() if kind.on}


def takes_tip(code: str) -> bool:
    """Whether a tip goes with the kind."""
    return code in KINDS and KINDS[code].tip


def clock_of(code: str) -> ReminderClock | None:
    """What the kind measures; None for a kind written by another version of the program."""
    return KINDS[code].clock if code in KINDS else None
