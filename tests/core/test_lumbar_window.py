"""When the back is read in a stream, and when a picture is enough."""

import math
from dataclasses import replace

import numpy as np
import pytest
from backs import standing
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.core.back.lumbar_window import FEWEST, WINDOW_S, LumbarWindow, reading_of
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Plan
from monitor.core.vocabulary import Reason, View
from monitor.testing import SIT, replay

STILL = standing()


def fed(poses, period_s=0.2, *, alone=False):
    window = LumbarWindow(alone=alone)
    return [window.update(i * period_s, pose, View.SIDE) for i, pose in enumerate(poses)]


@given(st.sampled_from([0.05, 0.2, 0.5, 1.0, 2.0]))
def test_a_stream_is_read_after_two_seconds_and_three_frames_of_rest(period_s):
    got = fed([STILL] * 60, period_s)
    first = next(i for i, reading in enumerate(got) if reading.why is None)

    assert first == max(math.ceil(WINDOW_S / period_s), FEWEST - 1)
    assert {reading.why for reading in got[:first]} == {Reason.NOT_STILL}
    assert all(reading.why is None for reading in got[first:])


def test_a_window_is_surer_than_a_frame():
    one, window = reading_of(STILL), fed([STILL] * 20)[-1]

    assert window.lordosis_deg == one.lordosis_deg
    assert window.sd_deg < one.sd_deg


def test_one_wild_frame_does_not_move_the_window():
    assert fed([STILL] * 8 + [standing(hollow=0.09)] + [STILL] * 3)[-1].lordosis_deg == reading_of(STILL).lordosis_deg


def test_a_back_on_its_way_is_not_read():
    got = fed([STILL] * 15 + [standing(lean=4.0 * i) for i in range(1, 6)])

    assert [reading.why for reading in got[-5:]] == [Reason.NOT_STILL] * 5


def test_a_curve_that_creeps_while_the_trunk_rests_is_not_read():
    slumping = [standing(hollow=0.05 - 0.003 * i) for i in range(15)]

    assert fed(slumping)[-1].why == Reason.NOT_STILL


def test_after_a_movement_only_what_came_to_rest_counts():
    bent = standing(hollow=0.0, lean=15.0)

    got = fed([STILL] * 15 + [bent] * 11)[-1]

    assert got.lordosis_deg == reading_of(bent).lordosis_deg


def test_pictures_stand_alone():
    readings = [reading_of(STILL), reading_of(standing(hollow=0.0, lean=20.0))]

    assert fed([STILL, standing(hollow=0.0, lean=20.0)], alone=True) == readings


def test_without_an_outline_it_is_said_that_there_is_none():
    bare = replace(STILL, back=None)

    assert reading_of(bare).why == Reason.NO_OUTLINE
    assert fed([bare] * 20)[-1].why == Reason.NO_OUTLINE


def test_a_hidden_back_tells_what_hides_it():
    assert fed([standing(valid=False, reason="chair")] * 20)[-1].why == Reason.BACK_HIDDEN_BY_CHAIR


@pytest.mark.parametrize("view", [View.FRONT, View.OBLIQUE, None])
def test_any_other_view_ends_the_window(view):
    window = LumbarWindow()
    for i in range(15):
        window.update(i * 0.2, STILL, View.SIDE)

    assert window.update(3.0, STILL, view).why == Reason.SIDE_VIEW_NEEDED
    assert window.update(3.2, STILL, View.SIDE).why == Reason.NOT_STILL


def test_the_pipeline_reads_a_stream_in_windows_and_a_sparse_source_at_once():
    stream = replay([Observation(i * 0.2, STILL) for i in range(20)])
    sparse = replay([Observation(i * 10.0, STILL) for i in range(2)], Plan(period_s=10.0))

    assert stream[3].readings["lumbar_lordosis"].why == Reason.NOT_STILL
    assert stream[-1].readings["lumbar_lordosis"].sd < sparse[-1].readings["lumbar_lordosis"].sd
    assert sparse[0].readings["lumbar_lordosis"].measured
    assert sparse[0].readings["lumbar_depth"].measured


def test_a_person_without_a_profile_is_told_so():
    readings = replay([Observation(0.0, STILL)])[0].readings

    assert {readings[name].why for name in ("lumbar_index", "lumbar_change")} == {Reason.NOT_STILL}
    assert replay([Observation(i * 0.2, SIT.pose()) for i in range(20)])[-1].readings["lumbar_index"].why == Reason.NO_OUTLINE


# --- a camera that is looked at only when something changes ------------------------------------------------------


def leaning(pose, degrees):
    """The same person, trunk and head turned about the hips."""
    way, (x, y) = math.radians(degrees), pose.xy[[23, 24]].mean(axis=0)
    turn = np.array([[math.cos(way), -math.sin(way)], [math.sin(way), math.cos(way)]])
    return replace(pose, xy=(pose.xy - (x, y)) @ turn.T + (x, y))


def watched(*parts: tuple):
    """The readings of ``(pose, looks, held)``, four looks a second."""
    window, t, got = LumbarWindow(), 0.0, []
    for pose, looks, held in parts:
        for _ in range(looks):
            got.append(window.update(t, pose, View.SIDE, carried_forward=held))
            t += 0.25
    return got


@examples(4)
@given(st.integers(1, 400), st.integers(1, 5))
def test_while_a_pose_is_held_its_reading_stands_and_time_alone_makes_no_rest(looks, seen):
    got = watched((STILL, seen, False), (STILL, looks, True))

    assert {reading.why for reading in got} == {Reason.NOT_STILL}


@examples(3)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_a_check_now_and_then_of_a_still_back_keeps_its_reading(pauses):
    before = watched((STILL, 20, False))[-1]
    parts = [part for looks in pauses for part in ((STILL, looks, True), (STILL, 1, False))]
    got = watched((STILL, 20, False), *parts)[20:]

    assert {reading.why for reading in got} == {None}
    assert {reading.lordosis_deg for reading in got} == {before.lordosis_deg}


def test_a_check_that_finds_the_trunk_elsewhere_ends_the_rest():
    got = watched((STILL, 20, False), (STILL, 60, True), (leaning(STILL, 8), 1, False))

    assert [reading.why for reading in got[-2:]] == [None, Reason.NOT_STILL]


def test_a_held_pose_is_no_new_frame_of_the_average():
    once = watched((STILL, 9, False))[-1]
    held = watched((STILL, 9, False), (STILL, 400, True))[-1]

    assert held == once
