"""Ownership of the data folder by one run: from its start to its end, which comes on request or when it loses the folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.adapters.system.lock import folder_lock, withdraw
from monitor.adapters.system.processes import START_VARIABLE
from monitor.app.home import Home
from monitor.run.shutdown import ended_when


@contextmanager
def owned(home: Home) -> Iterator[bool]:
    """Whether the run may begin: False if ``stop`` came before it did.  Raises StoreError if another monitor has the folder."""
    started = os.environ.pop(START_VARIABLE, "")
    with folder_lock(home.folders.data, started) as lock:
        if not started:
            # A request to stop from before this run is not meant for it; ``start`` clears it for its own runs.
            withdraw(home.folders.data)
        with ended_when(lock.asked_to_end, lock.lost):
            yield not lock.asked_to_end()
