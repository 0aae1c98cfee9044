"""Whether the machine is busy with other programs."""

from collections.abc import Callable

import psutil

from monitor.core.vocabulary import Reason

# Load average per core over five minutes at which the machine is busy, and the lower one at which it no longer is, so that the
# sampling rate does not alternate.
BUSY_FROM, FREE_FROM = 1.5, 1.0


def load() -> float:
    """The load average per core over five minutes, 0 if unknown; on Windows measured from the first call on."""
    try:
        return float(psutil.getloadavg()[1]) / (psutil.cpu_count() or 1)
    except OSError:
        return 0.0


class Load:
    """Remembers whether the machine was busy; ``of()`` is the load per core."""

    def __init__(self, of: Callable[[], float] = load) -> None:
        self._of, self._busy = of, False

    def strain(self) -> str | None:
        """The reason code if the machine is busy, else None; an unknown load counts as idle."""
        self._busy = self._of() >= (FREE_FROM if self._busy else BUSY_FROM)
        return Reason.MACHINE_BUSY if self._busy else None
