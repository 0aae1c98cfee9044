"""The person's own smallest detectable change, and agreement with another instrument, against published figures and laws."""

import math
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.back.repeatability import FEWEST_PAIRS, agreement, icc_2_1, repeatability
from monitor.core.back.standing_checks import Check

DAY_S = 86400.0
DEGS = st.floats(-60, 80)


def on_days(*days: list[float]):
    return [
        Check(DAY_S * day + 3600 * i, deg, 3.0, 11.0, 70, "camera 0")
        for day, degs in enumerate(days)
        for i, deg in enumerate(degs)
    ]


def test_without_a_repeated_check_nothing_is_known():
    assert repeatability(on_days([30.0], [40.0]), UTC) is None


@given(st.lists(st.lists(DEGS, min_size=1, max_size=4), min_size=1, max_size=5), st.floats(-20, 20))
def test_only_differences_within_a_day_count(days, shift):
    moved = [[deg + shift * day for deg in degs] for day, degs in enumerate(days)]
    one, other = (repeatability(on_days(*each), UTC) for each in (days, moved))

    assert (one is None) == (other is None) == all(len(degs) == 1 for degs in days)
    assert one is None or one.sd_deg == pytest.approx(other.sd_deg, abs=1e-9)


def test_two_checks_of_one_day_give_the_published_formula():
    known = repeatability(on_days([30.0, 34.0]), UTC)

    assert known.sd_deg == pytest.approx(math.sqrt(8))
    assert known.mdc90_deg == pytest.approx(1.645 * math.sqrt(2) * math.sqrt(8))


def test_icc_is_that_of_the_mean_squares_of_shrout_and_fleiss():
    pairs = [(9, 8), (6, 2), (8, 8), (7, 6), (10, 9), (6, 7)]
    x = np.array(pairs, dtype=float)
    rows, columns = x.mean(1), x.mean(0)
    bms = 2 * rows.var(ddof=1)
    jms = 6 * columns.var(ddof=1)
    ems = ((x - rows[:, None] - columns + x.mean()) ** 2).sum() / 5

    assert icc_2_1(pairs) == pytest.approx((bms - ems) / (bms + ems + 2 * (jms - ems) / 6))


@given(st.lists(DEGS, min_size=FEWEST_PAIRS, max_size=20), st.floats(-15, 15))
def test_an_instrument_that_is_off_by_a_constant_has_that_bias_and_no_spread(degs, off):
    agreed = agreement([(deg + off, deg) for deg in degs])

    assert (agreed.bias_deg, agreed.low_deg, agreed.high_deg) == pytest.approx((off, off, off), abs=1e-6)
    assert agreed.mdc90_deg == pytest.approx(0, abs=1e-6)
    assert math.isnan(agreed.icc) or agreed.icc <= 1 + 1e-9


@given(st.lists(st.tuples(DEGS, DEGS), min_size=FEWEST_PAIRS, max_size=20))
def test_the_limits_are_those_of_bland_and_altman(pairs):
    agreed, apart = agreement(pairs), [a - b for a, b in pairs]

    assert agreed.high_deg - agreed.low_deg == pytest.approx(2 * 1.96 * np.std(apart, ddof=1), abs=1e-6)
    assert agreed.bias_deg == pytest.approx(np.mean(apart), abs=1e-6)


def test_too_few_pairs_are_refused():
    with pytest.raises(ValueError, match="too few"):
        agreement([(1.0, 2.0)] * (FEWEST_PAIRS - 1))
