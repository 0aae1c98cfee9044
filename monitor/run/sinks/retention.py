"""Deletes records past the retention time from the history."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress

from monitor.core.body.pose import Observation
from monitor.core.errors import StoreError
from monitor.core.pipeline import Event, Step

DAY_S = 86400.0


class ForgetSink:
    """Deletes records older than ``keep_s`` (s), at the first step and then once a day.

    ``forget(before)`` returns whether all are deleted; the rest is deleted with the next steps, after a StoreError on the next
    day.  At first, age counts from ``last`` (POSIX s, the end of a session) if that is before now, so that a wrong clock does not
    empty a history.
    """

    def __init__(self, forget: Callable[[float], bool], keep_s: float, last: float | None) -> None:
        self._forget, self._keep_s, self._latest = forget, keep_s, last if last is not None else math.inf
        self._due, self._before = -math.inf, math.nan

    def write(self, _obs: Observation, step: Step) -> None:
        """Delete a part, when it is due."""
        if step.t >= self._due:
            self._due = step.t + DAY_S
            self._before, self._latest = min(step.t, self._latest) - self._keep_s, math.inf
        if math.isnan(self._before):
            return
        before, self._before = self._before, math.nan
        with suppress(StoreError):
            self._before = math.nan if self._forget(before) else before

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing to do."""
