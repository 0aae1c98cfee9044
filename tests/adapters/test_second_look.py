"""People whom the first look misses: who is found in another one is never called away, and no room becomes a person."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.adapters.vision.landmarker import Landmarker
from monitor.adapters.vision.second_look import ALTERNATIVES
from monitor.core.body.pose import ABSENT
from monitor.ports import Frame

DEMO = Path(__file__).parents[2] / "monitor" / "data" / "demo"
AWAY = 240  # the frame of the demo morning where the woman is out for coffee


def picture(name, index=0):
    clip = cv2.VideoCapture(str(DEMO / name))
    clip.set(cv2.CAP_PROP_POS_FRAMES, index)
    return cv2.cvtColor(clip.read()[1], cv2.COLOR_BGR2RGB)


def grainy(rgb, sd):
    noise = np.random.default_rng(0).normal(0, sd, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def twice(model):
    landmarker = Landmarker(model, alternatives=ALTERNATIVES)
    yield landmarker
    landmarker.close()


def test_somebody_who_is_seen_badly_is_never_nobody(twice):
    sitting, standing = picture("demo_sit_tall.mp4"), picture("demo_stand.mp4")
    shown = {
        "headless sitting": sitting[130:],
        "headless standing": standing[90:],
        "grain": grainy(sitting, 40),
        "grain and dark": grainy(sitting // 4, 8),
        "dark": sitting // 8,
        "small": cv2.resize(sitting, None, fx=0.25, fy=0.25),
        "cut at the side": sitting[:, 330:],
    }

    assert {name for name, rgb in shown.items() if (twice.detect(Frame(0.0, rgb)).why or "") in ABSENT} == set()


def test_an_empty_room_stays_one_in_every_look(twice):
    empty = picture("demo_morning.mp4", AWAY)
    seen = {shade: twice.detect(Frame(0.0, (empty * shade).astype(np.uint8))) for shade in (1.0, 0.6, 0.4)}

    assert {shade for shade, obs in seen.items() if obs.why not in ABSENT} == set()


def test_every_look_tells_where_the_picture_lies_in_it():
    rgb = np.random.default_rng(0).integers(90, 120, (90, 160, 3), dtype=np.uint8)
    for look in ALTERNATIVES:
        changed, (left, top, right, bottom) = look(rgb)
        inside = changed[top : changed.shape[0] - bottom, left : changed.shape[1] - right]

        assert inside.shape == rgb.shape, look.__name__
        assert changed.dtype == np.uint8, look.__name__


def test_a_person_in_the_dark_is_found_where_she_is(twice, model):
    sitting = picture("demo_sit_tall.mp4")
    plain = Landmarker(model)
    bright, dark = plain.detect(Frame(0.0, sitting)), plain.detect(Frame(0.0, sitting // 8))
    found = twice.detect(Frame(0.0, sitting // 8))
    plain.close()

    assert dark.pose is None
    assert np.abs(found.pose.xy - bright.pose.xy)[:25].max() < 0.06
