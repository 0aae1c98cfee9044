"""Watches a camera or a file until it ends or the person asks; a clock or a time zone that was set begins a new session."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TypeAlias

from monitor.adapters.store import CommandQueue
from monitor.adapters.system.battery import on_battery
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.load import Load
from monitor.adapters.system.zone import ZoneWatch, local_zone
from monitor.app.composition import engine, is_live, open_camera
from monitor.app.home import HISTORY, Home, Pace, WatchOptions
from monitor.core.errors import VideoUnreadable
from monitor.core.reminders.suppression import DesktopState, Suppression, SuppressionPolicy
from monitor.live.build import live_source
from monitor.live.source import RunConditions
from monitor.ports import Source
from monitor.run.control import Control
from monitor.run.fault_tolerant import FaultTolerantQueue
from monitor.run.loop import Watch
from monitor.run.shutdown import on_request

Keep: TypeAlias = Callable[[Home, Source, Control], int | None]

# A wall clock that differs by more from the run's own was set: what follows belongs to another session.
MAX_DRIFT_S = 60.0


def watch(home: Home, what: WatchOptions, keep: Keep) -> Iterator[int]:
    """The number of every session that ``keep`` made of this source: one, or one more whenever clock or time zone were set.

    Raises MonitorError; a file that breaks off is told when all of it that could be read was kept.
    """
    if not is_live(what.source):
        yield from _recorded(home, what, keep)
        return
    again = True
    while again:
        clock = SystemClock()
        set_anew = _set_anew(home, clock)
        number = _attend(home, what, keep, clock, set_anew)
        again = not clock.stopped and set_anew()
        home = replace(home, tz=local_zone())
        if number is not None:
            yield number


def _recorded(home: Home, what: WatchOptions, keep: Keep) -> Iterator[int]:
    clock = SystemClock()
    with ExitStack() as stack:
        control = stack.enter_context(control_of(home, what, clock))
        camera = stack.enter_context(closing(open_camera(home, what, clock)))
        eyes = stack.enter_context(closing(engine(what.model, camera.period_s)))
        stack.enter_context(on_request(clock.stop))
        number = keep(home, Watch(camera, eyes, lambda: clock.stopped, control.pause_reason), control)
    if number is not None:
        yield number
    if remark := camera.remark:
        raise VideoUnreadable(remark)


def _attend(home: Home, what: WatchOptions, keep: Keep, clock: SystemClock, over: Callable[[], bool]) -> int | None:
    with ExitStack() as stack:
        control = stack.enter_context(control_of(home, what, clock))
        load = Load()
        conditions = RunConditions(
            control.pause_reason, lambda: control.on_battery() or load.strain(), lambda: clock.stopped or over()
        )
        source = stack.enter_context(closing(live_source(home, what, clock, conditions)))
        stack.enter_context(on_request(clock.stop, source.stop))
        source.open()  # a camera that is not there leaves no history behind
        return keep(home, source, control)


@contextmanager
def control_of(home: Home, what: WatchOptions, clock: SystemClock) -> Iterator[Control]:
    """What the person orders, and for what happens now also what the machine says of their surroundings."""
    from monitor.adapters.desktop_state import DesktopStatePoller

    with ExitStack() as stack:
        orders = stack.enter_context(closing(FaultTolerantQueue(CommandQueue(home.folders.data / HISTORY))))
        now = is_live(what.source) or what.pace is Pace.REAL
        read_desktop = stack.enter_context(DesktopStatePoller(on_battery)).latest if now else _nothing_known
        # What was recorded may be looked at whatever the hour.
        hours = None if now else SuppressionPolicy()
        yield Control(orders, read_desktop, clock, Suppression(home.settings.policy(home.tz)), hours)


def _nothing_known() -> DesktopState | None:
    return None


def _set_anew(home: Home, clock: SystemClock) -> Callable[[], bool]:
    """Whether clock or time zone were set since now: quiet hours and days are those of the person's own clock."""
    zone = ZoneWatch(home.tz)
    return lambda: abs(clock.drift()) > MAX_DRIFT_S or zone.changed(clock.now())
