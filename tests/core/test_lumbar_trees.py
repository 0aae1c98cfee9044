"""Laws of the trees that read a back in cloth: they answer as a walk from question to question does, and cannot extrapolate."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from monitor.core.back import lumbar_trees as trees
from monitor.core.back.lumbar_correction import in_cloth

SEEN = arrays(float, 44, elements=st.floats(-1e6, 1e6))
# Degrees: what a clothed back was ever seen with, and a margin for the sum of many trees.
FLATTEST, HOLLOWEST = -40.0, 70.0


def walked(seen):
    """The same angle, tree by tree and question by question."""
    angle = trees.MEAN
    for asked, cuts, leaves in zip(trees.FEATURES, trees.CUTS, trees.LEAVES, strict=True):
        first, last = 0, len(leaves)
        for feature, cut in zip(asked, cuts, strict=True):
            middle = (first + last) // 2
            first, last = (middle, last) if seen[feature] > cut else (first, middle)
        assert last == first + 1
        angle += leaves[first]
    return angle


@given(SEEN)
def test_the_angle_is_the_sum_of_the_leaves_that_a_walk_reaches(seen):
    assert np.isclose(in_cloth(seen), walked(seen), atol=1e-9)


@given(SEEN)
def test_no_outline_gives_an_angle_that_no_back_had(seen):
    assert FLATTEST < in_cloth(seen) < HOLLOWEST


@given(st.integers(0, 43), SEEN, st.floats(1.0, 1e6))
def test_beyond_the_last_question_nothing_changes(feature, seen, further):
    last = trees.CUTS[feature == trees.FEATURES].max(initial=0.0)
    there, beyond = seen.copy(), seen.copy()
    there[feature], beyond[feature] = last + 0.5, last + 0.5 + further

    assert in_cloth(there) == in_cloth(beyond)
