"""Backs drawn by hand: outlines of known hollow for landmarks of a person seen from the side."""

from dataclasses import replace

import numpy as np

from monitor.core.body.landmarks import LANDMARKS
from monitor.core.body.outline import HEIGHTS, outline_at, trunk_frame
from monitor.core.body.pose import Pose
from monitor.testing import SIT

SEEN = np.ones(LANDMARKS)
SWAP = np.array([0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(k + 1 if k % 2 else k - 1 for k in range(11, 33))])


def person(hip=(0.8, 0.6), length=0.3, scale=1.0):
    """Landmarks of a person standing, facing the picture's left."""
    xy = np.zeros((LANDMARKS, 2))
    places = {
        0: (-0.18, 1.33), 7: (0.0, 1.35), 8: (0.0, 1.35), 11: (0.0, 1.0), 12: (0.01, 1.0), 13: (-0.3, 0.7), 14: (-0.3, 0.7),
        15: (-0.7, 0.7), 16: (-0.7, 0.7), 23: (0.0, 0.0), 24: (0.01, 0.0), 25: (-0.05, -0.8), 26: (-0.05, -0.8), 27: (0.0, -1.5),
        28: (0.0, -1.5), 29: (0.05, -1.6), 30: (0.05, -1.6), 31: (-0.25, -1.65), 32: (-0.25, -1.65),
    }  # fmt: skip
    for k, (x, y) in places.items():
        xy[k] = (hip[0] + scale * length * x, hip[1] - scale * length * y)
    xy[19:23] = xy[15]
    return xy


def outline_of(xy, outward, *, valid=True, reason=""):
    """An outline at the outward distances (n,) of the trunk's frame."""
    keep = np.broadcast_to(valid, HEIGHTS.shape)
    reasons = tuple("" if k else reason or "arm" for k in keep)
    return outline_at(trunk_frame(xy), outward, np.where(keep, 0.02, 0.9), reasons, 720)


def back(hollow=0.04):
    """Outward distances of a plain back: buttock, hollow, thorax."""
    return 0.2 + 0.06 * np.exp(-(((HEIGHTS - 0.02) / 0.12) ** 2)) - hollow * np.exp(-(((HEIGHTS - 0.33) / 0.16) ** 2))


def with_back(pose, hollow=0.04, **kept: object):
    """The pose with its back outlined."""
    return replace(pose, back=outline_of(pose.xy, back(hollow), **kept))


def standing(hollow=0.04, lean=0.0, **kept: object):
    """A person standing, seen from the side, leaning forward by so many degrees, with the back outlined."""
    xy = person()
    turn = np.radians(lean)
    about = xy[23]
    upper = xy[:, 1] < about[1]
    spun = (xy - about) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + about
    return with_back(Pose(np.where(upper[:, None], spun, xy), SEEN, 16 / 9, -90.0), hollow, **kept)


def sitting(hollow=0.04, **kept: object):
    """A stick figure sitting, seen from the side, with the back outlined."""
    return with_back(SIT.pose(), hollow, **kept)
