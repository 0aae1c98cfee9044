"""The break window: half a minute after the second word of a limit, never in the way, and a process of its own."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from desktop_session import need, wait_for

from monitor.adapters.notify.break_window import REFUSED, BreakWindow
from monitor.advice import library
from monitor.core.pipeline import Plan
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Level
from monitor.run.break_window import NOTICE, NOTICE_S, BreakWindowSink, content
from monitor.testing import replay, scene
from monitor.texts.reminders import Message

TIPS = {tip.id: tip for tip in library.tips().tips}
SAID = Message("Please take a break from sitting", "Sitting for 60 min.", "tilt_wall")


class FixedMessages:
    """The same message for each reminder."""

    def remind(self, _reminder):
        return SAID

    def follow(self, _response, _activity):
        return None

    def missed(self, _missed):
        return SAID


class RecordingWindow:
    """Records what was to be shown, and when it was closed."""

    def __init__(self, trouble=None) -> None:
        self.opened, self.closed, self._trouble = [], 0, trouble

    def open(self, shown):
        self.opened.append(shown)

    def trouble(self):
        trouble, self._trouble = (self._trouble, None) if self.opened else (None, self._trouble)
        return trouble

    def close(self):
        self.closed += 1


def played(script, window, silent=None):
    """What was said while a scene went by: (t, kind of level, body); the window saw every step."""
    lines, shown = [], []
    sink = BreakWindowSink(FixedMessages(), window, lambda message: TIPS.get(message.tip), lines.append)
    for step in replay(scene(script, period_s=5.0), Plan(period_s=5.0)):
        shown += [(e.t, e.due.level, sink.remind(e).body) for e in step.events if isinstance(e, Reminder)]
        before = len(window.opened)
        sink.write(None, replace(step, silent=silent) if silent else step)
        if len(window.opened) > before:
            shown.append((step.t, "window", ""))
    return shown, lines


def test_the_window_comes_half_a_minute_after_the_second_word_and_was_announced():
    window = RecordingWindow()
    shown, _ = played("sit 62min", window)
    (firm,) = [(t, body) for t, level, body in shown if level is Level.FIRM]
    (opened,) = [t for t, level, _ in shown if level == "window"]

    assert firm[1].endswith(NOTICE)
    assert NOTICE_S <= opened - firm[0] <= NOTICE_S + 5
    assert all(NOTICE not in body for _, level, body in shown if level is Level.SOFT)
    assert window.opened[0]["title"] == TIPS["tilt_wall"].title


def test_who_has_got_up_by_then_sees_no_window_and_one_that_is_open_goes():
    early, late = RecordingWindow(), RecordingWindow()
    played("sit 60.2min, stand 3min", early)
    played("sit 61min, stand 3min", late)

    assert early.opened == []
    assert len(late.opened) == 1
    assert late.closed >= 1


def test_in_a_call_there_is_no_window():
    window = RecordingWindow()
    played("sit 62min", window, silent="in_a_call")

    assert window.opened == []


def test_where_no_window_can_be_it_is_told_once_and_reminders_go_on_as_they_were():
    shown, lines = played("sit 62min, stand 5min, sit 62min", RecordingWindow("no display"))

    assert len(lines) == 1
    assert "no display" in lines[0]
    assert [NOTICE in body for _, level, body in shown if level is Level.FIRM] == [True, False]


def test_a_window_without_a_tip_shows_the_reminder_and_a_minute_at_least():
    shown = content(replace(SAID, tip=None), None)

    assert (shown["title"], shown["body"], shown["figures"]) == (SAID.title, SAID.body, [])
    assert all(content(SAID, tip)["seconds"] >= 60 for tip in TIPS.values())


# --- the real window ---------------------------------------------------------------------------------------------


def titles(display):
    found = subprocess.run(
        ["xdotool", "search", "--name", "a short break"],
        env={"DISPLAY": display, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.split()


def test_the_window_shows_itself_and_ends_when_it_is_closed(display, monkeypatch):
    need("xdotool")
    monkeypatch.setenv("DISPLAY", display)
    window = BreakWindow()
    window.open(content(SAID, TIPS["tilt_wall"]))
    wait_for(lambda: titles(display), "the window")
    assert window.trouble() is None

    window.close()
    wait_for(lambda: not titles(display), "its end")


@pytest.mark.skipif(sys.platform != "linux", reason="a display that is not there")
def test_without_a_display_its_process_says_so_in_one_line(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    over = subprocess.run(
        [sys.executable, "-m", "monitor.adapters.notify.break_window"],
        input=json.dumps(content(SAID, None)), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert over.returncode == REFUSED
    assert len(over.stderr.splitlines()) == 1
