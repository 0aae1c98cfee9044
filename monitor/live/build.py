"""Composition of a live source: camera device, pose engine, and the policies for sharing the camera."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from monitor.adapters.camera.capture import Device
from monitor.adapters.camera.device_watch import listen
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.resident_memory import resident_mb
from monitor.adapters.vision.background_registration import compare, remember
from monitor.adapters.vision.change_detection import ChangeDetector
from monitor.adapters.vision.presence import PresenceCheck
from monitor.adapters.vision.user_crop import UserCrop
from monitor.app.composition import device_of, landmarker
from monitor.app.home import Home, WatchOptions
from monitor.app.scene import Scene, turning
from monitor.config import CameraSettings
from monitor.core.body.pose import Pose, Registration
from monitor.core.camera.arbitration import STEADY, DutyCycle
from monitor.core.camera.inference_gate import USUAL
from monitor.core.camera.registration import BackgroundFeatures
from monitor.core.vocabulary import Reason
from monitor.live.engine_recycler import EngineRecycler
from monitor.live.source import LiveParts, LiveSource, RunConditions
from monitor.ports import Frame, LivePoseEngine


def live_source(home: Home, what: WatchOptions, clock: SystemClock, conditions: RunConditions) -> LiveSource:
    """A live source that shares the camera, limits inference, and does not end by itself.  Raises SourceError, EngineError."""
    settings, device = home.settings.camera, device_of(home, what.source)
    size = (settings.width, settings.height)
    scene = Scene(settings.rotate, lambda line: source.say(line))  # noqa: PLW0108  # it is set later
    watch = partial(listen, Path(f"/dev/video{device}")) if isinstance(device, int) else lambda: bool
    opening = partial(Device, device, clock, rate_hz=settings.rate_hz, size=size, turn=scene.now)
    parts = LiveParts(
        opening,
        turning(scene, partial(_user_engine, what, scene)),
        ChangeDetector().compare,
        watch,
        partial(_registration, what.backdrop),
    )
    source = LiveSource(parts, clock, replace(conditions, duty=partial(duty_of, settings), frame_s=1 / settings.rate_hz))
    return source


def _user_engine(what: WatchOptions, scene: Scene) -> LivePoseEngine:
    renewed = EngineRecycler(partial(landmarker, what.model, USUAL.frame_s), resident_mb)
    return PresenceCheck(UserCrop(renewed, what.shoulder_width), scene.furnished)


def _registration(backdrop: BackgroundFeatures | None, frame: Frame, pose: Pose | None) -> Registration | None:
    return compare(backdrop, remember(frame, pose)) if backdrop is not None else None


def duty_of(settings: CameraSettings, strained: str | None) -> DutyCycle:
    """The duty cycle by the settings; with mode ``auto`` intervals are used on battery only."""
    use_intervals = settings.mode == "interval" or (settings.mode == "auto" and strained == Reason.BATTERY)
    return DutyCycle(settings.interval_s) if use_intervals else STEADY
