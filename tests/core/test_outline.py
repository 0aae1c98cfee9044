"""The smoother under every outline: it solves its equations, and runs straight where it knows nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.outline import smooth

ROWS = 40
VALUES = st.lists(st.floats(-1, 1), min_size=ROWS, max_size=ROWS).map(np.array)
WEIGHTS = st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=ROWS, max_size=ROWS).map(np.array).filter(lambda w: w.sum() > 3)
STIFF = st.sampled_from([1.0, 300.0])
BEND = np.diff(np.eye(ROWS), 2, axis=0)


@given(VALUES, WEIGHTS, STIFF)
def test_the_smooth_line_is_where_points_and_bending_are_in_balance(u, weight, stiffness):
    z = smooth(u, weight, stiffness)

    assert weight * z + stiffness * BEND.T @ (BEND @ z) == pytest.approx(weight * u, abs=1e-5)


@given(st.floats(-1, 1), st.floats(-0.1, 0.1), WEIGHTS, STIFF)
def test_a_straight_line_stays_as_it_is_through_every_gap(start, slope, weight, stiffness):
    line = start + slope * np.arange(ROWS)

    assert smooth(line, weight, stiffness) == pytest.approx(line, abs=1e-4)
