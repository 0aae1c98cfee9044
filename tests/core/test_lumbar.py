"""Laws of the lumbar angle: what must not change it, what must, and where it is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from backs import SEEN, SWAP, back, outline_of, person
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.core.back.lumbar import geometric_lordosis, lordosis, measured, pooled_lordosis, refused
from monitor.core.back.lumbar_correction import spread
from monitor.core.back.lumbar_model import SD_CENTRE
from monitor.core.body.outline import HEIGHTS, outward_of, trunk_frame
from monitor.core.vocabulary import Reason

HOLLOWS = st.floats(-0.03, 0.05)
STEPS_DEG = 3.0  # of the angle in cloth, where several trees ask the same


@given(HOLLOWS)
def test_an_outline_is_made_of_its_outward_places_alone(hollow):
    xy = person()
    home = outline_of(xy, back(hollow))

    assert outline_of(xy, outward_of(home, trunk_frame(xy))) == home


def test_the_swap_exchanges_left_and_right():
    assert (SWAP[11], SWAP[12], SWAP[25]) == (12, 11, 26)
    assert list(range(33)) == sorted(SWAP)


@given(HOLLOWS)
def test_mirroring_changes_nothing(hollow):
    xy = person()
    home = outline_of(xy, back(hollow))
    flip = np.array([1.7, 0]) + np.array([-1, 1]) * xy
    there = replace(home, points=np.array([1.7, 0]) + np.array([-1, 1]) * home.points)
    a, b = measured(home, xy, SEEN), measured(there, flip[SWAP], SEEN)

    assert (a.why, b.why) == (None, None)
    assert b.lordosis_deg == pytest.approx(a.lordosis_deg, abs=1e-6)
    assert (b.sd_deg, b.depth, b.apex) == pytest.approx((a.sd_deg, a.depth, a.apex), abs=1e-6)


@given(HOLLOWS, st.floats(-0.3, 0.3), st.floats(-0.1, 0.1), st.floats(0.8, 1.3))
def test_shift_and_scale_change_no_angle(hollow, dx, dy, scale):
    xy = person()
    home = outline_of(xy, back(hollow))
    moved = xy * scale + (dx, dy)
    there = replace(home, points=home.points * scale + (dx, dy))
    a, b = measured(home, xy, SEEN), measured(there, moved, SEEN)
    assume(b.why is None)  # a body moved out of the picture, or grown too large, is refused

    assert b.lordosis_deg == pytest.approx(a.lordosis_deg, abs=1e-6)
    assert b.depth == pytest.approx(a.depth, abs=1e-6)


@given(HOLLOWS, st.floats(-15, 15))
def test_a_rolled_camera_leaves_the_line_and_hardly_moves_the_angle(hollow, roll):
    """In loose cloth the lean tells what the outline hides: by a quarter of a degree per degree, in steps of the trees."""
    c, s = math.cos(math.radians(roll)), math.sin(math.radians(roll))
    turn = np.array([[c, s], [-s, c]])
    xy = person()
    home = outline_of(xy, back(hollow))
    a, b = measured(home, xy, SEEN), measured(replace(home, points=home.points @ turn), xy @ turn, SEEN)

    assert (b.geometric_deg, b.depth) == pytest.approx((a.geometric_deg, a.depth), abs=1e-6)
    assert b.lordosis_deg == pytest.approx(a.lordosis_deg, abs=0.25 * abs(roll) + STEPS_DEG)


@given(st.floats(0.005, 0.08), st.sampled_from([-1, 1]))
def test_a_circular_arc_of_known_depth_gives_its_angle(size, sign):
    """Hart and Rose 1986: 4 atan(2 h / L) between the ends of an arc with sagitta h over the chord L."""
    low, high = 0.15, 0.55
    length, h = high - low, sign * size * (high - low)
    radius = (length / 2) ** 2 / (2 * h) + h / 2
    u = 0.25 + np.sign(h) * (abs(radius) - np.sqrt(radius**2 - (HEIGHTS - 0.35) ** 2))
    got = geometric_lordosis(outline_of(person(), u), person(), (low, high))

    assert got == pytest.approx(math.degrees(4 * math.atan(2 * h / length)), abs=0.7)


@given(HOLLOWS, st.floats(0.005, 0.02))
def test_a_deeper_hollow_is_more_lordosis(hollow, more):
    xy = person()

    assert (
        measured(outline_of(xy, back(hollow + more)), xy, SEEN).geometric_deg
        > measured(outline_of(xy, back(hollow)), xy, SEEN).geometric_deg
    )


def test_a_hollow_back_has_positive_depth_with_its_apex_between_the_levels():
    got = lordosis(outline_of(person(), back(0.05)), person(), SEEN)

    assert got.depth > 0
    assert 0.15 < got.apex < 0.6
    assert got.levels is not None


def test_a_hidden_back_is_refused_with_the_reason():
    hidden = (HEIGHTS < 0.1) | (HEIGHTS > 0.4)
    got = lordosis(outline_of(person(), back(), valid=hidden, reason="chair"), person(), SEEN)

    assert got.why == Reason.BACK_HIDDEN_BY_CHAIR
    assert math.isnan(got.lordosis_deg)
    assert got.quality == 0


@given(HOLLOWS)
def test_a_line_that_is_most_likely_a_chairs_is_refused_where_somebody_sits_and_not_where_she_stands(hollow):
    stands = person()
    sits = stands.copy()
    sits[25:29, 0], sits[25:27, 1] = sits[25:29, 0] - 0.25, stands[23, 1]
    doubted = replace(outline_of(stands, back(hollow)), doubt=np.full(len(HEIGHTS), 0.6))

    assert lordosis(doubted, sits, SEEN).why == Reason.BACK_HIDDEN_BY_CHAIR
    assert lordosis(doubted, stands, SEEN).why != Reason.BACK_HIDDEN_BY_CHAIR


def test_a_few_hidden_rows_are_bridged():
    gap = (HEIGHTS < 0.3) | (HEIGHTS > 0.36)
    xy = person()
    whole, bridged = (lordosis(outline_of(xy, back(), valid=v, reason="chair"), xy, SEEN) for v in (True, gap))

    assert bridged.lordosis_deg == pytest.approx(whole.lordosis_deg, abs=4)
    assert bridged.sd_deg >= whole.sd_deg


def test_a_front_view_is_refused():
    xy = person()
    xy[11, 0] += 0.12
    xy[12, 0] -= 0.12

    assert lordosis(outline_of(xy, back()), xy, SEEN).why in {Reason.FRONT_VIEW, Reason.OBLIQUE_VIEW}


def test_hidden_hips_are_refused():
    visibility = SEEN.copy()
    visibility[[23, 24]] = 0.2

    assert lordosis(outline_of(person(), back()), person(), visibility).why == Reason.HIPS_OR_SHOULDERS_HIDDEN


def test_a_person_far_away_is_refused():
    xy = person(length=0.06)

    assert lordosis(outline_of(xy, back()), xy, SEEN).why == Reason.TOO_FAR


def test_landmarks_without_a_trunk_are_refused():
    assert lordosis(outline_of(person(), back()), np.full((33, 2), np.nan), SEEN).why == Reason.NO_TRUNK


OUTLINE = outline_of(person(), back())
READING = lordosis(OUTLINE, person(), SEEN)


@given(st.integers(2, 200))
def test_the_spread_of_a_window_shrinks_with_its_frames_to_a_floor(n):
    one, many = (pooled_lordosis(OUTLINE, person(), SEEN, [READING] * k) for k in (1, n))

    assert many.lordosis_deg == READING.lordosis_deg
    assert many.sd_deg < one.sd_deg == pytest.approx(READING.sd_deg)
    assert many.sd_deg > 0.8 * READING.sd_deg


@given(st.floats(2.0, 20.0))
def test_a_window_whose_frames_differ_is_less_sure(off):
    apart = [replace(READING, lordosis_deg=READING.lordosis_deg + k * off) for k in (-1, 0, 1)]
    same, wide = (pooled_lordosis(OUTLINE, person(), SEEN, singles) for singles in ([READING] * 3, apart))

    assert wide.why == Reason.TOO_UNCERTAIN or wide.sd_deg > same.sd_deg


def test_a_window_is_read_although_no_frame_is_by_itself():
    got = pooled_lordosis(OUTLINE, person(), SEEN, [refused(Reason.BACK_HIDDEN_BY_ARM)] * 3)

    assert got.lordosis_deg == READING.lordosis_deg
    assert got.sd_deg == READING.sd_deg


@given(st.floats(0.0, 1.0), st.floats(0.0, 15.0), st.floats(0.0, 15.0))
def test_a_bridge_that_is_half_believed_is_uncertain(loose, less, more):
    """Known to be tight or known to be cloth, the bridge adds no spread; in between a larger one adds more."""
    why = np.array(SD_CENTRE)
    (low, high), known = sorted((less, more)), 0.0 if loose < 0.5 else 1.0

    assert spread(why, loose, low) <= spread(why, loose, high)
    assert spread(why, known, high) == spread(why, known, 0.0)
