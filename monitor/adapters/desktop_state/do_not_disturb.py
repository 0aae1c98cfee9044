"""Whether the desktop holds notifications back."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from monitor.adapters.desktop_state.ask_program import answer, truth

_SERVICE, _OBJECT = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_GNOME = ("gsettings", "get", "org.gnome.desktop.notifications", "show-banners")


def _inhibited() -> bool | None:
    """KDE and others: a property of the notification service; it is not there on the rest."""
    return _service_says(_SERVICE, "Inhibited")


def _dunst() -> bool | None:
    return _service_says("org.dunstproject.cmd0", "paused")


def _service_says(interface: str, name: str) -> bool | None:
    from monitor.adapters.desktop_state.bus import SESSION, property_of

    said = property_of(SESSION, _SERVICE, _OBJECT, interface, name)
    return said if isinstance(said, bool) else None


def _gnome() -> bool | None:
    # The key exists wherever GNOME's schemas are installed, but is in use in GNOME only.
    if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", "").upper():
        return None
    shown = truth(answer(*_GNOME))
    return None if shown is None else not shown


def _mac() -> bool | None:
    """A focus mode leaves an assertion in a file, which only programs with access to the disk may read."""
    try:
        text = (Path.home() / "Library/DoNotDisturb/DB/Assertions.json").read_text(encoding="utf-8")
        return any("storeAssertionRecords" in entry for entry in json.loads(text)["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _windows() -> bool | None:
    from monitor.adapters.desktop_state.windows import QUIET_TIME, notification_state

    state = notification_state()
    return None if state is None else state == QUIET_TIME


# By sys.platform; the first answer that is not None counts.
ASK: Mapping[str, tuple[Callable[[], bool | None], ...]] = {
    "linux": (_gnome, _dunst, _inhibited),
    "darwin": (_mac,),
    "win32": (_windows,),
}


def do_not_disturb() -> bool | None:
    """Whether notifications are held back now."""
    return next((known for ask in ASK.get(sys.platform, ()) if (known := ask()) is not None), None)
