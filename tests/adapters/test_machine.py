"""What the machine tells: a knock at the camera, a battery, the memory in use."""

import subprocess
import sys

import pytest

from monitor.adapters.knocks import listen
from monitor.adapters.memory import resident_mb
from monitor.adapters.strain import BATTERY, load, on_battery, strain

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


@linux
def test_another_program_that_opens_the_device_is_heard_once(tmp_path):
    device = tmp_path / "video0"
    device.touch()
    knocked = listen(device)

    assert not knocked()
    subprocess.run([sys.executable, "-c", "import sys; open(sys.argv[1]).close()", str(device)], check=True)
    assert knocked()
    assert not knocked()


@linux
def test_a_device_that_is_not_there_knocks_at_nobody(tmp_path):
    assert not listen(tmp_path / "video9")()


def supply(folder, facts):
    folder.mkdir(parents=True)
    for name, text in facts.items():
        (folder / name).write_text(f"{text}\n")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"type": "Battery", "status": "Discharging"}, True),
        ({"type": "Battery", "status": "Charging"}, False),
        ({"type": "Battery", "status": "Full"}, False),
        ({"type": "Battery", "status": "Discharging", "scope": "Device"}, False),
        ({"type": "Mains", "online": "0"}, False),
    ],
)
def test_only_a_battery_of_the_machines_own_that_is_being_emptied_counts(tmp_path, facts, expected):
    supply(tmp_path / "one", facts)

    assert on_battery(tmp_path) is expected
    assert (strain(tmp_path) == BATTERY) is expected


def test_a_machine_that_tells_nothing_is_under_no_battery(tmp_path):
    assert not on_battery(tmp_path / "nothing")
    assert load() >= 0


@linux
def test_memory_that_is_taken_shows():
    before = resident_mb()
    taken = bytearray(50 * 2**20)
    taken[::4096] = b"x" * len(taken[::4096])

    assert resident_mb() - before == pytest.approx(50, abs=10)
