"""From observations to everything that is known: order in time, rates, gaps, darkness, absences."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from bodies import SEEN_FROM_THE_FRONT, SEEN_FROM_THE_SIDE, poses
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.core.body.pose import Observation
from monitor.core.errors import TimeOrderError
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.posture.baseline import Baseline, CalibrationStage
from monitor.core.reminders.decisions import Reminder
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute
from monitor.core.vocabulary import Activity, Reason, View
from monitor.testing import MORNING, SIT, Body, Bust, replay, scene

SITTING, STANDING, MOVING, AWAY, UNKNOWN = (
    Activity.SITTING, Activity.STANDING, Activity.MOVING, Activity.AWAY, Activity.UNKNOWN,
)  # fmt: skip
PHASES = ["sit", "slouch", "stand", "walk", "away", "dark", "gap", "face", "sink", "close"]
SCENES = st.lists(st.tuples(st.sampled_from(PHASES), st.integers(1, 60)), min_size=1, max_size=6).map(
    lambda spells: ", ".join(f"{what} {seconds}s" for what, seconds in spells)
)
SLOUCH = replace(SIT, lean=30.0)


def observe(script, period_s=0.2, baseline=SEEN_FROM_THE_SIDE):
    """Every step, and all bouts in order, the one that the end completes included."""
    pipeline = Pipeline(Plan(baseline, period_s=period_s))
    steps = [pipeline.step(obs) for obs in scene(script, period_s)]
    events = [e for s in steps for e in s.events] + list(pipeline.finish())
    return steps, [e for e in events if isinstance(e, Bout)], events


def states(script, period_s=0.2):
    """What counted and from when (s): ``[(sitting, 0), (standing, 60.2)]``."""
    return [(b.activity, round(b.start - MORNING, 1)) for b in observe(script, period_s)[1]]


def steps_of(spells, baseline=SEEN_FROM_THE_SIDE, period_s=0.2):
    """Steps over poses, or reasons for none, held for so many seconds."""
    pipeline, t, steps = Pipeline(Plan(baseline, period_s=period_s)), MORNING, []
    for what, seconds in spells:
        for _ in range(round(seconds / period_s)):
            obs = Observation(t, None, what) if isinstance(what, str) else Observation(t, what.pose())
            steps.append(pipeline.step(obs))
            t += period_s
    return steps


# --- laws --------------------------------------------------------------------------------------------------------


@examples(3)
@given(SCENES)
def test_bouts_tile_the_time_from_the_first_to_the_last_observation(script):
    seen = [obs.t for obs in scene(script)]
    _, bouts, _ = observe(script)

    assert [bouts[0].start, bouts[-1].end] == [seen[0], seen[-1]] if seen else bouts == []
    assert all(a.end == b.start for a, b in pairwise(bouts))


@examples(2)
@given(SCENES)
def test_replaying_the_same_observations_gives_the_same_steps(script):
    assert repr(observe(script)) == repr(observe(script))


@examples(2)
@given(SCENES, st.integers(1, 400))
def test_what_is_known_at_a_time_does_not_depend_on_what_comes_later(script, n):
    observations = list(scene(script))

    assert repr(replay(observations[:n])) == repr(replay(observations)[:n])


@examples(3)
@given(SCENES)
def test_missing_is_nan_with_a_reason_at_every_step(script):
    for step in observe(script)[0]:
        assert all(math.isnan(r.value) == bool(r.why) for r in step.readings.values())
        assert (step.posture.state == "unknown") == (step.posture.why is not None)
        assert step.posture.off <= step.posture.judged


@examples(3)
@given(st.lists(st.tuples(st.floats(0, 40), poses() | st.sampled_from([Reason.NOBODY, Reason.TOO_DARK])), min_size=1))
def test_no_body_however_odd_stops_it(seen):
    pipeline, t = Pipeline(Plan(SEEN_FROM_THE_FRONT)), MORNING
    for gap, pose in seen:
        t += gap
        step = pipeline.step(Observation(t, None, pose) if isinstance(pose, str) else Observation(t, pose))
        assert step.since <= step.t
    pipeline.finish()


RATES = st.sampled_from([(1.0, 0.2), (1.0, 1 / 30), (0.2, 1 / 30)])


def at_both(rates, script):
    slow, fast = (observe(script, rate)[1] for rate in rates)

    assert [b.activity for b in slow] == [b.activity for b in fast]
    return [b.start for b in slow], [b.start for b in fast]


@examples(2)
@given(st.lists(st.sampled_from(["sit", "stand", "away", "dark"]), min_size=2, max_size=4), st.integers(13, 25), RATES)
def test_the_rate_moves_a_transition_by_at_most_one_sample_of_the_slower_one(acts, seconds, rates):
    slow, fast = at_both(rates, ", ".join(f"{act} {seconds}s" for act in acts))

    assert slow == pytest.approx(fast, abs=rates[0] + 0.01)


@examples(2)
@given(st.sampled_from(["sit", "stand", "away"]), st.integers(20, 30), RATES)
def test_the_rate_hides_of_a_walk_at_most_the_turn_before_its_end(act, seconds, rates):
    """Who turns back between two pictures a second apart has not moved between them, and stopped a sample earlier."""
    slow, fast = at_both(rates, f"{act} {seconds}s, walk {seconds}s, {act} {seconds}s")

    assert slow == pytest.approx(fast, abs=2 * rates[0] + 0.41)


@examples(3)
@given(SCENES)
def test_minutes_hold_the_time_that_somebody_was_there(script):
    steps, _, events = observe(script)
    there = sum(0.2 for step in steps if step.readings["head_height"].measured)

    assert sum(m.signals["head_height"].measured_s for m in events if isinstance(m, Minute)) == pytest.approx(there, abs=0.5)


# --- time --------------------------------------------------------------------------------------------------------


def test_time_never_runs_backwards_and_may_stand_still():
    pipeline = Pipeline()
    pipeline.step(Observation(MORNING, None, Reason.NOBODY))
    pipeline.step(Observation(MORNING, None, Reason.NOBODY))

    with pytest.raises(TimeOrderError, match="must not run backwards"):
        pipeline.step(Observation(MORNING - 0.1, None, Reason.NOBODY))


def test_after_an_observation_out_of_order_the_others_still_count():
    pipeline = Pipeline()
    pipeline.step(Observation(MORNING, SIT.pose()))
    with pytest.raises(TimeOrderError):
        pipeline.step(Observation(MORNING - 5, SIT.pose()))

    assert pipeline.step(Observation(MORNING + 0.2, SIT.pose())).open.seconds == pytest.approx(0.2)


def test_a_run_without_any_observation_has_nothing_to_tell():
    assert Pipeline().finish() == ()


# --- absences, gaps, darkness ------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [Reason.NOBODY, Reason.TOO_DARK, Reason.NOT_CLEAR])
def test_two_seconds_without_a_person_reset_nothing(missing):
    with_gap = steps_of([(SIT, 60), (missing, 2), (SIT, 60)])
    last = with_gap[-1]

    assert {s.state for s in with_gap} == {SITTING}
    assert last.since == MORNING
    assert last.runs["sitting"].since == MORNING
    assert last.runs["sitting"].seconds == pytest.approx(121.8)
    assert last.open.start == MORNING


def test_a_short_absence_is_seen_at_once_and_counts_only_later():
    steps = steps_of([(SIT, 60), (Reason.NOBODY, 2)])

    assert [s.sample.activity for s in steps[-10:]] == [AWAY] * 10
    assert {s.state for s in steps[-10:]} == {SITTING}


def test_leaving_counts_after_ten_seconds_from_when_it_began():
    assert states("sit 60s, away 30s, sit 60s") == [(SITTING, 0), (AWAY, 60), (SITTING, 90)]


def test_a_gap_is_unknown_and_the_sitting_before_it_ends_there():
    _, bouts, _ = observe("sit 60s, gap 30s, sit 60s")

    assert [(b.activity, b.why) for b in bouts] == [(SITTING, None), (UNKNOWN, Reason.NO_PICTURES), (SITTING, None)]
    assert [round(b.end - MORNING, 1) for b in bouts] == [59.8, 90, 149.8]


def test_a_pause_of_ten_seconds_is_bridged():
    assert states("sit 60s, gap 9.6s, sit 60s") == [(SITTING, 0)]


def test_darkness_is_unknown_and_never_sitting():
    _, bouts, _ = observe("sit 60s, dark 120s, sit 60s")

    assert [(b.activity, b.why, round(b.seconds)) for b in bouts] == [
        (SITTING, None, 60), (UNKNOWN, Reason.TOO_DARK, 120), (SITTING, None, 60),
    ]  # fmt: skip


def test_a_sleep_of_the_laptop_is_neither_sitting_nor_away():
    steps, bouts, events = observe("sit 20min, gap 8h, sit 20min", period_s=1.0)

    assert [round(b.seconds / 60) for b in bouts] == [20, 480, 20]
    assert steps[-1].runs["sitting"].seconds == pytest.approx(20 * 60 - 1)
    assert not [e for e in events if isinstance(e, Reminder)]
    # The first sample after the gap stands for one period, not for eight hours or the longest pause that is bridged.
    assert max(m.signals["trunk_inclination"].measured_s for m in events if isinstance(m, Minute)) <= 60 + 1 + 1e-6


def test_minutes_go_out_while_the_chair_is_empty():
    steps, _, _ = observe("sit 90s, away 10min", period_s=1.0)
    minutes = [round(s.t - MORNING) for s in steps for e in s.events if isinstance(e, Minute)]

    assert minutes == [60, 120]


# --- transitions -------------------------------------------------------------------------------------------------


def test_sitting_standing_walking_and_leaving_are_told_apart():
    entered = states("sit 60s, stand 60s, walk 30s, away 60s, sit 60s")

    assert [what for what, _ in entered] == [SITTING, STANDING, MOVING, AWAY, SITTING]
    assert [since for _, since in entered] == pytest.approx([0, 60, 120, 150, 210], abs=0.8)


def test_a_stretch_is_not_a_stand():
    assert states("sit 60s, stand 2s, sit 60s") == [(SITTING, 0)]


def test_standing_for_eight_seconds_belongs_to_the_sitting_around_it():
    assert states("sit 60s, stand 8s, sit 60s") == [(SITTING, 0)]


@pytest.mark.parametrize("start", [MORNING, MORNING + 0.123])
def test_a_time_lapse_of_ten_seconds_needs_two_samples_that_agree(start):
    pipeline = Pipeline(Plan(period_s=10.0))
    script = "sit 10min, stand 10s, sit 5min, stand 3min, away 10s, stand 1min, away 5min, sit 5min"
    events = [e for obs in scene(script, 10.0, start) for e in pipeline.step(obs).events]
    bouts = [e for e in [*events, *pipeline.finish()] if isinstance(e, Bout)]

    assert [b.activity for b in bouts] == [SITTING, STANDING, AWAY, SITTING]
    assert [b.start - start for b in bouts] == pytest.approx([0, 910, 1160, 1460], abs=0.01)


def test_a_time_lapse_bridges_two_missing_pictures_and_not_three():
    def kinds(missing):
        return [b.activity for b in observe(f"sit 5min, gap {missing}s, sit 5min", period_s=10.0)[1]]

    assert kinds(10) == [SITTING]
    assert kinds(20) == [SITTING, UNKNOWN, SITTING]


def test_in_a_time_lapse_half_an_hour_of_sitting_is_told():
    _, _, events = observe("sit 31min", period_s=10.0)

    assert [(e.kind, e.t - MORNING) for e in events if isinstance(e, Reminder)] == [("sat_too_long", 1800)]


# --- posture -----------------------------------------------------------------------------------------------------


def test_posture_is_judged_only_of_somebody_who_sits_or_stands():
    steps = steps_of([(SIT, 10), (Reason.NOBODY, 5), (Reason.TOO_DARK, 5)])

    assert [s.posture.state for s in (steps[-51], steps[-26], steps[-1])] == ["ok", "unknown", "unknown"]
    assert {s.posture.state for s in observe("walk 20s")[0][5:]} <= {"unknown", "ok"}
    assert steps[-1].posture.why == Reason.TOO_DARK


def test_hysteresis_outlasts_a_short_absence():
    """Half the tolerance is out for a person who was out before, and in for anybody else."""
    between = replace(SIT, lean=11.0)

    assert steps_of([(between, 5)])[-1].posture.sustained == frozenset()
    assert steps_of([(SLOUCH, 5), (between, 5)])[-1].posture.sustained == {"trunk_inclination"}
    assert steps_of([(SLOUCH, 5), (Reason.NOBODY, 2), (between, 5)])[-1].posture.sustained == {"trunk_inclination"}


def test_hysteresis_does_not_outlast_a_break_or_getting_up():
    between = replace(SIT, lean=11.0)
    stooping = Body(lean=11.0, thigh=2.0, y=0.5)

    assert steps_of([(SLOUCH, 5), (Reason.NOBODY, 60), (between, 5)])[-1].posture.sustained == frozenset()
    assert steps_of([(SLOUCH, 5), (stooping, 10)])[-1].posture.sustained == frozenset()


def test_the_view_is_kept_over_a_short_absence():
    class ObliqueBust(Bust):
        def pose(self):
            return replace(super().pose(), turn_deg=30.0)

    steps = steps_of([(Bust(), 2), (ObliqueBust(), 2), (Reason.NOBODY, 1), (ObliqueBust(), 2)], SEEN_FROM_THE_FRONT)

    assert [s.view for s in steps if s.view] == [View.FRONT] * 30
    assert {s.view for s in steps if not s.readings["head_height"].measured} == {None}


def test_head_and_shoulders_are_assumed_to_sit_until_a_standing_calibration_tells():
    risen = replace(Bust(), height=0.95)
    levels = {
        stage: {name: replace(ref, center=height) if name == "head_height" else ref for name, ref in refs.items()}
        for (stage, height), refs in zip(
            ((CalibrationStage.SITTING_TALL, 0.65), (CalibrationStage.STANDING, 0.95)),
            [SEEN_FROM_THE_FRONT.of(SITTING)] * 2,
            strict=True,
        )
    }
    assumed = steps_of([(risen, 5)], SEEN_FROM_THE_FRONT)[-1]
    known = steps_of([(risen, 5)], Baseline(levels))[-1]

    assert (assumed.state, assumed.open.assumed) == (SITTING, True)
    assert (known.state, known.open.assumed) == (STANDING, False)
