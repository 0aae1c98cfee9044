"""What the history tells: the same as a history without SQL, and without reading all of it."""

import itertools
import math
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.adapters.store import History, Store
from monitor.adapters.store.history import BOUTS, REMINDERS, SESSIONS
from monitor.adapters.store.signal_totals import TOTALS, TOTALS_BY_ACTIVITY
from monitor.core.history.records import ReminderRecord, SignalTotal
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.rules import Due, Level
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import MINUTE_S, Minute, SignalMinute
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import MORNING
from monitor.testing.memory import MemoryStore

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
# Quarters of a second add up exactly, in whatever order.
QUARTERS = st.integers(0, 240).map(lambda n: n / 4)
WHYS = st.none() | st.sampled_from([Reason.HEAD_TURNED, Reason.HIPS_HIDDEN, Reason.FRONT_VIEW_NEEDED])
TIPS = st.none() | st.sampled_from(["walk", "stretch"])
LENGTHS = st.lists(st.tuples(st.sampled_from(Activity), st.integers(0, 4000)), max_size=8)


@st.composite
def signal_minutes(draw):
    measured = draw(QUARTERS)
    mean = draw(st.integers(-90, 90)) / 4 if measured else math.nan
    return SignalMinute(mean, measured, draw(QUARTERS), draw(QUARTERS), draw(QUARTERS), draw(WHYS))


MINUTES = st.lists(st.dictionaries(st.sampled_from(["head_tilt", "knee_angle"]), signal_minutes(), max_size=2), max_size=8)


@st.composite
def reminders(draw, start):
    t = start + draw(st.integers(0, 6000))
    signals = tuple(draw(st.sampled_from([(), ("head_tilt",), ("head_tilt", "knee_angle")])))
    due = Due(
        draw(QUARTERS), t - 1, draw(st.none() | st.integers(1, 5)), draw(st.sampled_from(Level)), signals, draw(st.booleans())
    )
    return Reminder(t, draw(st.sampled_from(["sat_too_long", "posture_held"])), due, draw(st.sampled_from(Activity)))


@st.composite
def sessions(draw):
    """Start, what is written, and whether it ends."""
    start = MORNING + draw(st.integers(-3000, 3000))
    bouts, t = [], float(start)
    for activity, seconds in draw(LENGTHS):
        bouts.append(Bout(activity, t, t + seconds, draw(st.booleans()), draw(WHYS)))
        t += seconds
    first = start - start % MINUTE_S
    minutes = [Minute(first + MINUTE_S * i, signals) for i, signals in enumerate(draw(MINUTES))]
    issued = draw(st.lists(reminders(start), max_size=3, unique_by=lambda r: r.t))
    answers = [Response(r.t, r.kind, draw(st.none() | QUARTERS)) for r in issued if draw(st.booleans())]
    shown = [(r.t, draw(st.sampled_from(["desktop", "console", "none"])), draw(TIPS)) for r in issued if draw(st.booleans())]
    return start, max(t, start), [*bouts, *minutes, *issued, *answers], shown, draw(st.booleans())


def write(store, session):
    start, end, events, shown, ends = session
    writing = store.begin(start, **ABOUT)
    writing.write(end, None, events)
    for t, how, tip in shown:
        writing.shown(t, how, tip)
        if tip and any(isinstance(e, Response) and e.t == t for e in events):
            writing.followed_up(t, f"{tip}_more")
    if ends:
        writing.end(end)


@contextmanager
def history_of(*writes: Any):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        with Store(path) as store:
            for session in writes:
                write(store, session)
            with History(path) as history:
                yield history


def comparable(records):
    """The records without their order, where two sessions overlap, and with NaN as something that equals itself."""
    signals = [(s.name, None if math.isnan(s.mean) else s.mean, s) for s in records.signals]
    rest = [(name, mean, s.measured_s, s.judged_s, s.off_s, s.hold_s, s.why) for name, mean, s in signals]
    return records.sessions, sorted(records.bouts, key=str), rest, sorted(records.reminders, key=str)


def one_by_one(minutes):
    """Each signal of each minute, as text: NaN then equals itself."""
    return sorted((m.start, name, str(m.signals[name])) for m in minutes for name in m.signals)


# Every example is a real file.
@examples(6)
@given(st.lists(sessions(), max_size=3), st.integers(-4000, 7000), st.integers(0, 5000), st.booleans())
def test_it_tells_what_a_history_without_sql_tells(written, start, seconds, one):
    memory = MemoryStore()
    for session in written:
        write(memory, session)
    about = (MORNING + start, MORNING + start + seconds, 1 if one and written else None)

    with history_of(*written) as history:
        kept = history.records(*about)
        last = history.session()
        heard = history.tips_shown(*about[:2])
        series = history.series(*about[:2])
        tilt = history.series(*about[:2], signals={"head_tilt"}).minutes

    assert comparable(memory.records(*about)) == comparable(kept)
    assert memory.tips_shown(*about[:2]) == heard
    assert memory.session() == last
    assert comparable(memory.records(*about[:2])) == comparable(series.records)
    assert one_by_one(memory.minutes(*about[:2])) == one_by_one(series.minutes)
    assert one_by_one(tilt) == [row for row in one_by_one(series.minutes) if row[1] == "head_tilt"]


@examples(6)
@given(st.lists(sessions(), max_size=3), st.integers(-4000, 4000), st.lists(st.integers(1, 3000), max_size=3))
def test_days_that_are_read_together_are_read_as_one_by_one_and_as_a_whole(written, start, lengths):
    borders = [*itertools.accumulate(lengths, initial=MORNING + start)]
    days, whole = [*itertools.pairwise(borders)], (borders[0], borders[-1])

    with history_of(*written) as history:
        together = history.records_of_days(days)
        assert [comparable(together(*one)) for one in (*days, whole)] == [
            comparable(history.records(*one)) for one in (*days, whole)
        ]


def test_a_series_is_of_one_moment_whatever_is_written_meanwhile(tmp_path):
    path = tmp_path / "history.db"
    with Store(path) as store:
        writing = store.begin(MORNING, **ABOUT)
        writing.write(MORNING + 60, Bout(Activity.SITTING, MORNING, MORNING + 60), ())
        with History(path) as history:
            with history.read_transaction():
                before = history.records(MORNING, MORNING + 600)
                writing.write(MORNING + 120, Bout(Activity.SITTING, MORNING, MORNING + 120), [minute(1)])
                within = history.series(MORNING, MORNING + 600)
            after = history.series(MORNING, MORNING + 600)

    assert within.records == before
    assert [bout.seconds for bout in after.records.bouts] == [120.0]


@examples(4)
@given(sessions(), st.integers(1, 5000))
def test_a_time_cut_in_two_has_the_same_seconds_of_every_activity(session, at):
    def seconds(records, activity):
        return sum(b.seconds for b in records.bouts if b.activity is activity)

    with history_of(session) as history:
        whole = history.records(MORNING - 4000, MORNING + 40000)
        first, second = history.records(MORNING - 4000, MORNING + at), history.records(MORNING + at, MORNING + 40000)

    for activity in Activity:
        assert seconds(whole, activity) == seconds(first, activity) + seconds(second, activity)
    assert whole.reminders == [*first.reminders, *second.reminders]


def minute(i, **signals: SignalMinute):
    return Minute(MORNING + i * MINUTE_S, signals)


def test_a_mean_counts_each_minute_by_its_seconds_and_names_the_commonest_reason():
    minutes = [
        minute(0, head_tilt=SignalMinute(10.0, 60.0, 60.0, 30.0, 45.0, None)),
        minute(1, head_tilt=SignalMinute(40.0, 20.0, 20.0, 20.0, 65.0, Reason.HEAD_TURNED)),
        minute(2, head_tilt=SignalMinute(math.nan, 0.0, 0.0, 0.0, 0.0, Reason.EYES_HIDDEN)),
    ]

    with history_of((MORNING, MORNING + 180, minutes, [], True)) as history:
        records = history.records(MORNING, MORNING + 180)

    assert records.signals == [SignalTotal("head_tilt", 17.5, 80.0, 80.0, 50.0, 65.0, Reason.EYES_HIDDEN)]


def test_signals_are_added_up_apart_for_what_a_minute_was_mostly_spent_in():
    bouts = [
        Bout(Activity.SITTING, MORNING, MORNING + 130),
        Bout(Activity.STANDING, MORNING + 130, MORNING + 240),
    ]
    lean = [minute(i, head_tilt=SignalMinute(v, 60.0, 60.0, 0.0, 0.0, None)) for i, v in enumerate((8.0, 8.0, 2.0, 2.0, 10.0))]

    with history_of((MORNING, MORNING + 300, [*lean, *bouts], [], True)) as history:
        signals = history.signals_by_activity(MORNING, MORNING + 300)
        records = history.records(MORNING, MORNING + 300)

    assert {one: [(s.mean, s.measured_s) for s in totals] for one, totals in signals.while_in.items()} == {
        Activity.SITTING: [(8.0, 120.0)],
        Activity.STANDING: [(2.0, 120.0)],
    }
    assert signals.all == records.signals
    assert [(s.mean, s.measured_s) for s in signals.all] == [(6.0, 300.0)]


def test_a_session_owns_its_first_minute_and_its_last_instant():
    start, end = MORNING + 30, MORNING + 70
    last = Reminder(end, "sat_too_long", Due(1800.0, start, 1), Activity.SITTING)
    events = [minute(0, head_tilt=SignalMinute(1.0, 30.0, 0.0, 0.0, 0.0, None)), last]

    with history_of((start, end, events, [], True)) as history:
        kept = history.records(start, end, session=1)

    assert [s.measured_s for s in kept.signals] == [30.0]
    assert [ReminderRecord(last, None, None, None)] == kept.reminders


def test_a_session_is_found_by_its_number_and_the_last_without_one():
    empty = (MORNING, MORNING, [], [], True)

    with history_of(empty, empty) as history:
        assert [s and s.id for s in (history.session(n) for n in (1, 2, None, 3))] == [1, 2, 2, None]


@pytest.mark.parametrize("question", [BOUTS, TOTALS, TOTALS_BY_ACTIVITY, REMINDERS, SESSIONS])
def test_a_week_is_found_without_reading_the_year(tmp_path, question):
    path = tmp_path / "history.db"
    with Store(path) as store:
        for day in range(60):
            t = MORNING + day * 86400.0
            write(store, (t, t + 60, [Bout(Activity.SITTING, t, t + 60)], [], True))

    db = sqlite3.connect(path)
    about = {"start": MORNING, "end": MORNING + 7 * 86400.0, "session": None, "minute": MINUTE_S}
    plan = [row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {question}", about)]
    db.close()

    walked_through = {line.split()[1] for line in plan if line.startswith("SCAN")}
    assert walked_through.isdisjoint({"b", "s", "minutes", "reminders", "sessions"}), plan
