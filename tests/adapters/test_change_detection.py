"""A cheap look: it sees what moves, and is not taken in by light."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.adapters.vision.change_detection import ChangeDetector
from monitor.ports import Frame

DEMO = Path(__file__).parents[2] / "monitor" / "data" / "demo"
LOOK_S = 0.25


def picture(name):
    """Half as large as it was taken: the noise of a small picture averages out less."""
    bgr = cv2.resize(cv2.VideoCapture(str(DEMO / name)).read()[1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


@pytest.fixture(scope="module")
def sitting():
    return picture("demo_sit_tall.mp4")


@pytest.fixture(scope="module")
def slumped():
    return picture("demo_sit_slumped.mp4")


@pytest.fixture(scope="module")
def standing():
    return picture("demo_stand.mp4")


def sensor(rgb, i, noise=3.0):
    """What a webcam makes of it: noise of its own in every picture."""
    grain = noise * np.random.default_rng(i).standard_normal(rgb.shape, dtype=np.float32)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def changes(pictures, detector=None):
    """Which of the looks at these pictures, four a second, showed a change."""
    detector = detector or ChangeDetector()
    return [detector.compare(Frame(i * LOOK_S, rgb)).changed for i, rgb in enumerate(pictures)]


def still(rgb, seconds, light=lambda _t: 1.0):
    return [sensor(rgb * light(i * LOOK_S), i) for i in range(round(seconds / LOOK_S))]


def test_a_still_picture_changes_only_by_being_the_first(sitting):
    assert changes(still(sitting, 30))[1:] == [False] * 119


@pytest.mark.parametrize(
    "light",
    [
        lambda t: 1.0 - 0.01 * t,  # a minute of dusk
        lambda t: 1.0 if t < 15 else 0.8,  # the camera's own exposure
        lambda t: 1.0 + 0.03 * np.sin(2 * np.pi * 1.3 * t),  # mains light beating with the camera
    ],
    ids=["dusk", "exposure", "flicker"],
)
def test_light_that_changes_everywhere_is_no_change(light, sitting):
    assert sum(changes(still(sitting, 30, light))[1:]) == 0


def test_a_television_in_a_corner_is_got_used_to_and_does_not_hide_a_rise(sitting, standing):
    def with_television(rgb, i):
        shown = rgb.copy()
        shown[10:70, 10:100] = np.random.default_rng(i // 2).integers(30, 120)
        return sensor(shown, i)

    detector = ChangeDetector()
    seen = changes([with_television(sitting, i) for i in range(240)], detector)
    after = [detector.compare(Frame(60 + i * LOOK_S, with_television(standing, i))).changed for i in range(4)]

    assert sum(seen[-80:]) <= 4
    assert after[0]


def test_a_slump_a_rise_and_an_empty_chair_are_seen_at_the_first_look(sitting, slumped, standing):
    for after in (slumped, standing):
        detector = ChangeDetector()
        changes(still(sitting, 20), detector)

        assert detector.compare(Frame(20.0, sensor(after, 7))).changed


def test_a_sinking_too_slow_for_the_eye_is_seen_before_long(sitting, slumped):
    ways = np.linspace(0, 1, 80)
    pictures = [*still(sitting, 10), *(sensor((1 - w) * sitting + w * slumped, i) for i, w in enumerate(ways))]

    assert any(changes(pictures)[41:])


def test_a_new_posture_becomes_the_usual_picture_within_seconds(sitting, slumped):
    seen = changes([*still(sitting, 20), *still(slumped, 20)])

    assert seen[80]
    assert not any(seen[80 + 40 :])


def test_only_a_picture_that_is_the_last_one_to_the_pixel_is_the_same(sitting):
    detector = ChangeDetector()
    looks = [
        detector.compare(Frame(i * LOOK_S, rgb))
        for i, rgb in enumerate([sitting, sitting, sensor(sitting, 1), sensor(sitting, 2)])
    ]

    assert [look.same for look in looks] == [False, True, False, False]


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 2), (97, 131), (480, 640), (1080, 1920)])
def test_any_size_will_do_and_a_new_one_starts_anew(shape, sitting):
    detector = ChangeDetector()
    detector.compare(Frame(0.0, sitting))
    rgb = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)

    assert detector.compare(Frame(0.25, rgb)).changed
    assert not detector.compare(Frame(0.5, rgb)).changed


def test_light_and_contrast_are_told(sitting):
    dark = ChangeDetector().compare(Frame(0.0, np.zeros((480, 640, 3), np.uint8)))
    lit = ChangeDetector().compare(Frame(0.0, sitting))

    assert (dark.light, dark.contrast) == (0, 0)
    assert lit.light == pytest.approx(float(sitting.mean()), rel=0.1)
    assert lit.contrast > 20
