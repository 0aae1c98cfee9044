"""A small window with a tip, its figure and a timer, through tkinter; always a process of its own, which reads JSON.

A window in the monitor's process would need the main thread, and a crash of it would end the monitor.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from typing import Any

_BACK, _INK, _FAR, _NEAR, _EDGE = "#FDFDFB", "#1B2024", "#A9B6C1", "#52667A", "#737E86"
_CELL, _HEIGHT, _SCALE = 110, 140, 1.1
_STAYS_MS = 10_000
REFUSED = 2


class BreakWindow:
    """Opens the window, one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def open(self, content: Mapping[str, Any]) -> None:
        """Show ``title``, ``body``, ``figures`` with their ``words`` and a timer of ``seconds``, in place of what is open."""
        self.close()
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        # One that ended at once has reported the reason.
        with suppress(BrokenPipeError), self._process.stdin or nullcontext() as pipe:
            if pipe:
                pipe.write(json.dumps(content).encode())

    def trouble(self) -> str | None:
        """The reason why the window could not be shown, once; None otherwise."""
        if self._process is None or self._process.poll() is None:
            return None
        over, self._process = self._process, None
        said = over.stderr.read().decode(errors="replace").strip() if over.stderr else ""
        if over.stderr:
            over.stderr.close()
        return (said.splitlines() or ["it ended without a word"])[-1] if over.returncode == REFUSED else None

    def close(self) -> None:
        """Close the open window; never fails."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        self._process = None


def main() -> int:
    """The window's own process: 0 when it was closed, 2 with one line where no window can be shown."""
    content = json.load(sys.stdin)
    try:
        import tkinter as tk

        root = tk.Tk()
    except (ImportError, RuntimeError) as error:
        sys.stderr.write(f"tkinter: {error}\n")
        return REFUSED
    except tk.TclError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    _fill(tk, root, content)
    root.mainloop()
    return 0


def _fill(tk: Any, root: Any, content: Mapping[str, Any]) -> None:
    root.title("Posture Monitor: a short break")
    root.configure(background=_BACK, padx=24, pady=20)
    root.resizable(width=False, height=False)
    text = {"background": _BACK, "foreground": _INK, "wraplength": 440, "justify": "left", "anchor": "w"}
    tk.Label(root, text=content["title"], font=("TkDefaultFont", 17, "bold"), **text).pack(fill="x")
    tk.Label(root, text=content["body"], font=("TkDefaultFont", 12), **text).pack(fill="x", pady=(6, 12))
    if content["figures"]:
        _figures(tk, root, content["figures"])
        words = "   ".join(f"{n}: {words}" for n, words in enumerate(content["words"], 1))
        tk.Label(root, text=words, font=("TkDefaultFont", 11), **text).pack(fill="x", pady=(0, 12))
    clock = tk.Label(root, font=("TkFixedFont", 24), background=_BACK, foreground=_INK)
    clock.pack(side="left")
    for label in ("Done", "Not now"):
        tk.Button(root, text=label, font=("TkDefaultFont", 12), padx=14, pady=8, command=root.destroy).pack(
            side="right", padx=(8, 0)
        )
    root.bind("<Escape>", lambda _event: root.destroy())
    _count_down(root, clock, int(content["seconds"]))


def _count_down(root: Any, clock: Any, left: int) -> None:
    clock.configure(text=f"{left // 60:02d}:{left % 60:02d}")
    if left > 0:
        root.after(1000, _count_down, root, clock, left - 1)
    else:
        root.after(_STAYS_MS, root.destroy)


def _figures(tk: Any, root: Any, figures: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    canvas = tk.Canvas(root, width=_CELL * len(figures), height=_HEIGHT, background=_BACK, highlightthickness=0)
    canvas.pack(anchor="w")
    floor = _HEIGHT - 14
    for n, figure in enumerate(figures):
        xs = [x for stroke in figure for x, _ in stroke["points"]]
        middle = _CELL * (n + 0.5) - _SCALE * (min(xs) + max(xs)) / 2
        canvas.create_line(_CELL * n + 6, floor + 2, _CELL * (n + 1) - 6, floor + 2, fill=_EDGE, width=2)
        canvas.create_text(_CELL * n + 12, 12, text=str(n + 1), fill=_INK, font=("TkDefaultFont", 12, "bold"))
        for stroke in figure:
            _stroke(canvas, [(middle + x * _SCALE, floor - y * _SCALE) for x, y in stroke["points"]], stroke)


def _stroke(canvas: Any, places: Sequence[tuple[float, float]], stroke: Mapping[str, Any]) -> None:
    colour, width = _FAR if stroke["far"] else _NEAR, stroke["width"] * _SCALE
    if places[0] == places[-1]:
        (x, y), r = places[0], width / 2
        canvas.create_oval(x - r, y - r, x + r, y + r, fill=colour, outline=colour)
    else:
        flat = [value for place in places for value in place]
        canvas.create_line(*flat, fill=colour, width=width, capstyle="round", joinstyle="round", smooth=len(places) > 2)  # noqa: PLR2004


if __name__ == "__main__":
    sys.exit(main())
