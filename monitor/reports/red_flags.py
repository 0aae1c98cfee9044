"""The card of warning signs as text pages: a short one for an emergency, which fits a small screen, and one with every line."""

from collections.abc import Iterator, Mapping

from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Action, Card, StageWeek, Symptom, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.reports.phrases import bullet, wrapped

ALL = "Every sign: posture-monitor redflags --all"
NO_NUMBER = "To add your numbers: posture-monitor contacts"
_STAGES: Mapping[PregnancyStage, str] = {
    PregnancyStage.NOT_PREGNANT: "not pregnant",
    PregnancyStage.FIRST: "up to week 13",
    PregnancyStage.SECOND: "weeks 14 to 27",
    PregnancyStage.THIRD: "from week 28",
    PregnancyStage.AFTER_BIRTH: "after a birth",
}


def card_lines(card: Card, numbers: Mapping[str, str], at: StageWeek | None, *, alone: bool = False) -> Iterator[str]:
    """The gravest signs of the person's stage on at most 20 lines of 80 columns, with the numbers at the top and at the bottom.

    ``alone``: she has no baby with her, and no words speak of one.
    """
    groups = card.gravest(at)
    yield from wrapped(f"WARNING SIGNS. {_said(card, Urgency.RED, at, numbers).body}")
    yield from (f"  - {group.said(alone=alone)}" for group, level in groups.items() if level is Urgency.RED)
    if phone := [group.said(alone=alone) for group, level in groups.items() if level is Urgency.ORANGE]:
        yield from wrapped(f"Phone now, day or night: {_urgent(card, at, numbers)}")
        yield from (f"  - {words}" for words in phone)
    yield from wrapped(f"Call {numbers.get('emergency', 'your emergency number')}. {_short(card, at, numbers)}")
    yield from [ALL] if "emergency" in numbers else [NO_NUMBER, ALL]


def whole_card_lines(card: Card, numbers: Mapping[str, str], at: StageWeek | None, *, alone: bool = False) -> Iterator[str]:
    """Every line of the stage (None: of every stage), the mildest first, so that the most urgent stays on the screen.

    ``alone`` as in ``card_lines``.
    """
    yield "Warning signs: when to ask for help, whatever else this program says"
    for urgency in Urgency:
        action = _said(card, urgency, at, numbers)
        yield ""
        yield f"{urgency.name}: {action.title}"
        yield from wrapped(action.body)
        for symptom in card.lines(alone=alone).values():
            if highest(symptom, at) is urgency:
                yield from bullet(f"{symptom.words(alone=alone)}{remarks(symptom, at, alone=alone)}")
    yield ""
    yield from wrapped(f"Pain from {card.severe_from} of 10 counts as severe. {' '.join(card.limits)}")
    yield ""
    yield from card_lines(card, numbers, at, alone=alone)


def _said(card: Card, urgency: Urgency, at: StageWeek | None, numbers: Mapping[str, str]) -> Action:
    return answer(card, TriageResult(urgency), at, numbers)


def _urgent(card: Card, at: StageWeek | None, numbers: Mapping[str, str]) -> str:
    row = card.whom_at(at)
    return f"{row.urgent}{f' ({numbers[row.urgent_number]})' if row.urgent_number in numbers else ''}"


def _short(card: Card, at: StageWeek | None, numbers: Mapping[str, str]) -> str:
    row = card.whom_at(at)
    known = {"Phone": numbers.get(row.urgent_number), "Crisis line": numbers.get("crisis")}
    return " ".join(f"{name}: {number}." for name, number in known.items() if number)


def highest(symptom: Symptom, at: StageWeek | None) -> Urgency | None:
    """The highest level that the symptom can have at ``at`` (None: at any stage), None if it has none there."""
    if at is not None:
        return symptom.highest(at)
    return max(filter(None, (symptom.highest(StageWeek(stage)) for stage in PregnancyStage)), default=None)


def remarks(symptom: Symptom, at: StageWeek | None, names: Mapping[Urgency, str] | None = None, *, alone: bool = False) -> str:
    """In brackets: what raises it further, and with no stage known at which stages it has which level.

    ``names`` are those of the levels, by default their codes; ``alone`` as in ``card_lines``.
    """
    called = names or {level: level.name for level in Urgency}
    by_level: dict[Urgency, list[str]] = {}
    for stage, level in symptom.urgency.items():
        by_level.setdefault(level, []).append(_STAGES[stage])
    levels = [f"{called[level]} {', '.join(stages)}" for level, stages in sorted(by_level.items(), reverse=True)]
    everywhere = any(len(stages) == len(_STAGES) for stages in by_level.values())
    by_stage = [] if at or everywhere else levels
    own = symptom.highest(at) if at else None
    rules: dict[Urgency, list[str]] = {}
    for rule in symptom.raised:
        if _speaks(rule.stages, rule.weeks, at) and rule.words(alone=alone) and (own is None or rule.level > own):
            rules.setdefault(rule.level, []).append(rule.words(alone=alone))
    raised = [f"{called[level]} {'; '.join(when)}" for level, when in sorted(rules.items(), reverse=True)]
    return f" ({'; '.join([*by_stage, *raised])})" if by_stage or raised else ""


def _speaks(stages: frozenset[PregnancyStage], weeks: tuple[int, int] | None, at: StageWeek | None) -> bool:
    return at is None or at.within(stages, weeks)
