"""Notifications on a real desktop: the laws of the texts first, then a real daemon that shows them, hangs, or is not there."""

import html
import os
import re
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from desktop_session import need
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.adapters.notify.desktop import (
    APP,
    BACKENDS,
    BODY_UNITS,
    SHOWN_S,
    TITLE_UNITS,
    DesktopNotifier,
    choose,
    notify_send_command,
    osascript_command,
    within,
)
from monitor.adapters.notify.desktop.clipping import clean, clip
from monitor.core.errors import NotifyError
from monitor.ports import Notification

ROOT = Path(__file__).parents[2]
NOTE = Notification("Time for a change", "Sitting for 31 min; last break at 10:12. Stand up and walk about a little.")
# Alone, in pairs and in long runs: what a careless cut would leave in halves.
SIGNS = ["a", " ", "e\u0301", "😀", "👩\u200d💻", "👍🏽", "🇳🇱", "❤\ufe0f"]
TEXTS = st.text() | st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)
UNITS = st.integers(1, 80)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(st.characters(exclude_categories=["Cs"])) | TEXTS, UNITS)
@example("\u0301" * 300, TITLE_UNITS)
def test_a_clipped_text_is_valid_unicode_and_never_over_the_limit(text, limit):
    assert units(clip(text, limit)) <= limit


@given(TEXTS, UNITS)
def test_a_text_that_fits_stays_and_one_that_does_not_keeps_its_beginning(text, limit):
    clipped = clip(text, limit)

    if units(text) <= limit:
        assert text == clipped
    else:
        assert clipped.endswith("…")
        assert text.startswith(clipped[:-1])


@given(st.lists(st.sampled_from(SIGNS), max_size=60), UNITS)
def test_no_sign_is_cut_in_halves(signs, limit):
    text = "".join(signs)
    kept = clip(text, limit).removesuffix("…")
    whole = ["".join(signs[:n]) for n in range(len(signs) + 1)]

    assert kept in [part.rstrip() for part in whole] or kept == text


@given(st.text(st.characters(codec="utf-16")), st.integers(1, 300))
def test_what_follows_the_cut_does_not_belong_to_what_precedes_it(text, limit):
    kept = clip(text, limit).removesuffix("…")
    rest = text[len(kept) :]

    assert not kept.endswith("\u200d") or not rest
    assert not rest or not kept or not unicodedata.category(rest[0]).startswith("M")


@given(st.text(st.characters()))
def test_a_clean_text_travels_and_keeps_its_length(text):
    cleaned = clean(text)

    assert len(text) == len(cleaned)
    cleaned.encode()
    assert {"Cc", "Cs"}.isdisjoint(unicodedata.category(c) for c in cleaned if c != "\n")


def test_an_ordinary_text_is_clean():
    text = "Stand up 👩\u200d💻,\nwalk: é & ü"

    assert text == clean(text)


@given(st.text(), st.text())
def test_an_apple_script_holds_both_texts_as_written(title, body):
    _, _, script = osascript_command(title, body)

    # Read as AppleScript does: a backslash makes the next character plain.
    texts, inside, plain = [], False, False
    for c in script:
        if plain or (inside and c not in '\\"'):
            texts[-1] += c
            plain = False
        elif c == "\\":
            plain = True
        elif c == '"':
            inside = not inside
            texts += [""] * inside
    assert [body, title] == texts


def test_notify_send_gets_a_time_limit_and_texts_that_are_no_options():
    command = notify_send_command("-t 0", "C:\\new")

    assert str(SHOWN_S * 1000) == command[command.index("-t") + 1]
    assert command[-3:] == ["--", "-t 0", "C:\\\\new"]


@pytest.mark.parametrize("platform", BACKENDS)
def test_each_system_has_back_ends_with_names_of_their_own(platform):
    names = [backend.name for backend in BACKENDS[platform]]

    assert len(names) == len(set(names)) > 0
    assert any(name.startswith("plyer") for name in names)


def test_windows_always_has_its_balloon():
    assert choose("win32").name == "plyer (balloon)"


class DBusException(Exception):  # by its library's name
    """As dbus-python raises it, which need not be installed."""


class ServiceUnknown(DBusException):
    """One of its kind."""


def outcome_of(failure):
    def fail() -> None:
        raise failure

    with pytest.raises(NotifyError) as refused:
        within(5, fail)
    return str(refused.value)


def test_a_desktops_failure_becomes_one_line_and_a_bug_keeps_its_traceback_too(monkeypatch):
    traced = []
    monkeypatch.setattr(threading, "excepthook", lambda bug: traced.append(bug.exc_type))
    failures = [OSError, ImportError, ValueError, Exception, ServiceUnknown]

    for kind in [*failures, ArithmeticError]:
        assert f"plyer failed: {kind.__name__}: string too long" in outcome_of(kind("string\ntoo long"))
    assert traced == [ArithmeticError]


def test_a_call_that_hangs_is_left_behind_and_one_that_may_linger_is_not_a_failure():
    end = threading.Event()

    with pytest.raises(NotifyError, match=r"did not end within 0\.05 s"):
        within(0.05, end.wait)
    within(0.05, end.wait, lingers=True)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "desktop notification")
    end.set()


def test_a_real_daemon_shows_it_and_lets_it_go(dunst):
    need("notify-send")

    DesktopNotifier().notify(NOTE)

    (shown,) = dunst.shown()
    assert (NOTE.title, NOTE.body, APP) == (shown["summary"], shown["body"], shown["appname"])
    assert shown["timeout"] == SHOWN_S * 1_000_000


@pytest.mark.parametrize("dunst", ["full", "no"], indirect=True, ids="markup {}".format)
@pytest.mark.parametrize("title", ["--help", "-t", "<b>&amp;", "50 %s %n\\n", "👩\u200d💻 é ".strip(), "'\"`$(true)"])
def test_a_hostile_text_appears_as_written(dunst, title):
    need("notify-send")
    body = f"{title}\n<i>a</i> & b < c &amp; C:\\new"

    DesktopNotifier().notify(Notification(title, body))

    (shown,) = dunst.shown()
    assert title == shown["summary"]
    # As it is drawn: an entity for each sign that markup would take for itself.
    drawn = "".join(re.findall("(?s)</b>\n(.*)", shown["message"]))
    assert body == html.unescape(drawn)


def test_long_control_filled_and_empty_texts_are_shown_all_the_same(dunst):
    need("notify-send")

    DesktopNotifier().notify(Notification("T😀" * 90, "b\0\ud800\x1b" * 300))
    DesktopNotifier().notify(Notification("", ""))

    long, empty = dunst.shown()
    assert units(long["summary"]) <= TITLE_UNITS
    assert units(long["body"]) <= BODY_UNITS
    assert (empty["summary"], empty["body"]) == (APP, "")


def test_the_probe_names_the_back_end_and_shows_nothing(dunst):
    need("notify-send")

    assert DesktopNotifier().probe() in [backend.name for backend in BACKENDS["linux"]]
    assert dunst.shown() == []


def test_a_daemon_that_hangs_is_given_up(dunst):
    need("notify-send")
    dunst.freeze()

    with pytest.raises(NotifyError, match=r"had no answer within 0\.2 s"):
        DesktopNotifier(limit_s=0.4).notify(NOTE)
    with pytest.raises(NotifyError, match=r"had no answer within 0\.4 s"):
        DesktopNotifier(limit_s=0.4).probe()


def test_a_bus_without_a_daemon_is_a_reason(session_bus):
    need("notify-send")

    with pytest.raises(NotifyError, match=r"dbus-send failed: .*ServiceUnknown"):
        DesktopNotifier().probe()
    with pytest.raises(NotifyError, match=r"dbus-send failed: .*ServiceUnknown"):
        DesktopNotifier().notify(NOTE)


def test_a_dead_bus_is_a_reason(monkeypatch, tmp_path):
    need("notify-send", "dbus-send")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/gone")

    with pytest.raises(NotifyError, match=r"dbus-send failed: .*gone"):
        DesktopNotifier().notify(NOTE)


def test_no_session_at_all_is_a_reason_and_starts_none(monkeypatch, tmp_path):
    need("notify-send")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    with pytest.raises(NotifyError, match="DBUS_SESSION_BUS_ADDRESS is not set"):
        DesktopNotifier().probe()


SCRIPT = """
from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.ports import Notification
from monitor.adapters.notify.desktop.clipping import clean, clip

notifier = FallbackNotifier(DesktopNotifier(), ConsoleNotifier(print))
print(notifier.health)
notifier.notify(Notification("Time for a change", "Stand up."))
print(notifier.health)
"""


def run_script(**environment: str) -> list[str]:
    """The lines that a fresh Python prints; it must print nothing on standard error."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_with_no_back_end_the_console_takes_over_and_nothing_else_is_printed(tmp_path):
    first, *shown, last = run_script(PATH=str(tmp_path))

    assert first == last
    assert first.startswith("console: no desktop notification: neither plyer (dbus-python) nor notify-send is here")
    assert shown == ["> Time for a change", "  Stand up."]


# dbus-python needs a compiler, so its place is taken by a module that hands the call on, or fails as the real one does.
DBUS = """
class DBusException(Exception):
    pass

def SessionBus():
    {bus}

class Bus:
    def get_object(self, name, path):
        return name, path

class Interface:
    def __init__(self, remote, name):
        assert remote == ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")

    def Notify(self, *call):
        print(call)
"""


@pytest.mark.parametrize("bus", ["return Bus()", "raise DBusException('the bus\\nis gone')"])
def test_where_dbus_python_is_plyer_shows_it_itself(dunst, tmp_path, bus):
    (tmp_path / "dbus.py").write_text(DBUS.format(bus=bus))
    wanted = {key: os.environ[key] for key in ("PATH", "DBUS_SESSION_BUS_ADDRESS")}

    first, *shown, last = run_script(**wanted, PYTHONPATH=str(tmp_path))

    assert first == "desktop: plyer (dbus-python)"
    if "raise" in bus:
        assert last.startswith("console: no desktop notification: plyer failed: DBusException: the bus is gone")
        assert shown == ["> Time for a change", "  Stand up."]
    else:
        call = ("Posture monitor", 0, "", "Time for a change", "Stand up.", [], {"transient": True}, SHOWN_S * 1000)
        assert [str(call)] == shown
