"""The back's outline on drawn pictures: where the edge is known to a fraction of a pixel."""

import cv2
import numpy as np
import pytest
from backs import SEEN, SWAP, back, person
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.adapters.vision.silhouette import back_outline
from monitor.core.back.lumbar import lordosis
from monitor.core.body.outline import HEIGHTS, trunk_frame


def drawn(hollow=0.04, xy=None, *, shade=(60, 90, 160), wall=(200, 200, 195), noise=2.0, aspect=16 / 9):
    """A flat person before a wall with the mask MediaPipe might give, and the true outward distances."""
    xy = person() if xy is None else xy
    frame, rows, k = trunk_frame(xy), 720, 4
    t = np.linspace(-0.5, 1.3, 400)
    u = np.interp(t, HEIGHTS, back(hollow))
    shape = np.vstack([frame.place(t, u), frame.place(t[::-1], np.full(t.shape, -0.2))])
    cover = np.zeros((rows * k, int(rows * aspect) * k), np.uint8)
    cv2.fillPoly(cover, [np.round(shape * rows * k).astype(np.int32)], 255)
    cover = cv2.resize(cover, None, fx=1 / k, fy=1 / k, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    rgb = cover[..., None] * np.array(shade, float) + (1 - cover[..., None]) * np.array(wall, float)
    rgb = rgb + np.random.default_rng(0).normal(0, noise, rgb.shape)
    mask = cv2.GaussianBlur(cover, (0, 0), 3)
    return np.clip(rgb, 0, 255).astype(np.uint8), mask, xy


def outward_of(outline, xy):
    return trunk_frame(xy).coordinates(outline.points)[:, 1]


TRUNK = (HEIGHTS > -0.1) & (HEIGHTS < 0.85)


@pytest.mark.parametrize("hollow", [-0.02, 0.0, 0.05])
def test_the_edge_is_found_to_a_fraction_of_a_pixel(hollow):
    rgb, mask, xy = drawn(hollow)
    got = back_outline(rgb, mask, xy)
    off = (outward_of(got, xy) - back(hollow))[TRUNK] * trunk_frame(xy).length * 720

    assert np.abs(np.median(off)) < 0.3
    assert np.sqrt(np.mean(off**2)) < 0.6
    assert got.valid[TRUNK].mean() > 0.8


def test_a_mask_that_bulges_does_not_move_the_edge():
    rgb, mask, xy = drawn()
    at = (trunk_frame(xy).place(np.array(0.4), np.array(0.2)) * 720).astype(int)
    bulge = np.zeros_like(mask)
    cv2.circle(bulge, (int(at[0]), int(at[1])), 22, 1.0, -1)
    got = back_outline(rgb, np.maximum(mask, 0.7 * cv2.GaussianBlur(bulge, (0, 0), 5)), xy)
    off = (outward_of(got, xy) - back())[TRUNK] * trunk_frame(xy).length * 720

    assert np.mean(np.abs(off) < 2) > 0.9


def test_anothers_dark_elbow_behind_a_dark_back_does_not_move_the_edge():
    """The mask is sure of it, and it hardly differs from the top: only the faint edge before it is the back's."""
    rgb, mask, xy = drawn(shade=(25, 24, 24), wall=(70, 60, 50), noise=0.6)
    frame = trunk_frame(xy)
    person_ends, elbow = mask > 0.5, np.zeros_like(mask)
    x, y = (frame.place(np.array(0.42), np.array(0.2)) * 720).astype(int)
    cv2.ellipse(elbow, (int(x), int(y)), (18, 24), 0, 0, 360, 1.0, -1)
    rgb[(elbow > 0) & ~person_ends] = (32, 31, 34)
    rgb = cv2.GaussianBlur(rgb, (0, 0), 0.8)
    got = back_outline(rgb, np.maximum(mask, cv2.GaussianBlur(elbow, (0, 0), 1)), xy)
    off = (outward_of(got, xy) - back())[TRUNK]

    assert np.mean(np.abs(off) < 0.02) > 0.9


def test_a_forearm_on_the_back_is_marked():
    rgb, mask, xy = drawn()
    frame = trunk_frame(xy)
    xy[[13, 14]], xy[[15, 16]] = frame.place(np.array(0.55), np.array(0.24)), frame.place(np.array(0.15), np.array(0.26))
    xy[19:23] = xy[15]
    for canvas, value in ((rgb, (190, 150, 130)), (mask, 1.0)):
        ends = [tuple(int(v) for v in xy[k] * 720) for k in (13, 15)]
        cv2.line(canvas, ends[0], ends[1], value, int(0.15 * frame.length * 720))
    got = back_outline(rgb, mask, xy)

    assert "arm" in got.reasons
    assert lordosis(got, xy, SEEN).why is not None


def test_without_contrast_and_with_a_vague_mask_nothing_is_read():
    rgb, mask, xy = drawn(shade=(200, 200, 195))
    got = back_outline(rgb, cv2.GaussianBlur(mask, (0, 0), 15), xy)

    assert lordosis(got, xy, SEEN).why is not None


def test_rows_outside_the_picture_do_not_count():
    rgb, mask, xy = drawn()
    cut = int(trunk_frame(xy).place(np.array(0.5), np.array(0.2))[0] * 720)
    got = back_outline(rgb[:, :cut].copy(), mask[:, :cut].copy(), xy)

    assert "out_of_frame" in got.reasons


def test_an_empty_mask_gives_no_row():
    rgb, mask, xy = drawn()
    got = back_outline(rgb, np.zeros_like(mask), xy)

    assert not got.valid.any()
    assert lordosis(got, xy, SEEN).why is not None


@examples(4)
@given(st.floats(-0.02, 0.05))
def test_a_mirrored_picture_gives_the_same_outline(hollow):
    rgb, mask, xy = drawn(hollow)
    there = np.array([rgb.shape[1] / 720, 0]) + np.array([-1, 1]) * xy
    a = outward_of(back_outline(rgb, mask, xy), xy)
    b = outward_of(back_outline(rgb[:, ::-1].copy(), mask[:, ::-1].copy(), there[SWAP]), there[SWAP])

    assert np.abs(a - b)[TRUNK].max() < 0.01


@pytest.mark.parametrize(("smeared_px", "noise", "read"), [(0, 2.0, True), (2, 2.0, True), (5, 2.0, False), (0, 45.0, False)])
def test_a_smeared_or_noisy_edge_is_refused_not_guessed(smeared_px, noise, read):
    rgb, mask, xy = drawn(noise=0.0)
    rgb = cv2.GaussianBlur(rgb, (0, 0), smeared_px) if smeared_px else rgb
    rgb = np.clip(rgb + np.random.default_rng(0).normal(0, noise, rgb.shape), 0, 255).astype(np.uint8)
    got = back_outline(rgb, mask, xy)

    assert got.valid.any() == read
    assert read or set(got.reasons) == {"edge"}


def test_a_person_who_goes_on_above_a_head_inside_the_picture_is_out_of_frame():
    """The networks squeeze a headless body into the picture, and its curve with it."""
    rgb, mask, xy = drawn()
    mask[:4, 540:600] = 1.0
    got = back_outline(rgb, mask, xy)

    assert set(got.reasons) == {"out_of_frame"}
    assert lordosis(got, xy, SEEN).why == "back_hidden_out_of_frame"
