"""A run owns its data folder from its first moment to its last, and ends when it is asked to or loses it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.adapters.system.lock import only_one, withdraw
from monitor.adapters.system.processes import START_VARIABLE
from monitor.app.home import Home
from monitor.run.shutdown import ended_when


@contextmanager
def owned(home: Home) -> Iterator[bool]:
    """Whether the run may begin: False if ``stop`` came before it did.  Raises StoreError if another monitor has the folder."""
    started = os.environ.pop(START_VARIABLE, "")
    with only_one(home.folders.data, started) as held:
        if not started:
            withdraw(home.folders.data)  # what was said before this run is not meant for it; ``start`` does it for its own
        with ended_when(held.asked_to_end, held.lost):
            yield not held.asked_to_end()
