"""What a person reports: pain, where, what eases it, how much it gets in the way, symptoms from the card.

The words are fixed lists.  A note is kept for the person's own use and never read by the program.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.advice.red_flags import Card, StageWeek
from monitor.advice.triage import TriageResult, triage
from monitor.advice.validation import one_of

# Places as a small body map will draw them.
PLACES: Mapping[str, str] = {
    "neck": "neck",
    "shoulders": "shoulders",
    "upper_back": "upper back",
    "low_back": "low back",
    "one_side": "one side of the back",
    "tailbone": "tailbone",
    "bottom": "bottom",
    "hips": "hips",
    "pubic_bone": "front of the pelvis",
    "groin": "groin",
    "thigh": "thigh",
    "calf": "calf",
}
EASED_BY: Mapping[str, str] = {
    "moving": "moving about",
    "changing": "changing position",
    "sitting": "sitting down",
    "lying_side": "lying on the side",
    "stretching": "gentle stretching",
    "cushion": "a cushion or support",
    "warmth": "warmth",
    "massage": "massage",
    "nothing": "nothing so far",
}
# Pain that keeps from sleep or work is a line of the card.
LIMITS_LIFE = "pain_limits_life"
TOLD_TO_REST = "told_to_rest"
# Sore here, she is spared what pelvic pain forbids: long walks and what loads one leg.
_OF_THE_PELVIS = frozenset({"hips", "pubic_bone", "groin"})
# What a sore place asks about before anything else, as signs of the card.
ASKED_OF: Mapping[str, tuple[str, ...]] = {
    "calf": ("swollen_leg",),
    "one_side": ("fever", "shivering", "burning_pee", "blood_in_pee"),
}


class Limiting(StrEnum):
    """How much the pain gets in the way."""

    NO = "no"
    SOME = "some"
    MUCH = "much"  # keeps from sleep or work


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One report at ``t`` (POSIX s): ``pain`` 0 to 10, None if not told; the rest from the fixed lists."""

    t: float
    pain: int | None
    places: frozenset[str] = frozenset()
    eased_by: frozenset[str] = frozenset()
    limiting: Limiting = Limiting.NO
    symptoms: frozenset[str] = frozenset()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what is not on the lists.  Raises ConfigError."""
        for place in self.places:
            one_of("place", place, PLACES)
        for relief in self.eased_by:
            one_of("relief", relief, EASED_BY)


def implied_by(places: Collection[str]) -> frozenset[str]:
    """The signs of the card that sore ``places`` stand for when tips are chosen; they raise no level."""
    return frozenset({"pelvic_pain"}) if _OF_THE_PELVIS & set(places) else frozenset()


def judge(card: Card, report: CheckIn, at: StageWeek | None) -> TriageResult:
    """The card's verdict on a report.  Raises ConfigError for a symptom or a pain that cannot be."""
    symptoms = report.symptoms | {LIMITS_LIFE} if report.limiting is Limiting.MUCH else report.symptoms
    return triage(card, symptoms, at, report.pain)
