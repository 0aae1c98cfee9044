"""How sitting adds up over days, minutes and overlapping records."""

import math
from dataclasses import asdict, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from report_days import AWAY, MOVE, SIT, STAND, UNKNOWN, bouts_of

from monitor.core.history.accumulation import LEAST_PEOPLE, accumulate, day_totals, is_valid, spread_of
from monitor.core.history.epochs import Covered, cut, epochs
from monitor.core.sedentary.bout_metrics import sedentary

PHASES = st.lists(st.tuples(st.sampled_from([SIT, STAND, MOVE, AWAY, UNKNOWN, None]), st.floats(0.01, 200)), max_size=40)
SHARES = ("unseen_share", "sitting_share", "standing_share", "moving_share", "gini_index", "share_30min", "share_60min")


def seconds(bouts):
    return math.fsum(bout.seconds for bout in bouts)


@given(st.lists(PHASES, max_size=4))
def test_shares_are_shares_and_activities_fill_the_time_seen(days):
    total = accumulate([day_totals(bouts_of(phases)) for phases in days])
    shares = [value for name in SHARES if not math.isnan(value := getattr(total, name))]

    assert all(0 <= value <= 1 for value in shares)
    assert_allclose(total.sitting_s + total.standing_s + total.moving_s, total.seen_s)
    assert math.isnan(total.sitting_share) is (total.seen_s == 0)
    assert total.share_60min <= total.share_30min or total.bouts == 0
    assert total.transitions <= total.breaks + sum(len(phases) for phases in days)


@given(st.lists(PHASES, min_size=1, max_size=4))
def test_the_order_of_days_changes_nothing_and_a_day_of_nothing_only_their_number(days):
    totals = [day_totals(bouts_of(phases)) for phases in days]
    empty = day_totals([])
    one, other, more = (asdict(accumulate(t)) for t in (totals, totals[::-1], [*totals, empty]))

    np.testing.assert_equal(other, one)
    np.testing.assert_equal(more | {"days": len(days)}, one)


@given(PHASES)
def test_a_single_day_has_the_numbers_of_its_summary(phases):
    bouts = bouts_of(phases)
    total, summary = accumulate([day_totals(bouts)]), sedentary(bouts)
    ours = (total.bouts, total.mean_bout_s, total.median_bout_s, total.w50_s, total.gini_index, total.alpha, total.breaks)
    p = summary.patterns
    theirs = (summary.bouts, summary.mean_s, summary.median_s, p.w50_s, p.gini, p.alpha, summary.breaks)

    assert_allclose((*ours, total.breaks_per_sedentary_h), (*theirs, summary.breaks_per_h))


def test_a_known_day():
    total = accumulate(
        [day_totals(bouts_of([(SIT, 60), (STAND, 10), (SIT, 30), (AWAY, 20), (UNKNOWN, 25), (SIT, 15), (MOVE, 5)]))]
    )
    got = (total.sitting_share, total.unseen_share, total.share_30min, total.share_60min, total.breaks, total.transitions)

    assert_allclose(got, (105 / 120, 25 / 145, 90 / 105, 60 / 105, 3, 2))
    assert_allclose((total.breaks_per_sedentary_h, total.transitions_per_seen_h), (3 / 1.75, 1.0))


@given(PHASES, st.floats(1, 3e4))
def test_a_day_counts_by_the_time_seen_alone(phases, least_s):
    day = day_totals(bouts_of(phases))

    assert is_valid(day, least_s) is (sum(day.seconds[kind] for kind in (SIT, STAND, MOVE)) >= least_s) or math.isclose(
        day.seen_s, least_s
    )


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), max_size=30))
def test_quartiles_are_in_order_and_withheld_of_few(values):
    known = [value for value in values if not math.isnan(value)]
    spread = spread_of(values)

    assert spread.people == len(known)
    if len(known) < LEAST_PEOPLE:
        assert all(math.isnan(x) for x in (spread.lower, spread.median, spread.upper))
    else:
        assert_allclose((spread.lower, spread.median, spread.upper), np.percentile(known, (25, 50, 75)), rtol=1e-9, atol=1e-6)


# --- minutes and overlaps ----------------------------------------------------------------------------------------


@given(PHASES)
def test_minutes_hold_every_second_once(phases):
    bouts = bouts_of(phases)
    found = [*epochs(bouts)]

    assert_allclose(math.fsum(s for e in found for s in e.seconds.values()), seconds(bouts), atol=1e-4)
    assert all(e.start % 60 == 0 and sum(e.seconds.values()) <= 60 + 1e-4 for e in found)
    assert [e.start for e in found] == sorted({e.start for e in found})


@given(PHASES, PHASES, st.floats(-6000, 6000))
def test_what_two_records_tell_together_is_the_time_that_either_covers(one, other, shift):
    first = bouts_of(one)
    second = [replace(b, start=b.start + shift, end=b.end + shift) for b in bouts_of(other)]
    covered = Covered(first)
    added = covered.without(second)
    both = seconds(first) + seconds(added)
    covered.add(second)

    assert covered.without(second) == []
    assert Covered(second).without(added) == []
    overlap = math.fsum(seconds(cut(first, b.start, b.end)) for b in second)
    assert_allclose(both, seconds(first) + seconds(second) - overlap, atol=1e-3)
    assert all(covered.holds((b.start + b.end) / 2) for b in [*first, *second] if b.seconds > 1e-3)
