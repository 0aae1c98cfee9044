"""What a stretch of time amounts to."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from report_days import AWAY, DAY_S, MOVE, NINE, SIT, STAND, TOLD, UNKNOWN, bouts_of, day_of, reminder_record, working_day

from monitor.core.history.records import Records, Session, SignalTotal
from monitor.core.history.summary import summarize
from monitor.core.pipeline import Plan
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import MORNING, replay, scene

PHASES = st.lists(st.tuples(st.sampled_from([*Activity, None]), st.floats(0.1, 45)), min_size=1, max_size=20)
SHARES = ("measurable_share", "assumed_share")


@st.composite
def records(draw) -> Records:
    made = day_of(draw(PHASES.filter(lambda phases: any(a is not None for a, _ in phases))))
    guessed = [replace(bout, assumed=draw(st.booleans())) for bout in made.bouts]
    measured, judged, off = (draw(st.floats(0, 1)) for _ in range(3))
    present = sum(b.seconds for b in made.bouts)
    seconds = (present * measured, present * measured * judged, present * measured * judged * off)
    return replace(made, bouts=guessed, signals=[SignalTotal("head_tilt", 1.0, *seconds, 5.0, None)])


def shares(summary) -> list[float]:
    kinds = [seconds / summary.covered_s for seconds in summary.seconds.values()]
    signals = [share for one in summary.signals for share in (one.measured_share, one.off_share)]
    return [*kinds, *signals, *(getattr(summary, name) for name in SHARES)]


@given(records())
def test_every_share_is_a_share_or_not_known(kept):
    assert all(math.isnan(share) or 0 <= share <= 1 for share in shares(summarize(kept)))


@given(records())
def test_the_activities_add_up_to_the_covered_time_and_no_further_than_the_session(kept):
    summary = summarize(kept)

    assert_allclose(sum(summary.seconds.values()), sum(b.seconds for b in kept.bouts))
    assert summary.covered_s <= summary.session_s + 1e-6
    assert_allclose(sum(summary.unknown_s.values()), summary.seconds[UNKNOWN])


@given(records())
def test_doubling_a_day_doubles_the_times_and_leaves_the_shares(kept):
    def later(one):
        end = None if one.end is None else one.end + DAY_S
        return replace(one, start=one.start + DAY_S, end=end)

    twice = Records(
        kept.start,
        kept.end + DAY_S,
        [*kept.sessions, *map(later, kept.sessions)],
        [*kept.bouts, *map(later, kept.bouts)],
        [
            replace(s, measured_s=2 * s.measured_s, judged_s=2 * s.judged_s, off_s=2 * s.off_s) for s in kept.signals
        ],
        [],
    )  # fmt: skip
    once, doubled = summarize(kept), summarize(twice)

    assert_allclose(shares(doubled), shares(once), atol=1e-6)
    assert_allclose(doubled.session_s, 2 * once.session_s)
    assert (doubled.sit_to_stand, doubled.sedentary.bouts) == (2 * once.sit_to_stand, 2 * once.sedentary.bouts)
    assert doubled.sedentary.breaks == 2 * once.sedentary.breaks
    for name in ("mean_s", "median_s", "longest_s", "breaks_per_h"):
        assert_allclose(getattr(doubled.sedentary, name), getattr(once.sedentary, name), atol=1e-6)
    assert_allclose(doubled.stationary_s, once.stationary_s, atol=1e-6)


def test_nothing_recorded_is_zero_time_and_unknown_shares():
    summary = summarize(Records(NINE, NINE + DAY_S, [], [], [], []))

    assert (summary.covered_s, summary.session_s, summary.sedentary.bouts, summary.sessions) == (0, 0, 0, 0)
    unknown = (summary.measurable_share, summary.assumed_share, summary.first, summary.last, summary.stationary_s)
    assert all(math.isnan(value) for value in unknown)
    assert math.isnan(summary.sedentary.breaks_per_h)


def test_a_working_day_is_told_as_it_was():
    summary = summarize(working_day())

    assert {kind: seconds / 60 for kind, seconds in summary.seconds.items()} == {
        SIT: 186.5, STAND: 28, MOVE: 5, AWAY: 47, UNKNOWN: 12.5,
    }  # fmt: skip
    # 28, 41 + 11, 63.5, 19, 24 min; the one before the laptop slept and the one of the end were not seen to end.
    assert (summary.sedentary.bouts, summary.sedentary.breaks, summary.sit_to_stand) == (5, 3, 2)
    assert_allclose(summary.sedentary.longest_s, 63.5 * 60)
    assert_allclose(summary.sedentary.prolonged_s, (52 + 63.5) * 60)
    assert_allclose(summary.stationary_s, 63.5 * 60)
    assert list(summary.unknown_s) == [Reason.NO_PICTURES, Reason.HIPS_HIDDEN]
    assert_allclose(summary.measurable_share, 1 - 12.5 / 279)


def test_the_pipeline_s_own_bouts_give_the_day_that_was_played():
    steps = replay(scene("sit 20min, stand 4min, sit 10min, walk 1min, away 5min, sit 12min", period_s=1.0), Plan(period_s=1.0))
    bouts = [event for step in steps for event in step.events if isinstance(event, Bout)] + [steps[-1].open]
    end = steps[-1].t

    summary = summarize(Records(MORNING, end, [Session(1, MORNING, end, "scene", None)], bouts, [], []))

    assert (summary.sedentary.bouts, summary.sedentary.breaks, summary.sit_to_stand) == (3, 2, 2)
    assert_allclose([summary.seconds[kind] / 60 for kind in (SIT, STAND, MOVE, AWAY)], [42, 4, 1, 5], atol=0.1)
    assert_allclose(summary.stationary_s / 60, 34, atol=0.1)
    assert summary.measurable_share == 1


def test_leaving_the_picture_is_no_sit_to_stand():
    summary = summarize(day_of([(SIT, 10), (AWAY, 10), (SIT, 10), (STAND, 1), (SIT, 10), (UNKNOWN, 30), (STAND, 1)]))

    assert summary.sit_to_stand == 1


def test_time_the_monitor_ran_without_a_bout_lowers_what_was_measurable():
    kept = day_of([(SIT, 30)])
    ran = replace(kept, sessions=[Session(1, NINE, NINE + 3600, "camera", None)])

    assert summarize(ran).measurable_share == 0.5


def test_a_session_that_still_runs_counts_up_to_its_last_sign():
    bouts = bouts_of([(SIT, 30), (None, 60), (SIT, 10)])
    sessions = [Session(1, NINE, None, "camera", None), Session(2, NINE + 5400, None, "camera", None)]

    assert_allclose(summarize(Records(NINE, NINE + DAY_S, sessions, bouts, [], [])).session_s, 40 * 60)


def test_a_session_over_midnight_counts_within_the_day_only():
    sessions = [Session(1, NINE - 3600, NINE + 7200, "camera", None, cut=True)]
    summary = summarize(Records(NINE, NINE + 3600, sessions, bouts_of([(SIT, 60)]), [], []))

    assert (summary.session_s, summary.measurable_share, summary.cut_sessions) == (3600, 1, 1)


def test_assumed_sitting_is_told_apart():
    sure, assumed = bouts_of([(SIT, 30), (SIT, 10)])
    summary = summarize(Records(NINE, NINE + DAY_S, [], [sure, replace(assumed, assumed=True)], [], []))

    assert (summary.assumed_s, summary.assumed_share) == (600, 0.25)


def test_a_signal_is_compared_with_the_time_judged_and_the_time_present():
    kept = replace(
        day_of([(SIT, 60), (AWAY, 60)]), signals=[SignalTotal("head_tilt", 2.0, 1800, 900, 90, 42, Reason.HEAD_TURNED)]
    )
    (one,) = summarize(kept).signals

    assert (one.measured_share, one.off_share, one.total.hold_s) == (0.5, 0.1, 42)


def test_a_signal_never_measured_has_no_share_out_of_tolerance():
    kept = replace(day_of([(SIT, 60)]), signals=[SignalTotal("head_tilt", math.nan, 0, 0, 0, 0, "side view")])
    (one,) = summarize(kept).signals

    assert one.measured_share == 0
    assert math.isnan(one.off_share)


def test_signals_keep_the_order_of_the_table_and_unknown_ones_come_last():
    names = ["head_tilt", "from_later", "trunk_inclination"]
    kept = replace(day_of([(SIT, 60)]), signals=[SignalTotal(name, 1.0, 60, 0, 0, 0, None) for name in names])

    assert [one.total.name for one in summarize(kept).signals] == ["trunk_inclination", "head_tilt", "from_later"]


def test_reminders_count_what_was_shown_and_what_followed():
    summary = summarize(replace(working_day(), reminders=[*TOLD, replace(reminder_record("sat_too_long", 270), responded=None)]))
    sat, held, close = summary.reminders

    assert (sat.kind, sat.due, sat.shown, sat.known, sat.followed, sat.after_s) == ("sat_too_long", 4, 4, 3, 3, 95)
    assert (held.shown, held.known, held.followed) == (1, 1, 0)
    assert math.isnan(held.after_s)
    assert (close.due, close.shown, close.known) == (1, 0, 0)
