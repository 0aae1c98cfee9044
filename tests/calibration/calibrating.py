"""A calibration as a program, for tests that need a real window or terminal: ``calibrating.py window | terminal | best``.

A drawn person takes the posture of each stage before a grey wall, much faster than life.  Every change of phase, and the
result, is a line on the real standard error, which the live panel leaves alone.
"""

import sys
import time
from collections.abc import Iterator
from itertools import count

import numpy as np

from calibration.console import TerminalFace
from calibration.interactive import Face, Picture, from_camera
from calibration.preview import Window, best_face
from calibration.wizard import Progress, WizardCommand
from monitor.core.body.pose import Observation
from monitor.core.errors import CalibrationError
from monitor.core.posture.baseline import CalibrationStage
from monitor.ports import Frame
from monitor.testing import SIT, STAND, Body

POSTURES = {
    CalibrationStage.SITTING_TALL: SIT,
    CalibrationStage.SITTING_RELAXED: Body(lean=25.0),
    CalibrationStage.STANDING: STAND,
}
FACES = {"window": Window, "terminal": TerminalFace, "best": best_face}


class CheckInRecord:
    """A face that also tells the test where it is."""

    def __init__(self, face: Face) -> None:
        self.face, self.hands_free = face, face.hands_free
        self.stage, self.label = CalibrationStage.SITTING_TALL, ""

    def show(self, rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        command = self.face.show(rgb, obs, progress)
        label = f"{progress.rule.stage} {progress.phase}"
        if label != self.label:
            print(label, file=sys.__stderr__, flush=True)
        self.stage, self.label = progress.rule.stage, label
        return command

    def close(self) -> None:
        self.face.close()

    def views(self) -> Iterator[tuple[Frame, Observation]]:
        wall = np.full((540, 960, 3), 150, np.uint8)
        for i in count():
            yield Frame(i * 0.2, wall), Observation(i * 0.2, POSTURES[self.stage].pose())
            time.sleep(0.005)


def main() -> None:
    face = CheckInRecord(FACES[sys.argv[1]]())
    print(f"face {type(face.face).__name__}", file=sys.__stderr__, flush=True)
    try:
        baseline = from_camera(face.views(), face)
    except CalibrationError as trouble:
        sys.exit(f"trouble {trouble}")
    print("result", *(baseline.stages if baseline else ["none"]), file=sys.__stderr__, flush=True)


if __name__ == "__main__":
    main()
