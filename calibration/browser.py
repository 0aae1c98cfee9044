"""A calibration led from a browser: its process is started and listened to, the pages ask what to show and hand commands back.

A monitor that runs lets the camera go for as long as it takes, and goes on afterwards, also after a failure.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from calibration.browser_messages import ENDED, LONGEST_LINE, Job, RunState, Seen, Told, job_line, told_of
from calibration.wizard import WizardCommand
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.app import queries, remote
from monitor.app.home import Home
from monitor.core.errors import MonitorError

# A calibration takes five minutes; who is called away in the middle is not left unwatched for the day.
PAUSE_S = 1800.0
# A page that was closed in the middle must not keep the camera.
LEFT_AFTER_S = 60.0
# A process that loads its libraries, or whose camera hangs, does not hear that it should end.
ENDS_WITHIN_S = 5.0
_STOPPED = Told(RunState.STOPPED, "Stopped. Nothing was changed.")
_BROKEN = Told(
    RunState.FAILED, "The program that watches the camera ended unexpectedly. Nothing was changed; calibrate once more."
)


@dataclass(slots=True)
class BrowserRun:
    """One calibration of the profile ``name`` from ``source`` ("": the camera of the settings).

    ``data`` is the folder as it was given to the server; ``state``, ``words`` and ``seen`` are what the page shows.
    """

    home: Home
    data: Path | None
    source: str
    name: str
    state: RunState = RunState.WAITING
    words: str = "Waiting for the camera."
    _seen: Seen | None = None
    _looked: float = field(default_factory=time.monotonic)
    _stopped: bool = False
    _process: subprocess.Popen[bytes] | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, beside the pages."""
        self._thread = threading.Thread(target=self._run, name="calibration", daemon=True)
        self._thread.start()

    def look(self) -> Seen | None:
        """What was seen last, for a page that is open."""
        self._looked = time.monotonic()
        return self._seen if self.state is RunState.GUIDING else None

    def ask(self, command: WizardCommand) -> None:
        """Hand over a command of the page."""
        if self._process and self._process.stdin:
            with suppress(OSError, ValueError):  # it has just ended
                self._process.stdin.write(f"{command}\n".encode())

    def stop(self) -> None:
        """End without keeping anything, and wait until the camera is free again."""
        self._stopped = True
        self.ask(WizardCommand.QUIT)
        if self._thread:
            self._thread.join(timeout=ENDS_WITHIN_S)
            if self._thread.is_alive() and self._process:
                self._process.kill()
            self._thread.join()

    def _run(self) -> None:
        told = _BROKEN
        try:
            with ExitStack() as stack:
                paused, go_on = _let_camera_go(self.home)
                stack.callback(go_on)
                told = self._led(Job(None if self.data is None else str(self.data.absolute()), self.source, self.name, paused))
        except MonitorError as error:
            told = Told(RunState.FAILED, str(error))
        finally:
            self.words, self.state = told.words, told.state

    def _led(self, job: Job) -> Told:
        """How the process ended, which never takes longer than its calibration."""
        if self._stopped:
            return _STOPPED
        # -P: a file in the folder where the server was started must not stand in for one of Python's modules.
        # A process group of its own: Ctrl-C is for the server, which ends this process, also while that is still starting.
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "calibration.browser_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            process_group=0,
        ) as self._process:
            try:
                return self._heard(self._process, job)
            finally:
                self._process.kill()  # no line, or none of ours, will come any more

    def _heard(self, process: subprocess.Popen[bytes], job: Job) -> Told:
        if not (process.stdin and process.stdout):  # never: both are pipes
            return _BROKEN
        told = Told(RunState.WAITING, self.words)
        with suppress(OSError, ValueError, KeyError, TypeError):
            process.stdin.write(job_line(job))
            while told.state not in ENDED and (line := process.stdout.readline(LONGEST_LINE)):
                told = told_of(line)
                self._take(told)
        if told.state not in ENDED:
            return _STOPPED if self._stopped else _BROKEN
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDS_WITHIN_S)
        return told

    def _take(self, told: Told) -> None:
        if told.state in ENDED:
            return
        self._seen, self.words, self.state = told.seen, told.words, told.state
        if time.monotonic() - self._looked > LEFT_AFTER_S:
            self.ask(WizardCommand.QUIT)


def _let_camera_go(home: Home) -> tuple[bool, Callable[[], None]]:
    """Have a running monitor let the camera go; whether it was asked, and what makes it go on as before.  Raises StoreError."""
    now = SystemClock().now()
    if holder(home.folders.data) is None or queries.hold(home, now).paused_until:
        return False, lambda: None
    remote.pause(home, now + PAUSE_S)

    def go_on() -> None:
        with suppress(MonitorError):  # it may have been ended meanwhile; its pause ends by itself
            remote.resume(home)

    return True, go_on
