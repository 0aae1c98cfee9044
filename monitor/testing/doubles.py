"""Doubles of the ports: a clock, a camera and a notifier under the test's control."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.ports import Frame, Notification
from monitor.testing.scenes import MORNING


@dataclass(slots=True)
class ManualClock:
    """A clock that stands still until it is advanced."""

    t: float = MORNING

    def now(self) -> float:
        """The time it was set to (POSIX s)."""
        return self.t

    def sleep(self, seconds: float) -> None:
        """Advance by that time (s) at once."""
        self.t += max(seconds, 0.0)


@dataclass(slots=True)
class ScriptedCamera:
    """A camera that shows the given frames."""

    frames: Iterator[Frame]
    period_s: float = 0.2
    closed: bool = False
    remark: str | None = None

    def read(self) -> Frame | None:
        """The next frame, None at the end."""
        return None if self.closed else next(self.frames, None)

    def close(self) -> None:
        """Stop."""
        self.closed = True


@dataclass(slots=True)
class RecordingNotifier:
    """Records notifications; raises ``failure`` if there is one."""

    shown: list[Notification] = field(default_factory=list)
    failure: Exception | None = None
    withdrawn: int = 0

    def notify(self, notification: Notification) -> None:
        """Record it, or raise ``failure``."""
        if self.failure:
            raise self.failure
        self.shown.append(notification)

    def withdraw(self) -> None:
        """Count it."""
        self.withdrawn += 1
