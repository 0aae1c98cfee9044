"""One monitor a folder, found whatever became of its files."""

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
from program import ROOT

from monitor.adapters.system.lock import LOCK, NOTE, ask_to_end, folder_lock, holder, label, withdraw
from monitor.core.errors import StoreError

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a removed file open")
HOLD = """
import sys, time
from pathlib import Path
from monitor.adapters.system.lock import folder_lock
with folder_lock(Path(sys.argv[1]), "mine"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds ``tmp_path / "data"``."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "data")], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_the_holder_is_named_with_its_label_and_keeps_others_away(other, tmp_path):
    data = tmp_path / "data"

    assert (holder(data), label(data)) == (other.pid, "mine")
    with pytest.raises(StoreError, match=rf"process {other.pid}"), folder_lock(data):
        pass
    other.kill()
    other.wait()
    assert (holder(data), label(data)) == (None, None)


@linux
def test_it_is_found_when_its_note_or_all_of_its_folder_is_gone_and_somebody_made_the_folder_again(other, tmp_path):
    data = tmp_path / "data"
    (data / NOTE).unlink()
    found = [holder(data)]
    shutil.rmtree(data)
    found.append(holder(data))
    data.mkdir()
    (data / LOCK).touch()
    found.append(holder(data))

    assert found == [other.pid] * 3


@linux
def test_what_a_killed_monitor_left_is_nobody_even_while_many_ask_at_once(other, tmp_path):
    data = tmp_path / "data"
    other.send_signal(signal.SIGKILL)
    other.wait()
    found = []
    asking = [threading.Thread(target=lambda: found.extend(holder(data) for _ in range(20))) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()

    assert set(found) == {None}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_a_folder_that_is_removed_is_taken_again_and_is_lost_only_to_another(tmp_path):
    data = tmp_path / "data"
    with folder_lock(data) as held:
        shutil.rmtree(data)
        assert not held.lost()
        assert (data / NOTE).read_text().startswith(f"{os.getpid()}\n")
        shutil.rmtree(data)
        with folder_lock(data) as another:
            assert held.lost()
            assert not another.lost()


def test_a_word_to_end_waits_for_one_that_only_begins_and_can_be_taken_back(tmp_path):
    data = tmp_path / "data"
    ask_to_end(data)
    assert not data.exists()
    data.mkdir()
    ask_to_end(data)
    with folder_lock(data) as held:
        assert held.asked_to_end()
        withdraw(data)
        assert not held.asked_to_end()
    assert data.stat().st_mode & 0o777 or sys.platform == "win32"
    assert {path.stat().st_mode & 0o777 for path in data.iterdir()} <= {0o600}
