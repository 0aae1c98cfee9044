"""The person's own time zone, daylight saving included."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfoNotFoundError

import tzlocal


def local_zone() -> tzinfo:
    """The system's time zone; UTC where the system names one that does not exist."""
    try:
        return tzlocal.get_localzone()
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
