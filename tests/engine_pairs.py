"""Two ways to run the pose networks, held against each other on the same pictures."""

from dataclasses import dataclass

import cv2
import numpy as np

from monitor.core.body.landmarks import L


@dataclass(frozen=True)
class Differences:
    """Pictures in which both see somebody, or nobody; then, per picture with a person: landmarks apart (n, 33; trunk lengths),
    visibility apart (n, 33), and the overlap of the silhouettes (n,)."""

    count: int
    same: int
    landmarks: np.ndarray
    visibility: np.ndarray
    silhouettes: np.ndarray


def pictures(path, hz=None):
    """Times (s) and RGB pictures of a clip, ``hz`` a second at most."""
    clip = cv2.VideoCapture(str(path))
    fps = clip.get(cv2.CAP_PROP_FPS)
    step = max(1, round(fps / hz)) if hz else 1
    index = 0
    while (got := clip.read())[0]:
        if index % step == 0:
            yield index / fps, np.ascontiguousarray(got[1][..., ::-1])
        index += 1


def sampled(path, count):
    """So many pictures of a clip, evenly spread."""
    frames = int(cv2.VideoCapture(str(path)).get(cv2.CAP_PROP_FRAME_COUNT))
    chosen = set(np.linspace(0, frames - 1, count).astype(int))
    return [frame for n, frame in enumerate(pictures(path)) if n in chosen]


def differences(one, other, frames):
    """What is apart between two PoseModels on these frames (t, rgb)."""
    count, same, rows = 0, 0, []
    for t, rgb in frames:
        a, b = (model.detect(rgb, round(1000 * t) + 1) for model in (one, other))
        count, same = count + 1, same + (bool(a) == bool(b))
        if a and b:
            rows.append(_apart(a[0], b[0], rgb.shape))
    return Differences(count, same, *(np.array(column) for column in zip(*rows, strict=True)))


def _apart(a, b, shape):
    size = (shape[1], shape[0])
    trunk = a.marks[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER], :2].mean(0) - a.marks[[L.LEFT_HIP, L.RIGHT_HIP], :2].mean(0)
    landmarks = np.linalg.norm((a.marks - b.marks)[:, :2] * size, axis=1) / np.linalg.norm(trunk * size)
    body = [one.silhouette > 0.5 for one in (a, b)]
    overlap = np.logical_and(*body).sum() / max(1, np.logical_or(*body).sum())
    return landmarks, np.abs(a.marks - b.marks)[:, 3], overlap
