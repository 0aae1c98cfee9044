"""The pose of one person: 33 landmarks with their visibility, and the turn of the trunk.

A pose does not depend on pixels, cameras or clocks.  ``xy`` is ``(33, 2)``, x right, y down, unit = image height, so that
angles are true on any picture shape (MediaPipe's normalised x must be multiplied by W/H in the adapter).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import DECIMALS, LANDMARKS, Floats
from monitor.core.body.outline import BackOutline
from monitor.core.vocabulary import Reason

# Visibility is the model's own likelihood; below 0.6 landmarks are mostly invented (science.md 7).
MIN_VISIBILITY = 0.6


@dataclass(frozen=True, slots=True)
class Registration:
    """The background's displacement since the calibration, a similarity: right, down (picture heights), scale, roll (deg).

    ``agreeing`` of the ``features`` compared support it; with too few only the scene is known to differ.
    """

    dx: float
    dy: float
    scale: float
    roll_deg: float
    agreeing: int
    features: int


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """33 landmarks of one person in one picture.

    ``visibility`` (33,) is the model's likelihood that a landmark is seen and not hidden; ``aspect`` is W/H of the picture;
    ``turn_deg`` is the trunk's turn away from facing the camera: 0 front or back, +90 side view facing the picture's
    right, -90 facing its left; NaN if unknown.  ``pitch_deg`` is how far the trunk's upper end is nearer to the camera, + as from
    above, NaN if unknown or corrected for.  ``back`` is the outline of the back, None where it was not searched for.
    ``points`` are the x and the y of ``xy`` as plain numbers, which read single landmarks in a tenth of the time, and ``seen``
    tells which landmarks the model believes in (``MIN_VISIBILITY``) and lie inside the picture.
    """

    xy: Floats
    visibility: Floats
    aspect: float
    turn_deg: float
    back: BackOutline | None = None
    pitch_deg: float = math.nan
    points: tuple[Sequence[float], Sequence[float]] = field(init=False, repr=False)
    seen: Sequence[bool] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        xy, visibility = _rounded("xy", self.xy, (LANDMARKS, 2)), _rounded("visibility", self.visibility, (LANDMARKS,))
        aspect, (across, down) = round(float(self.aspect), DECIMALS), xy.T.tolist()
        marks = zip(across, down, visibility.tolist(), strict=True)
        put = object.__setattr__
        put(self, "xy", xy)
        put(self, "visibility", visibility)
        put(self, "aspect", aspect)
        put(self, "turn_deg", round(float(self.turn_deg), 1))
        put(self, "pitch_deg", round(float(self.pitch_deg), 1))
        put(self, "points", (across, down))
        put(self, "seen", [likely >= MIN_VISIBILITY and 0.0 <= x <= aspect and 0.0 <= y <= 1.0 for x, y, likely in marks])

    def in_frame(self) -> NDArray[np.bool_]:
        """Which landmarks lie inside the picture, (33,) bool."""
        x, y = self.xy[:, 0], self.xy[:, 1]
        return (x >= 0) & (x <= self.aspect) & (y >= 0) & (y <= 1)

    __hash__ = None  # type: ignore[assignment]  # two arrays cannot be hashed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pose):
            return NotImplemented
        same = np.array_equal(self.xy, other.xy) and np.array_equal(self.visibility, other.visibility) and self.back == other.back
        turns = np.array_equal([self.turn_deg, self.pitch_deg], [other.turn_deg, other.pitch_deg], equal_nan=True)
        return same and self.aspect == other.aspect and turns


def _rounded(name: str, given: Floats, shape: tuple[int, ...]) -> Floats:
    value = np.asarray(given, dtype=np.float64).round(DECIMALS)
    if value.shape != shape:
        raise ValueError(f"{name} has shape {value.shape}, expected {shape}")
    value.setflags(write=False)
    return value


@dataclass(frozen=True, slots=True)
class Observation:
    """A pose at ``t`` (POSIX s), or ``why`` there is none.

    ``nobody`` tells an empty place from a picture that cannot be judged (dark, covered, camera lost).  ``carried_forward`` is no
    new evidence: nothing changed in the picture, so the last pose still holds.  ``shift`` is the background's shift since the
    calibration, None where it was not measured; ``withheld`` a body that is not yet confirmed.
    """

    t: float
    pose: Pose | None
    why: str | None = None
    carried_forward: bool = False
    shift: Registration | None = None
    withheld: Pose | None = None

    @property
    def nobody(self) -> bool:
        """Whether the picture was good and nobody was in it."""
        return self.pose is None and self.why in ABSENT


# Reasons that mean nobody is there; every other reason means that this is unknown.
ABSENT = frozenset({Reason.NOBODY, Reason.NOT_A_PERSON})
