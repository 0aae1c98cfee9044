"""The history: one SQLite file that belongs to the person, written by ``Store``, read by ``History``."""

from monitor.adapters.store.history import History
from monitor.adapters.store.mailbox import Mailbox, post
from monitor.adapters.store.writer import OpenSession, Store

__all__ = ["History", "Mailbox", "OpenSession", "Store", "post"]
