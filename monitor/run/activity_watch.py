"""Tells ActivityWatch what is seen: a heartbeat when it changes, and every so often while it does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.adapters.activity_watch import Heartbeat
from monitor.core.body.pose import Observation
from monitor.core.history.epochs import certainty_of
from monitor.core.pipeline import Event, Step

EVERY_S = 10.0
# Two missed heartbeats part no event; a gap in which nothing was watched does.
PULSE_S = 2.5 * EVERY_S


class Listener(Protocol):
    """Hears heartbeats; never blocks."""

    def tell(self, heartbeat: Heartbeat) -> None:
        """Take in a heartbeat."""
        ...

    def close(self) -> None:
        """Finish."""
        ...


@dataclass(slots=True)
class ActivityWatchSink:
    """Tells ``listener`` the state that counts and how surely it is known."""

    listener: Listener
    _told: tuple[str, str] | None = None
    _at: float = -math.inf

    def write(self, _obs: Observation, step: Step) -> None:
        """Tell it, if it changed or it is time to."""
        if step.open is None:
            return
        now = (str(step.state), str(certainty_of(step.open)))
        if now != self._told or step.t - self._at >= EVERY_S:
            self._told, self._at = now, step.t
            self.listener.tell(Heartbeat(step.t, {"status": now[0], "certainty": now[1]}, PULSE_S))

    def close(self, _events: Sequence[Event]) -> None:
        """Finish."""
        self.listener.close()
