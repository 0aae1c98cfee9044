"""A history that is damaged, foreign, newer, held or full is refused in one line, and nothing in it is lost."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest
from desktop_session import need
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from program import MOMENT, Started, refused

from monitor.adapters.store import History, Store
from monitor.adapters.store.database import connect
from monitor.adapters.store.network_drive import network_type
from monitor.adapters.store.schema import MIGRATIONS, TABLES
from monitor.core.errors import DiskFull, SchemaTooNew, StoreCorrupt, StoreError
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute, SignalMinute
from monitor.core.vocabulary import Activity
from monitor.testing import MORNING

ABOUT = {"source": "camera 0", "profile": "desk", "program": "0.1.0"}
SITTING = Bout(Activity.SITTING, MORNING, MORNING + 60)


def everything(path):
    with History(path) as history:
        return history.records(0, MORNING + 10 * 365 * 86400.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


def one_line(error, path):
    text = str(error.value)
    assert "\n" not in text
    assert str(path) in text
    return text


@pytest.mark.parametrize("door", [Store, History])
@pytest.mark.parametrize("content", [b"not a database, " * 100, b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path, door, content):
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(StoreCorrupt) as error:
        door(path)

    assert "left as it is" in one_line(error, path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("door", [Store, History])
def test_the_database_of_another_program_is_refused_and_left_alone(path, door):
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE songs (title)")
    db.close()
    content = path.read_bytes()

    with pytest.raises(StoreCorrupt) as error:
        door(path)

    one_line(error, path)
    assert path.read_bytes() == content


def test_a_file_cut_in_half_is_refused_in_one_line(path):
    with Store(path) as store:
        fill(store.begin(MORNING, **ABOUT), minutes=60)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    with pytest.raises(StoreCorrupt) as error:
        everything(path)

    one_line(error, path)


@examples(8)
@given(data=st.data())
def test_a_file_damaged_anywhere_is_read_or_refused_never_a_crash(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("data") / "history.db"
    with Store(path) as store:
        fill(store.begin(MORNING, **ABOUT), minutes=3)
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])

    with suppress(StoreError):
        everything(path)
    with suppress(StoreError), Store(path) as store:
        fill(store.begin(MORNING, **ABOUT), minutes=3)


@pytest.mark.parametrize("door", [Store, History])
def test_a_newer_schema_is_refused_and_left_alone(path, door):
    path.parent.mkdir()
    newer = (*MIGRATIONS, "ALTER TABLE bouts ADD COLUMN place TEXT")
    connect(path, newer).close()

    with pytest.raises(SchemaTooNew) as error:
        door(path)

    assert "update the program" in one_line(error, path)
    db = connect(path, newer)
    assert db.execute("SELECT place FROM bouts").fetchall() == []
    db.close()


def test_an_older_file_is_brought_up_to_date_and_keeps_what_it_has(path):
    with Store(path) as store:
        store.begin(MORNING, **ABOUT).write(MORNING + 60, SITTING, [])

    db = connect(path, (*MIGRATIONS, "ALTER TABLE bouts ADD COLUMN place TEXT DEFAULT 'desk'"))
    kept = db.execute("SELECT activity, place FROM bouts").fetchall()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    db.close()

    assert ([("sitting", "desk")], len(MIGRATIONS) + 1) == (kept, version)


def test_a_migration_that_fails_changes_nothing(path):
    with Store(path):
        pass

    with pytest.raises(StoreCorrupt):
        connect(path, (*MIGRATIONS, "DROP TABLE minutes; ALTER TABLE nowhere ADD COLUMN place"))

    with Store(path) as store, store.transaction() as db:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names >= TABLES


SLOW = """
import sys
from pathlib import Path
from monitor.adapters.store.database import connect
from monitor.adapters.store.schema import MIGRATIONS
print("begun", flush=True)
more = "CREATE TABLE more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i FROM n"
connect(Path(sys.argv[1]), (*MIGRATIONS, "ALTER TABLE bouts ADD COLUMN place TEXT; " + more)).close()
"""


def test_a_kill_during_a_migration_leaves_the_history_as_it_was_or_as_it_will_be(path):
    with Store(path) as store:
        store.begin(MORNING, **ABOUT).write(MORNING + 60, SITTING, [])
    cut = 0
    for wait_s in (0.0, 0.1, 0.3, 0.6):
        with subprocess.Popen([sys.executable, "-c", SLOW, str(path)], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait_s)
            process.kill()
        with closing(sqlite3.connect(path)) as db:
            (version,), (whole,) = (db.execute(f"PRAGMA {what}").fetchone() for what in ("user_version", "integrity_check"))
            columns = {row[1] for row in db.execute("PRAGMA table_info(bouts)")}
            assert [whole, db.execute("SELECT activity FROM bouts").fetchall()] == ["ok", [("sitting",)]]
            assert ("place" in columns) is (version == len(MIGRATIONS) + 1)
        cut += version == len(MIGRATIONS)
        if version > len(MIGRATIONS):
            break

    assert cut


def test_a_network_drive_is_known_by_the_list_of_what_is_mounted(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\nnas:/home {tmp_path}/my\\040home nfs4 rw 0 0\n"
        f"tmpfs {tmp_path}/my\\040home/local tmpfs rw 0 0\n//nas/a {tmp_path}/a cifs rw 0 0\nx {tmp_path}/b fuse.sshfs rw 0 0\n\n"
    )
    folders = ("", "my home", "my home/x/y", "my home/local/x", "a", "ab", "b/c")
    found = {name: network_type(tmp_path / name, mounts) for name in folders}

    assert {name: kind for name, kind in found.items() if kind} == {
        "my home": "nfs4", "my home/x/y": "nfs4", "a": "cifs", "b/c": "fuse.sshfs",
    }  # fmt: skip
    assert network_type(tmp_path, tmp_path / "none") is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is mounted")
@pytest.mark.parametrize("words", [("run", "--source", MOMENT, "--notify", "none"), ("stage", "--none")], ids=lambda w: w[0])
def test_a_folder_on_a_network_drive_is_refused_in_one_line_and_no_history_begun(words, tmp_path):
    """The kernel shows the command, and nobody else, another list of what is mounted."""
    need("unshare")
    mounts, folder = tmp_path / "mounts", tmp_path / "data"
    folder.mkdir()
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/home {folder} nfs4 rw 0 0\n")
    shown = 'mount --bind "$0" /proc/$$/mounts && exec "$@"'
    before = ("unshare", "-rm", "sh", "-c", shown, str(mounts))

    refused(Started(tmp_path, *words, "--data", folder, before=before).outcome(), str(folder), "nfs4", "--data")
    assert [path.name for path in folder.iterdir() if path.suffix == ".db"] == []


def test_a_disk_that_fills_up_ends_with_one_line_and_what_was_stored_is_there(path):
    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        session.write(MORNING + 60, SITTING, [])
        with store.transaction() as db:
            db.execute("PRAGMA max_page_count = 12")
        with pytest.raises(DiskFull) as error:
            fill(session)

    assert "make room" in one_line(error, path)
    kept = everything(path)
    assert kept.bouts == [Bout(Activity.SITTING, MORNING, kept.bouts[0].end)]
    assert {total.measured_s % 60 for total in kept.signals} == {0.0}


def fill(session, minutes=10_000):
    for i in range(minutes):
        t = MORNING + 60 * i
        minute = Minute(t, {f"signal {n}": SignalMinute(1.0, 60.0, 0.0, 0.0, 0.0, None) for n in range(13)})
        session.write(t + 60, Bout(Activity.SITTING, MORNING, t + 60), [minute])


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "history.db"

    with pytest.raises(DiskFull, match="choose another folder with --data") as error:
        Store(path)

    one_line(error, path)


def test_a_folder_in_place_of_the_file_is_refused_in_one_line(path):
    path.mkdir(parents=True)

    with pytest.raises(DiskFull) as error:
        Store(path)

    one_line(error, path)


def test_a_file_that_may_only_be_read_is_refused_in_one_line(path):
    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        with store.transaction() as db:
            db.execute("PRAGMA query_only = ON")
        with pytest.raises(DiskFull, match="permissions") as error:
            session.write(MORNING + 60, SITTING, [])

    one_line(error, path)


def test_a_file_held_by_another_program_is_waited_for_then_refused(path):
    with Store(path) as store:
        session = store.begin(MORNING, **ABOUT)
        with store.transaction() as db:
            db.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="in use by another program") as error:
            session.write(MORNING + 60, SITTING, [])

        other.close()
        session.write(MORNING + 60, SITTING, [])

    one_line(error, path)
    assert everything(path).bouts == [SITTING]


def test_there_is_no_history_before_the_first_run(path):
    with pytest.raises(StoreError, match="no history") as error:
        History(path)

    one_line(error, path)
    assert not path.parent.exists()


def test_an_empty_file_has_no_history_yet_but_may_begin_one(path):
    path.parent.mkdir()
    path.touch()

    with pytest.raises(StoreError, match="start the monitor once"):
        History(path)

    with Store(path) as store:
        store.begin(MORNING, **ABOUT)
    assert everything(path).sessions
