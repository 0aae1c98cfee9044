"""Warning signs: the card of her stage, the gravest first, with her own numbers as buttons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.advice import library
from monitor.advice.pregnancy import PREGNANT, PregnancyStage
from monitor.advice.red_flags import Card, StageWeek, Symptom, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.app.check_in import KnownOfHer, contacts_in, known_of_her
from monitor.app.home import Home
from monitor.reports.phrases import many
from monitor.reports.red_flags import remarks
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


@dataclass(frozen=True, slots=True)
class WarningSignsPage:
    """The card; ``whole``: of every stage, ``told``: her stage is known."""

    template: ClassVar[str] = "warning_signs.html"
    stage: str
    told: bool
    whole: bool
    levels: Sequence[Level]
    limits: Sequence[str]
    severe_from: int
    numbers_missing: bool
    fault: str
    to_say: str


def warning_signs_page(home: Home, *, whole: bool) -> WarningSignsPage:
    """The card of her own stage, or of every stage."""
    card, her, (numbers, trouble) = library.card(), known_of_her(home), contacts_in(home.folders.settings)
    at = None if whole else her.at
    return WarningSignsPage(
        stage=_stage(her.at, alone=her.alone) if her.at else "",
        told=her.at is not None,
        whole=at is None,
        levels=[_level(card, level, at, her, numbers) for level in sorted(Urgency, reverse=True)],
        limits=card.limits,
        severe_from=card.severe_from,
        numbers_missing="emergency" not in numbers,
        fault=str(trouble) if trouble else "",
        to_say=" ".join(_to_say(her)),
    )


def _to_say(her: KnownOfHer) -> Iterator[str]:
    """What to say on the phone, with gaps; after a loss nothing of a baby."""
    stage = her.at.stage if her.at else None
    if her.at and her.at.week is not None and stage in PREGNANT and not her.alone:
        yield f"I am {many(her.at.week, 'week')} pregnant."
    elif her.at and her.at.week is not None and stage is PregnancyStage.AFTER_BIRTH:
        yield f"{'My pregnancy ended' if her.alone else 'I gave birth'} {many(her.at.week, 'week')} ago."
    yield "Since … I have …. The pain is … of 10."
    if stage is PregnancyStage.NOT_PREGNANT:
        return
    if stage in _MOVES and not her.alone:
        yield "My baby moves as usual / less."
    yield "Bleeding: yes / no."
    if stage in PREGNANT and not her.alone:
        yield "Waters: gone / not gone."
    yield "Fever: yes / no."


def calls_of(numbers: Mapping[str, str], level: Urgency) -> tuple[Call, ...]:
    """Her own numbers that a level may need, the emergency first."""
    wanted = ("emergency", *_NOW) if level is Urgency.RED else tuple(_WHO)
    names = [name for name in _WHO if name in numbers and name in wanted and (level is Urgency.RED or name != "emergency")]
    return tuple(Call(_WHO[name], numbers[name], f"tel:{re.sub(r'[^0-9+*#]', '', numbers[name])}") for name in names)


def _level(card: Card, level: Urgency, at: StageWeek | None, her: KnownOfHer, numbers: Mapping[str, str]) -> Level:
    said = answer(card, TriageResult(level), at, numbers, alone=her.alone)
    lines = [one for one in card.lines(alone=her.alone).values() if _highest(one, at) is level]
    signs = [f"{one.words(alone=her.alone)}{remarks(one, at, _DO, alone=her.alone)}" for one in lines]
    return Level(level.name.lower(), said.title, said.body, calls_of(numbers, level) if level > Urgency.YELLOW else (), signs)


def _highest(symptom: Symptom, at: StageWeek | None) -> Urgency | None:
    stages = [at] if at else [StageWeek(stage) for stage in PregnancyStage]
    return max(filter(None, (symptom.highest(one) for one in stages)), default=None)


def _stage(at: StageWeek, *, alone: bool) -> str:
    if at.week is None or alone:
        return STAGES[at.stage]
    return f"{many(at.week, 'week')} {'after the birth' if at.stage is PregnancyStage.AFTER_BIRTH else 'pregnant'}"
