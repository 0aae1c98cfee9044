"""The checks of ``doctor``: what works on this machine, and what to do about the rest."""

import importlib.metadata
import math
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from monitor import __version__
from monitor.app import engines
from monitor.app.composition import NETWORKS, model_of_settings
from monitor.app.home import Home
from monitor.app.privacy import kept_for
from monitor.core.back.lumbar_model import ENGINE as FITTED_ON
from monitor.core.camera.source_name import shown
from monitor.core.errors import MonitorError
from monitor.core.vocabulary import Reason
from monitor.texts.catalogue import reason

# A person may lie down before the camera for a shorter time (s).
TURNED_FROM_S = 30.0


class Outcome(StrEnum):
    """The result of a check."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what was checked, its state, and what to do if it is not good."""

    what: str
    verdict: Outcome
    text: str

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON data."""
        return asdict(self)


def examine(home: Home, settings_trouble: str = "") -> list[Finding]:
    """All findings, in the order of ``CHECKS``; a check that fails is a finding, never an exception.

    ``settings_trouble`` is why the settings cannot be read, so that ``home`` has the defaults.
    """
    found = [_finding(what, check, home) for what, check in CHECKS.items()]
    settings = Finding("settings", Outcome.PROBLEM, f"{settings_trouble}; until then the defaults apply here")
    return [settings if settings_trouble and one.what == settings.what else one for one in found]


def _finding(what: str, check: Callable[[Home], tuple[Outcome, str]], home: Home) -> Finding:
    try:
        return Finding(what, *check(home))
    except MonitorError as error:
        return Finding(what, Outcome.PROBLEM, str(error))


def _versions(_here: Home) -> tuple[Outcome, str]:
    system = f"{platform.system()} {platform.machine()}"
    return Outcome.OK, f"posture-monitor {__version__}, Python {platform.python_version()}, {system}"


def _engine(home: Home) -> tuple[Outcome, str]:
    choice = engines.chosen(home)
    name = f"{choice.engine} ({choice.package} {choice.version})"
    if choice.as_pinned:
        other = "" if choice.engine is FITTED_ON else f"; the lumbar angle was fitted with {FITTED_ON}"
        return Outcome.OK, f"{name}: {choice.why}{other}"
    return Outcome.PROBLEM, f"{name}, {choice.pinned} is needed: pip install {choice.package}=={choice.pinned}"


def _opencv(_here: Home) -> tuple[Outcome, str]:
    installed = {d.metadata["Name"] for d in importlib.metadata.distributions()}
    providers = sorted(name for name in installed if name.startswith("opencv-"))
    if providers == ["opencv-contrib-python"]:
        return Outcome.OK, f"{providers[0]} {importlib.metadata.version(providers[0])}"
    remedy = f"pip uninstall {' '.join(providers)}, then pip install opencv-contrib-python"
    return Outcome.PROBLEM, f"{' and '.join(providers) or 'no OpenCV'} share one cv2 folder; {remedy}"


def _model(home: Home) -> tuple[Outcome, str]:
    from monitor.adapters.vision.pose_model import check_task, checked

    if own := model_of_settings(home):
        return Outcome.OK, f"{check_task(own)} (from the settings)"
    return Outcome.OK, f"{checked(NETWORKS)}, verified"


def _camera(home: Home) -> tuple[Outcome, str]:
    from monitor.adapters.camera.device_list import names

    cameras = names()
    if not cameras:
        return Outcome.NOTE, "no camera found; plug one in, or use --source FILE or an address"
    listed = ", ".join(f"{index}: {name}" for index, name in cameras)
    return Outcome.OK, f"{listed}; in use: {shown(str(home.settings.camera.device))}"


def _picture(home: Home) -> tuple[Outcome, str]:
    """Which way is up, by the settings and by what the last run saw."""
    from monitor.app.open_history import history_of
    from monitor.app.queries import has_history

    rotate = f"camera.rotate = {home.settings.camera.rotate}"
    if not has_history(home):
        return Outcome.OK, rotate
    with history_of(home) as history, history.read_transaction():
        session = history.session()
        bouts = history.records(session.start, math.inf).bouts if session else ()
    turned_s = sum(bout.end - bout.start for bout in bouts if bout.why == Reason.TURNED)
    if turned_s < TURNED_FROM_S:
        return Outcome.OK, rotate
    remedy = "posture-monitor settings set camera.rotate auto (or 90, 180, 270)"
    return Outcome.PROBLEM, f"{rotate}; in the last run, {reason(Reason.TURNED)}: {remedy}"


def _notifications(home: Home) -> tuple[Outcome, str]:
    from monitor.adapters.notify.desktop import DesktopNotifier
    from monitor.app.queries import live_state

    live = live_state(home)
    if live is not None and live.notifier:
        return Outcome.OK, f"the running monitor shows them through {live.notifier}; try it with --notify-test"
    return Outcome.OK, f"through {DesktopNotifier().probe()}; try it with --notify-test"


def _data(home: Home) -> tuple[Outcome, str]:
    from monitor.adapters.system.lock import holder

    folder = home.folders.data
    pid = holder(folder)
    running = f"; a monitor is running (process {pid})" if pid else ""
    place = next(p for p in (folder, *folder.parents) if p.exists())
    if place.is_dir() and os.access(place, os.W_OK):
        return Outcome.OK, f"{folder}{running}"
    return Outcome.PROBLEM, f"{folder} cannot be written; choose another with --data"


def _retention(home: Home) -> tuple[Outcome, str]:
    return Outcome.OK, kept_for(home)


def _settings(home: Home) -> tuple[Outcome, str]:
    path = home.folders.settings
    return Outcome.OK, f"{path}" if path.exists() else f"{path} (not there, so the defaults apply)"


CHECKS: Mapping[str, Callable[[Home], tuple[Outcome, str]]] = {
    "versions": _versions,
    "pose engine": _engine,
    "opencv": _opencv,
    "model": _model,
    "cameras": _camera,
    "picture": _picture,
    "notifications": _notifications,
    "data folder": _data,
    "history": _retention,
    "settings": _settings,
}
