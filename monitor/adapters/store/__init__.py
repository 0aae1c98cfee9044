"""The history: one SQLite file that belongs to the person, written by ``Store`` and ``SelfReports``, read by ``History``.

Each part is imported on first use: ``status`` writes nothing, and does not load the modules that do.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from monitor.adapters.store.checks import add_check, checks

if TYPE_CHECKING:
    from monitor.adapters.store.command_queue import CommandQueue, post
    from monitor.adapters.store.database import is_history
    from monitor.adapters.store.history import History
    from monitor.adapters.store.live_state import note_poll
    from monitor.adapters.store.recovery import intact_or_replaced
    from monitor.adapters.store.self_reports import SelfReports
    from monitor.adapters.store.snapshot import Snapshot
    from monitor.adapters.store.writer import OpenSession, Store

__all__ = [
    "CommandQueue",
    "History",
    "OpenSession",
    "SelfReports",
    "Snapshot",
    "Store",
    "add_check",
    "checks",
    "intact_or_replaced",
    "is_history",
    "note_poll",
    "post",
]
_PART = {
    "SelfReports": "self_reports",
    "History": "history",
    "CommandQueue": "command_queue",
    "OpenSession": "writer",
    "Snapshot": "snapshot",
    "Store": "writer",
    "note_poll": "live_state",
    "is_history": "database",
    "post": "command_queue",
    "intact_or_replaced": "recovery",
}


def __getattr__(name: str) -> Any:
    """The attribute of that name, imported from its own module."""
    if name not in _PART:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PART[name]}"), name)
