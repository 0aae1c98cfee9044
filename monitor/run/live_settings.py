"""Applies changes of the settings file, and of what the person entered, to the running monitor.

Both are checked together with the commands, between two observations.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from monitor.app.home import Home
from monitor.config import changed, load, taken_over
from monitor.core.errors import ConfigError
from monitor.core.history.records import Person

_Stamp: TypeAlias = tuple[int, int, int] | None
RESTART = "posture-monitor stop, then start"


class LiveSettings:
    """The settings in force; ``look`` reads the file again once it has changed and hands the home with them to ``apply``.

    ``person()`` is what the person entered; stage and conditions decide limits, so ``apply`` follows a change of them too.
    ``say`` receives one line about the change.  An unusable file is refused with one line, and changes nothing.
    """

    def __init__(
        self, home: Home, person: Callable[[], Person], apply: Callable[[Home], None], say: Callable[[str], None]
    ) -> None:
        self._apply, self._say = apply, say
        self._read_person, self._person = person, person()
        self._path, self._file = home.folders.settings, home.settings
        self._stamp = _stamp(self._path)
        self.home = home

    def look(self) -> None:
        """Apply what has changed since the last call."""
        self._look_at_entries()
        self._look_at_file()

    def _look_at_entries(self) -> None:
        before, self._person = self._person, self._read_person()
        if self._person != before:
            self._apply(self.home)
            self._say("In force now: your stage and what you ticked")

    def _look_at_file(self) -> None:
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
    """A stamp that differs when the file was rewritten; None without a file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
