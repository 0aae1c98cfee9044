"""Two people on one machine, and one of them with sudo: each monitor is its owner's, and what is another's is said in a line."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from program import ROOT, Outcome, call, done, refused
from test_start_stop import long_clip  # noqa: F401  (a fixture)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="users of another kind")
# Where a superuser runs the tests, these two may read everything, the interpreter too, but write only what is theirs; elsewhere
# both are whoever runs the tests.
SUPERUSER = sys.platform == "linux" and os.geteuid() == 0
UIDS = (65001, 65002)
READS_ALL = ("--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
ANN, BOB = (("setpriv", f"--reuid={uid}", f"--regid={uid}", *READS_ALL) if SUPERUSER else () for uid in UIDS)


@pytest.fixture
def folders():
    """Ann's and Bob's data folders, which everybody may look into; no monitor of them outlives the test."""
    with TemporaryDirectory() as common:
        Path(common).chmod(0o755)
        made = Path(common) / "ann", Path(common) / "bob"
        for folder, uid in zip(made, UIDS, strict=True):
            folder.mkdir(0o755)
            (folder / "settings.toml").write_text("tray = false\n")
            if SUPERUSER:
                os.chown(folder, uid, uid)
        yield made
        for folder in made:
            call("stop", "--data", folder)


def by(user: tuple[str, ...], words: str, folder: Path) -> Outcome:
    """The outcome of a command of that user's."""
    command = [*user, sys.executable, str(ROOT / "run_monitor.py"), *words.split(), "--data", str(folder)]
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": ""}
    ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment, check=False)
    return Outcome(ended.returncode, ended.stdout, ended.stderr)


def running(user: tuple[str, ...], folder: Path) -> bool:
    return json.loads(by(user, "status --json", folder).out)["running"]


def test_each_has_a_monitor_and_nobody_ends_the_others(folders, long_clip):  # noqa: F811
    ann, bob = folders
    start = f"start --source {long_clip} --notify none"
    with ThreadPoolExecutor(2) as pool:
        begun = [*pool.map(by, (ANN, BOB), (start, start), folders)]
    assert [one.err.partition(" (")[0] for one in begun] == ["Watching", "Watching"]

    if SUPERUSER:
        for words in ("stop", "status", start, "data delete --yes"):
            refused(by(BOB, words, ann), str(ann))
    assert by(BOB, "stop", bob).err.startswith("Stopped (process")
    assert (running(ANN, ann), running(BOB, bob)) == (True, False)

    refused(call(*start.split(), "--data", ann), "already running")
    assert call("stop", "--data", ann).err.startswith("Stopped (process")


@pytest.mark.skipif(not SUPERUSER, reason="there is nobody to be by sudo")
def test_a_monitor_that_was_started_by_sudo_in_ones_folder_is_ones_own_to_stop(folders, long_clip):  # noqa: F811
    ann, _ = folders
    done("start", "--source", long_clip, "--notify", "none", "--data", ann)

    assert running(ANN, ann)
    assert by(ANN, "stop", ann).err.startswith("Stopped (process")
    assert {path.name for path in ann.rglob("*") if path.stat().st_uid != UIDS[0]} <= {"settings.toml"}
