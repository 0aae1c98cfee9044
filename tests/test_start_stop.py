"""A monitor in the background, with real pictures and a real model: started, told what to do, asked, and stopped."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

import cv2
import psutil
import pytest
from desktop_session import wait_for
from program import DEMO, SITTING, Started, call, done, refused

from monitor.adapters.system.lock import holder
from monitor.adapters.system.processes import LOG_BYTES, command
from monitor.adapters.trace import Trace
from monitor.app import queries
from monitor.app.home import open_home
from monitor.app.recordings import open_recording
from monitor.core.body.pose import Observation
from monitor.core.reminders.commands import Command
from monitor.core.vocabulary import Reason
from monitor.testing import replay

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory, model):
    """Somebody who sits for five minutes, two pictures a second, small; the pose model is there before the clock runs."""
    path = str(tmp_path_factory.mktemp("clip") / "sits.mp4")
    video = cv2.VideoCapture(str(DEMO / "demo_sit_tall.mp4"))
    frames = [cv2.resize(video.read()[1], (480, 270)) for _ in range(20)]
    out = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"mp4v"), 2.0, (480, 270))
    for frame in islice(cycle(frames), 600):
        out.write(frame)
    out.release()
    return path


@pytest.fixture
def running(long_clip, tmp_path, monkeypatch):
    """The data folder of a monitor that runs in the background."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.setenv("POSTURE_MONITOR_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text("tray = false\n")
    started = call("start", "--source", long_clip, "--notify", "none")
    assert (started.code, started.out) == (0, "")
    yield tmp_path / "data"
    call("stop")
    assert holder(tmp_path / "data") is None


def status():
    return json.loads(done("status", "--json"))


def orders(folder):
    with closing(sqlite3.connect(folder / "history.db")) as db:
        return db.execute("SELECT kind, until IS NOT NULL, what, taken - t FROM commands ORDER BY id").fetchall()


def test_it_is_started_told_and_stopped_without_a_window(running, long_clip):
    now = status()
    assert (now["running"], now["paused_until"], now["silent"]) == (True, None, None)
    refused(call("start"), f"a monitor is already running (process {now['process']})")
    refused(call("run", "--source", long_clip, "--notify", "none"), f"another monitor (process {now['process']})")

    home = open_home(running)
    wait_for(lambda: queries.live_state(home, looking=True), "the first thing seen")
    seen = queries.live_state(home, looking=True)
    wait_for(lambda: queries.live_state(home, looking=True).t - seen.t > 2, "the live state while somebody looks")
    assert (seen.state, seen.silent, seen.notifier) == ("sitting", None, "none")
    assert "of 30 min" in done("why", "--all")
    modes = {path.name: path.stat().st_mode & 0o077 for path in running.glob("monitor.*")}
    assert {name: mode for name, mode in modes.items() if mode and name != "monitor.lock"} == {}
    assert "monitor.pid" in modes

    assert done("pause", "30m").startswith("Paused until ")
    wait_for(lambda: status()["silent"] == Reason.PAUSED, "the pause")
    wait_for(lambda: queries.live_state(home, looking=True).silent == Reason.PAUSED, "the pause in the live state")
    assert "Paused until" in done("status")
    assert "Paused until" in done("why")
    assert re.match("No reminders until (tomorrow )?06:00", done("snooze", "until", "tomorrow"))  # after midnight it is today
    done("mark", "standing")
    done("mark", "break")
    done("resume")
    wait_for(lambda: status()["silent"] is None, "the end of the pause")

    with (running / "monitor.log").open("ab", buffering=0) as log:  # as a library of its process may for days
        # In one write: what is written after the log was emptied stays there.
        log.write("".join(f"camera: error {number}\n" for number in range(100_000)).encode())
    wait_for(lambda: (running / "monitor.log").stat().st_size < 10_000, "the log to be emptied")
    old = (running / "monitor.old").read_text()
    assert old.endswith("camera: error 99999\n")
    assert len(old) <= LOG_BYTES

    assert done("why") == "No reminder has come yet.\nNothing keeps reminders back now.\n"
    kept = orders(running)
    assert [row[:3] for row in kept] == [
        ("pause", 1, None), ("snooze", 1, None), ("mark", 0, "standing"), ("mark", 0, "break"), ("resume", 0, None),
    ]  # fmt: skip
    stopped = call("stop")
    assert (stopped.code, stopped.err) == (0, f"Stopped (process {now['process']}).\n")
    assert call("stop").err == "No monitor is running.\n"
    wait_for(lambda: "Session 1" in (running / "monitor.log").read_text(), "the summary in the log")


def test_what_is_typed_wrong_or_has_nobody_to_hear_it_is_one_line(tmp_path):
    for words in ("pause yesterday", "pause until 25:00", "snooze 0m", "snooze 9 days"):
        refused(call(*words.split(), "--data", tmp_path), "give a length such as 30m")
    refused(call("mark", "lying", "--data", tmp_path), "'lying'", "standing")
    for words in ("pause", "resume", "snooze 10m", "mark break"):
        refused(call(*words.split(), "--data", tmp_path), "no monitor is running", "posture-monitor start")
    refused(call("why", "--data", tmp_path), "nothing has been recorded yet")
    assert {path.name for path in tmp_path.iterdir()} <= {"monitor.lock"}


def test_files_of_the_folder_where_it_is_started_do_not_stand_in_for_modules(tmp_path):
    (tmp_path / "random.py").write_text("raise SystemExit('not the one of Python')\n")

    assert subprocess.run(command("redflags"), cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_a_start_that_fails_says_why_and_leaves_nothing_running(tmp_path, model):
    failed = call("start", "--source", tmp_path / "none.mp4", "--data", tmp_path)

    refused(failed, "there is no file", "none.mp4")
    assert holder(tmp_path) is None


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells who has a removed folder open")
def test_a_monitor_whose_folder_was_removed_is_known_keeps_a_second_one_away_and_can_be_stopped(running, long_clip):
    process = status()["process"]
    shutil.rmtree(running)

    refused(call("start", "--source", long_clip, "--notify", "none"), f"process {process}")
    stopped = call("stop")
    assert (stopped.code, stopped.err) == (0, f"Stopped (process {process}).\n")
    # It was this process's child, which nobody waits for.
    wait_for(lambda: psutil.Process(process).status() == psutil.STATUS_ZOMBIE, "its end")


@posix
@pytest.mark.slow
def test_a_monitor_that_hangs_and_a_history_that_is_locked_do_not_keep_stop_from_ending_it(running, monkeypatch):
    process = status()["process"]
    with closing(sqlite3.connect(running / "history.db")) as db:
        db.execute("BEGIN EXCLUSIVE")
        os.kill(process, signal.SIGSTOP)
        assert call("stop").err == f"Stopped (process {process}).\n"


@posix
def test_a_monitor_that_does_not_answer_obeys_when_it_wakes_and_its_pause_outlives_a_kill(running, long_clip):
    process = status()["process"]
    os.kill(process, signal.SIGSTOP)
    refused(call("pause", "1h"), f"process {process}", "has not taken the order yet")
    os.kill(process, signal.SIGCONT)
    wait_for(lambda: status()["silent"] == Reason.PAUSED, "the pause that it was told")
    os.kill(process, signal.SIGKILL)
    wait_for(lambda: not status()["running"], "the end")

    assert status()["paused_until"] is None
    again = call("start", "--source", long_clip, "--notify", "none")
    assert "A pause holds until" in again.err
    wait_for(lambda: status()["silent"] == Reason.PAUSED, "the pause")


def test_a_trace_with_orders_replays_to_the_same_steps(long_clip, tmp_path, monkeypatch):
    """Recorded by the real loop while orders came in, then read again."""
    monkeypatch.setenv("POSTURE_MONITOR_DATA", str(tmp_path / "data"))
    trace = tmp_path / "day.jsonl"
    run = Started(tmp_path, "run", "--source", long_clip, "--notify", "none", "--trace", trace)
    run.await_word(SITTING)
    done("pause", "30m")
    done("mark", "break")
    done("resume")
    wait_for(lambda: queries.hold(open_home(tmp_path / "data"), time.time()).marked_break, "the marked break")
    assert "You marked a break" in done("status")
    done("stop")
    assert run.outcome().code == 0

    seen = list(Trace(trace))
    heard = [event for event in seen if isinstance(event, Command)]
    assert [event.kind for event in heard] == ["pause", "mark", "resume"]
    with open_recording(open_home(tmp_path / "data"), Path(long_clip).stem) as history:  # the queue is in another history
        bouts = history.records(seen[0].t, seen[-1].t).bouts
    assert [bout.start for bout in bouts if bout.why == Reason.MARKED_BREAK] == [heard[1].t]
    paused = [obs for obs in seen if isinstance(obs, Observation) and heard[0].t <= obs.t < heard[2].t]
    assert paused
    assert {(obs.pose, obs.why) for obs in paused} == {(None, Reason.PAUSED)}
    steps = replay(seen)
    assert [step.silent for step in steps] == [Reason.PAUSED if heard[0].t <= step.t < heard[2].t else None for step in steps]
    assert done("replay", trace, "--notify", "none").startswith("Not calibrated")


def test_a_button_on_the_desktop_is_an_order_to_the_monitor(dunst, long_clip, tmp_path, monkeypatch):
    monkeypatch.setenv("POSTURE_MONITOR_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text("tray = false\n[reminders.sat_too_long]\nsoft_min = 0.05\nfirm_min = 9.0\n")
    assert call("start", "--source", long_clip, "--notify", "desktop").code == 0

    wait_for(lambda: dunst.count() == 1, "the reminder")
    assert status()["notifications"] == queries.live_state(open_home(tmp_path / "data")).notifier  # not what would be used here
    dunst.press("I moved")
    wait_for(lambda: bool(orders(tmp_path / "data")) and orders(tmp_path / "data")[0][3] is not None, "the order")

    def answered():
        last = json.loads(done("why", "--json"))["last_reminder"]
        return last["responded"] is True and last["shown"] == "desktop"

    wait_for(answered, "the answer")
    assert orders(tmp_path / "data")[0][:3] == ("mark", 0, "break")
    assert "A change followed after" in done("why")
    assert call("stop").code == 0
