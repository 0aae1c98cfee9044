"""A live camera and a pose engine as one source of observations that does not end by itself.

The decisions are made by policies without I/O: ``CameraArbiter`` (hold or release the device), ``InferenceGate`` (run the pose
model on this frame or not), ``Comparisons`` (when to compare the background).  This module carries them out, and reports outages
and changes of the sampling rate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from monitor.core.body.pose import Observation, Pose, Registration
from monitor.core.camera.arbitration import (
    STEADY,
    CameraArbiter,
    CameraDecision,
    CameraOutage,
    DeviceEvent,
    DutyCycle,
    Limits,
    OutageLog,
    event_of,
)
from monitor.core.camera.inference_gate import SPARING, USUAL, FrameChange, InferenceGate, SamplingRates
from monitor.core.camera.registration import Comparisons
from monitor.core.errors import CameraBusy, SourceError
from monitor.core.vocabulary import Reason
from monitor.ports import Clock, Frame, LivePoseEngine
from monitor.texts.catalogue import reason
from monitor.texts.reminders import duration

# Poll interval (s) without a device: commands take effect within a second.
IDLE_S = 1.0
# The longest wait (s) for a picture of an open device, so that observations continue while it stalls.
WAIT_S = 1.0
# Battery and load change slowly.
STRAIN_EVERY_S = 5.0
# A device that hangs in a call is left to its thread after this time (s), and another one is opened.
ABANDON_S = 30.0
# Each one that hangs keeps a thread and its descriptors; with this many, no other is opened until one of them returns.
MOST_HANGING = 3
# A round that takes longer (s) means that the machine slept.  The camera may come back as another device, so it is reopened.
SLEPT_S, SLEPT = 30.0, Reason.SLEPT


class LiveDevice(Protocol):
    """A camera device that opens, fails and delivers asynchronously."""

    period_s: float
    failure: SourceError | None

    @property
    def opened(self) -> bool:
        """Whether opening is over."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it was released."""
        ...

    def take(self, wait_s: float) -> Frame | None:
        """The newest picture, None if there is none within that time."""
        ...

    def stop(self) -> None:
        """Release it soon; does not wait."""
        ...

    def close(self) -> None:
        """Release it, and wait a short time for that."""
        ...


@dataclass(frozen=True, slots=True)
class LiveParts:
    """The parts of a live source: device, engine, change detection, device watch and background registration.

    ``listen()`` starts the device watch and returns ``opened_elsewhere()``, whether another program has opened the device since;
    ``background(frame, pose)`` is the registration of the background onto the calibration's, None if there is nothing to compare
    it with.
    """

    open: Callable[[], LiveDevice]
    engine: LivePoseEngine
    detect_change: Callable[[Frame], FrameChange]
    listen: Callable[[], Callable[[], bool]] = lambda: bool
    background: Callable[[Frame, Pose | None], Registration | None] = lambda _frame, _pose: None


@dataclass(frozen=True, slots=True)
class RunConditions:
    """Run conditions: pause reason, power saving, stop flag, and the duty cycle of the camera while saving.

    ``first_must_open``: a camera that is missing at the start is an error instead of an outage.  ``frame_s`` is the shortest time
    (s) between two frames by the settings.
    """

    pause_reason: Callable[[float], str | None] = lambda _t: None
    strain: Callable[[], str | None] = lambda: None
    until: Callable[[], bool] = bool
    duty: Callable[[str | None], DutyCycle] = lambda _strain: STEADY
    first_must_open: bool = True
    frame_s: float = USUAL.frame_s


class LiveSource:
    """The live source; ``say`` receives lines for the person, and is set by the part of the run that has a screen."""

    def __init__(self, parts: LiveParts, clock: Clock, conditions: RunConditions, limits: Limits | None = None) -> None:
        self._parts, self._clock, self._conditions = parts, clock, conditions
        self._arbiter, self._gate, self._outages = CameraArbiter(limits), InferenceGate(), OutageLog()
        self._comparisons = Comparisons()
        self._device: LiveDevice | None = None
        self._releasing: list[LiveDevice] = []
        self._released_at = self._last_t = self._strain_read_at = float("-inf")
        self._opened_elsewhere: Callable[[], bool] | None = None
        self._strain: str | None = None
        self._has_delivered = False
        self._first: Observation | None = None
        self.say: Callable[[str], None] = lambda _line: None
        self.begins: Callable[[float], None] = lambda _t: None

    @property
    def period_s(self) -> float:
        """The usual time between two frames (s)."""
        return max(USUAL.frame_s, self._conditions.frame_s)

    @property
    def remark(self) -> None:
        """None: a live source ends only when it is stopped."""

    @property
    def mode(self) -> str:
        """How the camera is used now: ``steady`` or ``interval``, followed by the reason code of power saving, if any."""
        how = "steady" if self._conditions.duty(self._strain).interval_s is None else "interval"
        return f"{how} {self._strain}" if self._strain else how

    def open(self) -> None:
        """Wait for the first picture, which begins a session, or for why there is none.  Raises SourceError without a camera."""
        while self._first is None and not self._conditions.until():
            obs = self._next()
            self._first = obs if self._has_delivered or obs.why != Reason.CAMERA_STARTING else None

    def __iter__(self) -> Iterator[Observation]:
        """Observations until the run is stopped.  Raises SourceError only if the camera never delivered, and EngineError."""
        self.open()
        if self._first is not None:
            yield self._first
        while not self._conditions.until():
            yield self._next()

    def close(self) -> None:
        """Release the camera and free the engine; may be called twice."""
        if self._device:
            self._device.close()
        self._parts.engine.close()

    def stop(self) -> None:
        """End the wait for a picture; ``until`` then ends the source."""
        if self._device:
            self._device.stop()

    # --- one round -----------------------------------------------------------------------------------------------

    def _next(self) -> Observation:
        frame, event = self._poll_device()
        change = self._parts.detect_change(frame) if frame else None
        if change is not None:
            event = event_of(change)
        # A picture is stamped when it is taken, and may be slightly older than the previous round.
        before, t = self._last_t, max(self._last_t, frame.t if frame else self._clock.now())
        self._last_t = t
        self._read_strain(t)
        duty = self._conditions.duty(self._strain)
        slept = SLEPT if self._device and t - before > SLEPT_S else None
        decision = self._arbiter.step(t, event, self._conditions.pause_reason(t) or slept, duty)
        self._apply(t, decision)
        obs = self._observe(Frame(t, frame.rgb), change, decision, duty) if frame and change else self._unseen(t, decision)
        if outage := self._outages.note(obs):
            self.say(outage_line(outage))
        return obs

    def _poll_device(self) -> tuple[Frame | None, DeviceEvent]:
        """The newest picture, None without one, and the device event."""
        if self._device is None:
            if self._last_t > float("-inf"):  # the first device is opened at once
                self._clock.sleep(IDLE_S)
            return None, DeviceEvent.NOTHING
        frame = self._device.take(WAIT_S)
        if self._device.failure is not None:
            return None, self._failed(self._device.failure)
        if frame is None:
            return None, DeviceEvent.NO_PICTURE if self._device.opened else DeviceEvent.OPENING
        self._has_delivered = True
        if self._opened_elsewhere is None:
            self._opened_elsewhere = self._parts.listen()
        return (None, DeviceEvent.BUSY) if self._opened_elsewhere() else (frame, DeviceEvent.PICTURE)

    def _failed(self, failure: SourceError) -> DeviceEvent:
        if isinstance(failure, CameraBusy):
            # Our own abandoned thread may still hold it.
            return DeviceEvent.LOST if self._hanging() else DeviceEvent.BUSY
        if self._conditions.first_must_open and not self._has_delivered:
            raise failure
        return DeviceEvent.LOST

    def _apply(self, t: float, decision: CameraDecision) -> None:
        if not decision.hold and self._device:
            self._device.stop()
            self._releasing.append(self._device)
            self._released_at, self._device, self._opened_elsewhere = t, None, None
        if decision.hold and self._device is None and self._released(t):
            self._device = self._parts.open()
        if self._device:
            self._device.period_s = max(self._rates.frame_s, self._conditions.frame_s)

    def _hanging(self) -> int:
        """The number of released devices whose threads have not ended."""
        self._releasing = [device for device in self._releasing if not device.ended]
        return len(self._releasing)

    def _released(self, t: float) -> bool:
        return not self._hanging() or (t - self._released_at > ABANDON_S and self._hanging() < MOST_HANGING)

    def _observe(self, frame: Frame, change: FrameChange, decision: CameraDecision, duty: DutyCycle) -> Observation:
        if not decision.use:
            return self._unseen(frame.t, decision)
        # In interval mode every picture is analysed.
        analyse = self._gate.wants(frame.t, change, self._rates) or duty.interval_s is not None
        if not analyse:
            if not change.changed:
                self._parts.engine.stays(frame.t)
            return self._gate.carried_forward(frame.t)
        obs = self._parts.engine.detect(frame)
        self._gate.learn(obs, self._rates)
        return self._with_shift(frame, obs)

    def _with_shift(self, frame: Frame, obs: Observation) -> Observation:
        if not self._comparisons.due(obs.t):
            return obs
        shift = self._parts.background(frame, obs.pose)
        self._comparisons.learn(obs.t, shift)
        return replace(obs, shift=shift)

    def _unseen(self, t: float, decision: CameraDecision) -> Observation:
        if decision.why is None and self._gate.last is not None:
            return self._gate.carried_forward(t)
        self._gate.forget()
        return Observation(t, None, decision.why or Reason.CAMERA_STARTING)

    # --- power saving --------------------------------------------------------------------------------------------

    @property
    def _rates(self) -> SamplingRates:
        return SPARING if self._strain else USUAL

    def _read_strain(self, t: float) -> None:
        if t - self._strain_read_at < STRAIN_EVERY_S:
            return
        self._strain_read_at = t
        before, self._strain = self._strain, self._conditions.strain()
        if self._strain != before:
            self.say(f"Looking less often: {reason(self._strain)}." if self._strain else "Looking as often as usual again.")


def outage_line(outage: CameraOutage) -> str:
    """One line for people about an outage of the camera."""
    return f"Nothing was counted for {duration(outage.seconds)}: {reason(outage.why)}."
