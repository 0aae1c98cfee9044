"""Polls the desktop state in a thread of its own, so that a hanging desktop blocks nothing."""

import threading
import time
from collections.abc import Callable
from typing import Self

from monitor.adapters.desktop_state.do_not_disturb import do_not_disturb
from monitor.adapters.desktop_state.microphone import microphone
from monitor.adapters.desktop_state.screen import full_screen, locked
from monitor.core.reminders.suppression import DesktopState

# A poll costs some 2 ms of CPU time, 25 with X11, where another program is run to find the active window.
EVERY_S = 30.0
# A result is valid for this many periods.
LASTS = 3


def look(t: float, on_battery: Callable[[], bool | None]) -> DesktopState:
    """The desktop state at ``t`` (POSIX s)."""
    return DesktopState(t, do_not_disturb(), full_screen(), microphone(), locked(), on_battery())


class DesktopStatePoller:
    """Holds the latest desktop state; a context manager that polls while it is open.

    A state older than three periods counts as unknown: a hanging desktop or a failed poll must not leave the screen "locked" for
    ever.
    """

    def __init__(
        self,
        on_battery: Callable[[], bool | None],
        every_s: float = EVERY_S,
        looked: Callable[[float, Callable[[], bool | None]], DesktopState] = look,
    ) -> None:
        self._on_battery, self._every_s, self._look = on_battery, every_s, looked
        self._latest: DesktopState | None = None
        self._at = time.monotonic()
        self._over = threading.Event()
        self._thread = self._begun()

    def latest(self) -> DesktopState | None:
        """The latest state (its ``t`` is 0: the caller sets the time), None before the first."""
        if time.monotonic() - self._at > LASTS * self._every_s:
            self._at, self._latest = time.monotonic(), (unknown := DesktopState(0.0))
            if not self._thread.is_alive() and not self._over.is_set():
                self._thread = self._begun()
                self._thread.start()
            return unknown
        return self._latest

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _begun(self) -> threading.Thread:
        return threading.Thread(target=self._watch, name="lookout", daemon=True)

    def _watch(self) -> None:
        while not self._over.is_set():
            self._latest = self._look(0.0, self._on_battery)
            self._at = time.monotonic()
            self._over.wait(self._every_s)
