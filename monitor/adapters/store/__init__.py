"""The history: one SQLite file that belongs to the person, written by ``Store`` and ``Diary``, read by ``History``.

Each part is loaded when it is asked for: ``status`` writes nothing, and should not wait for what does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from monitor.adapters.store.checks import add_check, checks

if TYPE_CHECKING:
    from monitor.adapters.store.command_queue import Mailbox, post
    from monitor.adapters.store.history import History
    from monitor.adapters.store.recovery import sound_or_anew
    from monitor.adapters.store.self_reports import Diary
    from monitor.adapters.store.snapshot import Snapshot
    from monitor.adapters.store.writer import OpenSession, Store

__all__ = ["Diary", "History", "Mailbox", "OpenSession", "Snapshot", "Store", "add_check", "checks", "post", "sound_or_anew"]
_PART = {
    "Diary": "diary",
    "History": "history",
    "Mailbox": "mailbox",
    "OpenSession": "writer",
    "Snapshot": "snapshot",
    "Store": "writer",
    "post": "mailbox",
    "sound_or_anew": "anew",
}


def __getattr__(name: str) -> Any:
    """What is asked for, from its own module."""
    if name not in _PART:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PART[name]}"), name)
