"""Watches a camera or a file until it ends or the person asks; a clock that was set begins a new session."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from monitor.adapters.store import Mailbox
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.load import Load
from monitor.app.home import HISTORY, Home, Pace, Watching, engine, is_live, open_camera
from monitor.core.errors import VideoUnreadable
from monitor.core.reminders.suppression import Policy, Surroundings
from monitor.live.build import vigil
from monitor.live.source import Around
from monitor.ports import Source
from monitor.run.control import Control, Controlled
from monitor.run.fault_tolerant import SteadyOrders
from monitor.run.loop import Watch
from monitor.run.shutdown import on_request

# A wall clock that differs by more from the run's own was set: what follows belongs to another session.
MAX_DRIFT_S = 60.0


def watch(here: Home, what: Watching, keep: Callable[[Source], int | None]) -> Iterator[int]:
    """The number of every session that ``keep`` made of this source: one, or one more whenever the clock was set.

    Raises MonitorError; a file that breaks off is told when all of it that could be read was kept.
    """
    if not is_live(what.source):
        yield from _recorded(here, what, keep)
        return
    again = True
    while again:
        clock = SystemClock()
        number = _attend(here, what, keep, clock)
        again = not clock.stopped and _was_set(clock)
        if number is not None:
            yield number


def _recorded(here: Home, what: Watching, keep: Callable[[Source], int | None]) -> Iterator[int]:
    clock = SystemClock()
    with ExitStack() as stack:
        control = stack.enter_context(control_of(here, what, clock))
        camera = stack.enter_context(closing(open_camera(here, what, clock)))
        eyes = stack.enter_context(closing(engine(what.model, camera.period_s)))
        stack.enter_context(on_request(clock.stop))
        number = keep(Controlled(Watch(camera, eyes, lambda: clock.stopped, control.why_not), control))
    if number is not None:
        yield number
    if remark := getattr(camera, "ended_early", None):
        raise VideoUnreadable(remark)


def _attend(here: Home, what: Watching, keep: Callable[[Source], int | None], clock: SystemClock) -> int | None:
    with ExitStack() as stack:
        control = stack.enter_context(control_of(here, what, clock))
        load = Load()
        around = Around(control.why_not, lambda: control.on_battery() or load.strain(), lambda: clock.stopped or _was_set(clock))
        source = stack.enter_context(closing(vigil(here, what, clock, around)))
        stack.enter_context(on_request(clock.stop, source.stop))
        source.open()  # a camera that is not there leaves no history behind
        return keep(Controlled(source, control))


@contextmanager
def control_of(here: Home, what: Watching, clock: SystemClock) -> Iterator[Control]:
    """What the person orders, and for what happens now also what the machine says of their surroundings."""
    from monitor.adapters.desktop_state import Lookout

    with ExitStack() as stack:
        orders = stack.enter_context(closing(SteadyOrders(Mailbox(here.folders.data / HISTORY))))
        now = is_live(what.source) or what.pace is Pace.REAL
        around = stack.enter_context(Lookout()).latest if now else _nothing_known
        # What was recorded may be looked at whatever the hour.
        yield Control(orders, around, clock, here.settings.silence.policy(here.tz) if now else Policy())


def _nothing_known() -> Surroundings | None:
    return None


def _was_set(clock: SystemClock) -> bool:
    return abs(clock.drift()) > MAX_DRIFT_S
