"""Ends a run in order when the person or the system asks for it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


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
