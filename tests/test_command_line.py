"""Every command from outside: what it prints, how it ends, and what it leaves alone."""

import json
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from program import CLIP, COMMANDS, DEMO, MOMENT, ROOT, Started, call, done, refused

from monitor.adapters.store import Store
from monitor.core.posture.signals import SIGNALS
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason
from monitor.testing.scenes import MORNING
from monitor.texts.catalogue import label, reason, text
from monitor.texts.reminders import title

pytestmark = pytest.mark.usefixtures("model")
GOLDEN = ROOT / "tests" / "golden"
STAGES = ("demo_sit_tall.mp4", "demo_sit_slumped.mp4", "demo_stand.mp4")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder with one short session and its trace."""
    folder = tmp_path_factory.mktemp("recorded")
    trace = folder / "clip.jsonl.gz"
    page = done(
        "run", "--source", MOMENT, "--pace", "fast", "--into-history", "--notify", "none", "--trace", trace, "--data", folder
    )
    return folder, trace, page


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Somebody sitting, somebody standing, an empty room."""
    folder = tmp_path_factory.mktemp("pictures")
    for name, clip, index in (("sits", STAGES[0], 0), ("stands", STAGES[2], 0), ("nobody", "demo_morning.mp4", 240)):
        video = cv2.VideoCapture(str(DEMO / clip))
        video.set(cv2.CAP_PROP_POS_FRAMES, index)
        cv2.imwrite(str(folder / f"{name}.png"), video.read()[1])
    return [folder / f"{name}.png" for name in ("sits", "stands", "nobody")]


def rows(*arguments: object):
    return [json.loads(line) for line in done("analyze", "--json", *arguments).splitlines()]


# --- help, and what is typed wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_tells_its_options(command):
    output = done(command, "--help")
    options = re.findall(r"^ +(?:-\w, )?(--[\w-]+)(.*)", output, re.MULTILINE)

    assert output.startswith(f"Usage: posture-monitor {command} [OPTIONS]")
    # A study does not depend on whose computer it is worked through on: it reads nobody's folder.
    assert {"--help"} | ({"--data"} if command != "cohort" else set()) <= {name for name, _ in options}
    assert not re.search(r"<(str|path|int|float|list)", "".join(rest for _, rest in options))


def test_the_program_without_a_command_knows_its_commands_and_its_version():
    listed = re.findall(r"^  (\w+)  +(.*)$", done("--help").partition("Commands:")[2], re.MULTILINE)

    assert sorted(name for name, _ in listed) == sorted(COMMANDS)
    assert [name for name, what in listed if not what.endswith(".") or what.endswith("...")] == []
    assert re.fullmatch(r"posture-monitor \d+\.\d+\.\d+\n", done("--version"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("bogus", ("bogus", "posture-monitor --help")),
        ("run --bogus", ("--bogus", "posture-monitor run --help")),
        ("calibrate --profil desk", ("--profil", "--profile")),
        ("run --pace slow", ("'slow'", "'real', 'fast'")),
        ("run --notify mail", ("'mail'", "'console'")),
        ("run --time-scale 0", ("--time-scale", "0.001")),
        ("run --source", ("--source",)),
        ("analyze", ("FILE",)),
        ("analyze --every x a.mp4", ("--every", "number")),
        ("analyze --every nan a.mp4", ("--every",)),
        ("replay", ("TRACE",)),
        ("status surplus", ("surplus",)),
        ("summary --session x", ("--session", "integer")),
        ("summary --session -1", ("--session", "0")),
        ("summary --day 2026-13-45", ("'2026-13-45'", "yesterday")),
        ("summary --json --csv", ("--json", "--csv")),
        ("summary --session 1 --week", ("--session", "--week")),
        ("calibrate --stage sitting_tal=a.mp4", ("'sitting_tal'", "sitting_tall")),
        ("calibrate --stage a.mp4", ("'a.mp4'", "STAGE=FILE")),
        ("calibrate --stage sitting_tall=a.mp4@9-2", ("@9-2",)),
        ("calibrate --stage sitting_tall=a.mp4 --source 0", ("--stage", "--source")),
        ("calibrate --stage sitting_tall=a.mp4 --profile ../x", ("'../x'", "letters")),
    ],
)
def test_what_is_typed_wrong_is_told_in_one_line(arguments, words, tmp_path, monkeypatch):
    monkeypatch.setenv("POSTURE_MONITOR_DATA", str(tmp_path))

    refused(call(*arguments.split()), *words)


def test_commands_that_need_no_camera_load_neither_mediapipe_nor_opencv_nor_plotly(recorded, tmp_path):
    script = """
import sys
import run_monitor
for arguments in sys.argv[1:]:
    run_monitor.run_plainly(run_monitor.app, arguments.split())
print([name for name in ("mediapipe", "cv2", "plotly", "matplotlib") if name in sys.modules], file=sys.stderr)
"""
    folder = recorded[0]
    each = [*(f"{command} --help" for command in COMMANDS), "--version", "run --bogus", f"summary --data {folder}"]
    each += [f"summary --week --json --data {folder}", f"status --data {folder}", f"status --data {tmp_path}"]
    command = [sys.executable, "-c", script, *each, f"replay {recorded[1]} --data {tmp_path}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stderr.splitlines()[-1] == "[]"


# --- the machine interface ---------------------------------------------------------------------------------------


def documented():
    """The example of docs/machine-interface.md."""
    page = (ROOT / "docs" / "machine-interface.md").read_text(encoding="utf-8")
    return json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])


def test_analyze_prints_nothing_but_the_documented_json(pictures, tmp_path):
    outcome = Started(tmp_path, "analyze", "--json", *pictures, CLIP, "--every", 2, "--data", tmp_path).outcome()
    printed = [json.loads(line) for line in outcome.out.splitlines()]
    (signal,) = documented()["signals"].values()

    assert (outcome.code, outcome.err) == (0, "")
    assert [Path(row["file"]).stem for row in printed] == ["sits", "stands", "nobody", *["demo_sit_tall"] * 3]
    assert [row["t_s"] for row in printed] == [None, None, None, 0.0, 2.0, 4.0]
    assert {tuple(row) for row in printed} == {tuple(documented())}
    assert {tuple(row["signals"]) for row in printed} == {tuple(s.name for s in SIGNALS)}
    assert {tuple(reading) for row in printed for reading in row["signals"].values()} == {tuple(signal)}
    assert all((r["value"] is None) == (r["why"] is not None) for row in printed for r in row["signals"].values())


def test_what_a_picture_shows_is_told(pictures, tmp_path):
    sits, stands, nobody = rows(*pictures, "--data", tmp_path)

    assert (sits["person"], sits["view"], sits["activity"], sits["state"]) == (True, "side", "sitting", "sitting")
    assert (stands["person"], stands["view"], stands["activity"]) == (True, "side", "standing")
    assert (nobody["person"], nobody["view"], nobody["activity"], nobody["why"]) == (False, None, "away", Reason.NOBODY)
    assert {row["posture"] for row in (sits, stands, nobody)} == {"unknown"}


def test_pictures_have_no_memory(pictures, tmp_path):
    there = rows(*pictures, "--data", tmp_path)
    back = rows(*reversed(pictures), "--data", tmp_path)

    assert back == there[::-1]


def test_a_trace_is_analysed_like_the_clip_it_came_from(recorded, tmp_path):
    watched, traced = rows(MOMENT, "--data", tmp_path), rows(recorded[1], "--data", tmp_path)

    assert [row | {"file": None, "t_s": None} for row in traced] == [row | {"file": None, "t_s": None} for row in watched]
    assert [row["t_s"] for row in traced] == pytest.approx([row["t_s"] for row in watched], abs=1e-3)


def test_pictures_for_people_are_told_in_words(pictures, tmp_path):
    sits, _, nobody = done("analyze", *pictures, "--data", tmp_path).splitlines()

    assert f"side view, {text('activities', Activity.SITTING)}, posture unknown; {label('trunk_inclination')}" in sits
    assert nobody == f"{pictures[2]}: {reason(Reason.NOBODY)}"


def test_annotate_draws_copies_and_never_over_a_picture(pictures, tmp_path):
    folder = tmp_path / "drawn"
    unnamed = tmp_path / "unnamed"
    unnamed.write_bytes(pictures[0].read_bytes())
    done("analyze", *pictures, unnamed, CLIP, "--every", 3, "--annotate", folder, "--data", tmp_path)
    drawn = {path.name: cv2.imread(str(path)) for path in folder.iterdir()}
    before = pictures[0].read_bytes()

    frames = ["demo_sit_tall_00000.00.jpg", "demo_sit_tall_00003.00.jpg"]

    assert sorted(drawn) == [*frames, "nobody.png", "sits.png", "stands.png", "unnamed.jpg"]
    if sys.platform != "win32":
        assert {oct(path.stat().st_mode & 0o077) for path in folder.iterdir()} == {"0o0"}
    assert (drawn["sits.png"] != cv2.imread(str(pictures[0]))).any()
    refused(call("analyze", pictures[0], "--annotate", pictures[0].parent, "--data", tmp_path), "write over")
    assert pictures[0].read_bytes() == before


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([("sitting_tall", "stands")], ("Sitting tall", reason(Reason.STANDING_SEEN))),
        ([("sitting_tall", "sits"), ("sitting_relaxed", "sits")], ("Sitting relaxed",)),
        ([("standing", "stands")], ("Sitting tall is needed",)),
    ],
)
def test_a_calibration_that_cannot_be_used_names_its_stage_and_stores_nothing(stages, words, pictures, tmp_path):
    three = [f"{stage}={pictures[0].with_stem(name)}" for stage, name in stages for _ in range(3)]
    options = [word for one in three for word in ("--stage", one)]

    refused(call("calibrate", *options, "--data", tmp_path), *words)
    assert not (tmp_path / "profiles").exists()


def test_a_recorded_session_is_shown_again_by_summary_and_replay(recorded, tmp_path):
    folder, trace, page = recorded
    numbers = json.loads(done("summary", "--session", 0, "--json", "--data", folder))

    assert numbers["sitting_s"] == pytest.approx(2.8, abs=0.3)
    assert done("summary", "--session", 1, "--data", folder) in page
    assert done("replay", trace, "--notify", "none", "--data", tmp_path) == page
    assert not (tmp_path / "history.db").exists()
    assert done("summary", "--session", 0, "--csv", "--data", folder).count("\n") == 2


def test_a_replay_at_any_speed_tells_the_same(tmp_path):
    trace = GOLDEN / "side_dev.jsonl.gz"
    fast, paced = (done("replay", trace, "--speed", speed, "--data", tmp_path) for speed in (0, 100))

    assert paced == fast
    assert text("activities", Activity.STANDING) in fast


def test_reminders_and_the_test_notification_reach_the_desktop(dunst, tmp_path):
    page = done("replay", GOLDEN / "demo_morning.jsonl.gz", "--notify", "desktop", "--data", tmp_path)
    ways = [json.loads(done("doctor", "--notify-test", "--json", "--data", tmp_path))[-1]]
    *reminders, test = [one["summary"] for one in dunst.shown()]
    (tmp_path / "settings.toml").write_text("buttons = false\n")
    ways.append(json.loads(done("doctor", "--notify-test", "--json", "--data", tmp_path))[-1])

    assert "Reminders appear here" not in page
    assert reminders == [title("sat_too_long")]  # without a calibration no posture is judged
    assert test == "Posture Monitor"
    # As reminders are: with buttons through another library than without.
    assert [(way["verdict"], "notify-send" in way["text"]) for way in ways] == [("ok", False), ("ok", True)], ways
    assert json.loads(done("status", "--json", "--data", tmp_path))["notifications"].startswith("desktop: ")


def test_what_is_stored_is_readable_by_its_owner_only(recorded):
    files = [path for path in recorded[0].rglob("*") if path.is_file() and path.name != "monitor.lock"]

    assert {path.name for path in files} >= {"history.db", "clip.jsonl.gz"}
    if sys.platform != "win32":
        assert {oct(path.stat().st_mode & 0o077) for path in files} == {"0o0"}


def test_status_tells_that_nothing_runs(tmp_path):
    status = json.loads(done("status", "--json", "--data", tmp_path))

    assert (status["running"], status["process"], status["state"]) == (False, None, None)
    assert done("status", "--data", tmp_path).startswith("No monitor is running. Start one with: posture-monitor start\n")
    refused(call("summary", "--data", tmp_path), "nothing has been recorded yet", "posture-monitor run")


def test_doctor_looks_at_everything_and_never_fails(tmp_path):
    (tmp_path / "settings.toml").write_text('model = "missing.task"')
    found = {one["what"]: one for one in json.loads(done("doctor", "--json", "--data", tmp_path))}

    assert set(found) == {
        "versions",
        "pose engine",
        "opencv",
        "model",
        "cameras",
        "picture",
        "notifications",
        "data folder",
        "history",
        "settings",
    }
    assert found["opencv"]["verdict"] == found["pose engine"]["verdict"] == "ok"
    assert (found["model"]["verdict"], "missing.task" in found["model"]["text"]) == ("problem", True)
    assert done("doctor", "--data", tmp_path).count("\n") == len(found)


@pytest.mark.parametrize(("seconds", "verdict"), [(20.0, "ok"), (40.0, "problem")])
def test_doctor_says_that_the_picture_of_the_last_run_seems_turned(tmp_path, seconds, verdict):
    with Store(tmp_path / "history.db") as store:
        session = store.begin(MORNING, source="0", profile=None, program="test")
        session.write(MORNING + 60, None, [Bout(Activity.UNKNOWN, MORNING, MORNING + seconds, why=Reason.TURNED)])
        session.end(MORNING + 60)
    found = {one["what"]: one for one in json.loads(done("doctor", "--json", "--data", tmp_path))}

    assert (found["picture"]["verdict"], "camera.rotate auto" in found["picture"]["text"]) == (verdict, verdict == "problem")
