"""What the page on privacy says, shown by the system itself: what was opened, written, started and connected to."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from desktop_session import need
from morning import lived_through
from program import DEMO, MOMENT, MORNING, ROOT, Started, done
from system_calls import Traced, namespace, refused, traced, traced_program

from monitor.app.engines import PACKAGES, PINNED
from monitor.app.files import WRITTEN, belonging_of, found
from monitor.app.home import Home
from monitor.app.privacy import facts
from monitor.config import Settings, folders
from monitor.core.data_dictionary import KEPT, NEVER_KEPT
from monitor.core.vocabulary import Engine

pytestmark = [
    pytest.mark.usefixtures("model"),
    pytest.mark.skipif(sys.platform != "linux", reason="system calls are traced on Linux"),
]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
# Memory, and nothing: neither is a file that stays.
NO_FILES = ("/dev/null", "/dev/tty", "/dev/shm", "/proc/", "/memfd:", "anon_inode", "pipe:", "socket:")  # noqa: S108
PICTURES = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".mp4", ".avi", ".mkv", ".mov",
            ".webm", ".mjpg", ".mjpeg", ".yuv", ".rgb", ".raw", ".npy", ".npz"}  # fmt: skip
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"P5\n", b"P6\n", b"\x1aE\xdf\xa3",
              b"\x93NUMPY", b"--frame")  # fmt: skip
# Python itself, what shows a notification, and what Python's search for a sound library asks (MediaPipe brings one, which nobody
# of us calls).
PROGRAMS = {"dbus-send", "busctl", "gdbus", "notify-send", "ldconfig", "ldconfig.real", "sh", "dash", "gcc", "cc", "collect2",
            "ld", "ld.bfd", "ld.gold", "objdump"}  # fmt: skip


def home_at(data):
    return Home(folders(data), Settings())


def shown_to_be_private(seen: Traced, data: Path, *ours: Path) -> None:
    """All that is promised, whatever the command; ``ours`` are the files that it was told to write."""
    home = home_at(data)
    written = {path for path in seen.written() if not str(path).startswith(NO_FILES)}
    strange = {path for path in written if belonging_of(home, path) is None and not path.is_dir() and path not in ours}

    assert strange == set()
    assert {path for path in written if path.suffix.lower() in PICTURES} == set()
    assert [text for text in seen.beginnings() if text.startswith(BEGINNINGS) or text[4:8] == b"ftyp"] == []
    assert list(seen.temporary.iterdir()) == []
    # A compiler may go by the name of its machine: x86_64-linux-gnu-ld.
    assert {name.rpartition("linux-gnu-")[2] for name in seen.programs() if not name.startswith("python")} <= PROGRAMS
    assert {str(path) for path in seen.opened() if str(path).startswith(("/dev/video", "/dev/snd"))} == set()
    assert not any(one.name == "io_uring_setup" for one in seen.calls)
    # What is there now is on the page, for its owner only.
    left = {path for path in data.rglob("*") if not path.is_dir()}
    assert left - set(ours) == {one.path for one in found(home) if data in one.path.parents} - set(ours)
    assert {one.mode for one in found(home, personal_only=True)} <= {"-rw-------"}


def notifying_session(folder: Path, dunst, *source: object, buttons: bool) -> None:
    """A session that has a reminder to show opens no socket but the desktop's, and writes only what the page lists."""
    need("notify-send")
    data, trace = folder / "data", folder / "trace.jsonl"
    data.mkdir()
    (data / "settings.toml").write_text(f"buttons = {str(buttons).lower()}\n[reminders.sat_too_long]\nsoft_min = 1.0\n")

    seen = traced(folder, "run", *source, "--pace", "fast", "--notify", "desktop", "--trace", trace, "--data", data)

    assert "Session 1" in seen.out
    assert [one["appname"] for one in dunst.shown()] != []
    assert seen.families() <= {"AF_UNIX"}
    assert ("notify-send" in seen.programs()) is not buttons
    assert trace in seen.written()
    assert data / "history.db" in seen.written()
    shown_to_be_private(seen, data, trace)


@pytest.mark.parametrize("buttons", [True, False])
def test_a_session_that_notifies_opens_no_internet_socket_and_writes_only_what_the_page_lists(buttons, dunst, tmp_path):
    notifying_session(tmp_path, dunst, "--source", MOMENT, "--time-scale", 100, buttons=buttons)


@pytest.mark.slow
def test_nor_does_a_whole_morning(dunst, tmp_path):
    notifying_session(tmp_path, dunst, *MORNING, buttons=True)


def test_the_other_engine_opens_no_socket_either_and_writes_no_model(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "settings.toml").write_text('engine = "litert"\n')

    seen = traced(tmp_path, "analyze", "--json", MOMENT, "--data", data, DBUS_SESSION_BUS_ADDRESS="")

    assert '"person": true' in seen.out
    assert seen.families() == set()
    shown_to_be_private(seen, data)
    assert not any("mediapipe" in str(path) for path in seen.opened())


@pytest.mark.parametrize(
    "command",
    [
        f"analyze --json {MOMENT}",
        "calibrate " + 3 * "--stage sitting_tall={picture} " + "--yes",
        f"check --source {DEMO / 'demo_stand.mp4'}",
        "checkin --pain 3 --where low_back",
        "stage --none",
        "doctor",
    ],
    ids=lambda command: command.split()[0],
)
def test_a_command_opens_no_socket_at_all(command, tmp_path):
    picture = tmp_path / "me.png"
    cv2.imwrite(str(picture), cv2.VideoCapture(MOMENT).read()[1])
    seen = traced(tmp_path, *command.format(picture=picture).split(), "--data", tmp_path / "data", DBUS_SESSION_BUS_ADDRESS="")

    assert seen.families() == set()
    shown_to_be_private(seen, tmp_path / "data")


def test_the_trace_would_see_a_socket_a_picture_and_a_file_of_ours(tmp_path):
    script = tmp_path / "leak.py"
    script.write_text(
        "import socket, threading\n"
        "threading.Thread(target=lambda: socket.socket(socket.AF_INET).close()).start()\n"
        f"open({str(tmp_path / 'a.jpg')!r}, 'wb').write(b'\\xff\\xd8\\xff')\n"
    )

    seen = traced_program(tmp_path, str(script))

    assert seen.families() == {"AF_INET"}
    assert tmp_path / "a.jpg" in seen.written()
    assert b"\xff\xd8\xff" in seen.beginnings()


# --- no network at all -------------------------------------------------------------------------------------------


WAYS = ("a network of its own, empty", "every socket refused")


@pytest.mark.slow
def test_without_any_network_the_demo_is_the_same(morning, tmp_path):
    usual, different = (morning.printed(), 0, "", morning.summary()), {}
    for number, way in enumerate(WAYS):
        without = lived_through(tmp_path / f"morning{number}", cut(way))
        found = (without.printed(), without.outcome.code, without.outcome.err, without.summary())
        different |= {way: found} if found != usual else {}

    assert different == {}


@pytest.mark.parametrize("way", WAYS)
def test_without_any_network_a_clip_is_seen_the_same(way, tmp_path):
    asked = ("analyze", "--json", MOMENT, "--every", 1, "--data", tmp_path)
    outcome = Started(tmp_path, *asked, before=cut(way)).outcome()

    assert (outcome.out, outcome.code, outcome.err) == (done(*asked), 0, "")


def cut(way):
    """What runs a command without a network, in that way or, where the system does not allow it, in the other."""
    return (namespace() if way.startswith("a network") else ()) or refused()


def test_the_ways_to_cut_the_network_do_cut_it(tmp_path):
    script = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=5)"
    for before in {namespace() or refused(), refused()}:
        ended = subprocess.run([*before, sys.executable, "-c", script], capture_output=True, text=True, check=False)

        assert "Network is unreachable" in ended.stderr


# --- the page ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """The folder of a monitor that ran once."""
    folder = tmp_path_factory.mktemp("used")
    done("run", "--source", MOMENT, "--pace", "fast", "--notify", "none", "--data", folder)
    return folder


def test_the_page_fits_eighty_columns_and_names_every_file_field_and_promise(used):
    page = done("doctor", "--privacy", "--data", used)
    lines = page.splitlines()
    one_line = " ".join(page.split())

    # A path may be longer; nothing else is.
    assert [line for line in lines if len(line) > 80 and not line.startswith("  /")] == []
    assert [kind.pattern for kind in WRITTEN if kind.pattern.replace("*", "") not in page and "*" not in kind.pattern] == []
    assert [kind.what for kind in WRITTEN if kind.what not in one_line] == []
    assert [f.what for table in KEPT.values() for f in (table, *table.fields.values()) if f.what not in one_line] == []
    assert [thing for thing in NEVER_KEPT if thing not in one_line] == []
    assert f"mediapipe {PINNED[Engine.MEDIAPIPE]}, as pinned" in one_line
    assert "-rw-------" in page
    for command in ("data export DIR", "data delete"):
        assert command in page


def test_the_page_for_programs_says_the_same(used):
    report = json.loads(done("doctor", "--privacy", "--json", "--data", used))
    files = {file["path"]: file for file in report["files"]}
    history = files[str(used / "history.db")]

    assert report["engine"]["installed"] == report["engine"]["pinned"] == PINNED[Engine.MEDIAPIPE]
    assert report["engine"]["ok"] is True
    assert (history["mode"], history["bytes"]) == ("-rw-------", (used / "history.db").stat().st_size)
    assert files[str(used / "traces.txt")]["mode"] is None
    assert {name: list(table["fields"]) for name, table in report["tables"].items()} == {
        name: list(table.fields) for name, table in KEPT.items()
    }


def test_the_engine_that_is_installed_is_the_one_that_the_project_pins(tmp_path):
    assert facts(home_at(tmp_path)).engine_ok
    assert [f"{PACKAGES[e]}=={PINNED[e]}" for e in Engine if f'"{PACKAGES[e]}=={PINNED[e]}' not in PYPROJECT] == []


def test_another_engine_is_told():
    from dataclasses import replace

    from monitor.reports.privacy import privacy_lines

    page = "\n".join(privacy_lines(replace(facts(home_at(None)), engine="0.10.35", engine_ok=False)))

    assert "NOT the pinned" in page
    assert f"pip install mediapipe=={PINNED[Engine.MEDIAPIPE]}" in " ".join(page.split())


def test_doctor_says_how_long_records_are_kept(tmp_path):
    assert "730 days" in done("doctor", "--data", tmp_path)
    (tmp_path / "settings.toml").write_text("[data]\nkeep_days = 0\n")
    assert "until you delete them" in done("doctor", "--data", tmp_path)
