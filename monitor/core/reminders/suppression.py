"""When reminders are suppressed, and why: pause, snooze, the person's hours, a call, the desktop state.

Only this state suppresses reminders; nothing outside may veto one.  A desktop state that is unknown (None) never suppresses.
"""

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeAlias

from monitor.core.body.pose import Observation
from monitor.core.reminders.commands import ActiveCommands, Command
from monitor.core.vocabulary import Reason

# While one of these holds no picture is analysed.
BLIND = frozenset({Reason.PAUSED, Reason.LOCKED, Reason.QUIET_HOURS, Reason.DAY_OFF})
# After these one message tells what was deferred; after quiet hours or a locked screen it would be stale.
INTERRUPTIONS = frozenset({Reason.SNOOZED, Reason.CALL, Reason.DO_NOT_DISTURB, Reason.FULL_SCREEN})

MINUTES_OF_DAY = 24 * 60
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class DesktopState:
    """The desktop state from ``t`` (POSIX s) on; None where it is unknown."""

    t: float
    do_not_disturb: bool | None = None
    full_screen: bool | None = None
    microphone: bool | None = None
    locked: bool | None = None
    battery: bool | None = None


RunInput: TypeAlias = Command | DesktopState


@dataclass(frozen=True, slots=True)
class SuppressionChanged:
    """From ``t`` on (POSIX s) reminders are suppressed for the reason ``why``; None: they are not."""

    t: float
    why: str | None


@dataclass(frozen=True, slots=True)
class SuppressionPolicy:
    """The person's own rules: quiet hours (minutes after midnight, may pass it), working days (0 is Monday), interruptions.

    ``per_hour`` is how many reminders an hour may bring at most; a day begins ``begins_min`` minutes after midnight.
    """

    tz: tzinfo = UTC
    quiet: tuple[int, int] | None = None
    days: frozenset[int] = EVERY_DAY
    heed: frozenset[str] = INTERRUPTIONS
    per_hour: int = 6
    begins_min: int = 0

    def off_duty(self, t: float) -> str | None:
        """Why monitoring is off at ``t`` (POSIX s) by the person's own hours; None in working time."""
        local = datetime.fromtimestamp(t, self.tz)
        if (local - timedelta(minutes=self.begins_min)).weekday() not in self.days:
            return Reason.DAY_OFF
        return Reason.QUIET_HOURS if self.quiet and _within(local.hour * 60 + local.minute, *self.quiet) else None


def _within(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start <= end else minute >= start or minute < end


_MINUTE_S = 60.0
# The person's own commands first.
_REASONS = (
    Reason.PAUSED, Reason.SNOOZED, Reason.QUIET_HOURS, Reason.DAY_OFF,
    Reason.LOCKED, Reason.CALL, Reason.DO_NOT_DISTURB, Reason.FULL_SCREEN,
)  # fmt: skip


@dataclass(slots=True)
class Suppression:
    """Holds the active commands and the desktop state; ``update`` tells whether they suppress reminders.

    One instance per run: the part that receives inputs calls ``accept``, ``take`` hands them to the pipeline, others only read.
    """

    policy: SuppressionPolicy = field(default_factory=SuppressionPolicy)
    commands: ActiveCommands = field(default_factory=ActiveCommands)
    desktop: DesktopState = field(default_factory=lambda: DesktopState(-math.inf))
    _why: str | None = None
    _inputs: list[RunInput] = field(default_factory=list)
    _asked: tuple[tuple[float, SuppressionPolicy | None], str | None] = ((-math.inf, None), None)

    def accept(self, entry: RunInput) -> None:
        """Take in a command or a change of the desktop state; it takes effect at once."""
        self._inputs.append(entry)
        if isinstance(entry, Command):
            self.commands = self.commands.after(entry)
        else:
            self.desktop = entry

    def take(self) -> tuple[RunInput, ...]:
        """The inputs accepted since the last call, oldest first."""
        inputs, self._inputs = tuple(self._inputs), []
        return inputs

    def masked(self, obs: Observation) -> Observation:
        """``obs``, or during a pause an observation without a pose: a paused camera gives no evidence."""
        return Observation(obs.t, None, Reason.PAUSED) if self.commands.paused(obs.t) else obs

    def update(self, obs: Observation) -> tuple[str | None, SuppressionChanged | None]:
        """Why reminders are suppressed at ``obs.t`` (None: they are not), and the change as an event if there is one."""
        why = next((why for why, holds in zip(_REASONS, self._holding(obs), strict=True) if holds), None)
        before, self._why = self._why, why
        return why, SuppressionChanged(obs.t, why) if why != before else None

    def _off_duty(self, t: float) -> str | None:
        """As the policy has it, asked once a minute: clocks and hours turn at full minutes."""
        asked = (t // _MINUTE_S, self.policy)
        if self._asked[0][0] != asked[0] or self._asked[0][1] is not self.policy:
            self._asked = (asked, self.policy.off_duty(t))
        return self._asked[1]

    def _holding(self, obs: Observation) -> tuple[bool | None, ...]:
        """Whether each of ``_REASONS`` holds."""
        heed, off = self.policy.heed, self._off_duty(obs.t)
        return (
            self.commands.paused(obs.t),
            self.commands.snoozed(obs.t),
            off is not None and off == Reason.QUIET_HOURS,
            off is not None and off == Reason.DAY_OFF,
            self.desktop.locked,
            (self.desktop.microphone or obs.why == Reason.BUSY) and Reason.CALL in heed,
            self.desktop.do_not_disturb and Reason.DO_NOT_DISTURB in heed,
            self.desktop.full_screen and Reason.FULL_SCREEN in heed,
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """How many reminders an hour may bring: one less for each that was ignored, one more for each that was followed.

    Never less than ``LEAST``: ignoring reminders does not end them.
    """

    most: int = 6
    allowed: int = 6

    def with_most(self, most: int) -> "Budget":
        """The budget under another limit, as far below it as before."""
        return Budget(most, max(most - (self.most - self.allowed), min(LEAST, most)))

    def after(self, *, helped: bool) -> "Budget":
        """The budget after a reminder that was followed or ignored."""
        return replace(self, allowed=min(max(self.allowed + (1 if helped else -1), min(LEAST, self.most)), self.most))


LEAST = 2  # per hour [E]: the sitting clock reminds every half hour
