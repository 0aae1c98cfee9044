"""A moved camera, a raised desk, a slouch: the background tells them apart."""

import math
from datetime import UTC
from io import StringIO

import pytest
from bodies import SEEN_FROM_THE_FRONT, SEEN_FROM_THE_SIDE
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation, Registration
from monitor.core.camera.registration import COMPARE_S, CONFIRM_S, CONFIRMED_BY, SAME_WITHIN, CameraPlacementMonitor, Comparisons
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.core.reminders.decisions import Reminder
from monitor.core.vocabulary import Activity, CameraPlacement, Reason
from monitor.run.console_line import ConsoleSink
from monitor.testing import Bust, scene


def lies(dx=0.0, dy=0.0, scale=1.0, roll_deg=0.0, agreeing=60, features=120):
    return Registration(dx, dy, scale, roll_deg, agreeing, features)


def placement(*shifts: Registration | None, level=0.65, head=0.65):
    sense = CameraPlacementMonitor(level)
    return [sense.update(float(i), shift, head) for i, shift in enumerate(shifts)][-1]


@given(st.lists(st.builds(lies, st.floats(-1, 1), st.floats(-1, 1)) | st.none(), max_size=CONFIRMED_BY - 1))
def test_fewer_than_three_comparisons_change_nothing(shifts):
    assert not shifts or placement(*shifts) is CameraPlacement.SAME


@given(st.floats(0, math.tau), st.floats(0, SAME_WITHIN))
def test_a_camera_that_trembles_stands_where_it_stood(angle, way):
    assert placement(*[lies(way * math.cos(angle), way * math.sin(angle))] * 5) is CameraPlacement.SAME


@pytest.mark.parametrize(
    "shift",
    [lies(dx=0.1), lies(dy=-0.1), lies(scale=1.2), lies(roll_deg=5), lies(dx=0.1, dy=0.1), lies(agreeing=3)],
    ids=["aside", "up", "nearer", "tilted", "down and aside", "another room"],
)
def test_a_scene_that_lies_elsewhere_is_a_moved_camera(shift):
    assert placement(*[shift] * 3) is CameraPlacement.MOVED
    assert placement(shift, shift, lies(), shift, shift) is CameraPlacement.SAME


def test_a_room_that_sank_without_the_person_is_a_raised_desk_and_with_them_a_tilted_camera():
    assert placement(*[lies(dy=0.15)] * 3, head=0.66) is CameraPlacement.RAISED
    assert placement(*[lies(dy=0.15)] * 3, head=0.50) is CameraPlacement.MOVED


def test_nobody_in_the_picture_leaves_a_sunken_room_unexplained():
    assert placement(*[lies(dy=0.15)] * 9, head=math.nan) is CameraPlacement.SAME


def test_too_few_corners_tell_nothing():
    assert placement(*[lies(dx=0.5, agreeing=5, features=12)] * 9) is CameraPlacement.SAME


def test_a_camera_that_is_put_back_is_forgiven():
    assert placement(*[lies(dx=0.1)] * 3, *[lies()] * 3) is CameraPlacement.SAME


def test_the_background_is_compared_once_a_minute_and_sooner_while_in_doubt():
    often, seldom = Comparisons(), Comparisons()
    often.learn(0.0, lies(dx=0.3))
    seldom.learn(0.0, lies())

    assert (often.due(CONFIRM_S), seldom.due(CONFIRM_S), seldom.due(COMPARE_S)) == (True, False, True)
    for t in (5.0, 10.0, 15.0):
        often.learn(t, lies(dx=0.3))
    assert not often.due(20.0)


# --- in the pipeline ---------------------------------------------------------------------------------------------


def run(script, shift, baseline=SEEN_FROM_THE_SIDE):
    """The steps of a scene into whose every tenth second this shift of the background comes."""
    pipeline = Pipeline(Plan(baseline, period_s=1.0))
    for i, obs in enumerate(scene(script, 1.0)):
        yield pipeline.step(Observation(obs.t, obs.pose, obs.why, shift=shift if i % 10 == 5 else None))


def reminded(steps):
    return [e.kind for step in steps for e in step.events if isinstance(e, Reminder)]


def test_after_a_move_posture_is_not_compared_one_request_is_made_and_sitting_goes_on():
    steps = list(run("slouch 29min", lies(dx=0.2)))

    assert reminded(steps) == ["camera_moved"]
    assert steps[-1].posture.why == Reason.CAMERA_MOVED
    assert steps[-1].runs["sitting"].seconds > 28 * 60


def test_who_slouches_before_a_camera_at_rest_is_told_so():
    assert reminded(run("sit 5min, slouch 5min", lies())) == ["posture_held"]


def test_on_a_raised_desk_sitting_that_was_taken_for_granted_is_offered_as_standing():
    assert Bust().height == pytest.approx(SEEN_FROM_THE_FRONT.level("sitting_tall", "head_height"), abs=0.01)

    low = list(run("face 3min", lies(), SEEN_FROM_THE_FRONT))[-1]
    high = list(run("face 3min", lies(dy=0.2), SEEN_FROM_THE_FRONT))[-1]

    assert (low.state, high.state) == (Activity.SITTING, Activity.STANDING)
    assert high.sample.assumed


def test_legs_that_are_seen_are_believed_more_than_the_desk():
    assert list(run("sit 3min", lies(dy=0.2)))[-1].state is Activity.SITTING


def test_the_persons_word_counts_more_than_the_desk_until_the_desk_is_moved_again():
    pipeline = Pipeline(Plan(SEEN_FROM_THE_FRONT, period_s=1.0))
    states = []
    for i, obs in enumerate(scene("face 9min", 1.0)):
        if i == 180:
            pipeline.accept(Command(obs.t, CommandKind.MARK, what=Mark.SITTING))
        shift = lies(dy=0.2 if i < 360 else 0.0) if i % 10 == 5 else None
        states.append(pipeline.step(Observation(obs.t, obs.pose, obs.why, shift=shift)).state)
    raised, marked, lowered = states[170], states[350], states[-1]

    assert (raised, marked, lowered) == (Activity.STANDING, Activity.SITTING, Activity.SITTING)


def test_standing_that_was_marked_ends_when_the_desk_comes_down():
    pipeline = Pipeline(Plan(SEEN_FROM_THE_FRONT, period_s=1.0))
    for i, obs in enumerate(scene("face 6min", 1.0)):
        if i == 120:
            pipeline.accept(Command(obs.t, CommandKind.MARK, what=Mark.STANDING))
        shift = lies(dy=0.2 if i < 180 else 0.0) if i % 10 == 5 else None
        step = pipeline.step(Observation(obs.t, obs.pose, obs.why, shift=shift))

    assert step.state is Activity.SITTING


def test_the_live_line_offers_standing_once():
    out = StringIO()
    sink = ConsoleSink(UTC, out)
    for step in run("face 5min", lies(dy=0.2), SEEN_FROM_THE_FRONT):
        sink.write(None, step)

    assert out.getvalue().count("posture-monitor mark sitting") == 1
