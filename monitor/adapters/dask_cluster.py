"""Jobs on a Dask cluster, one of this machine or an existing one.  Raises ConfigError where Dask is not installed."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack
from typing import Any, TypeVar

from monitor.core.errors import ConfigError

try:
    import distributed
except ImportError as missing:
    raise ConfigError('this needs Dask; install it: python -m pip install "posture-monitor[cluster]"') from missing

_dask: Any = distributed
J = TypeVar("J")
R = TypeVar("R")

# What is raised of a scheduler that went away.
_GONE = (_dask.comm.CommClosedError, CancelledError)
# Memory limit of a worker on this machine: an engine and its pictures need a sixth of it; a worker that exceeds it is restarted.
MEMORY = "1.5GiB"
# How long (s) to wait for a scheduler that is restarted.
WAIT_S = 60.0
_RETRIES = 2
_LOCAL = {"host": "127.0.0.1", "dashboard_address": None, "threads_per_worker": 1, "memory_limit": MEMORY}


def on_cluster(work: Callable[[J], R], jobs: Sequence[J], scheduler: str | None, workers: int) -> Iterator[tuple[int, R | None]]:
    """The index of each job and its result, None if it killed its workers repeatedly.

    A scheduler that goes away and comes back within a minute is given what is left.

    Raises:
        ConfigError: no scheduler answers at that address.
    """
    left = set(range(len(jobs)))
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # this module reports what a person must know
    with ExitStack() as stack:
        local = None if scheduler else stack.enter_context(_cluster(workers))
        while left:
            with _client(local or scheduler) as client:
                for number, result in _worked(client, work, jobs, sorted(left)):
                    left.discard(number)
                    yield number, result


def _worked(client: Any, work: Callable[[J], R], jobs: Sequence[J], these: Sequence[int]) -> Iterator[tuple[int, R | None]]:
    """The results of these jobs, or of some if the scheduler forgets them meanwhile."""
    futures = {client.submit(work, jobs[number], pure=False, retries=_RETRIES): number for number in these}
    for future in _dask.as_completed(futures, loop=client.loop):
        if future.status == "finished":
            try:
                result = future.result()
            except _GONE:
                return
            yield futures[future], result
        elif future.status == "error":
            error = future.exception()
            if not isinstance(error, _dask.KilledWorker):
                raise error
            yield futures[future], None


def _cluster(workers: int) -> Any:
    return _dask.LocalCluster(n_workers=workers, silence_logs=logging.CRITICAL, **_LOCAL)


def _client(cluster: Any) -> Any:
    try:
        return _dask.Client(cluster, timeout=WAIT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # no such host, nobody answers, no such protocol
        raise ConfigError(
            f"no Dask scheduler answers at {cluster}; start it, then run again with --resume: what is done stays done"
        ) from error
