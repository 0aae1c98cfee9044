"""The background's corners on real pictures: moved, darkened, with somebody else before it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.adapters.vision.background_registration import compare, remember
from monitor.core.camera.registration import CONFIRMED_BY, BackgroundFeatures, CameraPlacementMonitor, recognised, unmoved
from monitor.core.vocabulary import CameraPlacement
from monitor.ports import Frame

DEMO = Path(__file__).parents[2] / "monitor" / "data" / "demo"


def picture(name):
    return cv2.cvtColor(cv2.VideoCapture(str(DEMO / name)).read()[1], cv2.COLOR_BGR2RGB)


@pytest.fixture(scope="module")
def sitting():
    return picture("demo_sit_tall.mp4")


@pytest.fixture(scope="module")
def backdrop(sitting, model):
    return remember(Frame(0.0, sitting), pose_in(sitting, model))


def pose_in(rgb, model):
    from monitor.adapters.vision.landmarker import Landmarker

    engine = Landmarker(model)
    pose = engine.detect(Frame(0.0, rgb)).pose
    engine.close()
    return pose


def elsewhere(rgb, dx=0.0, dy=0.0, scale=1.0, roll_deg=0.0):
    """The picture as a camera sees it that was moved: right, down (picture heights), nearer, rolled."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -roll_deg, scale)
    matrix[:, 2] += np.array([dx, dy]) * height
    return cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("name", ["demo_sit_slumped.mp4", "demo_stand.mp4"])
def test_who_slumps_or_stands_before_it_does_not_move_the_background(name, backdrop, model):
    now = picture(name)
    shift = compare(backdrop, remember(Frame(0.0, now), pose_in(now, model)))

    assert recognised(shift)
    assert unmoved(shift)


@pytest.mark.parametrize("light", [0.4, 0.7, 1.3])
def test_other_light_is_the_same_place(light, sitting, backdrop):
    now = np.clip(sitting * light, 0, 255).astype(np.uint8)
    shift = compare(backdrop, remember(Frame(0.0, now), None))

    assert recognised(shift)
    assert unmoved(shift)


@pytest.mark.parametrize(
    "move", [{"dx": 0.06}, {"dy": -0.06}, {"dy": 0.15}, {"scale": 1.1}, {"roll_deg": 4.0}, {"dx": -0.1, "dy": 0.05}], ids=str
)
def test_a_move_is_measured(move, sitting, backdrop):
    shift = compare(backdrop, remember(Frame(0.0, elsewhere(sitting, **move)), None))
    expected = {"scale": 1.0, "roll_deg": 0.0} | move

    assert recognised(shift)
    assert not unmoved(shift)
    assert shift.scale == pytest.approx(expected["scale"], abs=0.01)
    assert shift.roll_deg == pytest.approx(expected["roll_deg"], abs=0.5)
    if "dx" in move or "dy" in move:
        assert (shift.dx, shift.dy) == pytest.approx((move.get("dx", 0), move.get("dy", 0)), abs=0.005)


def test_a_webcam_that_frames_by_itself_or_mirrors_has_moved_and_one_that_blurs_the_room_has_not(sitting, backdrop):
    effects = {
        "zoomed": (elsewhere(sitting, scale=1.4), CameraPlacement.MOVED),
        "zoomed and panned": (elsewhere(sitting, dx=0.15, scale=1.25), CameraPlacement.MOVED),
        "mirrored": (np.ascontiguousarray(sitting[:, ::-1]), CameraPlacement.MOVED),
        "blurred": (cv2.GaussianBlur(sitting, (0, 0), 25), CameraPlacement.SAME),
    }
    found = {}
    for name, (rgb, _) in effects.items():
        shift, monitor = compare(backdrop, remember(Frame(0.0, rgb), None)), CameraPlacementMonitor(0.5)
        found[name] = [monitor.update(60.0 * n, shift, 0.5) for n in range(CONFIRMED_BY)][-1]

    assert found == {name: place for name, (_, place) in effects.items()}


def test_another_place_is_not_recognised(backdrop):
    room = np.random.default_rng(0).integers(0, 255, (27, 48, 3), dtype=np.uint8)
    other = cv2.resize(room, (960, 540), interpolation=cv2.INTER_NEAREST)

    assert not recognised(compare(backdrop, remember(Frame(0.0, other), None)))


def test_a_picture_without_corners_tells_nothing(backdrop):
    bare = remember(Frame(0.0, np.full((480, 640, 3), 90, np.uint8)), None)

    assert len(bare.points) == 0
    for shift in (compare(backdrop, bare), compare(bare, backdrop), compare(bare, bare)):
        assert (shift.agreeing, shift.features) == (0, 0)


def test_what_is_remembered_is_small_and_holds_nobody(sitting, model):
    pose = pose_in(sitting, model)
    backdrop = remember(Frame(0.0, sitting), pose)
    low, high = pose.xy[pose.in_frame()].min(axis=0), pose.xy[pose.in_frame()].max(axis=0)

    assert isinstance(backdrop, BackgroundFeatures)
    assert 30 < len(backdrop.points) < 400
    assert not ((backdrop.points > low) & (backdrop.points < high)).all(axis=1).any()
