"""The icon in a real tray: its picture is there, a click gives an order; and a desktop without a tray is only told so."""

import os
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from desktop_session import PATIENCE_S, need, stop, wait_for
from laws import PROFILE
from program import ROOT
from Xlib import X
from Xlib.display import Display

from monitor.adapters.notify.tray import COLOURS, Tray, picture
from monitor.core.errors import NotifyError

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs X11")


@pytest.mark.parametrize("state", COLOURS)
def test_each_state_has_a_picture_of_its_own_in_its_colour(state):
    image = picture(state)
    rgb = tuple(int(COLOURS[state][i : i + 2], 16) for i in (1, 3, 5))

    assert rgb in {pixel[:3] for _, pixel in image.getcolors(maxcolors=10000) if pixel[3]}
    assert all(image.tobytes() != picture(other).tobytes() for other in COLOURS if other != state)


@linux
def test_without_a_display_there_is_a_reason(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)

    with pytest.raises(NotifyError, match="no tray: there is no X11 display"):
        Tray(lambda: None, [])


@linux
@pytest.mark.parametrize(("display", "reason"), [(None, "there is no X11 display"), (":9999", "':9999'"), ("bogus", "'bogus'")])
def test_the_command_tells_it_in_one_line_and_is_done(display, reason, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"} | (
        {"DISPLAY": display} if display else {}
    )
    command = [sys.executable, str(ROOT / "run_monitor.py"), "tray", "--data", str(tmp_path)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (0, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("no tray: ")
    assert reason.strip("'") in line


# pystray connects to the display when it is imported, so each display has a process of its own.
ICON = """
import sys, threading
from monitor.adapters.notify.tray import Choice, IconState, Tray
from monitor.core.errors import NotifyError
looks = [IconState("watching", "Watching")]
def clicked():
    print("clicked", flush=True)
    looks[0] = IconState("paused", "Paused until 14:00")
try:
    tray = Tray(lambda: looks[0], [Choice("Pause", clicked, on_click=True), Choice("Quit", print, ends=True)], every_s=0.1)
except NotifyError as error:
    print(error)
    sys.exit()
def end():
    sys.stdin.readline()
    looks[0] = None
threading.Thread(target=end, daemon=True).start()
print("shown", flush=True)
tray.show()
"""


@contextmanager
def icon(display):
    command = [sys.executable, "-c", ICON]
    environment = {**os.environ, "DISPLAY": display, "PYSTRAY_BACKEND": "xorg"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@linux
def test_a_desktop_without_a_tray_is_a_reason(display):
    with icon(display) as process:
        out, err = process.communicate(timeout=PATIENCE_S)

    assert (out.startswith("no tray: this desktop has none"), err) == (True, "")


@linux
def test_the_icon_is_there_a_click_gives_its_order_and_it_leaves_when_it_is_over(display):
    need("trayer", "xdotool")
    environment = {**os.environ, "DISPLAY": display}
    place = ["trayer", "--edge", "top", "--align", "left", "--widthtype", "request"]
    panel = subprocess.Popen(place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with closing(Display(display)) as screen:
        try:
            wait_for(lambda: bool(screen.get_selection_owner(screen.intern_atom("_NET_SYSTEM_TRAY_S0"))), "the tray")
            with icon(display) as process:
                assert process.stdout.readline() == "shown\n"
                wait_for(lambda: shows("watching", screen), "the icon")
                subprocess.run(["xdotool", "mousemove", "12", "12", "click", "1"], env=environment, check=True)
                wait_for(lambda: shows("paused", screen), "the icon of a pause")
                out, err = process.communicate("over\n", timeout=PATIENCE_S)
            assert (process.returncode, out, err) == (0, "clicked\n", "")
        finally:
            stop(panel)


@linux
def test_icons_come_and_go_with_what_they_show(display):
    need("trayer")
    environment = {**os.environ, "DISPLAY": display}
    place = ["trayer", "--edge", "top", "--align", "left", "--widthtype", "request"]
    panel = subprocess.Popen(place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wrong = {}
    with closing(Display(display)) as screen:
        try:
            wait_for(lambda: bool(screen.get_selection_owner(screen.intern_atom("_NET_SYSTEM_TRAY_S0"))), "the tray")
            for number in range({"few": 2, "many": 50}[PROFILE]):
                with icon(display) as process:
                    process.stdout.readline()
                    wait_for(lambda: shows("watching", screen), f"icon {number}")
                    out, err = process.communicate("over\n", timeout=PATIENCE_S)
                if (process.returncode, out, err) != (0, "", ""):
                    wrong[number] = (process.returncode, out, err)
        finally:
            stop(panel)

    assert wrong == {}


def shows(state, screen):
    """Whether the colour of ``state`` is in the upper left corner of the screen."""
    pixels = screen.screen().root.get_image(0, 0, 64, 64, X.ZPixmap, 0xFFFFFF).data
    wanted = bytes.fromhex(COLOURS[state][1:])[::-1]
    return any(pixels[i : i + 3] == wanted for i in range(0, len(pixels), 4))
