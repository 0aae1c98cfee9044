"""What is said at a moment: a reminder with the tip that fits the person then, or the call that comes before any tip.

What the person told and heard is handed in afresh for every moment, so a check-in counts from the next reminder on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from monitor.advice.catalogue import Tip
from monitor.advice.checkin import implied_by
from monitor.advice.picking import AT_HAND, BUSY_HOURS, Context, follow_up, may_not_walk, pick
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Card, StageWeek, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.core.history.records import CheckInRecord
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.kinds import takes_tip
from monitor.core.reminders.scheduler import Reminder, Response
from monitor.core.vocabulary import Activity
from monitor.texts.reminders import Message, opening, plain_missed, title

CLEARED = "When you have called: posture-monitor checkin --clear"


@dataclass(frozen=True, slots=True)
class Known:
    """What the person told and heard, as of one moment.

    ``stage`` is None if not told, ``week`` as in StageWeek; ``shown`` says when (POSIX s) each tip of the day came.
    ``call`` is how urgent a call is that she has not made yet, None if there is none; ``sore``: she noted pain lately.
    """

    stage: PregnancyStage | None = None
    conditions: frozenset[str] = frozenset()
    shown: Mapping[str, float] = field(default_factory=dict)
    call: Urgency | None = None
    week: int | None = None
    sore: bool = False

    @property
    def at(self) -> StageWeek | None:
        """What the card asks for; None if she told no stage."""
        return None if self.stage is None else StageWeek(self.stage, self.week)


@dataclass(frozen=True, slots=True)
class Habits:
    """The person's settings for tips, and her telephone numbers by name."""

    at_hand: frozenset[str] = AT_HAND
    busy_hours: frozenset[int] = BUSY_HOURS
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adviser:
    """Puts words to reminders; ``known(t)`` is what holds at ``t`` (POSIX s)."""

    tips: Sequence[Tip]
    card: Card
    known: Callable[[float], Known]
    tz: tzinfo
    habits: Habits = field(default_factory=Habits)

    def remind(self, reminder: Reminder) -> Message:
        """What to say to a reminder."""
        known = self.known(reminder.t)
        if known.call is not None:
            return self._call(known, known.call)
        # For who may not walk, "move a little" would be the wrong word.
        above = title(reminder.kind, reminder.due.level, resting=may_not_walk(self.tips, known.conditions))
        tips = self.tips if takes_tip(reminder.kind) else ()
        why, tip = opening(reminder, self.tz), pick(tips, reminder, self._context(known))
        return Message(above, f"{why} {tip.body}", tip.id) if tip else Message(above, why)

    def follow(self, response: Response, activity: Activity) -> Message | None:
        """One more tip once the person has changed to ``activity`` after a reminder; None if no break is under way."""
        if response.after_s is None:
            return None
        known = self.known(response.t + response.after_s)
        tip = follow_up(self.tips, response, activity, self._context(known))
        return Message(tip.title, tip.body, tip.id) if tip else None

    def missed(self, missed: DeferredNotice) -> Message:
        """What to say of what a silence held back."""
        known = self.known(missed.t)
        return plain_missed(missed) if known.call is None else self._call(known, known.call)

    def _call(self, known: Known, urgency: Urgency) -> Message:
        action = answer(self.card, TriageResult(urgency), known.at, self.habits.numbers)
        return Message(action.title, f"{action.body} {CLEARED}")

    def _context(self, known: Known) -> Context:
        habits = (self.habits.at_hand, self.habits.busy_hours)
        return Context(known.stage, self.tz, known.conditions, *habits, known.shown, known.call is not None, known.sore)


def in_force(reports: Sequence[CheckInRecord]) -> tuple[frozenset[str], Urgency | None]:
    """The symptoms that hold, and how urgent an open call is, from check-ins that were not cleared (in order of time).

    A later check-in takes the place of a milder one; one that asked for a call stays until it is cleared.
    """
    asked = open_calls(reports)
    symptoms = frozenset[str]().union(*(report.symptoms | implied_by(report.places) for report in (*asked, *reports[-1:])))
    return symptoms, max((_level(report) for report in asked), default=None)


def open_calls(reports: Sequence[CheckInRecord]) -> list[CheckInRecord]:
    """Those of the check-ins that were not cleared which asked for a call."""
    return [report for report in reports if report.urgency and _level(report) >= Urgency.ORANGE]


def _level(report: CheckInRecord) -> Urgency:
    return Urgency[(report.urgency or "").upper()]
