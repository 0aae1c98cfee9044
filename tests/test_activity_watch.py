"""ActivityWatch on this computer is told what counts, in order, whenever it listens; nobody else is told anything."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from desktop_session import wait_for
from program import CLIP, call, refused
from system_calls import traced

from monitor.adapters.activity_watch import ActivityWatch, Heartbeat
from monitor.run.activity_watch import PULSE_S, ActivityWatchSink
from monitor.testing import MORNING, scene
from monitor.testing.scenes import replay

SITTING, STANDING = ({"status": state, "certainty": "seen"} for state in ("sitting", "standing"))
# Set before any thread: nothing here may ask a proxy.
PROXY = {"http_proxy": "http://203.0.113.1:9", "HTTP_PROXY": "http://203.0.113.1:9"}


class Server(ThreadingHTTPServer):
    """Answers as aw-server does: 404 for a heartbeat to a bucket that was not made, and keeps what it heard."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.buckets, self.heard = {}, []


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name, _, beat = self.path.removeprefix("/api/0/buckets/").partition("/heartbeat?pulsetime=")
        known = name in self.server.buckets
        if beat and known:
            self.server.heard.append((body, float(beat)))
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


class Heard(list):
    def tell(self, heartbeat):
        self.append(heartbeat)

    def close(self):
        pass


def test_heartbeats_wait_for_the_server_and_survive_its_restart_in_order():
    port = free_port()
    beats = [Heartbeat(MORNING + 10 * n, SITTING if n < 5 else STANDING, PULSE_S) for n in range(9)]
    with ActivityWatch(f"http://localhost:{port}", retry_s=0.05) as watch:
        heard = []
        for part in (beats[:4], beats[4:]):
            for beat in part:
                watch.tell(beat)
            with serving(port) as server:  # it was away, and begins with nothing
                wait_for(lambda part=part, server=server: len(server.heard) == len(part), "all heartbeats")
                heard += server.heard
                made = server.buckets

    assert [event["data"] for event, _ in heard] == [beat.data for beat in beats]
    assert [event["timestamp"] for event, _ in heard] == sorted(event["timestamp"] for event, _ in heard)
    assert {pulse for _, pulse in heard} == {PULSE_S}
    assert made == {watch.bucket: {"client": "aw-watcher-posture", "type": "posture", "hostname": socket.gethostname()}}


def test_a_heartbeat_tells_two_words_when_they_change_and_every_ten_seconds():
    heard = Heard()
    sink = ActivityWatchSink(heard)
    for step in replay(scene("sit 60s, stand 60s, dark 40s")):
        sink.write(None, step)
    changes = [b.data for a, b in zip([None, *heard], heard, strict=False) if a is None or a.data != b.data]

    assert [data["status"] for data in changes] == ["sitting", "standing", "unknown"]
    assert [data["certainty"] for data in changes] == ["seen", "seen", "unknown"]
    assert all(b.t - a.t <= 10.5 for a, b in pairwise(heard))
    assert {tuple(beat.data) for beat in heard} == {("status", "certainty")}


def test_another_computer_is_refused(tmp_path):
    for address in (
        "http://192.168.1.7:5600",
        "https://127.0.0.1:5600",
        "http://127.0.0.1.example.test",
        "http://[::2]",
        "tcp://x",
    ):
        (tmp_path / "settings.toml").write_text(f'activitywatch = true\nactivitywatch_address = "{address}"\n')
        outcome = call("run", "--source", CLIP, "--into-history", "--pace", "fast", "--notify", "none", "--data", tmp_path)
        refused(outcome, "not on this computer")


def test_a_session_connects_to_loopback_alone(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with serving() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        (data / "settings.toml").write_text(f'activitywatch = true\nactivitywatch_address = "{address}"\n')
        asked = ("--source", CLIP, "--time-scale", "100", "--into-history", "--pace", "fast", "--notify", "none")
        seen = traced(tmp_path, "run", *asked, "--data", data, DBUS_SESSION_BUS_ADDRESS="", **PROXY)
        told = [event["data"]["status"] for event, _ in server.heard]

    connected = {one.arguments for one in seen.calls if one.name == "connect"}
    assert "sitting" in told
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
    with ActivityWatch(f"127.0.0.1:{port}", retry_s=0.2) as watch:
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
