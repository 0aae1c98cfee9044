"""Bouts (maximal runs of one activity), and the time without a break (s).

Terms: SBRN (Tremblay 2017).  A bout shorter than ``MIN_BOUT_S`` belongs to the bout before it (activPAL's default; the number of
breaks depends on it, so it is printed with them); where one short bout follows another, all become one, of the longest.  Unseen
time is a separate kind, never attributed to another activity.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.vocabulary import Activity, Reason

MIN_BOUT_S = 10.0
# Tolerance (s) for the rounding of POSIX seconds: two samples 10 s apart are 10 s apart.
_SHORT_S = MIN_BOUT_S - 1e-3
# science.md 3.3 [E]: less than this (s) pauses the clock, more is a credited break and resets it.
BREAK_CREDIT_S = 60.0
# Unseen time pauses the clock as well; after this long (s) the past is unknown, and the clock is reset (science.md 3.3: 20 min).
FORGET_UNSEEN_S = 20 * 60.0

SEDENTARY = frozenset({Activity.SITTING})
STATIONARY = frozenset({Activity.SITTING, Activity.STANDING})
ON_FEET = frozenset({Activity.STANDING})
# The clocks: sitting (sedentary), standing on the spot, and either of them (stationary).
RUNS: Mapping[str, frozenset[Activity]] = {"sitting": SEDENTARY, "standing": ON_FEET, "stationary": STATIONARY}


@dataclass(frozen=True, slots=True)
class Bout:
    """A maximal run of one activity; ``end`` is the last instant it was seen.

    ``assumed`` marks sitting assumed without evidence; ``why`` is the reason of unknown time.
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
        self._apart: list[Bout] = []
        self._closed: Activity | None = None

    def update(self, state: Bout, seen: Activity) -> Bout | None:
        """The bout that is over, if any; ``state`` runs from its first sample to now, ``seen`` is this sample's activity."""
        if self.open is None:
            self.open = state
            return None
        if state.activity is self.open.activity:
            held = self.open
            self.open, self._apart = Bout(held.activity, held.start, state.end, held.assumed, held.why), []
            return None
        self._apart = [*self._before(state), state]
        # A sample of the open bout's activity may be its return, still in its dwell.
        if state.end - self._apart[0].start < _SHORT_S or seen is self.open.activity:
            self.open = replace(self.open, end=state.end)
            return None
        longest = max(self._apart, key=lambda bout: bout.seconds)
        return self._turn_over(self.open, replace(longest, start=self._apart[0].start, end=state.end))

    def cut(self, t: float, why: str) -> list[Bout]:
        """The bouts completed by closing the open one and adding the unseen time up to ``t`` as unknown."""
        if self.open is None:
            return []
        seen, self.open, self._apart, self._closed = self.open, None, [], None
        return [seen, Bout(Activity.UNKNOWN, seen.end, t, why=why)]

    def _before(self, state: Bout) -> list[Bout]:
        if not self._apart or self._apart[-1].activity is state.activity:
            return self._apart[:-1]
        return [*self._apart[:-1], replace(self._apart[-1], end=state.start)]

    def _turn_over(self, last: Bout, following: Bout) -> Bout | None:
        self._apart = []
        start = following.start
        if start - last.start < _SHORT_S:
            # The first after a start or a gap, or one confirmed only when it was over: it is merged into the next bout ...
            if following.activity is not self._closed:
                self.open = replace(following, start=last.start)
                return None
            # ... unless that is the activity it interrupted.
            start = last.start + MIN_BOUT_S
        self.open, self._closed = replace(following, start=start), last.activity
        return replace(last, end=start)


@dataclass(frozen=True, slots=True)
class Run:
    """Time (s) spent in one kind of activity since ``since`` (None: none), and whether a credited break came before it.

    ``elsewhere`` and ``unseen`` are the seconds in other activities, and unseen, since then.
    """

    seconds: float = 0.0
    since: float | None = None
    after_break: bool = False
    elsewhere: float = 0.0
    unseen: float = 0.0

    def then(self, bout: Bout, kinds: frozenset[Activity]) -> "Run":
        """The run of ``kinds`` after one more bout; short interruptions do not count, longer and marked ones end it."""
        if bout.why and bout.why == Reason.MARKED_BREAK:
            return _AFTER_BREAK
        if bout.activity in kinds:
            since = bout.start if self.since is None else self.since
            return Run(self.seconds + bout.seconds, since, self.after_break)
        hidden = bout.activity is Activity.UNKNOWN
        elsewhere = self.elsewhere + (0.0 if hidden else bout.seconds)
        unseen = self.unseen + (bout.seconds if hidden else 0.0)
        if elsewhere >= BREAK_CREDIT_S:
            return _AFTER_BREAK
        if unseen >= FORGET_UNSEEN_S:
            return Run()
        return Run(self.seconds, self.since, self.after_break, elsewhere, unseen)


_AFTER_BREAK = Run(after_break=True)


def run_of(kinds: frozenset[Activity], bouts: Iterable[Bout], now: float | None = None) -> Run:
    """How long (s) ``kinds`` have gone on up to the end of ``bouts`` (oldest first), or to ``now`` (POSIX s).

    Time between two bouts, and between the last and ``now``, counts as unseen: no monitor ran.
    """
    run, end = Run(), math.inf
    for bout in bouts:
        run = _unseen(run, end, bout.start, kinds).then(bout, kinds)
        end = bout.end
    return run if now is None else _unseen(run, end, now, kinds)


def _unseen(run: Run, end: float, start: float, kinds: frozenset[Activity]) -> Run:
    return run.then(Bout(Activity.UNKNOWN, end, start), kinds) if start > end else run


def with_breaks(bouts: Sequence[Bout], marked: Iterable[float]) -> list[Bout]:
    """``bouts`` (in order), split at the breaks of no length that the person marked at these times (POSIX s)."""
    parted = list(bouts)
    for t in marked:
        at = next((i for i, bout in enumerate(parted) if bout.start <= t < bout.end), None)
        if at is not None:
            bout = parted[at]
            pause = Bout(Activity.MOVING, t, t, why=Reason.MARKED_BREAK)
            parted[at : at + 1] = [replace(bout, end=t), pause, replace(bout, start=t)]
    return parted
