"""What enters a run beside pictures: the person's orders, and what the machine says of its surroundings.

Both are stamped with the run's own time and handed on between observations, so that a trace holds them and replays them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.core.body.pose import Observation
from monitor.core.reminders.commands import Command, CommandKind
from monitor.core.reminders.suppression import DesktopState, RunInput, Suppression, SuppressionPolicy
from monitor.core.vocabulary import Reason
from monitor.live.source import LiveSource
from monitor.ports import Source

# How often the orders are looked for (s): an order holds within a second.
EVERY_S = 0.5


class CommandSource(Protocol):
    """Where orders come from."""

    def take(self, now: float) -> Sequence[Command]:
        """The new ones, oldest first."""
        ...

    def in_force(self, now: float) -> Sequence[Command]:
        """The pause and the snooze that still hold from before."""
        ...

    def close(self) -> None:
        """Let go of where they are kept; it is opened again when it is asked."""
        ...


class RunClock(Protocol):
    """The run's clock, and how far the wall clock is ahead of it (s)."""

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
    """Collects orders and surroundings; ``joined`` hands them on, ``why_not`` says why nothing may be watched."""

    def __init__(
        self, orders: CommandSource, around: Callable[[], DesktopState | None], clock: RunClock, policy: SuppressionPolicy
    ) -> None:
        self._orders, self._around, self._clock = orders, around, clock
        self._silence = Suppression(policy)
        self._new: list[RunInput] = []
        self._asked: float | None = None

    def why_not(self, t: float | None = None) -> str | None:
        """Why no picture may be taken at ``t`` (POSIX s of the source, None for now): a pause, a locked screen, off duty."""
        t = self._clock.now() if t is None else t
        self._look(t)
        if self._silence.standing.paused(t):
            return Reason.PAUSED
        return Reason.LOCKED if self._silence.around.locked else self._silence.policy.off_duty(t)

    def on_battery(self) -> str | None:
        """That the machine runs on its battery, by the latest look around; None otherwise, or if nobody can tell."""
        return Reason.BATTERY if self._silence.around.battery else None

    def close(self) -> None:
        """Let go of the file of the orders; it is opened again by itself."""
        self._orders.close()

    def joined(self, source: Source) -> Iterator[Observation | RunInput]:
        """The observations of ``source``, each after what came in before it."""
        for obs in source:
            if not isinstance(obs, Observation):
                yield obs
                continue
            self._look(obs.t)
            new, self._new = self._new, []
            yield from (at for said in new if (at := _at(said, obs.t)))
            yield self._silence.blind(obs)

    def _look(self, t: float) -> None:
        now = self._clock.now()
        if self._asked is not None and now - self._asked < EVERY_S:
            return
        wall = now + self._clock.drift()
        given = [*(self._orders.in_force(wall) if self._asked is None else ()), *self._orders.take(wall)]
        self._asked = now
        for command in given:
            if command.kind is CommandKind.STOP:
                self._clock.stop()
            elif moved := command.moved(wall, t):
                self._hear(moved)
        around = self._around()
        if around is not None and around != replace(self._silence.around, t=around.t):
            self._hear(replace(around, t=t))

    def _hear(self, said: RunInput) -> None:
        self._new.append(said)
        self._silence.hear(said)


def _at(said: RunInput, t: float) -> RunInput | None:
    """It at the time of the observation that it precedes; None if it has run out by then."""
    return replace(said, t=t) if isinstance(said, DesktopState) or said.until is None or said.until > t else None


class Controlled:
    """A source under ``control``."""

    def __init__(self, source: Source, control: Control) -> None:
        self._source, self._control = source, control

    @property
    def period_s(self) -> float:
        """The source's own period (s)."""
        return self._source.period_s

    @property
    def mode(self) -> str | None:
        """How the source is being watched, if it tells."""
        return getattr(self._source, "mode", None)

    def listen(self, say: Callable[[str], None]) -> None:
        """Have ``say`` hear the lines that the source has for the person, if it has any."""
        if isinstance(self._source, LiveSource):
            self._source.say = say

    def close(self) -> None:
        """Let go of the file of the orders; it is opened again by itself."""
        self._control.close()

    def __iter__(self) -> Iterator[Observation | RunInput]:
        """What the source shows, and what is ordered meanwhile."""
        return self._control.joined(self._source)
