"""Parts of pictures and silhouettes that belong to a body."""

import numpy as np
from numpy.typing import NDArray

from monitor.adapters.vision.landmarker.light import EVERY
from monitor.core.body.landmarks import LANDMARKS, Floats
from monitor.core.body.plausibility import surroundings
from monitor.core.body.pose import Pose

# The silhouette is a likelihood per pixel.
ON_BODY = 0.5
# A body that is too far away is painted over up to this margin (body sizes), so that a user is found.
AROUND_FAR = 0.5

_Pixels = NDArray[np.uint8]


def without(rgb: _Pixels, body: Pose) -> _Pixels:
    """The picture with the surroundings of a body in its mean colour."""
    rest = rgb.copy()
    rest[surroundings(body, body.in_frame(), AROUND_FAR, len(rgb))] = rgb[::EVERY, ::EVERY].mean((0, 1)).astype(np.uint8)
    return rest


def on_body(silhouette: Floats, marks: Floats) -> NDArray[np.bool_]:
    """Which landmarks (33, 2; shares of the picture) lie inside the picture and on the silhouette, (33,)."""
    height, width = silhouette.shape
    column, row = np.floor(marks * (width, height)).astype(int).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    found = np.zeros(LANDMARKS, dtype=bool)
    found[inside] = silhouette[row[inside], column[inside]] > ON_BODY
    return found
