"""A trace gives back exactly what the core saw, wherever its recording broke off."""

import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from backs import standing
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.adapters.trace import FLUSH_S, SUFFIXES, Trace, TraceWriter
from monitor.core.body.landmarks import LANDMARKS
from monitor.core.body.outline import HEIGHTS, outline_at, trunk_frame
from monitor.core.body.pose import Observation, Pose
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.core.reminders.suppression import DesktopState
from monitor.core.vocabulary import Reason
from monitor.testing import MORNING, replay, scene

ROOT = Path(__file__).parents[2]
packed_or_not = pytest.mark.parametrize("suffix", SUFFIXES)

seeds = st.integers(0, 2**32 - 1)
angles = st.just(math.nan) | st.floats(-180, 180)
aspects = st.floats(0.4, 3)
# What a newer version may write is read as well.
CODES = st.sampled_from(Reason) | st.text("abc_", max_size=20)
whys = st.none() | CODES


def heard(t):
    """What may lie between two observations."""
    lengths, known = st.floats(1, 6e5), st.none() | st.booleans()
    orders = lengths.flatmap(
        lambda s: st.sampled_from([Command(t, CommandKind.PAUSE, t + s), Command(t, CommandKind.SNOOZE, t + s)])
    )
    others = st.sampled_from(
        [Command(t, CommandKind.RESUME), Command(t, CommandKind.NOT_NOW), Command(t, CommandKind.MARK, what=Mark.BREAK)]
    )
    return orders | others | st.builds(DesktopState, st.just(t), known, known, known, known, known)


@st.composite
def observations(draw):
    steps = draw(st.lists(st.floats(0, 1e5), max_size=12))
    return [one(t, draw) for t in np.cumsum([MORNING, *steps]).tolist()]


def one(t, draw):
    if draw(st.booleans()):
        return draw(heard(t))
    if draw(st.booleans()):
        return Observation(t, None, draw(CODES))
    rng = np.random.default_rng(draw(seeds))
    xy, visibility = rng.normal(0.5, 1.0, (LANDMARKS, 2)), rng.random(LANDMARKS)
    pose = Pose(xy, visibility, draw(aspects), draw(angles))
    return Observation(t, replace(pose, back=outlined(pose.xy, rng) if draw(st.booleans()) else None), draw(whys))


def outlined(xy, rng):
    """Any outline, as the engine may find it: some rows hidden, some not found."""
    outward = np.where(rng.random(HEIGHTS.size) < 0.9, rng.normal(0.25, 0.1, HEIGHTS.size), np.nan)
    reasons = tuple(rng.choice(["", "", "arm", "chair"], HEIGHTS.size).tolist())
    return outline_at(trunk_frame(xy), outward, rng.random(HEIGHTS.size), reasons, 720)


def recorded(path, obs_list):
    writer = TraceWriter(path, period_s=0.2, source="camera 0")
    for obs in obs_list:
        writer.write(obs)
    writer.close()
    return path


@packed_or_not
@examples(8)
@given(obs_list=observations())
def test_what_is_read_equals_what_was_written(tmp_path_factory, suffix, obs_list):
    trace = Trace(recorded(tmp_path_factory.mktemp("trace") / f"day{suffix}", obs_list))

    assert (trace.period_s, trace.source) == (0.2, "camera 0")
    assert obs_list == list(trace)
    assert obs_list == list(trace)  # again, from its beginning
    assert trace.remark is None


@packed_or_not
def test_a_replay_equals_the_live_run(tmp_path, suffix):
    day = list(scene("sit 20s, slouch 20s, gap 30s, walk 5s, stand 15s, away 20s, face 10s, dark 3s"))

    steps = replay(Trace(recorded(tmp_path / f"day{suffix}", day)))

    assert [repr(step) for step in replay(day)] == [repr(step) for step in steps]


def test_a_replay_of_a_back_equals_the_live_run_and_its_lines_are_short(tmp_path):
    day = [Observation(MORNING + i * 0.2, standing(hollow=0.03 + 0.0002 * (i % 5))) for i in range(40)]
    path = recorded(tmp_path / "day.jsonl", day)

    steps = replay(Trace(path))

    assert steps[-1].readings["lumbar_lordosis"].measured
    assert [repr(step) for step in replay(day)] == [repr(step) for step in steps]
    assert path.stat().st_size < 2000 * len(day)


def test_a_trace_from_before_backs_were_kept_is_read(tmp_path):
    path = tmp_path / "old.jsonl"
    pose = {"aspect": 1.5, "turn": 90.0, "xy": [0.5] * 66, "visibility": [1.0] * 33}
    path.write_text(f'{{"posture_trace":1,"period_s":0.2,"source":"camera 0"}}\n{json.dumps({"t": MORNING, **pose})}\n')

    assert [obs.pose.back for obs in Trace(path)] == [None]


@packed_or_not
@examples(8)
@given(data=st.data())
def test_a_recording_that_broke_off_anywhere_gives_what_came_before(tmp_path_factory, suffix, data):
    folder = tmp_path_factory.mktemp("trace")
    whole = list(scene("away 3s, sit 3s", period_s=1.0))
    header = len(recorded(folder / f"empty{suffix}", []).read_bytes())
    content = recorded(folder / f"whole{suffix}", whole).read_bytes()
    path = folder / f"broken{suffix}"
    path.write_bytes(content[: data.draw(st.integers(header, len(content) - 1))])

    trace = Trace(path)
    got = list(trace)

    assert got == whole[: len(got)]
    if len(got) < len(whole) - 1:
        assert trace.remark is None or "cut off in line" in trace.remark


def test_a_line_that_was_cut_off_is_left_out_with_a_note(tmp_path):
    path = recorded(tmp_path / "day.jsonl", scene("away 2s", period_s=1.0))
    path.write_bytes(path.read_bytes()[:-5])

    trace = Trace(path)

    assert [Observation(MORNING, None, Reason.NOBODY)] == list(trace)
    assert f"trace {path} was cut off in line 3; that line is left out" == trace.remark


CHILD = """
import sys
from pathlib import Path
from monitor.adapters.trace import TraceWriter
from monitor.testing import scene

writer = TraceWriter(Path(sys.argv[1]), period_s=0.2, source="scene")
for obs in scene("sit 1h"):
    writer.write(obs)
    print(obs.t, flush=True)
"""


@packed_or_not
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_a_readable_trace(tmp_path, suffix):
    path = tmp_path / f"day{suffix}"
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        times = list(islice(child.stdout, 777))
        child.send_signal(signal.SIGKILL)
        times += child.stdout.readlines()
    lived = max(float(t) for t in times if t.endswith("\n"))

    got = list(Trace(path))

    assert got == list(islice(scene("sit 1h"), len(got)))
    assert got[-1].t >= lived - FLUSH_S
