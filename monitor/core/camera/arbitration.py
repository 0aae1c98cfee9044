"""Camera arbitration: when to hold the device and when to release it for other programs, as a state machine without a device.

Inputs are the device event since the last step (a picture, silence, a refusal) and the reason to pause, if there is one; the
output is whether to hold the device, and the reason code for the time without pictures.  It never ends: a lost device is retried
at bounded intervals.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.body.pose import Observation
from monitor.core.camera.inference_gate import FrameChange
from monitor.core.vocabulary import Reason


class DeviceEvent(StrEnum):
    """What happened at the device since the last step."""

    NOTHING = "nothing"  # it is not held
    OPENING = "opening"
    NO_PICTURE = "no_picture"  # open, no new picture
    PICTURE = "picture"
    SAME = "same"  # a picture identical to the last in every pixel
    BLACK = "black"
    BUSY = "busy"  # another program holds it
    LOST = "lost"  # not connected, or disconnected


@dataclass(frozen=True, slots=True)
class DutyCycle:
    """How the camera is used: ``interval_s`` (s) None keeps it open, else it is opened that often for ``pictures`` pictures."""

    interval_s: float | None = None
    pictures: int = 2


STEADY = DutyCycle()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long (s) each fault must last before the device is released, and how long a webcam needs to adjust exposure."""

    # As in the capture adapter: Media Foundation may need 30 s to open, and 5 s without a picture is a lost camera.
    opening_s: float = 30.0
    silent_s: float = 5.0
    # A compressed stream may repeat a still picture until its next key frame: at most 10 s in common cameras.
    frozen_s: float = 20.0
    # Exposure and white balance settle within about a second.
    warm_s: float = 1.0


@dataclass(frozen=True, slots=True)
class CameraDecision:
    """Whether to hold the device now, whether to use this picture, and else ``why`` not (None: the last observation holds)."""

    hold: bool
    use: bool = False
    why: str | None = None


# (first, longest) delay before the next attempt, in s.  A camera that is plugged in again is found within 5 s; a call that took
# the camera is not disturbed by constant attempts to open it.
BACK_OFF: Mapping[str, tuple[float, float]] = {
    Reason.BUSY: (5.0, 30.0),
    Reason.CAMERA_GONE: (1.0, 2.0),
    Reason.CAMERA_SILENT: (1.0, 2.0),
    Reason.CAMERA_FROZEN: (1.0, 30.0),
}
# After pictures for this long (s) a fault is over.
WELL_AFTER_S = 30.0


class CameraArbiter:
    """The arbiter of one device; call ``step`` in order of time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._fault: str | None = None
        self._tries = 0
        self._free_at = -math.inf  # not held before
        self._since: dict[DeviceEvent, float] = {}
        self._opened_at: float | None = None  # the first picture of this opening
        self._used = 0

    def step(self, t: float, event: DeviceEvent, pause: str | None = None, duty: DutyCycle = STEADY) -> CameraDecision:
        """The decision at ``t`` (s) after this device event."""
        if pause is not None:
            self._release()
            self._fault, self._tries, self._free_at = None, 0, t
            return CameraDecision(hold=False, why=pause)
        if fault := self._fault_after(t, event):
            self._back_off(t, fault)
        if t < self._free_at:
            return CameraDecision(hold=False, why=self._fault)
        return self._watch(t, event, duty)

    def _watch(self, t: float, event: DeviceEvent, duty: DutyCycle) -> CameraDecision:
        if event not in (DeviceEvent.PICTURE, DeviceEvent.SAME, DeviceEvent.BLACK):
            return CameraDecision(hold=True, why=self._waiting(duty))
        first = self._opened_at = t if self._opened_at is None else self._opened_at
        if t - first < self._limits.warm_s:
            return CameraDecision(hold=True, why=self._waiting(duty))
        if t - first >= WELL_AFTER_S or duty.interval_s is not None:
            self._tries = 0
        self._fault = Reason.LENS_COVERED if event is DeviceEvent.BLACK else None
        self._used += 1
        hold = duty.interval_s is None or self._used < duty.pictures
        if not hold:
            self._release()
            self._free_at = t + (duty.interval_s or 0.0)
        return CameraDecision(hold, use=event is not DeviceEvent.BLACK, why=self._fault)

    def _waiting(self, duty: DutyCycle) -> str | None:
        """The reason code until the next picture: a fault continues; between two samples of an interval it is None."""
        if self._fault or duty.interval_s is not None or self._used:
            return self._fault
        return Reason.CAMERA_STARTING

    def _fault_after(self, t: float, event: DeviceEvent) -> str | None:
        if event in _REFUSALS:
            return _REFUSALS[event]
        # A stream that stutters while its picture is frozen still counts as frozen.
        self._since = {
            m: since
            for m, since in self._since.items()
            if m is event or (m is DeviceEvent.SAME and event is DeviceEvent.NO_PICTURE)
        }
        limits = self._limits
        table = {
            DeviceEvent.OPENING: (limits.opening_s, Reason.CAMERA_SILENT),
            DeviceEvent.NO_PICTURE: (limits.silent_s, Reason.CAMERA_SILENT),
            DeviceEvent.SAME: (limits.frozen_s, Reason.CAMERA_FROZEN),
        }
        longest, fault = table.get(event, (math.inf, ""))
        return fault if t - self._since.setdefault(event, t) > longest else None

    def _back_off(self, t: float, fault: str) -> None:
        first, longest = BACK_OFF[fault]
        self._release()
        self._free_at = t + min(first * 2**self._tries, longest)
        self._tries, self._fault = min(self._tries + 1, 10), fault

    def _release(self) -> None:
        self._since, self._opened_at, self._used = {}, None, 0


_REFUSALS: Mapping[DeviceEvent, str] = {DeviceEvent.BUSY: Reason.BUSY, DeviceEvent.LOST: Reason.CAMERA_GONE}


@dataclass(frozen=True, slots=True)
class CameraOutage:
    """A period in which the camera could not be used, and why."""

    why: str
    start: float  # POSIX s
    end: float

    @property
    def seconds(self) -> float:
        """The length (s)."""
        return self.end - self.start


# Shorter outages are not reported [E].
MIN_REPORTED_S = 30.0
# A call is reported by the reminders, which wait until it is over (``monitor.core.reminders.deferred``).
_REPORTED = frozenset({Reason.CAMERA_GONE, Reason.CAMERA_SILENT, Reason.CAMERA_FROZEN, Reason.LENS_COVERED})


class OutageLog:
    """Tracks when the camera could not be used, and returns each outage once when it is over."""

    def __init__(self) -> None:
        self._why: str | None = None
        self._start = 0.0

    def note(self, obs: Observation) -> CameraOutage | None:
        """The outage that this observation ends, None if there is none or it was too short."""
        why = obs.why if obs.pose is None and obs.why in _REPORTED else None
        if why is None and obs.pose is None and obs.why == Reason.CAMERA_STARTING:
            return None
        before, start = self._why, self._start
        if why != before:
            self._why, self._start = why, obs.t
        if before is None or why == before or obs.t - start < MIN_REPORTED_S:
            return None
        return CameraOutage(before, start, obs.t)


def event_of(change: FrameChange) -> DeviceEvent:
    """The device event of a picture, from its frame difference: live, frozen or black.

    A dark room is not black: it has contrast.
    """
    if change.light < BLACK_BELOW and change.contrast < EVEN_BELOW:
        return DeviceEvent.BLACK
    return DeviceEvent.SAME if change.same else DeviceEvent.PICTURE


# Of 255. A shutter or a cap leaves sensor noise of 1 to 3; the darkest room in which a person is found has a mean of 6.
BLACK_BELOW, EVEN_BELOW = 20.0, 4.0
