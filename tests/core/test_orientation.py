"""Which way is up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.orientation import turn_needed
from monitor.core.body.pose import Observation, Pose
from monitor.core.body.view import view_of
from monitor.core.posture.readings import measure
from monitor.core.sedentary.activity import ActivitySense
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import SIT, STAND, Body, Bust

PEOPLE = {"sits": SIT, "stands": STAND, "slumps": Body(lean=25), "reclines": Body(lean=-25), "before a webcam": Bust()}


def turned(pose: Pose, clockwise: int) -> Pose:
    """The body as a picture shows it that was turned clockwise by so much."""
    xy, aspect = pose.xy, pose.aspect
    for _ in range(clockwise // 90):
        xy, aspect = np.stack([1 - xy[:, 1], xy[:, 0]], axis=1) / aspect, 1 / aspect
    return replace(pose, xy=xy, aspect=aspect)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_picture_asks_for_the_turn_that_sets_it_upright(turn):
    assert {who: turn_needed(turned(body.pose(), turn)) for who, body in PEOPLE.items()} == dict.fromkeys(PEOPLE, -turn % 360)


@given(st.floats(-45, 95), st.floats(60, 110))
def test_who_bends_forward_over_standing_shanks_needs_no_turn(lean, thigh):
    assert turn_needed(Body(lean=lean, thigh=thigh, torso=0.15).pose()) == 0


def test_a_turned_picture_is_unknown_and_says_so():
    pose = turned(SIT.pose(), 90)
    view = view_of(pose.turn_deg)
    sample = ActivitySense().update(Observation(0.0, pose), view, measure(pose, view))

    assert (sample.activity, sample.why) == (Activity.UNKNOWN, Reason.TURNED)
