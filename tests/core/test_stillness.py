"""A trunk rests or it does not, at any rate of pictures."""

import pytest
from backs import standing
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.stillness import LONGEST_S, STILL_DEG, Stillness, lean_of


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


def test_a_jump_of_more_than_the_limit_starts_anew():
    assert still_after([0.0] * 11 + [3 * STILL_DEG])[-1] == 0


def test_nobody_has_no_trunk_that_rests():
    assert still_after([0.0] * 11 + [None, 0.0])[-2:] == [0, 0]


@given(st.floats(-30, 30))
def test_the_lean_is_told_in_the_picture(lean):
    assert lean_of(standing(lean=lean)) == pytest.approx(lean_of(standing()) - lean, abs=0.2)  # it faces the left
