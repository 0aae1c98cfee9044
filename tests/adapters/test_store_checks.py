"""Standing checks in the history, beside whatever a running monitor writes."""

import sqlite3

import pytest

from monitor.adapters.store import History, Store, add_check, checks
from monitor.adapters.store.schema import MIGRATIONS
from monitor.core.back.standing_checks import Check
from monitor.core.errors import StoreError
from monitor.testing import MORNING

WEEK_S = 7 * 86400.0
FIRST = Check(MORNING, 36.2, 3.1, 11.4, 70, "camera 0")
SECOND = Check(MORNING + WEEK_S, 39.0, 2.9, 12.0, 68, "camera 0", 24)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


def test_checks_come_back_in_order_of_time(path):
    for one in (SECOND, FIRST):
        add_check(path, one)

    assert checks(path) == [FIRST, SECOND]


def test_where_nothing_was_recorded_there_are_none(path):
    assert checks(path) == []
    assert not path.exists()


def test_a_check_leaves_a_running_session_alone(path):
    with Store(path) as store:
        session = store.begin(MORNING, source="camera 0", profile=None, program="0.1.0")
        add_check(path, FIRST)
        session.write(MORNING + 10, None, ())
    with History(path) as history:
        assert history.session().end is None

    assert checks(path) == [FIRST]


def test_a_history_from_before_there_were_checks_is_brought_up_to_date(path):
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version = 1;")
    db.close()

    with pytest.raises(StoreError, match="older version"):
        checks(path)
    add_check(path, FIRST)

    assert checks(path) == [FIRST]
