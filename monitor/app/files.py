"""All files that the program writes, as one table.

``doctor --privacy`` lists it, ``data delete`` removes the files, and a test compares it with a system-call trace of real runs.
"""

import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from monitor.adapters.activity_watch import WAITING
from monitor.adapters.profiles import is_profile
from monitor.adapters.store import is_history
from monitor.adapters.system.lock import FILES, folder_lock
from monitor.adapters.trace import Trace
from monitor.adapters.trace_list import NAME as TRACES
from monitor.adapters.trace_list import noted
from monitor.app.home import Home
from monitor.core.errors import TraceCorrupt


class Folder(Enum):
    """The folder that a pattern is relative to."""

    DATA = "data"
    SETTINGS = "settings"
    CACHE = "cache"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its pattern in its folder, and its purpose; ``personal`` if it has data about the person.

    ``ours`` tells by the content whether a file of that name was written by the program.
    """

    place: Folder
    pattern: str
    what: str
    personal: bool = True
    ours: Callable[[Path], bool] = field(default=lambda _path: True, compare=False)


LOCKS = FILES
WRITTEN = (
    FileKind(Folder.DATA, "history.db", "the history: every table and field below", ours=is_history),
    FileKind(Folder.DATA, "history.db-wal", "the newest rows of the history, until they are moved into it"),
    FileKind(Folder.DATA, "history.db-shm", "where those rows are (shared memory of SQLite)"),
    FileKind(Folder.DATA, "history.db-journal", "SQLite's note while a new history is made"),
    FileKind(Folder.DATA, "history.damaged-[0-9]*.db*", "a damaged history that was set aside, unchanged"),
    FileKind(
        *(Folder.DATA, "profiles/*.json", "a calibration: the medians of your own postures, where corners of the room lie"),
        ours=is_profile,
    ),
    FileKind(Folder.DATA, "profiles/*.json.bak", "the calibration before it", ours=is_profile),
    FileKind(Folder.DATA, "profiles/.*.part", "a calibration while it is written", ours=is_profile),
    FileKind(Folder.DATA, "profiles/*.json.????????", "the same, of an older version of the program", ours=is_profile),
    FileKind(Folder.DATA, "reports/*.html", "a report that you asked for, as a page"),
    FileKind(Folder.DATA, "reports/.*.part", "a report while it is written"),
    FileKind(Folder.DATA, "recordings/*.db", "the history of a recorded file that you let it watch; the demo's too"),
    FileKind(Folder.DATA, "recordings/*.db-*", "its newest rows, where they are, or SQLite's note while it is made"),
    FileKind(Folder.DATA, "recordings/current.txt", "the name of the recording that is being watched"),
    FileKind(Folder.DATA, "recordings/*.damaged-*", "a damaged one that was set aside, unchanged"),
    FileKind(Folder.DATA, "recordings/.current.txt.*.part", "that name while it is written"),
    FileKind(Folder.DATA, TRACES, "where the traces are that you asked for"),
    FileKind(Folder.DATA, WAITING, "what ActivityWatch on this computer has not been told yet; two weeks at most"),
    FileKind(Folder.DATA, f".{WAITING}.*.part", "the same while it is written"),
    FileKind(Folder.DATA, "monitor.log", "what a monitor without a window would have printed; at most 1 MB"),
    FileKind(Folder.DATA, "monitor.old", "the log before it"),
    FileKind(Folder.DATA, "tray.log", "what the icon in the tray would have printed"),
    FileKind(Folder.DATA, "tray.old", "the log before it"),
    FileKind(Folder.DATA, "monitor.lock", "empty: keeps a second monitor away"),
    FileKind(Folder.DATA, "monitor.pid", "the number of the running process"),
    FileKind(Folder.DATA, "monitor.stop", "empty: asks the monitor to end"),
    FileKind(Folder.SETTINGS, "settings.toml", "your settings", personal=False),
    FileKind(Folder.SETTINGS, ".settings.toml.*.part", "the settings while they are written", personal=False),
    FileKind(Folder.CACHE, "pose_landmarker_full-*.task", "the pose model; nothing of yours", personal=False),
    FileKind(Folder.CACHE, ".pose_landmarker_full-*.part", "the pose model while it is written", personal=False),
    FileKind(Folder.CACHE, "pose-model-*.part", "the same, of an older version of the program", personal=False),
)
# The demo keeps files of the same kinds in a folder of its own.
FOLDERS = ("", "demo")
TRACE = FileKind(Folder.DATA, "", "a landmark trace that you asked for with run --trace")
NAMED = (
    "the file of run --trace, the folder of analyze --annotate, the folder of data export: where you say, when you ask",
    "the entry of autostart enable, which is shown before it is written; autostart disable removes it",
    "files of the same kinds in the folder demo/ beside the history, which the demo makes anew each time",
    "the system's folder for temporary files, while a trace is replayed, a library looked for, a copy packed; gone afterwards",
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An existing file: its kind, its permissions as ``-rw-------``, its size (bytes)."""

    path: Path
    belonging: FileKind
    mode: str
    size: int


def found(home: Home, *, personal_only: bool = False) -> list[FoundFile]:
    """All existing files of the program, traces first, then in the table's order."""
    kinds = [kind for kind in WRITTEN if kind.personal or not personal_only]
    # Traces first: the note that names them is kept as long as one of them.
    ours = dict.fromkeys(_traces(home), TRACE)
    ours |= {path: kind for kind in kinds for path in _paths(home, kind)}
    return [_found(path, kind) for path, kind in ours.items()]


def belonging_of(home: Home, path: Path) -> FileKind | None:
    """The kind of program file that ``path`` is or would be, None if it is none."""
    return next((kind for kind in WRITTEN for root in _roots(home, kind.place) if _matches(path, root, kind.pattern)), None)


def foreign(home: Home) -> list[Path]:
    """The files in the data folder that are not the program's."""
    folder = home.folders.data
    ours = {one.path for one in found(home)}
    return sorted(p for p in folder.rglob("*") if p not in ours and (p.is_symlink() or not p.is_dir()))


def delete(home: Home, *, everything: bool) -> list[Path]:
    """The files removed: all personal ones, with ``everything`` the settings and the model too; then folders left empty.

    Raises StoreError while a monitor runs.
    """
    if not home.folders.data.is_dir():
        return _remove(found(home, personal_only=not everything))
    with folder_lock(home.folders.data):
        gone = _remove([one for one in found(home, personal_only=not everything) if one.path.name not in LOCKS])
    gone += _remove([one for one in found(home) if one.path.name in LOCKS])
    for folder in _empty_first(home, everything=everything):
        with suppress(OSError):  # it has files of the person's own
            folder.rmdir()
    return gone


def _remove(files: Sequence[FoundFile]) -> list[Path]:
    """Remove the files without reporting failures; the caller lists again what is left, for whatever reason."""
    for one in files:
        held = any(other.belonging is TRACE and other.path.exists() for other in files)
        if one.path.name == TRACES and held:
            continue  # it names files that are still to be removed
        with suppress(OSError):
            one.path.unlink(missing_ok=True)  # only the link itself: its target is not the program's
    return [one.path for one in files]


def _empty_first(home: Home, *, everything: bool) -> Iterator[Path]:
    for root in reversed(_roots(home, Folder.DATA)):
        yield from (root / "profiles", root / "recordings", root / "reports", root)
    if everything:
        yield from (home.folders.settings.parent, home.folders.cache)


def _roots(home: Home, place: Folder) -> list[Path]:
    if place is Folder.DATA:
        return [home.folders.data / name for name in FOLDERS]
    return [home.folders.settings.parent if place is Folder.SETTINGS else home.folders.cache]


def _paths(home: Home, kind: FileKind) -> list[Path]:
    found = [path for root in _roots(home, kind.place) for path in sorted(root.glob(kind.pattern)) if not path.is_dir()]
    return [path for path in found if not _behind_a_link(home, path) and (path.is_symlink() or kind.ours(path))]


def _behind_a_link(home: Home, path: Path) -> bool:
    """Whether a folder between the data folder and the file is a link, so that the file is somewhere else."""
    return any(folder.is_symlink() for folder in path.parents if home.folders.data in folder.parents)


def _matches(path: Path, root: Path, pattern: str) -> bool:
    return path.parent == (root / pattern).parent and path.match(pattern)


def _traces(home: Home) -> Iterator[Path]:
    """The traces that were written and still are traces: another file may have taken a name since."""
    for path in noted(home.folders.data):
        with suppress(TraceCorrupt):
            Trace(path)
            if not path.is_symlink():
                yield path


def _found(path: Path, kind: FileKind) -> FoundFile:
    try:
        status = path.lstat()
    except FileNotFoundError:  # it has just been removed, as SQLite does with its log
        return FoundFile(path, kind, "gone", 0)
    return FoundFile(path, kind, stat.filemode(status.st_mode), status.st_size)
