"""The commands that read a back, on the demo's clips, with the real model: check, calibrate, analyze."""

import json
import shutil
from pathlib import Path

import cv2
import pytest
from program import call, done, refused

import run_monitor
from monitor.cli import DONE, REFUSED, run_plainly
from monitor.texts.catalogue import label

CLIPS = Path(__file__).parents[1] / "monitor" / "data" / "demo"
STAND, TALL, SLUMPED = (CLIPS / f"demo_{name}.mp4" for name in ("stand", "sit_tall", "sit_slumped"))


@pytest.fixture
def run_command(tmp_path, model, capsys):
    """Runs a command and gives its exit code, what it printed and what it complained of."""

    def run(*arguments: str):
        code = run_plainly(run_monitor.app, [*map(str, arguments), "--data", str(tmp_path / "data")])
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


def test_a_check_of_a_clip_is_told_kept_with_the_week_of_pregnancy_and_shown_in_the_history(run_command, model):
    run_command("stage", "--week", "24")
    code, out, _ = run_command("check", "--source", STAND, "--model", model)
    assert code == DONE
    assert out.startswith("Lower back curve ")
    assert "This is your first check" in out

    run_command("stage", "--none")
    later = json.loads(run_command("check", "--source", STAND, "--model", model, "--json")[1])
    assert later["change_since_first_deg"] == 0

    page = run_command("check", "--history")[1]
    assert page.count("+-") == 2
    assert page.count("(week 24 of pregnancy)") == 1
    kept = json.loads(run_command("check", "--history", "--json")[1])
    assert [one["lordosis_deg"] for one in kept] == [later["lordosis_deg"]] * 2
    assert [one["week_of_pregnancy"] for one in kept] == [24, None]


def test_a_check_of_somebody_sitting_is_refused_in_one_line(run_command, model):
    code, out, err = run_command("check", "--source", TALL, "--model", model)

    assert (code, out) == (REFUSED, "")
    assert err.count("\n") == 1
    assert "please stand up" in err


def test_history_and_source_exclude_each_other(run_command):
    assert run_command("check", "--history", "--source", "0")[0] == REFUSED


def test_without_a_check_the_history_says_how_to_take_one(run_command):
    assert run_command("check", "--history")[:2] == (DONE, "No standing check yet. Take one with: posture-monitor check\n")
    assert run_command("check", "--history", "--json")[:2] == (DONE, "[]\n")


# --- a calibration of all three stages ---------------------------------------------------------------------------

STAGES = (f"sitting_tall={TALL}@0-3", f"sitting_tall={TALL}@3-6", f"sitting_relaxed={SLUMPED}", f"standing={STAND}")
CALIBRATE = ("calibrate", "--profile", "me", *(word for stage in STAGES for word in ("--stage", stage)))


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory, model):
    """The folder of a person who has taken all three stages, one in two parts, and what was said."""
    folder = tmp_path_factory.mktemp("calibrated")
    return folder, done(*CALIBRATE, "--data", folder)


def test_calibrate_takes_files_and_parts_of_files(calibrated):
    folder, output = calibrated

    assert "Calibrated from the side: sitting tall, sitting relaxed, standing." in output
    assert set(json.loads((folder / "profiles" / "me.json").read_text())["stages"]) == {
        "sitting_tall",
        "sitting_relaxed",
        "standing",
    }


def test_a_profile_is_replaced_when_it_is_said_so_and_the_old_one_kept(calibrated, tmp_path):
    shutil.copytree(calibrated[0] / "profiles", tmp_path / "profiles")
    first = (tmp_path / "profiles" / "me.json").read_text()
    picture = tmp_path / "me.png"
    cv2.imwrite(str(picture), cv2.VideoCapture(str(TALL)).read()[1])

    refused(call(*CALIBRATE, "--data", tmp_path), "'me'", "--yes")
    done("calibrate", "--profile", "me", *("--stage", f"sitting_tall={picture}") * 3, "--yes", "--data", tmp_path)
    assert (tmp_path / "profiles" / "me.json.bak").read_text() == first


def test_analyze_holds_what_it_sees_against_the_profile_and_turns_the_angle_into_the_persons_own_range(calibrated):
    seen = {
        name: [json.loads(line) for line in done("analyze", "--json", clip, "--every", 0.5, *me(calibrated)).splitlines()]
        for name, clip in (("tall", TALL), ("slumped", SLUMPED), ("standing", STAND))
    }
    last = {name: rows[-1]["signals"] for name, rows in seen.items()}

    assert {row["posture"] for row in seen["tall"]} == {"ok"}
    assert {row["posture"] for row in seen["slumped"]} == {"off"}
    assert {"neck_inclination"} <= {name for row in seen["slumped"] for name in row["off"]}
    assert last["tall"]["lumbar_index"]["value"] == pytest.approx(1, abs=0.1)
    assert last["slumped"]["lumbar_index"]["value"] == pytest.approx(0, abs=0.1)
    assert last["standing"]["lumbar_change"]["value"] == pytest.approx(0, abs=2)
    assert last["standing"]["lumbar_lordosis"]["unit"] == "deg"
    assert last["standing"]["lumbar_lordosis"]["sd"] > 0
    assert last["standing"]["lumbar_depth"]["unit"] == "%"


def me(calibrated):
    return ("--profile", "me", "--data", calibrated[0])


def test_annotate_draws_the_back_on_a_copy_of_a_picture(run_command, model, tmp_path):
    clip = cv2.VideoCapture(str(STAND))
    _, picture = clip.read()
    path = tmp_path / "me.png"
    cv2.imwrite(str(path), picture)

    code, out, _ = run_command("analyze", path, "--annotate", tmp_path / "drawn", "--model", model)

    drawn = cv2.imread(str(tmp_path / "drawn" / "me.png"))
    assert code == DONE
    assert label("lumbar_lordosis") in out
    assert " +- " in out
    mint = (drawn == (190, 255, 40)).all(axis=2)  # the free back, blue green red
    assert mint.sum() > 50
