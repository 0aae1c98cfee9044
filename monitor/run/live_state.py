"""Writes the live state for other processes: every ten seconds, as the state changes, and each second while a client polls it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.body.pose import Observation
from monitor.core.errors import StoreError
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Event, Step
from monitor.core.vocabulary import Activity
from monitor.run.sinks import HEARTBEAT_S

WHILE_POLLED_S = 1.0
# A poll counts for this long (s); a polling client renews it earlier.
POLL_LASTS_S = 5.0


class LiveStateStore(Protocol):
    """Stores the live state."""

    def present(self, live: LiveState) -> None:
        """Replace the stored one."""
        ...


@dataclass(slots=True)
class LiveStateSink:
    """Writes the live state to ``store``; ``now()`` is the wall clock, ``polled()`` when (POSIX s) a client polled last.

    ``polled`` may raise StoreError, which counts as no poll.  ``notifier()`` is how reminders are shown, ``engine`` the pose
    model.
    """

    store: LiveStateStore
    now: Callable[[], float]
    polled: Callable[[], float | None]
    notifier: Callable[[], str]
    engine: str | None = None
    _state: Activity | None = None
    _written: float = -math.inf
    _poll_read: float = -math.inf

    def write(self, _obs: Observation, step: Step) -> None:
        """Write it when it is due."""
        now = self.now()
        # A clock that was set back makes it due at once.
        if step.state is not self._state or not 0 <= now - self._written < HEARTBEAT_S or self._is_polled(now):
            self._state, self._written, self._poll_read = step.state, now, now
            self.store.present(self._live(step, now))

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing to do: the end of the session removes it."""

    def _is_polled(self, now: float) -> bool:
        """Whether a client polls; read once a second."""
        if now - self._poll_read < WHILE_POLLED_S:
            return False
        self._poll_read = now
        try:
            polled = self.polled()
        except StoreError:
            return False
        return polled is not None and abs(now - polled) <= POLL_LASTS_S

    def _live(self, step: Step, now: float) -> LiveState:
        why = step.open.why if step.open and step.open.activity is step.state else step.sample.why
        runs = {name: run.seconds for name, run in step.runs.items()}
        seen = (step.posture.state, step.posture.sustained, runs, step.readings, step.decisions)
        return LiveState(step.t, now, step.state, step.since, why, step.silent, *seen, self.engine, self.notifier())
