"""The history: one SQLite file that belongs to the person, written by ``Store`` and ``Diary``, read by ``History``."""

from monitor.adapters.store.checks import add_check, checks
from monitor.adapters.store.diary import Diary
from monitor.adapters.store.history import History
from monitor.adapters.store.writer import OpenSession, Store

__all__ = ["Diary", "History", "OpenSession", "Store", "add_check", "checks"]
