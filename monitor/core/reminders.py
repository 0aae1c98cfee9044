"""When to speak, how often, and when to stay silent.

A rule says what is due; ``Reminders`` decides whether now is the moment: one at a time, never more than one in five minutes,
less often while ignored, never to an empty chair, and not at all once the person has moved (what is no longer due is thereby
withdrawn).  Limits: science.md 4.4; manners: [E].
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Protocol

from monitor.core.activity import Activity
from monitor.core.baseline import Posture
from monitor.core.bouts import Run

MIN = 60.0
# Nobody is spoken to more often than this, and an answer is waited for as long.
QUIET_AFTER_S = 5 * MIN
# A change within the five minutes may be sure only after the slowest dwell.
_LATE_S = 15.0
REPEAT_S = 30 * MIN
# A nudge about posture comes at most three times an hour, ten minutes apart (science.md 2.4).
APART_S, PER_HOUR, HOUR_S = 10 * MIN, 3, 60 * MIN
# The posture must be back for this long to count as an answer.
SETTLED_S = 5.0


class Level(StrEnum):
    """How much is said."""

    SOFT = "soft"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the rules may know: the state and since when, the runs, the posture of now.

    ``seen`` is what this sample alone shows, ``elapsed_s`` the time it stands for; ``moved_since`` is when the camera was moved,
    None while it stands where it was calibrated.
    """

    t: float
    activity: Activity
    since: float
    runs: Mapping[str, Run]
    posture: Posture
    seen: Activity
    elapsed_s: float
    moved_since: float | None = None


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


@dataclass(frozen=True, slots=True)
class Reminder:
    """What was due at ``t`` (POSIX s), and why."""

    t: float
    kind: str
    due: Due
    activity: Activity


@dataclass(frozen=True, slots=True)
class Response:
    """What was seen after the reminder of ``t``: ``after_s`` until a change, None if five minutes brought none.

    There is none where the person was lost from sight.
    """

    t: float
    kind: str
    after_s: float | None


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
class Held:
    """Due while signals were out of tolerance for ``share`` of the last ``window_s``; unseen time counts as in tolerance."""

    window_s: float
    share: float
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    _past: deque[tuple[float, float]] = field(default_factory=deque, init=False, repr=False)
    _held_s: float = field(default=0.0, init=False, repr=False)

    def due(self, now: Situation) -> Due | None:
        """What has been out for most of the window and still is."""
        off = (now.posture.held & self.only if self.only else now.posture.held) - self.but
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
class Moved:
    """Due once for each place that the camera was moved to."""

    def due(self, now: Situation) -> Due | None:
        """The request to calibrate again."""
        since = now.moved_since
        return None if since is None else Due(now.t - since, since, step=1)


_SCREEN = frozenset({"screen_distance"})
RULES: Mapping[str, Callable[..., Rule]] = {
    "sat_too_long": partial(TooLong, Activity.SITTING, soft_min=30, firm_min=60),
    "stood_too_long": partial(TooLong, Activity.STANDING, soft_min=40, firm_min=60),
    "posture_held": partial(Held, window_s=90, share=0.8, but=_SCREEN),
    # "For 60 s" with room for a single missed sample.
    "too_close": partial(Held, window_s=60, share=0.95, only=_SCREEN),
    "camera_moved": Moved,
}
# A request, not a nudge: nothing that is seen afterwards is an answer to it.
UNANSWERED = frozenset({"camera_moved"})


@dataclass(slots=True)
class _Told:
    """What one kind has said last: when, which step of which run, and how often nothing followed."""

    t: float = -math.inf
    run: float | None = None
    step: int = 0
    ignored: int = 0


class Reminders:
    """Chooses whether to speak now, and sees what followed."""

    def __init__(self, rules: Mapping[str, Rule] | None = None) -> None:
        self._rules = {kind: make() for kind, make in RULES.items()} if rules is None else dict(rules)
        self._told = {kind: _Told() for kind in self._rules}
        self._nudges: deque[float] = deque(maxlen=PER_HOUR)
        self._waiting: Reminder | None = None
        self._unchanged_until = self._off_until = self._last_t = -math.inf

    def consider(self, now: Situation) -> list[Reminder | Response]:
        """What to say now, and what was seen of the last reminder's effect."""
        heard = self._listen(now)
        dues = [(kind, due) for kind, rule in self._rules.items() if (due := rule.due(now))]
        if self._waiting is not None or now.t - self._last_t < QUIET_AFTER_S or now.seen is not now.activity:
            return heard
        for kind, due in dues:
            if self._fits(now.t, due, self._told[kind]):
                return [*heard, self._say(now, kind, due)]
        return heard

    def _fits(self, t: float, due: Due, told: _Told) -> bool:
        if due.step is not None:
            return due.since != told.run or due.step > told.step
        if t - told.t < APART_S * 2**told.ignored or (self._nudges and t - self._nudges[-1] < APART_S):
            return False
        return len(self._nudges) < PER_HOUR or t - self._nudges[0] >= HOUR_S

    def _say(self, now: Situation, kind: str, due: Due) -> Reminder:
        told = self._told[kind]
        told.t, told.run, told.step = now.t, due.since, due.step or 0
        if due.step is None:
            self._nudges.append(now.t)
        self._last_t = self._off_until = self._unchanged_until = now.t
        said = Reminder(now.t, kind, due, now.activity)
        self._waiting = None if kind in UNANSWERED else said
        return said

    def _listen(self, now: Situation) -> list[Reminder | Response]:
        said = self._waiting
        if said is None:
            return []
        changed_at = self._changed_at(said, now)
        if changed_at is None and now.t - said.t <= QUIET_AFTER_S + _LATE_S:
            return []
        self._waiting, told = None, self._told[said.kind]
        if changed_at is not None and changed_at - said.t <= QUIET_AFTER_S:
            told.ignored = 0
            return [Response(said.t, said.kind, max(changed_at - said.t, 0.0))]
        if self._unchanged_until - said.t < QUIET_AFTER_S:
            return []  # the person was lost from sight: nobody knows, and nothing was ignored
        told.ignored += 1
        return [Response(said.t, said.kind, None)]

    def _changed_at(self, said: Reminder, now: Situation) -> float | None:
        if now.activity not in (said.activity, Activity.UNKNOWN):
            return now.since
        signals = set(said.due.signals)
        # A signal that cannot be seen has not come back.
        if not signals & now.posture.judged or signals & now.posture.held:
            self._off_until = now.t
        if now.activity is said.activity and now.since <= said.t:
            self._unchanged_until = now.t
        return self._off_until if now.t - self._off_until >= SETTLED_S else None
