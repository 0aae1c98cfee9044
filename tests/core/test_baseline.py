"""The person's own reference: what is out of tolerance, what is in again, and what is never held against anybody."""

import math
from dataclasses import replace

import pytest
from bodies import SEEN_FROM_THE_FRONT, SEEN_FROM_THE_SIDE, references
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.posture.baseline import (
    RELEASE_SHARE,
    SPREADS,
    Baseline,
    CalibrationStage,
    Reference,
    judge,
    relate,
    tolerance_band,
)
from monitor.core.posture.readings import Reading, measure, nothing
from monitor.core.posture.signals import BY_NAME, SIGNALS, Direction
from monitor.core.vocabulary import Activity, Reason, View
from monitor.testing import Body, Bust

JUDGED = [s for s in SIGNALS if s.tolerance is not None]
SIDE, FRONT = references(Body()), references(Bust())
EVERY = {s.name: Reference(1.0, 0.0, 25) for s in SIGNALS}


def only(name, value):
    """Readings in which nothing but this can be seen."""
    return {**nothing("hidden"), name: Reading(value)}


def side(**body: float):
    return judge(measure(Body(**body).pose(), View.SIDE), SIDE)


def front(before=frozenset(), **bust: float):
    return judge(measure(Bust(**bust).pose(), View.FRONT), FRONT, before)


@given(st.sampled_from(JUDGED), st.floats(-3, 3))
def test_a_signal_is_off_beyond_its_tolerance_in_its_direction_only(signal, share):
    """With a baseline of 1, every tolerance is the row's own number."""
    posture = judge(only(signal.name, 1 + share * signal.tolerance), EVERY, signals=[replace(signal, alone=True)])
    beyond = {Direction.HIGH: share, Direction.LOW: -share, Direction.BOTH: abs(share)}[signal.direction]

    assert posture.judged == {signal.name}
    if abs(beyond - 1) > 1e-6:
        assert bool(posture.off) is (beyond > 1)


@given(st.lists(st.floats(0, 40), min_size=1))
def test_once_out_a_signal_is_in_again_only_well_inside(leans):
    limit, off = BY_NAME["trunk_inclination"].tolerance, frozenset()
    references = {"trunk_inclination": Reference(0.0, 0.0, 25)}
    for lean in leans:
        was_out = bool(off)
        off = judge(only("trunk_inclination", lean), references, off).sustained

        assert bool(off) is (lean > limit * (RELEASE_SHARE if was_out else 1))


@given(st.floats(0.5, 50), st.floats(0, 100))
def test_an_unsteady_calibration_widens_the_tolerance(spread, lean):
    off = judge(only("trunk_inclination", lean), {"trunk_inclination": Reference(0.0, spread, 25)}).off

    assert bool(off) is (lean > max(20.0, SPREADS * spread))


def test_leaning_forward_is_off_and_leaning_back_is_not():
    assert side(lean=24).off == {"trunk_inclination"}
    assert side(lean=-35).state == "ok"
    assert side(lean=-35, neck=10).off == frozenset()


def test_the_head_counts_with_the_neck_and_not_with_the_trunk_alone():
    assert side(neck=40).off == {"neck_inclination"}
    assert side(lean=12).state == "ok"


def test_slouching_before_a_webcam_is_off():
    assert {"neck_length_ratio", "head_height"} <= front(neck=0.4, height=0.55).off
    assert front().state == "ok"
    assert front(tilt=8).off >= {"shoulder_tilt"}


def test_a_head_toward_the_screen_needs_company_to_be_off():
    assert front(face=0.44).state == "ok"
    assert "face_shoulder_scale" in front(face=0.44).judged
    assert front(face=0.44, neck=0.5).off == {"face_shoulder_scale", "neck_length_ratio"}


def test_coming_close_is_off_at_three_quarters_of_the_distance():
    assert front(face=0.4 / 0.77, neck=0.6).off == frozenset()
    assert "screen_distance" in front(face=0.4 / 0.73).off


def test_what_was_not_calibrated_or_not_seen_is_not_judged():
    assert side().judged == {"trunk_inclination", "neck_inclination"}
    assert judge(nothing("hidden"), FRONT).why == Reason.NOTHING_CALIBRATED_SEEN
    assert judge(measure(Body().pose(), View.SIDE), {}).why == Reason.NOT_CALIBRATED
    assert judge(measure(Body().pose(), View.SIDE), {}).state == "unknown"


def test_from_another_side_only_the_head_height_is_held_against_a_front_calibration():
    assert judge(measure(Body().pose(), View.SIDE), FRONT).judged == {"head_height"}


def test_head_height_is_held_against_the_shoulders_and_not_judged_without_them():
    alone = {"head_height": FRONT["head_height"]}

    assert judge(only("head_height", 0.1), alone).judged == frozenset()
    assert tolerance_band(BY_NAME["head_height"], alone) is None
    assert judge(only("head_height", FRONT["head_height"].center - 0.13 * 0.5), FRONT).off == {"head_height"}


@given(st.floats(0.2, 3))
def test_a_ratio_is_one_at_the_calibrated_place_and_says_nothing_without_one(ratio):
    center = FRONT["screen_distance"].center
    shown = relate(only("screen_distance", center * ratio), FRONT)["screen_distance"]
    unknown = relate(only("screen_distance", center), {})["screen_distance"]

    assert shown.value == pytest.approx(ratio)
    assert (math.isnan(unknown.value), unknown.why) == (True, Reason.NOT_CALIBRATED)


def test_a_reference_of_zero_gives_no_ratio():
    shown = relate(only("screen_distance", 2.0), {"screen_distance": Reference(0.0, 0.0, 25)})["screen_distance"]

    assert not shown.measured
    assert shown.why


def test_what_has_no_ratio_is_shown_as_measured():
    readings = measure(Body(lean=7).pose(), View.SIDE)

    assert {**relate(readings, SIDE), **{s.name: readings[s.name] for s in SIGNALS if s.as_ratio}} == readings


def test_sitting_is_held_against_sitting_and_standing_against_standing_and_nothing_else():
    assert SEEN_FROM_THE_SIDE.of(Activity.SITTING) == SIDE
    assert SEEN_FROM_THE_SIDE.of(Activity.STANDING) != SIDE
    assert not SEEN_FROM_THE_FRONT.of(Activity.STANDING)
    assert not any(SEEN_FROM_THE_SIDE.of(activity) for activity in (Activity.MOVING, Activity.AWAY, Activity.UNKNOWN))


def test_a_level_is_the_calibrated_median_or_nan():
    assert SEEN_FROM_THE_FRONT.level(CalibrationStage.SITTING_TALL, "head_height") == pytest.approx(0.65)
    assert math.isnan(SEEN_FROM_THE_FRONT.level(CalibrationStage.STANDING, "head_height"))
    assert math.isnan(Baseline().level(CalibrationStage.SITTING_TALL, "head_height"))
