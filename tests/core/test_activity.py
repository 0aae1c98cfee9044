"""Sitting, standing, moving or away, from one sample at a time."""

import math
from dataclasses import replace

import numpy as np
import pytest
from bodies import mirrored, moved, poses
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.gait import Gait
from monitor.core.body.pose import Observation
from monitor.core.body.view import view_of
from monitor.core.posture.readings import measure, nothing
from monitor.core.sedentary.activity import SEATED_FROM_DEG, UPRIGHT_TO_DEG, ActivitySense, Levels
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import STAND, Body, Bust

SIT, UP, MOVE, AWAY, UNKNOWN = Activity.SITTING, Activity.STANDING, Activity.MOVING, Activity.AWAY, Activity.UNKNOWN
SITTING, RISEN = Bust(height=0.5), Bust(height=0.85)
CALIBRATED = Levels(0.5, 0.85, 0.5, 0.5)


def sense_of(poses, levels=None, period_s=0.2):
    """What each of these poses, or reasons for none, shows in turn."""
    sense = ActivitySense(levels)
    return [look(sense, i * period_s, pose) for i, pose in enumerate(poses)]


def look(sense, t, pose):
    if isinstance(pose, str):
        return sense.update(Observation(t, None, pose), None, nothing(pose))
    view = view_of(pose.turn_deg)
    return sense.update(Observation(t, pose), view, measure(pose, view))


def activities(bodies, levels=None, period_s=0.2):
    return [s.activity for s in sense_of([b if isinstance(b, str) else b.pose() for b in bodies], levels, period_s)]


@given(st.lists(poses() | st.sampled_from([Reason.NOBODY, Reason.NOT_A_PERSON, Reason.TOO_DARK, Reason.NOT_CLEAR])))
def test_unknown_always_says_why_and_an_absence_is_never_anything_else(seen):
    for pose, sample in zip(seen, sense_of(seen), strict=True):
        assert (sample.activity is UNKNOWN) == (sample.why is not None)
        if isinstance(pose, str):
            assert sample.activity is (AWAY if pose in (Reason.NOBODY, Reason.NOT_A_PERSON) else UNKNOWN)
        else:
            assert sample.activity is not AWAY


def test_a_pose_carried_forward_shows_what_was_seen_and_is_no_step():
    sense, pose = ActivitySense(), STAND.pose()
    view = view_of(pose.turn_deg)
    seen = [Observation(i / 5, pose, carried_forward=i > 0) for i in range(60)]

    assert {sense.update(obs, view, measure(pose, view)).activity for obs in seen} == {UP}


@given(st.lists(poses().filter(lambda p: p.turn_deg != 0)))
def test_a_mirror_changes_no_activity(seen):
    assert sense_of(seen) == sense_of([mirrored(p) for p in seen])


@given(st.lists(st.floats(0, 100).filter(lambda deg: min(abs(deg - cut) for cut in (35, 45, 55)) > 0.2), min_size=1))
def test_the_thigh_tells_with_hysteresis(thighs):
    upright = None
    for thigh, sample in zip(thighs, sense_of([Body(thigh=deg, torso=0.2).pose() for deg in thighs]), strict=True):
        held = upright if upright is not None else thigh < 45
        upright = thigh <= UPRIGHT_TO_DEG or (thigh < SEATED_FROM_DEG and held)

        assert sample.activity is (UP if upright else SIT)


def legs(drop):
    low = 0.55 + drop * 0.25
    pose = replace(Bust(height=0.8, width=0.2).pose(), visibility=[1.0] * 33)
    hips = {"left_hip": (0.94, 0.55), "right_hip": (0.84, 0.55), "left_shoulder": (0.99, 0.3), "right_shoulder": (0.79, 0.3)}
    return moved(pose, **hips, left_knee=(0.96, low), right_knee=(0.82, low))


def test_from_the_front_the_knees_drop_tells():
    assert [s.activity for s in sense_of([legs(d) for d in (0.2, 0.6, 0.9, 0.6, 0.2)])] == [SIT, SIT, UP, UP, SIT]


@pytest.mark.parametrize("drop", [0.5, 0.58, 0.65, 0.75, 0.8])
def test_undecided_legs_from_the_front_stay_undecided_until_something_else_decides(drop):
    assert [(s.activity, s.assumed) for s in sense_of([legs(drop)])] == [(SIT, True)]
    risen = Levels(0.5, 0.8, 0.2, 0.2)
    assert [(s.activity, s.assumed) for s in sense_of([legs(drop)], risen)] == [(UP, False)]


def test_a_level_between_the_calibrated_ones_decides_nothing_by_itself():
    between = replace(RISEN, height=0.68)

    assert [(s.activity, s.assumed) for s in sense_of([between.pose()], CALIBRATED)] == [(SIT, True)]


@pytest.mark.parametrize("step", [{"x": 0.05}, {"size": 1.08}])
def test_who_walks_into_an_empty_picture_has_not_sat_down(step):
    def bust(i):
        pose = Bust(height=0.6, width=0.2).pose()
        return replace(pose, xy=(pose.xy - (0.9, 0.5)) * step.get("size", 1.0) ** i + (0.9 + step.get("x", 0.0) * i, 0.5))

    walk = [bust(i) for i in range(10)]
    samples = [s.activity for s in sense_of([Reason.NOBODY, *walk, *[walk[-1]] * 10])]

    assert set(samples[4:11]) == {MOVE}
    assert set(samples[-5:]) == {SIT}


def test_head_and_shoulders_alone_are_taken_to_sit_and_say_so():
    assert [(s.activity, s.assumed) for s in sense_of([Bust().pose()])] == [(SIT, True)]


def test_calibrated_levels_tell_sitting_from_standing():
    samples = sense_of([b.pose() for b in (SITTING, RISEN, replace(RISEN, height=0.65), replace(RISEN, height=0.6))], CALIBRATED)

    assert [s.activity for s in samples] == [SIT, MOVE, UP, SIT]
    assert not any(s.assumed for s in samples)


def test_a_head_that_cannot_be_measured_neither_sits_down_nor_gets_up():
    covered = replace(RISEN.pose(), visibility=[0.1 if i in (7, 8) else 1.0 if i < 13 else 0.1 for i in range(33)])

    assert [s.activity for s in sense_of([RISEN.pose(), covered], CALIBRATED, period_s=3)] == [UP, UP]
    assert [(s.activity, s.why) for s in sense_of([covered], CALIBRATED)] == [(UNKNOWN, Reason.EARS_HIDDEN)]


def test_a_camera_that_rises_with_the_desk_goes_by_size():
    levels = Levels(0.6, 0.62, 0.5, 0.4)

    assert levels.uprightness(0.6, 0.4) == pytest.approx(1)
    assert levels.uprightness(0.6, 0.5) == pytest.approx(0)


def test_levels_too_close_to_each_other_tell_nothing():
    assert math.isnan(Levels(0.6, 0.62, 0.5, 0.49).uprightness(0.6, 0.5))
    assert activities([Bust()], Levels(0.6, 0.62, 0.5, 0.49)) == [SIT]


@given(st.floats(0.2, 0.9), st.floats(-0.9, 0.9).filter(lambda step: abs(step) > 0.1))
def test_uprightness_is_zero_sitting_and_one_standing(sitting, step):
    levels = Levels(sitting, sitting + step, 0.5, 0.5)

    assert levels.uprightness(sitting, 0.5) == pytest.approx(0)
    assert levels.uprightness(sitting + step, 0.5) == pytest.approx(1)


def test_hips_without_knees_tell_nothing():
    (sample,) = sense_of([Body(thigh=2.0, y=0.9).pose()])

    assert (sample.activity, sample.why) == (UNKNOWN, Reason.KNEES_HIDDEN)


@pytest.mark.parametrize("period_s", [1 / 30, 0.2, 1.0])
def test_walking_is_moving_and_shows_its_end_within_a_second(period_s):
    n = round(3 / period_s)
    walk = [replace(STAND, x=0.3 + 0.4 * i * period_s) for i in range(n)]
    samples = activities([*walk, *[walk[-1]] * n], period_s=period_s)

    assert set(samples[n // 3 + 1 : n]) == {MOVE}
    assert set(samples[n + round(1 / period_s) :]) == {UP}


def test_a_swaying_chair_is_still_sitting():
    assert set(activities([Body(x=0.6 + 0.3 * (i % 2)) for i in range(20)])) == {SIT}


@given(st.floats(16, 44), st.floats(0, 10))
def test_an_oblique_thigh_without_a_foot_decides_nothing_and_a_hanging_one_stands(oblique, hanging):
    def footless(thigh):
        pose = Body(thigh=thigh).pose()
        return replace(pose, visibility=np.where(np.isin(np.arange(33), range(27, 33)), 0.1, pose.visibility))

    first = sense_of([footless(oblique)])[0]
    after = sense_of([Body(thigh=90).pose(), footless(oblique)])[1]

    assert (first.activity, first.why) == (UNKNOWN, Reason.KNEES_HIDDEN)
    assert after.activity is SIT
    assert sense_of([footless(hanging)])[0].activity is UP


def bobbing(body, steps_hz, lift, period_s, jitter=0.0):
    """The body over 8 s, its whole trunk lifted by so much of its length at every step, with landmarks that jitter."""
    noise = np.random.default_rng(0)
    for i in range(round(8 / period_s)):
        pose = body.pose()
        up = lift * body.torso * math.sin(2 * math.pi * steps_hz * i * period_s) / 2
        yield replace(pose, xy=pose.xy - (0, up) + noise.normal(0, jitter, pose.xy.shape))


@pytest.mark.parametrize("period_s", [0.2, 0.25])
@pytest.mark.parametrize("steps_hz", [1.4, 1.8, 2.2])
def test_walking_on_the_spot_is_moving(period_s, steps_hz):
    walk = sense_of(bobbing(STAND, steps_hz, 0.08, period_s, jitter=0.001), period_s=period_s)

    assert {sample.activity for sample in walk[round(4 / period_s) :]} == {MOVE}


@pytest.mark.parametrize(
    ("body", "steps_hz", "lift", "expected"),
    [(STAND, 0.3, 0.08, UP), (STAND, 1.8, 0.0, UP), (Body(), 1.8, 0.08, SIT)],
    ids=["sways", "stands still", "bounces on a ball"],
)
def test_what_is_not_walking_on_the_spot(body, steps_hz, lift, expected):
    seen = sense_of(bobbing(body, steps_hz, lift, 0.2, jitter=0.001))

    assert {sample.activity for sample in seen} == {expected}


def test_a_body_without_a_trunk_does_not_walk_and_ends_the_walk():
    gait, walk = Gait(), [*bobbing(STAND, 1.8, 0.08, 0.2)]
    walks = [gait.walks(i * 0.2, pose, 0.0 if i == 30 else STAND.torso) for i, pose in enumerate(walk)]

    assert (walks[29], any(walks[30:34])) == (True, False)


def test_two_pictures_far_apart_show_no_walk():
    assert activities([STAND, replace(STAND, x=1.2)], period_s=10) == [UP, UP]


def test_a_path_is_not_drawn_across_an_absence():
    assert activities([STAND, Reason.NOBODY, replace(STAND, x=1.2)]) == [UP, AWAY, UP]


@pytest.mark.parametrize(("thigh", "shown"), [(90.0, SIT), (5.0, UP), (42.0, UNKNOWN)])
def test_an_oblique_thigh_that_is_shortened_is_no_evidence_of_standing(thigh, shown):
    pose = replace(Body(thigh=thigh).pose(), turn_deg=45.0)
    (sample,) = sense_of([pose])

    assert (sample.activity, sample.why) == (shown, Reason.TRUNK_TURNED if shown is UNKNOWN else None)
