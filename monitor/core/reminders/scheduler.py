"""When to speak, how often, and when to stay silent.

A rule says what is due; ``Reminders`` decides whether now is the moment: one at a time, never more than one in five minutes,
less often while ignored, never to an empty chair, and not at all once the person has moved (what is no longer due is thereby
withdrawn).  Manners: [E].
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.core.reminders.deferred import DeferredNotice, DeferredReminders
from monitor.core.reminders.kinds import ReminderClock, clock_of, default_rules
from monitor.core.reminders.rules import HOUR_S, MIN, Due, Rule, Situation
from monitor.core.reminders.suppression import LEAST, Budget
from monitor.core.vocabulary import Activity, Hold

# Nobody is spoken to more often than this, and an answer is waited for as long.
QUIET_AFTER_S = 5 * MIN
# A change within the five minutes may be sure only after the slowest dwell.
_LATE_S = 15.0
# A limit that comes within this is not made late by a nudge and the waiting for its answer.
_NEAR_S = QUIET_AFTER_S + MIN
# A nudge about posture comes at most twice an hour, ten minutes apart (science.md 2.4), and after sitting and standing.
APART_S, PER_HOUR = 10 * MIN, 2
_RUNS = frozenset({ReminderClock.SITTING, ReminderClock.STANDING})
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


@dataclass(frozen=True, slots=True)
class Decision:
    """How far one kind is (``seconds`` of ``of_s``) and what holds it back; ``hold`` None: it came at this step.

    ``detail`` says more as a code: why reminders are silent, what is seen, which kind went first.  ``until`` is when the hold is
    over (POSIX s), None where that depends on the person; ``used`` of ``allowed`` is the hour's budget.
    """

    kind: str
    seconds: float
    of_s: float
    hold: Hold | None
    detail: str | None = None
    until: float | None = None
    used: int | None = None
    allowed: int | None = None


Notice: TypeAlias = Reminder | Response | DeferredNotice


@dataclass(frozen=True, slots=True)
class _Back:
    """What holds a reminder back, without which one."""

    hold: Hold
    detail: str | None = None
    until: float | None = None
    used: int | None = None
    allowed: int | None = None


_NOT_YET, _SAID_BEFORE = _Back(Hold.NOT_YET), _Back(Hold.SAID_BEFORE)


@dataclass(frozen=True, slots=True)
class Considered:
    """What is said and was answered at one step; ``decisions`` are made of it when they are asked for."""

    events: tuple[Notice, ...] = ()
    _held: Mapping[str, tuple[float, _Back | None]] = field(default_factory=dict)
    _rules: Mapping[str, Rule] = field(default_factory=dict, repr=False, compare=False)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decision on every kind, in the table's order."""
        return tuple(self._decision(kind, so_far, back) for kind, (so_far, back) in self._held.items())

    def _decision(self, kind: str, so_far: float, back: _Back | None) -> Decision:
        far = (kind, so_far, self._rules[kind].next_at(so_far))
        return Decision(*far, *((back.hold, back.detail, back.until, back.used, back.allowed) if back else (None,)))


@dataclass(slots=True)
class _Said:
    """What one kind has said last: when, which step of which run, and how often nothing followed."""

    t: float = -math.inf
    run: float | None = None
    step: int = 0
    ignored: int = 0


class Reminders:
    """Chooses whether to speak now, and sees what followed."""

    def __init__(self, rules: Mapping[str, Rule] | None = None, per_hour: int = 6) -> None:
        self._rules = default_rules() if rules is None else dict(rules)
        self._last = {kind: _Said() for kind in self._rules}
        self._nudges: deque[float] = deque(maxlen=PER_HOUR)
        self._budget, self._said = Budget(per_hour, per_hour), deque[float](maxlen=per_hour)
        self._deferred = DeferredReminders()
        self._waiting: Reminder | None = None
        self._declined = False
        self._unchanged_until = self._off_until = self._last_t = -math.inf

    def consider(self, now: Situation) -> Considered:
        """What to say now, what was seen of the last reminder's effect, and what holds each kind back."""
        answered = self._listen(now)
        self._deferred.unseen(now.t, now.busy_s)
        dues = {kind: rule.due(now) for kind, rule in self._rules.items()}
        back = {kind: self._too_early(now.t, kind, due) or self._limit_first(now, kind) for kind, due in dues.items()}
        fitting = {kind: due for kind, due in dues.items() if due is not None and back[kind] is None}
        said, common = self._choose(now, fitting)
        back |= {kind: common for kind in fitting if common is not None and not _is_of(said, kind)}
        held = {kind: (rule.so_far(now), back[kind]) for kind, rule in self._rules.items()}
        return Considered((*answered, *said), held, self._rules)

    def _choose(self, now: Situation, fitting: Mapping[str, Due]) -> tuple[list[Notice], _Back | None]:
        """What is said, and what holds back the fitting kinds that are not."""
        if (held := self._not_now(now)) is not None:
            return [], held
        if now.silent:
            self._deferred.keep(now.t, now.silent, {kind: due.seconds for kind, due in fitting.items()})
            return [], _Back(Hold.SILENT, now.silent)
        if missed := self._deferred.give(now.t, now.activity):
            self._last_t = now.t
            for kind in fitting.keys() & missed.durations.keys():
                self._note(now.t, kind, fitting[kind])
            return [missed], _Back(Hold.SAID_AFTERWARDS, until=now.t + QUIET_AFTER_S)
        if (held := self._used_up(now.t)) is not None:
            return [], held
        if not fitting:
            return [], None
        kind, due = next(iter(fitting.items()))
        return [self._say(now, kind, due)], _Back(Hold.ANOTHER_FIRST, kind)

    def _not_now(self, now: Situation) -> _Back | None:
        """What holds every kind back."""
        if self._waiting is not None:
            return _Back(Hold.ANSWER_AWAITED, self._waiting.kind, self._waiting.t + QUIET_AFTER_S)
        if now.t - self._last_t < QUIET_AFTER_S:
            return _Back(Hold.JUST_SPOKEN, until=self._last_t + QUIET_AFTER_S)
        return None if now.seen is now.activity else _Back(Hold.SEEN_DIFFERS, now.seen)

    def _used_up(self, t: float) -> _Back | None:
        """That the hour before ``t`` brought all that it may; nudges about posture take nothing from the others' part of it."""
        lately = [at for at in self._said if t - at < HOUR_S]
        others = [at for at in lately if at not in self._nudges]
        for said, allowed in ((lately, self._budget.most), (others, self._budget.allowed)):
            if len(said) >= allowed:
                return _Back(Hold.BUDGET, None, said[-allowed] + HOUR_S, len(said), allowed)
        return None

    def remember(self, said: Sequence[Reminder]) -> None:
        """Take in what an earlier run of the monitor said (oldest first): no step is said twice, and the hour's budget holds."""
        for one in said:
            if one.kind in self._last:
                self._note(one.t, one.kind, one.due)
            self._said.append(one.t)
            self._last_t = max(self._last_t, one.t)

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
        last = self._last[kind]
        last.t, last.run, last.step = t, due.since, due.step or 0
        if due.step is None:
            self._nudges.append(t)

    def _too_early(self, t: float, kind: str, due: Due | None) -> _Back | None:
        """What of its own holds a kind back: it is not due, was said before, or the last nudge is too near."""
        last = self._last[kind]
        if due is None:
            return _NOT_YET
        if due.step is not None:
            # The start of a run that an earlier monitor saw is known to the second.
            same = last.run is not None and abs(due.since - last.run) < 1.0
            return None if not same or due.step > last.step else _SAID_BEFORE
        full = len(self._nudges) == PER_HOUR
        spans = [
            (last.t, APART_S * 2**last.ignored),
            *((at, APART_S) for at in self._nudges),
            *([(self._nudges[0], HOUR_S)] if full else []),
        ]
        ends = [at + span for at, span in spans if t - at < span]
        return _Back(Hold.NUDGED_LATELY, until=max(ends)) if ends else None

    def _limit_first(self, now: Situation, kind: str) -> _Back | None:
        """What holds a nudge about posture back for sitting and standing: one of them is near, or needs the hour's last two."""
        limits = [one for one in self._rules if clock_of(one) in _RUNS]
        if clock_of(kind) is not ReminderClock.POSTURE or not limits:
            return None
        for one in limits:
            so_far = self._rules[one].so_far(now)
            if clock_of(one) == str(now.activity) and self._rules[one].next_at(so_far) - so_far < _NEAR_S:
                return _Back(Hold.ANOTHER_FIRST, one)
        lately = [at for at in self._said if now.t - at < HOUR_S]
        rest = min(self._budget.allowed, self._budget.most - LEAST)
        if len(lately) < rest:
            return None
        return _Back(Hold.BUDGET, None, lately[-rest] + HOUR_S if rest > 0 else None, len(lately), self._budget.allowed)

    def _say(self, now: Situation, kind: str, due: Due) -> Reminder:
        self._note(now.t, kind, due)
        self._said.append(now.t)
        self._declined = False
        self._last_t = self._off_until = self._unchanged_until = now.t
        said = Reminder(now.t, kind, due, now.activity)
        self._waiting = None if clock_of(kind) is ReminderClock.CAMERA else said
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
        last, helped = self._last[said.kind], after_s is not None
        last.ignored = 0 if helped else last.ignored + 1
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


def _is_of(said: list[Notice], kind: str) -> bool:
    return any(isinstance(one, Reminder) and one.kind == kind for one in said)
