"""By how much the pictures of a source are turned: as the settings say, or with ``auto`` as its bodies show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from monitor.core.body.orientation import OrientationSense
from monitor.core.body.pose import Observation
from monitor.ports import Frame, LivePoseEngine

AUTO: Literal["auto"] = "auto"
Rotate: TypeAlias = Literal[0, 90, 180, 270, "auto"]
WHOLE_TURN = 360


@dataclass(slots=True)
class PictureTurn:
    """The turn (``degrees`` clockwise) of one source's pictures; ``say`` receives a line when it was found."""

    setting: Rotate = 0
    say: Callable[[str], None] = lambda _line: None
    degrees: int = field(init=False)

    def __post_init__(self) -> None:
        self.degrees = 0 if self.setting == AUTO else self.setting

    def now(self) -> int:
        """The turn at this moment (deg clockwise)."""
        return self.degrees

    def find(self, more: int) -> None:
        """Turn the pictures by ``more`` (deg) from now on, and say so."""
        self.degrees = (self.degrees + more) % WHOLE_TURN
        self.say(f"The picture was turned: it is turned by {self.degrees} deg now (camera.rotate = {self.degrees} keeps that).")


def turning(turn: PictureTurn, make: Callable[[], LivePoseEngine]) -> LivePoseEngine:
    """An engine of ``make``, which with ``auto`` also finds how its source must be turned.  Raises EngineError."""
    return TurningEngine(make, turn) if turn.setting == AUTO else make()


class TurningEngine:
    """A PoseEngine of ``make`` that turns its source once the bodies in it have lain or hung for seconds.

    Nothing of the pictures before is valid after that, so the engine is made again.
    """

    def __init__(self, make: Callable[[], LivePoseEngine], turn: PictureTurn) -> None:
        self._make, self._turn = make, turn
        self._engine, self._sense = make(), OrientationSense()

    def detect(self, frame: Frame) -> Observation:
        """The observation at ``frame.t``.  Raises EngineError."""
        obs = self._engine.detect(frame)
        if more := self._sense.update(obs):
            self._engine.close()
            self._engine, self._sense = self._make(), OrientationSense()
            self._turn.find(more)
        return obs

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s)."""
        self._engine.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()
