"""A live camera and a pose engine as one source of observations that never ends by itself.

Between the device and the core stand three policies without I/O: manners (hold the camera or let go), attention (is this picture
worth an inference?) and acquaintance (is this the user?).  This module only carries out what they decide, and says in plain words
what a person may want to know.
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

# Without a device there is nothing to do; somebody may want to be heard within a second.
IDLE_S = 1.0
# An open device is waited for at most this long, so that a stalled one does not stop the time.
WAIT_S = 1.0
# Battery and load change slowly.
STRAIN_EVERY_S = 5.0
# A device that hangs in a call is left to its thread after this; another one is opened beside it.
ABANDON_S = 30.0
# Nothing in a round takes as long: the machine slept.  Its camera may wake up as another one, and is opened anew.
SLEPT_S, SLEPT = 30.0, Reason.SLEPT


class LiveDevice(Protocol):
    """A device that opens, fails and delivers in its own time."""

    period_s: float
    failure: SourceError | None

    @property
    def opened(self) -> bool:
        """Whether opening is over."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it was let go."""
        ...

    def take(self, wait_s: float) -> Frame | None:
        """The newest picture, None if there is none within that time."""
        ...

    def stop(self) -> None:
        """Let it go soon; waits for nothing."""
        ...

    def close(self) -> None:
        """Let it go, and wait a little for it."""
        ...


@dataclass(frozen=True, slots=True)
class LiveParts:
    """The parts of a live source: opening a device, the engine, change detection, and whether another program wants the device.

    ``listen()`` starts it and returns ``opened_elsewhere()``; ``background(frame, pose)`` is the registration of the
    background onto the calibration's, None if there is nothing to compare it with.
    """

    open: Callable[[], LiveDevice]
    engine: LivePoseEngine
    glance: Callable[[Frame], FrameChange]
    listen: Callable[[], Callable[[], bool]] = lambda: bool
    background: Callable[[Frame, Pose | None], Registration | None] = lambda _frame, _pose: None


@dataclass(frozen=True, slots=True)
class RunConditions:
    """Run conditions: pause reason, power saving, stop flag, and the duty cycle of the camera under strain.

    ``first_must_open``: a camera that is not there at the very start is an error, not something to wait for.  ``look_s`` is the
    shortest time between two looks that the person allows.
    """

    pause_reason: Callable[[float], str | None] = lambda _t: None
    strain: Callable[[], str | None] = lambda: None
    until: Callable[[], bool] = bool
    duty: Callable[[str | None], DutyCycle] = lambda _strain: STEADY
    first_must_open: bool = True
    look_s: float = USUAL.look_s


class LiveSource:
    """The source; ``say`` hears a line for the person now and then, and may be set by whoever has a screen."""

    def __init__(self, parts: LiveParts, clock: Clock, conditions: RunConditions, limits: Limits | None = None) -> None:
        self._parts, self._clock, self._conditions = parts, clock, conditions
        self._arbiter, self._gate, self._absences = CameraArbiter(limits), InferenceGate(), OutageLog()
        self._comparisons = Comparisons()
        self._device: LiveDevice | None = None
        self._parting: LiveDevice | None = None
        self._parted_at = self._last_t = self._asked_at = float("-inf")
        self._knocked: Callable[[], bool] | None = None
        self._strain: str | None = None
        self._seen_any = False
        self._first: Observation | None = None
        self.say: Callable[[str], None] = lambda _line: None

    @property
    def period_s(self) -> float:
        """The usual time between two looks (s)."""
        return max(USUAL.look_s, self._conditions.look_s)

    @property
    def remark(self) -> None:
        """Nothing: it ends only when it is told to."""

    @property
    def mode(self) -> str:
        """How the camera is used now: ``steady`` or ``interval``, and why sparingly, if so."""
        how = "steady" if self._conditions.duty(self._strain).interval_s is None else "interval"
        return f"{how} {self._strain}" if self._strain else how

    def open(self) -> None:
        """Wait for the first thing seen, with which a session begins.  Raises SourceError if the camera is not there."""
        while self._first is None and not self._conditions.until():
            obs = self._next()
            self._first = None if obs.why in (Reason.CAMERA_STARTING, Reason.NOT_SEEN_TO_MOVE) else obs

    def __iter__(self) -> Iterator[Observation]:
        """Observations until it is over.  Raises SourceError only if the camera was never there, and EngineError."""
        self.open()
        if self._first is not None:
            yield self._first
        while not self._conditions.until():
            yield self._next()

    def close(self) -> None:
        """Let go of the camera and free the engine; may be called twice."""
        if self._device:
            self._device.close()
        self._parts.engine.close()

    def stop(self) -> None:
        """Wake whoever waits for a picture; ``until`` then ends it."""
        if self._device:
            self._device.stop()

    # --- one round -----------------------------------------------------------------------------------------------

    def _next(self) -> Observation:
        frame, event = self._meet()
        look = self._parts.glance(frame) if frame else None
        if look is not None:
            event = event_of(look)
        # A picture is stamped when it is taken, and may be a moment older than the round before.
        before, t = self._last_t, max(self._last_t, frame.t if frame else self._clock.now())
        self._last_t = t
        self._read_strain(t)
        duty = self._conditions.duty(self._strain)
        slept = SLEPT if self._device and t - before > SLEPT_S else None
        order = self._arbiter.step(t, event, self._conditions.pause_reason(t) or slept, duty)
        self._obey(t, order)
        obs = self._observe(Frame(t, frame.rgb), look, order, duty) if frame and look else self._unseen(t, order)
        if absence := self._absences.note(obs):
            self.say(told(absence))
        return obs

    def _meet(self) -> tuple[Frame | None, DeviceEvent]:
        """The newest picture, if there is one, and else what became of the device."""
        if self._device is None:
            self._clock.sleep(IDLE_S)
            return None, DeviceEvent.NOTHING
        frame = self._device.take(WAIT_S)
        if self._device.failure is not None:
            return None, self._failed(self._device.failure)
        if frame is None:
            return None, DeviceEvent.NO_PICTURE if self._device.opened else DeviceEvent.OPENING
        self._seen_any = True
        if self._knocked is None:
            self._knocked = self._parts.listen()
        return (None, DeviceEvent.BUSY) if self._knocked() else (frame, DeviceEvent.PICTURE)

    def _failed(self, failure: SourceError) -> DeviceEvent:
        if isinstance(failure, CameraBusy):
            # Our own thread may still hang in it.
            return DeviceEvent.LOST if self._parting and not self._parting.ended else DeviceEvent.BUSY
        if self._conditions.first_must_open and not self._seen_any:
            raise failure
        return DeviceEvent.LOST

    def _obey(self, t: float, order: CameraDecision) -> None:
        if not order.hold and self._device:
            self._device.stop()
            self._parting, self._parted_at, self._device, self._knocked = self._device, t, None, None
        if order.hold and self._device is None and self._parting_is_over(t):
            self._device = self._parts.open()
        if self._device:
            self._device.period_s = max(self._rhythm.look_s, self._conditions.look_s)

    def _parting_is_over(self, t: float) -> bool:
        return self._parting is None or self._parting.ended or t - self._parted_at > ABANDON_S

    def _observe(self, frame: Frame, look: FrameChange, order: CameraDecision, duty: DutyCycle) -> Observation:
        if not order.use:
            return self._unseen(frame.t, order)
        # Pictures that come seldom are few enough to look at each.
        wanted = self._gate.wants(frame.t, look, self._rhythm) or duty.interval_s is not None
        if not wanted:
            if not look.changed:
                self._parts.engine.stays(frame.t)
            return self._gate.carried_forward(frame.t)
        seen = self._parts.engine.detect(frame)
        self._gate.learn(seen, self._rhythm)
        return self._beside_calibration(frame, seen)

    def _beside_calibration(self, frame: Frame, seen: Observation) -> Observation:
        if not self._comparisons.due(seen.t):
            return seen
        shift = self._parts.background(frame, seen.pose)
        self._comparisons.learn(seen.t, shift)
        return replace(seen, shift=shift)

    def _unseen(self, t: float, order: CameraDecision) -> Observation:
        if order.why is None and self._gate.last is not None:
            return self._gate.carried_forward(t)
        self._gate.forget()
        return Observation(t, None, order.why or Reason.CAMERA_STARTING)

    # --- sparing -------------------------------------------------------------------------------------------------

    @property
    def _rhythm(self) -> SamplingRates:
        return SPARING if self._strain else USUAL

    def _read_strain(self, t: float) -> None:
        if t - self._asked_at < STRAIN_EVERY_S:
            return
        self._asked_at = t
        before, self._strain = self._strain, self._conditions.strain()
        if self._strain != before:
            self.say(f"Looking less often: {reason(self._strain)}." if self._strain else "Looking as often as usual again.")


def told(absence: CameraOutage) -> str:
    """One line for people about a stretch in which the camera could not be used."""
    return f"Nothing was counted for {duration(absence.seconds)}: {reason(absence.why)}."
