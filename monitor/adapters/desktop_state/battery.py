"""Whether the machine runs on its battery."""

import ctypes
import sys
from pathlib import Path

from monitor.adapters.desktop_state.ask_program import answer

SUPPLIES = Path("/sys/class/power_supply")


def on_battery(supplies: Path = SUPPLIES) -> bool | None:
    """Whether it runs on its battery now; False for a machine without one, None where nobody can tell."""
    if sys.platform == "darwin":
        text = answer("pmset", "-g", "batt")
        return None if text is None else "'Battery Power'" in text
    if sys.platform == "win32":
        status = (ctypes.c_ubyte * 12)()  # SYSTEM_POWER_STATUS; its first byte: 0 battery, 1 mains, 255 unknown
        known = ctypes.windll.kernel32.GetSystemPowerStatus(status) and status[0] in (0, 1)
        return status[0] == 0 if known else None
    return _by_files(supplies)


def _by_files(supplies: Path) -> bool | None:
    try:
        parts = [{key: _read(supply / key) for key in ("type", "scope", "online", "status")} for supply in supplies.iterdir()]
    except OSError:
        return None
    # A mouse or a phone has a battery too; its scope is "Device".
    ours = [part for part in parts if part["scope"] != "Device"]
    mains = [part["online"] for part in ours if part["type"] in ("Mains", "USB", "Wireless") and part["online"]]
    if mains:
        return "1" not in mains
    return any(part["type"] == "Battery" and part["status"] == "Discharging" for part in ours)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None
