"""A camera's password: found where it is kept, and never seen where others look."""

import json
import os
from pathlib import Path

import keyring
import psutil
import pytest
from desktop_session import wait_for
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from mjpeg import jpegs, serving
from program import call, done

from monitor.app.camera_source import PASSWORD_VARIABLE, address_of
from monitor.app.home import HISTORY

SECRET = "hunter/2?@:"  # noqa: S105
QUOTED = "hunter%2F2%3F%40%3A"


class Store(KeyringBackend):
    """A store of passwords that knows one, or is locked."""

    priority = 1
    locked = False

    def get_password(self, service, username):
        if self.locked:
            raise KeyringLocked
        return "stored" if (service, username) == ("posture-monitor", "ann@cam") else None

    def set_password(self, *_words: str):
        raise AssertionError


@pytest.fixture
def store():
    before = keyring.get_keyring()
    keyring.set_keyring(own := Store())
    yield own
    keyring.set_keyring(before)


def test_a_password_comes_from_the_variable_else_the_store_else_the_settings(store, monkeypatch):
    address = "rtsp://ann@cam:554/live"
    monkeypatch.setenv(PASSWORD_VARIABLE, SECRET)
    found = [address_of(address, "set")]
    monkeypatch.delenv(PASSWORD_VARIABLE)
    found.append(address_of(address, "set"))
    store.locked = True
    found += [address_of(address, "set"), address_of(address, None), address_of("rtsp://ann:own@cam", "set")]
    found.append(address_of("rtsp://cam/a@b", "set"))

    passwords = [f"rtsp://ann:{word}@cam:554/live" for word in (QUOTED, "stored", "set")]
    assert found == [*passwords, address, "rtsp://ann:own@cam", "rtsp://cam/a@b"]


def test_a_password_in_an_address_is_seen_nowhere(tmp_path, monkeypatch, model):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.setenv("POSTURE_MONITOR_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text("tray = false\n")
    with serving(jpegs()) as camera:
        address = camera.url.replace("http://", f"http://ann:{QUOTED}@") + f"?key={QUOTED}"
        seen = [call("start", "--source", address, "--notify", "none").err]
        status = json.loads(done("status", "--json"))
        process = psutil.Process(status["process"])
        seen += [" ".join(process.cmdline()), done("status"), json.dumps(status), done("doctor"), done("why")]
        wait_for(lambda: json.loads(done("status", "--json"))["running"], "the monitor")
        seen += [done("data", "export", tmp_path / "copy"), call("stop").err, done("summary", "--session", 0)]
    refused = call("run", "--source", address.replace("http", "nothing"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert status["source"].startswith("http://ann:***@")
    assert any(path.name == HISTORY for path in files)
    assert [text for text in [*seen, refused.err] if "hunter" in text] == []
    assert [path for path in files if b"hunter" in path.read_bytes()] == []
    assert not any("hunter" in " ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"]))
    assert os.environ.get(PASSWORD_VARIABLE) is None
    assert Path(tmp_path / "copy").is_dir()
