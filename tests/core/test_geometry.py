"""Angles and lengths in the picture: what turning, mirroring, scaling and shifting may and may not change."""

import math

import numpy as np
from bodies import points
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from monitor.core.body.geometry import angle, angle_at, distance, midpoint, tilt, tilt_from_vertical

FLIP = np.array([-1.0, 1.0])
UP, RIGHT, DOWN = np.array([0.0, -1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0])
HERE = np.zeros(2)


def turned(p, deg):
    a = math.radians(deg)
    return p @ np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])


def apart(p, *pairs: tuple[int, int]):
    assume(all(distance(p[i], p[j]) > 0.01 for i, j in pairs))


@given(points((2, 2)))
def test_a_mirror_flips_the_sign_of_a_tilt(p):
    apart(p, (0, 1))
    assume(p[0, 0] != p[1, 0])  # straight down is 180 on either side

    assert_allclose(tilt_from_vertical(*(p * FLIP)), -tilt_from_vertical(*p))


@given(points((2, 2)), st.floats(-90, 90))
def test_turning_a_segment_turns_its_tilt_as_much(p, deg):
    apart(p, (0, 1))
    change = tilt_from_vertical(*turned(p, deg)) - tilt_from_vertical(*p)

    assert_allclose((change - deg + 180) % 360 - 180, 0, atol=1e-6)


@given(points((3, 2)), st.floats(0.1, 10), points((2,)))
def test_scale_and_shift_change_no_angle(p, scale, shift):
    apart(p, (0, 1), (1, 2))
    q = p * scale + shift

    assert_allclose(tilt_from_vertical(q[0], q[1]), tilt_from_vertical(p[0], p[1]), atol=1e-6)
    assert_allclose(angle_at(*q), angle_at(*p), atol=1e-6)


@given(points((3, 2)), st.floats(-180, 180))
def test_an_angle_at_a_joint_knows_neither_turn_nor_mirror_nor_order(p, deg):
    apart(p, (0, 1), (1, 2))
    angle = angle_at(*p)

    assert 0 <= angle <= 180
    assert_allclose([angle_at(*turned(p, deg)), angle_at(*(p * FLIP)), angle_at(p[2], p[1], p[0])], angle, atol=1e-6)


@given(points((5, 3, 2)))
def test_a_batch_is_the_stack_of_its_frames(p):
    a, b, c = p[:, 0], p[:, 1], p[:, 2]
    for f, args in ((tilt_from_vertical, (a, b)), (angle_at, (a, b, c)), (distance, (a, b)), (midpoint, (a, b))):
        assert_allclose(f(*args), np.stack([f(*frame) for frame in zip(*args, strict=True)]))


@given(points((3, 2)))
def test_lengths_are_symmetric_and_never_longer_by_a_detour(p):
    a, b, c = p

    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-12
    assert_allclose(distance(a, midpoint(a, b)), distance(a, b) / 2)


def test_upright_is_zero_and_right_is_positive():
    tilts = [float(tilt_from_vertical(HERE, to)) for to in (UP, UP + RIGHT, RIGHT, DOWN, -RIGHT)]

    assert_allclose(tilts, [0, 45, 90, 180, -90])


def test_a_straight_joint_has_180_degrees_and_a_right_one_90():
    assert_allclose([angle_at(UP, HERE, DOWN), angle_at(UP, HERE, RIGHT), angle_at(UP, HERE, 3 * UP)], [180, 90, 0])


def test_a_segment_without_length_or_place_has_no_angle():
    nowhere = np.full(2, math.nan)

    assert all(
        math.isnan(angle)
        for angle in (
            tilt_from_vertical(HERE, HERE),
            tilt_from_vertical(HERE, nowhere),
            angle_at(HERE, HERE, UP),
            angle_at(UP, HERE, nowhere),
        )
    )


@given(st.lists(st.lists(st.floats(-2, 2) | st.just(math.nan), min_size=6, max_size=6), min_size=1, max_size=20))
def test_a_single_frame_has_the_very_numbers_of_a_whole_recording(rows):
    a, b, c = np.moveaxis(np.asarray(rows).reshape(-1, 3, 2), 1, 0)
    whole = (tilt_from_vertical(a, b), angle_at(a, b, c), distance(a, b), midpoint(a, b))
    single = [(tilt_from_vertical(*p[:2]), angle_at(*p), distance(*p[:2]), midpoint(*p[:2])) for p in zip(a, b, c, strict=True)]

    for together, apart in zip(whole, zip(*single, strict=True), strict=True):
        np.testing.assert_array_equal(np.asarray(apart), together)
    sides = zip((b - a).tolist(), (a - b).tolist(), (c - b).tolist(), strict=True)
    plain = [(tilt(*up), angle(*u, *v)) for up, u, v in sides]
    for together, apart in zip(whole[:2], zip(*plain, strict=True), strict=True):
        np.testing.assert_array_equal(np.asarray(apart), together)
