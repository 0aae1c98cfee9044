"""The history: one SQLite file that belongs to the person, written by ``Store`` and ``Diary``, read by ``History``."""

from monitor.adapters.store.anew import sound_or_anew
from monitor.adapters.store.checks import add_check, checks
from monitor.adapters.store.diary import Diary
from monitor.adapters.store.history import History
from monitor.adapters.store.mailbox import Mailbox, post
from monitor.adapters.store.snapshot import Snapshot
from monitor.adapters.store.writer import OpenSession, Store

__all__ = ["Diary", "History", "Mailbox", "OpenSession", "Snapshot", "Store", "add_check", "checks", "post", "sound_or_anew"]
