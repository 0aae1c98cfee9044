"""Cameras of known and of unknown tilt: what is upright is measured as upright, or not at all."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.sections import CameraSettings
from monitor.core.back.lumbar import Lumbar
from monitor.core.body.landmarks import LANDMARKS
from monitor.core.body.outline import HEIGHTS, outline_at, outward_of, trunk_frame
from monitor.core.body.pose import Pose
from monitor.core.camera.lens import USUAL_FOV_DEG, Lens
from monitor.core.posture.readings import measure
from monitor.core.posture.signals import SIGNALS, sagittal, trunk_inclination
from monitor.core.vocabulary import Reason, View
from monitor.testing import Body

ASPECT = 16 / 9
lenses = st.builds(Lens, st.floats(50, 110), st.floats(-30, 30)) | st.builds(
    Lens, st.floats(100, 170), st.floats(-30, 30), st.just(True)
)


def seen_through(lens, xyz):
    """Points (n, 3) in metres (right, down, ahead of a level camera) in the picture of this lens, picture heights."""
    tilt = math.radians(lens.tilt_deg)
    x, y, z = xyz.T
    down, ahead = y * math.cos(tilt) - z * math.sin(tilt), z * math.cos(tilt) + y * math.sin(tilt)
    off = np.hypot(x, down)
    half = math.radians(lens.fov_deg) / 2
    angle = np.arctan2(off, ahead)
    distance = ASPECT / 2 * (angle / half if lens.fisheye else np.tan(angle) / math.tan(half))
    return np.stack([x, down], axis=1) * (distance / np.maximum(off, 1e-9))[:, None] + (ASPECT / 2, 0.5)


def filmed(lens, body, azimuth, *, distance=2.0):
    """The pose of a flat body across the direction ``azimuth`` (rad) of its trunk's middle; 0.25 of it is half a metre."""
    flat = 2 * (body.xy - (body.xy[[11, 12, 23, 24], 0].mean(), 0.4))
    level = flat[:, 1] + distance * math.tan(math.radians(lens.tilt_deg)) / math.cos(azimuth)
    x = distance * math.tan(azimuth) + flat[:, 0] * math.cos(azimuth)
    z = distance - flat[:, 0] * math.sin(azimuth)
    return Pose(seen_through(lens, np.stack([x, level, z], axis=1)), np.ones(LANDMARKS), ASPECT, body.turn_deg, pitch_deg=20.0)


def lean(pose):
    return float(trunk_inclination(sagittal(pose.xy, pose.turn_deg)))


@given(lenses, st.floats(-25, 40), st.floats(-0.35, 0.35))
def test_a_known_lens_and_tilt_leave_the_lean_of_the_trunk_as_it_is(lens, truth, azimuth):
    pose = lens.levelled(filmed(lens, Body(lean=truth).pose(), azimuth))

    assert lean(pose) == pytest.approx(truth, abs=0.3)
    assert math.isnan(pose.pitch_deg)


def test_without_correction_a_camera_above_leans_who_sits_beside_the_middle():
    upright = filmed(Lens(70.0, 30.0), Body(lean=0.0).pose(), 0.35)

    assert abs(lean(upright)) > 8


@given(lenses, st.floats(-0.3, 0.3))
def test_a_back_is_carried_along_and_keeps_its_rows(lens, azimuth):
    pose = filmed(lens, Body(lean=0.0).pose(), azimuth)
    hollow = 0.25 - 0.05 * np.sin(np.linspace(0, math.pi, len(HEIGHTS)))
    back = outline_at(trunk_frame(pose.xy), np.where(HEIGHTS > 0.9, np.nan, hollow), np.zeros(len(HEIGHTS)), ("",) * 111, 720)
    pose = replace(pose, back=back)
    level = lens.levelled(pose)
    outward = outward_of(level.back, trunk_frame(level.xy))

    assert (np.isnan(outward) == np.isnan(outward_of(back, trunk_frame(pose.xy)))).all()
    assert level.back.reasons == back.reasons
    assert np.nanmin(outward) > 0


@given(lenses)
def test_what_has_no_place_stays_as_it_is(lens):
    pose = Body().pose()
    nowhere = replace(pose, xy=np.full_like(pose.xy, math.nan))
    unread = outline_at(trunk_frame(pose.xy), np.full(len(HEIGHTS), math.nan), np.zeros(len(HEIGHTS)), ("arm",) * 111, 720)

    assert lens.levelled(nowhere) is nowhere
    assert lens.levelled(replace(pose, back=unread)).back is unread


@given(lenses)
def test_what_is_outside_the_picture_stays_unseen_and_no_number_becomes_none(lens):
    pose = Body(y=0.9, torso=0.5).pose()
    level = lens.levelled(pose)

    assert not level.visibility[~pose.in_frame()].any()
    assert np.isfinite(level.xy).all()


@pytest.mark.parametrize(
    ("x", "pitch", "refused"), [(0.2, 15.0, True), (0.2, 0.0, False), (0.9, 15.0, False), (0.2, math.nan, False)]
)
def test_a_camera_that_looks_down_beside_the_middle_refuses_what_is_held_against_the_vertical(x, pitch, refused):
    curve = Lumbar(20.0, 3.0, 20.0, 5.0, 0.3, 1.0, None)
    readings = measure(replace(Body(x=x).pose(), pitch_deg=pitch), View.SIDE, back=curve)
    found = {s.name for s in SIGNALS if readings[s.name].why is Reason.SEEN_FROM_ABOVE}

    assert found == ({s.name for s in SIGNALS if s.against_vertical} if refused else set())
    assert readings["thigh_inclination"].measured


SET = {
    "nothing": ({}, None),
    "a tilt": ({"tilt": 20.0}, Lens(USUAL_FOV_DEG, 20.0)),
    "a field": ({"fov": 90.0}, Lens(90.0)),
    "a fish-eye": ({"fov": 170.0, "fisheye": True, "tilt": -10.0}, Lens(170.0, -10.0, True)),
}


def test_the_settings_name_the_lens_and_a_straight_one_has_no_field_of_a_fish_eye():
    assert {name: CameraSettings(**keys).lens for name, (keys, _) in SET.items()} == {
        name: lens for name, (_, lens) in SET.items()
    }
    with pytest.raises(ValueError, match="fish-eye"):
        CameraSettings(fov=150.0)
