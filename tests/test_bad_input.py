"""Whatever cannot be used is told in one line that names it and says what to do; what was stored stays as it was."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path

import cv2
import pytest
from program import CLIP, MERE_MORTAL, MOMENT, ROOT, TEN_MINUTES, Started, call, done, refused

from monitor.adapters.store import CommandQueue, History, Store, post
from monitor.config import load
from monitor.core.errors import ConfigError
from monitor.core.reminders.commands import Command, CommandKind, Mark

pytestmark = pytest.mark.usefixtures("model")
GOLDEN = ROOT / "tests" / "golden"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions and limits")


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("[camera]\ndevise = 1", ("'camera.devise'", "did you mean 'device'?")),
        ("[reminders.sat_to_long]\nsoft_min = 5.0", ("'reminders.sat_to_long'", "'sat_too_long'")),
        ("[signals.head_tlt]\ntolerance = 5.0", ("'signals.head_tlt'", "'head_tilt'")),
        ("notify = 3", ("notify = 3", "'console'")),
        ('[camera]\nrate_hz = "fast"', ("camera.rate_hz = 'fast'", "number")),
        ("[camera]\nrate_hz = -5.0", ("camera.rate_hz = -5.0", "greater than 0")),
        ("[screen]\ndistance_cm = nan", ("screen.distance_cm = nan",)),
        ("[signals.head_tilt]\ntolerance = -6.0", ("signals.head_tilt.tolerance = -6.0", "greater than 0")),
        ("[reminders.posture_held]\nshare = 1.5", ("share (1.5)", "at most 1")),
        ("[reminders.sat_too_long]\nsoft_min = 60.0\nfirm_min = 30.0", ("soft_min (60) must be less than firm_min (30)",)),
        ('[silence]\nquiet_from = "22:00"', ("quiet_from and quiet_to belong together", '"07:00"')),
        ('[silence]\nquiet_from = "25:00"\nquiet_to = "07:00"', ("silence.quiet_from = '25:00'",)),
        ('[silence]\nworking_days = ["moon"]', ("working_days", "'moon'", "'mon'")),
        ("[silence]\nworking_days = []", ("working_days",)),
        ("camera = [", ("TOML",)),
        ("\x00", ("TOML",)),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_with_its_file(settings, words, tmp_path):
    (tmp_path / "settings.toml").write_text(settings)

    refused(call("settings", "--data", tmp_path), str(tmp_path / "settings.toml"), *words)
    refused(call("run", "--source", CLIP, "--data", tmp_path), *words)


@pytest.mark.parametrize(
    ("wrong", "mending", "stored"),
    [
        ('activitywatch_address = "http://192.168.1.7"', ("settings", "reset", "activitywatch_address"), ""),
        ("[camera]\ntilt = 900", ("settings", "set", "camera.tilt", "-5e-1"), "[camera]\ntilt = -0.5"),
        ('[contacts]\nemergency = "my sister"', ("contacts", "--set", "emergency=112"), '[contacts]\nemergency = "112"'),
    ],
)
def test_a_wrong_value_in_the_file_is_mended_by_the_command_that_sets_it_and_by_no_other(wrong, mending, stored, tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(wrong)

    refused(call("settings", "set", "screen.distance_cm", "60", "--data", tmp_path), str(path))
    assert path.read_text() == wrong
    done(*mending, "--data", tmp_path)
    assert path.read_text().strip() == stored


def test_a_value_below_zero_is_no_option_and_a_mistyped_option_still_is(tmp_path):
    done("settings", "set", "camera.fov", "60", "--data", tmp_path)
    done("settings", "set", "camera.tilt", "-30", "--data", tmp_path)

    assert load(tmp_path / "settings.toml").camera.tilt == -30
    refused(call("settings", "set", "camera.tilt", "5", "--dta", tmp_path), "--dta", "--data")


def test_what_needs_no_settings_does_without_them_and_says_so_in_a_line(tmp_path):
    """Above all a monitor that runs is stopped, and what is kept is shown and deleted."""
    Store(tmp_path / "history.db").close()
    (tmp_path / "settings.toml").write_text("camera = [")
    trace = GOLDEN / "side_dev.jsonl.gz"
    usual = ("status", "stop", "summary", "why", "data", "stage", "check --history", "report", "data delete --yes")
    seen = {words: call(*words.split(), "--data", tmp_path) for words in usual}
    all_of_it = ("run", "start", "contacts", f"replay {trace}")
    needing = {words: call(*words.split(), "--data", tmp_path) for words in all_of_it}
    findings = json.loads(done("doctor", "--json", "--data", tmp_path))

    assert {words: one for words, one in seen.items() if one.code or one.err.count("settings.toml") != 1} == {}
    assert {words: one for words, one in needing.items() if one.code != 2 or one.err.count("\n") != 1} == {}
    assert [one["what"] for one in findings if "settings.toml" in one["text"]] == ["settings"]
    assert not (tmp_path / "history.db").exists()


def test_what_is_sound_is_never_called_damaged(tmp_path, caplog):
    """Every kind of command in its own row: SQLite checks a row before or after it knows whether the row is asked for."""
    path, now = tmp_path / "history.db", time.time()
    Store(path).close()
    lasting = [Command(now - 60, kind, now + 60) for kind in (CommandKind.PAUSE, CommandKind.SNOOZE)]
    for command in (*lasting, *(Command(now, CommandKind.MARK, what=what) for what in Mark), Command(now, CommandKind.RESUME)):
        post(path, command)
    with closing(CommandQueue(path)) as queue:
        queue.take(now)
    asked = ("status", "summary --week", "summary", "why", "data", "report", "checkin --history", "check --history", "stage")
    outcomes = {words: call(*words.split(), "--data", tmp_path) for words in asked}
    outcomes["data export"] = call("data", "export", tmp_path / "copy", "--data", tmp_path)

    assert {words: one for words, one in outcomes.items() if one.code} == {}
    assert [record.getMessage() for record in caplog.records] == []


def test_an_empty_path_is_not_the_folder_that_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (("status", "--data", ""), ("status", "--data="), ("data", "export", ""), ("replay", "")):
        refused(call(*words), "empty")

    assert call("checkin", "--pain", "3", "--note", "", "--data", ".").code == 0
    assert call("redflags", "--data", "").code == 0


def test_settings_are_read_as_editors_save_them_or_it_is_said_how_to_save_them(tmp_path):
    text = '[silence]\r\nquiet_from = 22:00:00\r\nquiet_to = "07:00"\r\n'
    path = tmp_path / "settings.toml"
    read = {}
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"):
        path.write_bytes((text + "# ü\r\n").encode(encoding))
        with suppress(ConfigError):
            silence = load(path).silence
            read[encoding] = (silence.quiet_from, silence.quiet_to)

    assert read == dict.fromkeys(("utf-8", "utf-8-sig", "utf-16", "utf-32"), ("22:00", "07:00"))
    for saved in (text.encode("utf-16-le"), "ü".encode("latin-1"), b"\xff\xfe\x00"):
        path.write_bytes(saved)
        refused(call("settings", "--data", tmp_path), str(path), "TOML")
        refused(call("run", "--data", tmp_path), str(path))


# --- recordings that are none ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """Files that promise more than they hold."""
    folder = tmp_path_factory.mktemp("broken")
    clip = Path(CLIP).read_bytes()
    trace = (GOLDEN / "demo_morning.jsonl.gz").read_bytes()
    (folder / "folder.mp4").mkdir()
    for name, content in {
        "empty.mp4": b"",
        "head.mp4": clip[:3000],
        "cut.mp4": clip[:50000],
        "sound.mp4": _sound(),
        "text.mp4": b"not a video",
        "text.jpg": b"not a picture",
        "text.jsonl": b"not a trace\n",
        "odd.jsonl": b'{"posture_trace": 1, "period_s": 0.2, "source": "x"}\n{"t": 1}\n',
        "back.jsonl": b'{"posture_trace": 1, "period_s": 0.2, "source": "x"}\n{"t": 2, "why": "a"}\n{"t": 1, "why": "a"}\n',
        "garbage.jsonl.gz": b"\x1f\x8b" + b"garbage" * 9,
        "cut.jsonl.gz": trace[: len(trace) // 4],
        "garbage.task": b"garbage",
    }.items():
        (folder / name).write_bytes(content)
    return folder


def _sound() -> bytes:
    """A second of silence, as WAV."""
    data = bytes(16000)
    form = (16).to_bytes(4, "little") + bytes.fromhex("0100 0100 401f0000 803e0000 0200 1000")
    body = b"WAVEfmt " + form + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


NO_VIDEOS = ("empty.mp4", "head.mp4", "sound.mp4", "text.mp4", "folder.mp4", "missing.mp4")


@pytest.mark.parametrize("name", [*NO_VIDEOS, "text.jpg", "text.jsonl", "odd.jsonl", "back.jsonl", "garbage.jsonl.gz"])
def test_a_file_that_cannot_be_analysed_is_told_in_one_line(name, broken, tmp_path):
    refused(call("analyze", "--json", broken / name, "--data", tmp_path), str(broken / name))


@pytest.mark.parametrize("name", [*NO_VIDEOS, "text.jpg"])
def test_a_file_that_cannot_be_watched_is_told_in_one_line_and_leaves_no_session(name, broken, tmp_path):
    refused(call("run", "--source", broken / name, "--pace", "fast", "--data", tmp_path), name)

    assert not (tmp_path / "history.db").exists()


@pytest.mark.parametrize("name", ["text.jsonl", "odd.jsonl", "back.jsonl", "garbage.jsonl.gz", "missing.jsonl"])
def test_a_trace_that_cannot_be_replayed_is_told_in_one_line(name, broken, tmp_path):
    refused(call("replay", broken / name, "--data", tmp_path), str(broken / name))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode text")
def test_a_file_whose_name_is_no_text_is_used_like_any_other(tmp_path, model):
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\x1b[2J")
    clip, picture, task = Path(f"{odd}.mp4"), Path(f"{odd}.jp\udce9"), Path(f"{odd}.task")
    shutil.copy(MOMENT, clip)
    shutil.copy(model, task)
    cv2.imwrite(str(tmp_path / "a.jpg"), cv2.VideoCapture(MOMENT).read()[1])
    (tmp_path / "a.jpg").rename(picture)
    data = ("--data", tmp_path / "data")

    output = done("analyze", clip, picture, "--every", 9, "--annotate", tmp_path / "drawn", *data)
    assert [line.count("caf\\udce9\\x1b[2J") for line in output.splitlines()] == [1, 1]
    assert json.loads(done("analyze", "--json", clip, "--every", 9, *data))["person"]
    assert len(list((tmp_path / "drawn").iterdir())) == 2
    done("calibrate", *("--stage", f"sitting_tall={picture}") * 3, "--yes", *data)
    done("run", "--source", clip, "--pace", "fast", "--into-history", "--notify", "none", "--trace", f"{odd}.jsonl", *data)
    done("replay", f"{odd}.jsonl", *data)
    with History(tmp_path / "data" / "history.db") as history:
        assert history.session(1).source.endswith("caf\\udce9\\x1b[2J.mp4")
    refused(call("check", "--source", clip, *data))
    refused(call("analyze", clip, "--model", task, *data), "caf\\udce9\\x1b[2J.task")


NO_ADDRESSES = (
    *("http://[1", "http://cam:999999/", "http://", "rtsp://cam:0/", "http://ann:secret@", "rtsp://ann:secret@[", "http://c am/"),
    *(
        "file:///etc/passwd",
        "concat://a",
        "foo://ann:secret@cam",
        "http://cam/\x00",
        "http://cam/\udce9",
        "9" * 5000,
        "99999",
        "²",
    ),
    *("x" * 5000, "a\x00b"),
)


def test_what_can_be_no_source_is_refused_before_anything_starts(tmp_path):
    wrong = {}
    for source in NO_ADDRESSES:
        for command in ("run", "calibrate", "check"):
            outcome = call(command, "--source", source, "--data", tmp_path)
            if outcome.code != 2 or outcome.err.count("\n") != 1 or "secret" in outcome.err + outcome.out:
                wrong[command, source[:30]] = outcome

    assert wrong == {}
    assert not (tmp_path / "history.db").exists()


def test_a_file_among_others_that_cannot_be_analysed_does_not_stop_the_others(broken, tmp_path):
    outcome = call("analyze", "--json", broken / "text.jpg", MOMENT, "--every", 9, "--data", tmp_path)

    refused(outcome, "text.jpg")
    assert [json.loads(line)["file"] for line in outcome.out.splitlines()] == [MOMENT]


@pytest.mark.parametrize(
    ("command", "name"),
    [("analyze", "cut.mp4"), ("run --pace fast --into-history --notify none --source", "cut.mp4"), ("replay", "cut.jsonl.gz")],
)
def test_what_can_be_read_of_a_file_that_breaks_off_is_shown_and_kept(command, name, broken, tmp_path):
    outcome = call(*command.split(), broken / name, "--data", tmp_path)

    refused(outcome, name)
    assert "sitting" in outcome.out.lower()
    if command.startswith("run"):
        assert "Session 1" in done("summary", "--session", 1, "--data", tmp_path)


# --- a model, a profile, a camera that cannot be used ------------------------------------------------------------


@pytest.mark.parametrize("model", ["garbage.task", "missing.task"])
def test_a_model_that_is_none_is_told_in_one_line(model, broken, tmp_path):
    (tmp_path / "settings.toml").write_text(f"model = {json.dumps(str(broken / model))}")

    refused(call("analyze", CLIP, "--model", broken / model, "--data", tmp_path / "other"), model)
    refused(call("analyze", CLIP, "--data", tmp_path), model)
    refused(call("run", "--source", CLIP, "--data", tmp_path), model)
    assert not (tmp_path / "history.db").exists()


@pytest.mark.parametrize("content", ["{", '{"version": 2}', "", '{"version": 1, "taken_at": 0, "source": "x", "view": "up"}'])
def test_a_broken_profile_is_refused_with_its_path_and_kept(content, tmp_path):
    path = tmp_path / "profiles" / "default.json"
    path.parent.mkdir()
    path.write_text(content)

    refused(call("run", "--source", CLIP, "--data", tmp_path), str(path), "calibrate")
    refused(call("analyze", "--profile", "default", CLIP, "--data", tmp_path), str(path))
    assert path.read_text() == content


def test_a_profile_that_is_not_there_is_told_with_those_that_are(tmp_path):
    refused(call("run", "--source", CLIP, "--profile", "desk", "--data", tmp_path), "'desk'", "none yet")


def test_without_a_camera_run_points_to_the_demo(tmp_path):
    (tmp_path / "settings.toml").write_text("[camera]\ndevice = 99")

    refused(call("run", "--data", tmp_path), "camera 99", "posture-monitor demo")
    refused(call("run", "--source", 99, "--data", tmp_path), "camera 99")
    refused(call("run", "--source", "No Such Camera", "--data", tmp_path), "No Such Camera")
    refused(call("calibrate", "--source", 99, "--data", tmp_path), "camera 99")
    assert not (tmp_path / "history.db").exists()


def test_no_command_at_all_is_run_with_the_folder_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("POSTURE_MONITOR_DATA", str(tmp_path))
    (tmp_path / "settings.toml").write_text("[camera]\ndevice = 99")

    refused(call(), "camera 99", "posture-monitor demo")
    refused(call("--source", 98), "camera 98")


# --- a history, a folder, a disk that cannot be used -------------------------------------------------------------


def newer(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def damaged(path):
    path.write_bytes(b"not a database" * 1000)


RUN = f"run --source {MOMENT} --pace fast --into-history --notify none"


@pytest.mark.parametrize(
    ("harm", "words", "commands"),
    [(newer, ("newer", "update"), ("summary", "status", RUN)), (damaged, ("damaged", "move it away"), ("summary", "status"))],
)
def test_a_history_that_cannot_be_used_is_told_in_one_line_and_left_as_it_is(harm, words, commands, tmp_path):
    path = tmp_path / "history.db"
    harm(path)
    before = path.read_bytes()

    for command in commands:
        refused(call(*command.split(), "--data", tmp_path), str(path), *words)
    assert path.read_bytes() == before


def test_a_damaged_history_is_set_aside_by_the_next_session_which_begins_a_new_one(tmp_path):
    path = tmp_path / "history.db"
    damaged(path)
    before = path.read_bytes()

    output = done(*RUN.split(), "--data", tmp_path)
    (aside,) = tmp_path.glob("history.damaged-*.db")

    assert output.count("The history was damaged") == 1
    assert str(aside) in output
    assert aside.read_bytes() == before
    assert "Session 1" in done("summary", "--session", 1, "--data", tmp_path)
    assert "damaged" not in done(*RUN.split(), "--start", "2026-03-02T09:00", "--data", tmp_path)


@pytest.mark.parametrize("command", ["status", "summary", "doctor", "demo", f"run --source {CLIP}", f"analyze {CLIP}"])
def test_a_file_in_the_place_of_the_data_folder_is_told_in_one_line(command, tmp_path):
    (tmp_path / "taken").write_text("mine")

    refused(call(*command.split(), "--data", tmp_path / "taken"), str(tmp_path / "taken"))
    assert (tmp_path / "taken").read_text() == "mine"


@posix
@pytest.mark.parametrize(
    "command",
    [
        ("run", "--source", CLIP, "--pace", "fast", "--notify", "none"),
        ("calibrate", "--stage", f"sitting_tall={CLIP}"),
        ("demo",),
    ],
    ids=lambda command: command[0],
)
def test_a_data_folder_that_may_not_be_written_is_told_in_one_line(command, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)

    refused(Started(tmp_path, *command, "--data", folder, before=MERE_MORTAL).outcome(), str(folder), "Permission denied")


@posix
def test_a_disk_that_stays_full_stops_nothing_but_the_writing_and_loses_nothing_that_was_stored(tmp_path):
    data = tmp_path / "data"
    done(*RUN.split(), "--start", "2026-03-02T09:00", "--data", data)
    before = done("summary", "--session", 1, "--data", data)
    # No file may grow beyond 128 kB, which the history's log wants to within a minute.
    no_room = ("bash", "-c", 'ulimit -f 128; exec env PYTHONDONTWRITEBYTECODE=1 "$@"', "bash")

    outcome = Started(
        tmp_path,
        "run",
        "--source",
        MOMENT,
        "--time-scale",
        100,
        "--pace",
        "fast",
        "--into-history",
        "--notify",
        "none",
        "--data",
        data,
        before=no_room,
    ).outcome()

    refused(outcome, "history.db", "disk", "is not in it")
    assert outcome.out.count("The monitor goes on") == 1
    # It saw the minutes to their end.
    assert re.search(r"the last [23] min is not in it", outcome.err)
    assert done("summary", "--session", 1, "--data", data) == before
    with History(data / "history.db") as history:
        cut = history.session(2)
        kept = history.records(cut.start, cut.start + 86400, 2)
    assert [bout.activity for bout in kept.bouts] == ["sitting"]
    assert kept.bouts[0].seconds >= 10
    assert "Session 3" in done(*RUN.split(), "--start", "2026-03-02T10:00", "--data", data)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of a running process is changed")
def test_a_disk_that_has_room_again_gets_all_that_was_seen_meanwhile(tmp_path):
    import resource

    data = tmp_path / "data"
    no_room = ("bash", "-c", 'ulimit -S -f 128; exec env PYTHONDONTWRITEBYTECODE=1 "$@"', "bash")

    # At the pace of a camera: the room comes back while there is still something to see.
    started = Started(tmp_path, "run", *TEN_MINUTES, "--into-history", "--notify", "none", "--data", data, before=no_room)
    started.await_word("The monitor goes on")
    resource.prlimit(started.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    outcome = started.outcome()
    with History(data / "history.db") as history:
        session = history.session(1)
        bouts = history.records(session.start, session.end, 1).bouts

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.count("is written again") == 1
    # Every second is there.
    assert not session.cut
    assert (bouts[0].start, bouts[-1].end) == (session.start, session.end)
    assert all(a.end == b.start for a, b in pairwise(bouts))
    assert session.end - session.start >= 8 * 60


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux and some BSDs have a full disk at hand")
def test_a_log_on_a_full_disk_costs_its_lines_and_nothing_else(tmp_path):
    (tmp_path / "settings.toml").write_text("[reminders.sat_too_long]\nsoft_min = 0.02\nfirm_min = 9.0\n")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, str(ROOT / "run_monitor.py"), *RUN.replace("none", "console").split()]
        code = subprocess.run([*command, "--data", str(tmp_path)], stdout=full, stderr=full, check=False).returncode

    assert code == 0
    with History(tmp_path / "history.db") as history:
        session = history.session(1)
        assert session.end - session.start > 2
        assert [one.shown for one in history.records(session.start, session.end).reminders] == ["console"]


@posix
def test_a_trace_that_finds_no_room_ends_in_one_line(tmp_path):
    no_room = ("bash", "-c", 'ulimit -f 40; exec env PYTHONDONTWRITEBYTECODE=1 "$@"', "bash")
    trace = tmp_path / "trace.jsonl"

    outcome = Started(tmp_path, "replay", GOLDEN / "side_dev.jsonl.gz", "--data", tmp_path, before=no_room).outcome()
    refused(outcome, "disk")
    trace.write_text("mine")
    refused(call("run", "--source", CLIP, "--pace", "fast", "--trace", trace, "--data", tmp_path), str(trace), "overwritten")
    assert trace.read_text() == "mine"


# --- pipes ---------------------------------------------------------------------------------------------------------
