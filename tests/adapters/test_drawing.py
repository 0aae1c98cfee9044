"""What is drawn of a back: a person can see what was measured and what was not."""

import numpy as np
import pytest
from backs import standing

from monitor.adapters.vision.drawing import back, caption, skeleton
from monitor.core.back.lumbar_window import reading_of
from monitor.core.body.outline import HEIGHTS
from monitor.texts.catalogue import reason

WALL = np.full((720, 1280, 3), 120, np.uint8)


def changed(rgb):
    """The box of what was drawn: left, top, right, bottom, as shares of the picture's height."""
    rows, columns = np.nonzero((rgb != WALL).any(axis=2))
    return np.array([columns.min(), rows.min(), columns.max(), rows.max()]) / WALL.shape[0]


def test_a_read_back_shows_outline_levels_and_angle():
    pose = standing()
    drawn = back(WALL, pose, reading_of(pose), reason)
    left, top, right, bottom = changed(drawn)

    low, high = pose.back.points.min(axis=0), pose.back.points.max(axis=0)
    assert top == pytest.approx(low[1], abs=0.01)
    assert bottom == pytest.approx(high[1], abs=0.01)
    assert left >= low[0] - 0.05
    assert right > high[0] + 0.1  # the words, on the outer side


def test_what_is_hidden_is_drawn_otherwise():
    hidden = (HEIGHTS < 0.3) | (HEIGHTS > 0.36)
    whole, bridged = (standing(valid=v, reason="chair") for v in (True, hidden))

    assert (back(WALL, whole, reading_of(whole), reason) != back(WALL, bridged, reading_of(bridged), reason)).any()


def test_a_refused_back_is_drawn_with_its_reason_and_no_angle():
    pose = standing(valid=False, reason="chair")

    asked = []
    drawn = back(WALL, pose, reading_of(pose), lambda code: asked.append(code) or reason(code))

    assert reading_of(pose).levels is None
    assert (drawn != WALL).any()
    assert set(asked) == {"chair", reading_of(pose).why}
    assert not any("_" in reason(code) for code in asked)


def test_nothing_is_drawn_where_nothing_was_found():
    pose = standing()
    nowhere = standing(hollow=np.nan)

    assert (back(WALL, nowhere, reading_of(nowhere), reason) == WALL).all()
    assert (skeleton(WALL, pose) != WALL).any()
    assert (caption(WALL, ["a line"]) != WALL).any()
    assert (WALL == 120).all()  # the picture itself is left alone
