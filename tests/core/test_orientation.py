"""Which way is up."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.wizard import Wizard
from monitor.app.scene import Scene, turning
from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.body.orientation import CHANGED_AFTER_S, DECIDED_AFTER_S, OrientationSense, turn_needed
from monitor.core.body.pose import Observation, Pose
from monitor.core.pipeline import Pipeline
from monitor.core.vocabulary import Activity, Reason
from monitor.ports import Frame
from monitor.testing import SIT, STAND, Body, Bust
from monitor.texts.catalogue import reason

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


@pytest.mark.parametrize(("neck", "turn"), [(0, 90), (-80, 0)])
def test_without_legs_a_body_lies_only_where_its_head_lies_too(neck, turn):
    pose = Body(lean=-80, neck=-neck, torso=0.15).pose()
    unseen = np.isin(np.arange(LANDMARKS), [L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE])

    assert turn_needed(replace(pose, visibility=np.where(unseen, 0.0, pose.visibility))) == turn


def test_a_turned_picture_is_unknown_and_says_so():
    pose = turned(SIT.pose(), 90)
    step = Pipeline().step(Observation(0.0, pose))

    assert (step.sample.activity, step.sample.why) == (Activity.UNKNOWN, Reason.TURNED)
    assert {reading.why for reading in step.readings.values()} == {Reason.TURNED}


def decided(stretches):
    """The turns that are decided over stretches of (body or None, seconds), in order and without repetitions."""
    sense, bodies = OrientationSense(), [body for body, seconds in stretches for _ in range(round(5 * seconds))]
    turns = [sense.update(Observation(n / 5, body, None if body else Reason.NOBODY)) for n, body in enumerate(bodies)]
    return [turn for turn, _ in itertools.groupby(turns)]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_seconds_of_bodies_that_lie_or_hang_mean_a_turned_camera(turn):
    body = turned(SIT.pose(), -turn % 360)

    assert decided([(body, DECIDED_AFTER_S - 1)]) == [0]
    assert decided([(body, DECIDED_AFTER_S - 1), (None, 60.0)]) == [0]
    assert decided([(body, DECIDED_AFTER_S + 1)]) == [0, turn]
    assert decided([(STAND.pose(), 600.0)]) == [0]


def test_who_lies_down_for_a_while_has_not_turned_the_camera():
    lying = turned(SIT.pose(), 90)

    assert decided([(SIT.pose(), 60.0), (lying, CHANGED_AFTER_S - 1), (SIT.pose(), 60.0)]) == [0]
    assert decided([(SIT.pose(), 60.0), (lying, CHANGED_AFTER_S + 1)]) == [0, 270]


def test_the_pictures_are_turned_once_it_is_decided_and_that_is_said():
    messages, turn = [], Scene("auto")
    turn.say = messages.append

    class TurnedCameraEngine:
        """An engine of a camera on its side, whose pictures are turned as asked."""

        def detect(self, frame):
            return Observation(frame.t, turned(SIT.pose(), (90 + turn.degrees) % 360))

        def close(self):
            pass

    engine = turning(turn, TurnedCameraEngine)
    seen = [engine.detect(Frame(0.2 * n, np.zeros((4, 4, 3), np.uint8))).pose for n in range(60)]

    assert (turn.degrees, len(messages), turn_needed(seen[-1])) == (270, 1, 0)


def test_a_calibration_says_that_the_picture_seems_turned():
    progress = Wizard().step(Observation(0.0, turned(SIT.pose(), 90)))

    assert progress.hint == reason(Reason.TURNED)
