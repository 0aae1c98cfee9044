"""The dashboard's own parts: what is vendored, what is missing, live fragments, and days cut out of a range."""

import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Dashboard, form

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))
from program import Outcome, call, refused
from simulated import FRIDAY, write

from monitor.adapters.store import Store
from monitor.app.copy_of_data import zipped
from monitor.app.home import open_home
from monitor.app.open_history import history_of
from monitor.app.report import range_data
from monitor.config import Settings, flat
from monitor.core.data_dictionary import KEPT
from monitor.core.history.records import Records, split
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.reports.charts.now import Angles
from monitor.reports.markup import Markup
from monitor.reports.periods import last_days
from monitor.texts.catalogue import known
from monitor.web.forms import Form
from monitor.web.live import LiveFragments, message
from monitor.web.pages.now_drawings import Figure
from monitor.web.pages.settings import save, settings_page

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "monitor" / "web" / "static"


def test_what_is_vendored_is_what_was_published():
    listed = dict(reversed(line.split()) for line in (STATIC / "SHA256SUMS").read_text().splitlines())

    assert {path.name for path in STATIC.glob("*.min.js")} | {"LICENSE-htmx.txt"} == set(listed)
    assert {name: sha256((STATIC / name).read_bytes()).hexdigest() for name in listed} == listed


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "jinja2"])
def test_without_the_extra_one_line_says_how_to_add_it(tmp_path, missing):
    start = f"import sys; sys.modules[{missing!r}] = None; import run_monitor; run_monitor.main()"
    done = subprocess.run(
        [sys.executable, "-c", start, "dashboard", "--data", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    refused(Outcome(done.returncode, done.stdout, done.stderr), "[web]", missing)


def test_a_fragment_is_sent_when_it_has_changed_and_no_oftener_than_it_may():
    shown = iter([{"a": "1", "b": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "3"}, {"a": "2", "b": "3"}])
    live = LiveFragments(lambda: next(shown), {"b": 5.0})

    assert [live.changed(t) for t in (0.0, 1.0, 2.0, 5.0)] == [[("a", "1"), ("b", "1")], [], [("a", "2")], [("b", "3")]]
    assert all(line.startswith("data: ") for line in message([("a", "1\n2")]).strip().splitlines())


@given(
    lengths=st.lists(st.tuples(st.sampled_from(Activity), st.floats(1.0, 90_000.0)), max_size=30),
    cuts=st.lists(st.floats(0.0, 400_000.0), min_size=2, max_size=12, unique=True).map(sorted),
)
def test_periods_hold_each_moment_of_the_records_once(lengths, cuts):
    t, bouts = 0.0, []
    for activity, seconds in lengths:
        bouts.append(Bout(activity, t, t + seconds))
        t += seconds
    periods = list(pairwise(cuts))
    parts = split(Records(0.0, t, (), bouts, (), ()), periods)

    for (start, end), part in zip(periods, parts, strict=True):
        inside = [replace(b, start=max(b.start, start), end=min(b.end, end)) for b in bouts if b.start < end and b.end > start]
        assert [bout for bout in part.bouts if bout.seconds] == [bout for bout in inside if bout.seconds]


def test_a_range_of_days_has_what_each_day_has_alone(tmp_path):
    write(tmp_path, 21)
    home = replace(open_home(tmp_path))
    period = last_days(21, FRIDAY, home.tz, home.day_begins)
    whole = range_data(home, home.date_of(period.start), FRIDAY).days
    with history_of(home) as history:
        alone = [history.records(one.start, one.end) for one in period.days]

    assert [[*day.bouts] for day in whole] == [[*records.bouts] for records in alone]
    assert [len(day.check_ins) for day in whole] == [sum(r.pain is not None for r in records.reports) for records in alone]


def test_every_setting_has_a_name_and_a_meaning_and_what_is_saved_is_read_back(tmp_path):
    keys = [*flat(Settings())]
    nameless = [key for key in keys if not key.startswith(("reminders.", "signals.")) and not known("setting_names", key)]
    home = open_home(tmp_path)
    typed = {
        "contacts.emergency": "112", "silence.quiet_from": "22:00", "silence.quiet_to": "07:00", "camera.device": "C920",
        "advice.busy_hours": "8, 9", "advice.at_hand": "wall", "data.keep_days": "100", "break_window": "on",
        "reminders.sat_too_long.soft_min": "25", "screen.distance_cm": "62,5", "camera.rotate": "90", "camera.fov": "78",
        "camera.tilt": "-5,5",
    }  # fmt: skip
    page = save(home, Form({key: [value] for key, value in typed.items()}))
    after = {one.key: one for group in settings_page(open_home(tmp_path)).groups for one in group.settings}
    fault = save(open_home(tmp_path), Form({"data.keep_days": ["soon"], "camera.width": ["800"]}))
    shown = {one.key: (one.value, bool(one.fault)) for group in fault.groups for one in group.settings}

    assert nameless == []
    assert page.done.startswith("Saved")
    assert {key: after[key].value for key in typed} == typed | {"screen.distance_cm": "62.5", "camera.tilt": "-5.5"}
    assert (shown["data.keep_days"], shown["camera.width"]) == (("soon", True), ("800", False))
    assert open_home(tmp_path).settings.camera.width == 640


ELSEWHERE = (
    "http://192.168.1.7:5600",
    "https://127.0.0.1:5600",
    "http://127.0.0.1.example.test",
    "http://[::2]",
    "tcp://x",
    "http://[",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
)
UNUSABLE = [
    *(("activitywatch_address", address) for address in ELSEWHERE),
    *(("contacts.doctor", number) for number in ("call me", "-", "+", "1" * 31)),
]


def test_what_no_setting_may_hold_is_refused_by_the_file_the_command_and_the_page_alike(tmp_path):
    taken = {}
    for number, (key, value) in enumerate(UNUSABLE):
        folder = tmp_path / str(number)
        folder.mkdir()
        page = save(open_home(folder), Form({key: [value]}))
        command = call("settings", "set", key, json.dumps(value), "--data", folder)
        (folder / "settings.toml").write_text(f"{key} = {json.dumps(value)}\n")
        file = call("settings", "--data", folder)
        refusals = (bool(page.fault), *((one.code, one.err.count("\n"), key in one.err) for one in (command, file)))
        taken |= {} if refusals == (True, (2, 1, True), (2, 1, True)) else {(key, value): refusals}

    assert taken == {}
    assert call("contacts", "--set", "doctor=call me", "--data", tmp_path).code == 2


def test_a_password_stands_on_no_page(tmp_path):
    (tmp_path / "settings.toml").write_text('[camera]\ndevice = "rtsp://ann:secret@cam/x"\npassword = "secret"\n')
    page = settings_page(open_home(tmp_path))

    assert "secret" not in str(page)
    assert (
        save(open_home(tmp_path), Form({one.key: [one.value] for g in page.groups for one in g.settings})).done
        == "Nothing was changed."
    )


def test_settings_that_cannot_be_read_are_said_on_each_page_and_never_overwritten(tmp_path):
    (tmp_path / "settings.toml").write_text("contacts = 112")
    with Dashboard(tmp_path) as dashboard:
        cookie = dashboard.let_in()
        paths = (
            "/",
            "/today",
            "/history",
            "/check-in",
            "/warning-signs",
            "/settings",
            "/checks",
            "/profiles",
            "/privacy",
            "/api",
        )
        pages = {path: dashboard.ask("GET", path, cookie) for path in paths}
        csrf = re.search(r'name="csrf" value="([^"]+)"', pages["/settings"].text).group(1)
        headers, body = form(csrf=csrf, **{"day.begins_at": "05:00"})
        saved = dashboard.ask("POST", "/settings", {**cookie, **headers}, body)

    refusal = f"{tmp_path / 'settings.toml'}: contacts"
    assert {path: one.status for path, one in pages.items() if one.status != 200 or refusal not in one.text} == {}
    assert ("Not saved" in saved.text, (tmp_path / "settings.toml").read_text()) == (True, "contacts = 112")
    assert (dashboard.output.count("settings.toml"), "Traceback" in dashboard.output) == (1, False)


def test_the_copy_is_one_file_and_help_waits_for_no_settings_and_no_history(tmp_path):
    Store(tmp_path / "history.db").close()
    with Dashboard(tmp_path) as dashboard:
        cookie = dashboard.let_in()
        packed = dashboard.ask("GET", "/privacy/copy.zip", cookie)
        with zipped(open_home(tmp_path)) as file, ZipFile(file) as archive:
            names = {*archive.namelist()}
        csrf = re.search(r'name="csrf" value="([^"]+)"', dashboard.ask("GET", "/check-in", cookie).text).group(1)
        (tmp_path / "settings.toml").write_text("contacts = 112")
        (tmp_path / "history.db").write_text("no history" * 999)
        pages = [dashboard.ask("GET", path, cookie).status for path in ("/check-in", "/warning-signs", "/settings", "/")]
        headers, body = form(csrf=csrf, signs="yes", symptom="saddle_numbness")
        answer = dashboard.ask("POST", "/check-in", {**cookie, **headers}, body)

    assert (packed.status, packed.text[:2], int(packed.headers["content-length"]) > 1000) == (200, "PK", True)
    assert names >= {"export.json", "schema.json", *(f"{table}.csv" for table in KEPT)}
    assert pages == [200, 200, 409, 409]
    assert (answer.status, 'class="lev red"' in answer.text, "Not saved" in answer.text) == (200, True, True)
    assert "Traceback" not in dashboard.output


@given(st.floats(-30, 30), st.floats(-9, 9), st.booleans())
def test_the_figure_stays_while_nothing_moved_beyond_the_noise_of_a_reading(trunk, by, unknown):
    before = Figure(Markup(""), (), "seen just now", Angles(trunk, 20.0))
    after = replace(before, angles=Angles(trunk + by, math.nan if unknown else 20.0))

    assert before.shows(after) == (not unknown and abs(trunk + by - trunk) <= 2.0)
    assert before.shows(before)
    assert not before.shows(replace(before, age="seen 20 s ago"))
    assert not before.shows(replace(before, angles=None))


def test_a_pain_that_is_no_whole_number_from_0_to_10_is_refused(tmp_path):
    with Dashboard(tmp_path) as dashboard:
        cookie = dashboard.let_in()
        csrf = re.search(r'name="csrf" value="([^"]+)"', dashboard.ask("GET", "/check-in", cookie).text)[1]
        typed = ("nan", "1e400", "5.7", "11", "-1", "9" * 5000, "0" * 20 + "9", "3" + " " * 20 + "7", "3")
        sent = {pain: form(csrf=csrf, signs="no", pain=pain) for pain in typed}
        answers = {
            pain: dashboard.ask("POST", "/check-in", {**cookie, **head}, body).status for pain, (head, body) in sent.items()
        }

    assert {pain for pain, status in answers.items() if status != 400} == {"3"}
    assert "Traceback" not in dashboard.output


def test_what_applies_is_ticked_on_the_page_and_nothing_else_can_be(tmp_path):
    with Dashboard(tmp_path) as dashboard:
        cookie = dashboard.let_in()
        page = dashboard.ask("GET", "/settings", cookie).text
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        from_here = {**cookie, "Origin": dashboard.base}
        sent = [form(csrf=csrf, tick=ticks) for ticks in (["wheelchair", "night_shift"], ["flying"])]
        answers = [dashboard.ask("POST", "/conditions", {**from_here, **head}, body).status for head, body in sent]
        kept = dashboard.api("/api/stage").json()["conditions"]
        heading = dashboard.ask("GET", "/", cookie).text

    assert answers == [303, 400]
    assert kept == ["night_shift", "wheelchair"]
    assert "I am standing" not in heading
