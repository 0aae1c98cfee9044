"""A check is held against the person's own first one, and only what is more than chance is called a change."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.back.standing_checks import Check, change


def check(day, deg=36.0, sd=3.0):
    return Check(day * 86400.0, deg, sd, 11.0, 70, "camera 0")


@given(st.lists(st.integers(0, 300), unique=True, min_size=2, max_size=8))
def test_the_first_has_none_before_it_and_every_other_is_held_against_the_first(days):
    series = [check(day, deg=30.0 + i) for i, day in enumerate(days)]
    first = min(series, key=lambda one: one.t)

    assert change(first, series) is None
    assert {change(one, series).since for one in series if one is not first} == {first.t}


def test_a_difference_that_nineteen_of_twenty_pairs_without_a_change_stay_below_is_clear():
    assert not change(check(7, 44.4), [check(0)]).clear
    assert change(check(7, 44.6), [check(0)]).clear
    assert change(check(7, 31.0), [check(0)]).deg == -5.0
