"""Notifications with buttons, through desktop-notifier: one at a time, and withdrawn when they are over.

The library needs an event loop of its own and reports a failure only by a missing callback; both are handled here.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from monitor.core.errors import NotifyError
from monitor.ports import Notification

APP = "Posture monitor"
# The longest time (s) that the run's loop waits.
LIMIT_S = 5.0
# Shown for this long (s) without a response.
SHOWN_S = 60

# Errors of a library that is partly installed, or whose dependencies have other versions.
_BROKEN = (AttributeError, ImportError, NameError, OSError, RuntimeError, SyntaxError, TypeError, ValueError)

_T = TypeVar("_T")


class ButtonNotifier:
    """A Notifier whose notifications have buttons, labels by name as in ``buttons()``; ``pressed(name)`` is called from a thread.

    ``written`` gives title and body as the desktop wants them.  Raises NotifyError if the library is missing.
    """

    def __init__(
        self,
        buttons: Callable[[], Mapping[str, str]],
        pressed: Callable[[str], None],
        written: Callable[[Notification], tuple[str, str]],
        limit_s: float = LIMIT_S,
    ) -> None:
        try:
            import desktop_notifier

            self._button = desktop_notifier.Button
            self._center: Any = desktop_notifier.DesktopNotifier(app_name=APP, app_icon=None)
        except ModuleNotFoundError as error:
            raise NotifyError('no buttons: desktop-notifier is missing; pip install "posture-monitor[buttons]"') from error
        except _BROKEN as error:
            told = " ".join(str(error).split())
            raise NotifyError(
                f"no buttons: desktop-notifier is broken ({type(error).__name__}: {told}); install it again"
            ) from error
        self._library, self._labels, self._pressed = desktop_notifier, buttons, pressed
        self._written, self._limit_s = written, limit_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="buttons", daemon=True)
        self._thread.start()
        self._shown: str | None = None

    def probe(self) -> str:
        """The name of this channel; shows nothing.  Raises NotifyError when there is no service or it shows no buttons."""
        can = self._wait(self._center.get_capabilities())
        if self._library.Capability.BUTTONS not in can:
            raise NotifyError("no buttons: this desktop shows none; plain notifications are used")
        return "desktop-notifier"

    def notify(self, notification: Notification) -> None:
        """Show it, replacing the one before.  Raises NotifyError."""
        title, body = self._written(notification)
        self.withdraw()
        self._shown = self._wait(self._show(title, body, answers=notification.answers))

    def withdraw(self) -> None:
        """Withdraw the last one; does nothing if it, or the desktop, is already gone."""
        shown, self._shown = self._shown, None
        if shown is not None:
            asyncio.run_coroutine_threadsafe(self._clear(shown), self._loop)

    def close(self) -> None:
        """Disconnect from the desktop and end the thread; may be called twice."""
        if self._loop.is_closed():
            return
        with suppress(NotifyError):
            self._wait(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(self._limit_s)
        self._loop.close()

    async def _leave(self) -> None:
        """End all calls that still wait; the library itself never hangs up."""
        bus = getattr(self._center._backend, "bus", None)  # noqa: SLF001  # it has no other name
        if bus is not None and bus.connected:
            bus.disconnect()
            with suppress(OSError, EOFError):
                await bus.wait_for_disconnect()

    async def _show(self, title: str, body: str, *, answers: bool) -> str:
        sent = asyncio.Event()
        labels = self._labels() if answers else {}
        buttons = [self._button(title=label, on_pressed=partial(self._press, name)) for name, label in labels.items()]
        shown: str = await self._center.send(title, body, buttons=buttons, on_dispatched=sent.set, timeout=SHOWN_S)
        if not sent.is_set():
            raise NotifyError("no desktop notification: the desktop refused it; see that other programs can show one")
        return shown

    async def _clear(self, shown: str) -> None:
        if shown in await self._center.get_current_notifications():
            await self._center.clear(shown)

    def _press(self, name: str) -> None:
        self._shown = None
        self._pressed(name)

    def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            error = future.exception(self._limit_s)
        except TooLong as late:
            future.cancel()
            raise NotifyError(f"no desktop notification: the desktop had no answer within {self._limit_s:g} s") from late
        if error is not None:
            told = " ".join(str(error).split())
            raise NotifyError(f"no desktop notification: desktop-notifier failed: {type(error).__name__}: {told}") from error
        return future.result()
