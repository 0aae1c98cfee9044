"""What makes it wise to be sparing: a battery, or a machine that is needed for something else."""

import os
from pathlib import Path

BATTERY = "on battery"
LOADED = "the machine is busy"
# Jobs waiting per core, over five minutes: half as much work again as the machine can do.
BUSY_FROM = 1.5
POWER = Path("/sys/class/power_supply")


def strain(power: Path = POWER) -> str | None:
    """``on battery``, ``the machine is busy``, or None; what a system does not tell is no strain."""
    if on_battery(power):
        return BATTERY
    return LOADED if load() >= BUSY_FROM else None


def on_battery(power: Path = POWER) -> bool:
    """Whether a battery of this machine is being emptied (Linux; elsewhere False)."""
    # A mouse has a battery as well; its scope is Device.
    own = (path for path in power.glob("*") if _line(path / "type") == "Battery" and _line(path / "scope") != "Device")
    return any(_line(path / "status") == "Discharging" for path in own)


def load() -> float:
    """Jobs per core over the last five minutes, 0 where the system does not count them."""
    try:
        return os.getloadavg()[1] / (os.cpu_count() or 1)
    except (OSError, AttributeError):  # Windows has none
        return 0.0


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
