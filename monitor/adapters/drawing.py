"""Draws what was seen onto a picture, for people: the landmarks that are believed, and a few lines of text."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.core.errors import DiskFull
from monitor.core.pose import L, Pose
from monitor.core.readings import MIN_VISIBILITY

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
_BONE, _JOINT, _TEXT, _OUTLINE = (90, 200, 250), (250, 220, 70), (255, 255, 255), (20, 20, 20)


def skeleton(rgb: Picture, pose: Pose) -> Picture:
    """The picture (H, W, 3) with the visible bones drawn on it; a new array."""
    out = rgb.copy()
    height = out.shape[0]
    thick = max(2, height // 180)
    points = np.round(pose.xy * height).astype(int).tolist()
    seen = (pose.visibility >= MIN_VISIBILITY) & pose.in_frame()
    for a, b in BONES:
        if seen[a] and seen[b]:
            cv2.line(out, points[a], points[b], _BONE, thick, cv2.LINE_AA)
    for landmark in L:
        if seen[landmark]:
            cv2.circle(out, points[landmark], thick + 1, _JOINT, -1, cv2.LINE_AA)
    return out


def caption(rgb: Picture, lines: Sequence[str]) -> Picture:
    """The picture with lines of readable text in its upper left corner; a new array."""
    out = rgb.copy()
    scale = out.shape[0] / 900
    step = round(34 * scale)
    for i, line in enumerate(lines):
        place = (round(16 * scale), round(34 * scale) + i * step)
        for colour, thick in ((_OUTLINE, 5.6), (_TEXT, 1.4)):
            width = max(1, round(thick * scale))
            cv2.putText(out, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.9 * scale, colour, width, cv2.LINE_AA)
    return out


def save(path: Path, rgb: Picture) -> None:
    """Write a picture file (by its suffix).  Raises DiskFull if it cannot be written."""
    good, data = cv2.imencode(path.suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    if not good:
        raise DiskFull(f"cannot encode {path}; choose a .png or .jpg name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise DiskFull(f"cannot write {path} ({error.strerror}); choose another --annotate folder") from error
