"""The facts about this machine for ``doctor --privacy`` and ``data``."""

from collections.abc import Iterator

from monitor.app import engines
from monitor.app.files import LOCKS, NAMED, WRITTEN, Folder, FoundFile, found
from monitor.app.home import Home
from monitor.reports.privacy import Facts, File, retention


def kept_for(home: Home) -> str:
    """How long records are kept, in words."""
    return retention(home.settings.data.keep_days, told_too=not home.settings.data.keep_check_ins)


def facts(home: Home) -> Facts:
    """All facts, as of now."""
    choice = engines.chosen(home)
    return Facts(choice.package, choice.version, choice.pinned, choice.as_pinned, tuple(_files(home)), NAMED, kept_for(home))


def _files(home: Home) -> Iterator[File]:
    """The existing files, then those that may be created."""
    there = found(home)
    yield from (_file(one) for one in there)
    folders = {Folder.DATA: home.folders.data, Folder.SETTINGS: home.folders.settings.parent, Folder.CACHE: home.folders.cache}
    kinds = {one.belonging for one in there}
    yield from (File(str(folders[k.place] / k.pattern), k.what, None, None) for k in WRITTEN if k not in kinds)


def _file(one: FoundFile) -> File:
    return File(str(one.path), one.belonging.what, one.mode, one.size)


def is_lock(one: FoundFile) -> bool:
    """Whether the file only marks a running monitor."""
    return one.path.name in LOCKS
