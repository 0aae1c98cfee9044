"""A trunk rests or it does not, at any rate of pictures."""

import math
from dataclasses import replace

import numpy as np
import pytest
from backs import standing
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.back.lumbar_window import WINDOW_S
from monitor.core.body.landmarks import L
from monitor.core.body.stillness import LONGEST_S, STILL_DEG, STRIDE, SWAY_DEG, Stillness, lean_of


def still_after(leans, period_s=0.2):
    stillness = Stillness()
    return [stillness.update(i * period_s, None if lean is None else standing(lean=lean)) for i, lean in enumerate(leans)]


@given(st.sampled_from([0.05, 0.2, 0.5, 1.0]))
def test_a_resting_trunk_counts_up_to_the_longest_window(period_s):
    got = still_after([3.0] * round(6 / period_s), period_s)

    assert got[0] == 0
    assert got[round(2 / period_s)] == pytest.approx(2)
    assert LONGEST_S - period_s < got[-1] <= LONGEST_S


@given(st.lists(st.floats(-0.9, 0.9), min_size=11, max_size=11))
def test_jitter_around_one_lean_is_rest(jitter):
    assert still_after([5 + one for one in jitter])[-1] == pytest.approx(2)


def test_a_trunk_on_its_way_does_not_rest_and_rests_again_where_it_arrives():
    way = [0.0] * 10 + [3.0 * i for i in range(1, 8)] + [21.0] * 11

    got = still_after(way)

    assert max(got[11:17]) < 0.5
    assert got[-1] >= 2


def test_one_jump_is_the_model_s_and_two_in_a_row_are_the_person_s():
    jump = 3 * STILL_DEG

    assert still_after([0.0] * 11 + [jump, 0.0])[-2:] == [0, pytest.approx(2.4)]
    assert max(still_after([0.0] * 11 + [jump, jump])[-2:]) < 0.5


def test_a_trunk_that_sways_too_often_does_not_rest():
    swaying = [0.0, 2 * SWAY_DEG, 0.0, -2 * SWAY_DEG]

    assert max(still_after(swaying * 5)) < 1


@given(st.floats(0.5, 1.2), st.sampled_from([0.1, 0.2, 0.25]))
def test_legs_that_walk_on_the_spot_are_no_rest(strides_per_s, period_s):
    swing = [2.5 * STRIDE * math.sin(2 * math.pi * strides_per_s * i * period_s) for i in range(40)]
    stillness = Stillness()

    assert max(stillness.update(i * period_s, striding(apart)) for i, apart in enumerate(swing)) < WINDOW_S


def striding(apart):
    """A person standing whose left knee is so far (trunk lengths) to the right of the right one."""
    pose = standing()
    xy = np.array(pose.xy)
    xy[L.LEFT_KNEE, 0] = xy[L.RIGHT_KNEE, 0] + 0.3 * apart
    return replace(pose, xy=xy)


def test_nobody_has_no_trunk_that_rests():
    assert still_after([0.0] * 11 + [None, 0.0])[-2:] == [0, 0]


@given(st.floats(-30, 30))
def test_the_lean_is_told_in_the_picture(lean):
    assert lean_of(standing(lean=lean)) == pytest.approx(lean_of(standing()) - lean, abs=0.2)  # it faces the left


def test_landmarks_that_jitter_from_frame_to_frame_are_no_movement_and_hide_none():
    jitter = np.random.default_rng(4).normal(0, 1.2, (8, 60))
    leaning = 4.0 * 0.2 * np.arange(60)  # 4 deg a second

    rested = [np.mean(np.array(still_after(row.tolist())[10:]) >= WINDOW_S - 1e-9) for row in jitter]
    moved = [np.mean(np.array(still_after((row + leaning).tolist())[10:]) >= WINDOW_S - 1e-9) for row in jitter]

    assert min(rested) > 0.6, rested
    assert max(moved) < 0.05, moved
