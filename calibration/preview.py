"""The window of a calibration: the person's picture, mirrored, with large text and the next key to press.

Drawing (``draw``) is independent of the window; the window is independent of the stages.
"""

import math
import os
import subprocess
import sys
from collections.abc import Sequence

import cv2
import numpy as np

from calibration.console import TerminalFace
from calibration.interactive import Face, Picture
from calibration.wizard import Phase, Progress, WizardCommand
from monitor.adapters.vision.drawing import skeleton
from monitor.core.body.pose import Observation

TITLE = "Posture monitor: calibration"
# Fits a laptop's 768 rows; wide enough for the text with a portrait picture.
HEIGHT, MIN_WIDTH = 720, 960
# The text has areas of its own, so that it does not hide the head: three lines above, a bar and keys below.
TOP, BOTTOM = 156, 84
KEYS = {
    " ": WizardCommand.NEXT,
    "\r": WizardCommand.NEXT,
    "\n": WizardCommand.NEXT,
    "r": WizardCommand.REPEAT,
    "s": WizardCommand.SKIP,
    "q": WizardCommand.QUIT,
    "\x1b": WizardCommand.QUIT,
}
_NAMES = {WizardCommand.NEXT: "space", WizardCommand.REPEAT: "r", WizardCommand.SKIP: "s", WizardCommand.QUIT: "q"}

_WHITE, _BLACK, _YELLOW, _GREY, _GROUND = (255, 255, 255), (0, 0, 0), (255, 224, 70), (200, 200, 200), (28, 32, 40)
# Sufficient contrast on a dark background, and distinguishable without red and green.
_BAR = {Phase.COUNTDOWN: (255, 176, 60), Phase.HOLD: (80, 190, 255)}
_FONT = cv2.FONT_HERSHEY_SIMPLEX
MARGIN = 28


class Window:
    """A window on the screen; created only where ``window_trouble`` is None, because Qt aborts the process without a display."""

    hands_free = False

    def __init__(self) -> None:
        # OpenCV's Qt warns about fonts that it does not need.
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
        cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
        self._open = False

    def show(self, rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        """The key that was pressed; closing the window is quitting."""
        if self._open and _closed():
            return WizardCommand.QUIT
        picture = draw(rgb, obs, progress)
        if not self._open:
            cv2.resizeWindow(TITLE, picture.shape[1], picture.shape[0])
            self._open = True
        cv2.imshow(TITLE, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        key = cv2.waitKey(1)
        return KEYS.get(chr(key & 0xFF).lower()) if key >= 0 else None

    def close(self) -> None:
        """Close the window."""
        if self._open and not _closed():
            cv2.destroyAllWindows()
            cv2.waitKey(1)
        self._open = False


def _closed() -> bool:
    try:
        return bool(cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1)
    except cv2.error:  # raised by Qt when its last window is gone
        return True


def window_trouble() -> str | None:
    """Why no window can be opened here, None if one can; tried in a process of its own, which may crash."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display"
    trial = [sys.executable, "-P", "-c", "import cv2; cv2.namedWindow('trial'); cv2.destroyAllWindows()"]
    try:
        done = subprocess.run(trial, capture_output=True, timeout=20, check=False)  # noqa: S603  # this very Python
    except subprocess.TimeoutExpired:
        return "the display does not answer"
    return "the display cannot be used" if done.returncode else None


def best_face() -> Face:
    """A window where one can be opened, else the terminal, which then reports the reason."""
    trouble = window_trouble()
    return TerminalFace(notice=f"No preview window ({trouble}); going on in the terminal.") if trouble else Window()


# --- drawing -----------------------------------------------------------------------------------------------------


def draw(rgb: Picture | None, obs: Observation, progress: Progress) -> Picture:
    """The picture to show, (HEIGHT, at least MIN_WIDTH, 3) RGB: text above, the person in the middle, keys below."""
    canvas = _stage(rgb, obs)
    _words(canvas, progress)
    if progress.phase is Phase.COUNTDOWN:
        number = str(math.ceil(progress.left_s or 0.0))
        _text(canvas, number, (canvas.shape[1] - 2 * MARGIN - _width(number, 6.0), TOP + 170), 6.0, _WHITE)
    if progress.hint:
        _pill(canvas, progress.hint[0].upper() + progress.hint[1:])
    _bar(canvas, progress)
    x = MARGIN
    for command, name in progress.actions.items():
        x = _key(canvas, _NAMES[command], name, x)
    return canvas


def _stage(rgb: Picture | None, obs: Observation) -> Picture:
    if rgb is None:
        return np.full((HEIGHT, MIN_WIDTH, 3), _GROUND, np.uint8)
    height = HEIGHT - TOP - BOTTOM
    width = round(rgb.shape[1] * height / rgb.shape[0])
    picture = np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    picture = skeleton(picture, obs.pose) if obs.pose else picture
    canvas = np.full((HEIGHT, max(width, MIN_WIDTH), 3), _GROUND, np.uint8)
    left = (canvas.shape[1] - width) // 2
    # Mirrored: a movement to the left is shown to the left.
    canvas[TOP : HEIGHT - BOTTOM, left : left + width] = picture[:, ::-1]
    return canvas


def _words(canvas: Picture, progress: Progress) -> None:
    _text(canvas, progress.rule.title, (MARGIN, 46), 1.2, _WHITE)
    step = f"{progress.number} of {progress.total}"
    _text(canvas, step, (canvas.shape[1] - MARGIN - _width(step, 0.8), 44), 0.8, _GREY)
    colour = _YELLOW if progress.phase is Phase.REJECTED else _WHITE
    for i, line in enumerate(_wrap(progress.message, canvas.shape[1] - 2 * MARGIN, 0.75)):
        _text(canvas, line, (MARGIN, 82 + 28 * i), 0.75, colour)


def _bar(canvas: Picture, progress: Progress) -> None:
    colour = _BAR.get(progress.phase)
    if colour:
        top, right = HEIGHT - BOTTOM, canvas.shape[1]
        cv2.rectangle(canvas, (0, top), (right, top + 20), (90, 90, 90), -1)
        cv2.rectangle(canvas, (0, top), (round(right * progress.share), top + 20), colour, -1)


def _key(canvas: Picture, key: str, name: str, x: int) -> int:
    """Draws a key cap with its meaning; the x after it."""
    right = x + _width(key, 0.8) + 24
    cv2.rectangle(canvas, (x, HEIGHT - 52), (right, HEIGHT - 14), _WHITE, -1)
    cv2.putText(canvas, key, (x + 12, HEIGHT - 25), _FONT, 0.8, _BLACK, 2, cv2.LINE_AA)
    _text(canvas, name, (right + 12, HEIGHT - 24), 0.9, _WHITE)
    return right + 12 + _width(name, 0.9) + 40


def _pill(canvas: Picture, words: str) -> None:
    scale = min(1.2, 1.2 * (canvas.shape[1] - 4 * MARGIN) / _width(words, 1.2))
    half, middle, bottom = _width(words, scale) // 2 + 24, canvas.shape[1] // 2, HEIGHT - BOTTOM - 16
    cv2.rectangle(canvas, (middle - half, bottom - 60), (middle + half, bottom), _YELLOW, -1)
    cv2.putText(canvas, words, (middle - half + 24, bottom - 18), _FONT, scale, _BLACK, 2, cv2.LINE_AA)


def _text(canvas: Picture, words: str, place: tuple[int, int], scale: float, colour: Sequence[int]) -> None:
    # Drawn around itself in black: a thicker stroke is an outline in one version of OpenCV and another weight in the next.
    thick, around = max(2, round(scale * 1.6)), max(1, round(scale * 1.5))
    for dx, dy in ((-around, 0), (around, 0), (0, -around), (0, around)):
        cv2.putText(canvas, words, (place[0] + dx, place[1] + dy), _FONT, scale, _BLACK, thick, cv2.LINE_AA)
    cv2.putText(canvas, words, place, _FONT, scale, tuple(colour), thick, cv2.LINE_AA)


def _width(words: str, scale: float) -> int:
    return int(cv2.getTextSize(words, _FONT, scale, max(2, round(scale * 1.6)))[0][0])


def _wrap(words: str, width: int, scale: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, scale) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
