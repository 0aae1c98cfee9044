"""A check-in: pain, its places, what eases it, how much it interferes, symptoms from the card.

All terms are from fixed lists.  A note is stored for the person's own use and never read by the program.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.advice.red_flags import Card, StageWeek
from monitor.advice.triage import TriageResult, triage
from monitor.advice.validation import one_of

# Places as on the body map.
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
# Pain that prevents sleep or work is a line of the card.
LIMITS_LIFE = "pain_limits_life"
TOLD_TO_REST = "told_to_rest"
# Pain in these places excludes what pelvic pain excludes: long walks and loading one leg.
_OF_THE_PELVIS = frozenset({"hips", "pubic_bone", "groin"})
# Signs of the card to ask about first when a place hurts.
ASKED_OF: Mapping[str, tuple[str, ...]] = {
    "calf": ("swollen_leg",),
    "one_side": ("fever", "shivering", "burning_pee", "blood_in_pee"),
}


class Limiting(StrEnum):
    """How much the pain interferes."""

    NO = "no"
    SOME = "some"
    MUCH = "much"  # prevents sleep or work


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A check-in at ``t`` (POSIX s): ``pain`` 0 to 10, None if not entered; the rest from the fixed lists."""

    t: float
    pain: int | None
    places: frozenset[str] = frozenset()
    eased_by: frozenset[str] = frozenset()
    limiting: Limiting = Limiting.NO
    symptoms: frozenset[str] = frozenset()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse terms that are not on the lists.  Raises ConfigError."""
        for place in self.places:
            one_of("place", place, PLACES)
        for relief in self.eased_by:
            one_of("relief", relief, EASED_BY)


def implied_by(places: Collection[str]) -> frozenset[str]:
    """The signs of the card implied by painful ``places`` when tips are chosen; they do not raise the urgency."""
    return frozenset({"pelvic_pain"}) if _OF_THE_PELVIS & set(places) else frozenset()


def judge(card: Card, report: CheckIn, at: StageWeek | None) -> TriageResult:
    """The card's result for a check-in.  Raises ConfigError for an unknown symptom or an invalid pain."""
    symptoms = report.symptoms | {LIMITS_LIFE} if report.limiting is Limiting.MUCH else report.symptoms
    return triage(card, symptoms, at, report.pain)
