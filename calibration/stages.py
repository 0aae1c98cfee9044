"""The stages of a calibration: what a person is asked to do, for how long, and how the stages must differ.

The instructions are safe in pregnancy: no position is forced, standing is optional, getting up may take time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from monitor.core.posture.baseline import CalibrationStage
from monitor.core.vocabulary import Activity

# Five seconds contain a full breath (12 to 20 a minute at rest), which moves shoulders and trunk.
ENOUGH_S = 5.0
# Alternatively three pictures: the fewest with a median that is robust against one bad picture.
PICTURE_S = ENOUGH_S / 3
# The usable share of those five seconds: a short turn of the head or a lost picture is allowed [E].
USABLE_S = 0.7 * ENOUGH_S


class Difference(StrEnum):
    """The quantities in which two stages can differ."""

    POSTURE = "posture"  # a judged signal, by a share of its tolerance
    LEVEL = "level"  # legs, head height or size: what separates standing from sitting


@dataclass(frozen=True, slots=True)
class Unlike:
    """The stage that this one must differ from, in which quantity, and what to do if it does not."""

    stage: CalibrationStage
    difference: Difference
    advice: str


@dataclass(frozen=True, slots=True)
class StageRule:
    """One row: the instruction, the activity it must show if that is known, and its length (s)."""

    stage: CalibrationStage
    title: str
    instruction: str
    shows: Activity
    required: bool = False
    countdown_s: float = 5.0
    hold_s: float = ENOUGH_S
    unlike: Unlike | None = None


# A usual posture less than a quarter of a tolerance away (trunk 5 deg, neck 6 deg) counts as the same [E].
UNLIKE_SHARE = 0.25

# Half of all sitters seen from the side lean on something, and then the lower back cannot be measured (docs/lumbar.md).
CLEAR_OF_THE_CHAIR = "If the camera sees you from the side, sit a hand's breadth clear of the backrest."

STAGES: Sequence[StageRule] = (
    StageRule(
        CalibrationStage.SITTING_TALL,
        "Sitting tall",
        "Sit as upright as is comfortable, feet supported, hands where you work, and look at your screen. No need to strain. "
        f"{CLEAR_OF_THE_CHAIR}",
        Activity.SITTING,
        required=True,
    ),
    StageRule(
        CalibrationStage.SITTING_RELAXED,
        "Sitting relaxed",
        "Now sit the way you usually do after an hour of work. Let your back settle; no need to exaggerate. "
        f"{CLEAR_OF_THE_CHAIR}",
        Activity.SITTING,
        unlike=Unlike(
            CalibrationStage.SITTING_TALL,
            Difference.POSTURE,
            "let your back settle a little more, or skip this stage if this is how you sit",
        ),
    ),
    StageRule(
        CalibrationStage.STANDING,
        "Standing",
        "Get up slowly and stand at ease at your desk, knees loose, a hand on the desk if you like. "
        "Skip this if you do not stand at work or do not feel like it.",
        Activity.STANDING,
        # Rising from a chair takes up to 8 s late in pregnancy (science.md 3.5), and the desk may have to be raised.
        countdown_s=10.0,
        unlike=Unlike(
            CalibrationStage.SITTING_TALL,
            Difference.LEVEL,
            "if the camera rises with the desk, place it so that it sees your hips and knees, or skip this stage",
        ),
    ),
)
RULES: Mapping[CalibrationStage, StageRule] = MappingProxyType({rule.stage: rule for rule in STAGES})
