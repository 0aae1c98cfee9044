"""From a picture to a pose, with MediaPipe's PoseLandmarker; the only place that sees pixels and landmarks together.

A stream is tracked from frame to frame (VIDEO mode: steadier and cheaper).  Pictures, and frames so far apart that the person may
be anywhere by the next one, are each looked at anew (IMAGE mode: nothing is carried over).
"""

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.landmarker.quiet import silence, without_plots
from monitor.core.body.landmarks import LANDMARKS, Floats
from monitor.core.body.outline import BackOutline
from monitor.core.body.plausibility import (
    ALONE_AFTER_S,
    FirstSighting,
    PlausibilityReport,
    body_size,
    same_body,
    why_not_a_person,
)
from monitor.core.body.pose import ABSENT, Observation, Pose
from monitor.core.body.stillness import Stillness
from monitor.core.body.view import turn_of, view_of
from monitor.core.errors import EngineError, ModelCorrupt
from monitor.core.vocabulary import Reason, View
from monitor.ports import Frame

# After a break (the machine slept, the camera hung) the tracker's last place of the person means nothing.  A still person is
# looked at every 15 s, sparingly every 30 s: that is no break.
FORGET_AFTER_S = 45.0
# The networks look at 256 pixels; above this width a detection only costs more (22 ms of CPU at 1920, 42 at 3840, 16 thinned to
# this), and the landmarks move by 0.0007 picture heights, as little as by resampling.
WIDEST = 1280
# Of 255.  Photographs and renders dimmed step by step: above 24 nine people in ten are found, below 16 half, below 6 none.
DARK_BELOW = 20.0
# A lens cap or a privacy shutter; the noise of a webcam alone is 1 to 3.
BLANK_BELOW = 3.0
# Noise that hides half of the people, also where it is smoothed; sharp pictures of rooms and print stay below 15.
GRAIN_FROM = 25.0
# Every 16th pixel both ways is enough for light and for the silhouette's area (3,600 of a 1280 x 720 picture).
EVERY = 16

# A back is outlined once the trunk has been still for half of what its window needs (``monitor.core.back.lumbar_window``).
RESTS_AFTER_S = 1.0

_Pixels = NDArray[np.uint8]
# Picture (H, W, 3), silhouette (h, w; 0 to 1, of the same shape) and landmarks (33, 2; picture heights) -> the back.
Outliner: TypeAlias = Callable[[_Pixels, Floats, Floats], BackOutline]
# Picture -> the picture looked at in another way, and what that added around it (left, top, right, bottom; pixels).
_Margin: TypeAlias = tuple[int, int, int, int]
SecondLook: TypeAlias = Callable[[_Pixels], tuple[_Pixels, _Margin]]
_NO_MARGIN: _Margin = (0, 0, 0, 0)
# A picture may show several people, of whom the largest counts; a stream follows one.
PEOPLE = 3
# How sure MediaPipe must be of a person (its own usual value), and where a find only means that nobody may be called away.
BELIEVING, DOUBTING = 0.5, 0.3
# A stream in which nobody is found is looked at in another way once in so many seconds.
SECOND_LOOK_S = 1.0


class Landmarker:
    """A PoseEngine on a model file; ``period_s`` is the usual time between two frames of a stream, None for single pictures.

    ``outline`` finds the back of whoever is seen from the side and, in a stream, sits or stands still.  ``looks`` are other ways
    to look at a picture in which nobody was found; a stream takes only those that move nothing, one after the other.
    Raises ModelCorrupt where MediaPipe refuses the file.
    """

    def __init__(
        self,
        model: Path,
        *,
        period_s: float | None = None,
        outline: Outliner | None = None,
        looks: Sequence[SecondLook] = (),
    ) -> None:
        self._model = model
        self._outline = outline
        self._looks = looks
        self._second_looks, self._second_look_t = 0, -math.inf
        self._doubting: Any = None
        self._stillness = Stillness()
        self._view: View | None = None
        self._tracks = period_s is not None and period_s <= ALONE_AFTER_S
        self._first_sight = FirstSighting()
        self._last_t: float | None = None
        self._clock_ms = 0
        self._chatty = True  # until the first body: MediaPipe's last remark comes with it
        self._engine: Any = None
        self._start()

    def detect(self, frame: Frame) -> Observation:
        """What is seen at ``frame.t``: a person who can be judged, or why there is none.  Raises EngineError."""
        seen = self._see(frame)
        return self._first_sight.consider(seen) if self._tracks else seen

    def close(self) -> None:
        """Free the model; may be called twice."""
        for engine in (self._engine, self._doubting):
            if engine is not None:
                engine.close()
        self._engine = self._doubting = None

    def _see(self, frame: Frame) -> Observation:
        rgb = _fitted(frame.rgb)
        aspect = frame.rgb.shape[1] / frame.rgb.shape[0]
        found = self._find(rgb, frame.t, aspect)
        if found.why in ABSENT and self._looks:
            found = self._in_stream(found, rgb, frame.t, aspect) if self._tracks else self._in_picture(found, rgb, aspect)
        if found.report is not None and found.why is None:
            return Observation(frame.t, self._with_back(frame, found.silhouette, found.report.pose))
        # A person found in the dark is believed; only "nobody" needs light.
        return Observation(frame.t, None, (_why_unseen(rgb) or found.why) if found.why in ABSENT else found.why)

    def _find(self, rgb: _Pixels, t: float, aspect: float, margin: _Margin | None = None) -> "_Find":
        """The largest credible person in a picture, or else why there is none."""
        with silence() if self._chatty else nullcontext():
            result = self._run(_fitted(rgb), t, second=margin is not None)
        self._chatty = self._chatty and not result.pose_landmarks
        finds = [self._read(result, i, rgb.shape, aspect, margin or _NO_MARGIN) for i in range(len(result.pose_landmarks))]
        return max(finds, key=lambda find: (find.why is None, find.why not in ABSENT, find.size), default=_Find(Reason.NOBODY))

    def _in_picture(self, first: "_Find", rgb: _Pixels, aspect: float) -> "_Find":
        """What the other ways to look at a picture show: a person in whom two agree, else that somebody may be there."""
        if self._doubting is None:
            with silence(), without_plots():
                self._doubting = _opened(self._model, DOUBTING)
        doubt, finds = first, list[_Find]()
        for look in self._looks:
            changed, margin = look(rgb)
            find = self._find(changed, 0.0, aspect, margin)
            if find.why not in ABSENT:
                doubt = _Find(Reason.SEEN_BADLY)
            if find.report is None or find.why is not None:
                continue
            if any(other.report is not None and same_body(other.report.pose, find.report.pose) for other in finds):
                return find
            finds.append(find)
        return doubt

    def _in_stream(self, first: "_Find", rgb: _Pixels, t: float, aspect: float) -> "_Find":
        """What the next of the other ways to look shows; the tracker goes on from whom it finds."""
        if t - self._second_look_t < SECOND_LOOK_S:
            return first
        self._second_looks, self._second_look_t = self._second_looks + 1, t
        changed, margin = self._looks[self._second_looks % len(self._looks)](rgb)
        find = self._find(changed, t, aspect) if margin == _NO_MARGIN else first
        return first if find.why in ABSENT else find

    def stays(self, t: float) -> None:
        """Nothing has changed up to ``t`` (s)."""
        self._stillness.stays(t)

    def _with_back(self, frame: Frame, silhouette: Floats, pose: Pose) -> Pose:
        """The pose with its back outlined, where that can be of use."""
        self._view = view_of(pose.turn_deg, self._view if self._tracks else None)
        rests = not self._tracks or self._stillness.update(frame.t, pose) >= RESTS_AFTER_S
        if self._outline is None or self._view is not View.SIDE or not rests:
            return pose
        return replace(pose, back=self._outline(frame.rgb, silhouette, pose.xy))

    def _read(self, result: Any, which: int, shape: tuple[int, ...], aspect: float, margin: _Margin) -> "_Find":
        """What the model says of one body: landmarks, and where they lie on the silhouette."""
        mask = result.segmentation_masks[which].numpy_view()
        whole = mask.reshape(mask.shape[:2])
        left, top, right, bottom = (round(side * whole.shape[0] / shape[0]) for side in margin)
        silhouette = whole[top : whole.shape[0] - bottom, left : whole.shape[1] - right]
        height, width = silhouette.shape
        marks = np.array([(p.x, p.y, p.z, p.visibility, p.presence) for p in result.pose_landmarks[which]])
        marks[:, :3] = (marks[:, :3] * (whole.shape[1], whole.shape[0], whole.shape[1]) - (left, top, 0)) / (width, height, width)
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[which]])
        # MediaPipe's x and z are in picture widths, and its width is the padded one.
        picture = marks[:, :3] * (width / height, 1.0, width / height)
        pose = Pose(picture[:, :2], marks[:, 3], aspect, turn_of(world, picture))
        share = float(np.mean(silhouette[::EVERY, ::EVERY] > _ON_BODY))
        report = PlausibilityReport(pose, marks[:, 4], _on_body(silhouette, marks[:, :2]), share)
        return _Find(why_not_a_person(report), report, silhouette)

    def _run(self, rgb: _Pixels, t: float, *, second: bool = False) -> Any:
        import mediapipe as mp

        try:
            image = mp.Image(mp.ImageFormat.SRGB, rgb)
            if not self._tracks:
                return (self._doubting if second else self._engine).detect(image)
            self._tick(t)
            return self._engine.detect_for_video(image, self._clock_ms)
        except (RuntimeError, ValueError) as error:
            size = f"{rgb.shape[1]} x {rgb.shape[0]}"
            raise EngineError(f"the pose model failed on a picture of {size} pixels ({_first_line(error)})") from error

    def _tick(self, t: float) -> None:
        """Moves the engine's own time on: whole ms, rising even where the frames' time stands still; begins anew after a gap."""
        since = 0.0 if self._last_t is None else t - self._last_t
        if since > FORGET_AFTER_S:
            self._start()
            since = 0.0
        self._last_t = t
        self._clock_ms += max(1, round(1000 * since))

    def _start(self) -> None:
        self.close()
        with silence(), without_plots():
            self._engine = _opened(self._model, BELIEVING, tracks=self._tracks)
        self._clock_ms = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Find:
    """Who was found in one look, with the silhouette, or ``why`` nobody who can be judged."""

    why: str | None
    report: PlausibilityReport | None = None
    silhouette: Any = None

    @property
    def size(self) -> float:
        return body_size(self.report.pose) if self.report else 0.0


def _opened(model: Path, surety: float, *, tracks: bool = False) -> Any:
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    mode = vision.RunningMode.VIDEO if tracks else vision.RunningMode.IMAGE
    people = 1 if tracks or surety < BELIEVING else PEOPLE
    options = vision.PoseLandmarkerOptions(
        BaseOptions(str(model)),
        mode,
        num_poses=people,
        min_pose_detection_confidence=surety,
        min_pose_presence_confidence=surety,
        output_segmentation_masks=True,
    )
    # The first picture makes half of the chatter and takes the longest.
    blank = mp.Image(mp.ImageFormat.SRGB, np.zeros((64, 64, 3), np.uint8))
    try:
        engine = vision.PoseLandmarker.create_from_options(options)
        _ = engine.detect_for_video(blank, 0) if tracks else engine.detect(blank)
    except (RuntimeError, ValueError, OSError) as error:
        hint = "pass an official pose_landmarker .task with --model, or leave it out"
        raise ModelCorrupt(f"MediaPipe refuses the model {model} ({_first_line(error)}); {hint}") from error
    return engine


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


# --- pixels ------------------------------------------------------------------------------------------------------

# The silhouette is a likelihood per pixel.
_ON_BODY = 0.5


def _fitted(rgb: _Pixels) -> _Pixels:
    """The picture as MediaPipe takes it: not needlessly wide, its width a multiple of 4, contiguous."""
    step = -(-rgb.shape[1] // WIDEST)
    thinned = rgb[::step, ::step]
    # On any other width MediaPipe aborts the process when its silhouette is read (rows are aligned to 16 bytes).
    missing = -thinned.shape[1] % 4
    padded = np.pad(thinned, ((0, 0), (0, missing), (0, 0)), mode="edge") if missing else thinned
    return np.ascontiguousarray(padded)


def _on_body(silhouette: Floats, marks: Floats) -> NDArray[np.bool_]:
    """Which landmarks (33, 2; shares of the picture) lie inside the picture and on the silhouette, (33,)."""
    height, width = silhouette.shape
    column, row = np.floor(marks * (width, height)).astype(int).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    found = np.zeros(LANDMARKS, dtype=bool)
    found[inside] = silhouette[row[inside], column[inside]] > _ON_BODY
    return found


def _why_unseen(rgb: _Pixels) -> str | None:
    sample = rgb[::EVERY, ::EVERY]
    if sample.mean() < DARK_BELOW:
        return Reason.TOO_DARK
    if sample.std() < BLANK_BELOW:
        return Reason.BLANK
    return Reason.TOO_GRAINY if _grain(rgb) > GRAIN_FROM else None


def _grain(rgb: _Pixels) -> float:
    """The standard deviation of the picture's noise, in grey levels of 255 (Immerkaer 1996)."""
    if min(rgb.shape[:2]) < 3:  # noqa: PLR2004
        return 0.0
    green = rgb[..., 1].astype(np.int16)
    across = green[:, :-2] - 2 * green[:, 1:-1] + green[:, 2:]
    return float(np.abs(across[:-2] - 2 * across[1:-1] + across[2:]).mean() * math.sqrt(math.pi / 2) / 6)
