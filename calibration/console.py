"""The terminal interface of a calibration: a live panel on a terminal, plain lines elsewhere.

A command is a letter and Enter, which works in every terminal and screen reader.
"""

import math
import os
import queue
import sys
import threading
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.text import Text

from calibration.interactive import Picture
from calibration.wizard import ENDED, Phase, Progress, WizardCommand
from monitor.core.body.pose import Observation

KEYS = {"": WizardCommand.NEXT, "r": WizardCommand.REPEAT, "s": WizardCommand.SKIP, "q": WizardCommand.QUIT}
_NAMES = {command: f"{letter} + Enter" if letter else "Enter" for letter, command in KEYS.items()}
# The shortest time (s) between two printed hints, so that a changing hint does not fill a log.
_SELDOM_S = 2.0


class Typed:
    """The lines typed since the last call, read in a thread because reading a terminal blocks."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    def __call__(self) -> str | None:
        """The next line, None if there is none."""
        return None if self._lines.empty() else self._lines.get()

    def _read(self) -> None:
        # Not sys.stdin.readline: a thread inside its lock when the program ends is a fatal error of Python.
        while data := os.read(0, 1024):
            for line in data.decode(errors="replace").splitlines():
                self._lines.put(line)


class TerminalFace:
    """Shows a calibration in the terminal; ``typed`` gives the lines a person types, None where nobody can type."""

    def __init__(
        self, console: Console | None = None, typed: Callable[[], str | None] | None = None, *, notice: str = ""
    ) -> None:
        self._console = console or Console()
        self._typed = typed or (Typed() if sys.stdin is not None and sys.stdin.isatty() else None)
        self.hands_free = self._typed is None
        self._live: Live | None = None
        self._said: tuple[object, ...] = ()
        self._said_t = -_SELDOM_S
        if notice:
            self._console.print(notice, markup=False, highlight=False)

    def show(self, _rgb: Picture | None, obs: Observation, progress: Progress) -> WizardCommand | None:
        """What the person typed, after showing them this."""
        if self._console.is_terminal:
            self._refresh(progress)
        else:
            self._say(obs.t, progress)
        line = self._typed() if self._typed else None
        return None if line is None else KEYS.get(line.strip().lower()[:1])

    def close(self) -> None:
        """Leave the live panel; its last content stays."""
        if self._live:
            self._live.stop()
            self._live = None

    def _refresh(self, progress: Progress) -> None:
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(panel(progress), refresh=True)
        if progress.phase in ENDED:
            self.close()
            self._console.print(progress.message, markup=False, highlight=False)

    def _say(self, t: float, progress: Progress) -> None:
        news = (progress.number, progress.phase, progress.hint)
        same_phase = news[:2] == self._said[:2]
        if news == self._said or (same_phase and t - self._said_t < _SELDOM_S):
            return
        self._said, self._said_t = news, t
        line = f"Hint: {progress.hint}." if same_phase and progress.hint else None if same_phase else headline(progress)
        if line:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def headline(progress: Progress) -> str:
    """One line with the stage, the phase and what to do."""
    place = f"[{progress.number}/{progress.total}] {progress.rule.title}: "
    if progress.phase is Phase.COUNTDOWN:
        return f"{place}take your position, it starts in {math.ceil(progress.left_s or 0.0)} s"
    return progress.message if progress.phase in ENDED else place + progress.message


def panel(progress: Progress) -> RenderableType:
    """The live panel."""
    lines: list[RenderableType] = [Text(progress.message)]
    if progress.phase in (Phase.COUNTDOWN, Phase.HOLD):
        word = "Take your position" if progress.phase is Phase.COUNTDOWN else "Hold"
        lines += [
            Text(""),
            Text(f"{word}: {math.ceil(progress.left_s or 0.0)} s", style="bold"),
            ProgressBar(total=1.0, completed=progress.share),
        ]
    lines += [Text(""), Text(f"> {progress.hint}" if progress.hint else "", style="bold yellow")]
    keys = "   ".join(f"{_NAMES[command]}: {name}" for command, name in progress.actions.items())
    title = f"{progress.rule.title} ({progress.number} of {progress.total})"
    return Panel(Group(*lines), title=title, subtitle=Text(keys), padding=(1, 2), width=76)
