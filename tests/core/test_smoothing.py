"""Smoothing: less jitter, nothing invented."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.posture.readings import Reading
from monitor.core.posture.smoothing import FORGET_S, TIME_CONSTANT_S, Smoother
from monitor.core.vocabulary import Reason

VALUES = st.floats(-180, 180)
STEPS = st.floats(0.01, FORGET_S - 0.01)


def smooth(samples):
    smoother = Smoother()
    return [smoother.update(t, {"x": reading})["x"] for t, reading in samples]


def at(gaps, values):
    t = 0.0
    for gap, value in zip(gaps, values, strict=False):
        t += gap
        yield t, Reading(value)


@given(VALUES, VALUES, st.lists(st.floats(0.01, 60), min_size=1, max_size=9))
def test_what_is_held_leaves_the_average_where_it_was(before, after, gaps):
    smoother = Smoother()
    smoother.update(0.0, {"x": Reading(before)})
    shown = smoother.update(0.25, {"x": Reading(after)})
    t = 0.25
    for gap in gaps:
        t += gap

        # By its value: since Python 3.13 a NaN within is no longer equal to itself.
        assert smoother.update(t, {"x": Reading(after)}, carried_forward=True)["x"].value == shown["x"].value


@given(st.lists(STEPS, min_size=1), st.lists(VALUES, min_size=1))
def test_it_never_leaves_the_range_of_what_was_measured(gaps, values):
    samples = list(at(gaps, values))
    seen = [reading.value for _, reading in samples]

    assert all(min(seen) - 1e-9 <= r.value <= max(seen) + 1e-9 for r in smooth(samples))


@given(VALUES, VALUES, st.lists(STEPS, min_size=1, max_size=8))
def test_how_far_it_has_come_depends_on_time_and_not_on_the_number_of_samples(start, end, gaps):
    *_, last = smooth([(0.0, Reading(start)), *at(gaps, [end] * len(gaps))])

    assert last.value == pytest.approx(end + (start - end) * math.exp(-sum(gaps) / TIME_CONSTANT_S), abs=1e-6)


@given(VALUES, VALUES)
def test_a_value_from_before_a_gap_says_nothing(before, now):
    assert smooth([(0.0, Reading(before)), (FORGET_S, Reading(now))])[1].value == now


@given(st.lists(st.none() | VALUES))
def test_missing_stays_missing_with_its_reason(values):
    hidden = Reading(why=Reason.EARS_HIDDEN)
    samples = [(i * 0.2, hidden if v is None else Reading(v)) for i, v in enumerate(values)]

    for (_, reading), smoothed in zip(samples, smooth(samples), strict=True):
        assert smoothed is reading if reading.why else smoothed.measured


def test_a_short_dropout_does_not_start_it_anew():
    *_, last = smooth([(0.0, Reading(0.0)), (0.2, Reading(why=Reason.EARS_HIDDEN)), (0.4, Reading(10.0))])

    assert 0 < last.value < 10


def test_a_change_shows_nine_tenths_within_a_second():
    *_, last = smooth([(0.0, Reading(0.0)), *((i / 5, Reading(10.0)) for i in range(1, 6))])

    assert last.value > 9
