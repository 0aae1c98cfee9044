"""``data``: what is kept can be seen, taken away as a copy that says the same, and deleted until nothing is left."""

import csv
import io
import json
import math
import os
import pty
import shutil
import sqlite3
import stat
import sys
from contextlib import closing, redirect_stdout
from datetime import UTC, date, datetime
from functools import partial

import cv2
import jsonschema
import pytest
from mjpeg import jpegs, serving
from program import MERE_MORTAL, MOMENT, ROOT, SITTING, Started, call, done, refused

import run_monitor
from monitor.adapters import export
from monitor.adapters.store import SelfReports, Snapshot, Store, add_check, note_poll, post
from monitor.adapters.system.lock import folder_lock
from monitor.cli import run_plainly
from monitor.core.back.standing_checks import Check
from monitor.core.data_dictionary import KEPT, FieldKind
from monitor.core.history.csv_cells import cells
from monitor.core.history.live_state import LiveState
from monitor.core.history.records import CheckInRecord, Person
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.reminders import commands
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.vocabulary import Activity, Reason
from monitor.run.loop import run
from monitor.run.sinks import StoreSink
from monitor.testing import MORNING, scene

NOTE = '"It hurts", she said;\nthen: é, ü, =1+1'
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")


class Scenario(list):
    period_s = 2.0


def lived(path):
    """A morning, a call, two check-ins, a stage, a pause and a standing check."""
    with Store(path) as store:
        pipeline = Pipeline(Plan(period_s=2.0))
        begin = partial(store.begin, source="camera 0", profile="desk", program="0.1.0")
        kept = StoreSink(begin)
        run(Scenario(scene("sit 31min, stand 2min, away 3min, sit 10min", 2.0)), pipeline, [kept])
        kept.session.present(
            LiveState(MORNING, MORNING, Activity.SITTING, MORNING, None, None, "ok", frozenset(), {"sitting": 1.5}, {})
        )
        kept.session.write(MORNING + 61, None, (DeferredNotice(MORNING + 60.5, Reason.CALL, {"sat_too_long": 1800.0}),))
    with SelfReports(path) as reports:
        reports.tell(Person(due=date(2026, 9, 1), conditions=frozenset({"told_to_rest"}), told=True))
        reports.add(CheckInRecord(MORNING + 3.25, 4, frozenset({"low_back"}), note=NOTE))
        reports.add(CheckInRecord(MORNING + 7, None, symptoms=frozenset({"bleeding"}), urgency="red", cleared=MORNING + 60))
    post(path, commands.Command(MORNING + 5, commands.CommandKind.PAUSE, MORNING + 65))
    note_poll(path, MORNING + 9)
    add_check(path, Check(MORNING + 0.1, 36.123456789012345, 3.1, 11.4, 70, "camera 0"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with everything in it that the program keeps."""
    folder = tmp_path_factory.mktemp("home")
    picture = folder.with_suffix(".png")
    cv2.imwrite(str(picture), cv2.VideoCapture(MOMENT).read()[1])
    for _ in range(2):
        done("calibrate", *("--stage", f"sitting_tall={picture}") * 3, "--yes", "--data", folder)
    lived(folder / "history.db")
    return folder


@pytest.fixture(scope="module")
def exported(home, tmp_path_factory):
    """Its copy, which nobody changes."""
    copy = tmp_path_factory.mktemp("exported") / "copy"
    done("data", "export", copy, "--data", home)
    return copy


def stored(path, table):
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608


def without_iso(row):
    return {name: value for name, value in row.items() if not name.endswith("_iso")}


def test_no_cell_of_any_csv_is_a_formula_to_a_spreadsheet(home, tmp_path):
    """What a person or a camera's address can put there; negative numbers stay numbers."""
    shutil.copytree(home, tmp_path / "home")
    shutil.copy(home / "profiles" / "default.json", tmp_path / "home" / "profiles" / "=1.json")
    with closing(sqlite3.connect(tmp_path / "home" / "history.db")) as db:
        for table, column, text in (("checkins", "note", "=1+1"), ("sessions", "source", "-1-1"), ("bouts", "why", "@SUM(A1)")):
            db.execute(f"UPDATE {table} SET {column} = ?", (text,))  # noqa: S608
        db.commit()
    done("data", "export", tmp_path / "copy", "--data", tmp_path / "home")
    found = {}
    for path in (tmp_path / "copy").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {(path.name, value): None for row in csv.reader(file) for value in row}
    run = [place for place in found if place[1].startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d")) and not number(place[1])]

    assert run == []
    assert {"'=1+1", "'-1-1", "'@SUM(A1)"} <= {value for _, value in found}
    assert cells(["-1.5", -1.5, "-1.5e-3", None]) == ["-1.5", -1.5, "-1.5e-3", None]
    assert all(text.startswith("'") for text in cells(["+1+1", "\t=1", "\r=1", "\n=1", "\uff1d1", "-1-1"]))


def number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def test_csv_on_standard_output_has_the_line_ends_of_the_system(home):
    for end in ("\n", "\r\n"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline=end)
        with redirect_stdout(stream):
            run_plainly(run_monitor.app, ["summary", "--csv", "--session", "0", "--data", str(home)])
        stream.flush()
        lines = stream.buffer.getvalue().split(end.encode())

        assert [len(lines), lines[-1]] == [3, b""]
        assert not any(b"\r" in line or b"\n" in line for line in lines)


# --- export ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", KEPT)
def test_the_numbers_exported_are_those_of_the_history(table, home, exported):
    rows = stored(home / "history.db", table)
    rows_of_export = json.loads((exported / "export.json").read_text(encoding="utf-8"))["tables"][table]
    with (exported / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))

    assert rows
    assert [without_iso(row) for row in rows_of_export] == rows
    assert [without_iso(line) for line in lines] == [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]


def test_what_was_read_is_written_whatever_the_size_of_a_table(home, tmp_path):
    written = []

    def rows(table):
        for number in range(20_000 if table == "minutes" else 0):
            if number % 5000 == 4999:
                written.append((tmp_path / "copy" / "minutes.csv").stat().st_size)
            yield (MORNING + number // 17 * 60, 1, "neck", None, 58.0, 58.0, 0.0, 0.0, None)

    counts = export.write(tmp_path / "copy", export.Content({}, rows, (), UTC))
    size = (tmp_path / "copy" / "minutes.csv").stat().st_size

    with Snapshot(home / "history.db") as snapshot:
        begun = snapshot.rows("minutes")
        next(begun)
    begun.close()  # as after an error

    assert counts["minutes"] == 20_000
    assert all(done > size * (quarter / 4 - 0.1) for quarter, done in enumerate(written, 1)), (written, size)


def test_long_texts_of_a_damaged_history_are_not_gathered_in_memory(home, tmp_path):
    path, begun = tmp_path / "history.db", []
    shutil.copy(home / "history.db", path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE sessions SET source = ?", ("long" * 1000,))

    def rows(table):
        for number in range(40 if table == "minutes" else 0):
            begun.append((tmp_path / "copy" / "minutes.csv").stat().st_size)
            yield (MORNING + number * 60, 1, "neck", None, 58.0, 58.0, 0.0, 0.0, f"{number}" * 200_000)

    export.write(tmp_path / "copy", export.Content({}, rows, (), UTC))
    with Snapshot(path) as snapshot:
        first, second = (next(snapshot.rows("sessions")) for _ in range(2))

    waiting = [size < number * 200_000 - 2_000_000 for number, size in enumerate(begun)]
    assert not any(waiting), begun
    assert [a for a, b in zip(first, second, strict=True) if a is b and isinstance(a, str) and len(a) > 1000] == []


def test_every_time_stands_beside_its_seconds_in_iso_8601_with_the_zone(exported):
    tables = json.loads((exported / "export.json").read_text(encoding="utf-8"))["tables"]
    times = [
        (row[name], row[f"{name}_iso"])
        for table, rows in tables.items()
        for row in rows
        for name, field in KEPT[table].fields.items()
        if field.kind is FieldKind.TIME
    ]

    assert len(times) > 100
    for t, text in times:
        if t is None:
            assert text is None
        else:
            at = datetime.fromisoformat(text)
            assert at.utcoffset() is not None
            assert abs(at.timestamp() - t) < 0.001


def test_the_export_keeps_to_its_own_schema_which_describes_every_field(exported):
    schema, export = (json.loads((exported / name).read_text(encoding="utf-8")) for name in ("schema.json", "export.json"))
    columns = schema["properties"]["tables"]["properties"]["checkins"]["items"]["properties"]

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(export, schema)
    assert columns["note"]["description"] == KEPT["checkins"].fields["note"].what
    for harm in ({"t": "now"}, {"surplus": 1}, {"pain": 3.5}):
        export["tables"]["checkins"][0] |= harm
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(export, schema)
        export = json.loads((exported / "export.json").read_text(encoding="utf-8"))


def test_the_profiles_are_copied_as_they_are_and_told_as_rows(home, exported):
    export = json.loads((exported / "export.json").read_text(encoding="utf-8"))
    with (exported / "profiles.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["profile"] == "default"]
    source = home / "profiles" / "default.json"
    stages = json.loads(source.read_text())["stages"]

    assert (exported / "profiles" / "default.json").read_bytes() == source.read_bytes()
    assert [p["name"] for p in export["profiles"]] == ["default", "default.bak"]
    assert export["profiles"][0]["content"] == json.loads(source.read_text())
    assert {row["signal"]: (float(row["center"]), float(row["spread"]), int(row["n"])) for row in rows} == {
        name: (ref["center"], ref["spread"], ref["n"]) for name, ref in stages["sitting_tall"].items()
    }


def test_the_export_says_where_the_rest_is(home, exported):
    export = json.loads((exported / "export.json").read_text(encoding="utf-8"))

    assert export["settings_file"] == str(home / "settings.toml")
    assert export["data_folder"] == str(home)
    assert (export["traces"], export["set_aside"]) == ([], [])


@posix
def test_only_the_owner_can_read_the_export_whatever_the_umask(home, tmp_path):
    (tmp_path / "wide").mkdir(mode=0o777)
    before = os.umask(0)
    try:
        for name in ("new", "wide"):
            done("data", "export", tmp_path / name, "--data", home)
    finally:
        os.umask(before)
    paths = [p for name in ("new", "wide") for p in (tmp_path / name, *(tmp_path / name).rglob("*"))]

    assert {stat.S_IMODE(p.stat().st_mode) for p in paths if p.is_dir()} == {0o700}
    assert {stat.S_IMODE(p.stat().st_mode) for p in paths if not p.is_dir()} == {0o600}


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(home, exported):
    before = {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()}

    refused(call("data", "export", exported, "--data", home), str(exported), "not empty")
    refused(call("data", "export", exported / "export.json", "--data", home), "is a file")
    assert {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()} == before


def test_what_cannot_be_exported_is_told_in_one_line(tmp_path):
    refused(call("data", "export", tmp_path / "x", "--data", tmp_path / "none"), "nothing is kept", str(tmp_path / "none"))
    assert not (tmp_path / "x").exists()
    (tmp_path / "history.db").write_bytes(b"not a database" * 1000)
    refused(call("data", "export", tmp_path / "x", "--data", tmp_path), "damaged")


@posix
def test_an_export_that_finds_no_room_leaves_nothing_behind(home, tmp_path):
    no_room = ("bash", "-c", 'ulimit -f 40; exec env PYTHONDONTWRITEBYTECODE=1 "$@"', "bash")
    copy = tmp_path / "copy"

    refused(Started(tmp_path, "data", "export", copy, "--data", home, before=no_room).outcome(), str(copy), "room")
    assert [path for path in copy.rglob("*") if path.is_file()] == []


def test_a_broken_profile_is_copied_all_the_same(tmp_path):
    folder = tmp_path / "home" / "profiles"
    folder.mkdir(parents=True)
    for name, text in {"a": "{", "b": '{"stages": 1}', "c": "[1]", "d": '{"x": NaN}'}.items():
        (folder / f"{name}.json").write_text(text)
    done("data", "export", tmp_path / "copy", "--data", folder.parent)
    export = json.loads((tmp_path / "copy" / "export.json").read_text())

    assert [p["content"] for p in export["profiles"]] == [None, {"stages": 1}, None, None]
    assert (tmp_path / "copy" / "profiles" / "a.json").read_text() == "{"
    assert len((tmp_path / "copy" / "profiles.csv").read_text().splitlines()) == 1
    jsonschema.validate(export, json.loads((tmp_path / "copy" / "schema.json").read_text()))


def test_an_export_is_of_one_moment_while_a_monitor_writes(home, tmp_path, model):
    with serving(jpegs()) as camera:
        started = Started(tmp_path, "run", "--source", camera.url, "--pace", "real", "--notify", "none", "--data", tmp_path / "d")
        started.await_word(SITTING)
        done("data", "export", tmp_path / "copy", "--data", tmp_path / "d")
        refused(call("data", "delete", "--yes", "--data", tmp_path / "d"), f"process {started.pid}", "stop it")
        started.tell(2)
        assert started.outcome().code == 0
    tables = json.loads((tmp_path / "copy" / "export.json").read_text())["tables"]

    assert (tmp_path / "d" / "history.db").exists()
    (session,) = tables["sessions"]
    assert session["ended"] is None
    assert all(bout["end"] <= session["end"] for bout in tables["bouts"])


# --- show --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["data"], ["data", "show"]])
def test_where_and_how_much(words, home):
    output = done(*words, "--data", home)

    for name in ("history.db", "profiles/default.json", "profiles/default.json.bak"):
        assert "-rw-------" in next(line for line in output.splitlines() if line.endswith(f"{home}/{name}"))
    assert "sessions           1 row" in output
    assert "checkins           2 rows, 2026-03-02 to 2026-03-02" in output
    assert "730 days" in output


def test_where_nothing_is_kept_it_says_so(tmp_path):
    output = done("data", "--data", tmp_path / "none")

    assert f"Nothing is kept about you in {tmp_path / 'none'}." in output
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("data export", "data export DIR"),
        ("data show x", "data export DIR"),
        ("data delete x", "data export DIR"),
        ("data --yes", "--yes"),
        ("data show --everything", "--everything"),
        ("data shred", "'shred'"),
    ],
)
def test_what_is_typed_wrong_is_told_in_one_line(words, error, tmp_path):
    refused(call(*words.split(), "--data", tmp_path), error)


# --- delete ------------------------------------------------------------------------------------------------------


@pytest.fixture
def full(tmp_path):
    """A folder with every kind of file in it, a trace elsewhere, and a file that is nobody's."""
    folder = tmp_path / "home"
    lived(folder / "history.db")
    kinds = """history.damaged-20260302-090000.db monitor.log monitor.old profiles/desk.json profiles/desk.json.bak
        profiles/desk.json.x1y2z3w4 profiles/.desk.json.x.part reports/week.html reports/.week.html.x.part
        history.db-wal demo/history.db demo/profiles/demo.json settings.toml"""
    for name in kinds.split():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    trace, other = tmp_path / "morning.jsonl", tmp_path / "letter.jsonl"
    trace.write_text('{"posture_trace": 1, "period_s": 0.2, "source": "x"}\n')
    other.write_text("Dear doctor")
    (folder / "traces.txt").write_text(f"{trace}\n{other}\n{tmp_path / 'gone.jsonl'}\n")
    return folder


def test_all_that_is_personal_is_deleted_and_looked_for_again(full, tmp_path):
    output = done("data", "delete", "--yes", "--data", full)

    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["letter.jsonl", "settings.toml"]
    assert [p.name for p in full.iterdir()] == ["settings.toml"]
    assert output.count("gone: ") == 15
    assert f"gone: {tmp_path / 'morning.jsonl'}" in output
    assert f"kept: {full / 'settings.toml'}" in output
    assert output.endswith("Looked again: nothing is left.\n")
    assert "nothing to delete" in done("data", "delete", "--yes", "--data", full)


def test_everything_is_everything_the_model_too(full, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache = tmp_path / "cache" / "posture-monitor"
    cache.mkdir(parents=True)
    for unfinished in (full / ".settings.toml.x.part", cache / ".pose_landmarker_full-0.task.x.part"):  # by a kill
        unfinished.touch()
    (cache / "pose_landmarker_full-0.task").touch()
    done("data", "delete", "--yes", "--everything", "--data", full)

    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["letter.jsonl"]
    assert not full.exists()
    assert not cache.exists()


def test_what_is_not_the_programs_is_left_alone_and_told(full):
    (full / "diary.txt").write_text("mine")
    (full / "profiles" / "notes.txt").write_text("mine")

    output = done("data", "delete", "--yes", "--data", full)

    assert f"left alone: {full / 'diary.txt'}" in output
    assert sorted(str(p.relative_to(full)) for p in full.rglob("*.txt")) == ["diary.txt", "profiles/notes.txt"]


@posix
def test_only_what_the_program_wrote_is_deleted_and_nothing_through_a_link(full, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "profiles").mkdir(parents=True)
    (full / "history.db").rename(elsewhere / "history.db")
    (full / "history.db").symlink_to(elsewhere / "history.db")
    shutil.copy(full / "profiles" / "desk.json", elsewhere / "profiles")
    shutil.rmtree(full / "demo" / "profiles")
    (full / "demo" / "profiles").symlink_to(elsewhere / "profiles")
    others = {"server.log": "mine", "letter.old": "mine", "profiles/aircraft.json": '{"version": 1}',
              "profiles/x.json.bak": "mine", "history.damaged-by-me": "mine", "monitor.log.txt": "mine"}  # fmt: skip
    for name, text in others.items():
        (full / name).write_text(text)

    output = done("data", "delete", "--yes", "--data", full)

    assert {name for name in others if not (full / name).exists()} == set()
    assert (elsewhere / "history.db").exists()
    assert (elsewhere / "profiles" / "desk.json").exists()
    assert not (full / "history.db").is_symlink()
    assert not (full / "profiles" / "desk.json").exists()
    assert f"a link led to it: {elsewhere / 'history.db'}" in output


@posix
def test_what_cannot_be_deleted_is_told_and_the_rest_is_gone(full, tmp_path):
    held = full / "profiles" / "desk.json"
    held.parent.chmod(0o500)

    outcome = Started(tmp_path, "data", "delete", "--yes", "--data", full, before=MERE_MORTAL).outcome()
    held.parent.chmod(0o700)

    (line,) = outcome.err.splitlines()
    assert outcome.code == 1
    assert str(held) in line
    assert f"gone: {full / 'history.db'}" in outcome.out
    assert "nothing is left" not in outcome.out
    assert held.exists()
    assert not (full / "history.db").exists()


@posix
def test_a_trace_that_cannot_be_deleted_stays_noted(full, tmp_path):
    (tmp_path / "deep").mkdir()
    trace = (tmp_path / "morning.jsonl").rename(tmp_path / "deep" / "morning.jsonl")
    (full / "traces.txt").write_text(f"{trace}\n")
    trace.parent.chmod(0o500)

    outcome = Started(tmp_path, "data", "delete", "--yes", "--data", full, before=MERE_MORTAL).outcome()
    trace.parent.chmod(0o700)

    assert outcome.code == 1
    assert str(trace) in outcome.err
    assert str(trace) in done("data", "--data", full)
    done("data", "delete", "--yes", "--data", full)
    assert not trace.exists()


def test_nothing_is_deleted_while_a_monitor_runs(full):
    with folder_lock(full):
        refused(call("data", "delete", "--yes", "--data", full), f"process {os.getpid()}", "stop it")

    assert (full / "history.db").exists()


def test_without_anybody_to_ask_nothing_is_deleted(full):
    refused(Started(full.parent, "data", "delete", "--data", full).outcome(), "--yes")

    assert (full / "history.db").exists()


@posix
@pytest.mark.parametrize(("answer", "left"), [(b"n\n", True), (b"\n", True), (b"y\n", False)])
def test_on_a_terminal_it_asks(answer, left, full):
    """A real terminal, and what is typed there."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, str(ROOT / "run_monitor.py"), "data", "delete", "--data", str(full)])  # noqa: S606
    os.write(terminal, answer)
    output = b""
    try:
        while piece := os.read(terminal, 4096):
            output += piece
    except OSError:  # Linux says so when the other end has closed
        pass
    os.close(terminal)
    _, status = os.waitpid(pid, 0)

    assert b"for good?" in output
    assert (full / "history.db").exists() is left
    assert os.waitstatus_to_exitcode(status) == (130 if left else 0)


# --- traces are noted --------------------------------------------------------------------------------------------


def test_a_trace_that_was_asked_for_is_noted_and_deleted_with_the_rest(tmp_path, model):
    data, trace = tmp_path / "data", tmp_path / "deep" / "clip ü.jsonl.gz"
    trace.parent.mkdir()
    done("run", "--source", MOMENT, "--pace", "fast", "--notify", "none", "--trace", trace, "--data", data)

    assert (data / "traces.txt").read_text(encoding="utf-8") == f"{trace}\n"
    assert str(trace) in done("data", "--data", data)
    done("data", "delete", "--yes", "--data", data)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
