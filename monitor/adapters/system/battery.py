"""Whether the machine runs on its battery."""

import sys
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")


def on_battery(supplies: Path = SUPPLIES) -> bool | None:
    """Whether the machine runs on battery now; False for a machine without one, None if unknown."""
    # On Linux psutil reports the battery of a mouse as the machine's own.
    return _by_files(supplies) if sys.platform == "linux" else _by_library()


def _by_library() -> bool | None:
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (OSError, RuntimeError):  # no information on the power supply, as in a virtual machine
        return None
    if battery is None:
        return False
    return None if battery.power_plugged is None else not battery.power_plugged


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
