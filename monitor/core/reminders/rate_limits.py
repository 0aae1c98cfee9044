"""How often reminders come: each step of a run once, posture at most twice an hour, and all within the hour's budget.

A reminder about posture comes half as often each time it is ignored, and leaves room for those about sitting and standing.
The limits are engineering choices [E].
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.core.reminders.decisions import HoldDetail
from monitor.core.reminders.kinds import ReminderClock, clock_of
from monitor.core.reminders.responses import QUIET_AFTER_S
from monitor.core.reminders.rules import HOUR_S, MIN, Due, Rule, Situation
from monitor.core.reminders.suppression import LEAST, Budget
from monitor.core.vocabulary import Hold

# A limit due within this time (s) must not be delayed by a posture reminder and the wait for its response.
_NEAR_S = QUIET_AFTER_S + MIN
# A reminder about posture comes at most twice an hour, ten minutes apart (science.md 2.4), and after sitting and standing.
APART_S, PER_HOUR = 10 * MIN, 2
_RUNS = frozenset({ReminderClock.SITTING, ReminderClock.STANDING})
NOT_YET, _SAID_BEFORE = HoldDetail(Hold.NOT_YET), HoldDetail(Hold.SAID_BEFORE)


@dataclass(slots=True)
class _LastReminder:
    """The last reminder of one kind: when, which step of which run, and how often it was ignored."""

    t: float = -math.inf
    run: float | None = None
    step: int = 0
    ignored: int = 0


class RateLimits:
    """What was shown when, and which holds follow from it."""

    def __init__(self, kinds: Iterable[str], per_hour: int) -> None:
        self._last = {kind: _LastReminder() for kind in kinds}
        self._posture_shown_at: deque[float] = deque(maxlen=PER_HOUR)
        self._budget, self._shown_at = Budget(per_hour, per_hour), deque[float](maxlen=per_hour)
        self._declined = False

    def replace(self, kinds: Iterable[str], per_hour: int) -> None:
        """Go on with other kinds and another budget; what was shown and answered is kept."""
        self._last = {kind: self._last.get(kind, _LastReminder()) for kind in kinds}
        self._budget = self._budget.with_most(per_hour)
        self._shown_at = deque(self._shown_at, maxlen=per_hour)

    def note_step(self, t: float, kind: str, due: Due) -> None:
        """Note that this step of ``kind`` was told at ``t``, by a reminder or by a deferred notice."""
        if kind not in self._last:
            return
        last = self._last[kind]
        last.t, last.run, last.step = t, due.since, due.step or 0
        if due.step is None:
            self._posture_shown_at.append(t)

    def note_shown(self, t: float) -> None:
        """Count a reminder shown at ``t`` in the hour's budget."""
        self._shown_at.append(t)
        self._declined = False

    def decline(self) -> None:
        """Lower the hour's budget by one at once, and only once for each reminder: the person declined it."""
        if not self._declined:
            self._budget, self._declined = self._budget.after(helped=False), True

    def note_response(self, kind: str, *, helped: bool) -> None:
        """Note whether the last reminder was followed."""
        last = self._last[kind]
        last.ignored = 0 if helped else last.ignored + 1
        if helped or not self._declined:
            self._budget = self._budget.after(helped=helped)

    def own_hold(self, t: float, kind: str, due: Due) -> HoldDetail | None:
        """The kind's own hold on what is due: it was shown before, or the last one about posture is too recent."""
        last = self._last[kind]
        if due.step is not None:
            # The start of a run taken over from an earlier session is known only to the second.
            same = last.run is not None and abs(due.since - last.run) < 1.0
            return None if not same or due.step > last.step else _SAID_BEFORE
        full = len(self._posture_shown_at) == PER_HOUR
        spans = [
            (last.t, APART_S * 2**last.ignored),
            *((at, APART_S) for at in self._posture_shown_at),
            *([(self._posture_shown_at[0], HOUR_S)] if full else []),
        ]
        ends = [at + span for at, span in spans if t - at < span]
        return HoldDetail(Hold.NUDGED_LATELY, until=max(ends)) if ends else None

    def limit_first(self, now: Situation, kind: str, rules: Mapping[str, Rule]) -> HoldDetail | None:
        """The hold on posture reminders in favour of sitting and standing: one is due soon, or needs the hour's last two."""
        limits = [limit for limit in rules if clock_of(limit) in _RUNS]
        if clock_of(kind) is not ReminderClock.POSTURE or not limits:
            return None
        for limit in limits:
            so_far = rules[limit].so_far(now)
            if clock_of(limit) == str(now.activity) and rules[limit].next_at(so_far) - so_far < _NEAR_S:
                return HoldDetail(Hold.ANOTHER_FIRST, limit)
        recent = [at for at in self._shown_at if now.t - at < HOUR_S]
        rest = min(self._budget.allowed, self._budget.most - LEAST)
        if len(recent) < rest:
            return None
        return HoldDetail(Hold.BUDGET, None, recent[-rest] + HOUR_S if rest > 0 else None, len(recent), self._budget.allowed)

    def used_up(self, t: float) -> HoldDetail | None:
        """The hold if the budget of the hour before ``t`` is used; posture reminders take nothing from the others' part of it."""
        recent = [at for at in self._shown_at if t - at < HOUR_S]
        others = [at for at in recent if at not in self._posture_shown_at]
        for shown, allowed in ((recent, self._budget.most), (others, self._budget.allowed)):
            if len(shown) >= allowed:
                return HoldDetail(Hold.BUDGET, None, shown[-allowed] + HOUR_S, len(shown), allowed)
        return None
