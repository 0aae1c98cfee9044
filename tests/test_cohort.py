"""A folder of recordings becomes tables: the same numbers wherever they are worked through, and nothing lost or twice."""

import csv
import json
import math
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
from desktop_session import wait_for
from program import DEMO, Started, call, done, refused
from studies import AWAY, BERLIN, MONDAY, SIT, STAND, UNKNOWN, bouts_of, history, nine, people, phases, trace

from monitor.adapters.store import History, Store
from monitor.adapters.trace import Trace
from monitor.cohort.columns import TABLES, columns_of
from monitor.cohort.inputs import Kind
from monitor.cohort.job import Job, run_job
from monitor.cohort.runners import WORKER_DIED
from monitor.core.pipeline import Pipeline, Plan
from monitor.run.loop import run as replayed
from monitor.run.sinks.store import StoreSink

SCRIPT = "sit 31min, stand 6min, sit 22min, away 5min, sit 12min"


def rows(folder, table):
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def tables(folder):
    """The bytes of every table."""
    return {name: (folder / f"{name}.parquet").read_bytes() for name in TABLES}


def run(study, out, *options: object):
    return done("cohort", "run", study, "--out", out, "--runner", "local", *options)


def last_line(outcome):
    """What was said after the bar of progress."""
    return "posture-monitor: " + outcome.err.rpartition("posture-monitor: ")[2]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Seven people with every kind of recording, and files that cannot be used; the key of the hashes."""
    place = tmp_path_factory.mktemp("mixed")
    study = place / "study"
    for n in range(3):
        chance = random.Random(n)  # noqa: S311  # the same people every time
        history(study / f"desk{n}" / "history.db", [bouts_of(phases(chance, 300), nine(day)) for day in range(2)])
    home = place / "home"
    history(home / "history.db", [bouts_of(phases(random.Random(9), 300), nine())])  # noqa: S311
    done("data", "export", study / "sent" / "visit1", "--data", home)
    trace(study / "traced" / "day.jsonl.gz", SCRIPT, 5.0)
    (study / "filmed").mkdir()
    shutil.copy(DEMO / "demo_sit_tall.mp4", study / "filmed" / "2026-03-02T0900.mp4")
    # The same once more, an earlier state of the same, a broken one, one that breaks off, and one of nobody's.
    shutil.copy(study / "desk0" / "history.db", study / "desk0" / "again.db")
    history(study / "desk1" / "earlier.db", [bouts_of(phases(random.Random(1), 300), nine())])  # noqa: S311
    (study / "desk2" / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    whole = (study / "traced" / "day.jsonl.gz").read_bytes()
    (study / "cut").mkdir()
    (study / "cut" / "day.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (study / "notes.txt").write_text("nothing of ours")
    key = place / "key"
    key.write_text("ab" * 32)
    return study, key


@pytest.fixture(scope="module")
def alone(mixed, tmp_path_factory):
    """The results of one process."""
    study, key = mixed
    out = tmp_path_factory.mktemp("alone") / "out"
    run(study, out, "--key", key)
    return out


# --- what is in the tables ---------------------------------------------------------------------------------------


def test_every_recording_is_told_and_every_second_counts_once(alone):
    found = {(row["kind"], row["status"]) for row in rows(alone, "files")}
    statuses = [row["status"] for row in rows(alone, "files")]
    own = [row for row in rows(alone, "participants") if row["days"]]
    whole = {row["participant"]: row["sitting_s"] + row["standing_s"] + row["moving_s"] for row in rows(alone, "days")}

    assert found == {
        ("history", "used"), ("history", "repeated"), ("history", "covered"), ("history", "refused"),
        ("export", "used"), ("trace", "used"), ("video", "used"),
    }  # fmt: skip
    assert sorted(statuses) == ["covered", "refused", "repeated", *["used"] * 7]
    assert [row["reason"] for row in rows(alone, "files") if row["status"] == "refused"] == ["StoreCorrupt"]
    assert [row["participant"] for row in rows(alone, "files") if row["cut_off"]] != []
    assert len(own) == 7
    assert len(whole) == 7


def test_tables_have_the_columns_of_the_page_with_units_and_say_nothing_of_who_and_when(alone, mixed):
    study, _ = mixed
    everything = b"".join(path.read_bytes() for path in alone.iterdir())
    wrong = {}
    for name in TABLES:
        schema = pq.read_schema(alone / f"{name}.parquet")
        metadata = {field.name: dict(field.metadata or {}) for field in schema}
        wanted = {
            c.name: {k.encode(): v.encode() for k, v in (("description", c.what), ("unit", c.unit), ("source", c.source)) if v}
            for c in columns_of(name, own=False)
        }
        wrong |= {name: metadata} if metadata != wanted or schema.metadata[b"valid_day_h"] != b"4" else {}

    assert wrong == {}
    assert [word for word in ("desk0", "filmed", "2026-03", str(study), "Berlin") if word.encode() in everything] == []


def test_minutes_and_bouts_and_days_hold_the_same_time(alone):
    kinds = [f"{kind}_s" for kind in ("sitting", "standing", "moving", "away", "unknown")]
    by_minute = math.fsum(row[kind] or 0 for row in rows(alone, "minutes") for kind in kinds)
    by_bout = math.fsum(row["duration_s"] for row in rows(alone, "bouts"))
    by_day = math.fsum(row["seen_s"] + row["unseen_s"] + row["away_s"] for row in rows(alone, "days"))

    assert by_minute == pytest.approx(by_bout, abs=1)
    assert by_day == pytest.approx(by_bout, abs=1)
    assert math.fsum(row["used_s"] or 0 for row in rows(alone, "files")) == pytest.approx(by_bout, abs=1)
    assert any(row["trunk_inclination"] is not None for row in rows(alone, "minutes"))


def test_a_trace_has_the_bouts_that_its_replay_keeps(alone, mixed, tmp_path):
    study, _ = mixed
    recorded = Trace(study / "traced" / "day.jsonl.gz")
    with Store(tmp_path / "history.db") as store:
        begin = partial(store.begin, source="a trace", profile=None, program="0")
        replayed(recorded, Pipeline(Plan(period_s=recorded.period_s)), [StoreSink(begin)])
    with History(tmp_path / "history.db") as kept:
        wanted = [(b.activity, round(b.seconds, 3)) for b in kept.records(0, 1e11).bouts]
    (mine,) = {row["participant"] for row in rows(alone, "files") if row["kind"] == "trace" and not row["cut_off"]}

    assert [(row["activity"], row["duration_s"]) for row in rows(alone, "bouts") if row["participant"] == mine] == wanted
    assert wanted == [(SIT, 1860), (STAND, 360), (SIT, 1320), (AWAY, 300), (SIT, 715)]


def test_with_names_of_their_own_everything_is_said(mixed, tmp_path):
    study, _ = mixed
    run(study, tmp_path / "out", "--identified", "--csv")
    files = list(csv.DictReader((tmp_path / "out" / "files.csv").read_text(encoding="utf-8").splitlines()))

    assert {row["participant"] for row in files} == {"desk0", "desk1", "desk2", "sent", "traced", "filmed", "cut"}
    assert {row["file"] for row in files} >= {"desk2/broken.db", "filmed/2026-03-02T0900.mp4", "sent/visit1/export.json"}
    assert [row["date"] for row in rows(tmp_path / "out", "days") if row["participant"] == "desk0"] == [
        "2026-03-02",
        "2026-03-03",
    ]
    assert not (tmp_path / "out.key").exists()


def test_days_begin_when_the_participants_do(tmp_path):
    late = bouts_of([(SIT, 600)], nine() + 14 * 3600)  # from eleven at night to nine in the morning
    history(tmp_path / "study" / "night" / "history.db", [late])
    days = {}
    for begins, zone in (("00:00", "Europe/Berlin"), ("12:00", "Europe/Berlin"), ("04:00", "America/New_York")):
        table = tmp_path / "people.csv"
        table.write_text(f"id,zone,begins_at,start\nnight,{zone},{begins},{MONDAY}\n")
        out = tmp_path / zone[-4:] / begins[:2]
        run(tmp_path / "study", out, "--participants", table)
        days[begins] = [(row["study_day"], row["sitting_s"] / 3600) for row in rows(out, "days")]

    # In New York it is 17:00 to 03:00.
    assert days == {"00:00": [(1, 1), (2, 9)], "12:00": [(1, 10)], "04:00": [(1, 10)]}


def test_a_day_counts_from_the_hours_that_were_asked_for(tmp_path):
    history(
        tmp_path / "study" / "p" / "history.db", [bouts_of([(SIT, 300)], nine()), bouts_of([(SIT, 60), (AWAY, 500)], nine(1))]
    )
    valid = {}
    for hours in ("0", "1", "4", "6"):
        run(tmp_path / "study", tmp_path / hours, "--valid-hours", hours)
        valid[hours] = (rows(tmp_path / hours, "participants")[0]["valid_days"], json.loads(
            (tmp_path / hours / "manifest.json").read_text())["settings"]["valid_day_h"])  # fmt: skip

    assert valid == {"0": (2, 0), "1": (2, 1), "4": (1, 4), "6": (0, 6)}


# --- groups, questions, report -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """Nine people in two groups of five and four, one day each."""
    place = tmp_path_factory.mktemp("grouped")
    table = people(place / "study", 9, 1)
    output = run(place / "study", place / "out", "--participants", table)
    return place, table, output


def test_no_group_of_fewer_than_five_is_told(grouped):
    place, _, output = grouped
    done("cohort", "report", place / "out")
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    lines = [line for line in output.splitlines() if " to " in line and "%" in line]

    assert len(lines) >= 5
    assert all(line.endswith(")") for line in lines)  # no column of the small group
    assert "Withheld as a whole: b." in output
    assert "Withheld as a whole: b." in page
    assert "Valid days (seen for 4 h or longer)" in output
    assert page.count("<tr>") > 9


def test_one_participant_is_no_group_and_nothing_is_withheld(tmp_path):
    history(tmp_path / "study" / "p" / "history.db", [bouts_of(phases(random.Random(3), 600), nine())])  # noqa: S311
    output = run(tmp_path / "study", tmp_path / "out")
    done("cohort", "report", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")

    assert "withheld" not in output + page
    assert "sitting" in page


def test_a_question_reads_the_tables_and_no_other_file(grouped):
    place, table, _ = grouped
    asked = ("cohort", "query", place / "out")

    assert done(*asked, "select count(*) as n from participants", "--csv").split() == ["n", "9"]
    for question in (
        f"from read_csv('{table}')",
        "copy participants to '/tmp/stolen.csv'",
        "install httpfs",
        "set enable_external_access = true",
        "select nonsense",
    ):
        refused(call(*asked, question), "cannot be answered")


# --- everywhere the same -----------------------------------------------------------------------------------------


def test_shards_and_resumed_halves_give_the_very_same_tables(mixed, alone, tmp_path):
    study, key = mixed
    for part in (2, 3, 1):
        run(study, tmp_path / "out", "--shard", f"{part}/3", "--key", key)
    assert not (tmp_path / "out" / "manifest.json").exists()
    run(study, tmp_path / "out", "--resume", "--key", key)
    results = sorted((tmp_path / "out.work").iterdir())
    for result in results[::2]:
        result.unlink()
    left = {path: path.stat().st_mtime_ns for path in results[1::2]}
    run(study, tmp_path / "out", "--resume", "--key", key)

    assert tables(tmp_path / "out") == tables(alone)
    assert {path: path.stat().st_mtime_ns for path in left} == left
    assert len(results) == len(list((tmp_path / "out.work").iterdir()))


@pytest.mark.slow
def test_every_runner_gives_the_very_same_tables(mixed, alone, tmp_path):
    study, key = mixed
    different = []
    for runner, workers in (("processes", 2), ("processes", 4), ("dask", 2)):
        out = tmp_path / runner / str(workers)
        done("cohort", study, "--out", out, "--key", key, "--runner", runner, "--workers", workers)
        different += [] if tables(out) == tables(alone) else [(runner, workers)]

    assert different == []


# --- faults ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """Six traces that take some seconds each, their key, and the tables of one undisturbed process."""
    place = tmp_path_factory.mktemp("long")
    for n in range(6):
        trace(place / "study" / f"p{n}" / "day.jsonl.gz", f"sit {31 + n}min, stand 6min, sit 40min", 1.0)
    (place / "key").write_text("cd" * 32)
    run(place / "study", place / "alone", "--key", place / "key")
    return place


def workers_of(process):
    """The processes under it that work jobs through."""
    below = psutil.Process(process.pid).children(recursive=True)
    return [one for one in below if one.is_running() and "spawn_main" in " ".join(one.cmdline())]


def kill_a_worker(going):
    """Kill the worker that has worked most."""
    max(workers_of(going), key=lambda one: one.cpu_times().user).kill()


@pytest.mark.slow
def test_whatever_is_killed_nothing_is_lost_and_nothing_twice(long, tmp_path):
    faults = {
        "processes": (kill_a_worker, 0),
        "dask": (kill_a_worker, 0),
        "local": (lambda going: going.tell(signal.SIGKILL), -signal.SIGKILL),  # the run itself, which is then gone on with
    }
    wrong = {}
    for runner, (kill, code) in faults.items():
        out = tmp_path / runner / "out"
        out.parent.mkdir()
        how = ("cohort", "run", long / "study", "--out", out, "--key", long / "key", "--runner", runner, "--workers", "2")
        going = Started(tmp_path, *how)
        wait_for(lambda out=out: list(out.with_name("out.work").glob("*.gz")), "a first result")
        kill(going)
        ended = going.outcome()
        if code:
            refused(call(*how), "--resume")
            done(*how, "--resume")
        if ended.code != code or "left out:" in ended.err or tables(out) != tables(long / "alone") or list(out.rglob("*.part")):
            wrong[runner] = ended

    assert wrong == {}


@pytest.mark.slow
def test_a_scheduler_that_is_started_again_is_given_the_rest(long, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    begun = []

    def cluster():
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env, "cwd": tmp_path}
        roles = (
            ("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"),
            ("worker", address, "--nthreads", "1", "--no-dashboard"),
        )
        begun[:] = [
            subprocess.Popen([sys.executable, "-m", f"distributed.cli.dask_{role}", *how], **quiet) for role, *how in roles
        ]

    def end():
        for process in begun:
            for one in (*psutil.Process(process.pid).children(recursive=True), process):
                one.kill()
            process.wait()

    cluster()
    try:
        where = ("--scheduler", address, "--key", long / "key")
        going = Started(tmp_path, "cohort", "run", long / "study", "--out", tmp_path / "out", *where)
        wait_for(lambda: list((tmp_path / "out.work").glob("*.gz")), "a first result")
        end()
        cluster()
        ended = going.outcome()
    finally:
        end()

    assert ended.code == 0, ended.err
    assert tables(tmp_path / "out") == tables(long / "alone")


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files stands in for a full disk")
def test_a_full_disk_is_one_line_and_what_was_done_stays(mixed, tmp_path, monkeypatch):
    study, key = mixed
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # no half compiled module either
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    how = ("cohort", "run", study, "--out", tmp_path / "out", "--key", key, "--runner", "local", "--resume")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    outcomes = []
    for size in (500, 9000):  # no result finds room; then results do, and a table does not
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            outcomes.append(call(*how))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    for outcome in outcomes:
        refused(replace(outcome, err=last_line(outcome)), "cannot be written", "--resume")
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "out" / "manifest.json").exists()
    done(*how)


def test_a_file_that_changes_meanwhile_is_refused_by_its_reason(tmp_path):
    path = trace(tmp_path / "p" / "day.jsonl", "sit 20min, stand 5min", 1.0)
    over = threading.Event()
    line = path.read_text().splitlines()[-1]

    def write():
        while not over.is_set():
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
            over.wait(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        outcome = run_job(Job(path, Kind.TRACE, 0.0, None, tmp_path))
    finally:
        over.set()
        writer.join()

    assert (outcome.key, outcome.reason) == (None, "InputChanged")
    assert run_job(Job(path, Kind.TRACE, 0.0, None, tmp_path)).key


def test_reading_a_history_leaves_nothing_beside_it(tmp_path):
    path = history(tmp_path / "p" / "history.db", [bouts_of([(SIT, 60), (STAND, 5), (UNKNOWN, 5)], nine())])
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    run_job(Job(path, Kind.HISTORY, 0.0, None, tmp_path))

    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_what_a_person_can_get_wrong_is_one_line(tmp_path):
    study = tmp_path / "study"
    history(study / "p" / "history.db", [bouts_of([(SIT, 60)], nine())])
    (tmp_path / "empty").mkdir()
    only_broken = tmp_path / "broken" / "p"
    only_broken.mkdir(parents=True)
    (only_broken / "x.jsonl").write_text("nonsense\n")
    bad = {}
    for name, text in (
        ("twice", "id\np\np\n"),
        ("zone", "id,zone\np,Mars/Base\n"),
        ("column", "id,weight\np,80\n"),
        ("no", "x\n"),
    ):
        bad[name] = tmp_path / f"{name}.csv"
        bad[name].write_text(text)
    out = ("--out", tmp_path / "out", "--runner", "local")
    sections = {
        ("run", tmp_path / "nowhere", *out): "there is no folder",
        ("run", tmp_path / "empty", *out): "lies in",
        ("run", tmp_path / "broken", *out): "could be used",
        ("run", study): "--out",
        ("run", study, "--out", study / "results", "--runner", "local"): "inside",
        ("run", study, *out, "--shard", "4/3"): "--shard",
        ("run", study, *out, "--scheduler", "tcp://127.0.0.1:1"): "--runner dask",
        ("run", study, *out, "--participants", bad["twice"]): "twice",
        ("run", study, *out, "--participants", bad["zone"]): "line 2",
        ("run", study, *out, "--participants", bad["column"]): "weight",
        ("run", study, *out, "--participants", bad["no"]): "unknown column",
        ("query", tmp_path / "empty", "select 1"): "no results",
        ("report", tmp_path / "empty"): "no results",
        ("query", tmp_path / "empty"): "cohort query",
    }  # fmt: skip
    wrong = {}
    for words, part in sections.items():
        outcome = call("cohort", *words)
        if outcome.code != 2 or part not in last_line(outcome):
            wrong[words] = outcome

    assert wrong == {}
    assert WORKER_DIED.key is None
    assert BERLIN.key == "Europe/Berlin"
