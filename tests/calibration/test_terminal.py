"""The terminal's face: plain lines where nobody sits, a live panel with keys where somebody does."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from desktop_session import PATIENCE_S
from rich.console import Console

from calibration.console import TerminalFace
from calibration.interactive import from_camera, watch
from calibration.wizard import Wizard, WizardCommand
from monitor.core.body.pose import Observation
from monitor.core.errors import NotEnoughData
from monitor.core.posture.baseline import CalibrationStage
from monitor.core.vocabulary import Reason
from monitor.testing import SIT, ScriptedCamera, scene
from monitor.texts.catalogue import reason

PROJECT = Path(__file__).parents[2]


class Answers:
    """Types what it is told, one line per question."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def __call__(self) -> str | None:
        return self.lines.pop(0) if self.lines else None


def plain():
    return Console(file=io.StringIO(), width=80, force_terminal=False)


def test_plain_lines_tell_each_step_once():
    console = plain()
    face = TerminalFace(console, Answers("", *[None] * 70, "s", "s"), notice="No preview window (there is no display).")

    baseline = from_camera(((None, obs) for obs in scene("sit 60s")), face)

    lines = console.file.getvalue().splitlines()
    assert list(baseline.stages) == [CalibrationStage.SITTING_TALL]
    assert lines[0] == "No preview window (there is no display)."
    assert [line.partition(":")[0] for line in lines[1:-1]] == ["[1/3] Sitting tall"] * 4 + [
        "[2/3] Sitting relaxed",
        "[3/3] Standing",
    ]
    assert "take your position, it starts in 5 s" in lines[2]
    assert lines[-1] == "All done. Your calibration is complete."


def test_a_hint_is_said_but_does_not_fill_the_log():
    console = plain()
    face = TerminalFace(console, Answers())
    wizard = Wizard()
    for i in range(100):
        obs = Observation(i * 0.2, None, Reason.NOBODY) if i % 2 else Observation(i * 0.2, SIT.pose())
        face.show(None, obs, wizard.step(obs))

    hints = [line for line in console.file.getvalue().splitlines() if line.startswith("Hint: nobody to be seen")]
    assert 1 <= len(hints) <= 10


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("", WizardCommand.NEXT),
        ("r", WizardCommand.REPEAT),
        ("S", WizardCommand.SKIP),
        ("quit", WizardCommand.QUIT),
        ("x", None),
        (None, None),
    ],
)
def test_a_letter_and_enter_is_a_command(typed, command):
    obs = Observation(0.0, SIT.pose())

    assert TerminalFace(plain(), Answers(typed)).show(None, obs, Wizard().step(obs)) is command


def test_where_nobody_can_type_it_goes_on_by_itself_and_gives_up_with_a_reason():
    away = ((None, obs) for obs in scene("away 5min"))

    with pytest.raises(NotEnoughData, match=reason(Reason.NOBODY)):
        from_camera(away, UnattendedTerminal(plain()))


class UnattendedTerminal(TerminalFace):
    """A terminal that nobody sits at."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, Answers())
        self.hands_free = True


def test_pictures_that_end_before_the_calibration_leave_no_baseline():
    assert from_camera(((None, obs) for obs in scene("sit 3s")), TerminalFace(plain(), Answers())) is None


def test_a_camera_and_an_engine_make_views():
    camera = ScriptedCamera(iter([]))

    assert list(watch(camera, None)) == []


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_person_calibrates_in_a_real_terminal(tmp_path):
    import pty

    master, slave = pty.openpty()
    log = tmp_path / "log"
    with log.open("w") as errors:
        program = subprocess.Popen(
            [sys.executable, "-W", "error", str(Path(__file__).with_name("calibrating.py")), "terminal"],
            cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT), "TERM": "xterm", "COLUMNS": "80"},
            stdin=slave, stdout=slave, stderr=errors,
        )  # fmt: skip
    os.close(slave)
    answers = {"sitting_tall instruct": b"\n", "sitting_relaxed instruct": b"s\n", "standing instruct": b"s\n"}
    screen = b""
    while program.poll() is None:
        try:
            screen += os.read(master, 4096)
        except OSError:  # the other end is closed
            break
        for line in log.read_text().splitlines():
            os.write(master, answers.pop(line, b""))
    os.close(master)

    assert program.wait(timeout=PATIENCE_S) == 0
    assert log.read_text().splitlines()[-1] == "result sitting_tall"
    assert "Sitting tall (1 of 3)" in screen.decode()
    assert "Enter: start" in screen.decode()
    assert "All done." in screen.decode()
