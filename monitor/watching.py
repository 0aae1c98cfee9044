"""Watches a camera or a file until it ends or the person asks; a clock that was set begins a new session."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from monitor.adapters.clock import SystemClock
from monitor.adapters.store import Mailbox
from monitor.app import HISTORY, Home, Pace, Watching, engine, is_live, open_camera
from monitor.control import Control, Controlled
from monitor.core.errors import VideoUnreadable
from monitor.core.silence import Policy, Surroundings
from monitor.loop import Watch
from monitor.ports import Source
from monitor.stopping import on_request

# A wall clock that differs by more from the run's own was set: what follows belongs to another session.
MAX_DRIFT_S = 60.0


def watch(here: Home, what: Watching, keep: Callable[[Source], int | None]) -> Iterator[int]:
    """The number of every session that ``keep`` made of this source: one, or one more whenever the clock was set.

    Raises MonitorError; a file that breaks off is told when all of it that could be read was kept.
    """
    again = True
    while again:
        clock = SystemClock()
        with ExitStack() as stack:
            control = stack.enter_context(control_of(here, what, clock))
            camera = stack.enter_context(closing(open_camera(here, what, clock)))
            eyes = stack.enter_context(closing(engine(what.model, camera.period_s)))
            stack.enter_context(on_request(clock.stop, getattr(camera, "stop", bool)))
            number = keep(Controlled(Watch(camera, eyes, partial(_is_over, what, clock), control.why_not), control))
            again = not clock.stopped and _is_over(what, clock)
        if number is not None:
            yield number
        if remark := getattr(camera, "ended_early", None):
            raise VideoUnreadable(remark)


@contextmanager
def control_of(here: Home, what: Watching, clock: SystemClock) -> Iterator[Control]:
    """What the person orders, and for what happens now also what the machine says of their surroundings."""
    from monitor.adapters.surroundings import Lookout

    with ExitStack() as stack:
        mailbox = stack.enter_context(closing(Mailbox(here.folders.data / HISTORY)))
        now = is_live(what.source) or what.pace is Pace.REAL
        around = stack.enter_context(Lookout()).latest if now else _nothing_known
        # What was recorded may be looked at whatever the hour.
        yield Control(mailbox, around, clock, here.settings.silence.policy(here.tz) if now else Policy())


def _nothing_known() -> Surroundings | None:
    return None


def _is_over(what: Watching, clock: SystemClock) -> bool:
    return clock.stopped or (is_live(what.source) and abs(clock.drift()) > MAX_DRIFT_S)
