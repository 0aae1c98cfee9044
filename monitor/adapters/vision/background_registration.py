"""Registration of the background by its corners (ORB): its features, and the similarity between two of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Pose, Registration
from monitor.core.camera.registration import BackgroundFeatures
from monitor.ports import Frame

# Image height (rows) for feature detection: enough for furniture, too few for the noise of a webcam.
HEIGHT = 360
# Corners detected, and kept in each of 6 x 8 fields, so that a bookshelf does not dominate the rest of the room.
FOUND, FIELDS, PER_FIELD = 2000, (6, 8), 8
# Hair and clothes reach beyond the landmarks by about this much of a body size.
MARGIN = 0.35
# The best match must be better than the second best (Lowe 2004), and lie within 4 of 360 rows of the common similarity.
BEST_SHARE, WITHIN = 0.8, 4 / HEIGHT
# A similarity has four unknowns.
LEAST = 4


def remember(frame: Frame, pose: Pose | None) -> BackgroundFeatures:
    """The background features of a picture, without the person."""
    cv2 = _opencv()
    scale = HEIGHT / frame.rgb.shape[0]
    grey = cv2.resize(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    orb = cv2.ORB_create(FOUND, fastThreshold=7)
    marks = _spread(orb.detect(grey, _without(pose, grey.shape)), grey.shape)
    marks, codes = orb.compute(grey, marks)
    if not marks:
        return BackgroundFeatures(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    points = np.array([mark.pt for mark in marks], np.float32) / np.float32(HEIGHT)
    return BackgroundFeatures(points.astype(np.float32), np.asarray(codes, np.uint8))


def compare(before: BackgroundFeatures, now: BackgroundFeatures) -> Registration:
    """The similarity from the stored background features to the present ones."""
    cv2 = _opencv()
    features = min(len(before.points), len(now.points))
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(before.codes, now.codes, k=2) if features >= LEAST else []
    good = [best for best, *rest in pairs if not rest or best.distance < BEST_SHARE * rest[0].distance]
    if len(good) < LEAST:
        return Registration(0.0, 0.0, 1.0, 0.0, 0, features)
    old = before.points[[m.queryIdx for m in good]]
    new = now.points[[m.trainIdx for m in good]]
    matrix, inliers = cv2.estimateAffinePartial2D(old, new, method=cv2.RANSAC, ransacReprojThreshold=WITHIN)
    if matrix is None:
        return Registration(0.0, 0.0, 1.0, 0.0, 0, features)
    return _shift(matrix, old[inliers.ravel() == 1], int(inliers.sum()), features)


def _shift(matrix: NDArray[np.float64], points: NDArray[np.float32], agreeing: int, features: int) -> Registration:
    # The shift at the centroid of the inliers, where scale and roll have no effect.
    centre = points.mean(axis=0)
    dx, dy = matrix[:, :2] @ centre + matrix[:, 2] - centre
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    roll = float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
    return Registration(round(float(dx), 4), round(float(dy), 4), round(scale, 4), round(roll, 2), agreeing, features)


def _without(pose: Pose | None, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = np.full(shape, 255, np.uint8)
    points = pose.xy[pose.in_frame()] if pose is not None else np.zeros((0, 2))
    if pose is None or not len(points):
        return mask
    margin = MARGIN * body_size(pose)
    (x0, y0), (x1, y1) = (np.array([points.min(axis=0) - margin, points.max(axis=0) + margin]) * HEIGHT).clip(0).astype(int)
    mask[y0:y1, x0:x1] = 0
    return mask


def _spread(marks: Any, shape: tuple[int, ...]) -> list[Any]:
    """The strongest corners of every field."""
    fields: dict[tuple[int, int], list[Any]] = {}
    for mark in sorted(marks, key=lambda m: -m.response):
        field = (int(mark.pt[1] * FIELDS[0] / shape[0]), int(mark.pt[0] * FIELDS[1] / shape[1]))
        fields.setdefault(field, []).append(mark)
    return [mark for field in fields.values() for mark in field[:PER_FIELD]]


def _opencv() -> Any:
    import cv2

    return cv2
