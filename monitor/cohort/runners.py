"""Where jobs are processed: in this process, in processes of this machine, or on a Dask cluster.

Each hands back what became of every job, in whatever order.  A worker that dies takes down the job that it had, no other.
"""

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from enum import StrEnum
from multiprocessing import get_context
from typing import TypeAlias

from monitor.cohort.job import Job, JobOutcome, run_job

WORKER_DIED = JobOutcome(reason="WorkerDied", message="the worker died of it twice; see whether memory runs out")
# Libraries that would start a thread for each core in each worker.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
_Outcomes: TypeAlias = Iterator[tuple[int, JobOutcome]]


class Runner(StrEnum):
    """Where jobs are processed."""

    LOCAL = "local"
    PROCESSES = "processes"
    DASK = "dask"


def in_this_process(jobs: Sequence[Job]) -> _Outcomes:
    """The place of each job and what became of it."""
    yield from ((number, run_job(job)) for number, job in enumerate(jobs))


def in_processes(jobs: Sequence[Job], workers: int) -> _Outcomes:
    """The same, by so many processes; a job whose worker died is tried once more, alone."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    waiting = deque(range(len(jobs)))
    while waiting:
        for number in (yield from _pooled(jobs, waiting, workers)):
            if (yield from _pooled(jobs, deque([number]), 1)):
                yield number, WORKER_DIED


def on_dask(jobs: Sequence[Job], scheduler: str | None, workers: int) -> _Outcomes:
    """The same on a Dask cluster: the one of ``scheduler``, or one of so many workers on this machine.  Raises ConfigError."""
    from monitor.adapters.dask_cluster import on_cluster

    for name in _THREADS:
        os.environ.setdefault(name, "1")
    for number, done in on_cluster(run_job, jobs, scheduler, workers):
        yield number, WORKER_DIED if done is None else done


def _pooled(jobs: Sequence[Job], waiting: deque[int], workers: int) -> Generator[tuple[int, JobOutcome], None, list[int]]:
    """Takes jobs from ``waiting`` while their workers live; those in progress when one died."""
    running: dict[Future[JobOutcome], int] = {}
    # A process of its own, not a copy of this one: engines and their threads do not live through a copy.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    running[pool.submit(run_job, jobs[waiting[0]])] = waiting[0]
                    waiting.popleft()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    done = future.result()
                    yield running.pop(future), done
        except BrokenProcessPool:
            return sorted(running.values())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return []
