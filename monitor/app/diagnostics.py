"""What works on this machine and what to do about the rest: the checks of ``doctor``."""

import importlib.metadata
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from monitor import __version__
from monitor.app.home import Home
from monitor.app.privacy import PINNED, installed_engine, kept_for
from monitor.core.errors import MonitorError


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the checkup: what was looked at, how it is, and what to do if it is not well."""

    what: str
    verdict: Verdict
    text: str

    def as_dict(self) -> dict[str, str]:
        """It, as JSON will have it."""
        return asdict(self)


def examine(here: Home) -> list[Finding]:
    """Every finding, in the order of ``CHECKS``; a check that fails is a finding, never an exception."""
    return [_finding(what, check, here) for what, check in CHECKS.items()]


def _finding(what: str, check: Callable[[Home], tuple[Verdict, str]], here: Home) -> Finding:
    try:
        return Finding(what, *check(here))
    except MonitorError as error:
        return Finding(what, Verdict.PROBLEM, str(error))


def _versions(_here: Home) -> tuple[Verdict, str]:
    system = f"{platform.system()} {platform.machine()}"
    return Verdict.OK, f"posture-monitor {__version__}, Python {platform.python_version()}, {system}"


def _engine(_here: Home) -> tuple[Verdict, str]:
    version = installed_engine()
    if version == PINNED:
        return Verdict.OK, f"mediapipe {version}, the last release that sends no usage metrics"
    return Verdict.PROBLEM, f"mediapipe {version} is installed, {PINNED} is needed: pip install mediapipe=={PINNED}"


def _opencv(_here: Home) -> tuple[Verdict, str]:
    installed = {d.metadata["Name"] for d in importlib.metadata.distributions()}
    providers = sorted(name for name in installed if name.startswith("opencv-"))
    if providers == ["opencv-contrib-python"]:
        return Verdict.OK, f"{providers[0]} {importlib.metadata.version(providers[0])}"
    remedy = f"pip uninstall {' '.join(providers)}, then pip install opencv-contrib-python"
    return Verdict.PROBLEM, f"{' and '.join(providers) or 'no OpenCV'} share one cv2 folder; {remedy}"


def _model(here: Home) -> tuple[Verdict, str]:
    from monitor.adapters.vision.pose_model import cached, check_task

    if here.settings.model:
        return Verdict.OK, f"{check_task(Path(here.settings.model).expanduser())} (from the settings)"
    path = cached(here.folders.cache)
    return (Verdict.OK, f"{path}, verified") if path else (Verdict.NOTE, "not fetched yet; the first use does it")


def _camera(here: Home) -> tuple[Verdict, str]:
    from monitor.adapters.camera.device_list import names

    cameras = names()
    if not cameras:
        return Verdict.NOTE, "no camera found; plug one in, or use --source FILE or an address"
    listed = ", ".join(f"{index}: {name}" for index, name in cameras)
    return Verdict.OK, f"{listed}; in use: {here.settings.camera.device}"


def _notifications(_here: Home) -> tuple[Verdict, str]:
    from monitor.adapters.notify.desktop import DesktopNotifier

    return Verdict.OK, f"through {DesktopNotifier().probe()}; try it with --notify-test"


def _data(here: Home) -> tuple[Verdict, str]:
    from monitor.adapters.system.lock import holder

    folder = here.folders.data
    pid = holder(folder)
    running = f"; a monitor is running (process {pid})" if pid else ""
    place = next(p for p in (folder, *folder.parents) if p.exists())
    if place.is_dir() and os.access(place, os.W_OK):
        return Verdict.OK, f"{folder}{running}"
    return Verdict.PROBLEM, f"{folder} cannot be written; choose another with --data"


def _retention(here: Home) -> tuple[Verdict, str]:
    return Verdict.OK, kept_for(here)


def _settings(here: Home) -> tuple[Verdict, str]:
    path = here.folders.settings
    return Verdict.OK, f"{path}" if path.exists() else f"{path} (not there: the defaults hold)"


CHECKS: Mapping[str, Callable[[Home], tuple[Verdict, str]]] = {
    "versions": _versions,
    "pose engine": _engine,
    "opencv": _opencv,
    "model": _model,
    "cameras": _camera,
    "notifications": _notifications,
    "data folder": _data,
    "history": _retention,
    "settings": _settings,
}
