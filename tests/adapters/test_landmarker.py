"""The real model on real pictures: the demo's clips, and, where it is, the project's shared footage."""

import csv
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from backs import back, outline_of
from laws import PROFILE

from monitor.adapters.trace import Trace, TraceWriter
from monitor.adapters.vision.landmarker import RESTS_AFTER_S, WIDEST, Landmarker
from monitor.adapters.vision.landmarker.sizes import is_nearly_too_uncertain
from monitor.adapters.vision.landmarker.task import mediapipe_task
from monitor.adapters.vision.second_look import ALTERNATIVES
from monitor.adapters.vision.silhouette import back_outline
from monitor.core.back.lumbar_window import reading_of
from monitor.core.body.landmarks import L
from monitor.core.body.outline import HEIGHTS, outline_at, trunk_frame
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import MIN_VISIBILITY
from monitor.core.body.view import view_of
from monitor.core.errors import ModelCorrupt
from monitor.core.posture.signals import sagittal, thigh_inclination
from monitor.core.vocabulary import Reason, View
from monitor.ports import Frame
from monitor.testing import replay

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "monitor" / "data" / "demo"
SHARED = ROOT.parent / "shared" / "data"
HEAD_TO_HIP = [L.NOSE, L.LEFT_EAR, L.RIGHT_EAR, L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP]
AWAY = 240  # the frame of the demo morning where the woman is out for coffee


def footage(test):
    absent = pytest.mark.skipif(not SHARED.is_dir(), reason="the project's shared footage is not here")
    return pytest.mark.footage(absent(test))


def pictures(path, first=0, count=1, every=1):
    """RGB pictures of a clip and the time of each (s)."""
    clip = cv2.VideoCapture(str(path))
    clip.set(cv2.CAP_PROP_POS_FRAMES, first)
    fps = clip.get(cv2.CAP_PROP_FPS)
    for i in range(count * every):
        there, bgr = clip.read()
        if not there:
            return
        if i % every == 0:
            yield (first + i) / fps, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def picture(name, index=0):
    return next(rgb for _, rgb in pictures(DEMO / name, index))


@pytest.fixture(scope="module")
def standing():
    return picture("demo_stand.mp4")


@pytest.fixture(scope="module")
def sitting():
    return picture("demo_sit_tall.mp4")


@pytest.fixture(scope="module")
def empty():
    return picture("demo_morning.mp4", AWAY)


@pytest.fixture(scope="module")
def engine(model):
    """For single pictures: it remembers nothing, so one serves all tests."""
    landmarker = Landmarker(model)
    yield landmarker
    landmarker.close()


@pytest.fixture
def stream(model):
    opened = []

    def open_stream(period_s=0.2):
        opened.append(Landmarker(model, period_s=period_s))
        return opened[-1]

    yield open_stream
    for landmarker in opened:
        landmarker.close()


def poses(landmarker, frames):
    return [landmarker.detect(Frame(t, rgb)).pose for t, rgb in frames]


def apart(a, b):
    """The largest distance of a landmark from head to hip (picture heights)."""
    return float(np.abs(a.xy[HEAD_TO_HIP] - b.xy[HEAD_TO_HIP]).max())


# --- what is seen ------------------------------------------------------------------------------------------------


def test_somebody_at_the_desk_is_seen_from_the_side_sitting_or_standing(engine, sitting, standing):
    sat, stood = poses(engine, [(0.0, sitting), (10.0, standing)])

    assert view_of(sat.turn_deg) is view_of(stood.turn_deg) is View.SIDE
    assert sat.turn_deg > 0  # she faces the picture's right, where the screen is
    assert thigh_inclination(sagittal(sat.xy, sat.turn_deg)) > 55
    assert thigh_inclination(sagittal(stood.xy, stood.turn_deg)) < 35
    assert sat.aspect == pytest.approx(16 / 9, abs=1e-3)


def test_an_empty_room_is_nobody(engine, empty):
    obs = engine.detect(Frame(7.0, empty))

    assert (obs.t, obs.pose, obs.why, obs.nobody) == (7.0, None, Reason.NOBODY, True)


def on_screen(room, film, rows=slice(100, 290), columns=slice(650, 931)):
    shown = room.copy()
    shown[rows.start - 8 : rows.stop + 8, columns.start - 8 : columns.stop + 8] = 20
    shown[rows, columns] = cv2.resize(film, (columns.stop - columns.start, rows.stop - rows.start))
    return shown


def test_somebody_in_a_film_on_a_screen_is_too_small_for_a_user_who_is_found_beside_it_at_once(stream, empty, sitting):
    film = sitting[:324, 240:720]
    alone, joined = ([on_screen(room, film)] * 4 for room in (empty, sitting))

    landmarker = stream()
    seen = [landmarker.detect(Frame(i / 4, rgb)) for i, rgb in enumerate([*alone, *joined])]

    assert {obs.why for obs in seen[:4]} == {Reason.SEEN_SMALL}
    assert all(obs.pose and apart(obs.pose, seen[-1].pose) < 0.05 for obs in seen[4:])
    assert body_size(seen[-1].pose) > 0.2


@pytest.mark.parametrize("missing", [1, 2, 3, 5])
def test_a_picture_of_any_width_gives_the_same_body(missing, engine, sitting):
    whole, cut = poses(engine, [(0.0, sitting), (1.0, sitting[:, :-missing])])

    assert apart(whole, cut) < 0.01
    assert cut.aspect == pytest.approx((sitting.shape[1] - missing) / sitting.shape[0], abs=1e-4)


def test_x_is_measured_in_picture_heights_whatever_the_shape(engine, sitting):
    wider = np.pad(sitting, ((0, 0), (0, 400), (0, 0)), mode="edge")

    narrow, wide = poses(engine, [(0.0, sitting), (1.0, wider)])

    assert apart(narrow, wide) < 0.02
    assert wide.aspect > narrow.aspect


def test_a_picture_wider_than_needed_gives_the_same_body(engine, sitting):
    large = sitting.repeat(3, axis=0).repeat(3, axis=1)

    assert large.shape[1] > 2 * WIDEST
    assert apart(*poses(engine, [(0.0, sitting), (1.0, large)])) < 0.01


def test_pictures_in_any_memory_layout_are_read(engine, sitting):
    backwards = np.ascontiguousarray(sitting[:, :, ::-1])[:, :, ::-1]

    assert not backwards.flags.c_contiguous
    assert apart(*poses(engine, [(0.0, sitting), (1.0, backwards)])) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (2, 500), (500, 2), (7, 5)])
def test_a_tiny_picture_is_nobody_and_no_crash(size, engine):
    noise = np.random.default_rng(0).integers(0, 255, (*size, 3), dtype=np.uint8)

    assert engine.detect(Frame(0.0, noise)).pose is None


# --- light -------------------------------------------------------------------------------------------------------


def test_a_covered_lens_is_not_an_empty_room(engine):
    black = np.random.default_rng(0).integers(0, 6, (480, 640, 3), dtype=np.uint8)
    grey = np.full((480, 640, 3), 128, np.uint8)

    seen = [engine.detect(Frame(0.0, rgb)) for rgb in (black, grey)]

    assert [obs.why for obs in seen] == [Reason.TOO_DARK, Reason.BLANK]
    assert not any(obs.nobody for obs in seen)


def test_nobody_is_not_said_of_a_room_too_dark_to_tell(engine, empty):
    assert engine.detect(Frame(0.0, empty // 10)).why == Reason.TOO_DARK
    assert engine.detect(Frame(0.0, empty // 4)).why == Reason.NOBODY


def test_a_person_found_in_a_dim_room_is_believed(engine, sitting):
    assert engine.detect(Frame(0.0, sitting // 4)).pose


# --- streams and single pictures ---------------------------------------------------------------------------------


def test_nothing_is_carried_from_one_picture_to_the_next(engine, sitting, standing, empty):
    alone = engine.detect(Frame(0.0, standing))

    for before in (sitting, empty):
        engine.detect(Frame(0.0, before))
        assert engine.detect(Frame(0.0, standing)) == alone


def test_the_frames_of_a_time_lapse_are_pictures_each_looked_at_anew(engine, stream, sitting, standing, empty):
    scenario = [(10.0 * i, rgb) for i, rgb in enumerate([sitting, empty, standing, sitting])]

    assert poses(stream(period_s=10.0), scenario) == poses(engine, scenario)


def test_a_stream_believes_an_arrival_at_the_second_sample(stream, sitting, empty):
    frames = [(0.2 * i, rgb) for i, rgb in enumerate([sitting, empty, empty, sitting, sitting])]

    assert [pose is not None for pose in poses(stream(), frames)] == [True, False, False, False, True]


def test_a_stream_survives_a_clock_that_stands_still_or_is_set_back(stream, sitting):
    assert all(poses(stream(), [(t, sitting) for t in (5.0, 5.0, 5.0001, 3.0, 3.2)]))


def test_after_a_long_gap_the_stream_begins_anew(stream, sitting, standing):
    used, fresh = stream(), stream()
    poses(used, [(0.0, sitting), (0.2, sitting)])

    assert poses(used, [(3600.0, standing)]) == poses(fresh, [(3600.0, standing)])


def test_a_stream_follows_a_whole_clip(stream):
    seen = poses(stream(), pictures(DEMO / "demo_sit_slumped.mp4", count=20, every=2))

    assert all(seen)
    assert len(seen) == 20


@pytest.fixture
def outlining(model):
    """An engine with a memory of the backs that it was asked for."""
    opened, asked = [], []

    def outline(rgb, silhouette, xy):
        asked.append((rgb.shape, silhouette.shape))
        return outline_at(trunk_frame(xy), back(), np.zeros(HEIGHTS.size), ("",) * HEIGHTS.size, rgb.shape[0])

    def open_engine(period_s=None):
        opened.append(Landmarker(model, period_s=period_s, outline=outline))
        return opened[-1], asked

    yield open_engine
    for one in opened:
        one.close()


def test_a_picture_from_the_side_has_its_back_outlined_at_full_size(outlining, sitting):
    engine, asked = outlining()
    large = cv2.resize(sitting, None, fx=3, fy=3)

    seen = engine.detect(Frame(0.0, large))

    assert seen.pose.back is not None
    assert asked[0][0] == large.shape
    assert asked[0][1][1] <= WIDEST


def test_nobody_is_asked_for_a_back_in_an_empty_room(outlining, empty):
    engine, asked = outlining()

    engine.detect(Frame(0.0, empty))

    assert asked == []


def test_a_stream_outlines_a_back_only_once_it_rests(outlining):
    engine, asked = outlining(0.2)
    asked_after = []
    for t, rgb in pictures(DEMO / "demo_stand.mp4", count=12, every=2):
        engine.detect(Frame(t, rgb))
        asked_after.append((t, len(asked)))

    rested = [t for t, count in asked_after if count]
    assert rested
    assert rested[0] >= RESTS_AFTER_S


def test_a_real_back_is_read_in_windows_and_its_trace_replays_the_same(model, tmp_path):
    engine = Landmarker(model, period_s=0.2, outline=back_outline)
    day = [engine.detect(Frame(t, rgb)) for t, rgb in pictures(DEMO / "demo_stand.mp4", count=18, every=2)]
    engine.close()
    writer = TraceWriter(tmp_path / "day.jsonl", period_s=0.2, source="clip")
    for obs in day:
        writer.write(obs)
    writer.close()

    live, again = replay(day), replay(Trace(tmp_path / "day.jsonl"))

    assert live[-1].readings["lumbar_lordosis"].measured
    assert [repr(step) for step in live] == [repr(step) for step in again]


class KneesHiddenIn:
    """The real networks, which doubt the knees in pictures of one width."""

    def __init__(self, width: int, model: Path, surety: float, **kept: object) -> None:
        self._width, self._networks = width, mediapipe_task(model, surety, **kept)

    def detect(self, rgb, t_ms):
        people = self._networks.detect(rgb, t_ms)
        for person in people if rgb.shape[1] == self._width else []:
            person.marks[[L.LEFT_KNEE, L.RIGHT_KNEE], 3] = 0.0
        return people

    def close(self):
        self._networks.close()


@pytest.mark.parametrize("width", [960, 512])
def test_what_one_size_of_a_picture_alone_hides_is_seen(width, model, sitting):
    landmarker = Landmarker(model, opens=partial(KneesHiddenIn, width), alternatives=ALTERNATIVES)
    pose = landmarker.detect(Frame(0.0, sitting)).pose
    landmarker.close()

    assert sitting.shape[1] == 960
    assert pose.visibility[[L.LEFT_KNEE, L.RIGHT_KNEE]].max() > MIN_VISIBILITY


@pytest.mark.parametrize("smaller_is_read", [True, False])
def test_a_back_that_is_nearly_too_uncertain_must_be_read_in_smaller_copies_too(smaller_is_read, model, sitting):
    def outline(rgb, _silhouette, xy):
        return outline_of(xy, back(hollow=0.0), valid=smaller_is_read or len(rgb) == len(sitting))

    landmarker = Landmarker(model, outline=outline)
    pose = landmarker.detect(Frame(0.0, sitting)).pose
    landmarker.close()

    assert is_nearly_too_uncertain(pose) is smaller_is_read
    assert reading_of(pose).why == (None if smaller_is_read else Reason.BACK_EDGE_UNCLEAR)


def test_a_silhouette_outlives_the_result_that_it_came_with(model, sitting):
    networks = mediapipe_task(model, 0.5, people=1, tracks=False)
    silhouette = networks.detect(sitting, 0)[0].silhouette
    networks.close()

    assert silhouette.base is None  # memory of its own


def test_it_may_be_closed_twice(model):
    landmarker = Landmarker(model)

    landmarker.close()
    landmarker.close()


# --- the model file, and what is printed -------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_mediapipe_refuses_is_one_line_and_standard_error_comes_back(content, tmp_path, capfd):
    path = tmp_path / "wrong.task"
    path.write_bytes(content)

    with pytest.raises(ModelCorrupt, match=r"refuses the model .*wrong\.task") as caught:
        Landmarker(path)
    os.write(2, b"heard")

    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == "heard"


LOOK = """
import sys, numpy as np
from monitor.adapters.vision.landmarker import Landmarker
from monitor.ports import Frame
assert not any(name.split(".")[0] in ("mediapipe", "cv2") for name in sys.modules)
engine = Landmarker(sys.argv[1], period_s=0.2)
rgb = np.load(sys.argv[2])
print([engine.detect(Frame(t, rgb)).pose is not None for t in (0.0, 0.2)])
assert "matplotlib" not in sys.modules
engine.close()
"""


@pytest.mark.parametrize("console", ["2>&1", "2>&-"])
def test_mediapipe_is_loaded_late_and_prints_nothing(console, model, sitting, tmp_path):
    np.save(tmp_path / "rgb.npy", sitting)
    shell = ["sh", "-c", f'exec "$@" {console}', "sh", sys.executable, "-c", LOOK, str(model), str(tmp_path / "rgb.npy")]

    ended = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout == "[True, True]\n"


# --- real footage ------------------------------------------------------------------------------------------------


def truth(name):
    with (SHARED / f"{name}.csv").open() as file:
        return [(float(row["t_s"]), row.get("activity") or row["state"]) for row in csv.DictReader(file)]


def sampled(name):
    """Five pictures a second, or all there are; half as many by default."""
    path = SHARED / f"{name}.mp4"
    every = max(1, round(cv2.VideoCapture(str(path)).get(cv2.CAP_PROP_FPS) / {"few": 2.5, "many": 5}[PROFILE]))
    return pictures(path, count=1000, every=every)


FILMED = ("videos/render_sit_slump_stand_leave_dev", *(("clips/front_dev", "clips/side_dev") if PROFILE == "many" else ()))


@footage
@pytest.mark.parametrize("name", FILMED)
def test_no_ghost_in_an_empty_room_and_nobody_at_the_desk_refused(name, stream):
    shown, landmarker, ghosts, missed = truth(name), stream(), [], []
    for t, rgb in sampled(name):
        what = min(shown, key=lambda row: abs(row[0] - t))[1]
        seen = landmarker.detect(Frame(t, rgb)).pose is not None
        ghosts += [t] if seen and what in {"away", "none"} else []
        missed += [t] if not seen and what in {"sitting", "standing"} else []

    assert ghosts == []
    assert len(missed) <= 1  # an arrival costs one sample


@footage
@pytest.mark.slow
def test_the_foot_of_a_table_is_no_person(stream):
    empty_s = [(0.0, 6.4), (87.8, 89.6), (120.4, 123.2), (136.0, 137.8)]  # looked up by eye
    frames = sampled("videos/one_by_one_walk_through_empty_room")

    landmarker = stream()
    ghosts = [t for t, rgb in frames if landmarker.detect(Frame(t, rgb)).pose and any(a <= t <= b for a, b in empty_s)]

    assert ghosts == []


@footage
@pytest.mark.slow
def test_every_photographed_and_rendered_person_is_believed(engine):
    refused = {}
    for path in sorted([*(SHARED / "images").glob("*.jpg"), *(SHARED / "renders").glob("*.jpg")]):
        obs = engine.detect(Frame(0.0, cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)))
        refused |= {path.stem: obs.why} if obs.why else {}

    # A cup of coffee, and a woman on whose head alone the model lays a whole body, upside down.
    assert refused == {"skimage__coffee": Reason.NOBODY, "alwaysai__slump": Reason.TURNED}
