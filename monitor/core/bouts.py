"""Maximal runs of one activity, and how long somebody has been at it without a break.

Terms: SBRN (Tremblay 2017).  A bout shorter than ``MIN_BOUT_S`` belongs to the bout before it (activPAL's default; the number of
breaks depends on it, so it is printed with them).  Time that was not seen is its own kind, never spread over the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.core.activity import Activity

MIN_BOUT_S = 10.0
# science.md 3.3 [E]: less than this pauses the advice clock, more is a credited break and starts it anew.
BREAK_CREDIT_S = 60.0
# Unseen time pauses the clock as well; after this long nobody knows what was, and it starts anew (science.md 3.3: 20 min).
FORGET_UNSEEN_S = 20 * 60.0

SEDENTARY = frozenset({Activity.SITTING})
STATIONARY = frozenset({Activity.SITTING, Activity.STANDING})
ON_FEET = frozenset({Activity.STANDING})


@dataclass(frozen=True, slots=True)
class Bout:
    """A maximal run of one activity; ``end`` is the last instant it was seen.

    ``assumed`` marks sitting that was taken for granted, ``why`` unknown time.
    """

    activity: Activity
    start: float  # POSIX s
    end: float  # POSIX s, end >= start
    assumed: bool = False
    why: str | None = None

    @property
    def seconds(self) -> float:
        """Its length (s)."""
        return self.end - self.start


class Bouts:
    """Builds bouts from states; ``open`` is the running one."""

    def __init__(self) -> None:
        self.open: Bout | None = None
        self._next: Bout | None = None

    def update(self, state: Bout) -> Bout | None:
        """The bout that this state ends, if any; ``state`` runs from since when it holds to now."""
        if self.open is None:
            self.open = state
            return None
        if state.activity is self.open.activity:
            self.open, self._next = replace(self.open, end=state.end), None
            return None
        if self._next is None or self._next.activity is not state.activity:
            self._next = state
        self._next = replace(self._next, end=state.end)
        if self._next.seconds < MIN_BOUT_S:
            self.open = replace(self.open, end=state.end)
            return None
        return self._turn_over(self._next)

    def cut(self, t: float, why: str) -> list[Bout]:
        """Close what runs and enter the unseen time up to ``t`` as unknown: the bouts that this completes."""
        if self.open is None:
            return []
        seen, self.open, self._next = self.open, None, None
        return [seen, Bout(Activity.UNKNOWN, seen.end, t, why=why)]

    def _turn_over(self, following: Bout) -> Bout | None:
        assert self.open is not None  # noqa: S101  # update() returned early otherwise
        closed = replace(self.open, end=following.start)
        self.open, self._next = following, None
        if closed.seconds >= MIN_BOUT_S:
            return closed
        # Only the first bout after a start or a gap can be this short: it belongs to what follows.
        self.open = replace(following, start=closed.start)
        return None


@dataclass(frozen=True, slots=True)
class Run:
    """Time (s) spent in one kind of activity since ``since`` (None: none), and whether a credited break came before it."""

    seconds: float
    since: float | None
    after_break: bool = False


def run_of(kinds: frozenset[Activity], bouts: Sequence[Bout]) -> Run:
    """How long (s) ``kinds`` have gone on up to the end of ``bouts`` (oldest first), short interruptions left out."""
    seconds, since, elsewhere, unseen = 0.0, None, 0.0, 0.0
    for bout in reversed(bouts):
        if bout.activity in kinds:
            seconds, since, elsewhere, unseen = seconds + bout.seconds, bout.start, 0.0, 0.0
        elif bout.activity is Activity.UNKNOWN:
            unseen += bout.seconds
        else:
            elsewhere += bout.seconds
        if elsewhere >= BREAK_CREDIT_S or unseen >= FORGET_UNSEEN_S:
            break
    return Run(seconds, since, after_break=elsewhere >= BREAK_CREDIT_S)
