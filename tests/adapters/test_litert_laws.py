"""The laws of what lies between LiteRT's two networks: squares, anchors, groups of detections, heat maps, smoothing."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.vision.litert.detector import INPUT, Detections, anchors, decoded, merged, overlap
from monitor.adapters.vision.litert.landmarks import BODY, refined, sigmoid, turned
from monitor.adapters.vision.litert.landmarks import decoded as landmarks_of
from monitor.adapters.vision.litert.region import Region, first_apart, letterbox, spanned, without_letterbox
from monitor.adapters.vision.litert.single_precision import atan2, likelihood, summed
from monitor.adapters.vision.litert.smoothing import LowPass, OneEuro
from monitor.adapters.vision.warping import OpenCvWarp

PICTURE = (1280, 720)
UNIT = np.array([(0, 1), (0, 0), (1, 0), (1, 1)], np.float32)

places = st.floats(-2000, 2000)
points = st.lists(st.tuples(st.floats(-1, 2), st.floats(-1, 2)), min_size=1, max_size=5).map(
    lambda some: np.array(some, np.float32)
)


def square(x, y, side, angle, picture=PICTURE):
    """A region by its middle and side in pixels."""
    size = np.array(picture)
    return Region(np.float32((x, y) / size), np.float32(side / size), np.float32(angle), picture)


regions = st.builds(square, places, places, st.floats(10, 3000), st.floats(-math.pi, math.pi))


def carried(matrix, some):
    return some @ matrix[:, :2].T + matrix[:, 2]


def turn(some, angle, scale=1.0):
    c, s = math.cos(angle), math.sin(angle)
    return scale * np.asarray(some) @ np.array([[c, s], [-s, c]])


# --- squares -----------------------------------------------------------------------------------------------------


@given(regions, points, st.sampled_from([1.0, 224.0, 256.0]))
def test_to_the_picture_and_back_is_the_same_place(region, some, size):
    there = region.project(some) * PICTURE

    assert there.dtype != np.float32  # which it was before, in shares of the picture
    assert carried(region.from_picture(size), there) / size == pytest.approx(some, abs=1e-3)
    assert region.corners() == pytest.approx(region.project(UNIT) * PICTURE, abs=2e-3)


@given(st.tuples(places, places), st.tuples(places, places), st.floats(-3, 3), st.floats(0.1, 10))
def test_a_square_turns_and_grows_with_the_two_points_that_span_it(middle, reach, angle, scale):
    middle, reach = np.array(middle), np.array(reach)
    if np.hypot(*(reach - middle)) < 100:
        return
    ends = ((middle, reach), (turn(middle, angle, scale), turn(reach, angle, scale)))
    one, other = (spanned(a / PICTURE, b / PICTURE, PICTURE) for a, b in ends)

    assert other.side == pytest.approx(scale * one.side, rel=1e-4)
    assert math.cos(other.angle - one.angle - angle) == pytest.approx(1, abs=1e-6)
    # What spans it lies above the middle, at 1 / 1.25 of half a side.
    assert carried(one.from_picture(), reach) == pytest.approx((0.5, 0.5 - 0.4), abs=1e-4)


def test_points_that_coincide_span_no_square():
    assert spanned(np.array([0.3, 0.4]), np.array([0.3, 0.4]), PICTURE) is None


@given(st.integers(1, 4000), st.integers(1, 4000), points)
def test_the_letterbox_holds_the_whole_picture_in_its_middle(width, height, some):
    around = letterbox(width, height)
    corners = carried(around.from_picture(), np.array([(0, 0), (width, height)], float))

    assert corners.min() == pytest.approx(0, abs=1e-6)
    assert corners.max() == pytest.approx(1)
    assert corners.mean(axis=0) == pytest.approx((0.5, 0.5))
    assert without_letterbox(some, width, height) == pytest.approx(
        around.project(some), rel=2e-3, abs=2e-3 * float(around.sides.max())
    )


def test_of_squares_of_one_person_the_last_counts_and_of_two_people_the_first():
    here, beside, there = square(100, 100, 100, 0.1), square(110, 100, 100, 0.2), square(400, 100, 100, 0)

    assert first_apart([here, beside, there]) is beside
    assert first_apart([here, there]) is here


# --- the last digit ----------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-200, 200, width=32), min_size=1, max_size=9).map(lambda some: np.array(some, np.float32)))
def test_what_is_computed_in_single_precision_is_as_near_as_it_can_be(values):
    near = 2e-7

    with np.errstate(over="ignore"):
        assert likelihood(values) == pytest.approx(1 / (1 + np.exp(-values.astype(float))), rel=1e-6, abs=1e-35)
    assert summed(values) == pytest.approx(
        values.astype(float).sum(), abs=near * len(values) * float(np.abs(values).sum()) + 1e-30
    )
    assert atan2(values[0], np.float32(2)) == pytest.approx(math.atan2(values[0], 2), rel=near)
    assert {part.dtype for part in (likelihood(values), summed(values), atan2(values[0], values[0]))} == {np.dtype(np.float32)}


def test_a_sum_is_taken_in_order():
    # Two small values together would count, one after the other they are lost.
    assert summed(np.array([1, 3e-8, 3e-8], np.float32)) == 1
    assert summed(np.array([3e-8, 3e-8, 1], np.float32)) > 1


# --- sampling ----------------------------------------------------------------------------------------------------


def test_a_whole_picture_is_sampled_as_it_is_and_its_edge_goes_on_or_is_black():
    rgb = np.random.default_rng(0).integers(1, 255, (64, 64, 3), dtype=np.uint8)
    warp, same, left = OpenCvWarp(), letterbox(64, 64), square(0, 32, 64, 0.0, (64, 64))

    assert np.array_equal(warp.crop(rgb, same.corners(), 64, replicate=True), rgb)
    assert np.array_equal(warp.crop(rgb, left.corners(), 64, replicate=True)[:, :32], np.repeat(rgb[:, :1], 32, axis=1))
    assert not warp.crop(rgb, left.corners(), 64, replicate=False)[:, :32].any()


@given(st.floats(20, 40), st.floats(20, 40), st.floats(10, 200), st.floats(-3, 3))
def test_samples_are_taken_at_32nds_of_a_pixel(x, y, side, angle):
    rgb = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    corners = square(x, y, side, angle, (64, 64)).corners()
    across, down = (corners[2] - corners[1]) / 16, (corners[0] - corners[1]) / 16
    index = np.arange(16)
    at = corners[1] + across * index[None, :, None] + down * index[:, None, None]
    exact, apart = (
        cv2.remap(
            rgb.astype(np.float32),
            *np.moveaxis(places.astype(np.float32), 2, 0),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for places in (np.rint(at * 32) / 32, at)
    )
    # At these places any interpolation agrees, but for the rounding of a half; near the middle of two, either is right.
    clear = (np.abs(at * 32 % 1 - 0.5) > 0.01).all(axis=2)
    taken = OpenCvWarp().crop(rgb, corners, 16, replicate=True)

    assert np.abs(taken - exact)[clear].max(initial=0) <= 0.51
    assert np.abs(taken - apart).max() <= 255 * 2 / 32


@given(st.floats(24, 40), st.floats(24, 40), st.floats(20, 60), st.floats(-3, 3))
def test_what_is_spread_over_a_picture_and_cropped_again_is_the_same(x, y, side, angle):
    across, down = np.meshgrid(np.arange(256), np.arange(256))
    mask = (0.25 + 0.5 * across / 256 * down / 256).astype(np.float32)
    region = square(4 * x, 4 * y, 4 * side, angle, (256, 256))
    spread = OpenCvWarp().spread(mask, region.from_picture(256), (256, 256))
    back = OpenCvWarp().crop((spread * 255).astype(np.uint8)[..., None].repeat(3, axis=2), region.corners(), 256, replicate=True)
    inside = region.project(np.stack([across, down], axis=2).reshape(-1, 2).astype(np.float32) / 256).reshape(256, 256, 2) * 256
    inner = ((inside > 4) & (inside < 250)).all(axis=2) & (np.minimum(across, down) > 8) & (np.maximum(across, down) < 248)

    assert np.abs(back[..., 0] / 255 - mask)[inner].max(initial=0) < 0.02


# --- the detector ------------------------------------------------------------------------------------------------


def test_the_anchors_are_the_middles_of_the_cells_of_three_grids():
    assert anchors().shape == (2254, 2)
    assert [len(np.unique(part[:, 0])) for part in np.split(anchors(), [1568, 1960])] == [28, 14, 7]
    assert anchors().mean(axis=0) == pytest.approx((0.5, 0.5), abs=1e-5)


def test_a_raw_box_is_pixels_from_its_anchor_and_only_likely_ones_count():
    raw, scores = np.zeros((2254, 12), np.float32), np.full(2254, -200, np.float32)
    scores[[7, 9]] = 0.5, -0.5
    raw[7] = [INPUT / 4, 0, INPUT / 2, INPUT / 8, *[0, INPUT / 4] * 4]

    found = decoded(raw, scores, 0.5)

    assert found.scores == pytest.approx([1 / (1 + math.exp(-0.5))])
    middle, half = anchors()[7] + (0.25, 0), np.array([0.25, 0.0625])
    assert found.boxes[0] == pytest.approx(np.concatenate([middle - half, middle + half]), rel=1e-5)
    assert found.keypoints[0] == pytest.approx(np.tile(anchors()[7] + (0, 0.25), (4, 1)))
    assert len(decoded(raw, scores, 0.3).scores) == 2


boxes = st.tuples(st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.05, 0.5), st.floats(0.05, 0.5)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(st.lists(st.tuples(boxes, st.floats(0.5, 1)), min_size=1, max_size=12), st.randoms())
def test_each_group_becomes_one_detection_between_its_members_in_any_order(some, random):
    def of(pairs):
        box = np.array([b for b, _ in pairs])
        return Detections(np.array([s for _, s in pairs]), box, np.repeat(box[:, None, :2], 4, axis=1))

    one = merged(of(some))

    assert list(one.scores) == sorted(one.scores, reverse=True)
    assert one.scores[0] == max(score for _, score in some)
    assert len(one.scores) <= len(some)
    lowest, highest = np.min([b for b, _ in some], axis=0), np.max([b for b, _ in some], axis=0)
    assert (one.boxes >= lowest - 1e-6).all()
    assert (one.boxes <= highest + 1e-6).all()
    if len({score for _, score in some}) == len(some):
        random.shuffle(some)
        assert merged(of(some)).boxes == pytest.approx(one.boxes, rel=1e-5)


@given(boxes, boxes)
def test_overlap_is_one_with_itself_and_the_same_both_ways(one, other):
    one, other = np.array(one), np.array(other)

    assert overlap(one[None], one)[0] == pytest.approx(1)
    assert overlap(one[None], other)[0] == pytest.approx(overlap(other[None], one)[0])
    assert 0 <= overlap(one[None], other)[0] <= 1


# --- landmarks ---------------------------------------------------------------------------------------------------


def heat_at(column, row, value=4.0):
    heat = np.full((64, 64, 39), -20.0)
    heat[row, column] = value
    return heat


@given(st.integers(4, 59), st.integers(4, 59), st.floats(-2.9, 2.9), st.floats(-2.9, 2.9))
def test_a_landmark_moves_to_a_sure_peak_beside_it_and_stays_where_the_map_is_unsure(column, row, dx, dy):
    marks = landmarks_of(np.zeros(195, np.float32))
    marks[:, :2] = (column + 0.5 + np.trunc(dx)) / 64, (row + 0.5 + np.trunc(dy)) / 64

    assert refined(marks, heat_at(column, row))[BODY, :2] == pytest.approx(np.tile((column / 64, row / 64), (33, 1)), abs=1e-5)
    assert np.array_equal(refined(marks, heat_at(column, row, -1.0)), marks)


def test_a_landmark_outside_the_square_stays():
    marks = landmarks_of(np.zeros(195, np.float32))
    marks[:, :2] = -0.5, 1.2

    assert np.array_equal(refined(marks, np.full((64, 64, 39), 9.0)), marks)


@given(st.floats(-3, 3), st.lists(st.tuples(places, places, places), min_size=1, max_size=4).map(np.array))
def test_turning_landmarks_keeps_their_depth_and_lengths_and_turns_back(angle, world):
    there = turned(world, angle)

    assert np.array_equal(there[:, 2], world[:, 2])
    assert np.linalg.norm(there, axis=1) == pytest.approx(np.linalg.norm(world, axis=1))
    assert turned(there, -angle) == pytest.approx(world, abs=1e-6)


def test_likelihoods_never_leave_zero_to_one():
    assert sigmoid(np.array([-1000.0, 0.0, 1000.0], np.float32)) == pytest.approx([0, 0.5, 1])


# --- smoothing ---------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20), st.floats(0.01, 1))
def test_what_is_smoothed_lies_between_what_came_and_stands_still_where_it_does(values, period):
    filtered, still = OneEuro(0.05, 80.0), OneEuro(0.05, 80.0)
    smooth = [filtered.update(i * period, np.array([v]), 10.0)[0] for i, v in enumerate(values)]

    assert smooth[0] == values[0]
    assert min(values) - 1e-9 <= min(smooth)
    assert max(smooth) <= max(values) + 1e-9
    assert {still.update(i * period, np.array([values[0]]))[0] for i in range(5)} == {values[0]}


@given(st.floats(0.1, 10), st.floats(1, 100))
def test_a_larger_body_that_moves_alike_is_smoothed_alike(step, scale):
    small, large = OneEuro(0.05, 80.0), OneEuro(0.05, 80.0)

    for i in range(6):
        a, b = small.update(i / 5, np.array([step * i * i])), large.update(i / 5, np.array([scale * step * i * i]), scale)
        assert b == pytest.approx(scale * a)


def test_fast_motion_is_followed_more_closely_than_slow_motion():
    def lag(step):
        filtered = OneEuro(0.05, 80.0)
        for i in range(10):
            smooth = filtered.update(i / 5, np.array([step * i]))[0]
        return (9 * step - smooth) / step

    assert lag(1.0) < lag(0.01) < lag(0.0001)


def test_after_a_reset_and_at_first_values_stand_as_they_are():
    filtered, low = OneEuro(0.05, 80.0), LowPass(0.1)
    filtered.update(0.0, np.array([1.0]))
    filtered.reset()

    assert filtered.update(0.2, np.array([9.0]))[0] == low.update(np.array([9.0]))[0] == 9.0
    assert low.update(np.array([19.0]))[0] == pytest.approx(10.0)
