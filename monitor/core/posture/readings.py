"""The readings of one pose: every signal of the table with its value, or why it could not be measured.

Readings are not judged here; the baseline does that.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from monitor.core.body.geometry import Points
from monitor.core.body.landmarks import L
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

_HIDDEN: Mapping[int, Reason] = {
    **dict.fromkeys((L.LEFT_EYE, L.RIGHT_EYE), Reason.EYES_HIDDEN),
    **dict.fromkeys((L.LEFT_EAR, L.RIGHT_EAR), Reason.EARS_HIDDEN),
    **dict.fromkeys((L.LEFT_SHOULDER, L.RIGHT_SHOULDER), Reason.SHOULDERS_HIDDEN),
    **dict.fromkeys((L.LEFT_HIP, L.RIGHT_HIP), Reason.HIPS_HIDDEN),
    **dict.fromkeys((L.LEFT_KNEE, L.RIGHT_KNEE), Reason.KNEES_HIDDEN),
    **dict.fromkeys((L.LEFT_ANKLE, L.RIGHT_ANKLE), Reason.FEET_HIDDEN),
}
_OTHER_VIEW = {View.SIDE: Reading(why=Reason.SIDE_VIEW_NEEDED), View.FRONT: Reading(why=Reason.FRONT_VIEW_NEEDED)}


def measure(
    pose: Pose, view: View | None, signals: Iterable[Signal] = SIGNALS, back: "Lumbar | None" = None
) -> dict[str, Reading]:
    """A reading for every signal, in the table's order; ``back`` is the window's lumbar reading, else this pose's is used."""
    if back is None and view is View.SIDE:
        from monitor.core.back.lumbar_window import reading_of  # imported late: ``status`` and others do not need it

        back = reading_of(pose)
    any_view: tuple[Points, Sequence[bool]] = (pose.points, pose.seen)
    of_view = any_view
    turns, leaned = None, False
    if view is View.SIDE:
        # Its rows name the left landmark for the camera's side; the right twin is the next one in the model's order.
        of_view = (sagittal(pose.points, pose.turn_deg), pose.seen[int(pose.turn_deg >= 0) :])
        leaned = leans_by_tilt(pose)
    elif view is View.FRONT:
        turns = abs(pose.turn_deg), float(head_turn(pose.points))
    readings = {}
    for s in signals:
        if s.view is not None and view is not s.view:
            readings[s.name] = _OTHER_VIEW[s.view]
            continue
        points, seen = any_view if s.view is None else of_view
        why = _hidden(s.needs, seen) or (_turned(s, turns) if turns else None)
        why = why or (Reason.SEEN_FROM_ABOVE if leaned and s.against_vertical else None)
        readings[s.name] = _read_back(s, back, why) if s.of_back else _read(s, points, why)
    return readings


def legs_seen(pose: Pose) -> tuple[bool, bool]:
    """Whether a hip, and whether a hip with its knee, is visible and inside the picture, on either side."""
    seen = pose.seen
    left, right = seen[L.LEFT_HIP], seen[L.RIGHT_HIP]
    return left or right, (left and seen[L.LEFT_KNEE]) or (right and seen[L.RIGHT_KNEE])


def nothing(why: str, signals: Iterable[Signal] = SIGNALS) -> dict[str, Reading]:
    """A reading of NaN for every signal, for a picture without a pose."""
    absent = _absent(why)
    return {s.name: absent for s in signals}


@cache
def _absent(why: str | None) -> Reading:
    """The one reading that there is for a reason: most of a pose's readings are such."""
    return Reading(why=why)


def _read(signal: Signal, points: Points, why: str | None) -> Reading:
    if why:
        return _absent(why)
    value = float(signal.measure(points))
    return Reading(value, Reason.LANDMARKS_COINCIDE if math.isnan(value) else None)


def _read_back(signal: Signal, back: "Lumbar | None", why: str | None) -> Reading:
    if why or back is None or back.why or signal.of_back is None:
        return _absent(why or (back.why if back else None))
    value, sd = signal.of_back(back)
    return Reading(value, Reason.NOT_CALIBRATED if math.isnan(value) else None, sd)


def _hidden(needs: tuple[L, ...], seen: Sequence[bool]) -> str | None:
    for landmark in needs:
        if not seen[landmark]:
            return _HIDDEN[landmark]
    return None


def _turned(s: Signal, turns: tuple[float, float]) -> str | None:
    if turns[0] > s.max_turn_deg:
        return Reason.TRUNK_TURNED
    return Reason.HEAD_TURNED if turns[1] > s.max_head_turn_deg else None
