"""Notifications on the person's own desktop, through plyer.

plyer 2.1 selects a back-end by itself, with several problems: it prints a traceback or a warning when something is missing,
treats any machine with a folder ``/app`` as a Flatpak, and on Linux without dbus-python runs ``notify-send`` with ``-t 0`` (never
closes), without ``--`` (a title ``-x`` becomes an option) and ignores the exit code.  So the back-end is selected here, by the
table BACKENDS: plyer's own class where it works, else the program it would run, called correctly.

A notification that was sent may still not be seen: no back-end reports "do not disturb".
"""

import atexit
import html
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.adapters.notify.desktop.clipping import clean, clip
from monitor.core.errors import NotifyError
from monitor.ports import Notification

APP = "Posture monitor"
# The sizes in Windows' NOTIFYICONDATAW (64, 256), in UTF-16 code units, minus the closing zero.  Used on all systems.
TITLE_UNITS = 63
BODY_UNITS = 255
# Shown for this long (s): forty words take about 12 s to read, the rest is for noticing.
SHOWN_S = 15
# The longest time (s) that the run's loop waits for the desktop.
LIMIT_S = 5.0
# plyer's balloon either fails in milliseconds or sleeps while it is shown; silence after a second means that it is.
BALLOON_FAILS_WITHIN_S = 1.0

_SERVICE = "org.freedesktop.Notifications"
_OBJECT = "/org/freedesktop/Notifications"
_ASK_CAPABILITIES = (
    *("dbus-send", "--session", "--print-reply", f"--dest={_SERVICE}", _OBJECT),
    f"{_SERVICE}.GetCapabilities",
)


@dataclass(frozen=True, slots=True)
class Backend:
    """One way to show a notification.

    ``takes_markup(limit_s)`` tells whether the body is read as markup, and ``show(title, body, limit_s)`` shows it;
    both raise NotifyError when nobody answers in time.
    """

    name: str
    usable: Callable[[], bool]
    takes_markup: Callable[[float], bool]
    show: Callable[[str, str, float], None]


@dataclass(frozen=True, slots=True)
class DesktopNotifier:
    """A Notifier that shows a notification on the desktop, or raises NotifyError within ``limit_s`` seconds."""

    limit_s: float = LIMIT_S

    def probe(self) -> str:
        """The name of the back-end that will be used; shows nothing.  Raises NotifyError with the reason when there is none."""
        backend = choose(sys.platform)
        backend.takes_markup(self.limit_s)
        return backend.name

    def notify(self, notification: Notification) -> None:
        """Show it, its text exactly as written, shortened where a desktop would refuse it.  Raises NotifyError."""
        backend = choose(sys.platform)
        half_s = self.limit_s / 2  # half of the time to query, half to show
        backend.show(*_written(notification, markup=backend.takes_markup(half_s)), half_s)

    def written(self, notification: Notification) -> tuple[str, str]:
        """Title and body as this desktop needs them, for another channel.  Raises NotifyError."""
        return _written(notification, markup=choose(sys.platform).takes_markup(self.limit_s / 2))

    def withdraw(self) -> None:
        """Nothing to do: plyer cannot withdraw, and each closes by itself."""


def _written(notification: Notification, *, markup: bool) -> tuple[str, str]:
    title = clip(" ".join(clean(notification.title).split()) or APP, TITLE_UNITS)
    body = clip(clean(notification.body), BODY_UNITS)
    return title, html.escape(body, quote=False) if markup else body


def notify_send_command(title: str, body: str) -> list[str]:
    """The argument list for notify-send: it closes by itself, is not kept in a list, and no text is read as an option."""
    doubled = body.replace("\\", "\\\\")  # notify-send reads \n and the like in the body, not in the title
    return ["notify-send", "-a", APP, "-t", str(SHOWN_S * 1000), "-h", "int:transient:1", "--", title, doubled]


def osascript_command(title: str, body: str) -> list[str]:
    """The argument list for macOS's osascript, both texts as AppleScript strings."""
    quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in (body, title)]
    return ["osascript", "-e", "display notification {} with title {}".format(*quoted)]


def within(limit_s: float, call: Callable[[], object], *, lingers: bool = False) -> None:
    """None once ``call`` has ended well in a thread of its own, or still runs after ``limit_s`` s and ``lingers``.

    A daemon thread, so that a hanging desktop blocks neither the loop nor the end of the program.  Raises NotifyError when it
    failed, or is still running and not ``lingers``.
    """
    outcome = _Outcome()

    def work() -> None:
        with outcome:
            call()

    thread = threading.Thread(target=work, name="desktop notification", daemon=True)
    thread.start()
    thread.join(limit_s)
    if outcome.error is not None:
        raise _failure("plyer", f"failed: {type(outcome.error).__name__}: {outcome.error}") from outcome.error
    if thread.is_alive() and not lingers:
        raise _failure("plyer", f"did not end within {limit_s:g} s")


# What a desktop's failure is raised as, by Python and by the libraries below plyer, which need not be installed; plyer itself
# raises a bare Exception.  Anything else is a bug and keeps its traceback.
_FAILURES = (OSError, ImportError, RuntimeError, ValueError)
_FAILURES_BELOW = frozenset({"DBusException", "ObjcException", "ArgumentError"})


class _Outcome:
    """Catches a desktop's failure in a block and keeps it."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.error = error
        if kind is None:
            return False
        below = {base.__name__ for base in kind.__mro__}
        return kind is Exception or issubclass(kind, _FAILURES) or not below.isdisjoint(_FAILURES_BELOW)


def _failure(name: str, reason: str) -> NotifyError:
    one_line = " ".join(reason.split())
    return NotifyError(
        f"no desktop notification: {name} {one_line}; see that other programs can show one, or choose --notify console"
    )


def _run(command: Sequence[str], limit_s: float) -> str:
    """Standard output of ``command``.  Raises NotifyError when it fails or takes longer than ``limit_s`` s."""
    try:
        return subprocess.run(  # noqa: S603 (a fixed program; the texts are arguments, no shell reads them)
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=True,
            encoding="utf-8",
            errors="replace",
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise _failure(command[0], f"had no answer within {limit_s:g} s") from error
    except subprocess.CalledProcessError as error:
        raise _failure(command[0], f"failed: {error.stderr.strip() or error.returncode}") from error
    except OSError as error:
        raise _failure(command[0], f"cannot be run: {error}") from error


def _service_takes_markup(limit_s: float) -> bool:
    """Whether the session's notification service reads the body as markup.  Raises NotifyError when there is no such service."""
    socket = Path(os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}"), "bus")
    # Without this check D-Bus would start a bus of its own without a notification service.
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and not socket.exists():
        raise _failure("the desktop session", f"was not found (DBUS_SESSION_BUS_ADDRESS is not set, {socket} is not there)")
    # Without a program to query it: the services of all major desktops read markup.
    return shutil.which(_ASK_CAPABILITIES[0]) is None or "body-markup" in _run(_ASK_CAPABILITIES, limit_s)


def _show_notify_send(title: str, body: str, limit_s: float) -> None:
    _run(notify_send_command(title, body), limit_s)


def _show_osascript(title: str, body: str, limit_s: float) -> None:
    _run(osascript_command(title, body), limit_s)


def _show_dbus(title: str, body: str, limit_s: float) -> None:
    def call() -> None:
        from plyer.platforms.linux.notification import NotifyDbus

        # GNOME ignores the time-out and would keep each one in its list.
        NotifyDbus().notify(title=title, message=body, app_name=APP, timeout=SHOWN_S, hints={"transient": True})

    within(limit_s, call)


def _show_pyobjus(title: str, body: str, limit_s: float) -> None:
    def call() -> None:
        from plyer.platforms.macosx.notification import OSXNotification

        OSXNotification().notify(title=title, message=body, app_name=APP)

    within(limit_s, call)


def _show_balloon(title: str, body: str, limit_s: float) -> None:
    def call() -> None:
        from plyer.platforms.win.libs.balloontip import WindowsBalloonTip

        # plyer starts a thread of its own for this, where an exception would be lost.  No icon: Windows refuses all but .ico.
        tip = WindowsBalloonTip(title, body, APP, timeout=SHOWN_S)
        # plyer keeps every balloon until the program ends, and with it an icon in the tray.
        atexit.unregister(tip.__del__)

    within(min(limit_s, BALLOON_FAILS_WITHIN_S), call, lingers=True)


def _found(module: str) -> Callable[[], bool]:
    return lambda: find_spec(module) is not None


def _on_path(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


# By sys.platform; the first usable one is taken.
BACKENDS: Mapping[str, tuple[Backend, ...]] = {
    "linux": (
        Backend("plyer (dbus-python)", _found("dbus"), _service_takes_markup, _show_dbus),
        Backend("notify-send", _on_path("notify-send"), _service_takes_markup, _show_notify_send),
    ),
    "darwin": (
        Backend("plyer (pyobjus)", _found("pyobjus"), lambda _: False, _show_pyobjus),
        Backend("osascript", _on_path("osascript"), lambda _: False, _show_osascript),
    ),
    "win32": (Backend("plyer (balloon)", lambda: True, lambda _: False, _show_balloon),),
}


def choose(platform: str) -> Backend:
    """The first back-end that this machine has for ``platform`` (a ``sys.platform``).  Raises NotifyError when it has none."""
    table = BACKENDS.get(platform, BACKENDS["linux"])  # the BSDs have the same desktops
    backend = next((b for b in table if b.usable()), None)
    if backend is None:
        names = " nor ".join(b.name for b in table)
        raise NotifyError(
            f"no desktop notification: neither {names} is here; install one (Debian: libnotify-bin), or choose --notify console"
        )
    return backend
