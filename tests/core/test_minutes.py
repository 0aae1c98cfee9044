"""Minutes add up to exactly what was fed in."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.posture.baseline import Posture
from monitor.core.posture.readings import Reading
from monitor.core.sedentary.minutes import MINUTE_S, MinuteAggregator
from monitor.core.vocabulary import Reason

START = 1772442000.0
HIDDEN = Reading(why=Reason.EARS_HIDDEN)
# Steps between samples (s) and what each shows: missing, unjudged, in or out of tolerance; or nobody at all.
SAMPLES = st.lists(st.tuples(st.floats(0.05, 25), st.sampled_from(["hidden", "unjudged", "ok", "off", "nobody"])), min_size=1)


def feed(samples):
    """Every minute, and the samples with their times."""
    rollup, minutes, t, fed = MinuteAggregator(), [], START, []
    for seconds, what in samples:
        t += seconds
        readings = {} if what == "nobody" else {"x": HIDDEN if what == "hidden" else Reading(t - START)}
        judged = frozenset({"x"} if what in ("ok", "off") else ())
        minutes.append(rollup.add(t, seconds, readings, Posture(judged, sustained=judged if what == "off" else frozenset())))
        fed.append((t, seconds, what))
    return [m for m in [*minutes, rollup.flush()] if m], fed


def hold(*parts: tuple[str, float]):
    """Samples at 5 Hz: ``hold(("off", 30), ("ok", 5))``."""
    minutes, _ = feed([(0.2, what) for what, seconds in parts for _ in range(round(seconds * 5))])
    return max(m.signals["x"].hold_s for m in minutes)


@given(SAMPLES)
def test_sums_are_equal(samples):
    minutes, fed = feed(samples)
    signals = [m.signals["x"] for m in minutes]

    for total, kinds in (
        (sum(s.measured_s for s in signals), {"unjudged", "ok", "off"}),
        (sum(s.judged_s for s in signals), {"ok", "off"}),
        (sum(s.off_s for s in signals), {"off"}),
    ):
        assert total == pytest.approx(sum(seconds for _, seconds, what in fed if what in kinds))
    means = sum(s.mean * s.measured_s for s in signals if s.measured_s)
    assert means == pytest.approx(sum((t - START) * seconds for t, seconds, what in fed if what in {"unjudged", "ok", "off"}))


@given(SAMPLES)
def test_minutes_come_once_in_order_and_lie_on_the_clock(samples):
    minutes, fed = feed(samples)

    assert all(m.start % MINUTE_S == 0 for m in minutes)
    assert all(a.start < b.start for a, b in pairwise(minutes))
    assert {m.start for m in minutes} <= {t - t % MINUTE_S for t, _, _ in fed}
    assert all(m.signals for m in minutes)


@given(SAMPLES)
def test_parts_are_never_larger_than_the_whole(samples):
    for minute in feed(samples)[0]:
        s = minute.signals["x"]
        assert s.off_s <= s.judged_s + 1e-9
        assert s.judged_s <= s.measured_s + 1e-9
        assert s.off_s == 0 or s.hold_s > 0
        assert math.isnan(s.mean) == (s.measured_s == 0)


@given(st.floats(0.05, 12), st.integers(1, 400))
def test_a_minute_without_a_pause_has_at_most_sixty_seconds(period_s, n):
    minutes, _ = feed([(period_s, "ok")] * n)

    assert all(m.signals["x"].measured_s <= MINUTE_S + 1e-4 for m in minutes[1:])
    assert all(m.signals["x"].measured_s == pytest.approx(MINUTE_S) for m in minutes[1:-1])


@given(SAMPLES)
def test_a_hold_is_no_longer_than_what_was_watched(samples):
    minutes, fed = feed(samples)
    watched = sum(seconds for _, seconds, _ in fed)

    assert all(m.signals["x"].hold_s <= watched + 1e-6 for m in minutes)


def test_a_hold_goes_on_over_the_minute():
    assert hold(("off", 150)) == pytest.approx(150, abs=0.3)


def test_a_hold_goes_on_over_a_missing_sample_and_ends_with_the_posture():
    assert hold(("off", 30), ("hidden", 5), ("off", 30)) == pytest.approx(65, abs=0.3)
    assert hold(("off", 30), ("hidden", 15), ("off", 20)) == pytest.approx(30, abs=0.3)
    assert hold(("off", 30), ("ok", 1), ("off", 20)) == pytest.approx(30, abs=0.3)


def test_a_minute_is_handed_out_when_it_is_over_even_if_nobody_is_there():
    rollup = MinuteAggregator()
    rollup.add(START + 30, 0.2, {"x": Reading(1.0)}, Posture())

    assert rollup.add(START + 59, 29, {}, Posture()) is None
    assert rollup.add(START + 60.2, 1.2, {}, Posture()).start == START
    assert rollup.add(START + 120.2, 60, {}, Posture()) is None
    assert rollup.flush() is None


def test_the_commonest_reason_is_kept():
    minutes, _ = feed([(0.2, "hidden")] * 3)

    assert (minutes[0].signals["x"].why, minutes[0].signals["x"].measured_s) == (Reason.EARS_HIDDEN, 0)
