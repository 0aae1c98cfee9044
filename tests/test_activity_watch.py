"""ActivityWatch on this computer is told what counts, in order, whenever it listens; nobody else is told anything."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from desktop_session import wait_for
from program import MOMENT
from system_calls import traced

from monitor.adapters.activity_watch import WAITING, ActivityWatch, Heartbeat
from monitor.config.fields import loopback
from monitor.run.activity_watch import PULSE_S, ActivityWatchSink
from monitor.testing import MORNING, scene
from monitor.testing.scenes import replay

SITTING, STANDING = ({"status": state, "certainty": "seen"} for state in ("sitting", "standing"))
# Set before any thread: nothing here may ask a proxy.
PROXY = {"http_proxy": "http://203.0.113.1:9", "HTTP_PROXY": "http://203.0.113.1:9"}


class Server(ThreadingHTTPServer):
    """Answers as aw-server does: 404 for a heartbeat to a bucket that was not made, and joins heartbeats to events."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.buckets, self.heard, self.events = {}, [], []

    def take(self, body, pulse_s):
        at = datetime.fromisoformat(body["timestamp"]).timestamp()
        self.heard.append((body, pulse_s))
        last = self.events[-1] if self.events else None
        if last and last[2] == body["data"] and last[0] <= at <= last[1] + pulse_s:
            last[1] = max(last[1], at)
        else:
            self.events.append([at, at, body["data"]])


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name, _, beat = self.path.removeprefix("/api/0/buckets/").partition("/heartbeat?pulsetime=")
        known = name in self.server.buckets
        if beat and known:
            self.server.take(body, float(beat))
        elif not beat:
            self.server.buckets[name] = body
        self.send_response(200 if known or not beat else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object):
        pass


@contextmanager
def serving(port=0):
    with Server(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class RecordedHeartbeats(list):
    def tell(self, heartbeat):
        self.append(heartbeat)

    def close(self):
        pass


def day_of(hours):
    """A heartbeat every ten seconds; every twenty minutes another state, and a minute of nothing once an hour."""
    words = (SITTING, STANDING, SITTING)
    return [Heartbeat(MORNING + 3600 * h + 10 * n, words[n // 120], PULSE_S) for h in range(hours) for n in range(360) if n < 354]


def events_of(beats):
    """The events that a server makes of heartbeats which it heard at once."""
    made = Server(0)
    made.server_close()
    for beat in beats:
        made.take({"timestamp": datetime.fromtimestamp(beat.t, UTC).isoformat(), "data": beat.data}, beat.pulse_s)
    return made.events


def test_what_was_not_told_outlives_a_restart_of_the_server_and_of_the_monitor(tmp_path):
    port, beats = free_port(), day_of(6)
    heard, names, kept = [], set(), tmp_path / WAITING
    for number, part in enumerate((beats[:700], beats[700:1100], beats[1100:])):
        # Each part is another monitor; nobody listens to the first, and the last is told while the server is there.
        with serving(port) if number else nullcontext() as server:
            with ActivityWatch(loopback(f"http://localhost:{port}"), tmp_path, retry_s=0.05) as watch:
                for beat in part:
                    watch.tell(beat)
                if server:
                    wait_for(
                        lambda server=server, end=part[-1].t: server.events and server.events[-1][1] == end, "the last of it"
                    )
                else:
                    wait_for(kept.exists, "the file of what waits")
                    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
            heard += server.events if server else []
            names |= {*server.buckets} if server else set()
        assert kept.exists() is (number == 0)
    joined = events_of(beats)
    # The server of the second part began with nothing, and so did that of the third: there the event is in two.
    cut = next(n for n, (start, end, _) in enumerate(joined) if start <= beats[1099].t <= end)

    assert heard[:cut] == joined[:cut]
    assert [heard[cut][0], heard[cut + 1][1]] == joined[cut][:2]
    assert heard[cut + 2 :] == joined[cut + 1 :]
    assert names == {watch.bucket}


def test_what_waits_has_bounds_and_a_damaged_file_holds_nothing(tmp_path):
    port, kept = free_port(), tmp_path / WAITING
    good = {"t": MORNING, "data": SITTING, "pulse_s": PULSE_S, "until": None}
    for damaged in ("", "[", "[3]", "{}", "[[[[", json.dumps([good | {"t": -1}]), json.dumps([good | {"data": {"a": 1}}]),
                    json.dumps([good | {"other": 1}]), '[{"t": NaN}]', json.dumps([good | {"until": MORNING - 9}])):  # fmt: skip
        kept.write_text(damaged)
        ActivityWatch(loopback(f"127.0.0.1:{port}"), tmp_path).close()
        assert not kept.exists(), damaged
    with ActivityWatch(loopback(f"127.0.0.1:{port}"), tmp_path) as watch:
        for n in range(5000):  # one a minute: too far apart to be one event
            watch.tell(Heartbeat(MORNING + 60 * n, SITTING, PULSE_S))
    assert len(json.loads(kept.read_text())) == 2000
    assert kept.stat().st_size < 1 << 19
    later = MORNING + 30 * 86400
    with ActivityWatch(loopback(f"127.0.0.1:{port}"), tmp_path) as watch:
        watch.tell(Heartbeat(later, SITTING, PULSE_S))
    assert [row["t"] for row in json.loads(kept.read_text())] == [later]


def test_a_heartbeat_tells_two_words_when_they_change_and_every_ten_seconds():
    heard = RecordedHeartbeats()
    sink = ActivityWatchSink(heard)
    for step in replay(scene("sit 60s, stand 60s, dark 40s")):
        sink.write(None, step)
    changes = [b.data for a, b in zip([None, *heard], heard, strict=False) if a is None or a.data != b.data]

    assert [data["status"] for data in changes] == ["sitting", "standing", "unknown"]
    assert [data["certainty"] for data in changes] == ["seen", "seen", "unknown"]
    assert all(b.t - a.t <= 10.5 for a, b in pairwise(heard))
    assert {tuple(beat.data) for beat in heard} == {("status", "certainty")}


def test_a_session_connects_to_loopback_alone(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with serving() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        (data / "settings.toml").write_text(f'activitywatch = true\nactivitywatch_address = "{address}"\n')
        asked = ("--source", MOMENT, "--time-scale", "100", "--into-history", "--pace", "fast", "--notify", "none")
        seen = traced(tmp_path, "run", *asked, "--data", data, DBUS_SESSION_BUS_ADDRESS="", **PROXY)
        statuses = [event["data"]["status"] for event, _ in server.heard]

    connected = {one.arguments for one in seen.calls if one.name == "connect"}
    assert "sitting" in statuses
    assert seen.families() == {"AF_INET"}
    assert [to for to in connected if 'inet_addr("127.0.0.1")' not in to or f"htons({server.server_port})" not in to] == []


@pytest.mark.slow
def test_a_real_server_joins_the_heartbeats_to_events(tmp_path):
    place, port = tmp_path / "venv", free_port()
    python = place / "bin" / "python"
    uv = (sys.executable, "-m", "uv")
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, place], check=True)
    subprocess.run([*uv, "pip", "install", "-q", "--python", python, "aw-server"], check=True)
    home = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [place / "bin" / "aw-server", "--testing", "--port", str(port), "--storage", "memory"]
    with ActivityWatch(loopback(f"127.0.0.1:{port}"), tmp_path, retry_s=0.2) as watch:
        for n in range(12):
            watch.tell(Heartbeat(MORNING + 10 * n, SITTING if n < 8 else STANDING, PULSE_S))
        server = subprocess.Popen(command, env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(
                lambda: len(events(port, watch.bucket)) == 2 and events(port, watch.bucket)[0]["duration"] == 30, "all events"
            )
            found = events(port, watch.bucket)
        finally:
            server.terminate()
            server.wait()

    assert [(event["data"], event["duration"]) for event in found] == [(STANDING, 30.0), (SITTING, 70.0)]


def events(port, bucket):
    """What a server has in a bucket, the newest first; nothing while it is not there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", f"/api/0/buckets/{bucket}/events")
        answer = connection.getresponse()
        found = json.loads(answer.read())
    except OSError:
        return []
    finally:
        connection.close()
    return found if answer.status == 200 else []
