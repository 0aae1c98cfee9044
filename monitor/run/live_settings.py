"""A change of the settings file reaches the running monitor: looked for with the orders, taken over between two observations."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from monitor.app.home import Home
from monitor.config import changed, load, taken_over
from monitor.core.errors import ConfigError

_Stamp: TypeAlias = tuple[int, int, int] | None
RESTART = "posture-monitor stop, then start"


class LiveSettings:
    """The settings in force; ``look`` reads the file again once it has changed and hands the home with them to ``apply``.

    ``say`` hears one line of what changed.  A file that cannot be used is refused in one line, and changes nothing.
    """

    def __init__(self, home: Home, apply: Callable[[Home], None], say: Callable[[str], None]) -> None:
        self._apply, self._say = apply, say
        self._path, self._file = home.folders.settings, home.settings
        self._stamp = _stamp(self._path)
        self.home = home

    def look(self) -> None:
        """Take over what has changed since the last look."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            new = load(self._path)
        except ConfigError as error:
            self._say(f"{error}. Until then the settings before it stay in force.")
            return
        now, later = changed(self._file, new)
        self._file = new
        if now:
            self.home = replace(self.home, settings=taken_over(self.home.settings, new))
            self._apply(self.home)
        if now or later:
            self._say(". ".join([*_line("In force now", now), *_line(f"Needs a restart ({RESTART})", later)]))


def _line(what: str, names: list[str]) -> list[str]:
    return [f"{what}: {', '.join(names)}"] if names else []


def _stamp(path: Path) -> _Stamp:
    """What differs when the file was written anew; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
