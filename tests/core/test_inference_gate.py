"""How much is looked at: little while nothing happens, soon enough when something does."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.camera.inference_gate import SPARING, USUAL, FrameChange, InferenceGate
from monitor.core.vocabulary import Reason
from monitor.testing import SIT, STAND

STILL, CHANGED = FrameChange(changed=False, light=120.0, contrast=50.0), FrameChange(changed=True, light=120.0, contrast=50.0)
RHYTHMS = st.sampled_from([USUAL, SPARING])
SITTING, STANDING = SIT.pose(), STAND.pose()


def watch(looks, shows, rhythm=USUAL):
    """The times (s) of the inferences over these looks; ``shows(t)`` is the pose there, None for nobody."""
    attention, times = InferenceGate(), []
    for i, look in enumerate(looks):
        t = i * rhythm.frame_s
        if attention.wants(t, look, rhythm):
            pose = shows(t)
            attention.learn(Observation(t, pose, None if pose else Reason.NOBODY), rhythm)
            times.append(t)
    return times


def quiet(seconds, rhythm=USUAL):
    return [STILL] * round(seconds / rhythm.frame_s)


def test_the_first_picture_is_looked_at_and_the_start_followed_closely():
    times = watch(quiet(60), lambda _t: SITTING)

    assert times[0] == 0
    assert len([t for t in times if t <= USUAL.alert_s]) == USUAL.alert_s / USUAL.frame_s + 1


def test_a_still_person_is_checked_every_fifteen_seconds():
    times = [t for t in watch(quiet(600), lambda _t: SITTING) if t > 10]

    assert {b - a for a, b in pairwise(times)} == {USUAL.still_s}


def test_an_empty_place_is_checked_every_five_seconds():
    times = [t for t in watch(quiet(600), lambda _t: None) if t > 10]

    assert {b - a for a, b in pairwise(times)} == {USUAL.empty_s}


@given(st.lists(st.booleans(), min_size=1, max_size=400), RHYTHMS)
def test_a_change_is_looked_at_at_once_and_never_more_often_than_the_rhythm(changes, rhythm):
    looks = [CHANGED if changed else STILL for changed in changes]
    times = watch(looks, lambda _t: SITTING, rhythm)

    assert all(b - a >= 0.8 * rhythm.frame_s for a, b in pairwise(times))
    for i, changed in enumerate(changes):
        if changed:
            # At once; at most a second later where a change without end moves nobody.
            assert (
                any(i * rhythm.frame_s <= t <= i * rhythm.frame_s + 1.0 for t in times)
                or i * rhythm.frame_s + 1.0 > len(looks) / 4
            )


@given(st.lists(st.booleans(), max_size=400), RHYTHMS)
def test_nothing_goes_unchecked_for_longer_than_the_longest_pause(changes, rhythm):
    looks = [CHANGED if changed else STILL for changed in changes]
    times = [*watch(looks, lambda _t: SITTING, rhythm), len(looks) * rhythm.frame_s]

    assert all(b - a <= rhythm.still_s + rhythm.frame_s for a, b in pairwise(times))


def test_a_check_that_shows_something_else_is_followed_like_a_change():
    """Somebody rises so slowly that no look tells: the check does."""
    times = watch(quiet(60), lambda t: SITTING if t < 22 else STANDING)
    found = next(t for t in times if t >= 22)

    assert found <= 22 + USUAL.still_s
    assert len([t for t in times if found <= t <= found + USUAL.alert_s]) == USUAL.alert_s / USUAL.frame_s + 1


def test_a_change_without_end_that_moves_nobody_is_looked_at_once_a_second():
    times = [t for t in watch([CHANGED] * 400, lambda _t: SITTING) if t > 20]

    assert {b - a for a, b in pairwise(times)} == {1.0}


def test_after_a_quiet_time_every_change_is_followed_at_the_full_rate():
    """Somebody comes back to a chair that has been empty for a while."""
    times = watch([*quiet(60), *[CHANGED] * 20], lambda t: None if t < 63 else SITTING)

    assert [t for t in times if t >= 60] == [60 + i / 4 for i in range(20)]


def test_somebody_who_keeps_moving_is_followed_at_the_full_rate_and_after_ten_seconds_at_half_of_it():
    poses = [replace(SIT, x=0.5 + 0.1 * (i % 3)).pose() for i in range(3)]
    times = watch([CHANGED] * 400, lambda t: poses[int(4 * t) % 3])

    assert {b - a for a, b in pairwise(times) if b <= 10} == {USUAL.frame_s}
    assert {b - a for a, b in pairwise(times) if a > 12} == {2 * USUAL.frame_s}


def test_what_is_held_is_the_last_observation_at_another_time_and_says_so():
    attention = InferenceGate()
    attention.learn(Observation(1.0, SITTING), USUAL)
    held = attention.carried_forward(7.5)

    assert (held.t, held.pose, held.why, held.carried_forward) == (7.5, SITTING, None, True)


def test_after_a_time_without_pictures_the_next_one_is_looked_at():
    attention = InferenceGate()
    attention.learn(Observation(1.0, SITTING), USUAL)
    attention.forget()

    assert attention.wants(1.1, STILL, USUAL)
    assert attention.last is None


@pytest.mark.parametrize("name", ["frame_s", "still_s", "empty_s"])
def test_sparing_is_half_as_often(name):
    assert getattr(SPARING, name) == 2 * getattr(USUAL, name)
