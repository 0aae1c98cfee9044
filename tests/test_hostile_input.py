"""Hostile input of every kind: one line and exit code 2, or it works; no traceback, no hang, nothing written elsewhere."""

import json
import sqlite3
import time
from contextlib import closing
from itertools import product

import pytest
from hostile_input import CELLS, KINDS, NO_TEXT, SETTINGS, Try, in_process, make_history, spoil
from hypothesis import HealthCheck, given, settings
from laws import PROFILE
from program import CLIP, call, refused

from monitor.adapters.store import CommandQueue, History, Snapshot, Store, checks
from monitor.core.data_dictionary import KEPT, LATEST_T

pytestmark = pytest.mark.usefixtures("model")
# So many tries of each kind; a real command takes some 50 ms.
TRIES = {"few": 15, "many": 600}[PROFILE]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_given_there_is_no_traceback_no_hang_and_nothing_written_elsewhere(kind, tmp_path_factory):
    @settings(max_examples=TRIES, suppress_health_check=list(HealthCheck))
    @given(KINDS[kind]())
    def attempt(one: Try) -> None:
        root = tmp_path_factory.mktemp("try")
        assert in_process(root, one, time.time()) is None, one

    attempt()


# What the fuzz found once.
DEEP = b"[" * 100_000
FOUND = (
    *(("analyze", "x.mp4", "--model", name) for name in ("x" * 300, "a\0b", "x/" * 3000)),
    *((*words, "--data", name) for words in (("explain",), ("status",), ("demo",)) for name in ("x" * 300, "a\0b", "x/" * 2030)),
    *(("report", "--out", "x" * 300), ("data", "export", "x/" * 3000), ("replay", "a\0b"), ("check", "--validate", "x" * 300)),
    *(
        ("run", "--source", "x.mp4", "--trace", "x" * 300),
        ("explain", "--review", "a\0b"),
        ("analyze", "x.mp4", "--annotate", "x" * 300),
    ),
    *(("summary", "--session", number) for number in ("9" * 23, "9" * 5000, "-1", "nan")),
    *(("replay", "trace.jsonl", "--speed", number) for number in ("nan", "inf", "1e400", "-1")),
    *(("analyze", "x.mp4", "--every", number) for number in ("nan", "inf", "1e400", "0")),
    *(("run", "--source", "x.mp4", "--time-scale", number) for number in ("nan", "inf", "1e9")),
    *(("start", "--wait", number) for number in ("nan", "inf")),
)


def test_no_option_takes_a_name_that_can_be_none_or_a_number_that_is_none(tmp_path):
    for words in FOUND:
        outcome = call(*words, *(() if "--data" in words else ("--data", tmp_path)))
        assert (outcome.code, outcome.err.count("\n")) == (2, 1), (words, outcome)
    assert list(tmp_path.iterdir()) == []


def test_the_card_is_shown_whatever_the_folder_is_called(tmp_path):
    usual = call("redflags", "--data", tmp_path)
    for name in ("x" * 300, "x/" * 3000, "x/" * 2030):
        outcome = call("redflags", "--data", name)
        assert (outcome.code, outcome.out) == (0, usual.out), name


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "9999-12-31T23:59", "2400-01-01", "1969-01-01T00:00+00:00"])
def test_a_recording_begins_in_a_year_that_a_history_can_hold(start, tmp_path):
    refused(call("run", "--source", CLIP, "--pace", "fast", "--start", start, "--data", tmp_path), "--start", start)


def test_the_export_takes_along_a_profile_that_nothing_can_read(tmp_path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    sound = {"version": 2, "taken_at": 1e308, "source": "x", "view": "side", "stages": {"standing": {}}}
    contents = {"deep": DEEP, "infinite": b'{"taken_at": 1e400}', "late": json.dumps(sound).encode(), "digits": b"9" * 5000}
    for name, content in contents.items():
        (folder / f"{name}.json").write_bytes(content)

    outcome = call("data", "export", tmp_path / "copy", "--data", tmp_path)

    assert outcome.code == 0
    assert {p.stem: p.read_bytes() for p in (tmp_path / "copy" / "profiles").iterdir()} == contents
    exported = json.loads((tmp_path / "copy" / "export.json").read_text())["profiles"]
    assert {one["name"]: one["content"] for one in exported} == {**dict.fromkeys(contents), "late": sound}


@pytest.mark.parametrize("model", ["~nobody-of-that-name/x.task", "x" * 5000, "\\u0000"])
def test_a_model_of_the_settings_that_can_be_none_is_told_in_one_line(model, tmp_path):
    (tmp_path / "settings.toml").write_text(f'model = "{model}"')

    refused(call("run", "--data", tmp_path))


# --- the history -------------------------------------------------------------------------------------------------


def read_all(path):
    """Every row that can be read, in whatever way."""
    with History(path) as history:
        answers = [history.series(0, LATEST_T), history.person(), history.reports(), history.open_reports(LATEST_T)]
        answers += [history.tips_shown(0, LATEST_T), history.session(), history.live_state(), history.last_reminder()]
    with Snapshot(path) as snapshot:
        rows = {name: (list(snapshot.rows(name)), snapshot.span(name)) for name in KEPT}
    with closing(CommandQueue(path)) as queue:
        answers += [queue.in_force(time.time()), queue.take(time.time())]
    return rows, answers, checks(path)


def test_a_bout_until_the_year_2200_does_not_fill_the_disk_with_its_minutes(tmp_path):
    make_history(tmp_path / "history.db", time.time())
    spoil(tmp_path / "history.db", (("bouts", "end", LATEST_T),))

    assert call("data", "export", tmp_path / "copy", "--data", tmp_path).code == 0
    assert len((tmp_path / "copy" / "events_minutes.csv").read_text().splitlines()) < 1000


# Every kind of cell; CI tries every value.
ODD = (None, b"\xff", 2**63 - 1, float("-inf"), NO_TEXT) if PROFILE == "few" else (*CELLS, NO_TEXT)
# Those that the writer reads.
WRITER = {"sessions": ("end", "source"), "minutes": ("start",), "looks": ("t",), "checkins": ("t",)}


@pytest.mark.parametrize("table", KEPT)
def test_no_cell_of_the_history_can_hurt_who_reads_it(table, tmp_path):
    sound, path = tmp_path / "sound.db", tmp_path / "history.db"
    make_history(sound, time.time())
    whole, wrong = len(read_all(sound)[0][table][0]), {}
    for column, value in product(KEPT[table].fields, ODD):
        path.write_bytes(sound.read_bytes())
        spoil(path, ((table, column, value),))
        if len(read_all(path)[0][table][0]) not in (whole, whole - 1):
            wrong[column, str(value)[:20]] = "more than one row is gone"
        if column in WRITER.get(table, ()):
            with Store(path) as store:
                store.begin(time.time(), source="x", profile=None, program="0").end(time.time())
                store.polled()
                store.forget(time.time(), told=True)

    assert wrong == {}


def test_a_damaged_row_is_skipped_and_told_once(tmp_path, caplog):
    path = tmp_path / "history.db"
    make_history(path, time.time())
    spoil(path, (("bouts", "start", float("-inf")),))

    with History(path) as history:
        assert [len(history.records(0, LATEST_T).bouts) for _ in range(2)] == [2, 2]

    assert ["bouts" in record.getMessage() for record in caplog.records] == [True]


def test_an_urgency_that_nobody_knows_keeps_tips_away_until_it_is_cleared(tmp_path):
    path = tmp_path / "history.db"
    make_history(path, time.time())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE checkins SET urgency = 'violet'")

    assert json.loads(call("status", "--json", "--data", tmp_path).out)["open_call"] == "orange"
    assert call("checkin", "--clear", "--yes", "--data", tmp_path).code == 0
    assert json.loads(call("status", "--json", "--data", tmp_path).out)["open_call"] is None


# --- traces ------------------------------------------------------------------------------------------------------

LINE = {"t": 1772442000.0, "aspect": 1.5, "turn": 90.0, "xy": [0.5] * 66, "visibility": [1.0] * 33}
WRONG_LINES = {
    **{
        f"{name} = {value}": {**LINE, name: value} for name in ("xy", "visibility") for value in ([1e308] * 66, "x", [[[]]], None)
    },
    **{f"{name} = {value}": {**LINE, name: value} for name in ("t", "aspect", "turn") for value in (1e300, -1e9, "x", [], {})},
    "a far shift": {**LINE, "shift": {"dx": 1e308, "dy": 0, "scale": 1, "roll_deg": 0, "agreeing": 1, "features": 1}},
    "words for a shift": {**LINE, "shift": {"dx": "x", "dy": 0, "scale": 1, "roll_deg": 0, "agreeing": 1, "features": 1}},
    "no shift": {**LINE, "shift": []},
    "an endless line": {**LINE, "more": "x" * 2_000_000},
}


def test_a_trace_with_what_no_camera_saw_is_refused_in_one_line(tmp_path):
    (tmp_path / SETTINGS[0]).write_bytes(SETTINGS[1])
    path = tmp_path / "trace.jsonl"
    for name, line in WRONG_LINES.items():
        path.write_text('{"posture_trace": 1, "period_s": 0.2, "source": "x"}\n' + json.dumps(line) + "\n")
        for command in ("replay", "analyze"):
            outcome = call(command, path, "--data", tmp_path)
            assert (outcome.code, outcome.err.count("\n"), "line 2" in outcome.err) == (2, 1, True), (name, command, outcome)
