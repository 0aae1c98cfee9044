"""When a sample becomes a state."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sedentary.debounce import DEFAULT_DWELL_S, DWELL_S, Debounce
from monitor.core.vocabulary import Activity

SIT, UP, MOVE, AWAY, UNKNOWN = Activity.SITTING, Activity.STANDING, Activity.MOVING, Activity.AWAY, Activity.UNKNOWN
PRESENT = {SIT, UP, MOVE}
SPELLS = st.lists(st.tuples(st.sampled_from(list(Activity)), st.integers(1, 80)), min_size=1, max_size=12)


def samples_of(*spells: tuple[Activity, float], period_s=0.2):
    """Samples of spells in seconds: ``samples_of((SIT, 10), (AWAY, 2))``."""
    return [activity for activity, seconds in spells for _ in range(round(seconds / period_s))]


def states(samples, period_s=0.2):
    debounce = Debounce()
    return [debounce.update(i * period_s, sample) for i, sample in enumerate(samples)]


def changes(samples, period_s=0.2):
    """State and since when (s, rounded), once each."""
    return list(dict.fromkeys((state, round(since, 3)) for state, since in states(samples, period_s)))


def test_a_held_sample_is_no_second_one():
    debounce = Debounce()
    debounce.update(0.0, SIT)
    held = [debounce.update(1.0 + i / 4, UP, carried_forward=i > 0)[0] for i in range(80)]

    assert set(held) == {SIT}
    assert debounce.update(21.0, UP) == (UP, 1.0)


def test_time_that_is_held_completes_a_dwell_that_two_samples_began():
    debounce = Debounce()
    debounce.update(0.0, SIT)
    debounce.update(1.0, UP)
    debounce.update(1.25, UP)

    assert debounce.update(3.75, UP, carried_forward=True) == (SIT, 0.0)
    assert debounce.update(4.0, UP, carried_forward=True) == (UP, 1.0)


@given(SPELLS, st.sampled_from([0.2, 1.0, 10.0]))
def test_a_state_is_something_seen_and_starts_in_order(spells, period_s):
    samples = [activity for activity, n in spells for _ in range(n)]
    got = states(samples, period_s)
    sinces = [since for _, since in got]

    assert sinces == sorted(sinces)
    for i, (state, since) in enumerate(got):
        assert state in samples[: i + 1]
        assert since <= i * period_s
    for (before, _), (state, since) in pairwise(got):
        assert state is before or since > 0


@given(SPELLS, st.sampled_from([0.2, 1.0, 10.0]))
def test_every_change_has_lasted_its_dwell_and_was_seen_twice(spells, period_s):
    samples = [activity for activity, n in spells for _ in range(n)]
    got = states(samples, period_s)
    for i in range(1, len(got)):
        (before, _), (state, since) = got[i - 1], got[i]
        if state is not before:
            assert samples[i - 1 : i + 1] == [state, state]
            assert i * period_s - since >= DWELL_S.get((before, state), DEFAULT_DWELL_S) - 0.01
            assert before not in samples[round(since / period_s) : i + 1]


@given(st.sampled_from(list(Activity)), st.sampled_from(list(Activity)), st.floats(0.2, 1.8))
def test_less_than_two_seconds_of_anything_change_nothing(state, other, seconds):
    assert changes(samples_of((state, 10), (other, seconds), (state, 10))) == [(state, 0)]


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([(SIT, 20), (UP, 20)], [(SIT, 0), (UP, 20)]),
        ([(SIT, 20), (UP, 2.8), (SIT, 20)], [(SIT, 0)]),
        ([(SIT, 20), (AWAY, 9.8), (SIT, 20)], [(SIT, 0)]),
        ([(SIT, 20), (AWAY, 12), (SIT, 20)], [(SIT, 0), (AWAY, 20), (SIT, 32)]),
        ([(SIT, 20), (UNKNOWN, 9), (SIT, 20)], [(SIT, 0)]),
        ([(SIT, 20), (UNKNOWN, 9), (AWAY, 30)], [(SIT, 0), (AWAY, 20)]),
        ([(SIT, 20), (MOVE, 1), (UP, 20)], [(SIT, 0), (UP, 20)]),
        ([(AWAY, 20), (SIT, 20)], [(AWAY, 0), (SIT, 20)]),
        ([(UNKNOWN, 20), (SIT, 20)], [(UNKNOWN, 0), (SIT, 20)]),
    ],
)
def test_the_dwell_of_each_change(spells, expected):
    assert changes(samples_of(*spells)) == expected


def test_somebody_hidden_for_a_while_is_not_believed_to_stand_at_a_glance():
    assert changes(samples_of((SIT, 20), (UNKNOWN, 8), (UP, 0.6), (SIT, 20))) == [(SIT, 0)]


def test_hidden_time_is_no_part_of_the_stand_after_it():
    assert changes(samples_of((SIT, 20), (UNKNOWN, 8), (UP, 20))) == [(SIT, 0), (UP, 28)]


def test_pottering_about_between_samples_of_walking_and_standing_leaves_the_chair():
    samples = samples_of((SIT, 20)) + [MOVE, UP] * 5 + samples_of((MOVE, 4))

    assert changes(samples) == [(SIT, 0), (MOVE, 20)]


def test_standing_at_the_edge_of_the_picture_leaves_the_chair():
    assert changes(samples_of((SIT, 20)) + [UP, UP, AWAY] * 30) == [(SIT, 0), (UP, 20)]


def test_a_time_lapse_needs_two_samples_that_agree():
    assert changes([SIT, SIT, UP, SIT, UP, UP, AWAY, AWAY], period_s=10) == [(SIT, 0), (UP, 40), (AWAY, 60)]


def test_ten_seconds_of_a_clock_with_rounding_are_ten_seconds():
    debounce = Debounce()
    start = 1772442000.15
    for t, sample in ((0.0, SIT), (10.0, AWAY), (20.0 - 3e-7, AWAY)):
        state, _ = debounce.update(start + t, sample)

    assert state is AWAY
