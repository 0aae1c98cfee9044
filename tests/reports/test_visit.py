"""The page for a visit: what clinicians can use, on one side of paper whatever was told; and what to say on the telephone."""

import math
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import BERLIN, write
from test_report_page import faults_of, headings

sys.path.insert(0, str(Path(__file__).parents[1]))
from desktop_session import need
from program import call, done, refused

from monitor.adapters.store import SelfReports
from monitor.advice import library
from monitor.advice.checkin import EASED_BY, PLACES
from monitor.advice.pregnancy import Pregnancy
from monitor.core.history.records import CheckInRecord
from monitor.reports.charts.days import ChartDay
from monitor.reports.pages.visit import VisitData, phone_lines, visit_page
from monitor.reports.visit import DeskFacts, PainFacts, counts, pain_facts

TODAY = date(2026, 11, 27)
NOON = datetime(2026, 11, 27, 12, tzinfo=BERLIN).timestamp()
DAY_S = 86400.0
NEVER = re.compile(r"(?i)lordosis|lower back curve|remind|baseline|score|correlat|trunk|neck lean|±|°")


def day_with(n, pains):
    checks = [CheckInRecord(NOON - n * DAY_S, pain) for pain in pains]
    return ChartDay("a day", "day", NOON - (n + 0.5) * DAY_S, NOON - (n - 0.5) * DAY_S, [], [], checks)


def fullest(**other: object):
    """More than one person will ever have told, in the longest words of the lists."""
    card = library.card()
    longest = sorted(card.symptoms, key=lambda name: -len(card.symptoms[name].name))
    reports = [
        CheckInRecord(NOON - n * DAY_S, 9, frozenset(PLACES), frozenset(EASED_BY), "much", frozenset(longest[:4]), "", "orange")
        for n in range(28)
    ]
    pain = PainFacts(110, 28, 3.5, 0, 10, 28, 28, (3.5, 10, 4.5, 3))
    desk = DeskFacts(28, 9e5, 3e4, 2e4, 8000, NOON, 1.5, 28, 0.99, 0.99)
    data = {
        "first": TODAY - timedelta(days=27), "today": TODAY, "pregnancy": Pregnancy(date(2027, 3, 15)),
        "conditions": list(library.tips().conditions.values())[:3], "reports": reports, "pain": pain, "desk": desk,
        "last": reports[0], "card": card, "numbers": {"emergency": "112"},
    }  # fmt: skip
    return VisitData(**data | other)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Four weeks up to today, whenever that is."""
    folder = tmp_path_factory.mktemp("visit")
    today = (datetime.now(BERLIN) - timedelta(hours=4)).date()  # a day begins at four
    write(folder, 28, last=today, due=datetime.now(BERLIN).date() + timedelta(days=108))
    (folder / "settings.toml").write_text('[contacts]\nmaternity = "0123 456789"\n', encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def zone(monkeypatch):
    """The person lives where the days were written."""
    monkeypatch.setenv("TZ", str(BERLIN))


def sheet(home, *arguments: object):
    return Path(done("report", "--visit", *arguments, "--data", home).strip()).read_text(encoding="utf-8")


def test_the_sheets_have_what_clinicians_ask_for_in_their_order_and_nothing_that_they_over_read(home):
    page = sheet(home)

    assert faults_of(page.replace("<h1>What to say on the phone</h1>", "")) == []
    assert headings(page) == [
        "Warning signs I ticked", "Pain, 0 to 10", "Where, what eases it, how much it gets in the way (number of check-ins)",
        "Time at the desk, only while watched", "My questions, and what I would like changed at work", "For the professional",
        "Whom to call", "Say", "They may ask", "What they said, who, and when",
    ]  # fmt: skip
    assert NEVER.findall(re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)) == []
    assert "24 weeks and 4 days" in page
    assert "0123 456789" in page


def test_notes_stay_out_unless_asked_for(home):
    assert "Better after the walk" not in sheet(home)
    assert "Better after the walk" in sheet(home, "--notes")


def test_what_was_not_told_is_not_made_up(tmp_path):
    with SelfReports(tmp_path / "history.db"):
        pass
    page = sheet(tmp_path)

    assert "None ticked." in page
    assert "No check-in with a pain." in page
    assert "pregnant" not in page
    assert "They may ask" not in headings(page)


def test_the_visit_has_a_period_of_its_own(home):
    refused(call("report", "--visit", "--week", "--data", home), "--visit", "--weeks")


def test_what_to_say_is_the_stage_and_the_last_check_in_and_never_a_verdict():
    before, after = list(phone_lines(fullest(), BERLIN)), list(phone_lines(fullest(pregnancy=Pregnancy(birth=TODAY)), BERLIN))

    assert before[0] == "I am 24 weeks and 4 days pregnant."
    assert before[-1].startswith("Pain 9 of 10 in: ")
    assert after[0] == "My baby was born on 27 November 2026, 0 days ago."
    assert len(list(phone_lines(fullest(last=None), BERLIN))) == 2


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_fullest_page_still_fits_on_one_side(paper, tmp_path):
    need("chromium")
    page = re.sub(r'<meta http-equiv="[^>]*>', "", visit_page(fullest(), BERLIN)).replace("@page {", f"@page {{ size: {paper};")
    (tmp_path / "visit.html").write_text(page, encoding="utf-8")
    order = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}")
    subprocess.run(
        [*order, f"--print-to-pdf={tmp_path / 'visit.pdf'}", (tmp_path / "visit.html").as_uri()], check=True, capture_output=True
    )

    assert len(re.findall(rb"/Type /Page\b", (tmp_path / "visit.pdf").read_bytes())) == 2


# --- laws --------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(0, 10), max_size=3), min_size=28, max_size=28))
def test_the_pain_of_whole_weeks_adds_up(pains_of_days):
    days = [day_with(28 - n, pains) for n, pains in enumerate(pains_of_days)]
    pain, all_pains = pain_facts(days), [p for pains in pains_of_days for p in pains]

    assert pain.check_ins == len(all_pains)
    assert pain.severe_days <= pain.moderate_days <= pain.days == sum(bool(pains) for pains in pains_of_days)
    assert len(pain.weeks) == 4
    if all_pains:
        assert pain.lowest <= pain.median <= pain.highest
        assert pain.median == median(all_pains)
    else:
        assert math.isnan(pain.median)
    for n, value in enumerate(pain.weeks):
        week = [p for pains in pains_of_days[7 * n : 7 * n + 7] for p in pains]
        assert (math.isnan(value) and not week) or min(week) <= value <= max(week)


def test_counts_name_the_commonest_first_and_count_each_check_in_once():
    reports = [CheckInRecord(1.0, 3, frozenset({"hips", "low_back"})), CheckInRecord(2.0, 3, frozenset({"low_back"}))]

    assert counts(reports, "places") == [("low_back", 2), ("hips", 1)]
