"""Starts, stops and kills that meet one another: a tenth of what tests/benchmarks/races.py does."""

import sys

import pytest
from benchmarks.races import races

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("model"),
    pytest.mark.skipif(sys.platform != "linux", reason="/proc tells who watches"),
]


def test_two_starts_a_stop_and_a_kill_in_any_order_leave_no_second_monitor_and_none_that_cannot_be_stopped():
    assert races(20, seed=5) == []
