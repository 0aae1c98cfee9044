"""What the person tells of herself is kept as told, in her file, beside a monitor that runs."""

import os
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.adapters.store import History, SelfReports, Store
from monitor.adapters.store.database import connect
from monitor.adapters.store.schema import MIGRATIONS
from monitor.core.history.records import CheckInRecord, Person
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Due
from monitor.core.vocabulary import Activity
from monitor.testing import MORNING
from monitor.testing.memory import MemoryStore

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
REMINDER = "INSERT INTO reminders VALUES (?, 1, 'sat_too_long', 'soft', 'sitting', 1800, ?, 1, 0, '', 'desktop', 1, 60)"
NAMES = st.frozensets(st.sampled_from(["low_back", "hips", "fever", "waves"]))
TIMES = st.integers(0, 5000).map(lambda s: MORNING + s)
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31))
REPORTS = st.builds(
    CheckInRecord,
    TIMES,
    st.none() | st.integers(0, 10),
    NAMES,
    NAMES,
    st.sampled_from(["no", "some", "much"]),
    NAMES,
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    st.sampled_from([None, "yellow", "orange", "red"]),
    relief=st.sampled_from([None, "walk_lap"]),
)
PERSONS = st.builds(Person, DAYS, DAYS, NAMES, st.booleans())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


# Every example is a real file.
@examples(5)
@given(st.lists(REPORTS | TIMES | PERSONS, max_size=8), TIMES, TIMES)
def test_it_tells_what_a_history_without_sql_tells(done, start, end):
    memory = MemoryStore()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        with SelfReports(path) as diary, History(path) as history:
            for book in (memory, diary):
                for what in done:
                    write(book, what)

            assert memory.person() == history.person()
            assert memory.open_reports(end) == history.open_reports(end)
            assert memory.records(start, end).reports == history.records(start, end).reports


def write(book, what):
    match what:
        case CheckInRecord():
            book.add(what)
        case Person():
            book.tell(what)
        case t:
            book.clear(t)


def test_who_told_nothing_is_nobody_in_particular(path):
    with SelfReports(path), History(path) as history:
        assert history.person() == Person()
        assert history.open_reports(MORNING) == []


def test_clearing_says_how_many_were_open(path):
    with SelfReports(path) as diary:
        diary.add(CheckInRecord(MORNING, 3))
        diary.add(CheckInRecord(MORNING + 1, 3, urgency="red"))

        assert [diary.clear(MORNING + 2), diary.clear(MORNING + 3)] == [2, 0]


def test_the_tip_that_answered_a_check_in_was_heard(path):
    with SelfReports(path) as diary, History(path) as history:
        diary.add(CheckInRecord(MORNING, 3, relief="walk_lap"))
        diary.add(CheckInRecord(MORNING + 60, 0))

        assert history.tips_shown(MORNING, MORNING + 60) == {"walk_lap": MORNING}


def test_a_running_session_is_left_alone(path):
    with Store(path) as store, History(path) as history:
        store.begin(MORNING, **ABOUT)
        with SelfReports(path) as diary:
            diary.add(CheckInRecord(MORNING, 3))

        assert not history.session().cut
        assert history.session().end is None
        assert len(history.open_reports(MORNING)) == 1


def test_a_session_of_its_own_has_no_check_ins(path):
    with SelfReports(path) as diary, History(path) as history:
        diary.add(CheckInRecord(MORNING, 3))

        assert history.records(0, MORNING + 1, 1).reports == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_only_the_owner_can_read_it(path):
    before = os.umask(0)
    try:
        with SelfReports(path) as diary:
            diary.add(CheckInRecord(MORNING, 3))
            modes = {f.name: f.stat().st_mode & 0o777 for f in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert set(modes.values()) == {0o600}


def test_a_history_from_before_keeps_its_reminders_and_gains_room_for_tips(path):
    with connect(path, MIGRATIONS[:1]) as db:
        db.execute("INSERT INTO sessions VALUES (1, ?, ?, 'clean', 'camera 0', NULL, '0.1.0')", (MORNING, MORNING + 60))
        row = (MORNING + 30, MORNING)
        db.execute(REMINDER, row)
    db.close()

    with Store(path) as store, History(path) as history:
        before = history.records(MORNING, MORNING + 60).reminders
        session = store.begin(MORNING + 100, **ABOUT)
        session.write(MORNING + 100, None, [Reminder(MORNING + 100, "sat_too_long", Due(1800.0, MORNING, 1), Activity.SITTING)])
        session.shown(MORNING + 100, "desktop", "walk_water")
        after = history.records(MORNING + 100, MORNING + 200).reminders

    assert [(one.shown, one.after_s, one.tip, one.follow_up) for one in before] == [("desktop", 60.0, None, None)]
    assert [one.tip for one in after] == ["walk_water"]
