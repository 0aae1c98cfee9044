"""An icon in the tray, through pystray: its colour shows the state, its menu sends commands.

Many desktops have no tray (GNOME without an extension, Wayland), and on plain X11 pystray shows no menu, only a click.
"""

import os
import select
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from monitor.core.errors import NotifyError

EVERY_S = 5.0
# A click that was read by another query is handled after this (s).
LOOK_S = 0.2
SIZE = 64
# Distinguished by shape as well as by colour: a disc, two bars, a crescent, a ring.
COLOURS: Mapping[str, str] = {"watching": "#2e8b57", "paused": "#c08000", "silent": "#4a6fa5", "stopped": "#808080"}


@dataclass(frozen=True, slots=True)
class IconState:
    """The state of the icon: ``state`` (a key of COLOURS) and one line about it."""

    state: str
    title: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the menu; ``on_click`` is what a click on the icon does, ``ends`` takes the icon away."""

    label: str
    act: Callable[[], object]
    on_click: bool = False
    ends: bool = False


def picture(state: str) -> Any:
    """The icon of ``state``, 64 x 64 pixels with an alpha channel."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    draw, colour = ImageDraw.Draw(image), COLOURS[state]
    if state == "paused":
        for left in (12, 38):
            draw.rectangle((left, 8, left + 14, 56), fill=colour)
    elif state == "stopped":
        draw.ellipse((8, 8, 56, 56), outline=colour, width=8)
    else:
        draw.ellipse((8, 8, 56, 56), fill=colour)
    if state == "silent":
        draw.ellipse((24, 2, 62, 40), fill=(0, 0, 0, 0))
    return image


class Tray:
    """The icon; ``look`` is asked every few seconds, ``choices`` are its menu.

    Raises NotifyError, saying why, where there is no tray.
    """

    def __init__(self, look: Callable[[], IconState | None], choices: Sequence[Choice], every_s: float = EVERY_S) -> None:
        self._library = _library()
        self._look, self._every_s = look, every_s
        self._over = threading.Event()
        self._now = look() or IconState("stopped", "")
        items = [self._library.MenuItem(lambda _: self._now.title, None, enabled=False)]
        items += [self._library.MenuItem(c.label, partial(self._act, c), default=c.on_click) for c in choices]
        menu = self._library.Menu(*items)
        self._icon = self._library.Icon("posture-monitor", picture(self._now.state), self._now.title, menu)

    def show(self) -> None:
        """Show it until ``look`` gives None or ``close`` is called; belongs in the main thread.  Raises NotifyError."""
        if _on_x11(self._library):
            _x11_loop(self._icon, self._over, self._refresh, self._every_s)
        else:
            self._icon.run(self._keep_up)

    def close(self) -> None:
        """Remove it; may be called twice."""
        self._over.set()

    def _act(self, choice: Choice, *_: Any) -> None:
        choice.act()
        if choice.ends:
            self._over.set()
        else:
            self._refresh()

    def _keep_up(self, icon: Any) -> None:
        icon.visible = True
        while not self._over.wait(self._every_s) and self._refresh():
            pass
        icon.stop()

    def _refresh(self) -> bool:
        now = self._look()
        if now is None:
            return False
        before, self._now = self._now, now
        if now.state != before.state:
            self._icon.icon = picture(now.state)
        if now != before:
            self._icon.title = now.title
            self._icon.update_menu()
        return True


def _library() -> Any:
    """pystray, after checking that there is a tray.  Raises NotifyError."""
    if sys.platform not in ("win32", "darwin") and not os.environ.get("DISPLAY"):
        raise NotifyError("no tray: there is no X11 display (Wayland alone has none); use posture-monitor status, pause, snooze")
    if sys.platform == "linux" and (trouble := _no_display()):
        raise NotifyError(f"no tray: {trouble}; use posture-monitor status, pause, snooze")
    try:
        import pystray
    except (ImportError, ValueError) as error:
        raise NotifyError(f'no tray: {" ".join(str(error).split())}; pip install "posture-monitor[tray]"') from error
    except OSError as error:
        raise NotifyError(f"no tray: {' '.join(str(error).split())}; use posture-monitor status, pause, snooze") from error
    if _on_x11(pystray) and not _x11_has_a_tray():
        raise NotifyError("no tray: this desktop has none; use posture-monitor status, pause, snooze")
    return pystray


def _on_x11(library: Any) -> bool:
    return bool(library.Icon.__module__ == "pystray._xorg")


def _x11_loop(icon: Any, over: threading.Event, refresh: Callable[[], bool], every_s: float) -> None:
    """Show the icon and deliver its events in this one thread, until ``over`` or until ``refresh()`` is False.

    pystray 0.19.5 changes the icon in another thread while its loop reads from the same connection, which sometimes deadlocks.
    It also does not subscribe to clicks, although it waits for them.
    """
    from Xlib import X
    from Xlib.error import ConnectionClosedError, XError

    display, window = icon._display, icon._window  # noqa: SLF001
    icon._thread = threading.current_thread()  # noqa: SLF001  # its methods then act at once
    try:
        window.change_attributes(event_mask=X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask)
        icon.visible = True
        due = time.monotonic() + every_s
        while not over.is_set():
            while display.pending_events():
                event = display.next_event()
                icon._message_handlers.get(event.type, lambda _event: None)(event)  # noqa: SLF001
            if (left_s := due - time.monotonic()) > 0:
                select.select([display.fileno()], [], [], min(left_s, LOOK_S))
            elif refresh():
                _dock(icon)
                due = time.monotonic() + every_s
            else:
                break
        window.destroy()
        display.flush()
    except (ConnectionClosedError, XError, AttributeError, OSError) as error:  # the tray, or the display, is gone
        raise NotifyError(f"no tray: it is gone ({type(error).__name__}); use posture-monitor status, pause, snooze") from error


def _dock(icon: Any) -> None:
    """Dock in the tray again if not docked: a restarted tray does not know the icon."""
    window = icon._window  # noqa: SLF001
    if window.query_tree().parent == window.query_tree().root:
        with suppress(AssertionError):  # there is no tray at present
            icon._assert_docked()  # noqa: SLF001
    window.clear_area(exposures=True)  # redrawn, because some trays move an icon without an event


def _no_display() -> str | None:
    """Why the X11 display cannot be used, None if it can; pystray would fail over it while it is imported."""
    try:
        from Xlib import error
        from Xlib.display import Display
    except ImportError:
        return None
    try:
        Display().close()
    except (error.DisplayError, error.ConnectionClosedError, error.XauthError, error.XNoAuthError, OSError) as refusal:
        return " ".join(str(refusal).split())
    return None


def _x11_has_a_tray() -> bool:
    """Whether a system tray exists; without one pystray would wait for it and only log that."""
    from Xlib.display import Display

    display = Display()
    try:
        place = display.intern_atom(f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}")
        return bool(display.get_selection_owner(place))
    finally:
        display.close()
