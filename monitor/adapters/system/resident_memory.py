"""The resident memory of this process (MB)."""

import psutil


def resident_mb() -> float:
    """Resident memory (MB)."""
    return float(psutil.Process().memory_info().rss) / 2**20
