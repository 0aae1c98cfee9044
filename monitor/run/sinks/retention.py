"""Has the history forget what is too old."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress

from monitor.core.body.pose import Observation
from monitor.core.errors import StoreError
from monitor.core.pipeline import Event, Step

DAY_S = 86400.0


class ForgetSink:
    """Has the history forget what is older than ``keep_s``, from the first step on and then once a day.

    ``forget(before)`` says whether all is gone; the rest goes with the next steps, after a StoreError with those of the next day.
    At first, time counts from ``last`` (POSIX s, the end of a session) if that is before now: no wrong clock empties a history.
    """

    def __init__(self, forget: Callable[[float], bool], keep_s: float, last: float | None) -> None:
        self._forget, self._keep_s, self._latest = forget, keep_s, last if last is not None else math.inf
        self._due, self._before = -math.inf, math.nan

    def write(self, _obs: Observation, step: Step) -> None:
        """Forget a little, if it is time to."""
        if step.t >= self._due:
            self._due = step.t + DAY_S
            self._before, self._latest = min(step.t, self._latest) - self._keep_s, math.inf
        before, self._before = self._before, math.nan
        with suppress(StoreError):
            self._before = before if before == before and not self._forget(before) else math.nan  # noqa: PLR0124  # not NaN

    def close(self, _events: Sequence[Event]) -> None:
        """Nothing is left to do."""
