"""The channel to other processes: one row, replaced in time, that tells what the last step told."""

import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import History, Store, note_look
from monitor.core.errors import DiskFull
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Plan
from monitor.core.posture.readings import Reading
from monitor.core.vocabulary import Activity
from monitor.run.live_state import LOOK_LASTS_S, LiveStateSink
from monitor.run.sinks import HEARTBEAT_S
from monitor.testing import MORNING, replay, scene

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
STEPS = replay(scene("sit 30s", 1.0), Plan(period_s=1.0))
NUMBERS = st.just(math.nan) | st.integers(-90000, 90000).map(lambda n: n / 1000)
SIGNALS = st.sampled_from(["head_tilt", "knee_angle"])
READINGS = st.dictionaries(SIGNALS, st.builds(Reading, NUMBERS, st.none() | st.text(), NUMBERS))


@dataclass
class Kept:
    """What was said of the present."""

    said: list[LiveState] = field(default_factory=list)

    def present(self, live):
        self.said.append(live)


def written(looked, steps=STEPS, ahead=lambda _s: 0.0):
    """At which second something was said, ``looked(t)`` telling when somebody looked, the wall clock ``ahead`` of the run."""
    kept, wall = Kept(), [MORNING]
    sink = LiveStateSink(kept, lambda: wall[0], lambda: looked(wall[0]), lambda: "none")
    for step in steps:
        wall[0] = step.t + ahead(step.t - MORNING)
        sink.write(None, step)
    return [live.t - MORNING for live in kept.said]


def test_it_is_said_every_ten_seconds_and_each_second_while_somebody_looks():
    def failing(_t):
        raise DiskFull("full")

    cases = {
        "nobody looks": (lambda _t: None, [0, 10, 20]),
        "somebody does": (lambda t: t, [float(s) for s in range(30)]),
        "looked once": (lambda t: MORNING + 12 if t >= MORNING + 12 else None, [0, 10, *range(12, 18), 27]),
        "looked long ago": (lambda _t: MORNING - 3600, [0, 10, 20]),
        "nobody can tell": (failing, [0, 10, 20]),
    }

    assert {name: written(looked) for name, (looked, _) in cases.items()} == {name: at for name, (_, at) in cases.items()}
    assert (HEARTBEAT_S, LOOK_LASTS_S) == (10.0, 5.0)


def test_a_wall_clock_that_is_set_back_is_no_reason_to_fall_silent():
    assert written(lambda _t: None, ahead=lambda s: -3600.0 if s > 4 else 0.0) == [0, 5, 15, 25]


def test_what_is_said_is_what_the_step_says():
    kept, step = Kept(), STEPS[-1]
    LiveStateSink(kept, lambda: MORNING, lambda: None, lambda: "desktop: notify-send", "mediapipe full").write(None, step)
    (live,) = kept.said

    assert (live.t, live.state, live.since, live.silent) == (step.t, step.state, step.since, step.silent)
    assert (live.posture, live.off, live.readings) == (step.posture.state, step.posture.sustained, step.readings)
    assert live.runs == {name: run.seconds for name, run in step.runs.items()}
    assert (live.engine, live.notifier) == ("mediapipe full", "desktop: notify-send")


LIVE = LiveState(
    MORNING, MORNING + 0.5, Activity.SITTING, MORNING - 60, None, None, "ok", frozenset(), {"sitting": 60.0}, {}, "full", "none"
)


@given(READINGS, st.sampled_from(Activity), st.frozensets(SIGNALS), st.none() | st.text())
def test_another_process_reads_what_was_written(tmp_path_factory, readings, state, off, why):
    path = tmp_path_factory.mktemp("data") / "history.db"
    live = replace(LIVE, readings=readings, state=state, off=off, why=why)
    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        session.present(LIVE)
        session.present(live)
        with History(path) as history:
            read = history.live_state()

    assert replace(read, readings={}) == replace(live, readings={})
    assert str(read.readings) == str(live.readings)  # NaN equals itself in text


def test_it_ends_with_its_session_and_is_forgotten_with_it(tmp_path):
    path = tmp_path / "history.db"

    def read():
        with History(path) as history:
            return history.live_state()

    with Store(path) as store:
        assert read() is None
        session = store.begin(MORNING, **ABOUT)
        session.present(LIVE)
        assert read() == LIVE
        session.end(MORNING + 10)
        assert read() is None
        store.begin(MORNING + 20, **ABOUT).present(LIVE)
    with Store(path) as store:  # the one before was killed
        assert read() is None
        store.forget(MORNING + 86400, told=True)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM now").fetchone() == (0,)


def test_that_somebody_looks_is_known_to_the_monitor(tmp_path):
    with Store(tmp_path / "history.db") as store:
        assert store.looked() is None
        for t in (MORNING, MORNING + 1):
            note_look(tmp_path / "history.db", t)
            assert store.looked() == t


@pytest.mark.parametrize(("now", "age"), [(MORNING + 3.0, 2.5), (MORNING, 0.0)])
def test_its_age_is_by_the_wall_clock_and_never_less_than_nothing(now, age):
    assert LIVE.age(now) == age
