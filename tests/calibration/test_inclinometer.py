"""``check --validate``: stored checks beside a clinician's readings, and what is wrong with a file in one line."""

import json

import pytest

import run_monitor
from monitor.adapters.store import add_check
from monitor.app.home import HISTORY
from monitor.cli import DONE, REFUSED, run_plainly
from monitor.core.back.standing_checks import Check
from monitor.testing import MORNING

DAY_S = 86400.0
FILE = """date,inclinometer_deg
2026-03-02,31
2026-03-03T09:00+00:00,35
2026-03-04,38.5
2026-04-01,99
"""


@pytest.fixture
def compared(tmp_path, capsys):
    """Writes the file, runs the command and gives its exit code, what it printed and what it complained of."""
    data = tmp_path / "data"
    data.mkdir()
    for day, deg in enumerate((30.0, 36.0, 38.0)):
        add_check(data / HISTORY, Check(MORNING + day * DAY_S, deg, 3.0, 11.0, 70, "camera 0"))

    def run(text: str, *options: str):
        file = tmp_path / "clinic.csv"
        file.write_text(text, encoding="utf-8")
        code = run_plainly(run_monitor.app, ["check", "--validate", str(file), "--data", str(data), *options])
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


def test_each_reading_is_held_against_the_check_of_its_day(compared):
    code, out, _ = compared(FILE, "--json")
    report = json.loads(out)

    assert code == DONE
    assert report["pairs"] == 3
    assert report["bias_deg"] == pytest.approx((-1 + 1 - 0.5) / 3, abs=1e-3)
    assert report["limits_of_agreement_deg"][0] < report["bias_deg"] < report["limits_of_agreement_deg"][1]
    assert 0.9 < report["icc_2_1"] <= 1


def test_a_page_for_people_names_every_figure(compared):
    _, out, _ = compared(FILE)

    assert [name for name in ("Mean difference", "Limits of agreement", "ICC(2,1)", "MDC90") if name not in out] == []


WRONG = {
    "no column": "day,inclinometer_deg\n2026-03-02,31\n",
    "no number": "date,inclinometer_deg\n2026-03-02,thirty\n",
    "no date": "date,inclinometer_deg\nMonday,31\n",
    "not finite": "date,inclinometer_deg\n2026-03-02,nan\n",
    "too few": "date,inclinometer_deg\n2026-03-02,31\n",
    "empty": "",
}


def test_a_file_that_says_nothing_is_refused_in_one_line(compared):
    got = {name: compared(text) for name, text in WRONG.items()}

    assert {name: (code, out, err.count("\n")) for name, (code, out, err) in got.items()} == dict.fromkeys(
        WRONG, (REFUSED, "", 1)
    )
