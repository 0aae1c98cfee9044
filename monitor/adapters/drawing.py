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
    scale = min(out.shape[0] / 900, out.shape[1] / 1200)
    step, edge, thick = round(34 * scale), max(1, round(2 * scale)), max(1, round(1.4 * scale))
    # An outline of the same letters moved about: a thicker stroke is another font in OpenCV 5, with other widths.
    layers = [(x, y, _OUTLINE) for x in (-edge, 0, edge) for y in (-edge, 0, edge)] + [(0, 0, _TEXT)]
    for i, line in enumerate(lines):
        left, base = round(16 * scale), round(34 * scale) + i * step
        for x, y, colour in layers:
            cv2.putText(out, line, (left + x, base + y), cv2.FONT_HERSHEY_SIMPLEX, 0.9 * scale, colour, thick, cv2.LINE_AA)
    return out


def save(path: Path, rgb: Picture) -> None:
    """Write a picture file by its suffix, as .jpg where OpenCV cannot write such a one.  Raises DiskFull."""
    path = path if cv2.haveImageWriter(path.name) else path.with_name(f"{path.name}.jpg")
    _, data = cv2.imencode(path.suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise DiskFull(f"cannot write {path} ({error.strerror}); choose another --annotate folder") from error
