"""Bodies in drawn rooms: only those that move against the room are believed."""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pytest

from monitor.adapters.vision.presence import PresenceCheck
from monitor.core.body.landmarks import L
from monitor.core.body.pose import ABSENT, Observation, Pose
from monitor.core.vocabulary import Reason
from monitor.ports import Frame
from monitor.testing import Bust

BODY = Bust(height=0.7, width=0.3)
ROOM = np.random.default_rng(0).integers(60, 200, (18, 32, 3), dtype=np.uint8).repeat(20, axis=0).repeat(20, axis=1)
PERSON = np.random.default_rng(1).integers(0, 255, (220, 140, 3), dtype=np.uint8)
PERSON = PERSON[::20, ::20].repeat(20, axis=0).repeat(20, axis=1)


@dataclass
class DrawnBodyEngine:
    """An engine that finds the body wherever its look is in the picture."""

    shown: list = field(default_factory=list)
    blind: bool = False
    body: Pose = field(default_factory=BODY.pose)

    def detect(self, frame):
        self.shown.append(frame.rgb)
        found = np.corrcoef(frame.rgb[130:310, 270:370].ravel(), PERSON[20:200, 20:120].ravel())[0, 1] > 0.6 and not self.blind
        return Observation(frame.t, self.body if found else None, None if found else Reason.NOBODY)

    def stays(self, _t):
        pass

    def close(self):
        pass


@cache
def grain():
    return np.random.default_rng(2).normal(0, 2, (8, *ROOM.shape)).astype(np.float32)


def picture(person, shift=0, seed=0, light=1.0):
    rgb = ROOM.copy()
    if person:
        rgb[110:330, 250 + shift : 390 + shift] = PERSON
    return np.clip(rgb * np.float32(light) + grain()[seed % 8], 0, 255).astype(np.uint8)


def whys(pictures, period_s=0.25):
    furniture = []
    check = PresenceCheck(DrawnBodyEngine(), lambda: furniture.append(1))
    return [check.detect(Frame(i * period_s, rgb)).why for i, rgb in enumerate(pictures)], len(furniture)


@pytest.mark.parametrize("light", [lambda _i: 1.0, lambda i: 1.0 - 0.005 * i, lambda i: 0.6 if i > 10 else 1.0])
def test_a_photograph_is_never_a_person_whatever_the_light_and_is_named_once(light):
    seen, named = whys([picture(True, seed=i, light=light(i)) for i in range(80)])

    assert None not in seen
    assert set(seen[-20:]) <= set(ABSENT)
    assert named == 1


def test_who_sways_by_a_hair_is_believed_within_a_second():
    seen, named = whys([picture(True, shift=(i % 5) - 2, seed=i) for i in range(40)])

    assert set(seen[4:]) == {None}
    assert named == 0


def test_the_user_who_falls_asleep_is_never_named_as_furniture():
    moves = [picture(True, shift=(i % 5) - 2, seed=i) for i in range(40)]
    _, named = whys([*moves, *(picture(True, seed=i) for i in range(200))])

    assert named == 0


def test_the_user_before_a_photograph_is_seen_and_the_photograph_is_painted_over():
    check = PresenceCheck(DrawnBodyEngine())
    for i in range(40):
        check.detect(Frame(i / 4, picture(True, seed=i)))
    inner = check._engine.shown[-1]

    assert inner[150:170, 300:320].std(axis=(0, 1)).max() < 1
    assert (inner[:80] == picture(True, seed=39)[:80]).all()


def test_nobody_is_away_while_the_place_is_as_it_was_with_the_user_in_it():
    check = PresenceCheck(DrawnBodyEngine())
    for i in range(20):
        check.detect(Frame(i / 4, picture(True, shift=(i % 5) - 2, seed=i)))
    check._engine.blind = True

    assert check.detect(Frame(5.25, picture(True, seed=90))).why is Reason.SEEN_BADLY
    left = [check.detect(Frame(5.5 + i / 4, picture(False, seed=i))).why for i in range(12)]
    assert left[0] is Reason.SEEN_BADLY
    assert set(left[-6:]) == {Reason.NOBODY}


def test_an_empty_room_with_a_flickering_screen_is_away_in_the_end():
    pictures = [picture(False, seed=i) for i in range(400)]
    for i, rgb in enumerate(pictures):
        rgb[40:100, 40:140] = (120 + 60 * (i % 2), 90, 90)
    seen, _ = whys(pictures)

    assert set(seen[-40:]) == {Reason.NOBODY}


def test_a_film_below_a_photograph_is_no_movement_of_the_photograph():
    pictures = [picture(True, seed=i) for i in range(80)]
    for i, rgb in enumerate(pictures):
        rgb[-20:, 200:420] = (40 * (i % 6), 90, 255 - 40 * (i % 6))
    body = BODY.pose()
    xy = body.xy.copy()
    xy[[L.LEFT_HIP, L.RIGHT_HIP], 1] = 0.98
    engine = DrawnBodyEngine(body=replace(body, xy=xy))
    check = PresenceCheck(engine)

    assert None not in {check.detect(Frame(i / 4, rgb)).why for i, rgb in enumerate(pictures)}


def test_a_body_that_its_lens_puts_outside_the_picture_is_no_error():
    body = BODY.pose()
    check = PresenceCheck(DrawnBodyEngine(body=replace(body, xy=body.xy + 5.0)))

    assert {check.detect(Frame(i / 4, picture(True, seed=i))).why for i in range(12)} <= {Reason.NOT_SEEN_TO_MOVE, None}
