"""Whether the machine is needed for something else."""

from collections.abc import Callable

import psutil

from monitor.core.vocabulary import Reason

# Jobs waiting per core, over five minutes: half as much work again as the machine can do; and when that is over, so that the
# rhythm does not change to and fro.
BUSY_FROM, FREE_FROM = 1.5, 1.0


def load() -> float:
    """Jobs per core over the last five minutes, 0 where the system hides them; Windows counts from the first question on."""
    try:
        return float(psutil.getloadavg()[1]) / (psutil.cpu_count() or 1)
    except OSError:
        return 0.0


class Load:
    """Remembers whether the machine was busy; asks ``of()`` for the jobs per core."""

    def __init__(self, of: Callable[[], float] = load) -> None:
        self._of, self._busy = of, False

    def strain(self) -> str | None:
        """``the machine is busy``, or None; what a system does not tell is no strain."""
        self._busy = self._of() >= (FREE_FROM if self._busy else BUSY_FROM)
        return Reason.MACHINE_BUSY if self._busy else None
