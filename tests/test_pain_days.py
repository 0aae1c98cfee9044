"""Pain over days relative to sitting and breaks: described from ten check-ins on, and never explained."""

import csv
import io
import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_days import BERLIN, DAY_S, MONDAY, NINE, SIT, STAND, day_of
from rich.console import Console

from monitor.core.history.pain_days import ENOUGH, MODERATE, PainDays, pain_days
from monitor.core.history.records import CheckInRecord, Records
from monitor.core.history.summary import summarize
from monitor.reports.periods import day, week
from monitor.reports.report import report_on, with_pain
from monitor.reports.summary_formats import as_csv, as_data, as_json
from monitor.reports.text import page
from monitor.texts.catalogue import about_sitting

CAUSAL = re.compile(r"because|leads? to|due to|better for|worse|helps?\b|reduc|prevent|you should|makes? (you|it)", re.IGNORECASE)


def kept(pains):
    """A store with a working day and a check-in on each of the last days; those with pain 4 and more have more sitting."""
    reports = [CheckInRecord(NINE + 6 * 3600 - i * DAY_S, pain) for i, pain in enumerate(pains)]
    days = {i: day_of(((SIT, 60 if pain >= MODERATE else 40), (STAND, 10)) * 3, NINE - i * DAY_S) for i, pain in enumerate(pains)}

    def read(start, end):
        some = [one for one in days.values() if start <= one.bouts[0].start < end]
        bouts = [b for one in reversed(some) for b in one.bouts]
        sessions = [s for one in some for s in one.sessions]
        return Records(start, end, sessions, bouts, [], [], [r for r in reversed(reports) if start <= r.t < end])

    return read


def weekly(pains):
    return with_pain(report_on(week(MONDAY, BERLIN), kept(pains)), kept(pains), BERLIN)


def daily(pains):
    return with_pain(report_on(day(MONDAY, BERLIN), kept(pains)), kept(pains), BERLIN)


def printed(report, width=80):
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(page(report, BERLIN))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


PAINS = [2, 5, 3, 6, 2, 4, 1, 5, 3, 2, 7]


def test_below_ten_check_ins_pain_is_not_related_to_sitting():
    few = weekly(PAINS[: ENOUGH - 1])

    assert "Four weeks" not in printed(few)
    assert re.search(r"days? with (pain|less)", printed(few)) is None
    assert f"9 check-ins in four weeks; {about_sitting('beside_later', enough=ENOUGH)}" in " ".join(printed(few).split())
    assert as_data(few, BERLIN)["check_ins"]["days"] == []
    assert as_data(few, BERLIN)["check_ins"]["why_not_shown"] == "fewer than 10 check-ins in four weeks"
    assert {row["pain_mean"] for row in csv.DictReader(io.StringIO(as_csv(few, BERLIN)))} == {""}


def test_from_ten_on_days_with_and_without_stand_beside_each_other():
    text = printed(weekly(PAINS))

    assert "Four weeks    11 check-ins; pain from 0 to 10" in text
    assert "Mon 2 Mar 15:00   pain 2" in text
    assert f"on 5 days with pain 4 or more: {about_sitting('beside', length='3 h 00 min', rate='1.0')}" in text
    assert f"on 6 days with less: {about_sitting('beside', length='2 h 00 min', rate='1.5')}" in text
    assert about_sitting("beside_note") in " ".join(text.split())
    assert len(re.findall(r"^\w{3} \d+ \w{3} [\d:]+ +pain", text, re.MULTILINE)) == 7


@pytest.mark.parametrize("report", [weekly(PAINS), daily(PAINS)])
def test_no_word_says_that_one_causes_the_other(report):
    text = printed(report)

    assert not CAUSAL.search(text.replace("they do not say what causes what", ""))
    assert max(map(len, printed(report, 60).splitlines())) <= 60


def test_programs_get_the_same_figures():
    data = json.loads(as_json(weekly(PAINS), BERLIN))["check_ins"]

    assert (data["count"], data["why_not_shown"], len(data["days"])) == (11, None, 11)
    assert data["days"][-1] == {
        "start": "2026-03-02T00:00:00+01:00",
        "check_ins": 1,
        "pain_mean": 2.0,
        "sitting_s": 7200.0,
        "breaks_per_sedentary_h": 1.5,
    }
    assert data["days_with_pain_4_or_more"]["sitting_s"] == 10800.0
    rows = list(csv.DictReader(io.StringIO(as_csv(weekly(PAINS), BERLIN))))
    assert [row["pain_mean"] for row in rows] == ["1.0", "4.0", "2.0", "6.0", "3.0", "5.0", "2.0"]


def test_a_session_has_no_pain():
    assert as_data(report_on(day(MONDAY, BERLIN), kept(PAINS)), BERLIN)["check_ins"] is None


def test_a_day_that_was_not_watched_is_in_no_comparison():
    reports = [CheckInRecord(i * DAY_S + 1, 5) for i in range(ENOUGH)]
    nothing = summarize(Records(0, 1, [], [], [], []))

    found = pain_days(reports, [(i * DAY_S, (i + 1) * DAY_S) for i in range(ENOUGH)], lambda *_: nothing)

    assert all(math.isnan(one.sitting_s) for one in found.days)
    assert found.group(moderate=True).days == 0


@given(st.lists(st.none() | st.integers(0, 10), max_size=30))
def test_every_check_in_with_a_pain_counts_on_its_day_and_no_other_does(pains):
    reports = [CheckInRecord(i * DAY_S / 3, pain) for i, pain in enumerate(pains)]
    answered = [r for r in reports if r.pain is not None]
    watched = summarize(day_of(((SIT, 60), (STAND, 10)) * 2))

    found = pain_days(reports, [(i * DAY_S, (i + 1) * DAY_S) for i in range(11)], lambda *_: watched)

    assert found.check_ins == len(answered)
    if len(answered) < ENOUGH:
        assert found == PainDays(len(answered))
    else:
        assert sum(one.check_ins for one in found.days) == len(answered)
        assert sum(found.group(moderate=m).days for m in (True, False)) == len(found.days)
        assert all(0 <= one.pain <= 10 for one in found.days)
