"""Ends a run in order on a signal or a request."""

import _thread
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

LOOK_S = 0.5


@contextmanager
def on_request(*stop: Callable[[], object]) -> Iterator[None]:
    """While inside, Ctrl-C and SIGTERM call ``stop``, and the run ends itself; a second Ctrl-C interrupts at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for call in stop:
            call()

    for number in before:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ended_when(*over: Callable[[], bool]) -> Iterator[None]:
    """While inside, the process is ended, as by SIGTERM, as soon as one of ``over()`` is true.

    A thread of its own polls, so that a hanging camera or disk does not prevent the end.
    """

    def look() -> None:
        if any(call() for call in over):
            _thread.interrupt_main(signal.SIGTERM)  # repeated, because it has no effect before the handler is installed

    with again_and_again(look, "end"):
        yield


@contextmanager
def again_and_again(look: Callable[[], object], name: str) -> Iterator[None]:
    """While inside, ``look()`` is called every half second, in a thread of its own called ``name``."""
    inside = threading.Event()

    def looking() -> None:
        while not inside.wait(LOOK_S):
            look()

    thread = threading.Thread(target=looking, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        inside.set()
        thread.join()
