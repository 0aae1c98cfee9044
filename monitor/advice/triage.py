"""How soon to ask for help, by the card alone: the highest level of its parts.

Never from what the camera saw, never from free text, and never "all is well".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Action, Card, Symptom, Urgency
from monitor.advice.validation import one_of
from monitor.core.errors import ConfigError

WORST_PAIN = 10


@dataclass(frozen=True, slots=True)
class TriageResult:
    """What the card says: ``urgency`` None if nothing reported belongs to it at this stage.

    ``because`` are the symptoms that decide, ``unlisted`` those that the card has no cell for at this stage; in the card's order.
    """

    urgency: Urgency | None
    because: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()

    @property
    def call_first(self) -> bool:
        """Whether a call comes before any other advice, until the person says that it was made."""
        return self.urgency is not None and self.urgency >= Urgency.ORANGE


def triage(card: Card, symptoms: Collection[str], stage: PregnancyStage | None, pain: int | None) -> TriageResult:
    """The verdict on ``symptoms`` and ``pain`` (0 to 10, None if not told); ``stage`` None (not told) takes the most careful one.

    Raises:
        ConfigError: a symptom that is not on the card, or a pain that is not from 0 to 10.
    """
    for name in symptoms:
        one_of("symptom", name, card.symptoms)
    if pain is not None and not 0 <= pain <= WORST_PAIN:
        raise ConfigError(f"pain {pain} cannot be; give a number from 0 to {WORST_PAIN}")
    present = {*symptoms, card.severe} if pain is not None and pain >= card.severe_from else set(symptoms)
    stages = tuple(PregnancyStage) if stage is None else (stage,)
    levels = {
        name: max((_urgency(line, present, one, pain) for one in stages), key=lambda level: level or 0)
        for name, line in card.symptoms.items()
        if name in present
    }
    highest = max((level for level in levels.values() if level), default=None)
    because = tuple(name for name, level in levels.items() if level and level is highest)
    return TriageResult(highest, because, tuple(name for name, level in levels.items() if level is None))


def _urgency(line: Symptom, present: Collection[str], stage: PregnancyStage, pain: int | None) -> Urgency | None:
    for rule in line.raised:
        hurts = rule.pain is not None and pain is not None and pain >= rule.pain
        if stage in rule.stages and (hurts or not rule.others.isdisjoint(present)):
            return Urgency.RED
    return line.urgency.get(stage)


def answer(card: Card, verdict: TriageResult, stage: PregnancyStage | None, numbers: Mapping[str, str]) -> Action:
    """What to tell the person, with the telephone ``numbers`` she has set, by name (emergency, maternity, doctor)."""
    action = card.actions[verdict.urgency] if verdict.urgency else card.unlisted if verdict.unlisted else card.nothing
    roles = card.whom_others if stage is PregnancyStage.NOT_PREGNANT else card.whom
    whom = {key: f"{one.words} ({numbers[one.number]})" if one.number in numbers else one.words for key, one in roles.items()}
    return Action(*(text.format_map(whom) for text in (action.title, action.body, action.more)))
