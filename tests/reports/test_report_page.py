"""``report``: one file, nothing in it that runs or calls out, and the same numbers as everywhere else."""

import json
import os
import random
import re
import stat
import sys
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from simulated import BERLIN, FRIDAY, write

sys.path.insert(0, str(Path(__file__).parents[1]))
from program import call, done, refused

from monitor.adapters import profiles
from monitor.adapters.profiles import Profile
from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference
from monitor.core.posture.signals import BY_NAME, SIGNALS
from monitor.core.vocabulary import Activity, View
from monitor.reports.phrases import span
from monitor.texts.catalogue import about_sitting, activity_name

DAYS = 63
MONTH_BYTES = 400_000
VOID = {"meta", "br", "hr", "link"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Nine weeks of invented days, and a calibration for them."""
    folder = tmp_path_factory.mktemp("home")
    write(folder, DAYS, signals=[BY_NAME[name] for name in ("trunk_inclination", "lumbar_lordosis", "lumbar_index")])
    own = {s.name: Reference(1.0 if s.name == "lumbar_index" else 5.0, 1.0 if s.unit == "deg" else 0.01, 50) for s in SIGNALS}
    baseline = Baseline({CalibrationStage.SITTING_TALL: own})
    profiles.save(folder / "profiles", Profile("default", 1e9, "camera 0", View.SIDE, baseline))
    return folder


@pytest.fixture(autouse=True)
def zone(monkeypatch):
    """The person lives where the days were written."""
    monkeypatch.setenv("TZ", str(BERLIN))


class Structure(HTMLParser):
    """What a page is made of: its elements with their attributes, whether they were closed, and the text of each kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.elements, self.texts, self.torn = [], [], {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.torn.append(tag)

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


def faults_of(page: str) -> list[str]:
    """What a page has that a file without script and without any other address must not have."""
    seen = Structure(page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = (a["content"] for tag, a in seen.elements if a.get("http-equiv") == "Content-Security-Policy")
    names = [a["id"] for _, a in seen.elements if "id" in a]
    allowed = f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    used = {name for _, a in seen.elements for name in a}
    checks = {
        "torn": not seen.torn and not seen.open,
        "policy": policy.startswith("default-src 'none'; ") and allowed in policy and "unsafe" not in policy,
        "script": not {tag for tag, _ in seen.elements} & {"script", "iframe", "object", "img", "link", "form"},
        "attributes": not {name for name in used if name.startswith("on")} | used & {"style", "src", "srcset", "xlink:href"},
        "addresses": not re.search(r"https?://|url\((?!#)|@import", page),
        "ids": len(names) == len(set(names)),
        "labels": {name for _, a in seen.elements for name in a.get("aria-labelledby", "").split()} <= set(names),
        "heading": sum(tag == "h1" for tag, _ in seen.elements) == 1,
        "language": ("html", {"lang": "en"}) in seen.elements,
        "not known": not re.search(r"\bnan\b|\bNone\b|\binf\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)),
    }
    return [name for name, fine in checks.items() if not fine]


def page_of(home, *arguments: object, out=None):
    path = Path(done("report", *arguments, "--data", home, *(("--out", out) if out else ())).strip())
    return path.read_text(encoding="utf-8")


def headings(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]


PERIODS = {
    "day": ("--day", FRIDAY),
    "a day without a session": ("--day", FRIDAY - timedelta(days=5)),
    "week": ("--week", "--day", FRIDAY),
    "month": ("--month", "--day", FRIDAY),
    "session": ("--session", 3),
    "before all records": ("--week", "--day", "2025-01-03"),
}


@pytest.fixture(scope="module")
def pages(home):
    """A page of each kind of period."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", str(BERLIN))
        return {name: page_of(home, *arguments) for name, arguments in PERIODS.items()}


def test_every_report_is_one_file_that_runs_nothing_and_asks_for_nothing(pages):
    assert {name: found for name, page in pages.items() if (found := faults_of(page))} == {}
    assert {name: len(page) for name, page in pages.items() if len(page.encode()) > MONTH_BYTES} == {}


def test_a_report_has_a_sentence_above_each_chart_in_the_order_of_certainty(pages):
    stretches, hours, pain = (about_sitting(code) for code in ("stretches", "by_hour", "pain_heading"))
    orders = {
        "day": ["Your day", stretches, "Posture against your own range", "How much of what you did could be seen"],
        "week": ["The week", stretches, hours, "Reminders", "Beside your own weeks", pain,
                 "Standing checks of the lower back"],
        "month": [stretches, hours, pain],
    }  # fmt: skip
    for name, wanted in orders.items():
        page = pages[name]

        assert [heading for heading in headings(page) if heading in wanted] == wanted
        sections = re.findall(r"<section.*?</section>", page, re.DOTALL)
        assert [s[:60] for s in sections if 'class="chart' in s and s.index('class="say"') > s.index("<svg")] == []
    assert pages["month"].count("as ribbons on one clock") == 2 * 4


def test_numbers_on_pages_and_in_the_summary_agree_over_ten_random_weeks(home, tmp_path):
    chance = random.Random(11)  # noqa: S311  # the same weeks every time
    for _ in range(10):
        last = FRIDAY - timedelta(days=chance.randrange(DAYS - 7))
        summary = json.loads(done("summary", "--week", "--day", last, "--json", "--data", home))
        page = page_of(home, "--week", "--day", last, out=tmp_path / "week.html")
        totals = dict(re.findall(r"<dt><svg.*?</svg>([^<]*)</dt><dd>([^<]*)</dd>", page))

        assert totals == {activity_name(kind): span(summary[f"{kind}_s"]) for kind in Activity}
        assert f"Of {summary['sedentary_bouts']} stretches" in page
        assert f"{summary['measurable_share']:.0%}".replace("%", " %") in page
        for kind, counts in summary["reminders"].items():
            assert f">{counts['shown']}</td>" in page, kind


def test_the_file_is_its_owners_alone_and_deleted_with_the_rest(home):
    path = Path(done("report", "--day", FRIDAY, "--data", home).strip())

    assert path.parent.parent == home
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or os.name == "nt"
    assert str(path) in done("doctor", "--privacy", "--data", home)


def test_notes_stay_with_the_person(pages):
    assert "Better after the walk" not in "".join(pages.values())


def test_the_browser_is_asked_and_its_absence_is_told_in_one_line(home, tmp_path, monkeypatch):
    asked = tmp_path / "asked"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {asked}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    done("report", "--day", FRIDAY, "--open", "--data", home, "--out", tmp_path / "a page.html")

    assert asked.read_text().strip() == (tmp_path / "a page.html").as_uri()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--week", "--month"), ("--week", "--month")),
        (("--session", "3", "--day", "today"), ("--session",)),
        (("--session", "999"), ("999",)),
        (("--day", "noday"), ("noday",)),
        (("--out", "/proc/none/page.html"), ("--out",)),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(home, arguments, words):
    refused(call("report", *arguments, "--data", home), *words)


def test_without_a_history_a_report_says_how_to_begin(tmp_path):
    refused(call("report", "--data", tmp_path), "run")


def test_a_day_of_the_calendar_is_named_by_the_persons_clock(home):
    assert "<h1>Friday 27 November 2026</h1>" in page_of(home, "--day", date(2026, 11, 27))


def test_a_page_replaces_no_device_and_no_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    refused(call("explain", "--review", pipe, "--data", tmp_path / "data"), str(pipe), "a pipe or a device")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_four_weeks_add_up_before_the_first_week_and_an_unwatched_week_is_a_line(tmp_path):
    write(tmp_path, 10)
    page = Path(done("report", "--month", "--day", FRIDAY.isoformat(), "--data", tmp_path).strip()).read_text(encoding="utf-8")

    assert page.index('class="totals"') < page.index('"week-0-heading"')
    assert [f'"week-{n}-wide' in page for n in range(4)] == [False, False, True, True]
