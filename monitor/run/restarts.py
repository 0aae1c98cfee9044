"""Runs sessions on a camera or a file until it ends or is stopped; a changed clock or time zone begins a new session."""

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
from monitor.app.scene import Scene
from monitor.core.errors import VideoUnreadable
from monitor.core.reminders.suppression import DesktopState, Suppression, SuppressionPolicy
from monitor.live.build import live_source
from monitor.live.source import RunConditions
from monitor.ports import Source
from monitor.run.control import Control
from monitor.run.fault_tolerant import FaultTolerantQueue
from monitor.run.loop import Watch
from monitor.run.shutdown import on_request

Record: TypeAlias = Callable[[Home, Source, Control], int | None]

# A wall clock that differs by more (s) from the run's own was set: a new session begins.
MAX_DRIFT_S = 60.0


def watch(home: Home, what: WatchOptions, record: Record) -> Iterator[int]:
    """The number of every session that ``record`` made of this source: one, and one more for every change of clock or time zone.

    Raises MonitorError; for a truncated file only after all of it that could be read was recorded.
    """
    if not is_live(what.source):
        yield from _recorded(home, what, record)
        return
    again = True
    while again:
        clock = SystemClock()
        clock_changed = _clock_changed(home, clock)
        number = _live(home, what, record, clock, clock_changed)
        again = not clock.stopped and clock_changed()
        home = replace(home, tz=local_zone())
        if number is not None:
            yield number


def _recorded(home: Home, what: WatchOptions, record: Record) -> Iterator[int]:
    clock = SystemClock()
    with ExitStack() as stack:
        control = stack.enter_context(control_of(home, what, clock))
        scene = Scene(home.settings.camera.rotate, lambda line: source.say(line))  # noqa: PLW0108  # it is set later
        camera = stack.enter_context(closing(open_camera(home, what, clock, scene)))
        pose_engine = stack.enter_context(closing(engine(what.model, camera.period_s, scene, what.shoulder_width)))
        stack.enter_context(on_request(clock.stop))
        source = Watch(camera, pose_engine, lambda: clock.stopped, control.pause_reason)
        number = record(home, source, control)
    if number is not None:
        yield number
    if remark := camera.remark:
        raise VideoUnreadable(remark)


def _live(home: Home, what: WatchOptions, record: Record, clock: SystemClock, over: Callable[[], bool]) -> int | None:
    with ExitStack() as stack:
        control = stack.enter_context(control_of(home, what, clock))
        load = Load()
        conditions = RunConditions(
            control.pause_reason, lambda: control.on_battery() or load.strain(), lambda: clock.stopped or over()
        )
        source = stack.enter_context(closing(live_source(home, what, clock, conditions)))
        stack.enter_context(on_request(clock.stop, source.stop))
        source.open()  # a camera that is not there leaves no history behind
        return record(home, source, control)


@contextmanager
def control_of(home: Home, what: WatchOptions, clock: SystemClock) -> Iterator[Control]:
    """The person's commands and, unless a recording is analysed, the desktop state."""
    from monitor.adapters.desktop_state import DesktopStatePoller

    with ExitStack() as stack:
        commands = stack.enter_context(closing(FaultTolerantQueue(CommandQueue(home.folders.data / HISTORY))))
        now = is_live(what.source) or what.pace is Pace.REAL
        read_desktop = stack.enter_context(DesktopStatePoller(on_battery)).latest if now else _unknown_desktop
        # A recording may be analysed at any hour.
        hours = None if now else SuppressionPolicy()
        yield Control(commands, read_desktop, clock, Suppression(home.settings.policy(home.tz)), hours)


def _unknown_desktop() -> DesktopState | None:
    return None


def _clock_changed(home: Home, clock: SystemClock) -> Callable[[], bool]:
    """A function that tells whether clock or time zone were changed since now: quiet hours and days follow the local clock."""
    zone = ZoneWatch(home.tz)
    return lambda: abs(clock.drift()) > MAX_DRIFT_S or zone.changed(clock.now())
