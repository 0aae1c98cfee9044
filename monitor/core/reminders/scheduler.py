"""Whether to show a due reminder now, and whether it was followed.

A rule tells what is due; ``Reminders`` decides whether to show it: one at a time, never more than one in five minutes, less often
while ignored, never without a person present, and not once the person has moved (it is then no longer due).  The limits are
engineering choices [E].
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

# The shortest time (s) between two reminders, and how long to wait for a response.
QUIET_AFTER_S = 5 * MIN
# A change within the five minutes may be confirmed only after the slowest dwell.
_LATE_S = 15.0
# A limit due within this time (s) must not be delayed by a posture reminder and the wait for its response.
_NEAR_S = QUIET_AFTER_S + MIN
# A nudge about posture comes at most twice an hour, ten minutes apart (science.md 2.4), and after sitting and standing.
APART_S, PER_HOUR = 10 * MIN, 2
_RUNS = frozenset({ReminderClock.SITTING, ReminderClock.STANDING})
# The posture must be back for this long (s) to count as a response.
SETTLED_S = 5.0


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder shown at ``t`` (POSIX s), and why it was due."""

    t: float
    kind: str
    due: Due
    activity: Activity


@dataclass(frozen=True, slots=True)
class Response:
    """The response to the reminder of ``t``: ``after_s`` (s) until a change, None if there was none within five minutes.

    There is no response where the person was lost from view.
    """

    t: float
    kind: str
    after_s: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The progress of one kind (``seconds`` of ``of_s``) and what holds it back; ``hold`` None: it was shown at this step.

    ``detail`` is a further code: why reminders are suppressed, which activity is seen, which kind went first.  ``until`` is when
    the hold is over (POSIX s), None where that depends on the person; ``used`` of ``allowed`` is the hour's budget.
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
class _HoldDetail:
    """A hold on reminders, without the kind it applies to."""

    hold: Hold
    detail: str | None = None
    until: float | None = None
    used: int | None = None
    allowed: int | None = None


_NOT_YET, _SAID_BEFORE = _HoldDetail(Hold.NOT_YET), _HoldDetail(Hold.SAID_BEFORE)


@dataclass(frozen=True, slots=True)
class Considered:
    """The result of one step: reminders shown and responses; ``decisions`` are derived from it on demand."""

    events: tuple[Notice, ...] = ()
    _progress: Mapping[str, tuple[float, _HoldDetail | None]] = field(default_factory=dict)
    _rules: Mapping[str, Rule] = field(default_factory=dict, repr=False, compare=False)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decision on every kind, in the table's order."""
        return tuple(self._decision(kind, so_far, hold) for kind, (so_far, hold) in self._progress.items())

    def _decision(self, kind: str, so_far: float, hold: _HoldDetail | None) -> Decision:
        progress = (kind, so_far, self._rules[kind].next_at(so_far))
        return Decision(*progress, *((hold.hold, hold.detail, hold.until, hold.used, hold.allowed) if hold else (None,)))


@dataclass(slots=True)
class _LastReminder:
    """The last reminder of one kind: when, which step of which run, and how often it was ignored."""

    t: float = -math.inf
    run: float | None = None
    step: int = 0
    ignored: int = 0


class Reminders:
    """Decides whether to remind now, and observes the response."""

    def __init__(self, rules: Mapping[str, Rule] | None = None, per_hour: int = 6) -> None:
        self._rules = default_rules() if rules is None else dict(rules)
        self._last = {kind: _LastReminder() for kind in self._rules}
        self._nudges: deque[float] = deque(maxlen=PER_HOUR)
        self._budget, self._shown_at = Budget(per_hour, per_hour), deque[float](maxlen=per_hour)
        self._deferred = DeferredReminders()
        self._waiting: Reminder | None = None
        self._declined = False
        self._unchanged_until = self._off_until = self._last_t = -math.inf

    def replace_rules(self, rules: Mapping[str, Rule], per_hour: int) -> None:
        """Go on with other rules and another budget; what was shown, answered and deferred is kept."""
        self._rules = dict(rules)
        self._last = {kind: self._last.get(kind, _LastReminder()) for kind in self._rules}
        if self._waiting is not None and self._waiting.kind not in self._rules:
            self._waiting = None
        self._budget = self._budget.with_most(per_hour)
        self._shown_at = deque(self._shown_at, maxlen=per_hour)

    def consider(self, now: Situation) -> Considered:
        """The reminders to show now, the response to the last one, and what holds each kind back."""
        answered = self._observe_response(now)
        self._deferred.unseen(now.t, now.busy_s)
        dues = {kind: rule.due(now) for kind, rule in self._rules.items()}
        holds = {kind: self._own_hold(now.t, kind, due) or self._limit_first(now, kind) for kind, due in dues.items()}
        fitting = {kind: due for kind, due in dues.items() if due is not None and holds[kind] is None}
        notices, common = self._choose(now, fitting)
        holds |= {kind: common for kind in fitting if common is not None and not _is_of(notices, kind)}
        progress = {kind: (rule.so_far(now), holds[kind]) for kind, rule in self._rules.items()}
        return Considered((*answered, *notices), progress, self._rules)

    def _choose(self, now: Situation, fitting: Mapping[str, Due]) -> tuple[list[Notice], _HoldDetail | None]:
        """The reminder to show, and what holds back the other due kinds."""
        if (hold := self._common_hold(now)) is not None:
            return [], hold
        if now.silent:
            self._deferred.keep(now.t, now.silent, {kind: due.seconds for kind, due in fitting.items()})
            return [], _HoldDetail(Hold.SILENT, now.silent)
        if missed := self._deferred.give(now.t, now.activity):
            self._last_t = now.t
            for kind in fitting.keys() & missed.durations.keys():
                self._note(now.t, kind, fitting[kind])
            return [missed], _HoldDetail(Hold.SAID_AFTERWARDS, until=now.t + QUIET_AFTER_S)
        if (hold := self._used_up(now.t)) is not None:
            return [], hold
        if not fitting:
            return [], None
        kind, due = next(iter(fitting.items()))
        return [self._remind(now, kind, due)], _HoldDetail(Hold.ANOTHER_FIRST, kind)

    def _common_hold(self, now: Situation) -> _HoldDetail | None:
        """The hold on all kinds, None if there is none."""
        if self._waiting is not None:
            return _HoldDetail(Hold.ANSWER_AWAITED, self._waiting.kind, self._waiting.t + QUIET_AFTER_S)
        if now.t - self._last_t < QUIET_AFTER_S:
            return _HoldDetail(Hold.JUST_SPOKEN, until=self._last_t + QUIET_AFTER_S)
        return None if now.seen is now.activity else _HoldDetail(Hold.SEEN_DIFFERS, now.seen)

    def _used_up(self, t: float) -> _HoldDetail | None:
        """The hold if the budget of the hour before ``t`` is used; posture reminders take nothing from the others' part of it."""
        recent = [at for at in self._shown_at if t - at < HOUR_S]
        others = [at for at in recent if at not in self._nudges]
        for shown, allowed in ((recent, self._budget.most), (others, self._budget.allowed)):
            if len(shown) >= allowed:
                return _HoldDetail(Hold.BUDGET, None, shown[-allowed] + HOUR_S, len(shown), allowed)
        return None

    def remember(self, reminders: Sequence[Reminder]) -> None:
        """Take over the reminders of an earlier run (oldest first): no step is repeated, and the hour's budget holds."""
        for reminder in reminders:
            if reminder.kind in self._last:
                self._note(reminder.t, reminder.kind, reminder.due)
            self._shown_at.append(reminder.t)
            self._last_t = max(self._last_t, reminder.t)

    def moved(self, t: float) -> list[Response]:
        """The responses that follow from the person's own mark (at ``t``) of having moved."""
        reminder, self._waiting = self._waiting, None
        if reminder is None:
            return []
        return [self._respond(reminder, min(max(t - reminder.t, 0.0), QUIET_AFTER_S))]

    def decline(self) -> None:
        """Lower the hour's budget by one at once: the person declined a reminder.  Responses are observed as usual."""
        if self._waiting is not None and not self._declined:
            self._budget, self._declined = self._budget.after(helped=False), True

    def _note(self, t: float, kind: str, due: Due) -> None:
        last = self._last[kind]
        last.t, last.run, last.step = t, due.since, due.step or 0
        if due.step is None:
            self._nudges.append(t)

    def _own_hold(self, t: float, kind: str, due: Due | None) -> _HoldDetail | None:
        """The kind's own hold: it is not due, was shown before, or the last one about posture is too recent."""
        last = self._last[kind]
        if due is None:
            return _NOT_YET
        if due.step is not None:
            # The start of a run taken over from an earlier session is known only to the second.
            same = last.run is not None and abs(due.since - last.run) < 1.0
            return None if not same or due.step > last.step else _SAID_BEFORE
        full = len(self._nudges) == PER_HOUR
        spans = [
            (last.t, APART_S * 2**last.ignored),
            *((at, APART_S) for at in self._nudges),
            *([(self._nudges[0], HOUR_S)] if full else []),
        ]
        ends = [at + span for at, span in spans if t - at < span]
        return _HoldDetail(Hold.NUDGED_LATELY, until=max(ends)) if ends else None

    def _limit_first(self, now: Situation, kind: str) -> _HoldDetail | None:
        """The hold on posture reminders in favour of sitting and standing: one is due soon, or needs the hour's last two."""
        limits = [limit for limit in self._rules if clock_of(limit) in _RUNS]
        if clock_of(kind) is not ReminderClock.POSTURE or not limits:
            return None
        for limit in limits:
            so_far = self._rules[limit].so_far(now)
            if clock_of(limit) == str(now.activity) and self._rules[limit].next_at(so_far) - so_far < _NEAR_S:
                return _HoldDetail(Hold.ANOTHER_FIRST, limit)
        recent = [at for at in self._shown_at if now.t - at < HOUR_S]
        rest = min(self._budget.allowed, self._budget.most - LEAST)
        if len(recent) < rest:
            return None
        return _HoldDetail(Hold.BUDGET, None, recent[-rest] + HOUR_S if rest > 0 else None, len(recent), self._budget.allowed)

    def _remind(self, now: Situation, kind: str, due: Due) -> Reminder:
        self._note(now.t, kind, due)
        self._shown_at.append(now.t)
        self._declined = False
        self._last_t = self._off_until = self._unchanged_until = now.t
        reminder = Reminder(now.t, kind, due, now.activity)
        self._waiting = None if clock_of(kind) is ReminderClock.CAMERA else reminder
        return reminder

    def _observe_response(self, now: Situation) -> list[Response]:
        reminder = self._waiting
        if reminder is None:
            return []
        changed_at = self._changed_at(reminder, now)
        if changed_at is None and now.t - reminder.t <= QUIET_AFTER_S + _LATE_S:
            return []
        self._waiting = None
        if changed_at is not None and changed_at - reminder.t <= QUIET_AFTER_S:
            return [self._respond(reminder, max(changed_at - reminder.t, 0.0))]
        if self._unchanged_until - reminder.t < QUIET_AFTER_S:
            return []  # the person was lost from view: the response is unknown, which is not ignoring
        return [self._respond(reminder, None)]

    def _respond(self, reminder: Reminder, after_s: float | None) -> Response:
        last, helped = self._last[reminder.kind], after_s is not None
        last.ignored = 0 if helped else last.ignored + 1
        if helped or not self._declined:
            self._budget = self._budget.after(helped=helped)
        return Response(reminder.t, reminder.kind, after_s)

    def _changed_at(self, reminder: Reminder, now: Situation) -> float | None:
        if now.activity not in (reminder.activity, Activity.UNKNOWN):
            return now.since
        signals = set(reminder.due.signals)
        # A signal that cannot be measured has not returned.
        if not signals & now.posture.judged or signals & now.posture.sustained:
            self._off_until = now.t
        if now.activity is reminder.activity and now.since <= reminder.t:
            self._unchanged_until = now.t
        return self._off_until if now.t - self._off_until >= SETTLED_S else None


def _is_of(notices: list[Notice], kind: str) -> bool:
    return any(isinstance(notice, Reminder) and notice.kind == kind for notice in notices)
