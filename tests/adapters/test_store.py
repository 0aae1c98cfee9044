"""What is written is there: after a clean end, after a kill, on a full disk; and in nobody else's sight."""

import os
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.adapters.store import History, Store
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute, SignalMinute
from monitor.core.vocabulary import Activity, Reason
from monitor.run.loop import run
from monitor.run.sinks import HEARTBEAT_S, StoreSink
from monitor.testing import MORNING, scene
from monitor.testing.memory import MemoryStore

ROOT = Path(__file__).parents[2]
ABOUT = {"source": "camera 0", "profile": "desk", "program": "0.1.0"}
PERIOD_S = 2.0
DAY = "face 31min, stand 2min, gap 40s, slouch 10min, dark 30s, away 5min, sit 20min"
NEVER = MORNING + 10 * 365 * 86400.0
SITTING = Bout(Activity.SITTING, MORNING, MORNING + 60)


class ScriptedSource(list):
    """Observations as a source."""

    period_s = PERIOD_S


def watch(store, observations):
    sink = StoreSink(partial(store.begin, **ABOUT))
    run(ScriptedSource(observations), Pipeline(Plan(period_s=PERIOD_S)), [sink])
    return sink.session.id


def everything(path, session=None):
    with History(path) as history:
        return history.records(0, NEVER, session)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


def test_a_session_that_ended_well_is_clean_and_complete(path):
    memory = MemoryStore()

    with Store(path) as store:
        watch(store, scene(DAY, PERIOD_S))
    watch(memory, scene(DAY, PERIOD_S))

    kept, expected = everything(path), memory.records(0, NEVER)
    assert (expected.sessions, expected.bouts, expected.reminders) == (kept.sessions, kept.bouts, kept.reminders)
    assert [s.name for s in expected.signals] == [s.name for s in kept.signals]
    assert kept.reminders
    assert not kept.sessions[0].cut


def test_sessions_have_numbers_of_their_own_and_may_overlap(path):
    with Store(path) as store:
        first, second = store.begin(MORNING, **ABOUT), store.begin(MORNING, **ABOUT)
        first.write(MORNING + 60, SITTING, [])
        second.write(MORNING + 60, SITTING, [])

    assert first.id != second.id
    assert everything(path, second.id).bouts == [SITTING]


def test_what_is_written_again_replaces_what_was(path):
    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        for seconds in (10.0, 20.0, 30.0):
            part = Minute(MORNING, {"head_tilt": SignalMinute(1.0, seconds, 0.0, 0.0, 0.0, None)})
            session.write(MORNING + seconds, Bout(Activity.SITTING, MORNING, MORNING + seconds), [part])

    kept = everything(path)
    assert [Bout(Activity.SITTING, MORNING, MORNING + 30.0)] == kept.bouts
    assert [total.measured_s for total in kept.signals] == [30.0]


def test_a_running_session_is_read_while_it_is_written(path):
    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        session.write(MORNING + 60, SITTING, [])

        assert everything(path).bouts == [SITTING]
        assert [s.end for s in everything(path).sessions] == [None]


def test_a_file_says_in_every_tool_what_its_columns_mean(path):
    with Store(path):
        pass

    db = sqlite3.connect(path)
    schema = "\n".join(sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    db.close()
    assert "out of the person's own tolerance" in schema
    assert "'cut': was killed" in schema


# A child process lives a day at many times its pace and says each time it has been through; then it is killed.
CHILD = f"""
import sys
from functools import partial
from pathlib import Path
from monitor.adapters.store import Store
from monitor.core.pipeline import Pipeline, Plan
from monitor.run.sinks import StoreSink
from monitor.testing import scene

with Store(Path(sys.argv[1])) as store:
    sink = StoreSink(partial(store.begin, **{ABOUT!r}))
    pipeline = Pipeline(Plan(period_s={PERIOD_S}))
    for obs in scene({DAY!r}, {PERIOD_S}):
        sink.write(obs, pipeline.step(obs))
        print(obs.t, flush=True)
"""


def lived_until_killed(path, after):
    """The last time (POSIX s) that the child has gone through, killed somewhere behind its ``after``-th step."""
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        times = [child.stdout.readline() for _ in range(after)]
        child.send_signal(signal.SIGKILL)
        times += child.stdout.readlines()
    assert child.returncode == -signal.SIGKILL
    # The very last line may be torn.
    return max(float(t) for t in times if t.endswith("\n"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("after", [3, 305, 931, 1286, 1998])
def test_a_killed_process_loses_ten_seconds_at_most_and_its_session_ends_where_it_was_last_stored(path, after):
    lived = lived_until_killed(path, after)

    with Store(path):
        pass

    kept = everything(path)
    (session,) = kept.sessions
    assert session.cut
    assert lived - HEARTBEAT_S <= session.end <= lived + PERIOD_S
    assert all(a.end <= b.start for a, b in pairwise(kept.bouts))
    assert all(bout.end <= session.end for bout in kept.bouts)
    assert kept.bouts == lived_by_the_book(session.end)


def lived_by_the_book(end):
    memory, observations = MemoryStore(), []
    for obs in scene(DAY, PERIOD_S):
        if obs.t > end:
            break
        observations.append(obs)
    sink, pipeline = StoreSink(partial(memory.begin, **ABOUT)), Pipeline(Plan(period_s=PERIOD_S))
    for obs in observations:
        sink.write(obs, pipeline.step(obs))
    return memory.records(0, NEVER).bouts


def test_a_session_that_ended_well_stays_clean_at_the_next_start(path):
    for _ in range(2):
        with Store(path) as store:
            watch(store, [Observation(MORNING + i, None, Reason.NOBODY) for i in range(30)])

    assert [s.cut for s in everything(path).sessions] == [False, False]


# --- whose file it is ---


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_only_the_owner_can_read_the_files_whatever_the_umask(path, umask):
    before = os.umask(umask)
    try:
        with Store(path) as store:
            store.begin(MORNING, **ABOUT)
            modes = {f.name: f.stat().st_mode & 0o777 for f in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == {"history.db": 0o600, "history.db-wal": 0o600, "history.db-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_a_file_that_others_could_read_is_closed_to_them(path):
    path.parent.mkdir()
    path.touch(0o644)

    with Store(path):
        assert path.stat().st_mode & 0o777 == 0o600
