"""The networks run by MediaPipe's PoseLandmarker task."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.landmarker.quiet import silence, without_plots
from monitor.core.errors import EngineError, ModelCorrupt, first_line
from monitor.ports import Person, PoseModel

_Pixels = NDArray[np.uint8]


class MediaPipeTask:
    """A PoseModel on a bundle; ``tracks`` follows a person from frame to frame (VIDEO mode).  Raises ModelCorrupt."""

    def __init__(self, model: Path, surety: float, *, people: int, tracks: bool) -> None:
        self._tracks = tracks
        self._chatty = True  # until the first body, with which MediaPipe writes its last log line
        with silence(), without_plots():
            self._task = _opened(model, surety, people, tracks=tracks)

    def detect(self, rgb: _Pixels, t_ms: int) -> list[Person]:
        """The people in ``rgb`` (H, W, 3); ``t_ms`` rises from frame to frame of a stream.  Raises EngineError."""
        with silence() if self._chatty else nullcontext():
            result = self._run(_fitted(rgb), t_ms)
        self._chatty = self._chatty and not result.pose_landmarks
        return [_person(result, i, rgb.shape) for i in range(len(result.pose_landmarks))]

    def close(self) -> None:
        """Free the networks; may be called twice."""
        if self._task is not None:
            self._task.close()
            self._task = None

    def _run(self, rgb: _Pixels, t_ms: int) -> Any:
        import mediapipe as mp

        try:
            image = mp.Image(mp.ImageFormat.SRGB, rgb)
            return self._task.detect_for_video(image, t_ms) if self._tracks else self._task.detect(image)
        except (RuntimeError, ValueError) as error:
            size = f"{rgb.shape[1]} x {rgb.shape[0]}"
            raise EngineError(f"the pose model failed on a picture of {size} pixels ({first_line(error)})") from error


def mediapipe_task(model: Path, surety: float, *, people: int, tracks: bool) -> PoseModel:
    """The networks in the bundle ``model``, run by MediaPipe.  Raises ModelCorrupt, EngineError."""
    return MediaPipeTask(model, surety, people=people, tracks=tracks)


def load_failure() -> str | None:
    """The first line of the error if MediaPipe's library cannot be loaded on this machine, else None."""
    with silence(), without_plots():
        try:
            from mediapipe.tasks.python.core.mediapipe_c_bindings import load_raw_library

            load_raw_library()
        except (ImportError, OSError) as error:  # an incomplete package, or a missing system library
            return first_line(error)
    return None


def _person(result: Any, which: int, shape: tuple[int, ...]) -> Person:
    mask = result.segmentation_masks[which].numpy_view()
    padded = mask.reshape(mask.shape[:2])
    height, width = shape[:2]
    marks = np.array([(p.x, p.y, p.z, p.visibility, p.presence) for p in result.pose_landmarks[which]])
    # MediaPipe's x and z are in picture widths, and its width is the padded one.
    marks[:, [0, 2]] *= padded.shape[1] / width
    world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[which]])
    # A copy: the view's memory is MediaPipe's, and is freed with the result.
    return Person(marks, world, padded[:height, :width].copy())


def _opened(model: Path, surety: float, people: int, *, tracks: bool) -> Any:
    if failure := load_failure():
        hint = "on Debian or Ubuntu: apt install libegl1 libgles2" if sys.platform == "linux" else "install mediapipe again"
        raise EngineError(f'the engine mediapipe cannot be loaded ({failure}); {hint}, or set engine = "auto"')
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        BaseOptions(str(model)),
        vision.RunningMode.VIDEO if tracks else vision.RunningMode.IMAGE,
        num_poses=people,
        min_pose_detection_confidence=surety,
        min_pose_presence_confidence=surety,
        output_segmentation_masks=True,
    )
    # The first picture causes half of the log output and takes the longest.
    blank = mp.Image(mp.ImageFormat.SRGB, np.zeros((64, 64, 3), np.uint8))
    try:
        task = vision.PoseLandmarker.create_from_options(options)
        _ = task.detect_for_video(blank, 0) if tracks else task.detect(blank)
    except (RuntimeError, ValueError, OSError) as error:
        hint = "pass an official pose_landmarker .task with --model, or leave it out"
        raise ModelCorrupt(f"MediaPipe refuses the model {model} ({first_line(error)}); {hint}") from error
    return task


def _fitted(rgb: _Pixels) -> _Pixels:
    """The picture as MediaPipe takes it: its width a multiple of 4, contiguous."""
    # On any other width MediaPipe aborts the process when its silhouette is read (rows are aligned to 16 bytes).
    missing = -rgb.shape[1] % 4
    padded = np.pad(rgb, ((0, 0), (0, missing), (0, 0)), mode="edge") if missing else rgb
    return np.ascontiguousarray(padded)
