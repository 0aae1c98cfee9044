"""Machine facts: another program that opens the camera, the load, the memory in use."""

import json
import mmap
import subprocess
import sys

import pytest
from program import DEMO, ROOT

from monitor.adapters.camera.device_watch import listen
from monitor.adapters.system.load import Load, load
from monitor.adapters.system.resident_memory import resident_mb
from monitor.core.vocabulary import Reason

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


@linux
def test_another_program_that_opens_the_device_is_heard_once(tmp_path):
    device = tmp_path / "video0"
    device.touch()
    opened_elsewhere = listen(device)

    assert not opened_elsewhere()
    subprocess.run([sys.executable, "-c", "import sys; open(sys.argv[1]).close()", str(device)], check=True)
    assert opened_elsewhere()
    assert not opened_elsewhere()


@linux
def test_what_else_the_kernel_tells_of_the_device_is_no_opening(tmp_path):
    device = tmp_path / "video0"
    device.touch()
    opened_elsewhere = listen(device)
    device.unlink()  # unplugged: the kernel says that its watch has ended

    assert not opened_elsewhere()


@linux
def test_a_device_that_is_not_there_is_never_reported_as_opened(tmp_path):
    assert not listen(tmp_path / "video9")()


def test_a_busy_machine_is_spared_until_it_is_free_again():
    jobs = iter([0.2, 1.6, 1.2, 1.1, 0.9, 1.2])
    load_of_now = Load(lambda: next(jobs))

    assert [load_of_now.strain() for _ in range(6)] == [
        None,
        Reason.MACHINE_BUSY,
        Reason.MACHINE_BUSY,
        Reason.MACHINE_BUSY,
        None,
        None,
    ]


def test_the_load_is_known_or_none():
    assert load() >= 0


def test_memory_that_is_taken_shows():
    before = resident_mb()
    # Pages of its own: what the process freed before might serve a bytearray.
    with mmap.mmap(-1, 50 * 2**20) as taken:
        for at in range(0, len(taken), mmap.PAGESIZE):
            taken[at] = 1
        assert resident_mb() - before == pytest.approx(50, abs=10)


# Thirty pauses of a minute, each of after which the engine is recreated.
PAUSES = """
import json, sys
from pathlib import Path
from monitor.adapters.system.resident_memory import resident_mb
from monitor.app.composition import engine
from monitor.app.home import PoseModelFile
from monitor.core.vocabulary import Engine
from monitor.ports import Frame
import cv2

rgb = cv2.cvtColor(cv2.VideoCapture(sys.argv[2]).read()[1], cv2.COLOR_BGR2RGB)
pose_engine, levels = engine(PoseModelFile(Path(sys.argv[1]), Engine.MEDIAPIPE), 0.2), []
for n in range(33):
    for look in range(2):
        pose_engine.detect(Frame(60.0 * n + 0.2 * look, rgb))
    levels.append(resident_mb())
print(json.dumps(levels))
"""


@linux
@pytest.mark.slow
def test_an_engine_that_is_made_anew_after_every_pause_leaves_nothing_behind(model):
    run = [sys.executable, "-c", PAUSES, str(model), str(DEMO / "demo_sit_tall.mp4")]
    levels = json.loads(subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout)

    assert levels[-1] - levels[2] < 15
