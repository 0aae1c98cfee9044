"""From where the camera sees the trunk."""

import math

import numpy as np
import pytest
from bodies import turns
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.body.view import FRONT_BELOW_DEG, HYSTERESIS_DEG, SIDE_FROM_DEG, turn_of, view_of
from monitor.core.vocabulary import View

BEFORE = st.sampled_from([None, *View])


@given(turns(), BEFORE)
def test_left_and_right_are_alike(turn, before):
    assert view_of(turn, before) is view_of(-turn, before)


@given(turns(), BEFORE)
def test_a_view_once_chosen_is_kept_while_nothing_changes(turn, before):
    chosen = view_of(turn, before)

    assert view_of(turn, chosen) is chosen


@pytest.mark.parametrize(("turns_deg", "view"), [((0, 20), View.FRONT), ((70, 90), View.SIDE), ((35.1, 54.9), View.OBLIQUE)])
@given(data=st.data(), before=BEFORE)
def test_where_the_view_is_certain_the_past_does_not_matter(turns_deg, view, data, before):
    turn = data.draw(st.floats(*turns_deg))

    assert view_of(turn, before) is view


@given(st.sampled_from([FRONT_BELOW_DEG, SIDE_FROM_DEG]), st.lists(st.floats(-HYSTERESIS_DEG + 0.1, HYSTERESIS_DEG - 0.1)))
def test_swivelling_a_little_at_a_boundary_does_not_flicker(boundary, wobbles):
    view = view_of(boundary)
    for wobble in wobbles:
        assert view_of(boundary + wobble, view) is view


def test_turning_from_front_to_side_passes_oblique():
    there = [view_of(deg) for deg in np.arange(0, 90.1, 0.5)]

    assert list(dict.fromkeys(there)) == [View.FRONT, View.OBLIQUE, View.SIDE]


def test_an_unknown_turn_has_no_view():
    assert view_of(math.nan) is None
    assert view_of(math.nan, View.SIDE) is None


def shoulders(turn_deg, size=0.36):
    """3D landmarks, z away from the camera, of shoulders turned toward the picture's right by so much."""
    a = math.radians(turn_deg)
    xyz = np.zeros((LANDMARKS, 3))
    xyz[L.LEFT_SHOULDER] = [size / 2 * math.cos(a), 0, size / 2 * math.sin(a)]
    xyz[L.RIGHT_SHOULDER] = -xyz[L.LEFT_SHOULDER]
    return xyz


@given(st.floats(-90, 90))
def test_the_turn_of_exact_landmarks_is_their_turn(turn):
    assert turn_of(shoulders(turn), shoulders(turn, size=0.2)) == pytest.approx(turn, abs=1e-6)


def test_a_back_is_seen_like_a_front():
    assert abs(turn_of(shoulders(180), shoulders(180))) == pytest.approx(0, abs=1e-6)


def test_a_shoulder_that_is_nowhere_gives_no_turn():
    assert math.isnan(turn_of(np.full((LANDMARKS, 3), math.nan), shoulders(10)))
