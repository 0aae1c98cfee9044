"""Opening the history for the commands."""

from monitor.adapters.store import History
from monitor.app.home import HISTORY, Home
from monitor.core.errors import StoreError


def history_of(home: Home) -> History:
    """The history, open for reading.  Raises StoreError if there is none yet."""
    path = home.folders.data / HISTORY
    if not path.exists():
        raise StoreError(f"nothing has been recorded yet in {home.folders.data}; start with: posture-monitor run")
    return History(path)
