"""The inputs of a run besides pictures: the person's commands and the desktop state.

Both are stamped with the run's own time and passed to the run's one ``Suppression``, from which the pipeline takes them with the
next observation, so that a trace records and replays them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.core.body.pose import Observation
from monitor.core.reminders.commands import Command, CommandKind
from monitor.core.reminders.suppression import DesktopState, RunInput, Suppression, SuppressionPolicy
from monitor.core.vocabulary import Reason

# How often (s) the command queue is read: a command takes effect within a second.
EVERY_S = 0.5


class CommandSource(Protocol):
    """The source of commands."""

    def take(self, now: float) -> Sequence[Command]:
        """The new commands, oldest first."""
        ...

    def in_force(self, now: float) -> Sequence[Command]:
        """The pause and the snooze still in force."""
        ...

    def close(self) -> None:
        """Close the queue's file; it is reopened at the next call."""
        ...


class RunClock(Protocol):
    """The run's clock, with its difference from the wall clock (s)."""

    def now(self) -> float:
        """POSIX seconds of the run."""
        ...

    def drift(self) -> float:
        """Seconds by which the wall clock is ahead."""
        ...

    def stop(self) -> None:
        """End the run."""
        ...


class Control:
    """Collects commands and desktop states for a run's ``suppression``; ``pause_reason`` tells why no picture may be taken.

    ``hours`` is the policy of when pictures may be taken, by default the person's own.  ``each_look`` is called each time that
    commands are looked for, and may be set.
    """

    def __init__(
        self,
        orders: CommandSource,
        read_desktop: Callable[[], DesktopState | None],
        clock: RunClock,
        suppression: Suppression,
        hours: SuppressionPolicy | None = None,
    ) -> None:
        self._orders, self._read_desktop, self._clock = orders, read_desktop, clock
        self._hours = hours
        self._asked: float | None = None
        self.each_look: Callable[[], None] = lambda: None
        self.suppression = suppression

    def pause_reason(self, t: float) -> str | None:
        """Why no picture may be taken at ``t`` (POSIX s of the source): a pause, a locked screen, off duty."""
        self._look(t)
        if self.suppression.commands.paused(t):
            return Reason.PAUSED
        return Reason.LOCKED if self.suppression.desktop.locked else (self._hours or self.suppression.policy).off_duty(t)

    def on_battery(self) -> str | None:
        """The reason code if the machine runs on battery, by the latest desktop state; None otherwise or if unknown."""
        return Reason.BATTERY if self.suppression.desktop.battery else None

    def close(self) -> None:
        """Close the file of the commands; it is reopened on demand."""
        self._orders.close()

    def joined(self, source: Iterable[Observation | RunInput]) -> Iterator[Observation | RunInput]:
        """The observations of ``source``; before each is yielded, the suppression has accepted the inputs that came before it."""
        for obs in source:
            if isinstance(obs, Observation):
                self._look(obs.t)
                yield self.suppression.masked(obs)
            else:
                yield obs

    def _look(self, t: float) -> None:
        now = self._clock.now()
        if self._asked is not None and now - self._asked < EVERY_S:
            return
        wall = now + self._clock.drift()
        given = [*(self._orders.in_force(wall) if self._asked is None else ()), *self._orders.take(wall)]
        self._asked = now
        self.each_look()
        for command in given:
            # An earlier version also queued the command to stop here, where a killed monitor left it for the next one.
            if command.kind is not CommandKind.STOP and (moved := command.moved(wall, t)):
                self.suppression.accept(moved)
        desktop = self._read_desktop()
        if desktop is not None and desktop != replace(self.suppression.desktop, t=desktop.t):
            self.suppression.accept(replace(desktop, t=t))
