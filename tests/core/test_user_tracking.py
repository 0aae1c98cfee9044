"""Who is the user: by place, size and continuity alone."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.camera.user_tracking import SETTLED_S, STOPPED_S, UserTracker
from monitor.core.vocabulary import Reason
from monitor.testing import SIT

AT_DESK = replace(SIT, x=0.4)
FAR_OFF = replace(SIT, x=1.6, y=0.5, torso=0.1, thigh=2.0)
BESIDE = replace(SIT, x=1.5, thigh=2.0)


def known(seconds=60, body=AT_DESK):
    """Somebody who has been watched at the desk, and when that was."""
    who = UserTracker()
    for i in range(round(4 * seconds)):
        assert who.recognises(Observation(i / 4, body.pose()))
    return who, seconds


def gone(who, t, seconds):
    for i in range(round(4 * seconds)):
        who.recognises(Observation(t + i / 4, None, Reason.NOBODY))
    return t + seconds


@given(st.floats(-1.4, 1.4), st.floats(0.1, 1.0))
def test_nobody_who_walks_becomes_a_stranger(trunks_per_s, period_s):
    who, t = UserTracker(), 0.0
    for i in range(20):
        body = replace(SIT, x=0.8 + i * period_s * trunks_per_s * SIT.torso)

        assert who.recognises(Observation(t + i * period_s, body.pose()))


def test_whoever_is_suddenly_elsewhere_is_somebody_else():
    who, t = known()

    assert not who.recognises(Observation(t, BESIDE.pose()))
    assert not who.recognises(Observation(t, FAR_OFF.pose()))
    assert who.recognises(Observation(t, AT_DESK.pose()))


def back_after(way, period_s):
    """After how long (s) whoever was elsewhere is the user, who goes ``way(s)`` trunks (x, y) from the desk."""
    who, t = known()
    for i in range(round(20 / period_s)):
        x, y = way(i * period_s)
        body = replace(AT_DESK, x=AT_DESK.x + x * AT_DESK.torso, y=AT_DESK.y - y * AT_DESK.torso)
        if who.recognises(Observation(t + i * period_s, body.pose()), user_elsewhere=i == 0):
            return i * period_s
    return math.inf


@given(st.floats(0.4, 0.9), st.sampled_from([0.25, 0.5]))
def test_who_rose_and_stands_still_is_the_user_again_sooner_than_who_goes_on(way, period_s):
    assert back_after(lambda _: (0, way), period_s) == STOPPED_S
    assert back_after(lambda s: (way + 0.5 * s, 0), period_s) >= SETTLED_S - period_s


def test_a_still_picture_keeps_the_user_where_the_last_pose_was():
    who, t = known()
    who.stays(t + 14.75)

    assert not who.recognises(Observation(t + 15, BESIDE.pose()))


def test_somebody_else_is_forgotten_once_gone_and_a_still_picture_with_them_keeps_nobody():
    who, t = known()
    who.recognises(Observation(t, FAR_OFF.pose()))
    who.stays(t + 5)

    assert who.last.t < t
    t = gone(who, t, 30)
    who.stays(t)
    assert who.last.t < t - 30
    assert not who.recognises(Observation(t, FAR_OFF.pose()))


def test_a_passer_by_in_the_background_does_not_become_the_user_while_the_chair_is_empty():
    who, t = known()
    t = gone(who, t, 30)

    assert not who.recognises(Observation(t, FAR_OFF.pose()))


def test_who_comes_back_is_the_user_wherever_they_enter():
    who, t = known()
    t = gone(who, t, 30)

    assert who.recognises(Observation(t, BESIDE.pose()))


def test_a_stranger_who_stood_by_when_the_user_left_stays_one_until_they_take_the_place():
    who, t = known()
    for i in range(20):
        assert not who.recognises(Observation(t + i / 4, BESIDE.pose()))
        who.left()
    t += 5
    ways = [replace(BESIDE, x=1.5 - 0.1 * i) for i in range(12)]
    recognised = [who.recognises(Observation(t + i / 4, body.pose())) for i, body in enumerate(ways)]

    assert recognised[0] is False
    assert recognised[-1] is True


def test_a_user_who_was_taken_for_a_stranger_is_the_user_again_after_a_while():
    who, t = known()
    times = [t + i / 4 for i in range(round(4 * SETTLED_S) + 8)]
    recognised = []
    for now in times:
        recognised.append(who.recognises(Observation(now, BESIDE.pose())))
        who.left()

    assert recognised[0] is False
    assert recognised[-1] is True


@pytest.mark.parametrize("seconds", [0.25, 1.0])
def test_one_lost_picture_opens_the_door_to_nobody(seconds):
    who, t = known()
    t = gone(who, t, seconds)

    assert not who.recognises(Observation(t, FAR_OFF.pose()))
