"""The page on studies is true: its commands, questions and models run, and every figure of known people is right."""

import math
import random
import re
import shlex
import warnings
from itertools import pairwise
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from program import ROOT, done
from studies import MONDAY, nine, people, trace

from monitor.cohort.columns import METRICS

PAGE = (ROOT / "docs" / "cohorts.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def model(folder, monkeypatch):
    """The difference between groups and its p-value, by the lines of the page."""
    import statsmodels.formula.api  # noqa: F401  # long to load, and sets its own warnings then

    monkeypatch.chdir(folder)
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few days at the edge of what can be fitted; a study has more
        exec(blocks("python")[0], found)  # noqa: S102  # the page's own lines
    return found["difference"], found["p_value"]


def test_the_walk_through_runs_as_it_stands(tmp_path, monkeypatch):
    people(tmp_path / "study", 12, 4, longer=2.5).rename(tmp_path / "people.csv")
    monkeypatch.chdir(tmp_path)
    (walk,) = [block for block in blocks("") if "cohort run study" in block]
    outputs = [done(*shlex.split(line)[1:], *(("--runner", "local") if " run " in line else ())) for line in walk.splitlines()]
    questions = [line for line in blocks("sql")[0].splitlines() if line]
    answers = [done("cohort", "query", "results", question, "--csv").splitlines() for question in questions]
    difference, p_value = model(tmp_path, monkeypatch)

    assert "  withheld" not in outputs[0]
    assert outputs[1].count("\n") == 13
    assert "</html>" in (tmp_path / "results" / "report.html").read_text(encoding="utf-8")
    assert len(questions) == 10
    assert [question for question, lines in zip(questions, answers, strict=True) if len(lines) < 2] == []
    assert difference > 0.5
    assert p_value < 0.01


def test_the_page_names_every_figure():
    assert [column.name for column in METRICS if f"`{column.name}`" not in PAGE and column.name != "why"] == []


# --- known people ------------------------------------------------------------------------------------------------


def script_of(chance):
    """A long day as (what, minutes): whole minutes, a walk of which a camera twice a minute sees too little left out."""
    made = []
    for _ in range(24):
        made.append(("sit", chance.choice((4, 8, 15, 22, 31, 45, 62))))
        made.append((chance.choice(("stand", "stand", "away", "dark")), chance.randint(2, 9)))
    return [*made, ("sit", 5)]


def truth(made):
    """The figures of such a day, reckoned without the program; the last bout is not seen to end."""
    of = {what: 60.0 * sum(length for kind, length in made if kind == what) for what in ("sit", "stand", "away", "dark")}
    lengths = [60.0 * length for what, length in made if what == "sit"]
    ended = [60.0 * a[1] for a, b in pairwise(made) if a[0] == "sit" and b[0] != "dark"]
    x, whole = sorted(ended), sum(ended)
    shares = {length: sum(y for y in x if y <= length) / whole for length in x}
    apart = sum(abs(a - b) for a in x for b in x) / (2 * len(x) ** 2 * (whole / len(x)))
    breaks, seen = len(ended), of["sit"] + of["stand"]
    transitions = sum(a[0] == "sit" and b[0] == "stand" for a, b in pairwise(made))
    many = len(x) >= 20
    return {
        "sitting_s": of["sit"], "standing_s": of["stand"], "away_s": of["away"], "unseen_s": of["dark"], "moving_s": 0.0,
        "seen_s": seen, "unseen_share": of["dark"] / (seen + of["dark"]), "sitting_share": of["sit"] / seen,
        "standing_share": of["stand"] / seen, "moving_share": 0.0, "assumed_s": 0.0, "bouts": len(lengths),
        "mean_bout_s": sum(lengths) / len(lengths), "median_bout_s": median(lengths),
        "w50_s": min(shares, key=lambda length: (abs(shares[length] - 0.5), length)) if many else None,
        "gini_index": apart if many else None,
        "alpha": 1 + len(x) / sum(math.log(y / 60) for y in x) if many else None,
        "share_30min": sum(y for y in lengths if y >= 1800) / sum(lengths),
        "share_60min": sum(y for y in lengths if y >= 3600) / sum(lengths),
        "breaks": breaks, "breaks_per_sedentary_h": breaks / (of["sit"] / 3600), "transitions": transitions,
        "transitions_per_seen_h": transitions / (seen / 3600),
    }  # fmt: skip


PERIOD_S = 30.0


def known_people(folder, count):
    """A trace for each of so many people, and the figures of each."""
    figures_of = {}
    for n in range(count):
        made = script_of(random.Random(n))  # noqa: S311  # the same people every time
        # A camera sees the last instant of a bout at its last picture: one more closes the last minute.
        script = ", ".join(f"{what} {length}min" for what, length in made) + f", sit {PERIOD_S:g}s"
        trace(folder / f"k{n:03d}" / "day.jsonl.gz", script, PERIOD_S, nine() - 4 * 3600)
        figures_of[f"k{n:03d}"] = truth(made)
    return figures_of


def wrong_figures(folder, figures_of):
    rows = {row["participant"]: row for row in pq.read_table(folder / "participants.parquet").to_pylist()}
    return {
        (person, name): (rows[person][name], wanted)
        for person, figures in figures_of.items()
        for name, wanted in figures.items()
        if (rows[person][name] is None) is not (wanted is None)
        or (wanted is not None and not math.isclose(rows[person][name], wanted, rel_tol=1e-4, abs_tol=1e-4))
    }


def test_every_figure_of_known_people_is_right(tmp_path):
    figures_of = known_people(tmp_path / "study", 4)
    done("cohort", tmp_path / "study", "--out", tmp_path / "out", "--identified", "--runner", "local")

    assert {name for figures in figures_of.values() for name in figures} == {c.name for c in METRICS} - {"why"}
    assert wrong_figures(tmp_path / "out", figures_of) == {}


@pytest.mark.slow
def test_every_figure_of_a_hundred_known_people_is_right(tmp_path):
    figures_of = known_people(tmp_path / "study", 100)
    done("cohort", tmp_path / "study", "--out", tmp_path / "out", "--identified", "--workers", "2")

    assert wrong_figures(tmp_path / "out", figures_of) == {}


# --- the model of the page ---------------------------------------------------------------------------------------


def made_up_days(seed, difference):
    """Ten days of each of twice twenty people: people differ, days of one are alike, and groups by ``difference``."""
    chance = np.random.default_rng(seed)
    rows = [
        {"participant": f"{group}{n}", "group": group, "study_day": day, "valid_day": True,
         "sitting_share": 0.6 + own + difference * (group == "b") + chance.normal(0, 0.08)}
        for group in "ab" for n in range(20) for own in [chance.normal(0, 0.08)] for day in range(1, 11)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def p_values(folder, monkeypatch, seeds, difference):
    (folder / "results").mkdir(exist_ok=True)
    found = []
    for seed in seeds:
        pq.write_table(made_up_days(seed, difference), folder / "results" / "days.parquet")
        found.append(model(folder, monkeypatch)[1])
    return np.array(found)


def test_the_model_finds_a_difference_that_is_there_and_seldom_one_that_is_not(tmp_path, monkeypatch):
    none, some = (p_values(tmp_path, monkeypatch, range(20), difference) for difference in (0.0, 0.1))

    assert np.mean(some < 0.05) >= 0.8
    assert np.sum(none < 0.05) <= 3
    assert MONDAY.isoformat() == "2026-03-02"
