"""How much memory this process uses."""

import os
import sys
from pathlib import Path

_PAGES = Path("/proc/self/statm")


def resident_mb() -> float | None:
    """Resident memory (MB), None where the system does not tell without a library (macOS, Windows)."""
    if sys.platform != "linux":
        return None
    try:
        return int(_PAGES.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, ValueError, IndexError):
        return None
