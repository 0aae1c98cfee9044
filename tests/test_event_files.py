"""Bouts and minutes as files that R and pandas read in a line."""

import csv
import math
import re

from program import ROOT, call, done, refused
from studies import AWAY, MOVE, SIT, STAND, UNKNOWN, bouts_of, history, nine

PHASES = [(SIT, 31.5), (STAND, 6), (UNKNOWN, 2), (SIT, 20.25), (AWAY, 40), (MOVE, 1)]
KINDS = ("sitting", "standing", "moving", "away", "unknown")


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_event_files_hold_the_bouts_of_the_summary(tmp_path):
    history(tmp_path / "home" / "history.db", [bouts_of(PHASES, nine())])
    asked = ("summary", "--day", "2026-03-02", "--data", tmp_path / "home")
    done(*asked, "--events", tmp_path / "events.csv")
    done("data", "export", tmp_path / "copy", "--data", tmp_path / "home")
    rows, minutes = (read(tmp_path / name) for name in ("events.csv", "events_minutes.csv"))

    assert [(r["state"], float(r["duration_s"])) for r in rows] == [(str(kind), 60 * length) for kind, length in PHASES]
    assert {(r["source"], r["certainty"], r["why"]) for r in rows} == {
        ("camera 0", "seen", ""),
        ("camera 0", "unknown", "too_dark"),
    }
    assert math.fsum(float(m[f"{kind}_s"]) for m in minutes for kind in KINDS) == sum(float(r["duration_s"]) for r in rows)
    assert [read(tmp_path / "copy" / name) for name in ("events.csv", "events_minutes.csv")] == [rows, minutes]
    refused(call(*asked, "--events", tmp_path / "events.csv"), "exists already")


def test_the_lines_of_pandas_in_the_page_read_them(tmp_path, monkeypatch):
    import pandas as pd  # here, not above: every process of the tests would load it

    history(tmp_path / "home" / "history.db", [bouts_of(PHASES, nine())])
    done("summary", "--day", "2026-03-02", "--data", tmp_path / "home", "--events", tmp_path / "events.csv")
    page = (ROOT / "docs" / "machine-interface.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    known = {"pandas": pd}
    monkeypatch.chdir(tmp_path)
    exec(lines, known)  # noqa: S102  # the page's own lines

    assert known["bouts"].groupby("state").duration_s.sum()["sitting"] == (31.5 + 20.25) * 60
    assert known["bouts"].start.iloc[0].timestamp() == nine()
    assert known["minutes"].sitting_s.max() == 60
