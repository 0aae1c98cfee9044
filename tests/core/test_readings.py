"""What one pose shows: a value, or a reason why there is none."""

import math

import pytest
from bodies import ASPECT, mirrored, points, poses
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.body.pose import MIN_VISIBILITY, Pose
from monitor.core.body.view import view_of
from monitor.core.posture.readings import legs_seen, measure, nothing
from monitor.core.posture.signals import SIGNALS
from monitor.core.vocabulary import Reason, View
from monitor.testing import Body, Bust

NAMES = [s.name for s in SIGNALS]


@given(poses(), st.sampled_from([None, *View]))
def test_missing_is_nan_with_a_reason_and_a_value_needs_none(pose, view):
    readings = measure(pose, view)

    assert list(readings) == NAMES
    assert all(r.measured == (r.why is None) for r in readings.values())
    assert all(math.isnan(r.value) for r in readings.values() if r.why)


@given(poses().filter(lambda p: p.turn_deg != 0))
def test_a_mirror_hides_and_shows_the_same(pose):
    home, there = (measure(p, view_of(p.turn_deg)) for p in (pose, mirrored(pose)))

    assert {name: r.why for name, r in home.items()} == {name: r.why for name, r in there.items()}


@given(points(), st.sampled_from(list(View)))
def test_landmarks_that_are_not_believed_are_not_measured(xy, view):
    pose = Pose(xy, [MIN_VISIBILITY - 0.01] * LANDMARKS, ASPECT, {View.SIDE: 90.0}.get(view, 0.0))

    assert not any(r.measured for r in measure(pose, view).values())


@pytest.mark.parametrize("view", [View.FRONT, View.OBLIQUE, None])
def test_side_signals_need_the_side_view(view):
    readings = measure(Body().pose(), view)

    assert {readings[s.name].why for s in SIGNALS if s.view is View.SIDE} == {Reason.SIDE_VIEW_NEEDED}


def test_front_signals_need_the_front_view():
    readings = measure(Body().pose(), View.SIDE)

    assert {readings[s.name].why for s in SIGNALS if s.view is View.FRONT} == {Reason.FRONT_VIEW_NEEDED}


def test_a_desk_that_hides_the_hips_leaves_the_head_to_be_measured():
    readings = measure(Body(y=1.1, torso=0.4).pose(), View.SIDE)

    assert readings["neck_inclination"].measured
    assert readings["trunk_inclination"].why == Reason.HIPS_HIDDEN
    assert readings["thigh_inclination"].why == Reason.HIPS_HIDDEN


def test_a_turned_head_or_trunk_is_named():
    bust = Bust().pose()
    aside = Pose(bust.xy + [[0.2, 0] if i == L.NOSE else [0, 0] for i in range(LANDMARKS)], bust.visibility, bust.aspect, 0.0)
    turned = Pose(bust.xy, bust.visibility, bust.aspect, 18.0)

    assert measure(aside, View.FRONT)["screen_distance"].why == Reason.HEAD_TURNED
    assert measure(turned, View.FRONT)["face_shoulder_scale"].why == Reason.TRUNK_TURNED


def test_without_a_pose_every_signal_has_the_same_reason():
    assert {(r.why, r.measured) for r in nothing(Reason.TOO_DARK).values()} == {(Reason.TOO_DARK, False)}
    assert list(nothing(Reason.TOO_DARK)) == NAMES


def test_legs_count_where_hip_and_knee_of_one_side_are_seen():
    assert legs_seen(Body().pose()) == (True, True)
    assert legs_seen(Bust().pose()) == (False, False)
    assert legs_seen(Body(thigh=2.0, y=0.9).pose()) == (True, False)
