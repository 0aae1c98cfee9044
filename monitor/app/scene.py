"""What is found out about the scene of a source: which way is up in its pictures, and furniture that looks like a person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from monitor.core.body.orientation import OrientationSense
from monitor.core.body.pose import Observation
from monitor.ports import Frame, LivePoseEngine

AUTO: Literal["auto"] = "auto"
Rotate: TypeAlias = Literal[0, 90, 180, 270, "auto"]
WHOLE_TURN = 360
TURNED = {
    90: "The camera is on its side: its picture is turned by 90 deg from now on.",
    180: "The camera is upside down: its picture is turned by 180 deg from now on.",
    270: "The camera is on its side: its picture is turned by 270 deg from now on.",
}
UPRIGHT = "The camera is upright: its picture is not turned any more."
FURNITURE = "Something that never moves looks like a person, such as a picture on the wall or a coat on a chair; it is ignored."


@dataclass(slots=True)
class Scene:
    """One source's scene: its pictures are turned by ``degrees`` clockwise, at first as ``rotate`` of the settings says.

    ``say`` receives a line for what is found.
    """

    rotate: Rotate = 0
    say: Callable[[str], None] = lambda _line: None
    degrees: int = field(init=False)
    _furniture_named: bool = False

    def __post_init__(self) -> None:
        self.degrees = 0 if self.rotate == AUTO else self.rotate

    def now(self) -> int:
        """The turn at this moment (deg clockwise)."""
        return self.degrees

    def find(self, more: int) -> None:
        """Turn the pictures by ``more`` (deg) from now on, and say so."""
        self.degrees = (self.degrees + more) % WHOLE_TURN
        self.say(f"{TURNED.get(self.degrees, UPRIGHT)} To keep that: posture-monitor settings set camera.rotate {self.degrees}")

    def furnished(self) -> None:
        """Say once that something that looks like a person is none."""
        if not self._furniture_named:
            self._furniture_named = True
            self.say(FURNITURE)


def turning(scene: Scene, make: Callable[[], LivePoseEngine]) -> LivePoseEngine:
    """An engine of ``make``, which with ``auto`` also finds how its source must be turned.  Raises EngineError."""
    return TurningEngine(make, scene) if scene.rotate == AUTO else make()


class TurningEngine:
    """A PoseEngine of ``make`` that turns its source once the bodies in it have lain or hung for seconds.

    Nothing of the pictures before is valid after that, so the engine is made again.
    """

    def __init__(self, make: Callable[[], LivePoseEngine], scene: Scene) -> None:
        self._make, self._scene = make, scene
        self._engine, self._sense = make(), OrientationSense()

    def detect(self, frame: Frame) -> Observation:
        """The observation at ``frame.t``.  Raises EngineError."""
        obs = self._engine.detect(frame)
        if more := self._sense.update(obs):
            self._engine.close()
            self._engine, self._sense = self._make(), OrientationSense()
            self._scene.find(more)
        return obs

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s)."""
        self._engine.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()
