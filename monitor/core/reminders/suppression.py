"""When the person is left in peace, and why: their orders, their hours, a call, what the desktop says.

Reminders ask here; nothing outside may veto.  What cannot be told (None) never silences, and is never guessed.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeAlias

from monitor.core.body.pose import Observation
from monitor.core.reminders.commands import ActiveCommands, Command
from monitor.core.vocabulary import Reason

# In these no picture is looked at.
BLIND = frozenset({Reason.PAUSED, Reason.LOCKED, Reason.QUIET_HOURS, Reason.DAY_OFF})
# After these the person is told in one line what was held back; nobody wants to hear in the morning about the evening.
INTERRUPTIONS = frozenset({Reason.SNOOZED, Reason.CALL, Reason.DO_NOT_DISTURB, Reason.FULL_SCREEN})

MINUTES_OF_DAY = 24 * 60
EVERY_DAY = frozenset(range(7))
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class DesktopState:
    """What the machine says from ``t`` (POSIX s) on; None where it cannot tell."""

    t: float
    do_not_disturb: bool | None = None
    full_screen: bool | None = None
    microphone: bool | None = None
    locked: bool | None = None
    battery: bool | None = None


RunInput: TypeAlias = Command | DesktopState


@dataclass(frozen=True, slots=True)
class SuppressionChanged:
    """From ``t`` on (POSIX s) reminders are silent, and ``why``; None: they speak."""

    t: float
    why: str | None


@dataclass(frozen=True, slots=True)
class SuppressionPolicy:
    """The person's own rules: quiet hours (minutes after midnight, may pass it), working days (Monday is 0), what is heeded.

    ``per_hour`` is how many reminders an hour may bring at most; a day begins ``begins_min`` minutes after midnight.
    """

    tz: tzinfo = UTC
    quiet: tuple[int, int] | None = None
    days: frozenset[int] = EVERY_DAY
    heed: frozenset[str] = INTERRUPTIONS
    per_hour: int = 6
    begins_min: int = 0

    def off_duty(self, t: float) -> str | None:
        """Why nothing is watched at ``t`` (POSIX s) by the person's own hours; None in working time."""
        local = datetime.fromtimestamp(t, self.tz)
        if (local - timedelta(minutes=self.begins_min)).weekday() not in self.days:
            return Reason.DAY_OFF
        return Reason.QUIET_HOURS if self.quiet and _within(local.hour * 60 + local.minute, *self.quiet) else None


def _within(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start <= end else minute >= start or minute < end


@dataclass(slots=True)
class Suppression:
    """Remembers what was ordered and what surrounds the person; ``update`` says whether that asks for silence.

    One run has one: whoever hears first tells it, ``take`` hands on what was heard, and everybody else asks it.
    """

    policy: SuppressionPolicy = field(default_factory=SuppressionPolicy)
    standing: ActiveCommands = field(default_factory=ActiveCommands)
    desktop: DesktopState = field(default_factory=lambda: DesktopState(-math.inf))
    _why: str | None = None
    _heard: list[RunInput] = field(default_factory=list)

    def hear(self, said: RunInput) -> None:
        """Take in an order, or a change of the desktop; it holds from now on."""
        self._heard.append(said)
        if isinstance(said, Command):
            self.standing = self.standing.after(said)
        else:
            self.desktop = said

    def take(self) -> tuple[RunInput, ...]:
        """What was heard since this was last asked, oldest first."""
        heard, self._heard = tuple(self._heard), []
        return heard

    def blind(self, obs: Observation) -> Observation:
        """``obs``, of a pause only that it was one: what was not to be watched is not known."""
        return Observation(obs.t, None, Reason.PAUSED) if self.standing.paused(obs.t) else obs

    def update(self, obs: Observation) -> tuple[str | None, SuppressionChanged | None]:
        """Why it is silent at ``obs.t`` (None: it is not), and that as an event if it differs from before."""
        why = next((why for why, holds in self._reasons(obs).items() if holds), None)
        before, self._why = self._why, why
        return why, SuppressionChanged(obs.t, why) if why != before else None

    def _reasons(self, obs: Observation) -> Mapping[str, bool | None]:
        """Every reason, the person's own orders first."""
        heed, off = self.policy.heed, self.policy.off_duty(obs.t)
        return {
            Reason.PAUSED: self.standing.paused(obs.t),
            Reason.SNOOZED: self.standing.snoozed(obs.t),
            Reason.QUIET_HOURS: off == Reason.QUIET_HOURS,
            Reason.DAY_OFF: off == Reason.DAY_OFF,
            Reason.LOCKED: self.desktop.locked,
            Reason.CALL: Reason.CALL in heed and (self.desktop.microphone or obs.why == Reason.BUSY),
            Reason.DO_NOT_DISTURB: Reason.DO_NOT_DISTURB in heed and self.desktop.do_not_disturb,
            Reason.FULL_SCREEN: Reason.FULL_SCREEN in heed and self.desktop.full_screen,
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """How many reminders an hour may bring: one less for each that nothing followed, one more for each that helped.

    Never less than ``LEAST``: who sits on still hears of it.
    """

    most: int = 6
    allowed: int = 6

    def after(self, *, helped: bool) -> "Budget":
        """The budget once it was seen whether a reminder helped."""
        return replace(self, allowed=min(max(self.allowed + (1 if helped else -1), min(LEAST, self.most)), self.most))

    def allows(self, t: float, said: deque[float]) -> bool:
        """Whether one more fits into the hour before ``t``, ``said`` being the times (POSIX s) of those before it."""
        return sum(t - at < HOUR_S for at in said) < self.allowed


LEAST = 2  # an hour [E]: the sitting clock speaks every half hour
