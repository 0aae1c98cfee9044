"""How soon to ask for help, by the card only: the highest level of the reported signs.

Never from camera data, never from free text, and the result is never "all is well".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Action, Card, StageWeek, Symptom, Urgency
from monitor.advice.validation import one_of
from monitor.core.errors import ConfigError

WORST_PAIN = 10


@dataclass(frozen=True, slots=True)
class TriageResult:
    """The result of the card: ``urgency`` None if nothing reported is on it at this stage.

    ``because`` are the deciding symptoms, ``unlisted`` those without a cell on the card at this stage; in the card's order.
    """

    urgency: Urgency | None
    because: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()

    @property
    def call_first(self) -> bool:
        """Whether a call comes before any other advice, until the person confirms it."""
        return self.urgency is not None and self.urgency >= Urgency.ORANGE


def triage(card: Card, symptoms: Collection[str], at: StageWeek | None, pain: int | None) -> TriageResult:
    """The result for ``symptoms`` and ``pain`` (0 to 10, None if not entered); ``at`` None (unknown) takes the most cautious one.

    Raises:
        ConfigError: a symptom that is not on the card, or a pain that is not from 0 to 10.
    """
    for name in symptoms:
        one_of("symptom", name, card.symptoms)
    if pain is not None and not 0 <= pain <= WORST_PAIN:
        raise ConfigError(f"pain {pain} cannot be; give a number from 0 to {WORST_PAIN}")
    present = {*symptoms, card.severe} if pain is not None and pain >= card.severe_from else set(symptoms)
    everywhere = tuple(map(StageWeek, PregnancyStage)) if at is None else (at,)
    levels = {
        name: max((line.level(present, one, pain) for one in everywhere), key=lambda level: level or 0)
        for name, line in card.symptoms.items()
        if name in present
    }
    highest = max((level for level in levels.values() if level), default=None)
    because = tuple(name for name, level in levels.items() if level and level is highest)
    return TriageResult(highest, because, tuple(name for name, level in levels.items() if level is None))


def answer(card: Card, verdict: TriageResult, at: StageWeek | None, numbers: Mapping[str, str], *, alone: bool = False) -> Action:
    """The message to the person, with the telephone ``numbers`` set, by name (emergency, maternity, doctor ...).

    ``alone``: she has no baby with her, and no words speak of one.
    """
    lines = [card.symptoms[name] for name in verdict.because]
    action, row = card.actions[_action_of(verdict, lines)], card.whom_at(at)
    doctor = bool(lines) and all(line.to == "doctor" for line in lines)
    words = {
        "emergency": numbers.get("emergency", "your emergency number"),
        "crisis": _with("a crisis line", numbers.get("crisis")),
        "place": row.place,
        "urgent": _with("your doctor's urgent line" if doctor else row.urgent, numbers.get(number_for(card, verdict, at))),
        "routine": _with(row.routine, numbers.get(row.routine_number)),
        "ask": row.ask_alone if alone else row.ask,
    }
    extra = [line.extra for line in lines if line.extra]
    if any(line.action for line in lines) and not _own(lines):
        extra.append(card.actions[next(line.action for line in lines if line.action)].body)
    more = " ".join([*extra, action.more])
    return Action(*(text.format_map(words) for text in (action.title, action.body, more)))


def number_for(card: Card, verdict: TriageResult, at: StageWeek | None) -> str:
    """The name of the person's own number in the message, such as ``maternity``."""
    if verdict.urgency is Urgency.RED:
        return "emergency"
    lines, row = [card.symptoms[name] for name in verdict.because], card.whom_at(at)
    if lines and all(line.to == "doctor" for line in lines):
        return "doctor"
    return row.urgent_number if verdict.urgency and verdict.urgency > Urgency.YELLOW else row.routine_number


def _action_of(verdict: TriageResult, lines: Sequence[Symptom]) -> str:
    if verdict.urgency is None:
        return "unlisted" if verdict.unlisted else "nothing"
    return _own(lines) or verdict.urgency.name.lower()


def _own(lines: Sequence[Symptom]) -> str:
    """The action that all deciding lines share, if they have one of their own."""
    return lines[0].action if lines and len({line.action for line in lines}) == 1 else ""


def _with(words: str, number: str | None) -> str:
    return f"{words} ({number})" if number else words
