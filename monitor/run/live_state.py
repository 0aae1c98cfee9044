"""Says what is seen now to whoever looks from another process: with the ten-second record, and each second while one does."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.body.pose import Observation
from monitor.core.errors import StoreError
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Event, Step
from monitor.run.sinks import HEARTBEAT_S

WHILE_LOOKED_AT_S = 1.0
# Somebody who looks notes it anew before this is over.
LOOK_LASTS_S = 5.0


class Present(Protocol):
    """Keeps the present."""

    def present(self, live: LiveState) -> None:
        """Keep it in the place of the one before."""
        ...


@dataclass(slots=True)
class LiveStateSink:
    """Has ``kept`` keep the live state; ``now()`` is the wall clock, ``looked()`` when (POSIX s) somebody looked last.

    ``looked`` may raise StoreError: then nobody looks.  ``notifier()`` is how reminders are shown, ``engine`` the pose model.
    """

    kept: Present
    now: Callable[[], float]
    looked: Callable[[], float | None]
    notifier: Callable[[], str]
    engine: str | None = None
    _written: float = -math.inf
    _asked: float = -math.inf

    def write(self, _obs: Observation, step: Step) -> None:
        """Say it, if it is time to."""
        now = self.now()
        # A clock that was set back starts anew.
        if not 0 <= now - self._written < HEARTBEAT_S or self._is_looked_at(now):
            self._written = self._asked = now
            self.kept.present(self._live(step, now))

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing is left to say: the session's end ends it."""

    def _is_looked_at(self, now: float) -> bool:
        """Whether somebody looks; asked once a second."""
        if now - self._asked < WHILE_LOOKED_AT_S:
            return False
        self._asked = now
        try:
            looked = self.looked()
        except StoreError:
            return False
        return looked is not None and abs(now - looked) <= LOOK_LASTS_S

    def _live(self, step: Step, now: float) -> LiveState:
        why = step.open.why if step.open and step.open.activity is step.state else step.sample.why
        runs = {name: run.seconds for name, run in step.runs.items()}
        seen = (step.posture.state, step.posture.sustained, runs, step.readings, step.decisions)
        return LiveState(step.t, now, step.state, step.since, why, step.silent, *seen, self.engine, self.notifier())
