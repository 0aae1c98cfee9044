"""When to hold the camera and when to let go of it: a guest's manners, as a state machine without a camera.

It is told what was met (a picture, silence, a refusal) and why not to look now, if so; it answers whether the device should be
held and what to call the time in which nothing is seen.  It never ends: what is lost is tried again, at bounded intervals.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.body.pose import Observation
from monitor.core.camera.inference_gate import FrameChange
from monitor.core.vocabulary import Reason


class DeviceEvent(StrEnum):
    """What became of the device since the last step."""

    NOTHING = "nothing"  # it is not held
    OPENING = "opening"
    QUIET = "quiet"  # open, no new picture
    PICTURE = "picture"
    SAME = "same"  # a picture in which not one pixel differs from the last
    BLACK = "black"
    TAKEN = "taken"  # another program has it
    LOST = "lost"  # not there, or gone


@dataclass(frozen=True, slots=True)
class DutyCycle:
    """How the camera is used: ``interval_s`` None keeps it open, else it is opened that often for ``looks`` pictures."""

    interval_s: float | None = None
    looks: int = 2


STEADY = DutyCycle()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long (s) each kind of trouble is watched before the device is let go, and what a webcam needs to adjust itself."""

    # As the camera's own: Media Foundation may need 30 s to open, and 5 s without a picture is lost.
    opening_s: float = 30.0
    silent_s: float = 5.0
    # A compressed stream may repeat a still picture until its next key frame: at most 10 s in common cameras.
    frozen_s: float = 20.0
    # Exposure and white balance settle within about a second.
    warm_s: float = 1.0


@dataclass(frozen=True, slots=True)
class CameraDecision:
    """Whether to hold the device now, whether this picture is for use, and else ``why`` not (None: what was seen stands)."""

    hold: bool
    use: bool = False
    why: str | None = None


# (first pause, longest pause) before the next try, in s.  Whoever plugs a camera in again is seen within 5 s; a call that took
# the camera is not disturbed by somebody knocking all the time.
BACK_OFF: Mapping[str, tuple[float, float]] = {
    Reason.BUSY: (5.0, 30.0),
    Reason.CAMERA_GONE: (1.0, 2.0),
    Reason.CAMERA_SILENT: (1.0, 2.0),
    Reason.CAMERA_FROZEN: (1.0, 30.0),
}
# Pictures for this long, and the trouble is over.
WELL_AFTER_S = 30.0


class CameraArbiter:
    """Decides for one device; ``step`` in order of time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._trouble: str | None = None
        self._tries = 0
        self._free_at = -math.inf  # not held before
        self._since: dict[DeviceEvent, float] = {}
        self._opened_at: float | None = None  # the first picture of this opening
        self._used = 0

    def step(self, t: float, met: DeviceEvent, why_not: str | None = None, duty: DutyCycle = STEADY) -> CameraDecision:
        """What to do at ``t`` (s) after meeting this."""
        if why_not is not None:
            self._release()
            self._trouble, self._tries, self._free_at = None, 0, t
            return CameraDecision(hold=False, why=why_not)
        if trouble := self._trouble_in(t, met):
            self._give_up(t, trouble)
        if t < self._free_at:
            return CameraDecision(hold=False, why=self._trouble)
        return self._look(t, met, duty)

    def _look(self, t: float, met: DeviceEvent, duty: DutyCycle) -> CameraDecision:
        if met not in (DeviceEvent.PICTURE, DeviceEvent.SAME, DeviceEvent.BLACK):
            return CameraDecision(hold=True, why=self._waiting(duty))
        first = self._opened_at = t if self._opened_at is None else self._opened_at
        if t - first < self._limits.warm_s:
            return CameraDecision(hold=True, why=self._waiting(duty))
        if t - first >= WELL_AFTER_S or duty.interval_s is not None:
            self._tries = 0
        self._trouble = Reason.LENS_COVERED if met is DeviceEvent.BLACK else None
        self._used += 1
        hold = duty.interval_s is None or self._used < duty.looks
        if not hold:
            self._release()
            self._free_at = t + (duty.interval_s or 0.0)
        return CameraDecision(hold, use=met is not DeviceEvent.BLACK, why=self._trouble)

    def _waiting(self, duty: DutyCycle) -> str | None:
        """What to call the time until a picture: trouble goes on; between two looks of an interval the last one stands."""
        if self._trouble or duty.interval_s is not None or self._used:
            return self._trouble
        return Reason.CAMERA_STARTING

    def _trouble_in(self, t: float, met: DeviceEvent) -> str | None:
        if met in _REFUSALS:
            return _REFUSALS[met]
        # A stream that stutters while its picture is frozen is frozen all the same.
        self._since = {
            m: since for m, since in self._since.items() if m is met or (m is DeviceEvent.SAME and met is DeviceEvent.QUIET)
        }
        limits = self._limits
        table = {
            DeviceEvent.OPENING: (limits.opening_s, Reason.CAMERA_SILENT),
            DeviceEvent.QUIET: (limits.silent_s, Reason.CAMERA_SILENT),
            DeviceEvent.SAME: (limits.frozen_s, Reason.CAMERA_FROZEN),
        }
        longest, trouble = table.get(met, (math.inf, ""))
        return trouble if t - self._since.setdefault(met, t) > longest else None

    def _give_up(self, t: float, trouble: str) -> None:
        first, longest = BACK_OFF[trouble]
        self._release()
        self._free_at = t + min(first * 2**self._tries, longest)
        self._tries, self._trouble = min(self._tries + 1, 10), trouble

    def _release(self) -> None:
        self._since, self._opened_at, self._used = {}, None, 0


_REFUSALS: Mapping[DeviceEvent, str] = {DeviceEvent.TAKEN: Reason.BUSY, DeviceEvent.LOST: Reason.CAMERA_GONE}


@dataclass(frozen=True, slots=True)
class CameraOutage:
    """A stretch of time in which the camera could not be used, and why."""

    why: str
    start: float  # POSIX s
    end: float

    @property
    def seconds(self) -> float:
        """Its length (s)."""
        return self.end - self.start


# Shorter ones are nobody's business [E].
WORTH_TELLING_S = 30.0
# A call is told by the reminders, which wait until it is over (``monitor.core.reminders.deferred``).
_TOLD = frozenset({Reason.CAMERA_GONE, Reason.CAMERA_SILENT, Reason.CAMERA_FROZEN, Reason.LENS_COVERED})


class OutageLog:
    """Notes when the camera could not be used, and hands each stretch out once when it is over."""

    def __init__(self) -> None:
        self._why: str | None = None
        self._start = 0.0

    def note(self, obs: Observation) -> CameraOutage | None:
        """The stretch that this observation ends, if it is worth telling."""
        why = obs.why if obs.pose is None and obs.why in _TOLD else None
        if why is None and obs.pose is None and obs.why == Reason.CAMERA_STARTING:
            return None
        before, start = self._why, self._start
        if why != before:
            self._why, self._start = why, obs.t
        if before is None or why == before or obs.t - start < WORTH_TELLING_S:
            return None
        return CameraOutage(before, start, obs.t)


def met_in(look: FrameChange) -> DeviceEvent:
    """What a picture is, by its cheap look: alive, all the same, or black.  A dark room is no black picture: it has contrast."""
    if look.light < BLACK_BELOW and look.contrast < EVEN_BELOW:
        return DeviceEvent.BLACK
    return DeviceEvent.SAME if look.same else DeviceEvent.PICTURE


# Of 255.  A shutter or a cap leaves the sensor's own noise, 1 to 3; the darkest room in which a person is found has a mean of 6.
BLACK_BELOW, EVEN_BELOW = 20.0, 4.0
