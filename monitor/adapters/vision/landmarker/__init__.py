"""From a picture to a pose: runs the networks and checks their result; the only place with both pixels and landmarks.

A stream is tracked from frame to frame (steadier and cheaper).  Pictures, and frames so far apart that the person may be anywhere
by the next one, are each analysed independently: nothing is carried over.  The networks are run by MediaPipe or on LiteRT.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.landmarker.light import EVERY, hides_edges, why_unseen
from monitor.adapters.vision.landmarker.pixels import ON_BODY, on_body, without
from monitor.adapters.vision.landmarker.sizes import in_sizes, is_nearly_too_uncertain, is_read, smaller_copies
from monitor.adapters.vision.landmarker.task import mediapipe_task
from monitor.core.body.agreement import agreed
from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import BackOutline, no_outline
from monitor.core.body.plausibility import (
    ALONE_AFTER_S,
    FirstSighting,
    PlausibilityReport,
    body_size,
    is_too_far,
    same_body,
    why_not_a_person,
)
from monitor.core.body.pose import ABSENT, Observation, Pose
from monitor.core.body.stillness import Stillness
from monitor.core.body.view import pitch_of, turn_of, view_of
from monitor.core.vocabulary import Reason, RowCause, View
from monitor.ports import Frame, Person, PoseModel

# After a break (the machine slept, the camera hung) the tracker's last position of the person is invalid.  A still person is
# analysed every 15 s, when saving power every 30 s: not such a break.
FORGET_AFTER_S = 45.0
# The networks have an input of 256 pixels; above this width a detection only costs more (22 ms of CPU at 1920, 42 at 3840, 16
# thinned to this), and the landmarks move by 0.0007 picture heights, as little as by resampling.
WIDEST = 1280
# The back is outlined once the trunk has been still for half of the window's length (``monitor.core.back.lumbar_window``).
RESTS_AFTER_S = 1.0

_Pixels = NDArray[np.uint8]
# Picture (H, W, 3), silhouette (h, w; 0 to 1, of the same shape) and landmarks (33, 2; picture heights) -> the back.
Outliner: TypeAlias = Callable[[_Pixels, Floats, Floats], BackOutline]
# Picture -> a modified picture, and the margins added around it (left, top, right, bottom; pixels).
_Margin: TypeAlias = tuple[int, int, int, int]
SecondLook: TypeAlias = Callable[[_Pixels], tuple[_Pixels, _Margin]]
_NO_MARGIN: _Margin = (0, 0, 0, 0)
# A picture may show several people, of whom the largest counts; a stream follows one.
PEOPLE = 3
# The confidence required for a person (MediaPipe's default), and the lower one at which nobody may be reported as away.
BELIEVING, DOUBTING = 0.5, 0.3
# In a stream in which nobody is found, or nobody near, a modified picture is tried once in so many seconds.
SECOND_LOOK_S = 1.0
# A tracker that finds nobody at its last position searches the whole picture only at the next call.
TRIES = 2


class OpenModel(Protocol):
    """Opens the networks in a model file.  Raises ModelCorrupt."""

    def __call__(self, model: Path, surety: float, *, people: int, tracks: bool) -> PoseModel:
        """The networks, which report at most ``people``, each at least as likely as ``surety``; ``tracks`` follows one."""
        ...


class Landmarker:
    """A PoseEngine on a model file; ``period_s`` is the usual time between two frames of a stream, None for single pictures.

    ``outline`` finds the back of a person in side view who, in a stream, is still.  ``alternatives`` modify a picture in which
    nobody was found; a stream tries one after the other and keeps the one that finds somebody.  ``opens`` opens the networks,
    ``level`` corrects a pose for the lens and the camera's tilt.
    Raises ModelCorrupt if the file is rejected.
    """

    def __init__(
        self,
        model: Path,
        *,
        opens: OpenModel = mediapipe_task,
        period_s: float | None = None,
        outline: Outliner | None = None,
        alternatives: Sequence[SecondLook] = (),
        level: Callable[[Pose], Pose] = lambda pose: pose,
    ) -> None:
        self._opens = partial(opens, model)
        self._outline, self._level = outline, level
        self._alternatives = alternatives
        self._second_looks, self._second_look_t = 0, -math.inf
        self._kept: SecondLook | None = None
        self._doubting: PoseModel | None = None
        self._stillness = Stillness()
        self._view: View | None = None
        self._single = period_s is None
        self._tracks = period_s is not None and period_s <= ALONE_AFTER_S
        self._first_sight = FirstSighting()
        self._last_t: float | None = None
        self._clock_ms = 0
        self._trusting = self._opened()

    def detect(self, frame: Frame) -> Observation:
        """The observation at ``frame.t``: a person who can be measured, or why there is none.  Raises EngineError."""
        seen = self._see(frame)
        return self._first_sight.consider(seen) if self._tracks else seen

    def close(self) -> None:
        """Free the model; may be called twice."""
        for networks in (self._trusting, self._doubting):
            if networks is not None:
                networks.close()
        self._doubting = None

    def _see(self, frame: Frame) -> Observation:
        rgb = _fitted(frame.rgb)
        aspect = frame.rgb.shape[1] / frame.rgb.shape[0]
        found = self._of_stream(rgb, frame.t, aspect) if self._tracks else self._of_picture(frame.rgb, aspect)
        if found.report is not None and found.why is None:
            return Observation(frame.t, self._level(self._with_back(frame, found.silhouette, found.report.pose)))
        # A person found in the dark is accepted; only "nobody" needs light.
        return Observation(frame.t, None, (why_unseen(rgb) or found.why) if found.why in ABSENT else found.why)

    def _of_stream(self, rgb: _Pixels, t: float, aspect: float) -> "_Find":
        found = self._find(rgb, t, aspect) if self._kept is None else self._in_look(self._kept, rgb, t, aspect)
        if found.why is Reason.SEEN_SMALL and found.report is not None:
            return self._in_rest(found, found.report.pose, rgb, t, aspect)
        return self._in_stream(found, rgb, t, aspect) if found.why in ABSENT and self._alternatives else found

    def _of_picture(self, rgb: _Pixels, aspect: float) -> "_Find":
        """The result of a picture by itself; what a single one shows is decided in sizes that do not depend on its own."""
        found = self._in_size(_fitted(rgb), aspect)
        if not self._single or not self._alternatives or found.why in ABSENT:
            return found
        return _agreed(found, [self._in_size(sized, aspect) for sized in in_sizes(rgb)])

    def _in_size(self, rgb: _Pixels, aspect: float) -> "_Find":
        found = self._find(rgb, 0.0, aspect)
        return self._in_picture(found, rgb, aspect) if found.why in ABSENT and self._alternatives else found

    def _find(self, rgb: _Pixels, t: float, aspect: float, margin: _Margin | None = None) -> "_Find":
        """The largest plausible person in a picture, or why there is none."""
        thin = _fitted(rgb)
        left, top, right, bottom = (round(side * len(thin) / len(rgb)) for side in margin or _NO_MARGIN)
        people = self._run(thin, t, second=margin is not None)
        finds = [_read(person, aspect, (left, top, right, bottom), near=self._tracks) for person in people]
        return max(finds, key=lambda find: (find.why is None, find.why not in ABSENT, find.size), default=_Find(Reason.NOBODY))

    def _in_picture(self, first: "_Find", rgb: _Pixels, aspect: float) -> "_Find":
        """The result of the modified pictures: a person on whom two agree, else that somebody may be there."""
        if self._doubting is None:
            self._doubting = self._opens(DOUBTING, people=1, tracks=False)
        doubt, finds = first, list[_Find]()
        for look in self._alternatives:
            find = self._in_look(look, rgb, 0.0, aspect)
            if find.why not in ABSENT:
                doubt = _Find(Reason.SEEN_BADLY)
            if find.report is None or find.why is not None:
                continue
            if any(other.report is not None and same_body(other.report.pose, find.report.pose) for other in finds):
                return find
            finds.append(find)
        return doubt

    def _in_stream(self, first: "_Find", rgb: _Pixels, t: float, aspect: float) -> "_Find":
        """The result of the next modified picture; the tracker continues in the one that finds somebody."""
        if t - self._second_look_t < SECOND_LOOK_S:
            return first
        alternatives = [None, *self._alternatives]
        self._second_looks, self._second_look_t = self._second_looks + 1, t
        look = alternatives[self._second_looks % len(alternatives)]
        find = self._find(rgb, t, aspect) if look is None else self._in_look(look, rgb, t, aspect)
        self._kept = look if find.why is None else self._kept
        return first if find.why in ABSENT else find

    def _in_rest(self, far: "_Find", body: Pose, rgb: _Pixels, t: float, aspect: float) -> "_Find":
        """A person elsewhere in the picture, whom the tracker follows from then on; else ``far``."""
        if t - self._second_look_t < SECOND_LOOK_S:
            return far
        self._second_look_t = t
        rest = without(rgb, body)
        finds = (self._find(rest, t, aspect) for _ in range(TRIES))
        return next((find for find in finds if find.why is None), far)

    def _in_look(self, look: SecondLook, rgb: _Pixels, t: float, aspect: float) -> "_Find":
        changed, margin = look(rgb)
        return self._find(changed, t, aspect, margin)

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s)."""
        self._stillness.stays(t)

    def _with_back(self, frame: Frame, silhouette: Floats, pose: Pose) -> Pose:
        """The pose with the outline of its back, where that can be used."""
        self._view = view_of(pose.turn_deg, self._view if self._tracks else None)
        rests = not self._tracks or self._stillness.update(frame.t, pose) >= RESTS_AFTER_S
        if self._outline is None or self._view is not View.SIDE or not rests:
            return pose
        if hides_edges(frame.rgb, pose):
            return replace(pose, back=no_outline(RowCause.EDGE, frame.rgb.shape[0]))
        found = replace(pose, back=self._outline(frame.rgb, silhouette, pose.xy))
        return found if self._tracks else self._with_sure_back(frame.rgb, found, self._outline)

    def _with_sure_back(self, rgb: _Pixels, pose: Pose, outline: Outliner) -> Pose:
        """The pose, without its back where that is nearly too uncertain, and is so in a smaller copy of the picture."""
        if not is_nearly_too_uncertain(self._level(pose)):
            return pose
        for copy in smaller_copies(rgb):
            other = self._find(_fitted(copy), 0.0, pose.aspect)
            if other.report is None or other.why is not None:
                return replace(pose, back=no_outline(RowCause.EDGE, len(rgb)))
            back = outline(copy, other.silhouette, other.report.pose.xy)
            if not is_read(self._level(replace(other.report.pose, back=back))):
                return replace(pose, back=no_outline(RowCause.EDGE, len(rgb)))
        return pose

    def _run(self, rgb: _Pixels, t: float, *, second: bool) -> Sequence[Person]:
        if self._tracks:
            self._tick(t)
        networks = self._doubting if second and self._doubting and not self._tracks else self._trusting
        return networks.detect(rgb, self._clock_ms)

    def _tick(self, t: float) -> None:
        """Advances the engine's own time: whole ms, rising even where the frames' time does not; restarts after a gap."""
        since = 0.0 if self._last_t is None else t - self._last_t
        if since > FORGET_AFTER_S:
            self._trusting.close()
            self._trusting, self._clock_ms = self._opened(), 0
            since = 0.0
        self._last_t = t
        self._clock_ms += max(1, round(1000 * since))

    def _opened(self) -> PoseModel:
        return self._opens(BELIEVING, people=1 if self._tracks else PEOPLE, tracks=self._tracks)


@dataclass(frozen=True, slots=True, eq=False)
class _Find:
    """The person found in one picture, with the silhouette, or ``why`` there is none who can be measured."""

    why: str | None
    report: PlausibilityReport | None = None
    silhouette: Any = None

    @property
    def size(self) -> float:
        return body_size(self.report.pose) if self.report else 0.0


def _agreed(found: _Find, looks: Sequence[_Find]) -> _Find:
    """What the looks agree on, measured in ``found``; a body that only some show is seen badly, never nobody."""
    poses = [look.report.pose for look in looks if look.report and look.why is None]
    if len(poses) < len(looks):
        return next((look for look in looks if look.why and look.why not in ABSENT), _Find(Reason.SEEN_BADLY))
    base = found if found.report and found.why is None else looks[len(looks) // 2]
    return replace(base, report=replace(base.report, pose=agreed(base.report.pose, poses))) if base.report else base


def _read(person: Person, aspect: float, margin: _Margin, *, near: bool) -> _Find:
    """The networks' output for one body without the margin, judged; ``near`` if a user is not as far away as others may be."""
    left, top, right, bottom = margin
    high, wide = person.silhouette.shape
    silhouette = person.silhouette[top : high - bottom, left : wide - right]
    height, width = silhouette.shape
    marks = person.marks.copy()
    marks[:, :3] = (marks[:, :3] * (wide, high, wide) - (left, top, 0)) / (width, height, width)
    picture = marks[:, :3] * (width / height, 1.0, width / height)
    pose = Pose(picture[:, :2], marks[:, 3], aspect, turn_of(person.world, picture), pitch_deg=pitch_of(person.world))
    thin = silhouette[:, ::EVERY] > ON_BODY
    rows = np.flatnonzero(thin.any(axis=1))
    extent = float(np.ptp(rows) + 1) / height if rows.size else 0.0
    report = PlausibilityReport(pose, marks[:, 4], on_body(silhouette, marks[:, :2]), float(thin[::EVERY].mean()), extent)
    why = why_not_a_person(report) or (Reason.SEEN_SMALL if near and is_too_far(report) else None)
    return _Find(why, report, silhouette)


# --- pixels ------------------------------------------------------------------------------------------------------


def _fitted(rgb: _Pixels) -> _Pixels:
    """The picture, reduced to the useful width."""
    return rgb[:: (step := -(-rgb.shape[1] // WIDEST)), ::step]
