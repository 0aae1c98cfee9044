"""Whether the screen is locked, and whether one program fills it."""

import os
import re
import sys

from monitor.adapters.desktop_state.ask_program import answer

_MANAGER = "org.freedesktop.login1"
_SAVER, _SAVER_OBJECT = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"


def locked() -> bool | None:
    """Whether the session is locked now."""
    if sys.platform == "linux":
        return _locked_on_linux()
    if sys.platform == "darwin":
        text = answer("ioreg", "-n", "Root", "-d1")
        return None if text is None else bool(re.search(r'"CGSSessionScreenIsLocked"\s*=\s*(Yes|1)', text))
    return None


def _locked_on_linux() -> bool | None:
    from monitor.adapters.desktop_state.bus import SESSION, SYSTEM, call, property_of

    session = os.environ.get("XDG_SESSION_ID", "auto")
    path = f"/org/freedesktop/login1/session/{'auto' if session == 'auto' else _escaped(session)}"
    hint = property_of(SYSTEM, _MANAGER, path, f"{_MANAGER}.Session", "LockedHint")
    # Not every screen locker reports to the login manager.
    told = hint or call(SESSION, _SAVER, _SAVER_OBJECT, (_SAVER, "GetActive")) or hint
    return told if isinstance(told, bool) else None


def _escaped(session: str) -> str:
    """A session's name as D-Bus writes it in a path: a leading digit and every sign as its code."""
    plain = [c.isalpha() or (i and c.isdigit()) for i, c in enumerate(session)]
    return "".join(c if fits else f"_{ord(c):02x}" for c, fits in zip(session, plain, strict=True))


def full_screen() -> bool | None:
    """Whether the active window fills the screen, on X11 and Windows; None on Wayland, which does not report it."""
    if sys.platform == "win32":
        from monitor.adapters.desktop_state.windows import FULL, notification_state

        state = notification_state()
        return None if state is None else state in FULL
    if sys.platform != "linux" or not os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    front = re.search(r"window id # (0x[0-9a-f]+)", answer("xprop", "-root", "_NET_ACTIVE_WINDOW") or "")
    if front is None or front[1] == "0x0":
        return None
    state = answer("xprop", "-id", front[1], "_NET_WM_STATE")
    return None if state is None else "_NET_WM_STATE_FULLSCREEN" in state
