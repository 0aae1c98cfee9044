"""Whether a program uses a microphone: the most reliable sign of a call, in a browser as well."""

import sys
from pathlib import Path
from typing import Any

CARDS = Path("/proc/asound")
_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"


def microphone(cards: Path = CARDS) -> bool | None:
    """Whether a sound device is being recorded from; None if unknown."""
    if sys.platform == "win32":
        return _by_registry()
    if sys.platform != "linux":
        return None
    devices = list(cards.glob("card*/pcm*c/sub*/status"))
    try:
        return any("RUNNING" in device.read_text(encoding="ascii", errors="replace") for device in devices) if devices else None
    except OSError:
        return None


def _by_registry() -> bool | None:
    import winreg

    registry: Any = winreg  # its contents exist on Windows only
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, _CONSENT) as key:
            return _used(registry, key)
    except OSError:
        return None


def _used(registry: Any, key: Any) -> bool:
    """Whether a program below ``key`` has begun to use it and has not stopped."""
    for index in range(registry.QueryInfoKey(key)[0]):
        with registry.OpenKey(key, registry.EnumKey(key, index)) as program:
            if _used(registry, program) or _stopped_at(registry, program) == 0:
                return True
    return False


def _stopped_at(registry: Any, key: Any) -> int | None:
    try:
        return int(registry.QueryValueEx(key, "LastUsedTimeStop")[0])
    except OSError:
        return None
