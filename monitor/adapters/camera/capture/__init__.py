"""Live pictures: a webcam by its index, or a network camera by its address (MJPEG, RTSP, HTTP).

Devices and streams buffer, stall and hang.  So one thread owns the device: it opens it, grabs every picture, decodes those that
are due and keeps only the newest.  The reader never gets a stale picture and is never blocked in a call that does not return.
Whether to reopen a lost device is decided by the caller.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from monitor.adapters.camera.capture.http_camera import ANSWER_S, HttpCamera
from monitor.adapters.camera.capture.refusals import name, refusal, silent
from monitor.adapters.camera.capture.rtsp_relay import RtspRelay
from monitor.core.errors import CameraUnavailable, SourceError
from monitor.ports import Clock, Frame

# Media Foundation alone may need 30 s for a slow webcam (opencv/opencv#17687); the others take one or two.
OPEN_S = 30.0
# A device without a picture for this long (s) is lost: 25 pictures at the usual rate, and half of the core's 10 s gap.
STALL_S = 5.0
# How often (s) a waiting reader checks whether it was stopped.
LOOK_S = 0.1
# The driver selects the nearest rate of the camera: a third of the usual bandwidth and heat.
LOW_HZ = 10.0
# Infrared cameras light every second picture: one that is dark (mean, of 255), or half as light as the one before, may be between
# two lit ones, and the next is taken in its place.
UNLIT_BELOW, UNLIT_SHARE, EVERY = 30.0, 0.5, 16
# Failed reads in a row (about 1 s) after which the device was unplugged or the stream has ended.
MISSES = 10

# The interfaces tried for a webcam, best first.  DirectShow opens at once where Media Foundation takes seconds.
INTERFACES = {"linux": ("CAP_V4L2",), "darwin": ("CAP_AVFOUNDATION",), "win32": ("CAP_DSHOW", "CAP_MSMF")}


def _opencv() -> Any:
    """OpenCV with logging off; imported only when a camera is used, because that takes 0.2 s and 60 MB."""
    # FFmpeg's own log level "quiet": it would print addresses, passwords included.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # Otherwise Media Foundation loads every video filter of the system before the first picture.
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
    import cv2

    getattr(cv2.utils, "logging", cv2).setLogLevel(0)  # silent; OpenCV 4 keeps it in cv2 itself
    return cv2


class Device:
    """A camera held by a thread of its own; ``source`` is an index or an address, ``size`` the picture asked of a webcam (W, H).

    Its pictures are turned clockwise by ``turn()`` (0, 90, 180 or 270 deg), which may change.
    640 x 480 is supported by every webcam, does not disturb other video programs, and is more than the pose model needs.  No call
    waits for the device: ``opened``, ``failure`` and pictures become available asynchronously.  ``period_s`` may be changed while
    it runs.
    """

    def __init__(
        self,
        source: int | str,
        clock: Clock,
        *,
        rate_hz: float = 5.0,
        size: tuple[int, int] = (640, 480),
        turn: Callable[[], int] = int,
    ) -> None:
        self.period_s = 1.0 / rate_hz
        self._turn = turn
        self._source, self._clock, self._size = source, clock, size
        self._cv2 = _opencv()
        self._stopping = self._waited = False
        self._light = 0.0
        self._relay: RtspRelay | None = None
        self.failure: SourceError | None = None
        self._opened, self._arrived = threading.Event(), threading.Event()
        self._newest: deque[Frame] = deque(maxlen=1)
        # macOS asks a person for permission only from the main thread; everywhere else opening may hang.
        device = self._open() if sys.platform == "darwin" and isinstance(source, int) else None
        self._thread = threading.Thread(target=self._run, args=(device,), name="camera", daemon=True)
        self._thread.start()

    @property
    def opened(self) -> bool:
        """Whether opening is over, successfully or with a ``failure``."""
        return self._opened.is_set()

    @property
    def ended(self) -> bool:
        """Whether the device was released."""
        return not self._thread.is_alive()

    def take(self, wait_s: float) -> Frame | None:
        """The newest picture not taken before, None if there is none within ``wait_s`` or it was stopped."""
        # Counted in checks, not by a clock: after a sleep of the machine the camera must not count as silent.
        for _ in range(max(1, round(wait_s / LOOK_S))):
            if self._stopping or self._newest:
                break
            self._arrived.wait(LOOK_S)
            self._arrived.clear()
        return self._newest.popleft() if self._newest and not self._stopping else None

    def stop(self) -> None:
        """Make ``read`` return None soon; does not wait, so a signal handler may call it."""
        self._stopping = True

    def close(self) -> None:
        """Stop and release the device; may be called twice."""
        self.stop()
        self._thread.join(STALL_S + 1)  # a read gives up after STALL_S; a device that hangs longer is released by its thread

    def _open(self) -> Any:
        """The cv2.VideoCapture, opened or not."""
        cv2 = self._cv2
        if isinstance(self._source, str):
            return self._over_the_network(self._source)
        device = cv2.VideoCapture()
        for index, interface in product(nodes(self._source), INTERFACES.get(sys.platform, ("CAP_ANY",))):
            if device.open(index, getattr(cv2, interface)):
                break
        device.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
        device.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        if sys.platform == "linux":  # on other systems setting a rate may take seconds, or reject the size
            device.set(cv2.CAP_PROP_FPS, LOW_HZ)
        return device

    def _over_the_network(self, address: str) -> Any:
        """HTTP is read here, RTSP by FFmpeg through a relay; both ask only the host that was named."""
        cv2 = self._cv2
        if address.lower().startswith("http"):
            return HttpCamera(cv2, address, lambda: self.period_s)
        try:
            self._relay = RtspRelay(address)
        except OSError:  # no more descriptors
            return cv2.VideoCapture()
        limits = {cv2.CAP_PROP_OPEN_TIMEOUT_MSEC: ANSWER_S, cv2.CAP_PROP_READ_TIMEOUT_MSEC: STALL_S}
        return cv2.VideoCapture(
            self._relay.address, cv2.CAP_FFMPEG, [n for key, s in limits.items() for n in (key, int(s * 1000))]
        )

    def _upright(self, rgb: Any) -> Any:
        cv2 = self._cv2
        turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
        turn = self._turn()
        return cv2.rotate(rgb, turns[turn]) if turn else rgb

    def _run(self, device: Any) -> None:
        """The main function of the thread: open, grab pictures, release."""
        device = self._open() if device is None else device
        if not device.isOpened():
            self.failure = getattr(device, "failure", None) or refusal(self._source)
        self._opened.set()
        due, misses = self._clock.now(), 0
        while device.isOpened() and not self._stopping and misses < MISSES:
            if device.grab():
                due, misses = self._keep(device, due), 0
            else:
                misses += 1
                time.sleep(LOOK_S)
        device.release()
        if self._relay:
            self._relay.close()
        if not self._stopping and self.failure is None:
            self.failure = CameraUnavailable(silent(self._source))

    def _keep(self, device: Any, due: float) -> float:
        """When the next picture is due (POSIX s), after keeping this one if it was."""
        t = self._clock.now()
        # A quarter of a period early is on time, else a camera of exactly this rate would lose every second picture.
        if t < due - self.period_s / 4:
            return due
        try:
            rgb = self._cv2.cvtColor(device.retrieve()[1], self._cv2.COLOR_BGR2RGB)
        except self._cv2.error:  # a damaged picture; the next one comes at once
            return due
        if self._waits_for_light(rgb):
            return due
        self._newest.append(Frame(t, self._upright(rgb)))
        self._arrived.set()
        return max(due + self.period_s, t + self.period_s / 2)

    def _waits_for_light(self, rgb: Any) -> bool:
        """Whether the next picture is to be taken in the place of this one, which may be between two lit ones."""
        light = float(rgb[::EVERY, ::EVERY].mean())
        self._waited = not self._waited and light < max(UNLIT_BELOW, UNLIT_SHARE * self._light)
        self._light = self._light if self._waited else light
        return self._waited


class Webcam(Device):
    """A camera that is always available, read at ``rate_hz``.

    Raises:
        CameraUnavailable: missing, not allowed, not answering, or too slow to open.  CameraBusy: present, but it cannot be
        opened.
    """

    def __init__(
        self,
        source: int | str,
        clock: Clock,
        *,
        rate_hz: float = 5.0,
        size: tuple[int, int] = (640, 480),
        turn: Callable[[], int] = int,
    ) -> None:
        super().__init__(source, clock, rate_hz=rate_hz, size=size, turn=turn)
        try:
            self._await_opening()
        except BaseException:
            self.close()  # a thread that is still inside OpenCV when Python ends aborts the process
            raise

    @property
    def remark(self) -> None:
        """None: faults of a camera are errors."""

    def read(self) -> Frame | None:
        """The newest picture not read before, waiting until one is due; None once stopped.

        Raises:
            CameraUnavailable: no picture came for ``STALL_S``.
        """
        frame = self.take(STALL_S)
        if frame is None and not self._stopping:
            raise CameraUnavailable(silent(self._source))
        return frame

    def _await_opening(self) -> None:
        """Wait in small steps: on Windows a long wait would block Ctrl-C."""
        if not any(self._opened.wait(LOOK_S) for _ in range(round(OPEN_S / LOOK_S))):
            self.stop()
            raise CameraUnavailable(f"{name(self._source)} did not open within {OPEN_S:.0f} s; unplug it and plug it in again")
        if self.failure:
            raise self.failure


def nodes(index: int, listed: Path = Path("/sys/class/video4linux")) -> tuple[int, ...]:
    """The numbers under which the camera ``index`` may be opened, best first.

    Linux gives a webcam a second number for metadata only, which never opens.
    """
    try:
        own, place = int((listed / f"video{index}/index").read_text()), (listed / f"video{index}/device").resolve()
        others = [path for path in listed.iterdir() if own > 0 and (path / "device").resolve() == place]
        return (index, *(int(path.name[5:]) for path in others if int((path / "index").read_text()) == 0))
    except (OSError, ValueError):  # not Linux, or no such camera
        return (index,)
