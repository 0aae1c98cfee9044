"""Bouts tile the time that was watched; runs tell how long it has gone on without a break."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sedentary.bout_metrics import sedentary
from monitor.core.sedentary.bouts import (
    BREAK_CREDIT_S,
    FORGET_UNSEEN_S,
    MIN_BOUT_S,
    ON_FEET,
    SEDENTARY,
    STATIONARY,
    Bout,
    Bouts,
    run_of,
    with_breaks,
)
from monitor.core.sedentary.debounce import Debounce
from monitor.core.vocabulary import Activity, Reason

SIT, UP, MOVE, AWAY, UNKNOWN = Activity.SITTING, Activity.STANDING, Activity.MOVING, Activity.AWAY, Activity.UNKNOWN
START = 1772442000.0
# Spells of tenths of a second to a minute; None is a gap.
DAYS = st.lists(st.tuples(st.sampled_from([*Activity, None]), st.integers(1, 300)), min_size=1, max_size=25)


def watch(spells, period_s=0.2):
    """Every bout, and the times of the first and the last observation."""
    debounce, bouts, found, times, t = Debounce(), Bouts(), [], [], START
    for what, n in spells:
        activity, count = (what, n) if what else (SIT, 1)
        if what is None:
            t += 11 + n * period_s
            found += bouts.cut(t, Reason.NO_PICTURES)
            debounce = Debounce()
        for _ in range(count):
            state, since = debounce.update(t, activity)
            found += [b for b in [bouts.update(Bout(state, since, t), activity)] if b]
            times.append(t)
            t += period_s
    return [*found, bouts.open], times


def seen(*spells: tuple[Activity, float], period_s=0.2):
    bouts, _ = watch([(activity, round(seconds / period_s)) for activity, seconds in spells], period_s)
    return [(b.activity, pytest.approx(b.start - START, abs=0.01), pytest.approx(b.end - START, abs=0.01)) for b in bouts]


@given(DAYS, st.sampled_from([0.2, 1.0, 10.0]))
def test_bouts_are_ordered_and_disjoint_and_tile_the_time_that_was_watched(spells, period_s):
    bouts, times = watch(spells, period_s)

    assert bouts[0].start == times[0]
    assert bouts[-1].end == times[-1]
    assert all(a.end == b.start for a, b in pairwise(bouts))
    assert all(b.start <= b.end for b in bouts)
    assert sum(b.seconds for b in bouts) == pytest.approx(times[-1] - times[0])


@given(DAYS, st.sampled_from([0.2, 1.0, 10.0]))
def test_only_starts_gaps_and_ends_have_short_bouts(spells, period_s):
    bouts, _ = watch(spells, period_s)
    for before, bout, after in zip([None, *bouts], bouts, [*bouts[1:], None], strict=False):
        at_an_edge = before is None or after is None or Reason.NO_PICTURES in (before.why, after.why)
        assert at_an_edge or bout.seconds >= MIN_BOUT_S - 0.01


@given(DAYS, st.sampled_from([0.2, 1.0, 10.0]))
def test_no_bout_is_followed_by_one_of_its_own_kind(spells, period_s):
    bouts, _ = watch(spells, period_s)

    assert all(a.activity is not b.activity or Reason.NO_PICTURES in (a.why, b.why) for a, b in pairwise(bouts))


@given(DAYS)
def test_a_bout_never_reaches_past_the_last_observation(spells):
    debounce, bouts = Debounce(), Bouts()
    for i, activity in enumerate(a for a, n in spells if a for _ in range(n)):
        state, since = debounce.update(START + i, activity)
        bouts.update(Bout(state, since, START + i), activity)

        assert bouts.open is not None
        assert bouts.open.end == START + i


@given(DAYS)
def test_time_that_was_not_watched_is_unknown(spells):
    bouts, times = watch(spells)
    gaps = [(a, b) for a, b in pairwise(times) if b - a > 10]

    assert [(b.start, b.end) for b in bouts if b.why == Reason.NO_PICTURES] == gaps


def test_a_short_stand_belongs_to_the_sitting_around_it():
    assert seen((SIT, 60), (UP, 8), (SIT, 60)) == [(SIT, 0, 127.8)]


def test_a_stand_of_ten_seconds_is_a_bout_of_its_own():
    assert seen((SIT, 60), (UP, 12), (SIT, 60)) == [(SIT, 0, 60), (UP, 60, 72), (SIT, 72, 131.8)]


def test_the_dwell_of_the_return_does_not_lengthen_a_stand():
    assert seen((SIT, 60), (UP, 7.6), (SIT, 60)) == [(SIT, 0, 127.4)]


def test_walking_about_in_short_stretches_is_not_sitting():
    pottering = [(MOVE, 6), (UP, 5)] * 6

    (_, _, left), (what, _, back), (_, _, _) = seen((SIT, 60), *pottering, (SIT, 60))

    assert (what, left) == (MOVE, 60)
    # The last five seconds of standing may belong to either side.
    assert 120 < back.expected <= 126.1


def test_getting_up_and_leaving_is_one_change():
    assert seen((SIT, 60), (UP, 6), (AWAY, 60)) == [(SIT, 0, 60), (AWAY, 60, 125.8)]


def test_the_first_seconds_belong_to_what_follows():
    assert seen((AWAY, 4), (SIT, 60)) == [(SIT, 0, 63.8)]


# --- runs --------------------------------------------------------------------------------------------------------


def one_after_another(*spells: tuple[Activity, float]):
    bouts, t = [], 0.0
    for activity, seconds in spells:
        bouts.append(Bout(activity, t, t + seconds))
        t += seconds
    return bouts


RUNS = st.lists(st.tuples(st.sampled_from(list(Activity)), st.floats(1, 2000)), max_size=20)
KINDS = st.sampled_from([SEDENTARY, STATIONARY, ON_FEET])


@given(RUNS, KINDS)
def test_a_run_holds_all_its_time_since_the_last_break_and_no_other(spells, kinds):
    bouts = one_after_another(*spells)
    run = run_of(kinds, bouts)
    inside = [b for b in bouts if run.since is not None and b.start >= run.since]

    assert run.seconds == pytest.approx(sum(b.seconds for b in inside if b.activity in kinds))
    assert (run.since is None) == (run.seconds == 0)
    assert run.elsewhere < BREAK_CREDIT_S
    assert run.unseen < FORGET_UNSEEN_S


@given(RUNS, KINDS)
def test_a_bout_that_is_cut_in_two_makes_the_same_run(spells, kinds):
    whole = one_after_another(*spells)
    halves = one_after_another(*((activity, seconds / 2) for activity, seconds in spells for _ in range(2)))
    a, b = run_of(kinds, whole), run_of(kinds, halves)

    assert (a.seconds, a.since, a.after_break) == (pytest.approx(b.seconds), pytest.approx(b.since), b.after_break)


@pytest.mark.parametrize(
    ("between", "seconds", "after_break"),
    [
        ((UP, 59), 1200, False),
        ((UP, 60), 600, True),
        ((AWAY, 60), 600, True),
        ((UNKNOWN, 1199), 1200, False),
        ((UNKNOWN, 1200), 600, False),
    ],
)
def test_a_minute_elsewhere_is_a_break_and_twenty_unseen_minutes_are_forgotten(between, seconds, after_break):
    run = run_of(SEDENTARY, one_after_another((SIT, 600), between, (SIT, 600)))

    assert (run.seconds, run.after_break) == (seconds, after_break)


def test_two_short_stands_do_not_add_up_to_a_break():
    assert run_of(SEDENTARY, one_after_another((SIT, 600), (UP, 40), (SIT, 600), (UP, 40), (SIT, 600))).seconds == 1800


def test_standing_still_ends_sitting_and_not_being_stationary():
    bouts = one_after_another((SIT, 600), (UP, 300))

    assert run_of(SEDENTARY, bouts).seconds == 0
    assert run_of(STATIONARY, bouts).seconds == 900


def test_walking_ends_both():
    bouts = one_after_another((SIT, 600), (MOVE, 60))

    assert run_of(STATIONARY, bouts).seconds == 0
    assert run_of(STATIONARY, bouts).after_break


def test_a_day_of_many_short_interruptions_is_still_one_run():
    bouts = one_after_another(*[(SIT, 300), (AWAY, 20)] * 90)

    assert run_of(SEDENTARY, bouts).seconds == 90 * 300
    assert run_of(SEDENTARY, bouts).since == 0


# --- between runs of the monitor, and breaks that the person marked ---------------------------------------------


def test_time_in_which_no_monitor_ran_is_unseen_and_ends_a_run_after_twenty_minutes():
    morning, later = Bout(SIT, 0.0, 600.0), Bout(SIT, 600.0 + 19 * 60, 2400.0)

    assert run_of(SEDENTARY, [morning, later]).seconds == 600 + later.seconds
    assert run_of(SEDENTARY, [morning, Bout(SIT, 600.0 + 21 * 60, 2400.0)]).seconds == 2400 - 600 - 21 * 60
    assert run_of(SEDENTARY, [morning], now=600.0 + 21 * 60).seconds == 0
    assert run_of(SEDENTARY, [morning], now=700.0).seconds == 600


@given(st.lists(st.floats(-60, 3700), max_size=5))
def test_a_marked_break_parts_a_bout_and_nothing_is_lost(marks):
    bouts = [Bout(SIT, 0.0, 1800.0), Bout(UP, 1800.0, 3600.0)]
    parted = with_breaks(bouts, sorted(marks))

    assert len(parted) == 2 + 2 * sum(0 <= t < 3600 for t in marks)
    assert sum(b.seconds for b in parted) == pytest.approx(3600.0)
    assert all(a.end == b.start for a, b in pairwise(parted))
    assert [b for b in parted if b.why == Reason.MARKED_BREAK and b.seconds] == []


def test_a_marked_break_is_a_break_and_begins_the_clock_again():
    parted = with_breaks([Bout(SIT, 0.0, 1800.0)], [1200.0])

    assert sedentary(parted).breaks == 1
    assert (run_of(SEDENTARY, parted).seconds, run_of(SEDENTARY, parted).after_break) == (600.0, True)
