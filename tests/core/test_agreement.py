"""What looks at one picture in several sizes agree on."""

from dataclasses import replace

import numpy as np
from bodies import poses
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.agreement import agreed
from monitor.core.body.landmarks import L
from monitor.testing import SIT

MEASURED = SIT.pose()
KNEES = [L.LEFT_KNEE, L.RIGHT_KNEE]


def look(knee_seen: float, turn_deg: float, right: float = 0.0):
    """A look in which the knees are so likely, and everything lies so far to the right."""
    likely = MEASURED.visibility.copy()
    likely[KNEES] = knee_seen
    return replace(MEASURED, xy=MEASURED.xy + np.array([right, 0.0]), visibility=likely, turn_deg=turn_deg)


@given(poses())
def test_looks_that_agree_change_nothing(pose):
    assert agreed(pose, [pose] * 3) == pose


@given(st.permutations([0, 1, 2]), st.floats(0.0, 1.0), st.floats(-90.0, 90.0))
def test_one_look_alone_moves_neither_view_nor_legs(order, likely, turn_deg):
    looks = [look(0.9, 70.0), look(0.9, 70.0), look(likely, turn_deg, right=0.05)]
    pose = agreed(MEASURED, [looks[i] for i in order])

    assert pose.turn_deg == 70.0
    assert pose.visibility[KNEES].tolist() == [0.9, 0.9]
    assert np.array_equal(pose.xy, MEASURED.xy)


def test_who_is_not_the_same_body_in_every_look_stays_as_measured():
    assert agreed(MEASURED, [look(0.1, 20.0), look(0.1, 20.0), look(0.1, 20.0, right=0.6)]) is MEASURED
