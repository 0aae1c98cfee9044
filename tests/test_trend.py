"""The trend of the standing checks, for people and for programs."""

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.back.standing_checks import Check
from monitor.reports.trend import plot, sentence, trend_lines, values
from monitor.testing import MORNING

WEEK_S = 7 * 86400.0
# science.md 1.8, 1.9: no word of these belongs beside an angle of somebody's back.
FORBIDDEN = ("normal", "abnormal", "pain", "bad", "good", "wrong", "should", "risk")


def series(*degs: float, sd: float = 3.0):
    return [Check(MORNING + i * WEEK_S, deg, sd, 11.0, 70, "camera 0") for i, deg in enumerate(degs)]


def test_a_plot_shows_each_check_at_its_week_and_height():
    rows = list(plot(series(30, 40, 50), UTC))
    marks = [(i, row.index("o")) for i, row in enumerate(rows) if "o" in row]

    assert [column for _, column in sorted(marks, key=lambda m: m[1])] == [6, 6 + 30, 6 + 59]
    assert [row for row, _ in sorted(marks, key=lambda m: m[1])] == sorted((row for row, _ in marks), reverse=True)
    assert rows[-1].split() == ["2026-03-02", "2026-03-16"]


@given(st.lists(st.tuples(st.floats(-40, 80), st.floats(0.5, 14)), min_size=1, max_size=30))
def test_every_check_is_in_the_plot_whatever_the_values(points):
    checks = [Check(MORNING + i * 100 * WEEK_S, deg, sd, 11.0, 70, "c") for i, (deg, sd) in enumerate(points)]
    rows = list(plot(checks, UTC))

    assert sum(row.count("o") for row in rows) == len(points)
    assert max(map(len, rows)) <= 70


def test_a_change_is_told_beside_the_first_check_and_only_if_it_is_clear():
    one, two, three = series(36, 38, 46)

    assert "first check" in sentence(one, [], UTC)
    assert "About as in your first check on 2026-03-02 (+2 deg" in sentence(two, [one], UTC)
    assert "10 deg more hollow than in your first check on 2026-03-02." in sentence(three, [one, two], UTC)
    assert "9 deg less hollow" in sentence(Check(MORNING + WEEK_S, 27, 3, 8, 70, "c"), [one], UTC)


def test_no_word_judges_or_frightens():
    checks = series(20, 36, 60)
    sentences = [*map(str, trend_lines(checks, UTC)), *(sentence(one, checks, UTC) for one in checks)]

    assert [word for word in FORBIDDEN if word in " ".join(sentences).lower()] == []


def test_programs_get_json_with_null_for_what_there_is_not():
    first, later = (json.loads(json.dumps(values(one, series(36, 46), UTC))) for one in series(36, 46))

    assert first["change_since_first_deg"] is None
    assert later == {
        "t": "2026-03-09T09:00:00+00:00", "lordosis_deg": 46, "sd_deg": 3, "depth_percent": 11, "frames": 70,
        "source": "camera 0", "week_of_pregnancy": None, "change_since_first_deg": pytest.approx(10), "change_is_clear": True,
        "smallest_detectable_change_deg": None,
    }  # fmt: skip


def test_a_change_below_the_smallest_detectable_one_is_grey_and_others_are_not():
    first, again = (Check(MORNING + i * 3600, deg, 3.0, 11.0, 70, "c") for i, deg in enumerate((30.0, 34.0)))
    small, large = (Check(MORNING + i * WEEK_S, deg, 3.0, 11.0, 70, "c") for i, deg in ((1, 35.0), (2, 45.0)))
    checks = [first, again, small, large]

    lines = {str(line): line for line in trend_lines(checks, UTC)}
    grey = [text[:10] for text, line in lines.items() if text[:4] == "2026" and line.style]

    assert grey == ["2026-03-02", "2026-03-09"]
    assert values(large, checks, UTC)["smallest_detectable_change_deg"] == pytest.approx(6.58)
    assert [values(one, checks, UTC)["change_is_clear"] for one in (small, large)] == [False, True]
