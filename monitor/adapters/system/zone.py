"""The person's own time zone, daylight saving included."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfoNotFoundError

import tzlocal

# How often (s) to read the system's time zone.
EVERY_S = 30.0


def local_zone() -> tzinfo:
    """The system's time zone as it is now; UTC where the system names one that does not exist."""
    try:
        return tzlocal.reload_localzone()
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


class ZoneWatch:
    """Tells whether the system's zone is still ``zone``: it may change while a monitor runs, as on a journey."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone, self._asked = str(zone), float("-inf")
        self._changed = False

    def changed(self, now: float) -> bool:
        """Whether it has changed by ``now`` (s), as of half a minute ago at most."""
        if not 0 <= now - self._asked < EVERY_S:
            self._asked = now
            self._changed = str(local_zone()) != self._zone
        return self._changed
