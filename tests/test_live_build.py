"""How the camera is used: as the person says, and of its own accord sparingly on battery."""

import pytest

from monitor.config import CameraSettings
from monitor.core.camera.arbitration import STEADY, DutyCycle
from monitor.core.vocabulary import Reason
from monitor.live.build import duty_of


@pytest.mark.parametrize(
    ("mode", "strain", "expected"),
    [
        ("auto", None, STEADY),
        ("auto", Reason.MACHINE_BUSY, STEADY),
        ("auto", Reason.BATTERY, DutyCycle(20.0)),
        ("steady", Reason.BATTERY, STEADY),
        ("interval", None, DutyCycle(20.0)),
    ],
)
def test_the_camera_is_open_all_the_time_unless_the_person_or_the_battery_says_otherwise(mode, strain, expected):
    assert duty_of(CameraSettings(mode=mode, interval_s=20.0), strain) == expected
