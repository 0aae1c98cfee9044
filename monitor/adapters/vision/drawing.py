"""Draws an observation onto a picture: visible landmarks, the outline of the back, and a few lines of text."""

import os
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.core.back.lumbar import Lumbar
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.outline import FREE, BackOutline, curve, trunk_frame
from monitor.core.body.pose import Pose
from monitor.core.errors import DiskFull

Picture = NDArray[np.uint8]

BONES: Sequence[tuple[L, L]] = (
    (L.LEFT_EAR, L.LEFT_SHOULDER),
    (L.RIGHT_EAR, L.RIGHT_SHOULDER),
    (L.LEFT_SHOULDER, L.RIGHT_SHOULDER),
    (L.LEFT_SHOULDER, L.LEFT_HIP),
    (L.RIGHT_SHOULDER, L.RIGHT_HIP),
    (L.LEFT_HIP, L.RIGHT_HIP),
    (L.LEFT_HIP, L.LEFT_KNEE),
    (L.RIGHT_HIP, L.RIGHT_KNEE),
    (L.LEFT_KNEE, L.LEFT_ANKLE),
    (L.RIGHT_KNEE, L.RIGHT_ANKLE),
)
# Valid rows as a line, invalid ones as dots, so that they differ without colours as well.
_FREE, _HIDDEN, _LEVEL = (40, 255, 190), (255, 150, 40), (255, 120, 230)
_TANGENT = 0.14  # how far a tangent is drawn to either side, trunk lengths
_BONE, _JOINT, _TEXT, _DARK = (90, 200, 250), (250, 220, 70), (255, 255, 255), (20, 20, 20)


def skeleton(rgb: Picture, pose: Pose) -> Picture:
    """The picture (H, W, 3) with the visible bones drawn on it; a new array."""
    out = rgb.copy()
    height = out.shape[0]
    thick = max(2, height // 180)
    points = np.round(pose.xy * height).astype(int).tolist()
    for a, b in BONES:
        if pose.seen[a] and pose.seen[b]:
            cv2.line(out, points[a], points[b], _BONE, thick, cv2.LINE_AA)
    for landmark in L:
        if pose.seen[landmark]:
            cv2.circle(out, points[landmark], thick + 1, _JOINT, -1, cv2.LINE_AA)
    return out


def back(rgb: Picture, pose: Pose, reading: Lumbar, text_of: Callable[[str], str]) -> Picture:
    """The picture with the back on it: its outline, the invalid rows and why, the levels, chord, depth and angle.

    ``text_of`` gives the words of a reason code.
    """
    out = rgb.copy()
    if pose.back is None:
        return out
    _outline(out, pose.back, pose, text_of)
    if reading.levels and reading.apex_point:
        low, high = np.array(reading.levels)
        apex, along = np.array(reading.apex_point), high - low
        foot = low + (apex - low) @ along / (along @ along) * along
        for a, b in ((low, high), (apex, foot), *_tangents(pose, (low, high))):
            _line(out, a, b, _LEVEL)
        _words(out, f"{reading.lordosis_deg:.0f} +- {reading.sd_deg:.0f} deg", (low + high) / 2, pose, _LEVEL)
    elif reading.why and not np.isnan(pose.back.points).any():
        _words(out, text_of(reading.why), pose.back.points[-1] - (0, _ABOVE), pose, _HIDDEN)
    return out


def _outline(out: Picture, outline: BackOutline, pose: Pose, text_of: Callable[[str], str]) -> None:
    rows = zip(outline.reasons, outline.points, strict=True)
    for why, run in groupby(rows, key=lambda row: row[0]):
        points = np.array([point for _, point in run])
        if np.isnan(points).any():
            continue
        if why == FREE:
            for a, b in pairwise(points):
                _line(out, a, b, _FREE)
            continue
        for point in points:
            cv2.circle(out, _pixel(out, point), max(1, out.shape[0] // 360), _HIDDEN, -1, cv2.LINE_AA)
        if len(points) > _SHORT_RUN:
            _words(out, text_of(why), points.mean(axis=0), pose, _HIDDEN)


_SHORT_RUN = 4  # fewer rows have no room for a word
_ABOVE = 0.05  # picture heights: clear of the text next to the rows


def _tangents(pose: Pose, levels: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
    """The ends of the back's tangents at the levels."""
    frame = trunk_frame(pose.xy)
    line = None if frame is None or pose.back is None else curve(pose.back, frame)
    if frame is None or line is None:
        return []
    slopes = np.radians(line.slope_deg(frame.coordinates(np.array(levels))[:, 0]))
    ways = [_TANGENT * (np.cos(slope) * frame.up + np.sin(slope) * frame.back) for slope in slopes]
    return [(at - way, at + way) for at, way in zip(levels, ways, strict=True)]


def _line(out: Picture, a: Floats, b: Floats, colour: Sequence[int]) -> None:
    cv2.line(out, _pixel(out, a), _pixel(out, b), tuple(colour), max(2, out.shape[0] // 360), cv2.LINE_AA)


def _pixel(out: Picture, point: Floats) -> tuple[int, int]:
    x, y = np.round(np.asarray(point) * out.shape[0]).astype(int).tolist()
    return x, y


def _words(out: Picture, text: str, beside: Floats, pose: Pose, colour: Sequence[int]) -> None:
    """The text next to a point of the back, on the side with space, inside the picture."""
    scale = out.shape[0] / 1000
    width, gap = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 2)[0][0], round(24 * scale)
    x, y = _pixel(out, beside)
    x = x - gap - width if pose.turn_deg >= 0 else x + gap
    _text(out, text, (min(max(x, 0), out.shape[1] - width), y), scale, colour)


def caption(rgb: Picture, lines: Sequence[str]) -> Picture:
    """The picture with lines of readable text in its upper left corner; a new array."""
    out = rgb.copy()
    scale = min(out.shape[0] / 900, out.shape[1] / 1200)
    step = round(34 * scale)
    for i, line in enumerate(lines):
        _text(out, line, (round(16 * scale), round(34 * scale) + i * step), 0.9 * scale, _TEXT)
    return out


def _text(out: Picture, text: str, place: tuple[int, int], scale: float, colour: Sequence[int]) -> None:
    # Drawn around itself in black: a thicker stroke is an outline in one version of OpenCV and another weight in the next.
    thick, around = max(1, round(1.4 * scale)), max(1, round(1.5 * scale))
    for dx, dy, shade in ((-around, 0, _DARK), (around, 0, _DARK), (0, -around, _DARK), (0, around, _DARK), (0, 0, colour)):
        cv2.putText(out, text, (place[0] + dx, place[1] + dy), cv2.FONT_HERSHEY_SIMPLEX, scale, tuple(shade), thick, cv2.LINE_AA)


def save(path: Path, rgb: Picture) -> None:
    """Write a picture file, readable by its owner only, by its suffix, as .jpg where OpenCV cannot write such a one.

    Raises DiskFull.
    """
    if not (path.suffix.isascii() and cv2.haveImageWriter(f"x{path.suffix}")):  # OpenCV crashes on a name that is not UTF-8
        path = path.with_name(f"{path.name}.jpg")
    _, data = cv2.imencode(path.suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data.tobytes())
    except OSError as error:
        raise DiskFull(f"cannot write {path} ({error.strerror}); choose another --annotate folder") from error
