"""The channel to other processes: one row, replaced in time, that tells what the last step told."""

import json
import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import History, Store, note_poll
from monitor.core.errors import DiskFull
from monitor.core.history.live_state import LiveState
from monitor.core.pipeline import Plan
from monitor.core.posture.readings import Reading
from monitor.core.reminders.decisions import Decision, Reminder
from monitor.core.vocabulary import Activity, Hold, Reason
from monitor.reports.present import decision_lines, decision_values, live_values, present_line
from monitor.run.live_state import POLL_LASTS_S, LiveStateSink
from monitor.run.sinks import HEARTBEAT_S
from monitor.testing import MORNING, replay, scene
from monitor.texts.catalogue import reason, reminder_name, text

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
STEPS = replay(scene("sit 30s", 1.0), Plan(period_s=1.0))
NUMBERS = st.just(math.nan) | st.integers(-90000, 90000).map(lambda n: n / 1000)
SIGNALS = st.sampled_from(["head_tilt", "knee_angle"])
QUARTERS = st.integers(0, 240).map(lambda n: n / 4)
READINGS = st.dictionaries(SIGNALS, st.builds(Reading, NUMBERS, st.none() | st.text(), NUMBERS))


@dataclass
class LiveStateRecorder:
    """Records each live state that is written."""

    written: list[LiveState] = field(default_factory=list)

    def present(self, live):
        self.written.append(live)


def written(looked, steps=STEPS, ahead=lambda _s: 0.0):
    """At which second something was said, ``looked(t)`` telling when somebody looked, the wall clock ``ahead`` of the run."""
    recorder, wall = LiveStateRecorder(), [MORNING]
    sink = LiveStateSink(recorder, lambda: wall[0], lambda: looked(wall[0]), lambda: "none")
    for step in steps:
        wall[0] = step.t + ahead(step.t - MORNING)
        sink.write(None, step)
    return [live.t - MORNING for live in recorder.written]


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
    assert (HEARTBEAT_S, POLL_LASTS_S) == (10.0, 5.0)


def test_it_is_said_at_once_when_the_state_changes():
    steps = replay(scene("sit 33s, stand 21s, away 24s, sit 20s", 1.0), Plan(period_s=1.0))
    changes = [after.t - MORNING for before, after in pairwise(steps) if before.state is not after.state]
    at = written(lambda _t: None, steps)

    assert len(changes) >= 3
    assert set(changes) <= set(at)
    assert [b - a for a, b in pairwise(at) if b not in changes and b - a != HEARTBEAT_S] == []


def test_a_wall_clock_that_is_set_back_is_no_reason_to_fall_silent():
    assert written(lambda _t: None, ahead=lambda s: -3600.0 if s > 4 else 0.0) == [0, 5, 15, 25]


def test_what_is_said_is_what_the_step_says():
    recorder, step = LiveStateRecorder(), STEPS[-1]
    LiveStateSink(recorder, lambda: MORNING, lambda: None, lambda: "desktop: notify-send", "mediapipe full").write(None, step)
    (live,) = recorder.written

    assert (live.t, live.state, live.since, live.silent) == (step.t, step.state, step.since, step.silent)
    assert (live.posture, live.off, live.readings) == (step.posture.state, step.posture.sustained, step.readings)
    assert live.decisions == step.decisions != ()
    assert live.runs == {name: run.seconds for name, run in step.runs.items()}
    assert (live.engine, live.notifier) == ("mediapipe full", "desktop: notify-send")


LIVE = LiveState(
    MORNING, MORNING + 0.5, Activity.SITTING, MORNING - 60, None, None, "ok", frozenset(), {"sitting": 60.0}, {},
    engine="full", notifier="none",
)  # fmt: skip
HOLDS = st.none() | st.sampled_from(Hold)
DECISIONS = st.lists(
    st.builds(Decision, SIGNALS, st.just(1.5), st.just(60.0), HOLDS, st.none() | st.text(), st.none() | QUARTERS)
)


@given(DECISIONS.map(tuple), READINGS, st.sampled_from(Activity), st.frozensets(SIGNALS), st.none() | st.text())
def test_another_process_reads_what_was_written(tmp_path_factory, decisions, readings, state, off, why):
    path = tmp_path_factory.mktemp("data") / "history.db"
    live = replace(LIVE, decisions=decisions, readings=readings, state=state, off=off, why=why)
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
        assert store.polled() is None
        for t in (MORNING, MORNING + 1):
            note_poll(tmp_path / "history.db", t)
            assert store.polled() == t


@pytest.mark.parametrize(("now", "age"), [(MORNING + 3.0, 2.5), (MORNING, 0.0)])
def test_its_age_is_by_the_wall_clock_and_never_less_than_nothing(now, age):
    assert LIVE.age(now) == age


# --- when the next reminder comes ----------------------------------------------------------------------------------


def seen_after(script):
    """The live state after that time, as the real core says it."""
    recorder = LiveStateRecorder()
    LiveStateSink(recorder, lambda: MORNING, lambda: None, lambda: "none").write(
        None, replay(scene(script, 5.0), Plan(period_s=5.0))[-1]
    )
    return recorder.written[0]


def test_the_line_says_how_long_and_when_the_next_reminder_comes():
    sitting, standing, away, unknown = (text("activities", one) for one in ("sitting", "standing", "away", "unknown"))
    cases = {
        "sit 24min": f"{sitting} for 23 min, next reminder in 6 min",
        "sit 32min": f"{sitting} for 31 min, next reminder in 28 min",
        "stand 10min": f"{standing} for 9 min, next reminder in 30 min",
        "sit 10min, away 5min": f"{away} for 4 min",
        "sit 10min, dark 5min": f"{unknown} ({reason(Reason.TOO_DARK)}) for 4 min",
    }

    assert {script: present_line(seen_after(script), MORNING) for script in cases} == cases


@pytest.mark.parametrize("seconds", [60.0, 900.0, 1790.0])
def test_a_reminder_comes_when_it_was_said_to_come(seconds):
    live = seen_after(f"sit {seconds:.0f}s")
    coming = live.next_reminder()
    reminders = [e for s in replay(scene("sit 40min", 5.0), Plan(period_s=5.0)) for e in s.events if isinstance(e, Reminder)]

    assert reminders[0].kind == coming.kind
    assert reminders[0].t == pytest.approx(live.t + coming.seconds, abs=5.0)


def test_nothing_is_foretold_that_does_not_depend_on_the_clock_alone():
    sat = Decision("sat_too_long", 1900.0, 1800.0, Hold.SEEN_DIFFERS, Activity.STANDING)
    stood = Decision("stood_today", 15000.0, 14400.0, Hold.NOT_YET)
    early = Decision("sat_too_long", 600.0, 1800.0, Hold.NOT_YET)
    budget = Decision("sat_too_long", 1900.0, 3600.0, Hold.BUDGET, until=MORNING + 90, used=2, allowed=2)
    coming = {
        "what is seen differs": replace(LIVE, decisions=(sat,)),
        "the day's limit is past": replace(LIVE, state=Activity.STANDING, decisions=(stood,)),
        "silent": replace(LIVE, silent=Reason.CALL, decisions=(early,)),
        "away": replace(LIVE, state=Activity.AWAY, decisions=(early,)),
        "the hour is used up": replace(LIVE, decisions=(budget,)),
    }

    assert {name: (c := live.next_reminder()) and c.seconds for name, live in coming.items()} == {
        **dict.fromkeys(coming, None),
        "the hour is used up": 90.0,
    }


def test_the_table_names_every_kind_and_what_holds_it_back():
    live = seen_after("sit 24min")
    head, columns, *rows = decision_lines(live, MORNING + 4, UTC)

    assert "seen 4 s ago" in head
    assert [row.split("  ")[0] for row in rows] == [reminder_name(one.kind) for one in live.decisions]
    assert rows[0].index("23 min of 30 min") == len(columns) - len(columns[columns.index("  ") :].lstrip())
    assert len(list(decision_lines(None, MORNING, UTC))) == 1


def test_programs_are_told_the_same():
    live = seen_after("sit 24min")
    values = json.loads(json.dumps([live_values(live, MORNING + 4, UTC), decision_values(live, UTC)]))

    assert (values[0]["age_s"], values[0]["state"], values[0]["next_reminder"]["kind"]) == (4.0, "sitting", "sat_too_long")
    assert set(values[0]["readings"]) == set(live.readings)
    assert [one["hold"] for one in values[1]] == [one.hold for one in live.decisions]
    assert (live_values(None, MORNING, UTC), decision_values(None, UTC)) == (None, [])
