"""Sessions as they end in life: Ctrl-C, the system that shuts down, a second start, a process that is killed."""

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress

import pytest
from desktop_session import wait_for
from mjpeg import RATE_HZ, jpegs, serving
from program import CLIP, MORNING, Started, call, done, refused

from monitor.adapters.store import History
from monitor.adapters.trace import Trace
from monitor.core.errors import StoreError

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


@pytest.mark.parametrize("step_s", [-7200.0, 6 * 3600.0], ids=["back", "forward"])
def test_a_clock_that_is_set_while_a_camera_is_watched_begins_a_new_session(step_s, tmp_path, monkeypatch):
    # In this process, so that the clock that all of it reads can be set.
    real, step = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + step[0])

    def seen(number):
        with suppress(StoreError), History(tmp_path / "history.db") as history:
            session = history.session(number)
            return session is not None and bool(history.records(session.start, session.start + 86400, number).bouts)
        return False

    def set_the_clock():
        wait_for(lambda: seen(1), "the first session", tries=1200)
        step[0] = step_s
        wait_for(lambda: seen(2), "the second session", tries=1200)
        os.kill(os.getpid(), signal.SIGINT)

    with serving(jpegs()) as camera:
        (setter := threading.Thread(target=set_the_clock, daemon=True)).start()
        outcome = call("run", "--source", camera.url, *AS_IT_COMES, "--data", tmp_path)
        setter.join()
    (first, before), (second, after) = stored(tmp_path, 1), stored(tmp_path, 2)

    assert (outcome.code, outcome.err) == (0, "")
    assert second.start - first.end == pytest.approx(step_s, abs=60)
    assert (first.cut, second.cut) == (False, False)
    for session, records in ((first, before), (second, after)):
        assert all(session.start <= bout.start <= bout.end <= session.end for bout in records.bouts)
