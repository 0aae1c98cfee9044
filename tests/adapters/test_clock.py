import signal
import sys
import threading
import time

import pytest
from desktop_session import PATIENCE_S

from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.zone import ZoneWatch, local_zone


def test_it_never_runs_backwards():
    clock = SystemClock()
    readings = [clock.now() for _ in range(1000)]

    assert readings == sorted(readings)


def test_it_starts_at_the_wall_clock_and_says_how_far_they_are_apart():
    clock = SystemClock()
    later = time.time() - clock.now()

    assert abs(clock.drift() - later) < 60
    assert abs(later) < 60


@pytest.mark.skipif(sys.platform != "linux", reason="the boot-time clock is Linux's")
def test_on_linux_it_follows_the_clock_that_counts_the_machines_sleep():
    clock = SystemClock()
    offsets = [clock.now() - time.clock_gettime(time.CLOCK_BOOTTIME) for _ in range(100)]

    assert max(offsets) - min(offsets) < 60


def test_no_sleep_for_a_time_that_has_passed():
    clock = SystemClock()

    clock.sleep(0.0)
    clock.sleep(-3600.0)

    assert not clock.stopped


def test_stop_wakes_every_sleeper_and_lets_nobody_sleep_again():
    clock = SystemClock()
    sleepers = [threading.Thread(target=clock.sleep, args=(3600.0,), daemon=True) for _ in range(3)]
    for sleeper in sleepers:
        sleeper.start()

    clock.stop()
    clock.stop()
    for sleeper in sleepers:
        sleeper.join(PATIENCE_S)
    clock.sleep(3600.0)

    assert clock.stopped
    assert not any(sleeper.is_alive() for sleeper in sleepers)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no alarm signal")
def test_a_signal_handler_may_stop_the_sleep_of_its_own_thread():
    clock = SystemClock()
    before = signal.signal(signal.SIGALRM, lambda *_: clock.stop())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        clock.sleep(3600.0)
    finally:
        signal.signal(signal.SIGALRM, before)

    assert clock.stopped


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such variable")
def test_a_zone_that_is_changed_is_noticed_within_a_minute(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    watch = ZoneWatch(local_zone())
    seen = [watch.changed(0.0)]
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    seen += [watch.changed(t) for t in (1.0, 31.0, 62.0)]
    monkeypatch.setenv("TZ", "No/Such")

    assert seen == [False, False, True, True]
    assert str(local_zone()) == "UTC"
