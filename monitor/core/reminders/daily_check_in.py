"""The daily check-in question: asked once a day, only while the person is present, and only if enabled."""

from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.core.reminders.rules import HOUR_S, Day, Due, Situation
from monitor.core.sedentary.bouts import STATIONARY

# How often (s) to check whether a check-in was made meanwhile, while the question is due.
AGAIN_S = 10.0


@dataclass(slots=True)
class AskDaily:
    """Due once a day from ``at_h`` on (h of the person's clock), unless ``done(day)``: asked or answered before.

    ``day(t)`` is the day of ``t`` (POSIX s).
    """

    at_h: float
    day: Callable[[float], Day]
    done: Callable[[Day], bool]
    _today: Day = field(default=Day(0.0, 0.0), init=False, repr=False)
    _asks: bool | None = field(default=None, init=False, repr=False)
    _asked_t: float = field(default=0.0, init=False, repr=False)

    def due(self, now: Situation) -> Due | None:
        """The question, from its hour on; None before and after it was asked."""
        if not self._today.start <= now.t < self._today.end:
            self._today, self._asks = self.day(now.t), None
        if now.t < self._today.start + self.at_h * HOUR_S or now.activity not in STATIONARY:
            return None
        if self._asks is None or now.t - self._asked_t >= AGAIN_S:
            # The person may have checked in since it became due.
            self._asks, self._asked_t = not self.done(self._today), now.t
        return Due(0.0, self._today.start, 1) if self._asks else None

    def so_far(self, now: Situation) -> float:
        """The time since the day began (s)."""
        return max(now.t - self._today.start, 0.0)

    def next_at(self, so_far: float) -> float:  # noqa: ARG002 (once a day)
        """When it becomes due (s since the day began)."""
        return self.at_h * HOUR_S
