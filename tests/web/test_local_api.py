"""The local API: its figures are those of the commands and of the pages, and nothing that is asked makes it fail."""

import json
import random
import re
import sys
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import TypeAdapter
from serving import Dashboard

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))
from program import done
from simulated import BERLIN, FRIDAY, write

from monitor.adapters.profiles import Profile, save
from monitor.core.posture.baseline import Baseline
from monitor.core.vocabulary import View
from monitor.reports.phrases import span
from monitor.texts.catalogue import about_sitting
from monitor.web.api_shapes import (
    CalibrationOut,
    CheckInOut,
    CheckOut,
    DayOut,
    FileOut,
    SettingOut,
    StageOut,
    StatusOut,
)
from monitor.web.summary_shapes import SummaryOut

WEEKS = 12
ACTIVITIES = ("sitting", "standing", "moving", "away", "unknown")
# Orders that begin processes are no questions to a server.
BEGINS = {"start", "restart"}
# What each question is answered with; the profiles need a calibration.
SHAPES = {
    "/api/status": StatusOut,
    f"/api/summary?period=week&day={FRIDAY}": SummaryOut,
    f"/api/days?last={FRIDAY}": list[DayOut],
    f"/api/check-ins?last={FRIDAY}": list[CheckInOut],
    "/api/checks": list[CheckOut],
    "/api/stage": StageOut,
    "/api/settings": list[SettingOut],
    "/api/profiles": list[CalibrationOut],
    "/api/files": list[FileOut],
}
FASTAPI = {"HTTPValidationError", "ValidationError"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    write(folder, WEEKS * 7)
    save(folder / "profiles", Profile("default", 1e9, "camera 0", View.SIDE, Baseline()))
    return folder


@pytest.fixture(scope="module")
def dashboard(home):
    with Dashboard(home) as made:
        yield made
    assert "Traceback" not in made.output


def test_pages_api_summary_and_history_have_the_same_figures(dashboard, home, monkeypatch):
    monkeypatch.setenv("TZ", str(BERLIN))
    cookie, apart = dashboard.let_in(), {}
    for last in (FRIDAY - timedelta(days=back) for back in random.Random(3).sample(range(WEEKS * 7 - 7), 10)):  # noqa: S311
        first = last - timedelta(days=6)
        summary = json.loads(done("summary", "--week", "--day", last.isoformat(), "--json", "--data", home))
        api = dashboard.api(f"/api/summary?period=week&day={last}").json()
        days = dashboard.api(f"/api/days?first={first}&last={last}").json()
        page = dashboard.ask("GET", f"/history?first={first}&last={last}", cookie).text.replace("\u00a0", " ")
        watched = [one for one in days if one["first"]]
        sums = {f"{kind}_s": sum(one[f"{kind}_s"] for one in watched) for kind in ACTIVITIES}
        middle = about_sitting("middle_day", sat=span(median(one["sitting_s"] for one in watched)), stood="{}").partition("{}")[0]
        apart[last] = [
            *(["the API's summary"] if api != summary else []),
            *(name for name, total in sums.items() if abs(total - summary[name]) > 0.5),
            *([f"not on the page: {middle}"] if middle not in page else []),
            *([f"not {len(watched)} days"] if f"watched on {len(watched)} of 7 days" not in page else []),
        ]

    assert {last: found for last, found in apart.items() if found} == {}


def test_a_page_says_what_its_day_amounts_to(dashboard, home, monkeypatch):
    monkeypatch.setenv("TZ", str(BERLIN))
    summary = json.loads(done("summary", "--day", (FRIDAY - timedelta(days=1)).isoformat(), "--json", "--data", home))
    page = dashboard.ask("GET", f"/day/{FRIDAY - timedelta(days=1)}", {"Authorization": f"Bearer {dashboard.token}"})
    sat, stood = span(summary["sitting_s"]), span(summary["standing_s"])
    before, after = about_sitting("one_day", sat=sat, stretches="{}", stood=stood).split("{}")

    assert re.search(f"{re.escape(before)}.{{1,40}}{re.escape(after)}", page.text.replace("\u00a0", " "))


@pytest.mark.slow
def test_no_question_and_no_order_makes_the_api_fail(dashboard):
    import schemathesis  # long to load

    document = dashboard.api("/api/openapi.json").json()
    bearer = {"Authorization": f"Bearer {dashboard.token}"}
    base, failed = dashboard.base, []
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
        @given(case=operation.as_strategy())
        def ask(case):
            if isinstance(case.body, dict) and case.body.get("kind") in BEGINS:
                return
            answer = case.call(base_url=base, headers=bearer)
            if answer.status_code >= 500:
                failed.append((case.method, case.path, case.query, case.body, answer.text))

        ask()

    assert len(document["paths"]) >= 10
    assert failed == []


def test_the_document_names_every_field_of_every_answer(dashboard):
    document = dashboard.api("/api/openapi.json").json()
    schemas = document["components"]["schemas"]
    found = {path: dashboard.api(path).json() for path in SHAPES}
    nameless = [
        (name, field)
        for name, schema in schemas.items()
        for field, each in schema.get("properties", {}).items()
        if not (each.get("description") or "$ref" in str(each)) and name not in FASTAPI
    ]

    for path, shape in SHAPES.items():
        TypeAdapter(shape).validate_python(found[path])
    assert nameless == []
    assert [path for path, answer in found.items() if not answer] == []
    answered = {
        path: methods["get"]["responses"]["200"]["content"] for path, methods in document["paths"].items() if "get" in methods
    }
    assert [path for path, content in answered.items() if "$ref" not in str(content)] == []
    assert {*answered} == {path.partition("?")[0] for path in SHAPES}


def test_an_order_without_a_monitor_is_refused_in_a_line(dashboard):
    answers = [
        dashboard.api("/api/orders", {"kind": kind, "value": value})
        for kind, value in (("pause", "60"), ("pause", "until tomorrow"), ("pause", "until noon"), ("mark", "flying"))
    ]

    assert [one.status for one in answers] == [409, 409, 400, 400]
    assert all(len(one.json()["detail"].splitlines()) == 1 for one in answers)


def test_a_check_in_is_answered_and_kept(tmp_path):
    answers = {"pain": 8, "places": ["low_back"], "symptoms": ["saddle_numbness"]}
    with Dashboard(tmp_path) as dashboard:
        answer = dashboard.api("/api/check-ins", answers)
        kept = dashboard.api("/api/check-ins").json()
        strange = dashboard.api("/api/check-ins", {"places": ["elbow"]})

    assert (answer.status, answer.json()["urgency"], answer.json()["call_first"]) == (200, "red", True)
    assert [(one["pain"], one["urgency"]) for one in kept] == [(8, "red")]
    assert strange.status == 400
