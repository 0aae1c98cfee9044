"""The disk fills up, the file is damaged, the machine sleeps, the clock is set, the desktop hangs: the monitor goes on.

All of it goes through the real loop, the real pipeline and the real history; a story stands in for the camera.
"""

import math
import os
import random
import signal
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from desktop_session import need

from monitor.adapters.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.desktop import DesktopNotifier
from monitor.adapters.store import Diary, History, Store, sound_or_anew
from monitor.core.activity import Activity
from monitor.core.errors import DiskFull, StoreCorrupt, StoreError
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.records import Person, Reported
from monitor.core.wording import plain
from monitor.loop import run
from monitor.reports import periods
from monitor.reports.periods import report_on
from monitor.sinks import DAY_S, HEARTBEAT_S, ForgetSink, NotifySink, StoreSink, TraceSink
from monitor.steady import Steady
from monitor.testing import MORNING, RecordingNotifier, scene
from monitor.testing.memory import MemoryStore

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
DAY = "sit 31min, stand 2min, sit 20min, away 5min, sit 40min"
STAMP = "20260302-090000"


class Story(list):
    """Observations as a source, with something that happens before the n-th of them."""

    period_s = 1.0

    def __init__(self, text, happens=None, start=MORNING):
        super().__init__(scene(text, 1.0, start))
        self.happens = happens or {}

    def __iter__(self):
        for n, obs in enumerate(super().__iter__()):
            self.happens.get(n, bool)()
            yield obs


def lived(path, story, *more):
    """What was said while the story went through the real loop into the history at ``path``."""
    said = []
    pipeline = Pipeline(Plan(period_s=1.0))
    with Store(path) as store:
        mend = partial(mended, store, said)
        sink = StoreSink(partial(store.begin, **ABOUT), pipeline.minute, said.append, mend)
        run(story, pipeline, [sink, *more])
    return said


def mended(store, said):
    if remark := store.reopen(lambda: STAMP):
        said.append(remark)


def records(path, start=0.0, end=MORNING + 10 * 365 * DAY_S):
    with History(path) as history:
        return history.records(start, end)


def same(path, other):
    kept, expected = records(path), records(other)
    return (kept.bouts, kept.signals, kept.told) == (expected.bouts, expected.signals, expected.told)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


@pytest.fixture
def undisturbed(tmp_path):
    path = tmp_path / "undisturbed" / "history.db"
    lived(path, Story(DAY))
    return path


def pages(path, number):
    """Room for that many pages in the history, for the connection that the monitor uses."""


# --- a disk that is full, or may only be read --------------------------------------------------------------------


class Locked:
    """A file that another program holds from one moment of the story to another: writing fails, as on a full disk."""

    def __init__(self, path):
        self.path, self.db = path, None

    def hold(self):
        self.db = sqlite3.connect(self.path, isolation_level=None)
        self.db.execute("BEGIN IMMEDIATE")

    def let_go(self):
        self.db.close()


class Stubborn:
    """A store whose every write fails with ``error`` while ``closed``; all that gets through is the real store's."""

    def __init__(self, store, error):
        self.store, self.error, self.closed = store, error, False

    def begin(self, t):
        self._door()
        return StubbornSession(self, self.store.begin(t, **ABOUT))

    def _door(self):
        if self.closed:
            raise self.error


class StubbornSession:
    def __init__(self, door, session):
        self._door, self._session, self.id = door, session, session.id

    def __getattr__(self, name):
        def verb(*arguments):
            self._door._door()
            return getattr(self._session, name)(*arguments)

        return verb
