"""Reminders with buttons on a real notification daemon, a button being pressed through D-Bus; and where there is none."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from desktop_session import wait_for

from monitor.adapters.notify.actions import ButtonNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.core.errors import DiskFull, NotifyError
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.ports import Notification
from monitor.run.notification_actions import PersistentOrders, answers, labels

ROOT = Path(__file__).parents[2]
NOTE = Notification("Time to move a little", "Sitting for 31 min & a < b.", answers=True)
OTHER = Notification("Close to the screen", "Lean back a little.", answers=True)
TEN_MIN = 600.0


def notifier(pressed, limit_s=5.0):
    return closing(ButtonNotifier(lambda: labels(TEN_MIN), pressed, DesktopNotifier().written, limit_s))


@pytest.mark.parametrize("name", ["snooze", "moved", "more"])
def test_a_button_that_is_pressed_on_the_desktop_gives_its_name(dunst, name):
    pressed = []

    with notifier(pressed.append) as buttons:
        buttons.probe()
        buttons.notify(NOTE)
        dunst.press(labels(TEN_MIN)[name])
        wait_for(lambda: bool(pressed), "the button")

    assert pressed == [name]


def test_a_button_is_an_order_or_shows_more():
    given = []
    press = answers(lambda: 1000.0, lambda: TEN_MIN, given.append, lambda: given.append("more"))
    for name in labels(TEN_MIN):
        press(name)

    assert given == [
        Command(1000.0, CommandKind.SNOOZE, until=1600.0),
        Command(1000.0, CommandKind.MARK, what=Mark.BREAK),
        "more",
    ]


def test_a_new_one_takes_the_place_of_the_one_before(dunst):
    with notifier(print) as buttons:
        buttons.notify(NOTE)
        buttons.notify(OTHER)
        wait_for(lambda: dunst.count() == 1, "one notification")

        old, new = dunst.shown()
    assert (old["summary"], new["summary"]) == (NOTE.title, OTHER.title)
    assert old["message"].endswith("Sitting for 31 min &amp; a &lt; b.")


def test_what_is_withdrawn_is_gone_and_may_be_withdrawn_again(dunst):
    with notifier(print) as buttons:
        buttons.notify(NOTE)
        assert dunst.count() == 1
        buttons.withdraw()
        buttons.withdraw()
        wait_for(lambda: dunst.count() == 0, "an empty screen")


def test_what_went_away_by_itself_is_withdrawn_without_a_word(dunst):
    with notifier(print) as buttons:
        buttons.notify(NOTE)
        assert len(dunst.shown()) == 1  # which closes it
        buttons.withdraw()
        buttons.notify(OTHER)
        assert dunst.count() == 1


def test_a_line_that_asks_nothing_has_no_buttons(dunst):
    pressed = []
    with notifier(pressed.append) as buttons:
        buttons.notify(Notification("While you were in a call: sat 55 min", "Move when it suits you."))
        (shown,) = dunst.shown()
        dunst.press("Snooze")

    assert shown["summary"] == "While you were in a call: sat 55 min"
    assert pressed == []


def test_a_daemon_that_hangs_is_given_up(dunst):
    with notifier(print, limit_s=0.5) as buttons:
        dunst.freeze()
        with pytest.raises(NotifyError, match=r"had no answer within"):
            buttons.notify(NOTE)
        with pytest.raises(NotifyError, match=r"had no answer within 0\.5 s"):
            buttons.probe()


def test_a_bus_without_a_daemon_is_a_reason(session_bus):
    with notifier(print) as buttons, pytest.raises(NotifyError, match="desktop-notifier failed"):
        buttons.probe()


BROKEN = """
import sys, types
from monitor.core.errors import DiskFull, NotifyError
from monitor.adapters.notify.actions import ButtonNotifier
for damage in ("raise AttributeError('a')", "raise OSError('o')", "def", "import no_such_module_at_all", "pass", "Button = 1"):
    path = sys.argv[1] + "/desktop_notifier.py"
    open(path, "w").write(damage)
    sys.modules.pop("desktop_notifier", None)
    sys.path_importer_cache.clear()
    try:
        ButtonNotifier(dict, print, print)
    except NotifyError as error:
        print(str(error).startswith("no buttons: desktop-notifier is "))
"""


def test_a_library_that_is_broken_in_any_way_is_a_reason(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    run = [sys.executable, "-c", BROKEN, str(tmp_path)]
    output = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    assert output.split() == ["True"] * 6


def test_an_answer_that_the_history_cannot_take_now_is_said_once_and_given_later():
    messages, given, refusals = [], [], iter([DiskFull("full"), DiskFull("full")])

    def post(order):
        if error := next(refusals, None):
            raise error
        given.append(order)

    with closing(PersistentOrders(post, messages.append, again_s=0.02)) as orders:
        orders.give(Command(1.0, CommandKind.SNOOZE, until=600.0))
        wait_for(lambda: len(messages) == 2, "the answer")

    assert given == [Command(1.0, CommandKind.SNOOZE, until=600.0)]
    assert messages[0].startswith("full. ")


def test_without_the_extra_the_reason_names_it():
    script = """
import sys
sys.modules["desktop_notifier"] = None
from monitor.adapters.notify.actions import ButtonNotifier
from monitor.core.errors import DiskFull, NotifyError
try:
    ButtonNotifier({}, print, print)
except NotifyError as error:
    print(error)
"""
    output = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert output == 'no buttons: desktop-notifier is missing; pip install "posture-monitor[buttons]"\n'
