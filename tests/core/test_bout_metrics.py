"""How sitting is accumulated."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from report_days import AWAY, MOVE, SIT, STAND, UNKNOWN, bouts_of

from monitor.core.sedentary.bout_metrics import MIN_BOUTS, gini, patterns_of, power_law, sedentary, spells, w50
from monitor.core.sedentary.bouts import SEDENTARY, STATIONARY
from monitor.core.vocabulary import Reason

LENGTHS = st.lists(st.floats(10, 4 * 3600), min_size=MIN_BOUTS, max_size=80)
PHASES = st.lists(st.tuples(st.sampled_from([SIT, STAND, MOVE, AWAY, UNKNOWN, None]), st.floats(0.1, 100)), max_size=30)


@given(LENGTHS)
def test_the_usual_bout_is_one_of_the_bouts(lengths):
    assert min(lengths) <= patterns_of(lengths).w50_s <= max(lengths)
    assert patterns_of(lengths).w50_s in lengths


@given(LENGTHS)
def test_gini_is_a_share_and_alpha_above_one(lengths):
    patterns = patterns_of(lengths)

    assert 0 <= patterns.gini < 1
    assert math.isnan(patterns.alpha) or patterns.alpha > 1


@given(LENGTHS, st.integers(2, 4))
def test_repeating_the_week_changes_no_pattern(lengths, times):
    once, often = patterns_of(lengths), patterns_of(lengths * times)

    assert_allclose([often.w50_s, often.gini], [once.w50_s, once.gini], rtol=1e-9, atol=1e-9)
    if not math.isnan(once.alpha):
        assert_allclose(often.alpha, once.alpha)


@given(LENGTHS, st.floats(0.1, 10))
def test_a_slower_clock_scales_the_usual_bout_and_leaves_gini(lengths, factor):
    x = np.sort(lengths)

    assert_allclose(gini(x * factor), gini(x), atol=1e-9)
    assert x[0] * factor * 0.999 <= w50(x * factor) <= x[-1] * factor * 1.001


@given(st.floats(10, 10_000), st.integers(1, 50))
def test_equal_bouts_have_gini_zero_and_are_their_own_usual_bout(length, n):
    x = np.full(n, length)

    assert_allclose(gini(x), 0, atol=1e-9)
    assert w50(x) == length


def test_one_long_bout_among_many_short_ones_dominates():
    assert gini(np.array([1.0] * 99 + [9901.0])) > 0.95


def test_the_usual_bout_of_a_known_sample():
    # Of 100 min, bouts up to 10 hold 20, up to 30 hold 50, up to 50 all.
    assert w50(np.array([10.0, 10.0, 30.0, 50.0])) == 30


def test_alpha_of_a_known_sample():
    # ln(x / x_min) = 1 for every bout, so alpha = 1 + n / n.
    alpha, error = power_law(np.full(25, 60 * math.e))

    assert_allclose((alpha, error), (2.0, 0.2))


def test_alpha_recovers_the_exponent_of_a_power_law():
    share_longer = (np.arange(4000) + 0.5) / 4000

    alpha, error = power_law(60 * share_longer ** (-1 / 0.7))

    assert abs(alpha - 1.7) < 3 * error


def test_bouts_under_a_minute_do_not_enter_alpha():
    long = [60 * math.e] * 25

    assert_allclose(patterns_of(long + [12.0] * 30).alpha, patterns_of(long).alpha)


def test_too_few_bouts_give_no_pattern_and_say_so():
    patterns = patterns_of([600.0] * 19)

    assert math.isnan(patterns.w50_s)
    assert math.isnan(patterns.gini)
    assert math.isnan(patterns.alpha)
    assert patterns.why == Reason.TOO_FEW_BOUTS


def test_bouts_all_of_the_shortest_length_have_no_exponent_and_say_so():
    patterns = patterns_of([60.0] * 20)

    assert (patterns.w50_s, patterns.gini) == (60, 0)
    assert math.isnan(patterns.alpha)
    assert patterns.why == Reason.BOUTS_TOO_ALIKE


@given(PHASES)
def test_spells_hold_no_more_than_was_seen_and_end_at_most_once_per_bout(phases):
    bouts = bouts_of(phases)
    sat = sedentary(bouts)
    total = sum(b.seconds for b in bouts if b.activity is SIT)

    assert sat.breaks <= sat.bouts <= sum(b.activity is SIT for b in bouts)
    assert sum(spell.seconds for spell in spells(bouts, SEDENTARY)) <= total + 1e-6
    assert sat.prolonged_s <= total + 1e-6
    if sat.bouts:
        assert sat.mean_s <= sat.longest_s + 1e-6
        assert sat.median_s <= sat.longest_s <= total + 1e-6


@given(PHASES)
def test_no_sitting_spell_outlasts_the_stationary_one_around_it(phases):
    bouts = bouts_of(phases)
    longest = [max((spell.seconds for spell in spells(bouts, kinds)), default=0) for kinds in (SEDENTARY, STATIONARY)]

    assert longest[0] <= longest[1] + 1e-6


def test_a_bout_that_still_runs_at_the_end_is_no_break():
    sat = sedentary(bouts_of([(SIT, 30), (STAND, 5), (SIT, 60)]))

    assert (sat.bouts, sat.breaks, sat.longest_s) == (2, 1, 3600)
    assert_allclose(sat.breaks_per_h, 1 / 1.5)


def test_leaving_ends_sitting_as_well():
    assert sedentary(bouts_of([(SIT, 30), (AWAY, 5)])).breaks == 1


def test_seconds_out_of_sight_neither_split_a_bout_nor_count():
    sat = sedentary(bouts_of([(SIT, 20), (UNKNOWN, 0.5), (SIT, 10), (STAND, 1)]))

    assert (sat.bouts, sat.breaks) == (1, 1)
    assert_allclose(sat.longest_s, 1800)


def test_minutes_out_of_sight_or_with_the_monitor_off_end_a_bout_without_a_break():
    for unseen in (UNKNOWN, None):
        sat = sedentary(bouts_of([(SIT, 20), (unseen, 5), (SIT, 10)]))

        assert (sat.bouts, sat.breaks, sat.breaks_per_h) == (2, 0, 0)


def test_a_bout_under_ten_seconds_is_none():
    assert sedentary(bouts_of([(SIT, 0.1), (STAND, 5)])).bouts == 0


def test_standing_still_ends_a_sedentary_bout_and_not_a_stationary_one():
    bouts = bouts_of([(SIT, 30), (STAND, 20), (MOVE, 1), (SIT, 10)])

    assert [spell.seconds for spell in spells(bouts, SEDENTARY)] == [1800, 600]
    assert [spell.seconds for spell in spells(bouts, STATIONARY)] == [3000, 600]
