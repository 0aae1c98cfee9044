"""Warning signs: the card of her stage, the gravest first, with her own numbers as buttons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.advice import library
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Card, StageWeek, Symptom, Urgency
from monitor.advice.triage import TriageResult, answer
from monitor.app.check_in import KnownOfHer, contacts_in, known_of_her
from monitor.app.home import Home
from monitor.reports.red_flags import remarks
from monitor.reports.stage import STAGES

_WHO: Mapping[str, str] = {
    "emergency": "emergency",
    "maternity": "maternity unit or midwife",
    "early_pregnancy": "early pregnancy unit",
    "doctor": "doctor",
    "crisis": "crisis line",
}
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


def warning_signs_page(home: Home, *, whole: bool) -> WarningSignsPage:
    """The card of her own stage, or of every stage."""
    card, her, (numbers, trouble) = library.card(), known_of_her(home), contacts_in(home.folders.settings)
    at = None if whole else her.at
    return WarningSignsPage(
        stage=STAGES[her.at.stage] + _week(her.at) if her.at else "",
        told=her.at is not None,
        whole=at is None,
        levels=[_level(card, level, at, her, numbers) for level in sorted(Urgency, reverse=True)],
        limits=card.limits,
        severe_from=card.severe_from,
        numbers_missing="emergency" not in numbers,
        fault=str(trouble) if trouble else "",
    )


def calls_of(numbers: Mapping[str, str], level: Urgency) -> tuple[Call, ...]:
    """Her own numbers that a level may need, the emergency first."""
    wanted = ("emergency", *_NOW) if level is Urgency.RED else tuple(_WHO)
    names = [name for name in _WHO if name in numbers and name in wanted and (level is Urgency.RED or name != "emergency")]
    return tuple(Call(_WHO[name], numbers[name], f"tel:{re.sub(r'[^0-9+*#]', '', numbers[name])}") for name in names)


def _level(card: Card, level: Urgency, at: StageWeek | None, her: KnownOfHer, numbers: Mapping[str, str]) -> Level:
    said = answer(card, TriageResult(level), at, numbers)
    lines = [one for one in card.symptoms.values() if _highest(one, at) is level]
    signs = [f"{one.words(alone=her.alone)}{remarks(one, at)}" for one in lines]
    return Level(level.name.lower(), said.title, said.body, calls_of(numbers, level) if level > Urgency.YELLOW else (), signs)


def _highest(symptom: Symptom, at: StageWeek | None) -> Urgency | None:
    stages = [at] if at else [StageWeek(stage) for stage in PregnancyStage]
    return max(filter(None, (symptom.highest(one) for one in stages)), default=None)


def _week(at: StageWeek) -> str:
    return f", {at.week} weeks" if at.week is not None else ""
