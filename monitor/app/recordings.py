"""The histories of recorded files: one for each file, separate from the person's history."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from monitor.adapters.store import History
from monitor.app.home import HISTORY, Home
from monitor.core.data_dictionary import LATEST_T
from monitor.core.errors import ConfigError, StoreCorrupt, StoreError
from monitor.core.history.records import Session
from monitor.regular_files import regular, write_private

FOLDER, SUFFIX, CURRENT = "recordings", ".db", "current.txt"
LONGEST_NAME, MOST_RUNS = 80, 1000


def recording_of(home: Home, name: str) -> Path:
    """The path of the history of the recording ``name``.  Raises ConfigError if that is not a file name."""
    if not re.fullmatch(r"[\w][\w .+-]*", name) or len(name) > LONGEST_NAME:
        raise ConfigError(f"{name!r} is no name of a recording; summary --recording takes the file's name without its ending")
    return home.folders.data / FOLDER / f"{name}{SUFFIX}"


def name_of(file: str) -> str:
    """The name of the recording of ``file``: the file's stem, in characters that every system accepts."""
    plain = re.sub(r"[^\w.+-]+", "-", Path(file).stem).strip("-. ")[:LONGEST_NAME]
    return plain if re.match(r"\w", plain) else f"recording-{plain}".strip("-")


def open_recording(home: Home, name: str) -> History:
    """The history of a recording, open for reading.  Raises StoreError, naming the existing ones, if there is none."""
    path = recording_of(home, name)
    try:
        there = sorted(one.stem for one in path.parent.iterdir() if one.suffix == SUFFIX) if path.parent.is_dir() else []
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be read ({error.strerror}); check its permissions") from error
    if path.stem not in there:
        known = f"there are: {', '.join(there)}" if there else "there are none yet; posture-monitor run --source FILE makes one"
        raise StoreError(f"there is no recording {name!r}; {known}")
    return History(path)


def announce(home: Home, history: Path | None) -> None:
    """Note which history the monitor of this folder writes from now on: a recording's, or None for the person's own."""
    note = home.folders.data / FOLDER / CURRENT
    if history is None:
        note.unlink(missing_ok=True)
        return
    write_private(note, history.stem)


def watched_history(home: Home) -> Path:
    """The history that the monitor of this folder writes, or wrote last: the person's own or a recording's."""
    try:
        name = regular(home.folders.data / FOLDER / CURRENT).read_text(encoding="utf-8")
        path = recording_of(home, name)
    except (OSError, UnicodeDecodeError, ConfigError):
        return home.folders.data / HISTORY
    return path if path.exists() else home.folders.data / HISTORY


def start_of(text: str, tz: tzinfo) -> float:
    """When a recording began (POSIX s), of an ISO date and time; without a zone it is the person's.  Raises ConfigError."""
    try:
        at = datetime.fromisoformat(text)
        start = (at if at.tzinfo else at.replace(tzinfo=tz)).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigError(f"--start {text!r} is no date and time; write it as 2026-03-02T09:00") from error
    if not 0 <= start <= LATEST_T:
        raise ConfigError(f"--start {text!r} is outside the years that a history can hold; write it as 2026-03-02T09:00")
    return start


def check_free(home: Home, start: float, end: float, latest: float) -> None:
    """Raise ConfigError unless the own history is empty from ``start`` to ``end``, and ``end`` is before ``latest`` (POSIX s)."""
    if end > latest:
        raise ConfigError("the recording would end in the future; say with --start when it began")
    if there := _sessions(home.folders.data / HISTORY, start, end):
        at = f"{datetime.fromtimestamp(there[0].start, home.tz):%Y-%m-%d %H:%M}"
        raise ConfigError(f"session {there[0].id}, begun {at}, lies in the same time; say with --start when the recording began")


def free_recording(home: Home, file: str, start: float, end: float) -> Path:
    """The path of a history for ``file`` that is empty from ``start`` to ``end`` (POSIX s).

    Times are added up within a history, so a second run over the same time gets a number behind its name.  Raises ConfigError.
    """
    name = name_of(file)
    names = (name, *(f"{name[: LONGEST_NAME - 6]}-{number}" for number in range(2, MOST_RUNS)))
    found = next((path for path in (recording_of(home, each) for each in names) if not _sessions(path, start, end)), None)
    if found is None:
        raise ConfigError(
            f"{file} was run {MOST_RUNS} times; delete some of the files {name}-*.db in {home.folders.data / FOLDER}"
        )
    return found


def _sessions(path: Path, start: float, end: float) -> Sequence[Session]:
    """The sessions of a history with a part from ``start`` to ``end``."""
    if not path.exists():
        return ()
    try:
        with History(path) as history:
            return history.records(start, end).sessions
    except StoreCorrupt:  # the run sets the damaged file aside and begins a new one
        return ()
