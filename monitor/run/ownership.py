"""Ownership of the data folder by one run: from its start to its end, which comes on request or when it loses the folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from monitor.adapters.system.lock import folder_lock, withdraw
from monitor.adapters.system.processes import LOG, START_VARIABLE, keep_log_bounded
from monitor.app.home import Home
from monitor.run.shutdown import again_and_again, ended_when


@contextmanager
def owned(home: Home) -> Iterator[bool]:
    """Whether the run may begin: False if ``stop`` came before it did.  Raises StoreError if another monitor has the folder."""
    started = os.environ.pop(START_VARIABLE, "")
    with folder_lock(home.folders.data, started) as lock:
        if not started:
            # A request to stop from before this run is not meant for it; ``start`` clears it for its own runs.
            withdraw(home.folders.data)
        log = partial(keep_log_bounded, home.folders.data / LOG)
        with ended_when(lock.asked_to_end, lock.lost), again_and_again(log, "log"):
            yield not lock.asked_to_end()
