"""Commands of the person to the running monitor, as values that enter the pipeline between observations.

A pause and a snooze always end by themselves: both have an end time, at most a week ahead.  Their effect is decided in
``suppression`` and ``scheduler``; how commands are transported is not known here.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class CommandKind(StrEnum):
    """The kinds of commands."""

    PAUSE = "pause"
    RESUME = "resume"
    SNOOZE = "snooze"
    MARK = "mark"
    NOT_NOW = "not now"
    STOP = "stop"


class Mark(StrEnum):
    """What the person can mark."""

    STANDING = "standing"
    SITTING = "sitting"
    BREAK = "break"


# Long enough for any absence from the desk, short enough that a forgotten pause ends [E].
LONGEST_S = 7 * 86400.0
_TIMED = frozenset({CommandKind.PAUSE, CommandKind.SNOOZE})
# Tolerance (s) for the rounding of POSIX seconds.
ROUNDING_S = 1e-3


@dataclass(frozen=True, slots=True)
class Command:
    """A command given at ``t``; a pause or snooze lasts up to ``until`` (both POSIX s), a mark names ``what``.

    Raises ValueError if a pause or snooze would not end within a week, or if a field does not belong to the kind.
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
        if self.until is not None and not 0 < self.until - self.t <= LONGEST_S + ROUNDING_S:
            raise ValueError(f"{self.kind} of {self.until - self.t:g} s; it must end within {LONGEST_S:g} s")

    def moved(self, now: float, t: float) -> "Command | None":
        """The same command on another clock that shows ``t`` when the command's own shows ``now``; None if it has expired."""
        if self.until is None:
            return replace(self, t=t)
        # A clock that was set back could make the rest longer than allowed; in a large float a short rest may round to nothing.
        until = t + min(self.until - now, LONGEST_S)
        return replace(self, t=t, until=until) if until > t else None


@dataclass(frozen=True, slots=True)
class ActiveCommands:
    """The commands in force: when the pause and the snooze end (POSIX s)."""

    paused_until: float = -math.inf
    snoozed_until: float = -math.inf

    def after(self, command: Command) -> "ActiveCommands":
        """The commands in force after ``command``: the latest one counts, and resuming ends both."""
        if command.until is not None:
            ends = "paused_until" if command.kind is CommandKind.PAUSE else "snoozed_until"
            return replace(self, **{ends: command.until})
        return ActiveCommands() if command.kind is CommandKind.RESUME else self

    def paused(self, t: float) -> bool:
        """Whether monitoring is paused at ``t``."""
        return t < self.paused_until

    def snoozed(self, t: float) -> bool:
        """Whether reminders are snoozed at ``t``."""
        return t < self.snoozed_until
