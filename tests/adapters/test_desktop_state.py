"""What the machine says of the person's surroundings: asked of real programs where they are, never guessed where they are not."""

import socket
import subprocess
import sys
import threading
from contextlib import closing
from itertools import chain, repeat

import pytest
from desktop_session import need, wait_for
from Xlib.display import Display

from monitor.adapters.desktop_state import DesktopStatePoller, look
from monitor.adapters.desktop_state.ask_program import answer, truth
from monitor.adapters.desktop_state.do_not_disturb import do_not_disturb
from monitor.adapters.desktop_state.microphone import microphone
from monitor.adapters.desktop_state.screen import full_screen
from monitor.adapters.system.battery import on_battery
from monitor.core.reminders.suppression import DesktopState

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's programs and files")


SAID = {"true": True, "(false,)": False, "true\n": True, "no": False, "1": True}
NOT_SAID = ["", None, "truth", "true false"]


@pytest.mark.parametrize(("text", "meaning"), [*SAID.items(), *((text, None) for text in NOT_SAID)])
def test_only_a_plain_yes_or_no_is_one(text, meaning):
    assert truth(text) is meaning


def test_a_program_that_is_not_there_or_fails_says_nothing():
    assert answer("no-such-program-at-all") is None
    assert answer("false") is None
    assert answer("echo", "it") == "it"


@linux
def test_where_nothing_can_be_asked_nothing_is_known(monkeypatch, tmp_path):
    for bus in ("SESSION", "SYSTEM"):
        monkeypatch.setenv(f"DBUS_{bus}_BUS_ADDRESS", f"unix:path={tmp_path}/gone")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = look(5.0, lambda: None)

    assert (found.do_not_disturb, found.full_screen, found.locked) == (None, None, None)


@linux
def test_dunst_tells_when_it_is_paused(dunst):
    assert do_not_disturb() is False
    subprocess.run(["dunstctl", "set-paused", "true"], check=True)
    assert do_not_disturb() is True


@linux
def test_no_program_is_started_to_ask_a_bus(dunst, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert do_not_disturb() is False


@linux
def test_a_bus_that_accepts_and_says_nothing_or_hangs_up_is_given_up(monkeypatch, tmp_path):
    found = []
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        found.append(do_not_disturb())
        hanging_up = threading.Thread(target=lambda: [bus.accept()[0].close() for _ in range(2)], daemon=True)
        hanging_up.start()
        found.append(do_not_disturb())
    for address in ("no transport", "tcp:host", ""):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
        found.append(do_not_disturb())

    assert found == [None] * 5


@linux
def test_a_bus_on_which_nobody_shows_notifications_knows_nothing(session_bus):
    assert do_not_disturb() is None


@linux
def test_a_window_in_front_that_fills_the_screen_is_seen(display, monkeypatch):
    need("xprop")
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert full_screen() is None

    with closing(Display(display)) as screen:
        root, atom = screen.screen().root, screen.intern_atom
        window = root.create_window(0, 0, 10, 10, 0, 24)
        seen = []
        # What a window manager would write down.
        root.change_property(atom("_NET_ACTIVE_WINDOW"), atom("WINDOW"), 32, [window.id])
        for state in ("_NET_WM_STATE_ABOVE", "_NET_WM_STATE_FULLSCREEN"):
            window.change_property(atom("_NET_WM_STATE"), atom("ATOM"), 32, [atom(state)])
            screen.sync()
            seen.append(full_screen())
        root.delete_property(atom("_NET_ACTIVE_WINDOW"))
        screen.sync()

    assert seen == [False, True]


def supply(folder, name, **files: str):
    (folder / name).mkdir(parents=True)
    for key, value in files.items():
        (folder / name / key).write_text(f"{value}\n")


@linux
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], False),
        ([{"type": "Mains", "online": "1"}, {"type": "Battery", "status": "Charging", "scope": "System"}], False),
        ([{"type": "Mains", "online": "0"}, {"type": "Battery", "status": "Discharging"}], True),
        ([{"type": "Battery", "status": "Discharging"}], True),
        ([{"type": "Battery", "status": "Full"}], False),
        ([{"type": "Battery", "status": "Discharging", "scope": "Device"}], False),
    ],
    ids=str,
)
def test_a_laptop_without_its_cable_is_on_battery_and_a_mouse_is_no_laptop(tmp_path, parts, expected):
    for number, files in enumerate(parts):
        supply(tmp_path, f"part{number}", **files)

    assert on_battery(tmp_path) is expected


@linux
def test_a_machine_that_does_not_tell_its_supplies_is_not_known(tmp_path):
    assert on_battery(tmp_path / "none") is None


@linux
@pytest.mark.parametrize(("states", "expected"), [([], None), (["closed"], False), (["closed", "state: RUNNING"], True)])
def test_a_sound_device_that_records_is_a_microphone_in_use(tmp_path, states, expected):
    for number, state in enumerate(states):
        folder = tmp_path / f"card0/pcm{number}c/sub0"
        folder.mkdir(parents=True)
        (folder / "status").write_text(state)

    assert microphone(tmp_path) is expected


def test_the_lookout_has_looked_soon_and_ends_when_it_is_closed():
    with DesktopStatePoller(on_battery, every_s=60) as lookout:
        wait_for(lambda: lookout.latest() is not None, "the first look")

    assert isinstance(lookout.latest(), DesktopState)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # which is what happens here
@pytest.mark.parametrize("fail", [sys.exit, lambda: threading.Event().wait(60)], ids=["ends", "hangs"])
def test_a_look_that_fails_is_unknown_after_three_periods_and_is_tried_again_where_that_can_be(fail):
    looks = chain([bool, fail], repeat(bool))

    def looked(t, _on_battery):
        next(looks)()
        return DesktopState(t, locked=True)

    with DesktopStatePoller(on_battery, every_s=0.05, looked=looked) as lookout:
        wait_for(lambda: lookout.latest() == DesktopState(0.0, locked=True), "a locked screen")
        wait_for(lambda: lookout.latest() == DesktopState(0.0), "that it is not known any more")
        if fail is sys.exit:
            wait_for(lambda: lookout.latest() == DesktopState(0.0, locked=True), "another look")
