"""What a person orders without a window, as values that enter the pipeline beside observations.

A pause and a snooze always end by themselves: both hold a time, and none longer than a week.  What a command means for the
reminders is decided in ``silence`` and ``reminders``; who writes commands down, and where, is not known here.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class CommandKind(StrEnum):
    """What is ordered."""

    PAUSE = "pause"
    RESUME = "resume"
    SNOOZE = "snooze"
    MARK = "mark"
    NOT_NOW = "not now"
    STOP = "stop"


class Mark(StrEnum):
    """What the person says of themselves."""

    STANDING = "standing"
    SITTING = "sitting"
    BREAK = "break"


# Long enough for any leave of absence from the desk, short enough that nobody forgets it for good [E].
LONGEST_S = 7 * 86400.0
_TIMED = frozenset({CommandKind.PAUSE, CommandKind.SNOOZE})
# A week later is a week later, whatever a float of POSIX seconds makes of it.
_ROUNDING_S = 1e-3


@dataclass(frozen=True, slots=True)
class Command:
    """An order given at ``t``; a pause or snooze holds up to ``until`` (both POSIX s), a mark says ``what``.

    Raises ValueError if a pause or snooze would not end within a week, or if something is there that does not belong to it.
    """

    t: float
    kind: CommandKind
    until: float | None = None
    what: Mark | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.t):
            raise ValueError(f"{self.kind} at no time ({self.t})")
        if (self.kind in _TIMED) is (self.until is None) or (self.kind is CommandKind.MARK) is (self.what is None):
            raise ValueError(f"{self.kind} with until={self.until} and what={self.what}")
        if self.until is not None and not 0 < self.until - self.t <= LONGEST_S + _ROUNDING_S:
            raise ValueError(f"{self.kind} of {self.until - self.t:g} s; it must end within {LONGEST_S:g} s")

    def moved(self, now: float, t: float) -> "Command | None":
        """The same order on another clock that shows ``t`` when the order's own shows ``now``; None if it has run out."""
        if self.until is None:
            return replace(self, t=t)
        # A clock that was set back would make the rest longer than any; and on a large number a short one may vanish.
        until = t + min(self.until - now, LONGEST_S)
        return replace(self, t=t, until=until) if until > t else None


@dataclass(frozen=True, slots=True)
class ActiveCommands:
    """The orders that hold on: up to when (POSIX s) the person wants a pause, and a snooze."""

    paused_until: float = -math.inf
    snoozed_until: float = -math.inf

    def after(self, command: Command) -> "ActiveCommands":
        """What holds once ``command`` was given; the latest order counts, and resuming ends both."""
        if command.until is not None:
            ends = "paused_until" if command.kind is CommandKind.PAUSE else "snoozed_until"
            return replace(self, **{ends: command.until})
        return ActiveCommands() if command.kind is CommandKind.RESUME else self

    def paused(self, t: float) -> bool:
        """Whether nothing is to be watched at ``t``."""
        return t < self.paused_until

    def snoozed(self, t: float) -> bool:
        """Whether no reminder is wanted at ``t``."""
        return t < self.snoozed_until
