"""Orders in the history: taken once, in order, by the monitor, whoever wrote them; and files of the first version still open."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.adapters.store import CommandQueue, History, Store, post
from monitor.adapters.store.database import connect
from monitor.adapters.store.schema import MIGRATIONS
from monitor.core.errors import StoreError
from monitor.core.reminders.commands import ActiveCommands, Command, CommandKind, Mark
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.suppression import SuppressionChanged
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import MORNING

ROOT = Path(__file__).parents[2]
ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
ORDERS = [
    Command(MORNING, CommandKind.PAUSE, MORNING + 600),
    Command(MORNING + 1, CommandKind.MARK, what=Mark.STANDING),
    Command(MORNING + 2, CommandKind.RESUME),
    Command(MORNING + 3, CommandKind.NOT_NOW),
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "history.db"
    with Store(path):
        pass
    return path


def test_an_order_is_taken_once_and_in_order(path):
    numbers = [post(path, order) for order in ORDERS]

    with closing(CommandQueue(path)) as mailbox:
        assert not any(mailbox.taken(number) for number in numbers)
        assert mailbox.take(MORNING + 5) == ORDERS
        assert mailbox.take(MORNING + 6) == []
        assert all(mailbox.taken(number) for number in numbers)


POST = """
import sys
from pathlib import Path
from monitor.adapters.store import post
from monitor.core.reminders.commands import Command, CommandKind
post(Path(sys.argv[1]), Command(float(sys.argv[2]), CommandKind.RESUME))
"""


def test_orders_of_other_processes_arrive_while_the_monitor_writes(path):
    """Each process that leaves must find the log in use, or it takes it away from under the monitor."""
    with Store(path) as store, closing(CommandQueue(path)) as mailbox:
        session = store.begin(MORNING, **ABOUT)
        for t in (1.0, 2.0, 3.0):
            session.write(MORNING + t, Bout(Activity.SITTING, MORNING, MORNING + t), [])
            subprocess.run([sys.executable, "-c", POST, str(path), str(t)], cwd=ROOT, check=True)
            assert mailbox.take(MORNING) == [Command(t, CommandKind.RESUME)]
            post(path, Command(t, CommandKind.NOT_NOW))
            assert mailbox.take(MORNING) == [Command(t, CommandKind.NOT_NOW)]
        assert path.with_name("history.db-wal").exists()

    with History(path) as history:
        assert history.records(0, MORNING + 60).bouts == [Bout(Activity.SITTING, MORNING, MORNING + 3)]


@examples(4)
@given(
    st.lists(
        st.tuples(st.sampled_from([CommandKind.PAUSE, CommandKind.SNOOZE, CommandKind.RESUME]), st.floats(1, 500)), max_size=6
    )
)
def test_what_is_in_force_is_what_the_orders_add_up_to(tmp_path_factory, given_orders):
    path = tmp_path_factory.mktemp("box") / "history.db"
    with Store(path):
        pass
    orders = [
        Command(MORNING + i, kind, None if kind is CommandKind.RESUME else MORNING + i + s)
        for i, (kind, s) in enumerate(given_orders)
    ]
    expected = now = ActiveCommands()
    for order in orders:
        post(path, order)
        expected = expected.after(order)

    with closing(CommandQueue(path)) as mailbox:
        for order in mailbox.in_force(MORNING + 100):
            now = now.after(order)

    t = MORNING + 100
    assert (now.paused(t), now.snoozed(t)) == (expected.paused(t), expected.snoozed(t))


def test_without_a_history_there_is_nobody_to_give_orders_to(tmp_path):
    with pytest.raises(StoreError, match="there is no history"):
        post(tmp_path / "none.db", ORDERS[0])
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_first_version_is_brought_up_to_date_and_loses_nothing(tmp_path):
    path = tmp_path / "history.db"
    with closing(connect(path, MIGRATIONS[:1])) as db, db:
        db.execute(
            "INSERT INTO sessions (start, end, ended, source, program) VALUES (?, ?, 'clean', 'camera 0', '0.1.0')", (1.0, 9.0)
        )
        db.execute("INSERT INTO bouts VALUES (1, 1.0, 9.0, 'sitting', 0, NULL)")
    with pytest.raises(StoreError, match="older version"):
        post(path, ORDERS[0])

    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        session.write(
            MORNING,
            None,
            [SuppressionChanged(MORNING, Reason.CALL), DeferredNotice(MORNING, Reason.CALL, {"sat_too_long": 3300.0})],
        )
        session.mode("interval")
        post(path, ORDERS[0])

    with History(path) as history:
        (kept,) = history.records(0, 100).bouts
        old, new = history.session(1), history.session()
    assert (kept.activity, kept.seconds) == (Activity.SITTING, 8.0)
    assert (old.end, old.silent, old.mode) == (9.0, None, None)
    assert (new.silent, new.silent_since, new.mode) == (Reason.CALL, MORNING, "interval")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert db.execute("SELECT kind, why, seconds FROM missed").fetchall() == [("sat_too_long", Reason.CALL, 3300.0)]


def test_a_box_that_was_opened_before_the_store_loses_no_order_and_no_row(path):
    with closing(CommandQueue(path)) as mailbox:
        mailbox.take(MORNING)  # as a monitor does that begins on a history of yesterday
        with Store(path) as store:
            session = store.begin(MORNING, **ABOUT)
            for n in range(1, 4):
                subprocess.run([sys.executable, "-c", POST, str(path), str(MORNING + n)], cwd=ROOT, check=True)

                assert [order.t for order in mailbox.take(MORNING + n)] == [MORNING + n]
                session.write(MORNING + n, Bout(Activity.SITTING, MORNING, MORNING + n), ())
            session.end(MORNING + 3)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM commands WHERE taken IS NOT NULL").fetchone() == (3,)
        assert db.execute("SELECT end FROM bouts").fetchone() == (MORNING + 3,)
