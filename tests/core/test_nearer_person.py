"""A nearer person than the one who is followed: looked for seldom, believed when seen twice."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.camera.nearer_person import LATE_S, NEARER, SMALL, SOON_S, NearerPerson
from monitor.core.camera.user_tracking import FAR, UserTracker
from monitor.testing import SIT

CHILD = replace(SIT, x=1.5, y=0.5, torso=0.12)
USER = replace(SIT, x=0.6, torso=0.3)
BESIDE = replace(USER, x=1.2)


def body(torso, x=0.6):
    return replace(SIT, x=x, torso=torso).pose()


@given(st.floats(0.08, 0.6), st.floats(0.25, 1.0), st.sampled_from([math.nan, 0.4]))
def test_whoever_is_large_is_never_left_and_a_small_body_is_searched_around_a_few_times_a_minute(torso, period_s, width):
    search, searches = NearerPerson(width), 0
    for i in range(round(120 / period_s)):
        if search.due(i * period_s, body(torso)):
            searches += 1
            assert not search.takes_over(i * period_s, body(torso), None)

    limit = SMALL if math.isnan(width) else width / 1.67
    assert searches == 0 if torso > 1.01 * limit else searches <= 2 + 120 / LATE_S + 2


@given(st.floats(0.09, 0.14), st.floats(0.5, 3.0), st.booleans())
def test_who_is_clearly_larger_and_stays_takes_over_at_the_second_search(small, times, stays):
    search = NearerPerson()
    other = body(small * times, x=1.0)
    later = other if stays else body(small * times, x=0.2)

    first = search.takes_over(0.0, body(small), other)
    second = search.takes_over(SOON_S, body(small), later)

    assert not first
    if abs(times - NEARER) > 0.05:
        assert second == (stays and times > NEARER)


def test_in_pictures_far_apart_nobody_is_searched_for():
    search = NearerPerson()

    assert not any(search.due(15.0 * i, CHILD.pose()) for i in range(20))


def test_the_one_who_takes_over_is_the_user_from_then_on_and_the_child_is_not():
    who = UserTracker()
    for i in range(40):
        assert who.recognises(Observation(i / 4, CHILD.pose()))
    who.becomes(Observation(10.0, USER.pose()))

    assert who.recognises(Observation(10.25, USER.pose()))
    assert not who.recognises(Observation(10.5, CHILD.pose()))


@given(st.floats(0.1, 1.0), st.floats(0.08, 0.6))
def test_who_is_far_smaller_than_the_calibrated_user_is_not_the_user_at_first_sight(width, torso):
    known = UserTracker(width).recognises(Observation(0.0, body(torso)))

    if abs(torso / width - FAR) > 0.02:
        assert known == (torso > FAR * width)
