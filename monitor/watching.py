"""Watches a camera or a file until it ends or the person asks; a clock that was set begins a new session."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from monitor.adapters.clock import SystemClock
from monitor.adapters.strain import strain
from monitor.app import Home, Watching, engine, is_live, open_camera, vigil
from monitor.core.errors import VideoUnreadable
from monitor.loop import Watch
from monitor.ports import Source
from monitor.stopping import on_request
from monitor.vigil import Around

# A wall clock that differs by more from the run's own was set: what follows belongs to another session.
MAX_DRIFT_S = 60.0


def watch(
    here: Home, what: Watching, keep: Callable[[Source], int | None], why_not: Callable[[float], str | None] = lambda _t: None
) -> Iterator[int]:
    """The number of every session that ``keep`` made of this source: one, or one more whenever the clock was set.

    While ``why_not(t)`` names a reason, a camera is let go and nobody looks.  Raises MonitorError; a file that breaks off is told
    when all of it that could be read was kept.
    """
    if not is_live(what.source):
        yield from _recorded(here, what, keep)
        return
    again = True
    while again:
        clock = SystemClock()
        number = _attend(here, what, keep, clock, why_not)
        again = not clock.stopped and _was_set(clock)
        if number is not None:
            yield number


def _recorded(here: Home, what: Watching, keep: Callable[[Source], int | None]) -> Iterator[int]:
    clock = SystemClock()
    with ExitStack() as stack:
        camera = stack.enter_context(closing(open_camera(here, what, clock)))
        eyes = stack.enter_context(closing(engine(what.model, camera.period_s)))
        stack.enter_context(on_request(clock.stop))
        number = keep(Watch(camera, eyes, lambda: clock.stopped))
    if number is not None:
        yield number
    if remark := getattr(camera, "ended_early", None):
        raise VideoUnreadable(remark)


def _attend(
    here: Home, what: Watching, keep: Callable[[Source], int | None], clock: SystemClock, why_not: Callable[[float], str | None]
) -> int | None:
    around = Around(why_not, strain, lambda: clock.stopped or _was_set(clock))
    with closing(vigil(here, what, clock, around)) as source, on_request(clock.stop, source.stop):
        return keep(source)


def _was_set(clock: SystemClock) -> bool:
    return abs(clock.drift()) > MAX_DRIFT_S
