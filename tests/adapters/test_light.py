"""What noise and compression do to edges."""

import cv2
import numpy as np
import pytest

from monitor.adapters.vision.landmarker.light import hides_edges
from monitor.testing import Body

ROOM = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype=np.uint8), (0, 0), 20)
ROOM = cv2.normalize(ROOM, None, 30, 220, cv2.NORM_MINMAX)


def noisy(sd):
    return np.clip(ROOM + np.random.default_rng(1).normal(0, sd, ROOM.shape), 0, 255).astype(np.uint8)


def compressed(quality):
    return cv2.imdecode(cv2.imencode(".jpg", ROOM, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


@pytest.mark.parametrize(("spoil", "usual", "too_much"), [(noisy, (0, 5, 10, 15), (20, 30, 40)), (compressed, (95, 60), (10, 5))])
def test_edges_are_trusted_in_usual_noise_and_compression_and_in_no_more(spoil, usual, too_much):
    pose = Body(x=0.8).pose()

    assert {value: hides_edges(spoil(value), pose) for value in usual + too_much} == {
        value: value in too_much for value in usual + too_much
    }


@pytest.mark.parametrize("body", [Body(x=-1.0), Body(x=3.0), Body(y=-0.5), Body(torso=1e-4)])
def test_a_trunk_outside_or_of_no_size_is_no_error(body):
    assert not hides_edges(ROOM, body.pose())
