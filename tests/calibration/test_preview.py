"""The preview: the picture that is drawn, looked at by its pixels, and a real window with real keys."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from desktop_session import PATIENCE_S, need, wait_for

from calibration.hints import ADVICE, HEAD_OUT
from calibration.preview import BOTTOM, HEIGHT, KEYS, MARGIN, MIN_WIDTH, TITLE, TOP, draw, window_trouble
from calibration.stages import STAGES
from calibration.wizard import ACTIONS, Phase, Wizard, WizardCommand
from monitor.core.body.landmarks import L
from monitor.core.body.pose import Observation
from monitor.core.vocabulary import Reason
from monitor.testing import SIT

PROGRAM = Path(__file__).with_name("calibrating.py")
PROJECT = Path(__file__).parents[2]
WALL = np.full((540, 960, 3), 120, np.uint8)
SEEN = Observation(0.0, SIT.pose())
NOBODY_SEEN = Observation(0.0, None, Reason.NOBODY)
LONG = "a very long reason from an engine that nobody has met so far, in words"
START = Wizard().step(SEEN)


def shown(**changes):  # noqa: ANN003
    return replace(START, **changes)


def drawn_on(plain, other):
    """Which pixels differ, (H, W) bool."""
    return (plain != other).any(axis=-1)


# --- the picture -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(480, 640), (540, 960), (720, 1280), (1280, 720), (100, 90)], ids=str)
def test_a_picture_of_any_shape_fits_and_is_left_alone(size):
    rgb = np.full((*size, 3), 120, np.uint8)
    before = rgb.copy()

    picture = draw(rgb, SEEN, START)

    assert picture.shape == (HEIGHT, MIN_WIDTH, 3)
    assert picture.dtype == np.uint8
    assert (before == rgb).all()


def test_without_a_picture_the_words_are_still_there():
    assert draw(None, NOBODY_SEEN, START).max() > 250


def test_the_person_is_mirrored_with_the_skeleton():
    rgb = WALL.copy()
    rgb[:, :480] = 10  # the dark half is on the left of the camera's picture
    picture = draw(rgb, NOBODY_SEEN, START)
    middle = picture[(TOP + HEIGHT - BOTTOM) // 2]

    assert middle[MIN_WIDTH // 2 - 100].max() > 100
    assert middle[MIN_WIDTH // 2 + 100].max() < 20

    bones = drawn_on(picture, draw(rgb, SEEN, START))
    scale = (HEIGHT - TOP - BOTTOM) / 1.0
    x, y = SEEN.pose.xy[L.RIGHT_HIP] * scale
    left = (MIN_WIDTH - round(scale * 16 / 9)) // 2
    assert bones[TOP + round(y), left + round(scale * 16 / 9) - round(x)]


def test_the_head_is_hidden_by_no_words():
    picture = draw(WALL, NOBODY_SEEN, shown(phase=Phase.INSTRUCT))

    upper = picture[TOP : HEIGHT - BOTTOM - 90, MIN_WIDTH // 2]
    assert (upper == 120).all()


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("phase", [Phase.COUNTDOWN, Phase.HOLD])
def test_the_bar_is_as_long_as_the_share(phase, share):
    progress = shown(phase=phase, left_s=3.0, share=share, hint=None)
    row = draw(WALL, NOBODY_SEEN, progress)[HEIGHT - BOTTOM + 10]

    assert np.count_nonzero((row != 90).any(axis=-1)) == pytest.approx(share * MIN_WIDTH, abs=2)


@pytest.mark.parametrize("hint", sorted({*ADVICE.values(), HEAD_OUT, LONG}))
def test_every_hint_fits_the_window(hint):
    lit = drawn_on(draw(WALL, NOBODY_SEEN, shown(hint=None)), draw(WALL, NOBODY_SEEN, shown(hint=hint)))

    assert lit.any()
    assert not lit[:, : MARGIN // 2].any()
    assert not lit[:, -MARGIN // 2 :].any()


@pytest.mark.parametrize("rule", STAGES, ids=lambda rule: rule.title)
def test_every_instruction_and_advice_ends_above_the_picture(rule):
    advice = f"{rule.title} looks like sitting tall (neither the legs nor the head's height or size differ); "
    for words in (rule.instruction, advice + (rule.unlike.advice if rule.unlike else "")):
        blank = draw(None, NOBODY_SEEN, shown(rule=rule, message="", hint=None))
        lit = drawn_on(blank, draw(None, NOBODY_SEEN, shown(rule=rule, message=words, hint=None)))

        assert lit[:TOP].any()
        assert not lit[TOP:].any()
        assert not lit[:, -MARGIN // 2 :].any()


@pytest.mark.parametrize("phase", ACTIONS)
def test_every_key_that_makes_sense_is_drawn_and_all_fit(phase):
    none = draw(None, NOBODY_SEEN, shown(phase=phase, left_s=1.0, hint=None, actions={}))
    keys = drawn_on(none, draw(None, NOBODY_SEEN, shown(phase=phase, left_s=1.0, hint=None, actions=ACTIONS[phase])))

    assert keys[HEIGHT - BOTTOM :].any()
    assert not keys[:, -MARGIN:].any()
    assert set(WizardCommand) == set(KEYS.values())


# --- the window --------------------------------------------------------------------------------------------------


class Running:
    """The program, and where it is."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def wait(self, line: str) -> None:
        wait_for(lambda: line in self.lines() or self.process.poll() is not None, line)
        assert line in self.lines(), self.lines()


@contextmanager
def calibrating(face: str, tmp_path: Path, **environment: str | None) -> Iterator[Running]:
    env = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", str(PROGRAM), face], cwd=PROJECT, env={**env, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=file, text=True,
        )  # fmt: skip
    try:
        yield Running(process, log)
    finally:
        process.kill()
        process.wait(timeout=PATIENCE_S)


def on_window(display: str, *doing: str) -> str:
    """What xdotool says when it does something with the window, once that is there and has the keyboard."""
    find = ["search", "--sync", "--onlyvisible", "--name", TITLE, "windowfocus", "--sync"]
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(
        ["xdotool", *find, *doing], env=environment, check=True, timeout=PATIENCE_S, capture_output=True, text=True
    ).stdout


# What a window manager sends when somebody clicks on the cross: WM_DELETE_WINDOW as a client message (33) of format 32.
CLOSE = """
import ctypes, struct, sys
x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype, x.XInternAtom.restype = ctypes.c_void_p, ctypes.c_ulong
display, window = ctypes.c_void_p(x.XOpenDisplay(None)), int(sys.argv[1])
protocols, delete = (x.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
event = struct.pack("@iLiPLLi5l", 33, 0, 1, 0, window, protocols, 32, delete, 0, 0, 0, 0)
x.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.create_string_buffer(event, 192))
x.XFlush(display)
"""


def test_a_person_calibrates_in_a_real_window_with_real_keys(display, tmp_path):
    need("xdotool")
    with calibrating("window", tmp_path, DISPLAY=display, WAYLAND_DISPLAY=None) as program:
        program.wait("sitting_tall instruct")
        on_window(display, "key", "space")
        program.wait("sitting_relaxed instruct")
        on_window(display, "key", "s")
        program.wait("standing instruct")
        on_window(display, "key", "Return")
        program.wait("result sitting_tall standing")

        assert program.process.wait(timeout=PATIENCE_S) == 0
        expected = ["face Window", *(f"sitting_tall {p}" for p in ("instruct", "countdown", "hold", "accepted"))]
        assert program.lines()[: len(expected)] == expected, "and no chatter of the window library"


@pytest.mark.parametrize("key", ["q", "Escape"])
def test_a_key_in_the_window_stops_the_calibration(display, tmp_path, key):
    need("xdotool")
    with calibrating("window", tmp_path, DISPLAY=display, WAYLAND_DISPLAY=None) as program:
        program.wait("sitting_tall instruct")
        on_window(display, "key", key)
        program.wait("result none")


def test_closing_the_window_stops_the_calibration(display, tmp_path):
    need("xdotool")
    with calibrating("window", tmp_path, DISPLAY=display, WAYLAND_DISPLAY=None) as program:
        program.wait("sitting_tall instruct")
        window = on_window(display, "getwindowfocus")
        subprocess.run(
            [sys.executable, "-c", CLOSE, window], env={**os.environ, "DISPLAY": display}, check=True, timeout=PATIENCE_S
        )
        program.wait("result none")


def test_a_good_display_is_no_trouble(display, monkeypatch):
    monkeypatch.setenv("DISPLAY", display)

    assert window_trouble() is None


NO_SCREEN = {"no display": None, "a display that is gone": ":4711"}


@pytest.mark.skipif(sys.platform != "linux", reason="only X and Wayland can be missing")
@pytest.mark.parametrize("display_name", NO_SCREEN.values(), ids=NO_SCREEN)
def test_without_a_screen_the_terminal_takes_over_and_nothing_dies(tmp_path, display_name):
    with calibrating("best", tmp_path, DISPLAY=display_name, WAYLAND_DISPLAY=None) as program:
        program.wait("face TerminalFace")
        program.wait("result sitting_tall sitting_relaxed standing")

        assert program.process.wait(timeout=PATIENCE_S) == 0
