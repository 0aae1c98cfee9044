"""From a picture to a pose, with MediaPipe's PoseLandmarker; the only place that sees pixels and landmarks together.

A stream is tracked from frame to frame (VIDEO mode: steadier and cheaper).  Pictures, and frames so far apart that the person may
be anywhere by the next one, are each looked at anew (IMAGE mode: nothing is carried over).
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import LANDMARKS, Floats
from monitor.core.body.outline import BackOutline
from monitor.core.body.plausibility import ALONE_AFTER_S, FirstSighting, PlausibilityReport, why_not_a_person
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
# Every 16th pixel both ways is enough for light and for the silhouette's area (3,600 of a 1280 x 720 picture).
EVERY = 16

# A back is outlined once the trunk has been still for half of what its window needs (``monitor.core.back.lumbar_window``).
RESTS_AFTER_S = 1.0

_Pixels = NDArray[np.uint8]
# Picture (H, W, 3), silhouette (h, w; 0 to 1, of the same shape) and landmarks (33, 2; picture heights) -> the back.
Outliner: TypeAlias = Callable[[_Pixels, Floats, Floats], BackOutline]


class Landmarker:
    """A PoseEngine on a model file; ``period_s`` is the usual time between two frames of a stream, None for single pictures.

    ``outline`` finds the back of whoever is seen from the side and, in a stream, sits or stands still.
    Raises ModelCorrupt where MediaPipe refuses the file.
    """

    def __init__(self, model: Path, *, period_s: float | None = None, outline: Outliner | None = None) -> None:
        self._model = model
        self._outline = outline
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
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _see(self, frame: Frame) -> Observation:
        rgb = _fitted(frame.rgb)
        with _silence() if self._chatty else nullcontext():
            result = self._run(rgb, frame.t)
        why: str | None = Reason.NOBODY
        if result.pose_landmarks:
            self._chatty = False
            height, width = frame.rgb.shape[:2]
            silhouette = result.segmentation_masks[0].numpy_view().reshape(rgb.shape[:2])
            report = self._read(silhouette, result, width / height)
            why = why_not_a_person(report)
            if why is None:
                return Observation(frame.t, self._with_back(frame, silhouette, report.pose))
        # A person found in the dark is believed; only "nobody" needs light.
        return Observation(frame.t, None, (_why_unseen(rgb) or why) if why in ABSENT else why)

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

    def _read(self, silhouette: Floats, result: Any, aspect: float) -> PlausibilityReport:
        """What the model says: landmarks, and where they lie on the silhouette."""
        height, width = silhouette.shape
        marks = np.array([(p.x, p.y, p.z, p.visibility, p.presence) for p in result.pose_landmarks[0]])
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
        # MediaPipe's x and z are in picture widths, and its width is the padded one.
        picture = marks[:, :3] * (width / height, 1.0, width / height)
        pose = Pose(picture[:, :2], marks[:, 3], aspect, turn_of(world, picture))
        share = float(np.mean(silhouette[::EVERY, ::EVERY] > _ON_BODY))
        return PlausibilityReport(pose, marks[:, 4], _on_body(silhouette, marks[:, :2]), share)

    def _run(self, rgb: _Pixels, t: float) -> Any:
        import mediapipe as mp

        try:
            image = mp.Image(mp.ImageFormat.SRGB, rgb)
            if not self._tracks:
                return self._engine.detect(image)
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
        with _silence(), _without_plots():
            self._engine = _opened(self._model, tracks=self._tracks)
        self._clock_ms = 0


def _opened(model: Path, *, tracks: bool) -> Any:
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    mode = vision.RunningMode.VIDEO if tracks else vision.RunningMode.IMAGE
    options = vision.PoseLandmarkerOptions(BaseOptions(str(model)), mode, output_segmentation_masks=True)
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
    return Reason.BLANK if sample.std() < BLANK_BELOW else None


@contextmanager
def _silence() -> Iterator[None]:
    """Standard error goes nowhere meanwhile: MediaPipe's C++ writes to the descriptor and no setting stops it."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        saved = os.dup(2)
    except OSError:  # there is none: started without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


@contextmanager
def _without_plots() -> Iterator[None]:
    """An empty stand-in for matplotlib, which MediaPipe imports and this program never needs (37 MB, 0.3 s, a font cache)."""
    absent = [name for name in ("matplotlib", "matplotlib.pyplot") if name not in sys.modules]
    sys.modules.update({name: ModuleType(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
