"""Laws of outlines pooled over a quiet window: what one frame misses the others show."""

import numpy as np
import pytest
from backs import back, outline_of, person
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.back.outline_pool import pooled
from monitor.core.body.outline import HEIGHTS, outward_of, trunk_frame
from monitor.core.vocabulary import Reason

FRAME = trunk_frame(person())
BULGE = np.where((HEIGHTS > 0.3) & (HEIGHTS < 0.5), 0.1, 0.0)  # another's elbow behind the back
LOST = BULGE == 0


def together(outlines):
    return pooled(outlines, np.array([outward_of(outline, FRAME) for outline in outlines]), FRAME)


@given(st.integers(1, 30), st.floats(-0.03, 0.05))
def test_frames_that_agree_are_pooled_to_what_each_shows(n, hollow):
    outline = outline_of(person(), back(hollow))

    assert together([outline] * n) == outline


@given(st.permutations(range(7)))
def test_the_order_of_the_frames_does_not_matter(order):
    frames = [outline_of(person(), back(0.04 + 0.001 * k)) for k in range(7)]

    assert together([frames[k] for k in order]) == together(frames)


def test_a_row_lost_in_most_frames_is_taken_from_those_that_see_it():
    seen, missed = outline_of(person(), back()), outline_of(person(), back() + BULGE, valid=LOST, reason="edge")

    assert together([seen] * 2 + [missed] * 5).valid.all()
    assert outward_of(together([seen] * 2 + [missed] * 5), FRAME) == pytest.approx(outward_of(seen, FRAME))


def test_a_row_hidden_in_every_frame_stays_hidden_with_the_usual_reason():
    arm, chair = (outline_of(person(), back(), valid=LOST, reason=why) for why in ("arm", "chair"))
    got = together([arm, chair, chair])

    assert (got.valid == LOST).all()
    assert {why for why, free in zip(got.reasons, LOST, strict=True) if not free} == {"chair"}


@given(st.integers(1, 4))
def test_what_comes_before_the_back_is_believed_once_most_frames_show_it(late):
    free, hidden = outline_of(person(), back()), outline_of(person(), back(), valid=LOST, reason="arm")

    assert together([free] * late + [hidden] * late).valid.all()
    assert (together([free] * late + [hidden] * (late + 1)).valid == LOST).all()


def test_frames_that_are_sure_of_different_edges_do_not_count():
    near, far, farther = (outline_of(person(), back() + k * BULGE) for k in (0, 1, 2))

    assert (together([near, far, farther]).valid == LOST).all()


def test_where_no_frame_found_an_edge_there_is_none():
    got = together([outline_of(person(), np.full(len(HEIGHTS), np.nan), valid=False, reason=Reason.TOO_DARK)] * 3)

    assert not got.valid.any()
    assert np.isnan(got.points).all()
    assert set(got.reasons) == {Reason.TOO_DARK}
