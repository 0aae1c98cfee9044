"""A real desktop for tests, with no screen: an X server in memory, a session bus of its own, the notification daemon dunst."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# No folder of services: a bus like this starts no daemon by itself, so that "nobody listens" means it on every machine.
_BUS_CONFIG = """<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""

# How long a test waits for what must come (s): far longer than it takes, as a loaded machine with two cores is slow.
PATIENCE_S = 60.0


def need(*programs: str) -> None:
    """Skip where a program is missing; in CI, which installs them, fail."""
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        on_debian_ci = os.environ.get("CI") and shutil.which("apt-get")
        (pytest.fail if on_debian_ci else pytest.skip)(f"needs {', '.join(missing)}")


def wait_for(condition: Callable[[], object], what: str) -> None:
    given_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < given_up:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(f"waited in vain for {what}")


def stop(process: subprocess.Popen[Any]) -> None:
    process.send_signal(signal.SIGCONT)  # a stopped process cannot end
    process.terminate()
    process.wait(timeout=PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Daemon:
    """dunst, and what it has been told to show."""

    process: subprocess.Popen[bytes]
    folder: Path

    def count(self) -> int:
        """How many notifications are on the screen."""
        output = subprocess.run(["dunstctl", "count", "displayed"], check=True, capture_output=True, text=True).stdout
        return int(output)

    def press(self, label: str) -> None:
        """Choose the button of that label, as from dunst's own menu."""
        (self.folder / "choice").write_text(label)
        subprocess.run(["dunstctl", "context"], check=True, capture_output=True)

    def shown(self) -> list[dict[str, Any]]:
        """The notifications, oldest first: summary, body, appname, timeout (microseconds), message (as it is drawn)."""
        subprocess.run(["dunstctl", "close-all"], check=True, capture_output=True)
        output = subprocess.run(["dunstctl", "history"], check=True, capture_output=True).stdout
        return [{key: item["data"] for key, item in one.items()} for one in reversed(json.loads(output)["data"][0])]

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name (":1") of an X server in memory."""
    need("Xvfb")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as number:
        name = ":" + number.readline().strip()
    yield name
    stop(server)


@pytest.fixture
def session_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a session bus with nobody on it, set in this process's environment too."""
    need("dbus-daemon", "dbus-send")
    config = tmp_path / "bus.conf"
    config.write_text(_BUS_CONFIG.format(folder=tmp_path))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        stop(bus)


@pytest.fixture
def dunst(display: str, session_bus: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Daemon]:
    """A notification daemon that answers on ``session_bus`` and draws on ``display``; its parameter "no" turns markup off."""
    need("dunst", "dunstctl", "busctl")
    (tmp_path / "menu").write_text(f'#!/bin/sh\nexec grep -F -f "{tmp_path}/choice"\n')
    (tmp_path / "menu").chmod(0o700)
    (tmp_path / "dunstrc").write_text(f"[global]\nmarkup = {getattr(request, 'param', 'full')}\ndmenu = {tmp_path}/menu\n")
    environment = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": str(tmp_path)}
    environment.pop("WAYLAND_DISPLAY", None)
    command = ["dunst", "-config", str(tmp_path / "dunstrc")]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    answers = ["dunstctl", "count"]
    wait_for(lambda: subprocess.run(answers, capture_output=True, check=False).returncode == 0, "dunst")
    yield Daemon(process, tmp_path)
    stop(process)
