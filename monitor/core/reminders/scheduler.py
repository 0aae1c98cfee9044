"""When to speak, how often, and when to stay silent.

A rule says what is due; ``Reminders`` decides whether now is the moment: one at a time, never more than one in five minutes,
less often while ignored, never to an empty chair, and not at all once the person has moved (what is no longer due is thereby
withdrawn).  Manners: [E].
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.reminders.deferred import DeferredNotice, DeferredReminders
from monitor.core.reminders.rules import HOUR_S, MIN, REQUESTS, RULES, Due, Rule, Situation
from monitor.core.reminders.suppression import Budget
from monitor.core.vocabulary import Activity

# Nobody is spoken to more often than this, and an answer is waited for as long.
QUIET_AFTER_S = 5 * MIN
# A change within the five minutes may be sure only after the slowest dwell.
_LATE_S = 15.0
# A nudge about posture comes at most three times an hour, ten minutes apart (science.md 2.4).
APART_S, PER_HOUR = 10 * MIN, 3
# The posture must be back for this long to count as an answer.
SETTLED_S = 5.0


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


@dataclass(slots=True)
class _Told:
    """What one kind has said last: when, which step of which run, and how often nothing followed."""

    t: float = -math.inf
    run: float | None = None
    step: int = 0
    ignored: int = 0


class Reminders:
    """Chooses whether to speak now, and sees what followed."""

    def __init__(self, rules: Mapping[str, Rule] | None = None, per_hour: int = 6) -> None:
        self._rules = {kind: make() for kind, make in RULES.items()} if rules is None else dict(rules)
        self._told = {kind: _Told() for kind in self._rules}
        self._nudges: deque[float] = deque(maxlen=PER_HOUR)
        self._budget, self._said = Budget(per_hour, per_hour), deque[float](maxlen=per_hour)
        self._held = DeferredReminders()
        self._waiting: Reminder | None = None
        self._declined = False
        self._unchanged_until = self._off_until = self._last_t = -math.inf

    def consider(self, now: Situation) -> list[Reminder | Response | DeferredNotice]:
        """What to say now, and what was seen of the last reminder's effect."""
        heard: list[Reminder | Response | DeferredNotice] = list(self._listen(now))
        self._held.unseen(now.t, now.busy_s)
        dues = [(kind, due) for kind, rule in self._rules.items() if (due := rule.due(now))]
        if self._waiting is not None or now.t - self._last_t < QUIET_AFTER_S or now.seen is not now.activity:
            return heard
        fitting = {kind: due for kind, due in dues if self._fits(now.t, due, self._told[kind])}
        if now.silent:
            self._held.keep(now.t, now.silent, {kind: due.seconds for kind, due in fitting.items()})
            return heard
        if missed := self._held.give(now.t, now.activity):
            self._last_t = now.t
            for kind in fitting.keys() & missed.durations.keys():
                self._note(now.t, kind, fitting[kind])
            return [*heard, missed]
        if fitting and self._budget.allows(now.t, self._said):
            return [*heard, self._say(now, *next(iter(fitting.items())))]
        return heard

    def moved(self, t: float) -> list[Response]:
        """What the person's own word that they have moved (at ``t``) answers."""
        said, self._waiting = self._waiting, None
        if said is None:
            return []
        return [self._respond(said, min(max(t - said.t, 0.0), QUIET_AFTER_S))]

    def decline(self) -> None:
        """The person wants none just now: one less in this hour, at once.  What follows is watched as ever."""
        if self._waiting is not None and not self._declined:
            self._budget, self._declined = self._budget.after(helped=False), True

    def _note(self, t: float, kind: str, due: Due) -> None:
        told = self._told[kind]
        told.t, told.run, told.step = t, due.since, due.step or 0
        if due.step is None:
            self._nudges.append(t)

    def _fits(self, t: float, due: Due, told: _Told) -> bool:
        if due.step is not None:
            return due.since != told.run or due.step > told.step
        if t - told.t < APART_S * 2**told.ignored or (self._nudges and t - self._nudges[-1] < APART_S):
            return False
        return len(self._nudges) < PER_HOUR or t - self._nudges[0] >= HOUR_S

    def _say(self, now: Situation, kind: str, due: Due) -> Reminder:
        self._note(now.t, kind, due)
        self._said.append(now.t)
        self._declined = False
        self._last_t = self._off_until = self._unchanged_until = now.t
        said = Reminder(now.t, kind, due, now.activity)
        self._waiting = None if kind in REQUESTS else said
        return said

    def _listen(self, now: Situation) -> list[Response]:
        said = self._waiting
        if said is None:
            return []
        changed_at = self._changed_at(said, now)
        if changed_at is None and now.t - said.t <= QUIET_AFTER_S + _LATE_S:
            return []
        self._waiting = None
        if changed_at is not None and changed_at - said.t <= QUIET_AFTER_S:
            return [self._respond(said, max(changed_at - said.t, 0.0))]
        if self._unchanged_until - said.t < QUIET_AFTER_S:
            return []  # the person was lost from sight: nobody knows, and nothing was ignored
        return [self._respond(said, None)]

    def _respond(self, said: Reminder, after_s: float | None) -> Response:
        told, helped = self._told[said.kind], after_s is not None
        told.ignored = 0 if helped else told.ignored + 1
        if helped or not self._declined:
            self._budget = self._budget.after(helped=helped)
        return Response(said.t, said.kind, after_s)

    def _changed_at(self, said: Reminder, now: Situation) -> float | None:
        if now.activity not in (said.activity, Activity.UNKNOWN):
            return now.since
        signals = set(said.due.signals)
        # A signal that cannot be seen has not come back.
        if not signals & now.posture.judged or signals & now.posture.sustained:
            self._off_until = now.t
        if now.activity is said.activity and now.since <= said.t:
            self._unchanged_until = now.t
        return self._off_until if now.t - self._off_until >= SETTLED_S else None
