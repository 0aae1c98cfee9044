"""Recreates the pose engine when its memory leaks.

Some builds of the pose model's library leak a little memory with every picture (google-ai-edge/mediapipe#5652, #6351), which adds
up over a day.  So the resident memory is measured, and an engine that has grown past a limit is closed and opened again, which
takes 0.2 s.
"""

from collections.abc import Callable

from monitor.core.body.pose import Observation
from monitor.ports import Frame, LivePoseEngine

# The engine's memory settles within its first pictures; then it is measured about once a minute while the picture changes.
LOOK_EVERY = 200
# Growth (MB) that is not a leak: buffers for larger pictures, Python's own pools.
GROWTH_MB = 60.0


class EngineRecycler:
    """A PoseEngine created by ``make``, and created again when ``resident_mb()`` (MB) has grown past the limit."""

    def __init__(self, make: Callable[[], LivePoseEngine], resident_mb: Callable[[], float]) -> None:
        self._make, self._resident_mb = make, resident_mb
        self._engine = make()
        self._count = 0
        self._settled_mb: float | None = None
        self.renewals = 0

    def detect(self, frame: Frame) -> Observation:
        """The observation at ``frame.t``.  Raises EngineError."""
        self._count += 1
        if self._count % LOOK_EVERY == 0 and self._has_grown():
            self._renew()
        return self._engine.detect(frame)

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s)."""
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
        # Memory that remains is not the engine's: it becomes the new baseline, so that the engine is not recreated forever.
        self._count, self._settled_mb = 0, None
        self.renewals += 1
