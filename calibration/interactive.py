"""Calibration before the camera: pictures and observations in, a face for the person, the baseline out."""

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
    """Shows a calibration to a person; ``hands_free`` if nobody can press a key."""

    @property
    def hands_free(self) -> bool:
        """Whether the calibration has to go on by itself."""
        ...

    def show(self, rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        """What the person asked for, after showing them this; ``rgb`` is the picture (H, W, 3), if there is one."""
        ...

    def close(self) -> None:
        """Leave the screen as it was; may be called twice."""
        ...


def watch(camera: Camera, engine: PoseEngine) -> Iterator[tuple[Frame, Observation]]:
    """Every picture of a camera with what was seen in it, until its end."""
    while (frame := camera.read()) is not None:
        yield frame, engine.detect(frame)


def from_camera(
    views: Iterable[tuple[Frame | None, Observation]],
    face: Face,
    signals: Sequence[Signal] = SIGNALS,
    keep: Look = lambda _frame, _obs: None,
) -> Baseline | None:
    """The baseline, or None if the person stopped or the pictures ended first.

    ``keep`` gets the pictures of the first stage that are held: they show the place.

    Raises:
        CalibrationError: nobody can press a key, and a required stage failed again and again.
    """
    wizard = Wizard(hands_free=face.hands_free, signals=signals)
    lead(views, face, wizard, keep)
    return wizard.baseline


def lead(
    views: Iterable[tuple[Frame | None, Observation]], face: Face, wizard: Wizard, keep: Look = lambda _frame, _obs: None
) -> None:
    """Lead a person through what the wizard asks, until it or the pictures end; ``keep`` gets what the first stage holds.

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
