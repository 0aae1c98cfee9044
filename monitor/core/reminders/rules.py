"""What is due, and when: one rule for each kind of reminder, whether or not this is the moment to say it.

Limits: science.md 4.4.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Protocol

from monitor.core.posture.baseline import Posture
from monitor.core.sedentary.bouts import Run
from monitor.core.vocabulary import Activity

MIN = 60.0
REPEAT_S = 30 * MIN
HOUR_S = 60 * MIN
DAY_S = 24 * HOUR_S


class Level(StrEnum):
    """How much is said."""

    SOFT = "soft"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the rules may know: the state and since when, the runs, the posture of now.

    ``seen`` is what this sample alone shows, ``elapsed_s`` the time it stands for, ``silent`` why nothing may be said;
    ``moved_since`` is when the camera was moved, None while it stands where it was calibrated; ``busy_s`` is the part of
    ``elapsed_s`` in which another program had the camera.
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
    """What a rule wants to say: for how long (s) now, since when, which signals.

    ``step`` counts up within one run: each is said once.  None means that only time must pass before it is said again.
    """

    seconds: float
    since: float
    step: int | None = None
    level: Level = Level.SOFT
    signals: tuple[str, ...] = ()
    after_break: bool = False


class Rule(Protocol):
    """One kind of reminder, asked at every step."""

    def due(self, now: Situation) -> Due | None:
        """What is due now."""
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
        step = self._step(run.seconds)
        if not step or now.activity is not self.activity or run.since is None:
            return None
        return Due(run.seconds, run.since, step, Level.SOFT if step == 1 else Level.FIRM, after_break=run.after_break)

    def _step(self, seconds: float) -> int:
        step, at, pause = 0, self.soft_min * MIN, REPEAT_S
        while seconds >= at:
            step += 1
            if step == 1:
                at = self.firm_min * MIN
            else:
                at, pause = at + pause, 2 * pause
        return step


@dataclass(slots=True)
class SustainedDeviation:
    """Due while signals were out of tolerance for ``share`` of the last ``window_s``; unseen time counts as in tolerance."""

    window_s: float
    share: float
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    _past: deque[tuple[float, float]] = field(default_factory=deque, init=False, repr=False)
    _held_s: float = field(default=0.0, init=False, repr=False)

    def due(self, now: Situation) -> Due | None:
        """What has been out for most of the window and still is."""
        off = (now.posture.sustained & self.only if self.only else now.posture.sustained) - self.but
        held = self._held(now.t, now.elapsed_s if off else 0.0)
        if not off or held < self.share * self.window_s:
            return None
        return Due(held, now.t - held, signals=tuple(sorted(off)))

    def _held(self, t: float, seconds: float) -> float:
        while self._past and self._past[0][0] <= t - self.window_s:
            self._held_s -= self._past.popleft()[1]
        if not self._past:
            self._held_s = 0.0  # no rounding error outlives its window
        if seconds:
            self._past.append((t, seconds))
            self._held_s += seconds
        return self._held_s


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the person's clock, ``start`` up to ``end`` (POSIX s), and how long she had stood on it before (s)."""

    start: float
    end: float
    stood_s: float = 0.0


def utc_day(t: float) -> Day:
    """The day of ``t`` (POSIX s) in UTC, with nothing known before."""
    start = t - t % DAY_S
    return Day(start, start + DAY_S)


@dataclass(slots=True)
class StoodToday:
    """Due once a day, while standing, when all standing of the day adds up to ``limit_h``.

    ``day(t)`` tells of the day of ``t`` (POSIX s).
    """

    limit_h: float
    day: Callable[[float], Day] = utc_day
    _today: Day = field(default=Day(0.0, 0.0), init=False, repr=False)
    _stood_s: float = field(default=0.0, init=False, repr=False)

    def due(self, now: Situation) -> Due | None:
        """The day's standing, from when it has reached the limit; nothing on a day that reached it before we were asked."""
        if not self._today.start <= now.t < self._today.end:
            self._today, self._stood_s = self.day(now.t), 0.0
        if now.activity is not Activity.STANDING:
            return None
        self._stood_s += now.elapsed_s
        total = self._today.stood_s + self._stood_s
        reached = self._today.stood_s < self.limit_h * HOUR_S <= total
        return Due(total, self._today.start, 1) if reached else None


@dataclass(frozen=True, slots=True)
class CameraMovedRule:
    """Due once for each place that the camera was moved to."""

    def due(self, now: Situation) -> Due | None:
        """The request to calibrate again."""
        since = now.moved_since
        return None if since is None else Due(now.t - since, since, step=1)


_SCREEN, _BACK, _HOLLOW = frozenset({"screen_distance"}), frozenset({"lumbar_index"}), frozenset({"lumbar_change"})
RULES: Mapping[str, Callable[..., Rule]] = {
    "sat_too_long": partial(TooLong, Activity.SITTING, soft_min=30, firm_min=60),
    "stood_too_long": partial(TooLong, Activity.STANDING, soft_min=40, firm_min=60),
    "stood_today": partial(StoodToday, limit_h=4),
    "posture_held": partial(SustainedDeviation, window_s=90, share=0.8, but=_SCREEN | _BACK | _HOLLOW),
    # "For 60 s" with room for a single missed sample.
    "too_close": partial(SustainedDeviation, window_s=60, share=0.95, only=_SCREEN),
    # Long, because a back is seen only while it rests, and unseen time counts as well; a slump of a minute is no matter [E].
    "lumbar_flexed": partial(SustainedDeviation, window_s=600, share=0.6, only=_BACK),
    "camera_moved": CameraMovedRule,
}
# About the machine, not the person: no tip goes with it, and nothing that is seen afterwards is an answer to it.
REQUESTS = frozenset({"camera_moved"})
