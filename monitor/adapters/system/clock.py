"""The clock: the only module that reads the time.

The time given to the core is the wall clock at the start plus the seconds elapsed since, the machine's sleep included.  So a
sleep of the machine is a gap and not an eight-hour bout, and a wall clock that is set back does no harm.  This clock only reports
the drift from the wall clock; what follows from it is decided elsewhere.
"""

import sys
import threading
import time


def _elapsed() -> float:
    """Seconds since some fixed point, the machine's sleep included; never decreasing."""
    # time.monotonic() stands still while Linux and macOS sleep, so another clock is used on those two.  On Windows both
    # counters behind it (GetTickCount64, from Python 3.13 QueryPerformanceCounter) keep counting during sleep.
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)  # mach_continuous_time
    return time.monotonic()


def time_of_day() -> float:
    """The wall clock (POSIX s); it may be set back."""
    return time.time()


class SystemClock:
    """The real time (POSIX s), with a sleep that ``stop`` ends early."""

    def __init__(self) -> None:
        self._offset = time.time() - _elapsed()
        self._stopped = False
        # A lock, not an Event: a signal handler may call stop() while sleep() is inside this object, and Event.set()
        # would then wait for ever for a lock its own thread holds.  Releasing a bare lock is one step.
        self._awake = threading.Lock()
        self._awake.acquire()

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped

    def now(self) -> float:
        """POSIX seconds: wall clock at the start plus the time elapsed since, sleep included; never decreasing."""
        return self._offset + _elapsed()

    def drift(self) -> float:
        """The difference (s) of the wall clock from ``now()``; negative when it was set back."""
        return time.time() - self.now()

    def sleep(self, seconds: float) -> None:
        """Wait this long, or until ``stop``; not at all when ``seconds`` is zero or less."""
        if self._awake.acquire(timeout=min(max(seconds, 0.0), threading.TIMEOUT_MAX)):
            self._awake.release()  # let the next sleep end too

    def stop(self) -> None:
        """End every sleep, now and later; safe in a signal handler and when called twice."""
        if not self._stopped:
            self._stopped = True
            self._awake.release()
