"""The commands that read a back, on the demo's clips, with the real model: check, calibrate, analyze."""

import json
from pathlib import Path

import cv2
import pytest

import run_monitor
from monitor.cli import DONE, REFUSED, run_plainly

CLIPS = Path(__file__).parents[1] / "monitor" / "data" / "demo"
STAND, TALL, SLUMPED = (CLIPS / f"demo_{name}.mp4" for name in ("stand", "sit_tall", "sit_slumped"))


@pytest.fixture
def told(tmp_path, model, capsys):
    """Runs a command and gives its exit code, what it printed and what it complained of."""

    def run(*arguments: str):
        code = run_plainly(run_monitor.app, [*map(str, arguments), "--data", str(tmp_path / "data")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_check_of_a_clip_is_told_kept_with_the_week_of_pregnancy_and_shown_in_the_history(told, model):
    told("stage", "--week", "24")
    code, out, _ = told("check", "--source", STAND, "--model", model)
    assert code == DONE
    assert out.startswith("Lower back curve ")
    assert "This is your first check" in out

    told("stage", "--none")
    later = json.loads(told("check", "--source", STAND, "--model", model, "--json")[1])
    assert later["change_since_first_deg"] == 0

    page = told("check", "--history")[1]
    assert page.count("+-") == 2
    assert page.count("(week 24 of pregnancy)") == 1
    kept = json.loads(told("check", "--history", "--json")[1])
    assert [one["lordosis_deg"] for one in kept] == [later["lordosis_deg"]] * 2
    assert [one["week_of_pregnancy"] for one in kept] == [24, None]


def test_a_check_of_somebody_sitting_is_refused_in_one_line(told, model):
    code, out, err = told("check", "--source", TALL, "--model", model)

    assert (code, out) == (REFUSED, "")
    assert err.count("\n") == 1
    assert "please stand up" in err


def test_history_and_source_exclude_each_other(told):
    assert told("check", "--history", "--source", "0")[0] == REFUSED


def test_without_a_check_the_history_says_how_to_take_one(told):
    assert told("check", "--history")[:2] == (DONE, "No standing check yet. Take one with: posture-monitor check\n")
    assert told("check", "--history", "--json")[:2] == (DONE, "[]\n")


def test_a_profile_turns_the_angle_into_the_persons_own_range(told, model):
    stages = {"sitting_tall": TALL, "sitting_relaxed": SLUMPED, "standing": STAND}
    given = [part for stage, clip in stages.items() for part in ("--stage", f"{stage}={clip}")]
    assert told("calibrate", "--profile", "me", "--yes", "--model", model, *given)[0] == DONE

    last = {}
    for stage, clip in stages.items():
        lines = told("analyze", "--json", clip, "--every", "0.5", "--profile", "me", "--model", model)[1].splitlines()
        last[stage] = json.loads(lines[-1])["signals"]

    assert last["sitting_tall"]["lumbar_index"]["value"] == pytest.approx(1, abs=0.1)
    assert last["sitting_relaxed"]["lumbar_index"]["value"] == pytest.approx(0, abs=0.1)
    assert last["standing"]["lumbar_change"]["value"] == pytest.approx(0, abs=2)
    assert last["standing"]["lumbar_lordosis"]["unit"] == "deg"
    assert last["standing"]["lumbar_lordosis"]["sd"] > 0
    assert last["standing"]["lumbar_depth"]["unit"] == "%"


def test_annotate_draws_the_back_on_a_copy_of_a_picture(told, model, tmp_path):
    clip = cv2.VideoCapture(str(STAND))
    _, picture = clip.read()
    path = tmp_path / "me.png"
    cv2.imwrite(str(path), picture)

    code, out, _ = told("analyze", path, "--annotate", tmp_path / "drawn", "--model", model)

    drawn = cv2.imread(str(tmp_path / "drawn" / "me.png"))
    assert code == DONE
    assert "lower back curve" in out
    assert " +- " in out
    mint = (drawn == (190, 255, 40)).all(axis=2)  # the free back, blue green red
    assert mint.sum() > 50
