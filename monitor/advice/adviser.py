"""The message of a reminder: its text with a tip that fits the person and the moment, or an advised call, which precedes any tip.

The person's entries and the tips already shown are read again for every message, so a check-in counts from the next reminder on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from monitor.advice.catalogue import Tip
from monitor.advice.checkin import implied_by
from monitor.advice.limits import never_stands
from monitor.advice.picking import AT_HAND, BUSY_HOURS, Context, follow_up, may_not_walk, pick
from monitor.advice.pregnancy import NO_BABY, PregnancyStage
from monitor.advice.red_flags import Card, StageWeek, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.core.history.records import CheckInRecord
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.kinds import takes_tip
from monitor.core.vocabulary import Activity
from monitor.texts.catalogue import speaking_to
from monitor.texts.reminders import Message, opening, plain_missed, title

CLEARED = "When you have called: posture-monitor checkin --clear"


@dataclass(frozen=True, slots=True)
class Known:
    """The person's entries and the tips shown, as of one moment.

    ``stage`` is None if not entered, ``week`` as in StageWeek; ``shown`` says when (POSIX s) each tip of the day came.
    ``call`` is the urgency of an advised call that is still open, None if there is none; ``sore``: pain was noted recently.
    """

    stage: PregnancyStage | None = None
    conditions: frozenset[str] = frozenset()
    shown: Mapping[str, float] = field(default_factory=dict)
    call: Urgency | None = None
    week: int | None = None
    sore: bool = False

    @property
    def always_seated(self) -> bool:
        """Whether the person uses a wheelchair or cannot stand, so that words fit."""
        return never_stands(self.conditions)

    @property
    def at(self) -> StageWeek | None:
        """Stage and week for the card; None if no stage was entered."""
        return None if self.stage is None else StageWeek(self.stage, self.week)


@dataclass(frozen=True, slots=True)
class Habits:
    """The person's settings for tips, and telephone numbers by name."""

    at_hand: frozenset[str] = AT_HAND
    busy_hours: frozenset[int] = BUSY_HOURS
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adviser:
    """Writes the messages of reminders; ``known(t)`` are the facts at ``t`` (POSIX s)."""

    tips: Sequence[Tip]
    card: Card
    known: Callable[[float], Known]
    tz: tzinfo
    habits: Habits = field(default_factory=Habits)

    def remind(self, reminder: Reminder) -> Message:
        """The message of a reminder."""
        known = self.known(reminder.t)
        if known.call is not None:
            return self._call(known, known.call)
        with speaking_to(always_seated=known.always_seated):
            return self._remind(reminder, known)

    def _remind(self, reminder: Reminder, known: Known) -> Message:
        # For a person who may not walk, "move a little" would be wrong.
        above = title(reminder.kind, reminder.due.level, resting=may_not_walk(self.tips, known.conditions))
        tips = self.tips if takes_tip(reminder.kind) else ()
        why, tip = opening(reminder, self.tz), pick(tips, reminder, self._context(known))
        return Message(above, f"{why} {tip.body}", tip.id) if tip else Message(above, why)

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """The message with one more tip once the person has changed to ``activity`` after a reminder; None without a break."""
        if response.after_s is None:
            return None
        known = self.known(response.t + response.after_s)
        tip = follow_up(self.tips, response, activity, self._context(known))
        return Message(tip.title, tip.body, tip.id) if tip else None

    def missed(self, missed: DeferredNotice) -> Message:
        """The message about reminders that were due while suppressed."""
        known = self.known(missed.t)
        if known.call is not None:
            return self._call(known, known.call)
        with speaking_to(always_seated=known.always_seated):
            return plain_missed(missed)

    def _call(self, known: Known, urgency: Urgency) -> Message:
        action = answer(self.card, TriageResult(urgency), known.at, self.habits.numbers, alone=NO_BABY in known.conditions)
        return Message(action.title, f"{action.body} {CLEARED}")

    def _context(self, known: Known) -> Context:
        habits = (self.habits.at_hand, self.habits.busy_hours)
        return Context(known.stage, self.tz, known.conditions, *habits, known.shown, known.call is not None, known.sore)


def in_force(reports: Sequence[CheckInRecord]) -> tuple[frozenset[str], Urgency | None]:
    """The symptoms in force and the urgency of an open call, from check-ins that were not cleared (in order of time).

    A later check-in replaces a milder one; one that advised a call stays in force until it is cleared.
    """
    asked = open_calls(reports)
    symptoms = frozenset[str]().union(*(report.symptoms | implied_by(report.places) for report in (*asked, *reports[-1:])))
    return symptoms, max((_level(report.urgency) for report in asked if report.urgency), default=None)


def open_calls(reports: Sequence[CheckInRecord]) -> list[CheckInRecord]:
    """The open check-ins that advised a call."""
    return [report for report in reports if report.urgency and _level(report.urgency) >= Urgency.ORANGE]


def _level(urgency: str) -> Urgency:
    # A word that this version does not know may be the most urgent of all: no tips until it is cleared.
    return Urgency.__members__.get(urgency.upper(), Urgency.ORANGE)
