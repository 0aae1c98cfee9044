"""When a reminder is due: one rule for each kind, independent of whether it is shown now.

Limits: science.md 4.4.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Protocol

from monitor.core.posture.baseline import Posture
from monitor.core.sedentary.bouts import Run
from monitor.core.vocabulary import Activity

MIN = 60.0
REPEAT_S = 30 * MIN
# Nobody is told of a posture that was held for less: changing it matters, not each minute of it [E].
POSTURE_AFTER_MIN = 5.0
HOUR_S = 60 * MIN
DAY_S = 24 * HOUR_S


class Level(StrEnum):
    """The urgency of a reminder."""

    SOFT = "soft"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Situation:
    """The input of the rules: the state and since when (POSIX s), the runs, the present posture.

    ``seen`` is this sample's activity, ``elapsed_s`` the time it stands for, ``silent`` why reminders are suppressed;
    ``moved_since`` is when the camera was moved, None while it stands where it was calibrated; ``busy_s`` is the part of
    ``elapsed_s`` in which another program held the camera.
    """

    t: float
    activity: Activity
    since: float
    runs: Mapping[str, Run]
    posture: Posture
    seen: Activity
    elapsed_s: float
    silent: str | None = None
    moved_since: float | None = None
    busy_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Due:
    """A due reminder of a rule: its duration (s) so far, since when, which signals.

    ``step`` counts up within one run: each step is shown once.  None: it repeats after a time, without steps.
    """

    seconds: float
    since: float
    step: int | None = None
    level: Level = Level.SOFT
    signals: tuple[str, ...] = ()
    after_break: bool = False


class Rule(Protocol):
    """The rule of one kind of reminder, evaluated at every step."""

    def due(self, now: Situation) -> Due | None:
        """The due reminder, None if there is none."""
        ...

    def so_far(self, now: Situation) -> float:
        """The progress (s) at the last call of ``due``."""
        ...

    def next_at(self, so_far: float) -> float:
        """The progress (s) at which it is due next, seen from ``so_far``."""
        ...


@dataclass(frozen=True, slots=True)
class TooLong:
    """Due when a run of ``activity`` reaches ``soft_min``, ``firm_min``, then after half an hour more, doubling while ignored."""

    activity: Activity
    soft_min: float
    firm_min: float

    def due(self, now: Situation) -> Due | None:
        """The latest step that the run has reached, while it goes on."""
        run = now.runs[self.activity]
        if now.activity is not self.activity or run.since is None or run.seconds < self.soft_min * MIN:
            return None
        step = self._step(run.seconds)
        return Due(run.seconds, run.since, step, Level.SOFT if step == 1 else Level.FIRM, after_break=run.after_break)

    def so_far(self, now: Situation) -> float:
        """The length of the run (s)."""
        return now.runs[self.activity].seconds

    def next_at(self, so_far: float) -> float:
        """The length (s) of the next step."""
        return next(at for at in self._steps() if at > so_far)

    def _step(self, seconds: float) -> int:
        return sum(1 for _ in takewhile(lambda at: at <= seconds, self._steps()))

    def _steps(self) -> Iterator[float]:
        """The lengths (s) at which a reminder is due, an infinite sequence."""
        yield self.soft_min * MIN
        at, pause = self.firm_min * MIN, REPEAT_S
        while True:
            yield at
            at, pause = at + pause, 2 * pause


@dataclass(slots=True)
class SustainedDeviation:
    """Due while signals were out of tolerance for ``share`` of the last ``window_s``; unseen time counts as in tolerance.

    Never before ``after_min`` of it: a window that is too short for that is longer.
    """

    window_s: float
    share: float
    only: frozenset[str]
    after_min: float = POSTURE_AFTER_MIN
    _enough_s: float = field(init=False, repr=False)
    _past: deque[tuple[float, float]] = field(default_factory=deque, init=False, repr=False)
    _off_s: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        self._enough_s = max(self.share * self.window_s, self.after_min * MIN)

    def carry_over(self, before: "SustainedDeviation") -> None:
        """Go on from the window of a rule with other numbers."""
        self._past, self._off_s = before._past, before._off_s  # noqa: SLF001 (of its own kind)

    def due(self, now: Situation) -> Due | None:
        """The signals that were out for most of the window and still are."""
        off = now.posture.sustained & self.only
        off_s = self._summed(now.t, now.elapsed_s if off else 0.0)
        if not off or off_s < self._enough_s:
            return None
        return Due(off_s, now.t - off_s, signals=tuple(sorted(off)))

    def so_far(self, now: Situation) -> float:  # noqa: ARG002 (what was out is remembered)
        """The time out of tolerance within the window (s)."""
        return self._off_s

    def next_at(self, so_far: float) -> float:  # noqa: ARG002 (there is one step)
        """The limit within the window (s)."""
        return self._enough_s

    def _summed(self, t: float, seconds: float) -> float:
        begins = t - max(self.window_s, self._enough_s / self.share)
        while self._past and self._past[0][0] <= begins:
            self._off_s -= self._past.popleft()[1]
        if not self._past:
            self._off_s = 0.0  # no rounding error outlives its window
        if seconds:
            self._past.append((t, seconds))
            self._off_s += seconds
        return self._off_s


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the person's clock, ``start`` up to ``end`` (POSIX s), and the standing already recorded on it (s)."""

    start: float
    end: float
    stood_s: float = 0.0


def utc_day(t: float) -> Day:
    """The day of ``t`` (POSIX s) in UTC, without recorded standing."""
    start = t - t % DAY_S
    return Day(start, start + DAY_S)


@dataclass(slots=True)
class StoodToday:
    """Due once a day, while standing, when all standing of the day adds up to ``limit_h``.

    ``day(t)`` is the day of ``t`` (POSIX s).
    """

    limit_h: float
    day: Callable[[float], Day] = utc_day
    _today: Day = field(default=Day(0.0, 0.0), init=False, repr=False)
    _stood_s: float = field(default=0.0, init=False, repr=False)

    def due(self, now: Situation) -> Due | None:
        """The day's standing once it reaches the limit; None on a day that had reached it before the run."""
        if not self._today.start <= now.t < self._today.end:
            self._today, self._stood_s = self.day(now.t), 0.0
        if now.activity is not Activity.STANDING:
            return None
        self._stood_s += now.elapsed_s
        total = self._today.stood_s + self._stood_s
        reached = self._today.stood_s < self.limit_h * HOUR_S <= total
        return Due(total, self._today.start, 1) if reached else None

    def so_far(self, now: Situation) -> float:  # noqa: ARG002 (the day's standing is remembered)
        """The standing of the day (s)."""
        return self._today.stood_s + self._stood_s

    def next_at(self, so_far: float) -> float:  # noqa: ARG002 (there is one step)
        """The limit of standing per day (s)."""
        return self.limit_h * HOUR_S


@dataclass(frozen=True, slots=True)
class CameraMovedRule:
    """Due once for each place that the camera was moved to."""

    def due(self, now: Situation) -> Due | None:
        """The request to calibrate again, None while the camera stands where it was calibrated."""
        since = now.moved_since
        return None if since is None else Due(now.t - since, since, step=1)

    def so_far(self, now: Situation) -> float:
        """The time since the camera was moved (s)."""
        return 0.0 if now.moved_since is None else now.t - now.moved_since

    def next_at(self, so_far: float) -> float:  # noqa: ARG002 (any is enough)
        """0 s: it is due at once."""
        return 0.0
