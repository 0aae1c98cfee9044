"""The lower back in the person's own range: 0 is one's own slump, 1 one's own tall sitting, 0 deg one's own standing."""

from datetime import UTC

import pytest
from backs import sitting, standing
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.pipeline import Plan
from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference, judge
from monitor.core.posture.lumbar_baseline import (
    CHANGE,
    INDEX,
    LORDOSIS,
    SMALLEST_RANGE_DEG,
    own_range,
    own_references,
    with_own_back,
)
from monitor.core.posture.readings import Reading, nothing
from monitor.core.reminders.decisions import Reminder
from monitor.core.vocabulary import Reason
from monitor.testing import MORNING, replay
from monitor.texts.reminders import plain

ANGLES = st.floats(-30, 60)


def person(slumped=0.0, tall=20.0, standing_deg=35.0, spread=1.0):
    angles = {
        CalibrationStage.SITTING_TALL: tall,
        CalibrationStage.SITTING_RELAXED: slumped,
        CalibrationStage.STANDING: standing_deg,
    }
    return Baseline(own_references({stage: {LORDOSIS: Reference(deg, spread, 25)} for stage, deg in angles.items()}))


def own(value, baseline, sd=3.0):
    got = with_own_back(nothing(Reason.NOT_MEASURED) | {LORDOSIS: Reading(value, None, sd)}, baseline)
    return got[INDEX], got[CHANGE]


@given(ANGLES, st.floats(SMALLEST_RANGE_DEG + 1e-6, 50), ANGLES)
def test_the_own_slump_is_0_and_the_own_tall_sitting_1(slumped, size, home):
    baseline = person(slumped, slumped + size)

    assert own(slumped, baseline)[0].value == pytest.approx(0, abs=1e-9)
    assert own(slumped + own_range(baseline), baseline)[0].value == pytest.approx(1)
    assert own(home, baseline)[0].value == pytest.approx((home - slumped) / size, rel=1e-6, abs=1e-6)


@given(ANGLES, ANGLES)
def test_the_change_is_from_the_own_standing(home, stands):
    change = own(home, person(standing_deg=stands))[1]

    assert change.value == pytest.approx(home - stands)
    assert change.sd == 3.0


def test_a_range_within_the_noise_is_no_range():
    index = own(10.0, person(10.0, 10.0 + SMALLEST_RANGE_DEG - 0.1))[0]

    assert (index.measured, index.why) == (False, Reason.OWN_RANGE_TOO_SMALL)


def test_without_calibration_nothing_is_compared():
    index, change = own(10.0, Baseline())

    assert (index.why, change.why) == (Reason.NOT_CALIBRATED, Reason.NOT_CALIBRATED)


def test_what_was_not_read_keeps_its_reason():
    readings = nothing(Reason.BACK_HIDDEN_BY_CHAIR)

    assert with_own_back(readings, person()) == readings
    assert with_own_back({}, person()) == {}


def test_sitting_is_judged_by_flexion_and_only_standing_by_more_hollow():
    baseline = person()
    slump, hollow = (with_own_back(nothing(Reason.NOT_MEASURED) | {LORDOSIS: Reading(deg)}, baseline) for deg in (2.0, 50.0))
    sat, stood = baseline.stages[CalibrationStage.SITTING_TALL], baseline.stages[CalibrationStage.STANDING]

    assert judge(slump, sat).off == {INDEX}
    assert judge(hollow, sat).off == frozenset()
    assert judge(hollow, stood).off == {CHANGE}
    assert judge(slump, stood).off == frozenset()


# --- the reminder ------------------------------------------------------------------------------------------------

TALL, SLUMPED = sitting(hollow=0.06), sitting(hollow=-0.02)


def calibrated():
    angles = {
        stage: replay([Observation(0.0, pose)], Plan(period_s=10.0))[0].readings[LORDOSIS].value
        for stage, pose in (
            (CalibrationStage.SITTING_TALL, TALL),
            (CalibrationStage.SITTING_RELAXED, SLUMPED),
            (CalibrationStage.STANDING, standing()),
        )
    }
    return Baseline(own_references({stage: {LORDOSIS: Reference(deg, 0.5, 25)} for stage, deg in angles.items()}))


def day(*spells: tuple[object, int]):
    """Every step of (pose, minutes), a picture every five seconds."""
    t, seen = MORNING, []
    for pose, minutes in spells:
        seen += [Observation(t + i, pose) for i in range(0, minutes * 60, 5)]
        t += minutes * 60
    return replay(seen, Plan(calibrated(), period_s=5.0))


def reminders_in(steps, kind="lumbar_flexed"):
    return [e for step in steps for e in step.events if isinstance(e, Reminder) and e.kind == kind]


def test_a_long_slump_is_told_once_and_says_why():
    reminders = reminders_in(day((TALL, 2), (SLUMPED, 12)))

    assert [round((r.t - MORNING) / 60) for r in reminders] == [8]
    assert 5 * 60 <= reminders[0].due.seconds <= 6 * 60 + 10
    assert plain(reminders[0], UTC).body.endswith("6 min.")


def test_a_short_slump_and_tall_sitting_are_left_alone():
    assert reminders_in(day((TALL, 6), (SLUMPED, 4), (TALL, 6), (SLUMPED, 4), (TALL, 1))) == []


def test_a_back_that_cannot_be_seen_is_not_told_of():
    assert reminders_in(day((sitting(hollow=-0.02, valid=False, reason="chair"), 20))) == []


def test_the_held_position_leaves_the_lower_back_to_its_own_reminder():
    assert reminders_in(day((SLUMPED, 10)), "posture_held") == []


def test_the_index_of_a_stream_is_0_in_the_slump_and_1_sitting_tall():
    steps = day((TALL, 1), (SLUMPED, 1))

    assert steps[6].readings[INDEX].value == pytest.approx(1, abs=0.01)
    assert steps[-1].readings[INDEX].value == pytest.approx(0, abs=0.01)


def test_minutes_keep_the_lumbar_signals_and_why_they_are_missing():
    hidden = sitting(valid=False, reason="chair")
    minutes = [e for step in day((TALL, 2), (hidden, 2)) for e in step.events if hasattr(e, "signals") and hasattr(e, "start")]

    seen, unseen = minutes[0].signals[INDEX], minutes[-1].signals[INDEX]
    assert seen.measured_s >= 55
    assert seen.mean == pytest.approx(1, abs=0.01)
    assert unseen.measured_s <= 2  # the picture in which the chair came
    assert unseen.why == Reason.BACK_HIDDEN_BY_CHAIR
