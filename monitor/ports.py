"""The ports: protocols of one to three methods each.  An adapter imports one foreign library and implements one of these."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.pose import Observation
from monitor.core.reminders.suppression import RunInput


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture at ``t`` (POSIX s); ``rgb`` is (H, W, 3) uint8.  Pixels do not leave the engine."""

    t: float
    rgb: NDArray[np.uint8]


class Clock(Protocol):
    """The time; never used by the core."""

    def now(self) -> float:
        """POSIX seconds that never decrease during one run, sleep of the machine included."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait at most this long (s); returns early when the run is being stopped."""
        ...


class Camera(Protocol):
    """Pictures one after the other: a webcam, a file, a stream."""

    @property
    def period_s(self) -> float:
        """The usual time between two pictures (s of the source's own time)."""
        ...

    @property
    def remark(self) -> str | None:
        """What the person must know once it has ended, such as that the file was cut short; None if there is nothing."""
        ...

    def read(self) -> Frame | None:
        """The next picture, or None at the end.  Raises SourceError."""
        ...

    def close(self) -> None:
        """Release the device or file; may be called twice."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """The raw output of the networks for one person in a picture (H, W).

    ``marks`` (33, 5): x and y in shares of the picture, z in picture widths, visibility and presence (0 to 1); ``world`` (33, 3),
    metres from the midpoint of the hips; ``silhouette`` (H, W), the probability of body per pixel.
    """

    marks: NDArray[np.floating]
    world: NDArray[np.floating]
    silhouette: NDArray[np.floating]


class PoseModel(Protocol):
    """Runs the networks on a picture, without plausibility checks."""

    def detect(self, rgb: NDArray[np.uint8], t_ms: int) -> list[Person]:
        """The people in ``rgb`` (H, W, 3), surest first; ``t_ms`` rises from frame to frame of a stream.  Raises EngineError."""
        ...

    def close(self) -> None:
        """Free the networks; may be called twice."""
        ...


class Warp(Protocol):
    """Samples pictures at other places than their pixels'."""

    def crop(self, rgb: NDArray[np.uint8], corners: NDArray[np.float32], size: int, *, replicate: bool) -> NDArray[np.uint8]:
        """The square (size, size, 3) between ``corners`` (4, 2; lower left, then clockwise); outside is its edge, else black."""
        ...

    def spread(self, mask: NDArray[np.floating], matrix: NDArray[np.floating], size: tuple[int, int]) -> NDArray[np.floating]:
        """The mask over a picture of ``size`` (width, height), 0 outside; ``matrix`` (2, 3) leads from the picture to it."""
        ...


class PoseEngine(Protocol):
    """Finds a person in a picture, and accepts it only if the body is plausible."""

    def detect(self, frame: Frame) -> Observation:
        """The observation at ``frame.t``: a pose, or why there is none.  Raises EngineError."""
        ...

    def close(self) -> None:
        """Free the model; may be called twice."""
        ...


class LivePoseEngine(PoseEngine, Protocol):
    """A pose engine for a live camera, which is not run while nothing changes."""

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (POSIX s)."""
        ...


class Source(Protocol):
    """A source of observations in order of time, with run inputs between them: a camera with an engine, or a recorded trace.

    ``say`` receives lines for the person; it is set by the part of the run that has a screen.  ``begins`` is set by the part that
    stores: a source whose first observation may come seconds after its first picture calls it with the time (POSIX s) of that
    picture; for all others the session begins with the first observation.
    """

    say: Callable[[str], None]
    begins: Callable[[float], None]

    @property
    def period_s(self) -> float:
        """The usual time between two observations (s)."""
        ...

    @property
    def mode(self) -> str | None:
        """How the camera is used now, None where there is only one mode."""
        ...

    @property
    def remark(self) -> str | None:
        """A message about the source once it has ended, None if there is none."""
        ...

    def __iter__(self) -> Iterator[Observation | RunInput]: ...


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification: a short title and one or two sentences; ``answers`` if it has buttons."""

    title: str
    body: str
    answers: bool = False


class Notifier(Protocol):
    """Shows a notification."""

    def notify(self, notification: Notification) -> None:
        """Show it without blocking for long, replacing the one before.  Raises NotifyError, which does not end the run."""
        ...

    def withdraw(self) -> None:
        """Withdraw the last one, where that is possible; never fails."""
        ...
