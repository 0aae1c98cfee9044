"""The table of signals: laws that hold for every row, then the values of bodies whose posture is known."""

import inspect
import math
from dataclasses import replace

import numpy as np
import pytest
from bodies import mirrored, moved, points, poses, turns
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.posture.signals import BY_NAME, SIGNALS, Direction, head_turn, sagittal
from monitor.core.vocabulary import View
from monitor.testing import STAND, Body, Bust

LATERAL = {"shoulder_tilt", "head_tilt"}
# Lengths that are held against the calibrated picture, with the power of the scale that they follow.
LENGTHS = {"shoulder_width": 1, "head_height": 1, "screen_distance": -1}
UNIT_WORDS = {
    "deg": "(deg",
    "torso": "in torso lengths",
    "picture height": "in picture heights",
    "shoulder width": "in shoulder widths",
    "ratio": "as a ratio to the baseline",
    "%": "(%",
    "own range": "in the person's own range",
}
VIEW_WORDS = {View.SIDE: "side view", View.FRONT: "front view", None: "any view"}


def value(signal, xy, turn):
    return signal.measure(sagittal(xy, turn) if signal.view is View.SIDE else xy)


def values(pose):
    return {s.name: float(value(s, pose.xy, pose.turn_deg)) for s in SIGNALS}


every_row = pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.name)


@given(pose=poses().filter(lambda p: p.turn_deg != 0))
def test_a_mirror_flips_lateral_signs_and_leaves_the_others(pose):
    image = mirrored(pose)
    for signal in SIGNALS:
        sign = -1 if signal.name in LATERAL else 1
        now, before = value(signal, image.xy, image.turn_deg), value(signal, pose.xy, pose.turn_deg)
        assert_allclose(now, sign * before, atol=1e-9, err_msg=signal.name)


@given(pose=poses())
def test_a_mirrored_webcam_whose_left_stays_left_flips_lateral_signs_too(pose):
    image = pose.xy * [-1, 1] + [pose.aspect, 0]
    for signal in SIGNALS:
        if signal.view is not View.SIDE:
            sign = -1 if signal.name in LATERAL else 1
            assert_allclose(signal.measure(image), sign * signal.measure(pose.xy), atol=1e-9, err_msg=signal.name)


@given(xy=points(), turn=turns(), scale=st.floats(0.2, 5), shift=points((2,)))
def test_scale_and_shift_change_no_angle_and_no_ratio(xy, turn, scale, shift):
    for signal in SIGNALS:
        before = value(signal, xy, turn)
        # Its height is measured from the picture's lower edge, which scaling keeps where it is.
        scaled = (xy - [0, 1]) * scale + [0, 1] if signal.name == "head_height" else xy * scale + shift
        expected = before * scale ** LENGTHS.get(signal.name, 0)
        assert_allclose(value(signal, scaled, turn), expected, rtol=1e-6, atol=1e-6, err_msg=signal.name)


@given(xy=points((4, LANDMARKS, 2)), turn=turns())
def test_a_batch_is_the_stack_of_its_frames(xy, turn):
    for signal in SIGNALS:
        frames = np.stack([value(signal, frame, turn) for frame in xy])
        assert_allclose(value(signal, xy, np.full(4, turn)), frames, err_msg=signal.name)


@given(xy=points() | st.just(np.full((LANDMARKS, 2), 0.5)) | st.just(np.full((LANDMARKS, 2), math.nan)), turn=turns())
def test_a_frame_as_plain_numbers_has_the_very_numbers_of_its_array(xy, turn):
    for signal in SIGNALS:
        np.testing.assert_array_equal(value(signal, tuple(xy.T.tolist()), turn), value(signal, xy, turn), err_msg=signal.name)


@every_row
def test_every_row_says_its_unit_its_view_and_what_it_is(signal):
    doc = inspect.getdoc(signal.of_back or signal.measure) or ""

    assert UNIT_WORDS[signal.unit] in doc
    assert VIEW_WORDS[signal.view] in doc.lower()
    assert signal.needs or signal.of_back


@every_row
def test_every_tolerance_has_a_direction_and_a_size(signal):
    assert isinstance(signal.direction, Direction)
    assert signal.tolerance is None or signal.tolerance > 0
    assert signal.in_units_of is None or signal.in_units_of in BY_NAME


def test_only_signals_with_a_sourced_tolerance_are_judged():
    unjudged = {s.name for s in SIGNALS if s.tolerance is None}

    measured_only = {"thigh_inclination", "knee_angle", "trunk_thigh_angle", "head_forward", "shoulder_width"}
    assert unjudged == measured_only | {"lumbar_lordosis", "lumbar_depth"}


def test_names_are_unique_and_the_index_holds_them_all():
    assert list(BY_NAME.values()) == list(SIGNALS)


@given(
    st.floats(-30, 60).map(lambda x: round(x, 1)),
    st.floats(-20, 50).map(lambda x: round(x, 1)),
    st.floats(5, 90).map(lambda x: round(x, 1)),
)
def test_a_body_of_known_posture_is_measured_as_it_is(lean, neck, thigh):
    got = values(Body(lean=lean, neck=neck, thigh=thigh).pose())

    assert got["trunk_inclination"] == pytest.approx(lean, abs=0.1)
    assert got["neck_inclination"] == pytest.approx(lean + neck, abs=0.1)
    assert got["thigh_inclination"] == pytest.approx(thigh, abs=0.1)
    assert got["trunk_thigh_angle"] == pytest.approx(180 - abs(lean + thigh), abs=0.1)
    assert got["knee_angle"] == pytest.approx(180 - thigh, abs=0.1)
    assert got["head_forward"] == pytest.approx(0.4 * math.sin(math.radians(lean + neck)), abs=0.002)


def test_standing_opens_every_joint():
    got = values(STAND.pose())

    assert got["thigh_inclination"] < 5
    assert min(got["trunk_thigh_angle"], got["knee_angle"]) > 175


def test_slouching_before_a_webcam_shortens_the_neck_and_lowers_the_head():
    upright, slouched = values(Bust().pose()), values(replace(Bust(), neck=0.4, height=0.55).pose())

    assert upright["neck_length_ratio"] == pytest.approx(0.6, abs=1e-3)
    assert slouched["neck_length_ratio"] == pytest.approx(0.4, abs=1e-3)
    assert slouched["head_height"] == pytest.approx(0.55, abs=1e-3)


def test_a_head_that_comes_a_quarter_nearer_has_three_quarters_of_the_distance():
    far, near = Bust(face=0.3), Bust(face=0.4)

    assert values(near.pose())["screen_distance"] / values(far.pose())["screen_distance"] == pytest.approx(0.75, abs=1e-3)


def test_the_sign_of_a_tilt_says_which_side_of_the_picture_is_lower():
    assert values(Bust(tilt=8).pose())["shoulder_tilt"] == pytest.approx(8, abs=0.1)
    assert values(Bust(tilt=-8).pose())["shoulder_tilt"] == pytest.approx(-8, abs=0.1)


def test_turning_the_head_does_not_bring_the_screen_nearer():
    facing = Bust().pose()
    y = float(facing.xy[L.NOSE, 1])
    half, nose = 0.1 * math.cos(math.radians(40)), 0.14 * math.sin(math.radians(40))
    aside = moved(facing, left_ear=(0.89 + half, y), right_ear=(0.89 - half, y), nose=(0.89 + nose, y))

    assert float(head_turn(facing.xy)) == pytest.approx(0, abs=0.5)
    assert float(head_turn(aside.xy)) == pytest.approx(40, abs=0.5)
    assert values(aside)["screen_distance"] == pytest.approx(values(facing)["screen_distance"], rel=0.01)


def test_landmarks_on_one_spot_give_no_number():
    spot = np.full((LANDMARKS, 2), 0.5)
    got = {s.name: float(value(s, spot, 90.0)) for s in SIGNALS}

    assert {name for name, number in got.items() if not math.isnan(number)} == {"shoulder_width", "head_height"}
