"""Hints to the person on how to improve the camera's view; short, to be readable from a distance."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import ABSENT, Observation, Pose
from monitor.core.posture.lumbar_baseline import LORDOSIS
from monitor.core.vocabulary import BY_CHAIR, Reason
from monitor.texts.catalogue import reason

if TYPE_CHECKING:
    from calibration.samples import StageSample

CLEAR = "sit clear of the backrest: it hides your lower back"
HEAD_OUT = "your head is out of the picture"
ADVICE: Mapping[str, str] = {
    Reason.TOO_DARK: "more light, please",
    Reason.PARTLY_OUT: f"{HEAD_OUT}: step back",
    Reason.NOT_CLEAR: "step back, so that head and shoulders show",
    Reason.SEEN_OBLIQUELY: "turn sideways or face the camera",
    Reason.MOVING: "hold still",
    Reason.SITTING_SEEN: "please stand up for this one",
    Reason.STANDING_SEEN: "please sit down for this one",
    # Reasons why the back cannot be measured.
    Reason.NOT_FROM_THE_SIDE: "turn sideways to the camera",
    Reason.FRONT_VIEW: "turn sideways to the camera",
    Reason.OBLIQUE_VIEW: "turn a little more sideways",
    Reason.HIPS_OR_SHOULDERS_HIDDEN: "step back, so that shoulders and hips show",
    Reason.HIPS_OR_SHOULDERS_OUT: "step back, so that shoulders and hips show",
    Reason.TOO_FAR: "come closer",
    Reason.TOO_NEAR: "step back",
    Reason.TOO_UNCERTAIN: "tuck in the shirt, arms forward",
    Reason.BACK_HIDDEN_BY_ARM: "arms forward, please",
    Reason.BACK_HIDDEN_BY_HAIR: "hair to the front, please",
    Reason.BACK_HIDDEN_BY_CHAIR: "step away from the chair",
    Reason.BACK_HIDDEN_BY_BACKREST: "stand free, nothing behind your back",
    Reason.BACK_EDGE_UNCLEAR: "tuck in the shirt, before an even wall",
    Reason.BACK_TOO_DARK: "more light, please",
    Reason.BACK_OUT_OF_FRAME: "step back, so that all of your back shows",
    Reason.NO_OUTLINE: "hold still",
}


def hint_of(obs: Observation, sample: "StageSample") -> str | None:
    """The hint for this observation, None if there is none; ``sample`` is its assessment."""
    if sample.why:
        return "nobody to be seen" if sample.why in ABSENT else ADVICE.get(sample.why) or reason(sample.why)
    if hint := next((hint for applies, hint in _HINTS if obs.pose and applies(obs.pose)), None):
        return hint
    back = sample.readings.get(LORDOSIS)
    return CLEAR if back and back.why in BY_CHAIR else None


def _head_out(pose: Pose) -> bool:
    return not pose.in_frame()[[L.NOSE, L.LEFT_EAR, L.RIGHT_EAR]].all()


def _far(pose: Pose) -> bool:
    # A trunk below an eighth of the picture: 1 deg of lean is then less than the model's jitter (about 0.002 picture heights).
    return body_size(pose) < 0.125  # noqa: PLR2004


def _near(pose: Pose) -> bool:
    # Shoulders as wide as the picture is high leave no room to slouch or to lean in it.
    return body_size(pose) > 1.0


_HINTS: Sequence[tuple[Callable[[Pose], bool], str]] = (
    (_head_out, HEAD_OUT),
    (_far, "come closer"),
    (_near, "step back"),
)
