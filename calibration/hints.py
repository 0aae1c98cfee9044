"""What to tell a person who can do something about what the camera sees; short, and in words that can be read from afar."""

from collections.abc import Callable, Mapping, Sequence

from calibration.samples import MOVING, NOT_SIDE, OBLIQUE, SITTING_SEEN, STANDING_SEEN
from monitor.core.back.lumbar_window import NO_OUTLINE
from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import NOT_CLEAR, PARTLY_OUT, body_size
from monitor.core.body.pose import ABSENT, TOO_DARK, Observation, Pose

HEAD_OUT = "your head is out of the picture"
ADVICE: Mapping[str, str] = {
    TOO_DARK: "more light, please",
    PARTLY_OUT: f"{HEAD_OUT}: step back",
    NOT_CLEAR: "step back, so that head and shoulders show",
    OBLIQUE: "turn sideways or face the camera",
    MOVING: "hold still",
    SITTING_SEEN: "please stand up for this one",
    STANDING_SEEN: "please sit down for this one",
    # What keeps a back from being read, in the words of monitor.core.back.lumbar.
    NOT_SIDE: "turn sideways to the camera",
    "front view": "turn sideways to the camera",
    "oblique view": "turn a little more sideways",
    "hips or shoulders hidden": "step back, so that shoulders and hips show",
    "hips or shoulders out of frame": "step back, so that shoulders and hips show",
    "too far away": "come closer",
    "too near": "step back",
    "too uncertain": "tuck in the shirt, arms forward",
    "back hidden: arm": "arms forward, please",
    "back hidden: hair": "hair to the front, please",
    "back hidden: chair": "step away from the chair",
    "back hidden: leaning on a backrest": "stand free, nothing behind your back",
    "back hidden: edge": "tuck in the shirt, before an even wall",
    "back hidden: too dark": "more light, please",
    "back hidden: out of frame": "step back, so that all of your back shows",
    NO_OUTLINE: "hold still",
}


def hint_of(obs: Observation, why: str | None) -> str | None:
    """What the person can do better now, None if all is well; ``why`` is what makes this observation unusable."""
    if why:
        return "nobody to be seen" if why in ABSENT else ADVICE.get(why, why)
    return next((hint for applies, hint in _HINTS if obs.pose and applies(obs.pose)), None)


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
