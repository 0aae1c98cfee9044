"""A pose engine that is made anew when it leaks.

Some builds of the pose model's library keep a little of every picture (google-ai-edge/mediapipe#5652, #6351).  Over a day that is
noticed, so the memory is: what grows past a limit is closed and opened again, which takes a fifth of a second.
"""

from collections.abc import Callable

from monitor.core.body.pose import Observation
from monitor.ports import Frame, LivePoseEngine

# The engine's memory settles within its first pictures; then it is looked at about every minute of lively watching.
LOOK_EVERY = 200
# Growth (MB) that is no leak: buffers for larger pictures, Python's own pools.
GROWTH_MB = 60.0


class EngineRecycler:
    """A PoseEngine made by ``make``, and made again when ``resident_mb()`` has grown past the limit."""

    def __init__(self, make: Callable[[], LivePoseEngine], resident_mb: Callable[[], float]) -> None:
        self._make, self._resident_mb = make, resident_mb
        self._engine = make()
        self._count = 0
        self._settled_mb: float | None = None
        self.renewals = 0

    def detect(self, frame: Frame) -> Observation:
        """What is seen at ``frame.t``.  Raises EngineError."""
        self._count += 1
        if self._count % LOOK_EVERY == 0 and self._has_grown():
            self._renew()
        return self._engine.detect(frame)

    def stays(self, t: float) -> None:
        """Nothing has changed up to ``t`` (s)."""
        self._engine.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()

    def _has_grown(self) -> bool:
        now_mb = self._resident_mb()
        if self._settled_mb is None:
            self._settled_mb = now_mb
        return now_mb - self._settled_mb > GROWTH_MB

    def _renew(self) -> None:
        self._engine.close()
        self._engine = self._make()
        # Whatever is left after this is not the engine's: it becomes the new level, and nothing is renewed in a circle.
        self._count, self._settled_mb = 0, None
        self.renewals += 1
