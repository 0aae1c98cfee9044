"""Sessions as they end in life: Ctrl-C, the system that shuts down, a second start, a process that is killed."""

import json
import signal
import subprocess
import sys
from functools import partial

import pytest
from desktop_session import PATIENCE_S, wait_for
from mjpeg import RATE_HZ, jpegs, serving
from program import CLIP, MOMENT, MORNING, ROOT, SITTING, Started, call, done, refused

from monitor.adapters.store import History
from monitor.adapters.trace import Trace
from monitor.core.errors import StoreError
from monitor.core.vocabulary import Reason

pytestmark = [
    pytest.mark.usefixtures("model"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals"),
]
AS_IT_COMES = ("--pace", "real", "--notify", "none")


def stored(folder, number):
    with History(folder / "history.db") as history:
        session = history.session(number)
        return session, history.records(session.start, session.end, number)


def test_ctrl_c_ends_a_session_with_its_summary(tmp_path):
    started = Started(tmp_path, "run", *MORNING, "--into-history", *AS_IT_COMES, "--data", tmp_path)
    started.await_word(SITTING)
    started.tell(signal.SIGINT)
    outcome = started.outcome()
    session, _ = stored(tmp_path, 1)

    assert outcome.code == 0
    assert "Session 1, " in outcome.out
    assert outcome.err == ""
    assert (session.end is not None, session.cut) == (True, False)


def test_a_network_camera_is_watched_by_one_monitor_at_a_time_until_the_system_ends_it(tmp_path):
    with serving(jpegs()) as camera:
        started = Started(tmp_path, "run", "--source", camera.url, *AS_IT_COMES, "--data", tmp_path)
        started.await_word(SITTING)
        # One picture has no length; on a busy machine the next ones take a while.
        enough = camera.served + 3 * RATE_HZ
        wait_for(lambda: camera.served >= enough, "three seconds of pictures")
        status = json.loads(done("status", "--json", "--data", tmp_path))
        refused(call("run", "--source", CLIP, "--pace", "fast", "--data", tmp_path), f"process {started.pid}", str(tmp_path))
        started.tell(signal.SIGTERM)
        outcome = started.outcome()
    session, records = stored(tmp_path, 1)

    assert (status["running"], status["process"], status["state"]) == (True, started.pid, "sitting")
    assert (outcome.code, session.cut) == (0, False)
    assert "Session 1, " in outcome.out
    assert outcome.err == ""
    # Sitting becomes a bout after ten seconds; what came before is why there was no picture yet.
    assert (records.bouts[0].start, records.bouts[-1].end) == (session.start, session.end)
    assert {(bout.activity, bout.why) for bout in records.bouts} <= {("sitting", None), ("unknown", Reason.CAMERA_STARTING)}
    assert session.source == camera.url
    assert json.loads(done("status", "--json", "--data", tmp_path))["running"] is False


def test_a_killed_session_loses_at_most_ten_seconds_and_is_closed_by_the_next_start(tmp_path):
    trace = tmp_path / "trace.jsonl"
    # As fast as it goes: a machine too slow for a camera's pace would leave most of the scenario out.
    started = Started(
        tmp_path, "run", *MORNING, "--pace", "fast", "--into-history", "--notify", "none", "--trace", trace, "--data", tmp_path
    )
    started.await_word(f"{SITTING} 10 min")
    started.tell(signal.SIGKILL)
    assert started.outcome().code == -signal.SIGKILL

    page = done(
        "run",
        "--source",
        MOMENT,
        "--pace",
        "fast",
        "--into-history",
        "--start",
        "2026-03-02T09:00",
        "--notify",
        "none",
        "--data",
        tmp_path,
    )
    session, records = stored(tmp_path, 1)
    last_seen = max(obs.t for obs in Trace(trace))

    assert "Session 2, " in page
    assert session.cut
    assert last_seen - session.end <= 10
    assert records.bouts[-1].end == session.end
    assert session.end - session.start >= 600
    assert "stopped unexpectedly" in done("summary", "--session", 1, "--data", tmp_path)


# As if somebody set the clock of the machine: so far ahead (s) as a file says.
SET_CLOCK = """
import runpy, sys, time
from pathlib import Path
real, ahead = time.time, Path(sys.argv.pop(1))
time.time = lambda: real() + float(ahead.read_text())
sys.argv[0] = "run_monitor.py"
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.slow
def test_a_clock_that_is_set_forward_and_back_begins_a_new_session_each_time(tmp_path):
    ahead, log = tmp_path / "ahead", tmp_path / "log"
    ahead.write_text("0")
    with serving(jpegs()) as camera, log.open("w") as out:
        command = [sys.executable, "-c", SET_CLOCK, str(ahead), "run", "--source", camera.url, *AS_IT_COMES]
        process = subprocess.Popen([*command, "--data", str(tmp_path)], cwd=ROOT, stdout=out, stderr=out)
        try:
            for number, seconds in ((1, "7200"), (2, "0"), (3, "0")):
                wait_for(partial(has_seen, tmp_path, number), f"session {number}")
                (tmp_path / "next").write_text(seconds)
                (tmp_path / "next").replace(ahead)
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=PATIENCE_S)
        finally:
            process.kill()
    sessions = [stored(tmp_path, number) for number in (1, 2, 3)]
    first, second, third = (session.start for session, _ in sessions)

    assert code == 0, log.read_text()
    assert not any(session.cut for session, _ in sessions)
    assert (second - first > 7000, second - third > 7000) == (True, True)
    assert all(0 <= bout.seconds < 600 for _, records in sessions for bout in records.bouts)


def has_seen(folder, number):
    """Whether that session runs and has a bout."""
    try:
        with History(folder / "history.db") as history:
            session = history.session()
            return session is not None and session.id == number and bool(history.records(0.0, 1e11, number).bouts)
    except StoreError:  # it is being made
        return False
