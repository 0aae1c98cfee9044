"""A recorded file has a history of its own, and the person's own has room for it only where nothing else lies."""

import json
import shutil
from pathlib import Path

import pytest
from program import MERE_MORTAL, MOMENT, Started, call, done, refused

from monitor.adapters.store import History
from monitor.app.home import open_home
from monitor.app.recordings import announce, name_of, recording_of, watched_history
from monitor.core.errors import ConfigError

pytestmark = pytest.mark.usefixtures("model")
PLAY = ("run", "--source", MOMENT, "--pace", "fast", "--notify", "none")


def sessions(path):
    with History(path) as history:
        return list(history.records(0.0, 4e9).sessions)


def test_a_recording_leaves_the_persons_own_history_alone_and_is_shown_again(tmp_path):
    page = done(*PLAY, "--start", "2026-03-02T09:00", "--data", tmp_path)
    (name,) = [path.stem for path in (tmp_path / "recordings").glob("*.db")]
    again = json.loads(done("summary", "--recording", name, "--json", "--data", tmp_path))

    assert sessions(tmp_path / "history.db") == []
    assert f"summary --recording {name}" in page
    assert again["period"]["start"].startswith("2026-03-02T09:00")
    assert again["sitting_s"] > 0
    refused(call("summary", "--recording", "other", "--data", tmp_path), "'other'", name)
    refused(call("summary", "--recording", name, "--week", "--data", tmp_path), "--recording")


def test_the_own_history_takes_a_recording_only_where_nothing_else_lies_and_never_in_the_future(tmp_path):
    own = (*PLAY, "--into-history", "--data", tmp_path)
    done(*own, "--start", "2026-03-02T09:00")

    refused(call(*own, "--start", "2026-03-02T09:00:02"), "session 1", "--start")
    refused(call(*own, "--start", "2150-01-01T09:00"), "future", "--start")
    refused(call(*own, "--start", "yesterday"), "'yesterday'", "2026-03-02T09:00")
    done(*own, "--start", "2026-03-02T10:00")
    assert [session.id for session in sessions(tmp_path / "history.db")] == [1, 2]


def test_recordings_of_the_same_time_have_histories_of_their_own(tmp_path):
    """Runs at full speed end now and begin before one another; so do two files of one name."""
    (tmp_path / "other").mkdir()
    other = shutil.copy(MOMENT, tmp_path / "other" / Path(MOMENT).name)
    for file in (MOMENT, MOMENT, other):
        done("run", "--source", file, "--time-scale", 100, *PLAY[3:], "--data", tmp_path)  # minutes in a second
    done(*PLAY, "--start", "2026-03-02T09:00", "--data", tmp_path)
    stem = Path(MOMENT).stem
    found = {path.stem: len(sessions(path)) for path in (tmp_path / "recordings").glob("*.db")}

    assert found == {stem: 2, f"{stem}-2": 1, f"{stem}-3": 1}


def test_a_camera_has_no_start_and_no_other_history(tmp_path):
    for option in (("--into-history",), ("--start", "2026-03-02T09:00")):
        refused(call("run", "--source", 99, *option, "--data", tmp_path), "recorded file")


def test_names_are_files_of_every_system_and_lead_nowhere_else(tmp_path):
    home = open_home(tmp_path)

    names = [name_of(file) for file in ("a/b c.mp4", "../..", "ümlaut?.avi", "-x.mp4", ".hidden", "x" * 300 + ".mp4")]
    assert [recording_of(home, name).parent for name in names] == [tmp_path / "recordings"] * len(names)
    for name in ("", "../history", "a/b", ".hidden", "x" * 300, "a\n"):
        with pytest.raises(ConfigError):
            recording_of(home, name)


def test_who_asks_looks_where_the_monitor_writes(tmp_path):
    home = open_home(tmp_path)
    own, recording = tmp_path / "history.db", recording_of(home, "clip")
    announce(home, recording)

    assert watched_history(home) == own  # nothing is written there yet
    recording.touch()
    assert watched_history(home) == recording
    announce(home, None)
    assert watched_history(home) == own


def test_a_folder_of_recordings_that_may_not_be_read_is_told_in_a_line(tmp_path):
    (tmp_path / "data" / "recordings").mkdir(parents=True, mode=0o700)
    (tmp_path / "data" / "recordings").chmod(0)

    refused(
        Started(tmp_path, "summary", "--recording", "x", "--data", tmp_path / "data", before=MERE_MORTAL).outcome(), "recordings"
    )
