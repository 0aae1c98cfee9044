"""A calibration led from a browser: the camera is watched in a thread, the pages ask what to show and hand commands back.

A monitor that runs lets the camera go for as long as it takes, and goes on afterwards, also after a failure.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from calibration.cli import Place, view_of_stages
from calibration.interactive import Picture, from_camera, watch
from calibration.wizard import Progress, WizardCommand
from monitor.adapters import profiles
from monitor.adapters.profiles import Profile
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.app import composition, queries, remote
from monitor.app.home import Home, PoseModelFile, WatchOptions
from monitor.app.scene import Scene
from monitor.core.body.pose import Observation
from monitor.core.camera.source_name import shown
from monitor.core.errors import MonitorError, SourceError
from monitor.core.posture.baseline import Baseline
from monitor.ports import Camera

# A calibration takes five minutes; who is called away in the middle is not left unwatched for the day.
PAUSE_S = 1800.0
FREE_WITHIN_S, AGAIN_S = 20.0, 0.5
# A page that was closed in the middle must not keep the camera.
LEFT_AFTER_S = 60.0


class RunState(StrEnum):
    """Where a calibration in the browser is."""

    WAITING = "waiting"
    GUIDING = "guiding"
    KEPT = "kept"
    STOPPED = "stopped"
    FAILED = "failed"


ENDED = frozenset({RunState.KEPT, RunState.STOPPED, RunState.FAILED})


@dataclass(slots=True)
class BrowserFace:
    """The face of a calibration that a page shows: what was seen last, and the command that waits to be taken."""

    hands_free: bool = False
    _seen: tuple[Observation, Progress] | None = None
    _looked: float = field(default_factory=time.monotonic)
    stopped: threading.Event = field(default_factory=threading.Event)
    _command: WizardCommand | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, _rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        """The command that the page sent, once; to quit where nobody has looked for long."""
        with self._lock:
            self._seen = (obs, progress)
            command, self._command = self._command, None
            left = time.monotonic() - self._looked > LEFT_AFTER_S
        return WizardCommand.QUIT if left or self.stopped.is_set() else command

    def current(self) -> tuple[Observation, Progress] | None:
        """What was seen last, for a page that is open."""
        with self._lock:
            self._looked = time.monotonic()
            return self._seen

    def ask(self, command: WizardCommand) -> None:
        """Hand over a command of the page."""
        with self._lock:
            self._command = command

    def close(self) -> None:
        """Nothing is left on a screen."""


@dataclass(slots=True)
class BrowserRun:
    """One calibration of the profile ``name`` from ``source``; ``state`` and ``words`` are what the page shows."""

    home: Home
    source: str
    name: str
    face: BrowserFace = field(default_factory=BrowserFace)
    state: RunState = RunState.WAITING
    words: str = "Waiting for the camera."
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, beside the pages."""
        self._thread = threading.Thread(target=self._run, name="calibration", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End without keeping anything, and wait until the camera is free again."""
        self.face.stopped.set()
        if self._thread:
            self._thread.join(timeout=FREE_WITHIN_S)

    def _run(self) -> None:
        state, words = RunState.FAILED, "The calibration ended by a fault of the program."
        try:
            with ExitStack() as stack:
                stack.callback(_let_camera_go(self.home))
                state, words = self._calibrated(stack)
        except MonitorError as error:
            words = str(error)
        finally:
            self.words, self.state = words, state

    def _calibrated(self, stack: ExitStack) -> tuple[RunState, str]:
        file = composition.model(self.home, None, lambda what, _share: self._say(what))
        what = WatchOptions(self.source or str(self.home.settings.camera.device), file)
        scene = Scene(self.home.settings.camera.rotate)
        camera = stack.enter_context(closing(self._camera(what, scene)))
        pose_engine = stack.enter_context(closing(composition.engine(file, camera.period_s, scene)))
        place = Place()
        self.state = RunState.GUIDING
        baseline = from_camera(watch(camera, pose_engine), self.face, self.home.settings.table(), place.keep)
        if baseline is None:
            return RunState.STOPPED, "Stopped. Nothing was changed."
        return RunState.KEPT, self._kept(baseline, place, file)

    def _camera(self, what: WatchOptions, scene: Scene) -> Camera:
        """The camera once it is free.  Raises SourceError if it is not within a while."""
        clock = SystemClock()
        end = clock.now() + FREE_WITHIN_S
        while True:
            try:
                return composition.open_camera(self.home, what, clock, scene)
            except SourceError:
                if clock.now() > end or self.face.stopped.wait(AGAIN_S):
                    raise

    def _kept(self, baseline: Baseline, place: Place, file: PoseModelFile) -> str:
        source = shown(self.source or str(self.home.settings.camera.device))
        made = Profile(self.name, SystemClock().now(), source, view_of_stages(baseline), baseline, place.backdrop(), file.engine)
        profiles.save(self.home.folders.data / "profiles", made)
        return f"Kept as {self.name}, seen from the {made.view}."

    def _say(self, words: str) -> None:
        self.words = words


def _let_camera_go(home: Home) -> Callable[[], None]:
    """Have a running monitor let the camera go; what makes it go on as it was before.  Raises StoreError."""
    now = SystemClock().now()
    if holder(home.folders.data) is None or queries.hold(home, now).paused_until:
        return lambda: None
    remote.pause(home, now + PAUSE_S)

    def go_on() -> None:
        with suppress(MonitorError):  # it may have been ended meanwhile; its pause ends by itself
            remote.resume(home)

    return go_on
