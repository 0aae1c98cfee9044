"""Warning signs: the card of her stage, the gravest first, with her own numbers as buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.advice import library
from monitor.app.check_in import contacts_in, known_of_her
from monitor.app.home import Home
from monitor.reports.card import Level, levels_of, stage_in_words, to_say


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
        stage=stage_in_words(her.at, alone=her.alone) if her.at else "",
        told=her.at is not None,
        whole=at is None,
        levels=levels_of(card, at, numbers, alone=her.alone),
        limits=card.limits,
        severe_from=card.severe_from,
        numbers_missing="emergency" not in numbers,
        fault=str(trouble) if trouble else "",
        to_say=" ".join(to_say(her.at, alone=her.alone)),
    )
