"""The status line on the console while the monitor runs: activity, its duration, and the posture."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TextIO

from monitor.core.body.pose import Observation
from monitor.core.pipeline import Event, Step
from monitor.core.vocabulary import Activity, CameraPlacement
from monitor.texts.catalogue import reason, text
from monitor.texts.reminders import clock, duration, labels

# A line that is not overwritten (a file, a pipe) is printed on a change, and else this seldom (s of the source's time).
_SELDOM_S = 600.0
# Reasons that the person can do something about.
PLACES: Mapping[CameraPlacement, str] = {
    CameraPlacement.RAISED: (
        "Your desk seems to be raised, so you are counted as standing. If you sit: posture-monitor mark sitting"
    ),
    CameraPlacement.MOVED: (
        "Your camera has moved: posture is not compared until you put it back or calibrate again: posture-monitor calibrate"
    ),
    CameraPlacement.SAME: "The camera is back where you calibrated.",
}


def line_of(step: Step, tz: tzinfo, screen_cm: float | None = None) -> str:
    """One line for people: ``09:41  sitting 31 min | posture ok``."""
    run = step.runs.get(step.state)
    seconds = run.seconds if run else step.t - step.since
    assumed = " (assumed)" if step.open and step.open.assumed and step.state is Activity.SITTING else ""
    parts = [f"{clock(step.t, tz)}  {text('activities', step.state)}{assumed} {duration(seconds)}", _posture(step)]
    ratio = step.readings["screen_distance"].value if "screen_distance" in step.readings else None
    if screen_cm and ratio is not None and ratio == ratio:  # noqa: PLR0124  # not NaN
        parts.append(f"screen about {ratio * screen_cm:.0f} cm")
    return " | ".join(part for part in parts if part)


def _posture(step: Step) -> str:
    if step.sample.activity is not step.state or step.state not in (Activity.SITTING, Activity.STANDING):
        return reason(step.sample.why) if step.sample.why else ""
    if step.posture.sustained:
        return f"{labels(tuple(sorted(step.posture.sustained)))} more than usual"
    return f"posture {step.posture.state}" + (f" ({reason(step.posture.why)})" if step.posture.why else "")


@dataclass(slots=True)
class ConsoleSink:
    """Keeps one line up to date on a terminal; elsewhere prints a line whenever something changed."""

    tz: tzinfo
    out: TextIO = field(default_factory=lambda: sys.stdout)
    screen_cm: float | None = None
    width: Callable[[], int] = lambda: 79
    _is_terminal: bool | None = None
    _shown: str = ""
    _key: tuple[object, ...] = ()
    _at: float = float("-inf")
    _place: CameraPlacement = CameraPlacement.SAME

    def write(self, _obs: Observation, step: Step) -> None:
        """Show this step, if it differs."""
        if step.place is not self._place:
            self._place = step.place
            self.say(PLACES[step.place])
        if self._is_terminal is None:
            self._is_terminal = self.out.isatty()
        if self._is_terminal:
            self._overwrite(line_of(step, self.tz, self.screen_cm))
        else:
            self._print_change(step)

    def close(self, _events: Sequence[Event]) -> None:
        """End the line."""
        if self._shown:
            self._put("\n")

    def clear(self) -> None:
        """Clear the line for other text."""
        if self._shown:
            self._put("\r" + " " * len(self._shown) + "\r")
            self._shown = ""

    def say(self, text: str) -> None:
        """Print other text above the line."""
        self.clear()
        self._put(text + "\n")

    def _put(self, text: str) -> None:
        """Write it; a full disk, a closed terminal or a closed pipe loses only the line."""
        with suppress(OSError):
            self.out.write(text)
            self.out.flush()

    def _overwrite(self, line: str) -> None:
        line = line[: self.width() - 1]
        if line != self._shown:
            self._put("\r" + line.ljust(len(self._shown)))
            self._shown = line

    def _print_change(self, step: Step) -> None:
        key = (step.state, bool(step.posture.judged), step.posture.sustained)
        if key != self._key or step.t - self._at >= _SELDOM_S:
            self._key, self._at = key, step.t
            self._put(line_of(step, self.tz, self.screen_cm) + "\n")
