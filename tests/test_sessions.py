"""Sessions as they end in life: Ctrl-C, the system that shuts down, a second start, a process that is killed."""

import json
import signal
import sys

import pytest
from desktop_session import wait_for
from mjpeg import RATE_HZ, jpegs, serving
from program import CLIP, MORNING, Started, call, done, refused

from monitor.adapters.store import History
from monitor.adapters.trace import Trace

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
    started = Started(tmp_path, "run", *MORNING, *AS_IT_COMES, "--data", tmp_path)
    started.await_word("sitting")
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
        started.await_word("sitting")
        # One picture has no length; on a busy machine the next ones take a while.
        enough = camera.served + 5 * RATE_HZ
        wait_for(lambda: camera.served >= enough, "five seconds of pictures", tries=400)
        told = json.loads(done("status", "--json", "--data", tmp_path))
        refused(call("run", "--source", CLIP, "--pace", "fast", "--data", tmp_path), f"process {started.pid}", str(tmp_path))
        started.tell(signal.SIGTERM)
        outcome = started.outcome()
    session, records = stored(tmp_path, 1)

    assert (told["running"], told["process"]) == (True, started.pid)
    assert (outcome.code, session.cut) == (0, False)
    assert "Session 1, " in outcome.out
    assert outcome.err == ""
    assert [bout.activity for bout in records.bouts] == ["sitting"]
    assert session.source == camera.url
    assert json.loads(done("status", "--json", "--data", tmp_path))["running"] is False


def test_a_killed_session_loses_at_most_ten_seconds_and_is_closed_by_the_next_start(tmp_path):
    trace = tmp_path / "trace.jsonl"
    started = Started(tmp_path, "run", *MORNING, *AS_IT_COMES, "--trace", trace, "--data", tmp_path)
    started.await_word("sitting 10 min")
    started.tell(signal.SIGKILL)
    assert started.outcome().code == -signal.SIGKILL

    page = done("run", "--source", CLIP, "--pace", "fast", "--notify", "none", "--data", tmp_path)
    session, records = stored(tmp_path, 1)
    last_seen = max(obs.t for obs in Trace(trace))

    assert "Session 2, " in page
    assert session.cut
    assert last_seen - session.end <= 10
    assert records.bouts[-1].end == session.end
    assert session.end - session.start >= 600
    assert "ended without a goodbye" in done("summary", "--session", 1, "--data", tmp_path)
