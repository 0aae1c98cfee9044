"""Extension points: a new signal, reminder, summary format or engine is one file each; all else follows from its row.

Each test edits a copy of the program and asks the copy.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path):
    for name in ("monitor", "calibration"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mp4", "*.tflite"))
    shutil.copy(ROOT / "run_monitor.py", tmp_path)
    return tmp_path


def edited(copy, file, before, after):
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, file
    path.write_text(text.replace(before, after + before), encoding="utf-8")


def asked(copy, program):
    done = subprocess.run([sys.executable, "-c", program], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


LOOK_AWAY = """    ReminderKind(
        "look_away", TooLong, ReminderClock.SITTING, {"soft_min": 20, "firm_min": 40},
        {"activity": Activity.SITTING}, tip=False, on=False,
    ),
"""


def test_a_reminder_is_one_row_off_by_default_and_its_settings_and_columns_follow(copy):
    edited(copy, "monitor/core/reminders/kinds.py", '    ReminderKind("check_in"', LOOK_AWAY)

    output = asked(
        copy,
        """
from datetime import UTC
from monitor.config import Settings
from monitor.core.pipeline import Plan
from monitor.core.reminders.decisions import Reminder
from monitor.testing import replay, scene
from monitor.texts.reminders import plain
usual, wanted = Settings(), Settings.model_validate({"reminders": {"look_away": {"enabled": True, "soft_min": 10.0}}})
print(usual.reminders.look_away.enabled, "look_away" in usual.rules(), "look_away" in wanted.rules())
steps = replay(scene("sit 12min", 1.0), Plan(rules=wanted.rules(), period_s=1.0))
said = [e for s in steps for e in s.events if isinstance(e, Reminder)]
print([r.kind for r in said], plain(said[0], UTC).title)
print([d.kind for d in steps[-1].decisions][-1])
""",
    )

    assert output == ["False False True", "['look_away'] Look away", "look_away"]
    assert asked(copy, COLUMNS)[0].count("look_away") == 2


COLUMNS = """
from datetime import UTC
from monitor.core.history.records import Records
from monitor.reports import periods
from monitor.reports.report import report_on
from monitor.reports.summary_formats import as_csv
period = periods.Period("day", "a day", 0.0, 86400.0)
print(as_csv(report_on(period, lambda start, end: Records(start, end, [], [], [], [])), UTC).splitlines()[0])
"""

NOSE_HEIGHT = """    Signal("nose_height", "picture height", None, (L.NOSE,), nose_height),
"""


def test_a_signal_is_one_function_and_one_row_and_no_reminder_judges_it_unasked(copy):
    table = "monitor/core/posture/signals.py"
    edited(copy, table, "SIGNALS: tuple[Signal, ...]", 'def nose_height(xy):\n    """."""\n    return at(xy, L.NOSE)[1]\n\n\n')
    edited(copy, table, '    Signal("shoulder_tilt"', NOSE_HEIGHT)

    output = asked(
        copy,
        """
from monitor.config import Settings
from monitor.core.reminders.kinds import REMINDERS
from monitor.testing import replay, scene
from monitor.texts.catalogue import label
reading = replay(scene("sit 2s", 1.0))[-1].readings["nose_height"]
print(reading.measured, label("nose_height"), "nose_height" in {s.name for s in Settings().table()})
print([k.code for k in REMINDERS if "nose_height" in k.fixed.get("only", ())])
""",
    )

    assert output == ["True nose height True", "[]"]


ENGINE = """
from pathlib import Path
from monitor.core.body.pose import Observation
from monitor.core.vocabulary import Reason
class EmptyRoomEngine:
    def detect(self, frame): return Observation(frame.t, None, Reason.NOBODY)
    def stays(self, t): pass
    def close(self): pass
"""


def test_an_engine_is_one_file_that_the_loop_takes_as_it_is(copy):
    (copy / "monitor" / "adapters" / "vision" / "blind.py").write_text(ENGINE)

    output = asked(
        copy,
        """
import numpy as np
from monitor.adapters.vision.blind import EmptyRoomEngine
from monitor.core.pipeline import Pipeline
from monitor.ports import Frame
from monitor.run.loop import Watch, run
class TwoFrames:
    period_s, left = 1.0, 2
    def read(self):
        self.left -= 1
        return Frame(10.0 - self.left, np.zeros((4, 4, 3), np.uint8)) if self.left >= 0 else None
print(run(Watch(TwoFrames(), EmptyRoomEngine()), Pipeline(), []))
""",
    )

    assert output == ["2"]
