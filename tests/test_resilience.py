"""The disk fills up, the file is damaged, the machine sleeps, the clock is set, the desktop hangs: the monitor goes on.

All of it goes through the real loop, the real pipeline and the real history; a scenario stands in for the camera.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from benchmarks.kill import kill
from desktop_session import need, wait_for
from program import ROOT

from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.adapters.store import History, SelfReports, Store, intact_or_replaced
from monitor.adapters.store.recovery import LaterCheck
from monitor.adapters.trace import TraceWriter
from monitor.core.body.pose import Observation
from monitor.core.data_dictionary import KEPT
from monitor.core.errors import DiskFull, SchemaTooNew, StoreCorrupt, StoreError
from monitor.core.history.records import CheckInRecord, Person
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.reports import periods
from monitor.reports.report import report_on
from monitor.run.fault_tolerant import FaultTolerantHistory
from monitor.run.loop import run
from monitor.run.sinks import DAY_S, WAITING_MAX, ForgetSink, NotifySink, StoreSink, TraceSink
from monitor.testing import MORNING, scene
from monitor.texts.reminders import plain

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
DAY = "sit 31min, stand 2min, sit 20min, away 5min, sit 40min"
STAMP = "20260302-090000"
# One picture in so many seconds: enough for every moment that counts here, at a quarter of the work.
PERIOD_S = 4.0
FOREVER = MORNING + 20 * 365 * DAY_S
BERLIN = ZoneInfo("Europe/Berlin")


def chance(seed):
    """Chance that can be repeated."""
    return random.Random(seed)  # noqa: S311


class Scenario(list):
    """A day as a source, a picture every ``period_s``; ``happens`` says what goes on before which second of it."""

    def __init__(self, text: str = DAY, start: float = MORNING, happens: Any = None, period_s: float = PERIOD_S) -> None:
        super().__init__(scene(text, period_s, start))
        self.period_s = period_s
        self.happens = happens or {}

    def __iter__(self) -> Iterator[Observation]:
        for n, obs in enumerate(super().__iter__()):
            self.happens.get(n * self.period_s, bool)()
            yield obs


class ReasonMessages:
    """Messages that name the reason."""

    def remind(self, reminder):
        return plain(reminder, BERLIN)

    def follow(self, *_: object) -> None:
        return None


def lived(path, text=DAY, happens=None, start=MORNING, *, more=(), period_s=PERIOD_S):
    """What was said while the day went through the real loop; at the seconds of ``happens`` something is done to the store."""
    messages = []

    def mend():
        if remark := store.reopen(lambda: STAMP):
            messages.append(remark)

    with Store(path) as store:
        pipeline = Pipeline(Plan(period_s=period_s))
        kept = StoreSink(partial(store.begin, **ABOUT), say=messages.append, mend=mend)
        notifications = NotifySink(ConsoleNotifier(lambda _: None), ReasonMessages(), kept, lambda: "console", None)
        scenario = Scenario(text, start, {n: partial(do, store, messages) for n, do in (happens or {}).items()}, period_s)
        run(scenario, pipeline, [kept, notifications, *more])
    return messages


def pragma(words):
    """What a connection is told, as something that happens."""

    def tell(store, _messages=None):
        with store.transaction() as db:
            db.execute(f"PRAGMA {words}")

    return tell


def records(path):
    with History(path) as history:
        return history.records(0.0, FOREVER)


def kept_by(path):
    kept = records(path)
    return kept.bouts, kept.signals, kept.reminders


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    path = tmp_path_factory.mktemp("undisturbed") / "history.db"
    assert lived(path) == []
    return kept_by(path)


# --- killed ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_process_that_is_killed_at_any_moment_loses_ten_seconds_at_most(path):
    killed = kill(path, 5, chance(4))

    assert len(killed) == 5
    assert max(one.lost_s for one in killed) <= 10.0
    assert [one.wrong for one in killed if one.wrong] == []


# --- a disk that is full, or may only be read --------------------------------------------------------------------

# As the disk would have it: SQLite refuses to let the file grow, or to write it at all.
FULL, ROOM = "max_page_count = 12", "max_page_count = 1000000"
READ_ONLY, WRITABLE = "query_only = ON", "query_only = OFF"


@pytest.mark.parametrize(("fault", "cure", "word"), [(FULL, ROOM, "full"), (READ_ONLY, WRITABLE, "permissions")])
def test_what_happens_while_the_history_cannot_be_written_is_in_it_once_it_can(fault, cure, word, path, undisturbed):
    messages = lived(path, happens={600: pragma(fault), 4000: pragma(cure)})

    trouble, well = messages
    assert word in trouble
    assert str(path) in trouble
    assert "\n" not in trouble
    assert "goes on" in trouble
    assert "written again" in well
    assert kept_by(path) == undisturbed
    assert [session.cut for session in records(path).sessions] == [False]


def test_a_disk_that_is_full_from_the_first_second_on_loses_nothing_either(path, undisturbed):
    messages = lived(path, happens={0: pragma(READ_ONLY), 3000: pragma(WRITABLE)})

    assert len(messages) == 2
    assert kept_by(path) == undisturbed


def test_what_waits_has_a_bound_and_what_was_dropped_is_told(path):
    messages = []
    obs = next(scene("sit 1s", 1.0))
    step = Pipeline(Plan(period_s=1.0)).step(obs)
    with Store(path) as store:
        kept = StoreSink(partial(store.begin, **ABOUT), say=messages.append)
        kept.write(obs, step)
        pragma(READ_ONLY)(store)
        for n in range(WAITING_MAX + 100):
            t = MORNING + 20.0 * n
            kept.write(obs, replace(step, t=t + 20, open=None, events=(Bout(Activity.SITTING, t, t + 20),)))
        pragma(WRITABLE)(store)
        kept.close(())

    assert "all but the oldest" in messages[1]
    assert WAITING_MAX - 10 < len(records(path).bouts) <= WAITING_MAX
    assert records(path).bouts[-1].end == t + 20


def test_a_disk_that_stays_full_ends_with_one_line_that_says_what_is_missing_and_keeps_the_rest(path):
    lived(path, "sit 10min", start=MORNING - DAY_S)
    before = kept_by(path)

    with pytest.raises(DiskFull, match=r"disk is full.* the last 1 h 2\d min is not in it"):
        lived(path, happens={600: pragma("max_page_count = 1")})

    bouts = records(path).bouts
    assert bouts[: len(before[0])] == before[0]
    assert bouts[-1].end >= MORNING + 590
    assert len(records(path).sessions) == 2


def test_a_trace_that_finds_no_room_stops_nothing(path, undisturbed):
    class Full(TraceWriter):
        def write(self, obs):
            if obs.t > MORNING + 100:
                raise DiskFull("trace x cannot be written, the disk is full; make room")
            super().write(obs)

    messages = []
    trace = TraceSink(Full(path.parent.parent / "day.jsonl", period_s=1.0, source="x"), messages.append)
    with pytest.raises(DiskFull, match="trace x"):
        lived(path, more=[trace])

    (line,) = messages
    assert "monitor goes on" in line
    assert kept_by(path) == undisturbed


# --- a damaged file ----------------------------------------------------------------------------------------------


def random_bytes(content):
    rng = chance(1)
    return b"".join(content[i : i + 512] if rng.random() < 0.7 else rng.randbytes(512) for i in range(0, len(content), 512))


DAMAGE = {
    "random bytes": random_bytes,
    "truncated": lambda content: content[: len(content) // 2],
    "cut within a page": lambda content: content[:5000],
    "header overwritten": lambda content: bytes(100) + content[100:],
    "all zeros": lambda content: bytes(len(content)),
    "a text": lambda _: b"not a database" * 1000,
}


@pytest.fixture(scope="module")
def some_pages(tmp_path_factory):
    """A history of three days, closed in order."""
    path = tmp_path_factory.mktemp("days") / "history.db"
    for day in range(3):
        lived(path, start=MORNING + day * DAY_S)
    return path.read_bytes()


@pytest.fixture
def three_days(path, some_pages):
    path.parent.mkdir()
    path.write_bytes(some_pages)
    return path


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_history_is_set_aside_unchanged_and_a_new_one_begun(damage, three_days):
    content = DAMAGE[damage](three_days.read_bytes())
    three_days.write_bytes(content)

    message = intact_or_replaced(three_days, lambda: STAMP)
    aside = three_days.with_name(f"history.damaged-{STAMP}.db")
    lived(three_days, "sit 5min", start=MORNING + 9 * DAY_S)

    assert str(aside) in message
    assert "\n" not in message
    assert aside.read_bytes() == content
    assert [bout.seconds for bout in records(three_days).bouts] == [300 - PERIOD_S]
    assert intact_or_replaced(three_days, lambda: STAMP) is None
    assert {p.name for p in three_days.parent.glob("*.db")} == {"history.db", aside.name}


def test_a_large_history_is_read_as_a_whole_while_it_is_used(three_days):
    with closing(LaterCheck(three_days, at_once_bytes=0, after_s=0.0)) as sound:
        sound.raise_if_damaged()
    content = bytearray(three_days.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    three_days.write_bytes(content)
    with closing(LaterCheck(three_days, at_once_bytes=0, after_s=0.0)) as damaged:
        wait_for(lambda: damaged.damage, "the damage")
        with pytest.raises(StoreCorrupt):
            damaged.raise_if_damaged()


def test_what_was_told_is_taken_along_into_the_new_history(three_days):
    person = Person(conditions=frozenset({"told_to_rest"}), told=True)
    report = CheckInRecord(MORNING, 7, symptoms=frozenset({"bleeding"}), urgency="red")
    with SelfReports(three_days) as reports:
        reports.tell(person)
        reports.add(report)
    with closing(sqlite3.connect(three_days)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'minutes'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(three_days.read_bytes())
    content[(page - 1) * size : page * size] = chance(2).randbytes(size)
    three_days.write_bytes(content)

    message = intact_or_replaced(three_days, lambda: STAMP)

    assert "check-ins" in message
    with History(three_days) as history:
        assert history.person() == person
        assert history.open_reports(FOREVER) == [report]
        assert history.session() is None


def test_a_second_one_on_the_same_second_gets_a_name_of_its_own(path):
    path.parent.mkdir()
    for _ in range(3):
        path.write_bytes(b"not a database" * 1000)
        intact_or_replaced(path, lambda: STAMP)
        path.unlink(missing_ok=True)

    assert len(list(path.parent.glob(f"history.damaged-{STAMP}*.db"))) == 3


def test_a_history_of_a_newer_version_is_never_set_aside(three_days):
    with closing(sqlite3.connect(three_days)) as db:
        db.execute("PRAGMA user_version = 99")

    assert intact_or_replaced(three_days, lambda: STAMP) is None
    with pytest.raises(SchemaTooNew):
        Store(three_days)


def test_a_history_that_is_damaged_under_the_monitor_is_set_aside_and_the_rest_goes_into_a_new_one(three_days):
    def harm(store, _messages):
        with store.transaction() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("PRAGMA cache_size = 0")
        three_days.write_bytes(b"\xff" * len(three_days.read_bytes()))

    messages = lived(three_days, happens={600: harm}, start=MORNING + 9 * DAY_S)

    assert len(messages) == 3
    assert "damaged" in messages[0]
    assert f"history.damaged-{STAMP}.db" in messages[1]
    kept = records(three_days)
    assert [bout.activity for bout in kept.bouts] == ["sitting", "standing", "sitting", "away", "sitting"]
    assert [session.cut for session in kept.sessions] == [False]


def removed(path):
    path.unlink()


def with_all_beside_it_removed(path):
    for one in path.parent.glob("history.db*"):
        one.unlink()


def its_log_removed(path):
    path.with_name("history.db-wal").unlink()


def its_folder_removed(path):
    shutil.rmtree(path.parent)


def replaced(path):
    path.rename(path.with_name("mine.db"))
    path.write_bytes(b"")


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def emptied(path):
    os.truncate(path, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_a_history_that_is_taken_away_under_the_monitor_is_noticed_within_ten_seconds_and_the_rest_is_in_a_new_one(
    tmp_path, some_pages
):
    wrong = {}
    for harm in (removed, with_all_beside_it_removed, its_log_removed, its_folder_removed, replaced, cut, emptied):
        path = tmp_path / harm.__name__ / "history.db"
        path.parent.mkdir()
        path.write_bytes(some_pages)
        late = {}
        messages = lived(
            path,
            "sit 8min",
            {
                120: lambda _store, _messages, path=path, harm=harm: harm(path),
                131: lambda _store, messages, late=late: late.update(messages=len(messages)),
            },
            MORNING + 9 * DAY_S,
            period_s=1.0,
        )
        bouts = records(path).bouts
        if not late["messages"] or [b.activity for b in bouts][-1:] != ["sitting"] or bouts[-1].seconds < 5 * 60 - 2:
            wrong[harm.__name__] = (messages, late, bouts)

    assert wrong == {}


# --- who asks the history while it cannot be read ----------------------------------------------------------------


class Flaky:
    """A history that answers until it is told not to."""

    well, opened = True, 0

    def __init__(self) -> None:
        Flaky.opened += 1

    def __getattr__(self, name: str) -> Any:
        def answer(*_: object) -> Any:
            if not Flaky.well:
                raise StoreCorrupt("history x is damaged")
            return {"person": Person(told=True), "open_reports": ["call"], "tips_shown": {"walk": 1.0}, "close": None}[name]

        return answer


def test_a_call_that_was_not_made_yet_is_remembered_when_the_history_can_no_longer_be_read():
    Flaky.well, Flaky.opened = True, 0
    past = FaultTolerantHistory(Flaky)
    before = past.person(), past.open_reports(1.0), past.tips_shown(0.0, 1.0)
    Flaky.well = False
    Flaky.close = lambda _: None

    assert before == (Person(told=True), ["call"], {"walk": 1.0})
    assert (past.person(), past.open_reports(2.0), past.tips_shown(0.0, 2.0)) == (Person(told=True), ["call"], {})
    assert past.records(0.0, 1.0).bouts == ()
    Flaky.well = True
    assert past.tips_shown(0.0, 3.0) == {"walk": 1.0}
    assert Flaky.opened == 5
    past.close()
    past.close()


# --- what is old -------------------------------------------------------------------------------------------------


def forgetting(path, start, keep_days, text="sit 5min", *, told=True):
    with Store(path) as store:
        pipeline = Pipeline(Plan(period_s=PERIOD_S))
        forget = ForgetSink(partial(store.forget, told=told), keep_days * DAY_S, store.last)
        run(Scenario(text, start), pipeline, [forget, StoreSink(partial(store.begin, **ABOUT))])


def days(path):
    return [round((session.start - MORNING) / DAY_S) for session in records(path).sessions]


def test_what_is_older_than_the_days_to_keep_is_forgotten_when_a_session_begins(path):
    for day in (0, 5, 6, 13):
        lived(path, "sit 31min", start=MORNING + day * DAY_S)

    forgetting(path, MORNING + 14 * DAY_S, 10)

    assert days(path) == [5, 6, 13, 14]
    kept = records(path)
    assert min(bout.start for bout in kept.bouts) == MORNING + 5 * DAY_S
    assert min(record.reminder.t for record in kept.reminders) > MORNING + 5 * DAY_S


def test_to_forget_a_day_costs_the_same_whatever_the_size_of_the_history(path):
    def instructions(days):
        """What SQLite does (hundreds of its instructions) to forget the oldest of so many days."""
        ticks = []
        with Store(path.with_name(f"{days}.db")) as store, store.transaction() as db:
            for day in range(days):
                at = MORNING + day * DAY_S
                session = (day, at, at + 3e4, "clean", "0", None, "x", None, None, None)
                db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", session)
                rows = [(at + 60 * n, day, "neck", 1.0, 60.0, 0.0, 0.0, 0.0, None) for n in range(100)]
                db.executemany("INSERT INTO minutes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        with Store(path.with_name(f"{days}.db")) as store:
            with store.transaction() as db:
                db.set_progress_handler(lambda: ticks.append(1), 100)
            while not store.forget(MORNING + DAY_S / 2, told=True):
                pass
            with store.transaction() as db:
                assert db.execute("SELECT count(*) FROM minutes").fetchone() == ((days - 1) * 100,)
        return len(ticks)

    assert instructions(100) < 2 * instructions(5)


FORGETS = """
import os, shutil, signal, sys
from pathlib import Path
from monitor.adapters.store import Store

def forgotten(path, before, killed_at):
    with Store(path) as store:
        with store.transaction() as db:
            seen = []
            def met(statement):
                seen.append(statement)
                if len(seen) == killed_at:
                    os.kill(os.getpid(), signal.SIGKILL)
        db.set_trace_callback(met)
        while not store.forget(before, told=True):
            pass

sound, before = Path(sys.argv[1]), float(sys.argv[2])
number, status = 0, signal.SIGKILL
while status == signal.SIGKILL:
    number += 1
    path = sound.with_name(f"killed{number}") / "history.db"
    path.parent.mkdir()
    shutil.copy(sound, path)
    if not (child := os.fork()):
        forgotten(path, before, number)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
print(number, status)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_before_any_statement_of_forgetting_loses_nothing_that_is_kept_and_the_rest_goes_at_the_next_start(path):
    """The minutes of a day and the sessions go in transactions of their own: killed between them, and at every other place."""
    for day in (0, 1, 5):
        lived(path, "sit 5min", start=MORNING + day * DAY_S)
    before = MORNING + 4 * DAY_S
    undisturbed = path.with_name("undisturbed.db")
    shutil.copy(path, undisturbed)
    whole = rows(path)
    with Store(undisturbed) as store:
        while not store.forget(before, told=True):
            pass
    kept = rows(undisturbed)
    killed = subprocess.run(
        [sys.executable, "-c", FORGETS, path, str(before)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    last, status = map(int, killed.stdout.split())
    wrong, states = {}, set()
    for number in range(1, last + 1):
        left = path.with_name(f"killed{number}") / "history.db"
        found = rows(left)
        states.add(tuple(len(found[table]) for table in ("minutes", "sessions")))
        with Store(left) as store:
            while not store.forget(before, told=True):
                pass
        lost = [table for table in kept if not set(kept[table]) <= set(found[table]) <= set(whole[table])]
        wrong |= {number: lost} if lost or rows(left) != kept else {}

    assert (wrong, status) == ({}, 0)
    assert {(minutes == len(kept["minutes"]), sessions) for minutes, sessions in states} == {(False, 3), (True, 3), (True, 1)}


def rows(path):
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as db:
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in KEPT}  # noqa: S608


def test_a_long_run_forgets_once_a_day(path):
    lived(path, start=MORNING)
    lived(path, start=MORNING + DAY_S)

    forgetting(path, MORNING + 2 * DAY_S, 2, "sit 5min, gap 30h, sit 5min")

    # Two hours after the third day's beginning the first is two days old, a day later the second.
    assert days(path) == [2]


def test_a_clock_that_is_wrong_once_forgets_nothing(path):
    lived(path, start=MORNING)
    forgetting(path, MORNING + 3650 * DAY_S, 730)
    forgetting(path, MORNING + DAY_S, 730)

    assert days(path) == [0, 1, 3650]


def test_check_ins_are_forgotten_too_unless_the_settings_say_otherwise_or_a_call_is_open(path):
    check_ins = [
        CheckInRecord(MORNING, 3),
        CheckInRecord(MORNING + 1, 8, symptoms=frozenset({"bleeding"}), urgency="red"),
        CheckInRecord(MORNING + 2, 8, symptoms=frozenset({"bleeding"}), urgency="red", cleared=MORNING + 60),
    ]
    with SelfReports(path) as reports:
        for report in check_ins:
            reports.add(report)
    lived(path, start=MORNING + 30 * DAY_S)

    forgetting(path, MORNING + 31 * DAY_S, 10, told=False)
    with History(path) as history:
        assert history.reports() == check_ins
    forgetting(path, MORNING + 32 * DAY_S, 10)
    with History(path) as history:
        assert history.reports() == check_ins[1:2]


def test_what_is_forgotten_is_no_longer_in_the_file(path):
    with SelfReports(path) as reports:
        reports.add(CheckInRecord(MORNING, 3, note="a secret of mine"))
    lived(path, start=MORNING + 30 * DAY_S)
    assert b"a secret of mine" in path.read_bytes()

    forgetting(path, MORNING + 31 * DAY_S, 10)

    left = b"".join(p.read_bytes() for p in path.parent.iterdir())
    assert b"a secret of mine" not in left


# --- time --------------------------------------------------------------------------------------------------------


def test_a_suspend_of_nine_hours_is_unknown_and_nothing_is_said_when_the_lid_opens(path):
    lived(path, "sit 20min, gap 9h, sit 20min")

    bouts, _, reminders = kept_by(path)
    assert [(b.activity, round(b.seconds / 60)) for b in bouts] == [("sitting", 20), ("unknown", 540), ("sitting", 20)]
    assert reminders == []
    assert all(a.end == b.start for a, b in pairwise(bouts))
    assert [session.cut for session in records(path).sessions] == [False]


@pytest.mark.parametrize(
    ("first", "second"),
    [(0.0, -7200.0), (0.0, 6 * 3600.0)],
    ids=["stepped back two hours", "stepped forward six"],
)
def test_a_clock_that_is_set_begins_a_session_and_no_bout_is_shared(first, second, path):
    for start in (first, second):
        lived(path, "sit 30min", start=MORNING + start)
    with History(path) as history:
        bouts = [history.records(0, FOREVER, n).bouts for n in (1, 2)]

    assert [[(b.activity, b.seconds) for b in own] for own in bouts] == [[("sitting", 1800 - PERIOD_S)]] * 2
    assert [session.cut for session in records(path).sessions] == [False, False]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)], ids=["an hour less", "an hour more"])
def test_a_night_in_which_the_clocks_change_has_all_its_hours_and_no_others(day, hours, path):
    period = periods.day(date.fromisoformat(day), BERLIN)
    with Store(path) as store:
        night = Scenario(f"away {hours}h", period.start, period_s=30.0)
        run(night, Pipeline(Plan(period_s=30.0)), [StoreSink(partial(store.begin, **ABOUT))])
    with History(path) as history:
        report = report_on(period, history.records)

    assert (period.end - period.start) / 3600 == hours
    assert report.summary.session_s == hours * 3600 - 30
    (bout,) = records(path).bouts
    assert bout.seconds == hours * 3600 - 30


# --- the desktop -------------------------------------------------------------------------------------------------


def test_a_desktop_that_hangs_for_the_rest_of_the_day_holds_nothing_up(dunst, path, undisturbed):
    need("notify-send")
    shown, messages = [], []
    dunst.freeze()  # and it never wakes up while the day goes on
    desktop = FallbackNotifier(DesktopNotifier(limit_s=0.4), ConsoleNotifier(shown.append))
    with Store(path) as store:
        pipeline = Pipeline(Plan(period_s=PERIOD_S))
        kept = StoreSink(partial(store.begin, **ABOUT), say=messages.append)
        run(
            Scenario(),
            pipeline,
            [kept, NotifySink(desktop, ReasonMessages(), kept, lambda: desktop.health.partition(":")[0], None)],
        )

    bouts, signals, reminders = kept_by(path)
    assert (bouts, signals) == undisturbed[:2]
    assert [one.shown for one in reminders] == ["console"] * len(shown)
    assert shown


def test_a_desktop_that_begins_to_hang_in_the_middle_of_the_day_is_left_for_the_console(dunst, path):
    need("notify-send")
    shown = []
    desktop = FallbackNotifier(DesktopNotifier(limit_s=1.0), ConsoleNotifier(shown.append))
    with Store(path) as store:
        pipeline = Pipeline(Plan(period_s=PERIOD_S))
        kept = StoreSink(partial(store.begin, **ABOUT))
        scenario = Scenario("sit 31min, stand 2min, sit 31min, stand 2min", happens={2000: dunst.freeze})
        run(
            scenario,
            pipeline,
            [kept, NotifySink(desktop, ReasonMessages(), kept, lambda: desktop.health.partition(":")[0], None)],
        )

    assert [one.shown for one in records(path).reminders] == ["desktop", "console"]
    assert len(shown) == 1


def test_a_store_error_is_all_that_is_survived(path):
    with Store(path) as store, pytest.raises(ZeroDivisionError):
        run(Scenario("sit 1min"), Pipeline(), [StoreSink(lambda _: 1 / 0)])
    assert issubclass(DiskFull, StoreError)
    store.close()
