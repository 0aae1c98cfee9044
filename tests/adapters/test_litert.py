"""LiteRT beside MediaPipe on the same pictures: the same people, landmarks, visibility and silhouettes."""

import subprocess
import sys
import zipfile
from contextlib import closing
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from engine_pairs import differences, pictures, sampled
from laws import PROFILE

from monitor.adapters.profiles import Profile
from monitor.adapters.trace import Trace, TraceWriter
from monitor.adapters.vision.landmarker.task import mediapipe_task
from monitor.app.composition import NETWORKS, comparable, engine, opener
from monitor.app.engines import PINNED, chosen
from monitor.app.home import Home, PoseModelFile
from monitor.config import Settings, folders
from monitor.core.errors import ModelCorrupt, ProfileUnusable
from monitor.core.posture.baseline import Baseline
from monitor.core.vocabulary import Engine, View
from monitor.ports import Frame

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "monitor" / "data" / "demo"
SHARED = ROOT.parent / "shared" / "data"
litert = opener(Engine.LITERT)


def both(model, people=1, *, tracks=False, surety=0.5):
    return (opens(file, surety, people=people, tracks=tracks) for opens, file in ((mediapipe_task, model), (litert, NETWORKS)))


def test_single_pictures_show_the_same(model):
    count = {"few": 3, "many": 6}[PROFILE]
    clips = ("demo_stand", "demo_sit_slumped", "demo_morning")
    frames = [frame for name in clips for frame in sampled(DEMO / f"{name}.mp4", count)]
    mediapipe, other = both(model, 3)
    with closing(mediapipe), closing(other):
        found = differences(mediapipe, other, frames)

    assert found.same == len(frames)
    assert (np.percentile(found.landmarks, [50, 95]) < [0.0003, 0.003]).all()
    assert found.visibility.max() < 0.005
    assert found.silhouettes.min() > 0.995


def test_a_stream_shows_the_same_person_as_surely(model):
    n = {"few": 10, "many": 20}[PROFILE]
    slumped, morning = (pictures(DEMO / f"{name}.mp4") for name in ("demo_sit_slumped", "demo_morning"))
    frames = [*islice(slumped, n), *islice(morning, 255 - n, 255)]
    frames = [(i / 5, rgb) for i, (_, rgb) in enumerate(frames)]
    mediapipe, other = both(model, tracks=True)
    with closing(mediapipe), closing(other):
        found = differences(mediapipe, other, frames)

    # The arithmetic of newer ones is apart by as much as MediaPipe is from itself on pictures with a little noise.
    most = (1e-5, 1e-4) if PINNED[Engine.LITERT] == "1.4.0" else (0.01, 0.02)
    assert found.same == len(frames)
    assert np.median(found.landmarks) < most[0]
    assert np.percentile(found.visibility, 95) < most[1]
    assert found.silhouettes.min() > (0.995 if most[0] < 0.01 else 0.9)


def test_a_person_who_was_followed_for_seconds_left_and_came_back_is_found_again():
    (person,) = sampled(DEMO / "demo_stand.mp4", 1)
    scenario = [person[1]] * 15 + [np.zeros_like(person[1])] * 3 + [person[1]] * 3
    with closing(litert(NETWORKS, 0.5, people=1, tracks=True)) as networks:
        seen = [bool(networks.detect(rgb, 200 * i + 1)) for i, rgb in enumerate(scenario)]

    assert seen == [True] * 15 + [False] * 3 + [True] * 3


@pytest.mark.footage
@pytest.mark.skipif(not SHARED.is_dir(), reason="the project's shared footage is not here")
@pytest.mark.slow
def test_the_renders_and_photographs_show_the_same(model):
    paths = sorted([*(SHARED / "renders").glob("d*.jpg"), *(SHARED / "images").glob("*.jpg")])
    frames = [(0.0, cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)) for path in paths]
    # Other widths MediaPipe gets padded.
    frames = [(t, np.ascontiguousarray(rgb[:, : rgb.shape[1] // 4 * 4])) for t, rgb in frames]
    mediapipe, other = both(model)
    with closing(mediapipe), closing(other):
        found = differences(mediapipe, other, frames)

    assert found.same >= 0.999 * len(frames)
    assert (np.percentile(found.landmarks, [50, 95]) < [0.003, 0.01]).all()
    assert found.visibility.max() < 0.02
    assert found.silhouettes.min() > 0.995


def test_a_bundle_and_the_folder_are_the_same_networks(model):
    (rgb,) = (rgb for _, rgb in list(pictures(DEMO / "demo_stand.mp4"))[:1])
    with (
        closing(litert(model, 0.5, people=1, tracks=False)) as one,
        closing(litert(NETWORKS, 0.5, people=1, tracks=False)) as other,
    ):
        assert np.array_equal(one.detect(rgb, 0)[0].marks, other.detect(rgb, 0)[0].marks)


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_litert_refuses_is_one_line(content, tmp_path):
    path = tmp_path / "wrong.task"
    path.write_bytes(content)

    with pytest.raises(ModelCorrupt, match=r"refuses the model .*wrong\.task") as caught:
        litert(path, 0.5, people=1, tracks=False)
    assert "\n" not in str(caught.value)


def test_a_network_that_is_none_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "odd.task", "w") as bundle:
        for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
            bundle.writestr(name, b"odd")

    with pytest.raises(ModelCorrupt, match=r"odd\.task"):
        litert(tmp_path / "odd.task", 0.5, people=1, tracks=False)


def test_a_tiny_picture_is_nobody_and_no_crash():
    with closing(engine(PoseModelFile(NETWORKS, Engine.LITERT), None)) as pose_engine:
        for size in [(1, 1), (1, 3), (2, 500), (500, 2), (7, 5)]:
            assert pose_engine.detect(Frame(0.0, np.zeros((*size, 3), np.uint8))).pose is None


LOOK = """
import sys
from pathlib import Path
from monitor.app.composition import NETWORKS, engine
from monitor.app.home import PoseModelFile
from monitor.core.vocabulary import Engine
from monitor.ports import Frame
import numpy as np
engine(PoseModelFile(NETWORKS, Engine.LITERT), 0.2).detect(Frame(0.0, np.zeros((64, 64, 3), np.uint8)))
print([name for name in ("mediapipe", "matplotlib", "flatbuffers") if name in sys.modules])
"""


def test_it_needs_no_mediapipe_and_prints_nothing():
    ended = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True)

    assert (ended.stdout, ended.stderr) == ("[]\n", "")


def test_a_profile_of_one_engine_is_not_held_against_what_the_other_sees(tmp_path):
    home = Home(folders(tmp_path), Settings(engine="litert"))
    mine, other = (
        Profile("desk", 0.0, "camera 0", View.SIDE, Baseline(), engine=engine) for engine in Engine.__members__.values()
    )

    assert comparable(home, other) is other
    assert comparable(home, None) is None
    with pytest.raises(ProfileUnusable, match=r"'desk' was calibrated with mediapipe, and litert runs now; calibrate again"):
        comparable(home, mine)


def test_a_profile_of_one_engine_is_not_held_against_a_trace_of_the_other(tmp_path):
    recorded = {None: None, "litert model": Engine.LITERT, "mediapipe model": Engine.MEDIAPIPE, "another": None}
    home, found = Home(folders(tmp_path), Settings()), {}
    desk = Profile("desk", 0.0, "camera 0", View.SIDE, Baseline(), engine=Engine.LITERT)
    for number, name in enumerate(recorded):
        path = tmp_path / f"{number}.jsonl"
        TraceWriter(path, period_s=0.2, source="camera 0", engine=name).close()
        found[name] = (trace := Trace(path)).engine
        if trace.engine is Engine.MEDIAPIPE:
            with pytest.raises(ProfileUnusable, match="with litert, and the trace was recorded with mediapipe; calibrate again"):
                comparable(home, desk, trace)
        else:
            assert comparable(home, desk, trace) is desk

    assert found == recorded


def test_auto_takes_the_first_that_is_installed_and_says_why(tmp_path):
    for wanted in ("auto", *Engine):
        choice = chosen(Home(folders(tmp_path), Settings(engine=wanted)))
        assert (choice.engine, choice.as_pinned) == (Engine.MEDIAPIPE if wanted == "auto" else wanted, True)
        assert choice.why
