"""What is kept about her: every file and table, a copy of all of it, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.app import queries
from monitor.app.files import delete, found
from monitor.app.home import Home
from monitor.app.privacy import is_lock, kept_for
from monitor.core.data_dictionary import KEPT, NEVER_KEPT
from monitor.core.errors import ConfigError
from monitor.reports.privacy import size
from monitor.web.forms import Form

# What she types so that nothing is deleted by a slip.
WORD = "delete"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file: its path, what it is, whether others on this computer can read it, its size in words."""

    path: str
    what: str
    shared: bool
    size: str


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What is kept, what never is, and for how long; ``done`` is what was just deleted."""

    template: ClassVar[str] = "privacy.html"
    files: Sequence[FileRow]
    tables: Sequence[tuple[str, str]]
    never: Sequence[str]
    keep: str
    running: bool
    folder: str
    word: str = WORD
    done: str = ""
    fault: str = ""


def privacy_page(home: Home, done: str = "", fault: str = "") -> PrivacyPage:
    """The page."""
    files = [
        FileRow(str(one.path), one.belonging.what, "r" in one.mode[4:], size(one.size).replace(" ", "\u00a0"))
        for one in found(home)
        if not is_lock(one)
    ]
    tables = [(name, table.what) for name, table in KEPT.items()]
    running = queries.is_running(home)
    return PrivacyPage(files, tables, NEVER_KEPT, kept_for(home), running, str(home.folders.data), done=done, fault=fault)


def forget(home: Home, sent: Form) -> PrivacyPage:
    """The page after everything personal was deleted, or why it was not.  Raises StoreError while a monitor runs."""
    if sent.one("word") != WORD:
        return privacy_page(home, fault=f"Nothing was deleted: type the word {WORD} to delete.")
    gone = [path for path in delete(home, everything=False) if not path.exists()]
    left = [one for one in found(home, personal_only=True) if not is_lock(one)]
    if left:
        raise ConfigError(f"still there: {', '.join(str(one.path) for one in left)}; see what holds it, and try again")
    return privacy_page(home, done=f"{len(gone)} files are gone. Looked again: nothing personal is left.")
