"""Calibration with a live camera: pictures and observations in, an interface for the person, the baseline out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from calibration.wizard import ENDED, Phase, Progress, Wizard, WizardCommand
from monitor.core.body.pose import Observation
from monitor.core.posture.baseline import Baseline
from monitor.core.posture.signals import SIGNALS, Signal
from monitor.ports import Camera, Frame, PoseEngine

Picture: TypeAlias = NDArray[np.uint8]
Look: TypeAlias = Callable[[Frame, Observation], None]


class Face(Protocol):
    """The user interface of a calibration; ``hands_free`` if no key can be pressed."""

    @property
    def hands_free(self) -> bool:
        """Whether the calibration has to continue without commands."""
        ...

    def show(self, rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        """The command of the person after showing this progress, None without one; ``rgb`` (H, W, 3) is the picture, if any."""
        ...

    def close(self) -> None:
        """Leave the screen as it was; may be called twice."""
        ...


def watch(camera: Camera, engine: PoseEngine) -> Iterator[tuple[Frame, Observation]]:
    """Every picture of a camera with its observation, until its end."""
    while (frame := camera.read()) is not None:
        yield frame, engine.detect(frame)


def from_camera(
    views: Iterable[tuple[Frame | None, Observation]],
    face: Face,
    signals: Sequence[Signal] = SIGNALS,
    keep: Look = lambda _frame, _obs: None,
) -> Baseline | None:
    """The baseline, or None if the person stopped or the pictures ended first.

    ``keep`` receives the pictures of the first stage's hold, which show the place.

    Raises:
        CalibrationError: hands-free, a required stage failed repeatedly.
    """
    wizard = Wizard(hands_free=face.hands_free, signals=signals)
    lead(views, face, wizard, keep)
    return wizard.baseline


def lead(
    views: Iterable[tuple[Frame | None, Observation]], face: Face, wizard: Wizard, keep: Look = lambda _frame, _obs: None
) -> None:
    """Run the wizard until it or the pictures end; ``keep`` receives the pictures of the first stage's hold.

    Raises CalibrationError as the wizard's ``step``.
    """
    command: WizardCommand | None = None
    try:
        for frame, obs in views:
            progress = wizard.step(obs, command)
            if frame and progress.phase is Phase.HOLD and progress.number == 1:
                keep(frame, obs)
            command = face.show(frame.rgb if frame else None, obs, progress)
            if progress.phase in ENDED:
                break
    finally:
        face.close()
