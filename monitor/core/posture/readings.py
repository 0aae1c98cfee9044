"""The readings of one pose: every signal of the table with its value, or why it could not be measured.

Readings are not judged here; the baseline does that.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from monitor.core.body.landmarks import Floats, L
from monitor.core.body.pose import Pose
from monitor.core.camera.lens import leans_by_tilt
from monitor.core.posture.signals import SIGNALS, Signal, head_turn, sagittal
from monitor.core.vocabulary import Reason, View

if TYPE_CHECKING:
    from monitor.core.back.lumbar import Lumbar


@dataclass(frozen=True, slots=True)
class Reading:
    """A value in its signal's unit, NaN with a ``why`` where it could not be measured; ``sd`` NaN where it is not known."""

    value: float = math.nan
    why: str | None = None
    sd: float = math.nan

    @property
    def measured(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)


Readings: TypeAlias = Mapping[str, Reading]

# Visibility is the model's own likelihood; below 0.6 landmarks are mostly invented (science.md 7).
MIN_VISIBILITY = 0.6
_HIDDEN: Mapping[int, Reason] = {
    **dict.fromkeys((L.LEFT_EYE, L.RIGHT_EYE), Reason.EYES_HIDDEN),
    **dict.fromkeys((L.LEFT_EAR, L.RIGHT_EAR), Reason.EARS_HIDDEN),
    **dict.fromkeys((L.LEFT_SHOULDER, L.RIGHT_SHOULDER), Reason.SHOULDERS_HIDDEN),
    **dict.fromkeys((L.LEFT_HIP, L.RIGHT_HIP), Reason.HIPS_HIDDEN),
    **dict.fromkeys((L.LEFT_KNEE, L.RIGHT_KNEE), Reason.KNEES_HIDDEN),
    **dict.fromkeys((L.LEFT_ANKLE, L.RIGHT_ANKLE), Reason.FEET_HIDDEN),
}
_NEEDED_VIEW = {View.SIDE: Reason.SIDE_VIEW_NEEDED, View.FRONT: Reason.FRONT_VIEW_NEEDED}


def measure(
    pose: Pose, view: View | None, signals: Iterable[Signal] = SIGNALS, back: "Lumbar | None" = None
) -> dict[str, Reading]:
    """A reading for every signal, in the table's order; ``back`` is the window's lumbar reading, else this pose's is used."""
    if back is None and view is View.SIDE:
        from monitor.core.back.lumbar_window import reading_of  # imported late: ``status`` and others do not need it

        back = reading_of(pose)
    seen = ((pose.visibility >= MIN_VISIBILITY) & pose.in_frame()).tolist()
    side = sagittal(pose.xy, pose.turn_deg) if view is View.SIDE else pose.xy
    turns = (abs(pose.turn_deg), float(head_turn(pose.xy))) if view is View.FRONT else (0.0, 0.0)
    near, leaned = int(pose.turn_deg >= 0), view is View.SIDE and leans_by_tilt(pose)
    readings = {}
    for s in signals:
        if s.view is not None and view is not s.view:
            readings[s.name] = _absent(_NEEDED_VIEW[s.view])
            continue
        # Rows of the side view name the left landmark for the camera's side; its right twin is the next one in the model's order.
        is_side = s.view is View.SIDE
        why = _hidden(s.needs, near if is_side else 0, seen) or _turned(s, turns)
        why = why or (Reason.SEEN_FROM_ABOVE if leaned and s.against_vertical else None)
        readings[s.name] = _read_back(s, back, why) if s.of_back else _read(s, side if is_side else pose.xy, why)
    return readings


def legs_seen(pose: Pose) -> tuple[bool, bool]:
    """Whether a hip, and whether a hip with its knee, is visible and inside the picture, on either side."""
    left, right = (_shown(pose, hip) for hip in (L.LEFT_HIP, L.RIGHT_HIP))
    return left or right, (left and _shown(pose, L.LEFT_KNEE)) or (right and _shown(pose, L.RIGHT_KNEE))


def _shown(pose: Pose, landmark: L) -> bool:
    x, y = pose.xy[landmark].tolist()
    return bool(pose.visibility[landmark] >= MIN_VISIBILITY) and 0 <= x <= pose.aspect and 0 <= y <= 1


def nothing(why: str, signals: Iterable[Signal] = SIGNALS) -> dict[str, Reading]:
    """A reading of NaN for every signal, for a picture without a pose."""
    absent = _absent(why)
    return {s.name: absent for s in signals}


@cache
def _absent(why: str | None) -> Reading:
    """The one reading that there is for a reason: most of a pose's readings are such."""
    return Reading(why=why)


def _read(signal: Signal, points: Floats, why: str | None) -> Reading:
    if why:
        return _absent(why)
    value = float(signal.measure(points))
    return Reading(value, Reason.LANDMARKS_COINCIDE if math.isnan(value) else None)


def _read_back(signal: Signal, back: "Lumbar | None", why: str | None) -> Reading:
    if why or back is None or back.why or signal.of_back is None:
        return _absent(why or (back.why if back else None))
    value, sd = signal.of_back(back)
    return Reading(value, Reason.NOT_CALIBRATED if math.isnan(value) else None, sd)


def _hidden(needs: tuple[L, ...], near: int, seen: list[bool]) -> str | None:
    for landmark in needs:
        if not seen[landmark + near]:
            return _HIDDEN[landmark + near]
    return None


def _turned(s: Signal, turns: tuple[float, float]) -> str | None:
    if turns[0] > s.max_turn_deg:
        return Reason.TRUNK_TURNED
    return Reason.HEAD_TURNED if turns[1] > s.max_head_turn_deg else None
