"""Whether to show a due reminder now, and whether it was followed.

A rule tells what is due; ``Reminders`` decides whether to show it: one at a time, never more than one in five minutes, less often
while ignored (``rate_limits``), never without a person present, and not once the person has moved (``responses``): it is then no
longer due.  What a silence holds back is told afterwards (``deferred``).
"""

import math
from collections.abc import Mapping, Sequence

from monitor.core.reminders.decisions import Considered, HoldDetail, Notice, Reminder, Response
from monitor.core.reminders.deferred import DeferredReminders
from monitor.core.reminders.kinds import default_rules
from monitor.core.reminders.rate_limits import NOT_YET, RateLimits
from monitor.core.reminders.responses import QUIET_AFTER_S, ResponseObserver
from monitor.core.reminders.rules import Due, Rule, Situation
from monitor.core.vocabulary import Hold


class Reminders:
    """Decides whether to remind now, and observes the response."""

    def __init__(self, rules: Mapping[str, Rule] | None = None, per_hour: int = 6) -> None:
        self._rules = default_rules() if rules is None else dict(rules)
        self._limits = RateLimits(self._rules, per_hour)
        self._responses = ResponseObserver()
        self._deferred = DeferredReminders()
        self._last_t = -math.inf

    def replace_rules(self, rules: Mapping[str, Rule], per_hour: int) -> None:
        """Go on with other rules and another budget; what was shown, answered and deferred is kept."""
        self._rules = dict(rules)
        self._limits.replace(self._rules, per_hour)
        self._responses.keep(self._rules)

    def consider(self, now: Situation) -> Considered:
        """The reminders to show now, the response to the last one, and what holds each kind back."""
        answered = self._noted(self._responses.observe(now))
        self._deferred.unseen(now.t, now.busy_s)
        dues = {kind: rule.due(now) for kind, rule in self._rules.items()}
        holds = {kind: NOT_YET if due is None else self._kind_hold(now, kind, due) for kind, due in dues.items()}
        fitting = {kind: due for kind, due in dues.items() if due is not None and holds[kind] is None}
        notices, common = self._choose(now, fitting)
        holds |= {kind: common for kind in fitting if common is not None and not _is_of(notices, kind)}
        progress = {kind: (rule.so_far(now), holds[kind]) for kind, rule in self._rules.items()}
        return Considered((*answered, *notices), progress, self._rules)

    def remember(self, reminders: Sequence[Reminder]) -> None:
        """Take over the reminders of an earlier run (oldest first): no step is repeated, and the hour's budget holds."""
        for reminder in reminders:
            self._limits.note_step(reminder.t, reminder.kind, reminder.due)
            self._limits.note_shown(reminder.t)
            self._last_t = max(self._last_t, reminder.t)

    def moved(self, t: float) -> list[Response]:
        """The responses that follow from the person's own mark (at ``t``) of having moved."""
        return self._noted(self._responses.moved(t))

    def decline(self) -> None:
        """Lower the hour's budget by one at once: the person declined a reminder.  Responses are observed as usual."""
        if self._responses.awaited is not None:
            self._limits.decline()

    def _choose(self, now: Situation, fitting: Mapping[str, Due]) -> tuple[list[Notice], HoldDetail | None]:
        """The reminder to show, and what holds back the other due kinds."""
        if (hold := self._common_hold(now)) is not None:
            return [], hold
        if now.silent:
            self._deferred.keep(now.t, now.silent, {kind: due.seconds for kind, due in fitting.items()})
            return [], HoldDetail(Hold.SILENT, now.silent)
        if missed := self._deferred.give(now.t, now.activity):
            self._last_t = now.t
            for kind in fitting.keys() & missed.durations.keys():
                self._limits.note_step(now.t, kind, fitting[kind])
            return [missed], HoldDetail(Hold.SAID_AFTERWARDS, until=now.t + QUIET_AFTER_S)
        if not fitting:
            return [], None
        if (hold := self._limits.used_up(now.t)) is not None:
            return [], hold
        kind, due = next(iter(fitting.items()))
        return [self._remind(now, kind, due)], HoldDetail(Hold.ANOTHER_FIRST, kind)

    def _kind_hold(self, now: Situation, kind: str, due: Due) -> HoldDetail | None:
        return self._limits.own_hold(now.t, kind, due) or self._limits.limit_first(now, kind, self._rules)

    def _common_hold(self, now: Situation) -> HoldDetail | None:
        """The hold on all kinds, None if there is none."""
        if (awaited := self._responses.awaited) is not None:
            return HoldDetail(Hold.ANSWER_AWAITED, awaited.kind, awaited.t + QUIET_AFTER_S)
        if now.t - self._last_t < QUIET_AFTER_S:
            return HoldDetail(Hold.JUST_SPOKEN, until=self._last_t + QUIET_AFTER_S)
        return None if now.seen is now.activity else HoldDetail(Hold.SEEN_DIFFERS, now.seen)

    def _remind(self, now: Situation, kind: str, due: Due) -> Reminder:
        reminder = Reminder(now.t, kind, due, now.activity)
        self._limits.note_step(now.t, kind, due)
        self._limits.note_shown(now.t)
        self._responses.expect(reminder)
        self._last_t = now.t
        return reminder

    def _noted(self, response: Response | None) -> list[Response]:
        if response is None:
            return []
        self._limits.note_response(response.kind, helped=response.after_s is not None)
        return [response]


def _is_of(notices: list[Notice], kind: str) -> bool:
    return any(isinstance(notice, Reminder) and notice.kind == kind for notice in notices)
