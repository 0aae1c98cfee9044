"""Starts the monitor at login, by each system's own mechanism: one file that can be shown, written and removed.

Linux: a systemd user unit of the graphical session (not of a login over the network, which must not switch a camera on).  macOS:
a LaunchAgent.  Windows: a file in the start-up folder.
"""

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.core.errors import ConfigError, DiskFull
from monitor.regular_files import regular, write_private

NAME = "posture-monitor"
_TARGET = "graphical-session.target"
# A line break would begin another instruction, and in a start-up file of Windows a quotation mark ends the quoting.
_CANNOT_STAND = (re.compile(r"[\x00-\x1f\x7f]"), re.compile(r"[\x00-\x1f\x7f\"]"))


@dataclass(frozen=True, slots=True)
class Entry:
    """The file ``path`` with ``text``, and the ``link`` to it that switches it on, where one is needed."""

    path: Path
    text: str
    link: Path | None = None

    def state(self) -> str:
        """``enabled``, ``disabled``, or ``outdated`` if the existing file would start something else."""
        if not self.path.exists() or (self.link and not self.link.is_symlink()):
            return "disabled"
        with _told(self.path):
            return "enabled" if regular(self.path).read_bytes() == self._content() else "outdated"

    def _content(self) -> bytes:
        return self.text.encode(errors="surrogateescape")  # a path may not be valid text

    def enable(self) -> None:
        """Write it atomically.  Raises DiskFull."""
        with _told(self.path):
            write_private(self.path, self._content())
            if self.link:
                self.link.parent.mkdir(parents=True, exist_ok=True)
                self.link.unlink(missing_ok=True)
                self.link.symlink_to(self.path)
        _reload()

    def disable(self) -> None:
        """Remove it, and the folder of links if it is then empty.  Raises DiskFull."""
        with _told(self.path):
            if self.link:
                self.link.unlink(missing_ok=True)
                with suppress(OSError):
                    self.link.parent.rmdir()
            self.path.unlink(missing_ok=True)
        _reload()


class _told:  # noqa: N801  # reads as a word at its use
    """Translates failures of the file system to DiskFull."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            raise DiskFull(f"{self._path} cannot be written or read ({error.strerror}); see its permissions") from error


def _reload() -> None:
    """Reload a running systemd; otherwise the next login does."""
    if sys.platform == "linux":
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                ["systemctl", "--user", "daemon-reload"],  # noqa: S607
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=10,
                check=False,
            )


def entry(command: Sequence[str], home: Path, platform: str = sys.platform) -> Entry:
    """The entry that runs ``command`` at login, for the person whose home folder it is.  Raises ConfigError."""
    odd = next((word for word in command if _CANNOT_STAND[platform == "win32"].search(word)), None)
    if odd is not None:
        raise ConfigError(f"{odd!r} cannot be started at login; use a path without such signs")
    if platform not in _ENTRIES:
        raise ConfigError(f"autostart is not known for {platform}; use your desktop's own list of start-up programs")
    return _ENTRIES[platform](command, home)


def _systemd(command: Sequence[str], home: Path) -> Entry:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user"
    text = f"""\
[Unit]
Description=Posture monitor: times sitting and standing, and suggests a change
PartOf={_TARGET}
After={_TARGET}

[Service]
ExecStart={" ".join(_systemd_word(word) for word in command)}
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=2
Nice=10

[Install]
WantedBy={_TARGET}
"""
    path = folder / f"{NAME}.service"
    return Entry(path, text, folder / f"{_TARGET}.wants" / path.name)


def _systemd_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _launch_agent(command: Sequence[str], home: Path) -> Entry:
    agent = {
        "Label": NAME,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Background",
    }
    try:
        text = plistlib.dumps(agent, sort_keys=False).decode()
    except ValueError as error:  # an unpaired surrogate
        raise ConfigError("a path that is no text cannot be started at login; use another name") from error
    return Entry(home / "Library" / "LaunchAgents" / f"{NAME}.plist", text)


def _windows(command: Sequence[str], home: Path) -> Entry:
    roaming = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    folder = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    # Within quotes & and | are signs like any other; the file is UTF-8.
    line = " ".join(f'"{word}"' for word in command).replace("%", "%%")
    return Entry(folder / f"{NAME}.cmd", f'@echo off\r\nchcp 65001 >nul\r\nstart "" /min {line}\r\n')


_ENTRIES: Mapping[str, Callable[[Sequence[str], Path], Entry]] = {
    "linux": _systemd,
    "darwin": _launch_agent,
    "win32": _windows,
}
