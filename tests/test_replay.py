"""A replay equals the live run: the core sees the same, says the same and keeps the same."""

import sqlite3
from contextlib import closing
from dataclasses import asdict
from functools import partial

import numpy as np
import pytest
from program import DEMO

from monitor.adapters.camera.video import Clip, VideoFile
from monitor.adapters.store import Store
from monitor.adapters.trace import Trace, TraceWriter
from monitor.adapters.vision.landmarker import Landmarker
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.kinds import KINDS, default_rules
from monitor.run.loop import Watch, run
from monitor.run.sinks import StoreSink, TraceSink
from monitor.testing import MORNING

# Tracked from frame to frame, and one picture every ten seconds in which she gets up, is away and comes back.
LIVE = Clip(DEMO / "demo_sit_tall.mp4")
LAPSE = Clip(DEMO / "demo_morning.mp4", start_s=11.2, end_s=13.0, time_scale=200.0)


class RecordingSink:
    """A sink that records what it was given."""

    def __init__(self) -> None:
        self.seen, self.steps, self.last = [], [], None

    def write(self, obs, step):
        self.seen.append(obs)
        self.steps.append(step)

    def close(self, events):
        self.last = list(events)


def plan(period_s):
    # So short a time has its reminder, too.
    rules = default_rules() | {"sat_too_long": KINDS["sat_too_long"].make(soft_min=0.05, firm_min=1.0)}
    return Plan(rules=rules, period_s=period_s)


def kept(source, folder, *sinks: object):
    """What the pipeline made of a source, and every row that the history then holds."""
    keep = RecordingSink()
    with Store(folder / "history.db") as store:
        begin = partial(store.begin, source="a clip", profile=None, program="0")
        run(source, Pipeline(plan(source.period_s)), [StoreSink(begin), *sinks, keep])
    return keep, rows(folder / "history.db")


def rows(path):
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608


@pytest.fixture(scope="module", params=[LIVE, LAPSE], ids=["live", "time-lapse"])
def both(request, model, tmp_path_factory):
    """The live run with the real model, and the replay of the trace that it wrote."""
    first, second = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("replay")
    with (
        closing(VideoFile(request.param, start_t=MORNING)) as video,
        closing(Landmarker(model, period_s=video.period_s)) as engine,
    ):
        path = first / "trace.jsonl.gz"
        writer = TraceWriter(path, period_s=video.period_s, source="a clip")
        live = kept(Watch(video, engine), first, TraceSink(writer))
    return live, kept(Trace(path), second)


def test_the_core_sees_the_very_same(both):
    (live, _), (again, _) = both

    assert len(live.seen) >= 30
    assert again.seen == live.seen


def test_the_steps_are_the_very_same(both):
    (live, _), (again, _) = both

    np.testing.assert_equal([asdict(step) for step in again.steps], [asdict(step) for step in live.steps])
    np.testing.assert_equal([asdict(event) for event in again.last], [asdict(event) for event in live.last])


def test_the_history_holds_the_very_same(both):
    (live, stored), (_, stored_again) = both

    assert stored_again == stored
    assert {table for table, found in stored.items() if found} == {"sessions", "bouts", "minutes", "reminders"}
    assert any(isinstance(event, Reminder) for step in live.steps for event in step.events)
