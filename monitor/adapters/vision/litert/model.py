"""The adapter: runs the two networks in LiteRT's interpreter."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.litert import detector, landmarks
from monitor.adapters.vision.litert.region import Region, first_apart, letterbox, spanned, without_letterbox
from monitor.adapters.vision.litert.single_precision import likelihood
from monitor.adapters.vision.litert.smoothing import LowPass, OneEuro
from monitor.core.errors import EngineError, ModelCorrupt, first_line
from monitor.ports import Person, Warp

# In a bundle and in a folder alike.
NETWORKS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
# Outputs of the networks, identified by their shapes.
_BOXES, _SCORES = (1, 2254, 12), (1, 2254, 1)
_LANDMARKS, _PRESENCE, _MASK, _HEAT, _WORLD = (1, 195), (1, 1), (1, 256, 256, 1), (1, 64, 64, 39), (1, 117)

# A person followed for so long (s) is followed for longer: until then the detector's memory (28 MB) is not needed.  To open it
# again takes as long as two pictures.
_RELEASE_AFTER_S = 2.0
# Colours 0 to 255 as the networks take them: MediaPipe multiplies, and adds without rounding between.
_ONE_LEVEL = np.float32(1) / np.float32(255)
_AROUND_ZERO = (np.arange(256) * float(np.float32(2) / np.float32(255)) - 1).astype(np.float32)

_Pixels = NDArray[np.uint8]
_Floats = NDArray[np.floating]
_Singles = NDArray[np.float32]
_Outputs: TypeAlias = dict[tuple[int, ...], Any]


class LiteRtModel:
    """A PoseModel on the two networks in ``model``, a folder or a bundle; ``warp`` samples pictures for them.

    At most ``people`` are reported, each at least as likely as ``surety``; ``tracks`` follows one from frame to frame.  ``freed``
    is called when much memory was freed.  Raises EngineError where LiteRT is not available, ModelCorrupt where it rejects a
    network.
    """

    def __init__(
        self, warp: Warp, model: Path, surety: float, *, people: int, tracks: bool, freed: Callable[[], None] = lambda: None
    ) -> None:
        self._freed = freed
        self._warp, self._surety, self._people, self._tracks = warp, surety, people, tracks
        detects, sees = (partial(_Network, model, name) for name in NETWORKS)
        self._detector, self._landmarker = detects(_around_zero), sees(_to_one)
        self._detector.allocate()  # the other one's when there is somebody: it takes longer, and two thirds of the memory
        self._next: Region | None = None
        self._found_t = 0.0
        # MediaPipe's own weights and cut-offs (Hz); speeds in the picture are in sides of the square, in the world in metres.
        self._visibility = LowPass(0.1)
        self._picture = OneEuro(0.05, 80.0)
        self._world = OneEuro(0.1, 40.0)

    def detect(self, rgb: _Pixels, t_ms: int) -> list[Person]:
        """The people in ``rgb`` (H, W, 3), surest first; ``t_ms`` rises from frame to frame of a stream.  Raises EngineError."""
        t = t_ms / 1000
        regions = [self._next] if self._next else self._found(rgb, t)
        self._next = None
        people = [person for region in regions if (person := self._seen(rgb, region, t))]
        if self._next and t - self._found_t >= _RELEASE_AFTER_S and self._detector.close():
            self._freed()
        if not people:
            self._picture.reset()
        return people

    def close(self) -> None:
        """Free the networks; may be called twice."""
        self._detector.close()
        self._landmarker.close()

    def _found(self, rgb: _Pixels, t: float) -> list[Region]:
        """The regions in which the detector finds a person."""
        self._found_t = t
        height, width = rgb.shape[:2]
        square = self._warp.crop(rgb, letterbox(width, height).corners(), detector.INPUT, replicate=False)
        out = self._detector.run(square)
        found = detector.merged(detector.decoded(out[_BOXES][0], out[_SCORES][0, :, 0], self._surety))
        ends = without_letterbox(found.keypoints[:, :2], width, height)
        regions = [region for middle, reach in ends if (region := spanned(middle, reach, (width, height)))]
        return [first_apart(regions)] if self._tracks and regions else regions[: self._people]

    def _seen(self, rgb: _Pixels, region: Region, t: float) -> Person | None:
        """The person whom the landmark network finds in the square, None below the required confidence."""
        square = self._warp.crop(rgb, region.corners(), landmarks.INPUT, replicate=True)
        out = self._landmarker.run(square)
        if out[_PRESENCE][0, 0] <= self._surety:
            return None
        width, height = region.picture
        marks = landmarks.refined(landmarks.decoded(out[_LANDMARKS][0]), out[_HEAT][0], _likelihoods)
        marks[:, :2] = region.project(marks[:, :2])
        body: _Floats = marks[landmarks.BODY] * np.array([width, height, region.side, 1.0, 1.0])
        world = landmarks.turned(out[_WORLD].reshape(-1, 3)[landmarks.BODY].astype(np.float64), float(region.angle))
        if self._tracks:
            middle, reach = marks[landmarks.SPANNING, :2]
            self._next = spanned(middle, reach, region.picture)
            body, world = self._smoothed(t, body, world)
        return Person(body / (width, height, width, 1, 1), world, self._silhouette(out, region, (width, height)))

    def _smoothed(self, t: float, body: _Floats, world: _Floats) -> tuple[_Floats, _Floats]:
        smooth = body.copy()
        smooth[:, 3] = self._visibility.update(body[:, 3])
        if self._next:
            smooth[:, :3] = self._picture.update(t, body[:, :3], self._next.side)
        return smooth, self._world.update(t, world)

    def _silhouette(self, out: _Outputs, region: Region, size: tuple[int, int]) -> _Floats:
        mask = landmarks.sigmoid(out[_MASK][0, :, :, 0])
        return self._warp.spread(mask, region.from_picture(landmarks.INPUT), size)


def _to_one(square: _Pixels, out: _Singles) -> None:
    np.multiply(square, _ONE_LEVEL, out=out)


def _around_zero(square: _Pixels, out: _Singles) -> None:
    np.take(_AROUND_ZERO, square, out=out, mode="clip")


def _likelihoods(heat: _Singles) -> _Singles:
    """Of the cells around each landmark: those that span the next square to the last digit, which counts in a stream."""
    values: _Singles = landmarks.sigmoid(heat)
    values[landmarks.SPANNING] = likelihood(heat[landmarks.SPANNING])
    return values


def load_failure() -> str | None:
    """The first line of the error if LiteRT cannot be loaded on this machine, else None."""
    try:
        import ai_edge_litert.interpreter  # noqa: F401
    except (ImportError, OSError) as error:  # an incomplete package, or a missing system library
        return first_line(error)
    return None


class _Network:
    """One network on one thread; its memory is taken with the first picture, if not before.

    ``scaled`` writes colours 0 to 255 as the network takes them.
    """

    def __init__(self, model: Path, name: str, scaled: Callable[[_Pixels, _Singles], object]) -> None:
        if failure := load_failure():
            hint = 'install it: python -m pip install "posture-monitor[litert]", or set engine = "auto"'
            raise EngineError(f"the engine litert cannot be loaded ({failure}); {hint}")
        self._model, self._name, self._scaled = model, name, scaled
        self._interpreter: Any = None
        self._input: Any = None
        self._outputs: list[tuple[tuple[int, ...], Any]] = []
        self._allocated = False
        self._open()

    def run(self, square: _Pixels) -> _Outputs:
        """The outputs for ``square`` (h, w, 3), by their shapes: the network's own memory, to be let go before the next run.

        Raises EngineError, with the first picture ModelCorrupt.
        """
        self.allocate()
        try:
            self._scaled(square, self._input()[0])
            self._interpreter.invoke()
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the pose model failed ({first_line(error)})") from error
        return {shape: output() for shape, output in self._outputs}

    def allocate(self) -> None:
        """Take the memory that the network runs in, if it is not taken yet.  Raises ModelCorrupt."""
        if self._interpreter is None:
            self._open()
        if not self._allocated:
            with self._refused():
                self._interpreter.allocate_tensors()
            self._allocated = True

    def close(self) -> bool:
        """Free the network until the next picture; False if it was free already."""
        was_open, self._interpreter, self._allocated = self._interpreter is not None, None, False
        self._input, self._outputs = None, []  # they hold the network too
        return was_open

    def _open(self) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with self._refused():
            if self._model.is_dir():
                self._interpreter = Interpreter(str(self._model / self._name), num_threads=1)
            else:
                with zipfile.ZipFile(self._model) as bundle:
                    self._interpreter = Interpreter(model_content=bundle.read(self._name), num_threads=1)
        reads, details = self._interpreter.tensor, self._interpreter.get_output_details()
        self._input = reads(self._interpreter.get_input_details()[0]["index"])
        self._outputs = [(tuple(map(int, d["shape"])), reads(d["index"])) for d in details]

    @contextmanager
    def _refused(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
            hint = "pass an official pose_landmarker .task with --model, or leave it out"
            raise ModelCorrupt(f"LiteRT refuses the model {self._model} ({first_line(error)}); {hint}") from error
