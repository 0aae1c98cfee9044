"""A picture of a person is no person, and a place is empty only on evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.camera.presence import (
    CONFIRMED_BY,
    HOLD_DOUBT_S,
    HOLD_S,
    RESTED_AFTER_S,
    STATIC_AFTER_S,
    UNSETTLED_S,
    Change,
    Liveness,
    LivenessEvidence,
    PlaceChange,
    VacancyCheck,
    same_body,
)
from monitor.testing import Bust

STILL, MOVED, SHAKEN = Change(0.0, 0.0), Change(0.05, 0.0), Change(0.2, 0.15)
ANOTHER, CUT = Change(0.9, 0.0), Change(0.9, 0.4)  # the next picture of a film, alone and beside a curtain
PERIOD_S = 0.25


def lives(changes, period_s=PERIOD_S):
    proof = LivenessEvidence()
    return [proof.update(i * period_s, change) for i, change in enumerate([None, *changes])]


@given(st.lists(st.sampled_from([STILL, Change(0.005, 0.0), Change(0.0, 0.3), ANOTHER, CUT]), max_size=200))
def test_what_never_moves_never_lives(changes):
    assert Liveness.LIVE not in lives(changes)


def test_a_photograph_is_furniture_within_some_seconds_and_not_at_once():
    seen = lives([STILL] * 60)

    assert seen.index(Liveness.STATIC) * PERIOD_S == pytest.approx(STATIC_AFTER_S, abs=PERIOD_S)
    assert lives([STILL], period_s=60.0)[-1] is Liveness.UNKNOWN


def test_who_breathes_is_believed_at_the_second_movement_and_may_rest_for_long():
    rest = [STILL] * round((RESTED_AFTER_S - 1) / PERIOD_S)
    seen = lives([MOVED] * CONFIRMED_BY + rest)

    assert seen[:CONFIRMED_BY] == [Liveness.UNKNOWN] * CONFIRMED_BY
    assert set(seen[CONFIRMED_BY:]) == {Liveness.LIVE}
    assert lives([MOVED] * CONFIRMED_BY + rest * 2)[-1] is Liveness.STATIC


def test_a_shaking_camera_proves_nothing_until_it_has_shaken_for_long():
    seen = lives([SHAKEN] * 40)

    assert seen.index(Liveness.LIVE) * PERIOD_S == pytest.approx(UNSETTLED_S, abs=PERIOD_S)
    assert lives([SHAKEN] * 8 + [STILL] * 40)[-1] is Liveness.STATIC  # somebody passed before a photograph
    assert lives([SHAKEN] * 4, period_s=40.0)[-1] is Liveness.UNKNOWN  # seen now and then on a screen


def test_a_life_is_not_lent_to_a_photograph_beside_the_door():
    user, photograph = Bust(height=0.6, width=0.5).pose(), Bust(height=0.7, width=0.2).pose()

    assert not same_body(Observation(0.0, user), Observation(0.9, photograph), lost=True)
    assert same_body(Observation(0.0, user), Observation(0.9, Bust(height=0.58, width=0.5).pose()), lost=True)


ROOM = PlaceChange(0.0, 0.0, 1.0, 1.0)
TABLE = {
    "the background is back": (ROOM, False, True),
    "the background is back, and a coat passes for a body": (ROOM, True, False),
    "another chair, nothing moves": (PlaceChange(0.0, 0.4, 1.0, 1.0), False, False),
    "no background is known, somebody moves": (PlaceChange(0.3, 0.0, 0.0, 1.0), False, False),
    "the user was lost and looks as before": (PlaceChange(0.0, 0.0, 1.0, 0.05), False, False),
    "a curtain moves before a known background": (PlaceChange(0.2, 0.01, 1.0, 1.0), False, True),
}


def test_a_place_is_empty_at_once_only_where_its_background_is_back():
    def at_once(look, doubt):
        place = VacancyCheck()
        place.occupied(0.0)
        place.is_empty(0.0, PlaceChange(0.5, 1.0, 1.0, 1.0), doubt=doubt)
        return place.is_empty(0.5, look, doubt=doubt)

    assert {name: at_once(look, doubt) for name, (look, doubt, _) in TABLE.items()} == {n: e for n, (*_, e) in TABLE.items()}


@pytest.mark.parametrize(("doubt", "hold_s"), [(False, HOLD_S), (True, HOLD_DOUBT_S)])
def test_a_place_in_which_nothing_moves_is_empty_within_ten_seconds(doubt, hold_s):
    place = VacancyCheck()
    place.is_empty(0.0, PlaceChange(0.5, 1.0, 1.0, 1.0), doubt=doubt)
    still = PlaceChange(0.0, 0.5, 1.0, 1.0)

    assert not place.is_empty(hold_s - 0.1, still, doubt=doubt)
    assert place.is_empty(hold_s, still, doubt=doubt)
    assert hold_s < 10
