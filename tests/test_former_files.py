"""Files that the version before reasons became codes wrote: history, trace, profile, settings, autostart unit still work."""

import gzip
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.adapters import profiles
from monitor.adapters.store import History
from monitor.adapters.store.database import connect
from monitor.adapters.store.schema import MIGRATIONS
from monitor.adapters.trace import Trace
from monitor.cli import COMMANDS
from monitor.config import load
from monitor.core.body.pose import Observation
from monitor.core.errors import StoreError
from monitor.core.posture.signals import SIGNALS
from monitor.core.vocabulary import Reason
from monitor.testing import replay

FORMER = Path(__file__).parent / "former"
TABLES = ("sessions", "bouts", "minutes", "reminders", "missed", "commands", "checks", "checkins", "person")


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as db:
        db.executescript(gzip.decompress((FORMER / "history_4.sql.gz").read_bytes()).decode())
    db.close()
    return path


def counted(path):
    db = sqlite3.connect(path)
    try:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}  # noqa: S608 (our names)
    finally:
        db.close()


def test_a_history_keeps_every_row_and_speaks_in_codes(history):
    before = counted(history)
    connect(history).close()

    assert counted(history) == before
    with History(history) as past:
        session = past.session()
        records = past.records(session.start, session.end)
    whys = {bout.why for bout in records.bouts} | {total.why for total in records.signals} | {session.silent}
    assert whys - {None} <= set(Reason)
    assert {Reason.BACK_HIDDEN_BY_BACKREST, Reason.FRONT_VIEW_NEEDED, Reason.CALL} <= whys
    assert session.mode == f"interval {Reason.BATTERY}"


MIGRATE = """
import sys
from pathlib import Path
from monitor.adapters.store.database import connect
connect(Path(sys.argv[1])).close()
"""


def test_a_migration_that_is_killed_loses_nothing_and_is_done_again(history):
    before = counted(history)
    for delay_s in (0.05, 0.1, 0.15, 0.2, 0.3):
        running = subprocess.Popen([sys.executable, "-c", MIGRATE, str(history)])
        time.sleep(delay_s)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert counted(history) == before

    db = connect(history)
    assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    db.close()


def test_a_migration_that_fails_in_its_last_line_leaves_the_version_before(history):
    before = counted(history)
    with pytest.raises(StoreError):
        connect(history, (*MIGRATIONS[:4], "UPDATE bouts SET why = 'lost'; SELECT no_such_function()"))

    assert counted(history) == before
    db = sqlite3.connect(history)
    assert db.execute("SELECT count(*) FROM bouts WHERE why = 'lost'").fetchone() == (0,)
    assert db.execute("PRAGMA user_version").fetchone() == (4,)
    db.close()


def test_a_trace_is_read_in_codes_and_replayed():
    trace = list(Trace(FORMER / "trace_1.jsonl"))
    whys = {seen.why for seen in trace if isinstance(seen, Observation)} - {None}

    assert whys == {Reason.NOBODY, Reason.TOO_DARK, Reason.PARTLY_OUT, Reason.LOCKED}
    assert len(replay(trace)) == sum(isinstance(seen, Observation) for seen in trace)


def test_a_profile_and_settings_are_read(tmp_path):
    (tmp_path / "demo.json").write_bytes((FORMER / "profile_demo.json").read_bytes())
    (tmp_path / "settings.toml").write_bytes((FORMER / "settings.toml").read_bytes())

    assert profiles.load(tmp_path, "demo").baseline.stages
    assert len(load(tmp_path / "settings.toml").table()) == len(SIGNALS)


def test_the_command_of_an_autostart_unit_is_one_that_exists():
    (line,) = [line for line in (FORMER / "posture-monitor.service").read_text().splitlines() if line.startswith("ExecStart=")]
    program, flag, module, command, *options = shlex.split(line.removeprefix("ExecStart="))

    assert (flag, module) == ("-m", "monitor")
    assert command in COMMANDS
    assert Path(program).is_absolute()
    done = subprocess.run(
        [sys.executable, "-m", module, command, "--help"], capture_output=True, text=True, check=True, env=os.environ
    )
    assert [option for option in options if option.startswith("--") and option not in done.stdout] == []
