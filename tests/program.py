"""The program as people use it: its commands in this process where that is as real, else in a process of their own."""

import io
import os
import re
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from desktop_session import wait_for

import run_monitor
from monitor.cli import run_plainly
from monitor.core.vocabulary import Activity
from monitor.texts.catalogue import text

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "monitor" / "data" / "demo"
SHARED = ROOT.parent / "shared" / "data"
# The demo morning as a time-lapse: 20 pictures a second, each 10 s of recorded time.
MORNING = ("--source", str(DEMO / "demo_morning.mp4"), "--time-scale", "200")
CLIP = str(DEMO / "demo_sit_tall.mp4")
# The same for six seconds: sixty pictures, each 10 s of recorded time.
TEN_MINUTES = ("--source", CLIP, "--time-scale", "100")
# Three of them in fifteen pictures, where it only matters that somebody is seen: what a run costs is what its pictures cost.
MOMENT = str(ROOT / "tests" / "golden" / "moment.mp4")

# Every command there is.
COMMANDS = (
    *("run", "start", "stop", "status", "why", "pause", "resume", "snooze", "mark"),
    *("calibrate", "check", "summary", "report", "dashboard", "analyze", "demo", "replay", "doctor", "data", "autostart", "tray"),
    *("stage", "checkin", "redflags", "explain", "tip", "contacts", "settings", "cohort"),
)

# What a monitor prints of a person who sits.
SITTING = text("activities", Activity.SITTING)

# A superuser may read and write everywhere, but not without these capabilities.
MERE_MORTAL = (
    ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if sys.platform == "linux" and os.geteuid() == 0 else ()
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def call(*arguments: object) -> Outcome:
    """A command, run here; a bug escapes as an exception and fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_plainly(run_monitor.app, [str(argument) for argument in arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


def done(*arguments: object) -> str:
    """What a command that must succeed printed."""
    outcome = call(*arguments)

    assert outcome.code == 0, outcome.err
    return outcome.out


def refused(outcome: Outcome, *words: str) -> None:
    """The outcome is one plain line on standard error with these words, and exit code 2."""
    (line,) = outcome.err.splitlines()

    assert outcome.code == 2
    assert line.startswith("posture-monitor: ")
    assert [word for word in words if word not in line] == [], line


class Started:
    """A command in a process of its own; what it says goes to files in ``folder``."""

    def __init__(self, folder: Path, *arguments: object, before: tuple[str, ...] = ()) -> None:
        self._paths = [folder / f"{len(list(folder.glob('*.out')))}.{name}" for name in ("out", "err")]
        command = [*before, sys.executable, str(ROOT / "run_monitor.py"), *map(str, arguments)]
        with self._paths[0].open("wb") as out, self._paths[1].open("wb") as err:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=_environment())
        self.pid = self._process.pid

    def await_word(self, word: str) -> None:
        """Wait until it has said that word, a regular expression."""
        wait_for(lambda: re.search(word, self._written(0)) or self._process.poll() is not None, f"{word!r}")
        assert self._process.poll() is None, self._written(1)

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def outcome(self) -> Outcome:
        """How it ended, which it must do by itself."""
        try:
            code = self._process.wait(timeout=300)
        finally:
            self._process.kill()
        return Outcome(code, self._written(0), self._written(1))

    def _written(self, which: int) -> str:
        return self._paths[which].read_text(encoding="utf-8")


def _environment() -> dict[str, str]:
    # No desktop, and the width that a terminal has, whatever the tests are started from.
    return {**os.environ, "COLUMNS": "80", "DBUS_SESSION_BUS_ADDRESS": "", "PYTHONWARNINGS": "error"}
