"""The process of a calibration in the browser: camera, pose engine and wizard; commands come in, what to show goes out.

The libraries of an engine stay in memory once they are loaded, and a crash of theirs ends the process: the server of the pages
must meet neither.  A closed input means that the server is gone; then the camera is let go, and the monitor goes on.
"""

import math
import os
import signal
import threading
import time
from contextlib import ExitStack, closing, suppress
from io import FileIO

from calibration.browser_messages import LONGEST_LINE, Job, RunState, job_of, seen_line, told_line
from calibration.cli import Place, view_of_stages
from calibration.interactive import Picture, from_camera, watch
from calibration.wizard import Phase, Progress, WizardCommand
from monitor.adapters import profiles
from monitor.adapters.profiles import Profile
from monitor.adapters.system.clock import SystemClock
from monitor.app import composition, remote
from monitor.app.home import Home, PoseModelFile, WatchOptions, open_home
from monitor.app.scene import Scene
from monitor.core.body.pose import Observation
from monitor.core.camera.source_name import shown
from monitor.core.errors import MonitorError, SourceError
from monitor.core.posture.baseline import Baseline
from monitor.ports import Camera

FREE_WITHIN_S, AGAIN_S = 20.0, 0.5
# A page is remade three times a second.
EVERY_S = 0.2
# A camera that hangs must not keep a process that nobody can see.
GONE_AFTER_S = 10.0


class PipeFace:
    """The face of a calibration at the other end of two pipes."""

    hands_free = False

    def __init__(self, pipe_in: FileIO, pipe_out: FileIO) -> None:
        self._in, self._out = pipe_in, pipe_out
        self._command: WizardCommand | None = None
        self._sent: tuple[float, tuple[int, Phase]] = (-math.inf, (0, Phase.INSTRUCT))
        self.left, self.alone, self.ended = threading.Event(), threading.Event(), threading.Event()

    def show(self, _rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        """The command that came last, once; to quit where the server is gone."""
        now, at = time.monotonic(), (progress.number, progress.phase)
        if at != self._sent[1] or now - self._sent[0] >= EVERY_S:
            self._sent = (now, at)
            self._write(seen_line(obs, progress, _count(progress)))
        command, self._command = self._command, None
        return WizardCommand.QUIT if self.left.is_set() else command

    def say(self, state: RunState, words: str) -> None:
        """Tell a state without a picture."""
        self._write(told_line(state, words))

    def close(self) -> None:
        """Nothing is left on a screen."""

    def listen(self, job: Job) -> None:
        """Take commands until the server is gone; then a camera that hangs must keep neither this process nor the monitor."""
        while line := self._in.readline(LONGEST_LINE):
            self._command = WizardCommand(line.decode().strip())
            if self._command is WizardCommand.QUIT:
                self.left.set()
        self.alone.set()
        self.left.set()
        if not self.ended.wait(GONE_AFTER_S):
            _let_monitor_go_on(job)
            os._exit(1)

    def _write(self, line: bytes) -> None:
        with suppress(BrokenPipeError):  # the server is gone, which ``listen`` notices
            self._out.write(line)


def _count(progress: Progress) -> str:
    counts = progress.phase in (Phase.COUNTDOWN, Phase.HOLD)
    return f"{math.ceil(progress.left_s or 0.0)} s" if counts else ""


def calibrated(job: Job, face: PipeFace) -> tuple[RunState, str]:
    """How the calibration ended, and its words.  Raises MonitorError."""
    home = open_home(job.folder)
    source = job.source or str(home.settings.camera.device)
    file = composition.model(home, None, lambda what, _share: face.say(RunState.WAITING, what))
    place, scene = Place(), Scene(home.settings.camera.rotate)
    with ExitStack() as stack:
        camera = stack.enter_context(closing(_camera(home, WatchOptions(source, file), scene, face.left)))
        pose_engine = stack.enter_context(closing(composition.engine(file, camera.period_s, scene)))
        baseline = from_camera(watch(camera, pose_engine), face, home.settings.table(), place.keep)
    if baseline is None:
        return RunState.STOPPED, "Stopped. Nothing was changed."
    return RunState.KEPT, _kept(home, job.name, shown(source), (baseline, place, file))


def _camera(home: Home, what: WatchOptions, scene: Scene, left: threading.Event) -> Camera:
    """The camera once it is free.  Raises SourceError if it is not within a while."""
    clock = SystemClock()
    end = clock.now() + FREE_WITHIN_S
    while True:
        try:
            return composition.open_camera(home, what, clock, scene)
        except SourceError:
            if clock.now() > end or left.wait(AGAIN_S):
                raise


def _kept(home: Home, name: str, source: str, found: tuple[Baseline, Place, PoseModelFile]) -> str:
    baseline, place, file = found
    made = Profile(name, SystemClock().now(), source, view_of_stages(baseline), baseline, place.backdrop(), file.engine)
    profiles.save(home.folders.data / "profiles", made)
    return f"Kept as {name}, seen from the {made.view}."


def _let_monitor_go_on(job: Job) -> None:
    """What the server would do, were it still there."""
    if job.paused:
        with suppress(MonitorError):
            remote.resume(open_home(job.folder))


def main() -> None:
    """Calibrate as the first line of the input asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Windows, where no group of its own keeps Ctrl-C away
    pipe_in, pipe_out = FileIO(os.dup(0), "rb"), FileIO(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no line of ours
    if not (line := pipe_in.readline(LONGEST_LINE)).endswith(b"\n"):
        return  # the server has gone before it said what to do
    job, face = job_of(line), PipeFace(pipe_in, pipe_out)
    threading.Thread(target=face.listen, args=(job,), daemon=True).start()
    try:
        face.say(*calibrated(job, face))
    except MonitorError as error:
        face.say(RunState.FAILED, str(error))
    finally:
        face.ended.set()
        if face.alone.is_set():
            _let_monitor_go_on(job)


if __name__ == "__main__":
    main()
