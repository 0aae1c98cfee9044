"""Two people in real pictures: who came second never becomes the user."""

import math
from pathlib import Path

import cv2
import pytest
from laws import PROFILE

from monitor.adapters.vision.landmarker import Landmarker
from monitor.adapters.vision.user_crop import UserCrop
from monitor.core.body.plausibility import body_size
from monitor.core.camera.user_tracking import apart
from monitor.core.vocabulary import Reason
from monitor.ports import Frame

DEMO = Path(__file__).parents[2] / "monitor" / "data" / "demo"
RISES = Path(__file__).parents[3] / "shared" / "data" / "clips" / "side_dev.mp4"
AWAY = 240  # the frame of the demo morning where the room is empty


def picture(name, index=0):
    clip = cv2.VideoCapture(str(DEMO / name))
    clip.set(cv2.CAP_PROP_POS_FRAMES, index)
    return cv2.cvtColor(clip.read()[1], cv2.COLOR_BGR2RGB)


@pytest.fixture(scope="module")
def sitting():
    return picture("demo_sit_tall.mp4")


@pytest.fixture(scope="module")
def room():
    return picture("demo_morning.mp4", AWAY)


@pytest.fixture(scope="module")
def visitor(model):
    """Somebody standing, cut out with her surroundings."""
    rgb = picture("demo_stand.mp4")
    engine = Landmarker(model)
    pose = engine.detect(Frame(0.0, rgb)).pose
    engine.close()
    x, y = pose.xy[pose.in_frame()].T * rgb.shape[0]
    return rgb[max(0, int(y.min()) - 50) : int(y.max()) + 20, max(0, int(x.min()) - 40) : int(x.max()) + 40]


def with_visitor(rgb, visitor, x, height):
    """The picture with the visitor standing at ``x`` (pixels), that high."""
    small = cv2.resize(visitor, None, fx=height / visitor.shape[0], fy=height / visitor.shape[0], interpolation=cv2.INTER_AREA)
    shown = rgb.copy()
    bottom = rgb.shape[0] - 20
    part = small[:, : rgb.shape[1] - x]
    shown[bottom - height : bottom, x : x + part.shape[1]] = part
    return shown


@pytest.fixture
def pose_engine(model):
    one = UserCrop(Landmarker(model, period_s=0.25))
    yield one
    one.close()


def strays(pose_engine, sitting, visitor, height, step):
    """How far from her seat the user is seen (body sizes) while the visitor walks across; NaN where she is not seen."""
    usual = [pose_engine.detect(Frame(i / 4, sitting)).pose for i in range(20)][-1]
    ways = range(0, sitting.shape[1] - 120, step)
    seen = [pose_engine.detect(Frame(5 + i / 4, with_visitor(sitting, visitor, x, height))).pose for i, x in enumerate(ways)]
    return [apart(usual, pose) if pose else math.nan for pose in seen]


WALKS = ((500, 40), (250, 30)) if PROFILE == "few" else ((500, 40), (500, 20), (420, 30), (250, 30))


@pytest.mark.parametrize(("height", "step"), WALKS)
def test_whoever_walks_by_before_or_behind_the_user_never_becomes_the_user(height, step, pose_engine, sitting, visitor):
    ways = strays(pose_engine, sitting, visitor, height, step)

    assert sum(way > 0.4 for way in ways) <= 3  # less than a second
    assert max(ways[-6:]) < 0.1
    assert max(ways[:6]) < 0.1


def test_without_this_the_engine_is_led_away(model, sitting, visitor):
    plain = Landmarker(model, period_s=0.25)
    ways = strays(plain, sitting, visitor, 500, 40)
    plain.close()

    assert ways[-1] > 2


def test_a_small_figure_in_the_background_is_nobody_while_the_chair_is_empty(pose_engine, sitting, room, visitor):
    for i in range(24):
        pose_engine.detect(Frame(i / 4, sitting))
    for i in range(16):
        pose_engine.detect(Frame(6 + i / 4, room))
    seen = [pose_engine.detect(Frame(10 + i / 4, with_visitor(room, visitor, 80 + 20 * i, 150))) for i in range(12)]

    assert [obs.pose for obs in seen] == [None] * 12


def test_the_one_who_comes_back_is_the_user(pose_engine, sitting, room):
    for i in range(24):
        pose_engine.detect(Frame(i / 4, sitting))
    for i in range(16):
        pose_engine.detect(Frame(6 + i / 4, room))
    back = [pose_engine.detect(Frame(10 + i / 4, sitting)).pose for i in range(4)]

    assert back[-1] is not None


@pytest.mark.footage
@pytest.mark.skipif(not RISES.is_file(), reason="the project's shared footage is not here")
def test_who_rises_is_the_user_again_within_three_seconds_of_standing_still(pose_engine):
    clip = cv2.VideoCapture(str(RISES))
    rise = [cv2.cvtColor(clip.read()[1], cv2.COLOR_BGR2RGB) for _ in range(240)][::2]
    seen = [pose_engine.detect(Frame(i / 4, rgb)) for i, rgb in enumerate(rise)]

    assert sum(obs.pose is None for obs in seen) <= 12
    assert all(obs.pose for obs in seen[-4:])


def followed(model, shoulder_width, films):
    """The size of whoever is reported in each picture (picture heights), NaN where nobody is; and the reasons for nobody."""
    engine = UserCrop(Landmarker(model, period_s=0.25), shoulder_width)
    seen = [engine.detect(frame) for frame in films]
    engine.close()
    return [body_size(obs.pose) if obs.pose else math.nan for obs in seen], {obs.why for obs in seen if obs.pose is None}


def test_a_child_who_was_there_first_gives_way_to_the_user_who_sits_down(model, sitting, room, visitor):
    rooms = [(i / 2, sitting if i >= 6 else room) for i in range(36)]
    films = [Frame(t, with_visitor(rgb, visitor, 40 + round(t) % 3, 250)) for t, rgb in rooms]
    sizes, _ = followed(model, math.nan, films)
    calibrated, reasons = followed(model, 0.3, films)

    assert max(sizes[:6]) < 0.2  # without a calibration the child is followed at first
    assert min(sizes[-4:]) > 0.2
    assert not any(size < 0.2 for size in calibrated)
    assert Reason.SMALLER_THAN_CALIBRATED in reasons
    assert min(calibrated[-4:]) > 0.2
