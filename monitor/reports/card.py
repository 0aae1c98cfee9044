"""The card of warning signs in levels, with the person's own numbers: what a page of the dashboard and a page of its own show."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.advice.pregnancy import PREGNANT, PregnancyStage
from monitor.advice.red_flags import Card, StageWeek, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.reports.phrases import many
from monitor.reports.red_flags import highest, remarks
from monitor.reports.stage import STAGES

_WHO: Mapping[str, str] = {
    "emergency": "emergency",
    "maternity": "maternity unit or midwife",
    "early_pregnancy": "early pregnancy unit",
    "doctor": "doctor",
    "crisis": "crisis line",
}
# What a level asks for, in the remarks beside a sign.
_DO: Mapping[Urgency, str] = {
    Urgency.RED: "get help now",
    Urgency.ORANGE: "phone now",
    Urgency.TODAY: "phone today",
    Urgency.YELLOW: "book an appointment",
}
# When movements are felt.
_MOVES = frozenset({PregnancyStage.SECOND, PregnancyStage.THIRD})
_NOW = frozenset({"emergency", "maternity", "early_pregnancy", "crisis"})


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call: whose, as she wrote it, and as a telephone takes it."""

    who: str
    number: str
    address: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the card: its code, what to do, whom to call, its signs."""

    code: str
    title: str
    body: str
    calls: Sequence[Call]
    signs: Sequence[str]


def levels_of(card: Card, at: StageWeek | None, numbers: Mapping[str, str], *, alone: bool) -> list[Level]:
    """The levels of the card at ``at`` (None: of every stage), the gravest first; ``alone``: she has no baby with her."""
    return [_level(card, level, at, numbers, alone=alone) for level in sorted(Urgency, reverse=True)]


def calls_of(numbers: Mapping[str, str], level: Urgency) -> tuple[Call, ...]:
    """Her own numbers that a level may need, the emergency first."""
    wanted = ("emergency", *_NOW) if level is Urgency.RED else tuple(_WHO)
    names = [name for name in _WHO if name in numbers and name in wanted and (level is Urgency.RED or name != "emergency")]
    return tuple(Call(_WHO[name], numbers[name], f"tel:{re.sub(r'[^0-9+*#]', '', numbers[name])}") for name in names)


def _level(card: Card, level: Urgency, at: StageWeek | None, numbers: Mapping[str, str], *, alone: bool) -> Level:
    said = answer(card, TriageResult(level), at, numbers, alone=alone)
    lines = [one for one in card.lines(alone=alone).values() if highest(one, at) is level]
    signs = [f"{one.words(alone=alone)}{remarks(one, at, _DO, alone=alone)}" for one in lines]
    return Level(level.name.lower(), said.title, said.body, calls_of(numbers, level) if level > Urgency.YELLOW else (), signs)


def stage_in_words(at: StageWeek, *, alone: bool) -> str:
    """The stage in the words of the card; ``alone`` names no week of a pregnancy."""
    if at.week is None or alone:
        return STAGES[at.stage]
    return f"{many(at.week, 'week')} {'after the birth' if at.stage is PregnancyStage.AFTER_BIRTH else 'pregnant'}"


def to_say(at: StageWeek | None, *, alone: bool) -> Iterator[str]:
    """What to say on the phone, with gaps; after a loss nothing of a baby."""
    stage = at.stage if at else None
    if at and at.week is not None and stage in PREGNANT and not alone:
        yield f"I am {many(at.week, 'week')} pregnant."
    elif at and at.week is not None and stage is PregnancyStage.AFTER_BIRTH:
        yield f"{'My pregnancy ended' if alone else 'I gave birth'} {many(at.week, 'week')} ago."
    yield "Since … I have …. The pain is … of 10."
    if stage is PregnancyStage.NOT_PREGNANT:
        return
    if stage in _MOVES and not alone:
        yield "My baby moves as usual / less."
    yield "Bleeding: yes / no."
    if stage in PREGNANT and not alone:
        yield "Waters: gone / not gone."
    yield "Fever: yes / no."
