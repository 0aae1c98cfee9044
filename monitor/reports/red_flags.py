"""The card of warning signs as a page: what asks for help now first, for every stage at once."""

from collections.abc import Iterator, Mapping

from monitor.advice.pregnancy import PREGNANT, PregnancyStage
from monitor.advice.red_flags import Card, Symptom, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.reports.phrases import bullet, wrapped

# The sets of stages that lines of the card belong to, in words.
WHEN: Mapping[frozenset[PregnancyStage], str] = {
    frozenset({PregnancyStage.FIRST}): "up to week 13",
    frozenset({PregnancyStage.SECOND, PregnancyStage.THIRD}): "from week 14",
    frozenset({PregnancyStage.SECOND, PregnancyStage.THIRD, PregnancyStage.AFTER_BIRTH}): "from week 14 and after a birth",
    PREGNANT: "in pregnancy",
    PREGNANT | {PregnancyStage.AFTER_BIRTH}: "in pregnancy and after a birth",
    frozenset({PregnancyStage.NOT_PREGNANT, PregnancyStage.AFTER_BIRTH}): "without a pregnancy or after a birth",
}


def card_lines(card: Card, numbers: Mapping[str, str]) -> Iterator[str]:
    """The whole card, with the telephone ``numbers`` by name where they are known."""
    yield "Warning signs: when to ask for help, whatever else this program says"
    for urgency in reversed(Urgency):
        action = answer(card, TriageResult(urgency), None, numbers)
        yield ""
        yield f"{urgency.name}: {action.title}"
        yield from wrapped(action.body)
        for symptom in card.symptoms.values():
            if max(symptom.urgency.values()) is urgency:
                yield from bullet(f"{symptom.name}{_remarks(symptom, urgency)}")
    yield ""
    yield from wrapped(f"Pain from {card.severe_from} of 10 counts as severe. {' '.join(card.limits)}")


def _remarks(symptom: Symptom, highest: Urgency) -> str:
    by_level = {level: frozenset(s for s, own in symptom.urgency.items() if own is level) for level in reversed(Urgency)}
    highest_when = [] if by_level[highest] == frozenset(PregnancyStage) else [WHEN[by_level[highest]]]
    lower = [f"{WHEN[stages]} {level.name}" for level, stages in by_level.items() if stages and level is not highest]
    raised = [f"{Urgency.RED.name} {rule.when}" for rule in symptom.raised]
    return f" ({'; '.join([*highest_when, *lower, *raised])})" if highest_when or lower or raised else ""
