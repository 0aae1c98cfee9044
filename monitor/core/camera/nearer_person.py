"""When to look for a nearer person than the one who is followed, and when that one is the user instead.

A stream follows whoever it found first, such as a child in the background, also after the user has sat down before the camera.
So while the followed body is small, the picture is searched again without it, a few times a minute.
"""

import math

from monitor.core.body.plausibility import ALONE_AFTER_S, body_size, same_body
from monitor.core.body.pose import Pose
from monitor.core.camera.user_tracking import ALIKE

# Shoulders before a webcam are 0.3 to 0.6 picture heights wide, a trunk seen from the side across a room 0.25 long [E].
SMALL = 0.2
# Pauses (s) between two searches: the shortest, also after somebody was found, and the longest; doubled after each one in vain.
SOON_S, LATE_S = 5.0, 30.0
# An adult at the same distance as a child is 1.4 times as large [E].
NEARER = 1.4


class NearerPerson:
    """Remembers the last search and whom it found.

    ``shoulder_width`` is the user's in the calibration (picture heights), NaN if unknown.
    """

    def __init__(self, shoulder_width: float = math.nan) -> None:
        self._small = SMALL if math.isnan(shoulder_width) else shoulder_width / ALIKE
        self._found: Pose | None = None
        self._pause_s, self._searched_t, self._last_t = SOON_S, -math.inf, -math.inf
        self._small_since = math.inf

    def due(self, t: float, followed: Pose) -> bool:
        """Whether to search at ``t`` (s); never in pictures far apart, in which little changes."""
        isolated, self._last_t = t - self._last_t > ALONE_AFTER_S, t
        # Somebody who walks by in front hides a part of the user, who is small for a moment.
        self._small_since = min(self._small_since, t) if body_size(followed) < self._small and not isolated else math.inf
        return t - self._small_since >= SOON_S and t - self._searched_t >= self._pause_s

    def takes_over(self, t: float, followed: Pose, other: Pose | None) -> bool:
        """Whether ``other``, found at ``t`` (s), is the user: clearly larger, and at the same place in two searches running."""
        before, self._searched_t = self._found, t
        self._found = other if other is not None and body_size(other) >= NEARER * body_size(followed) else None
        self._pause_s = SOON_S if self._found else min(2 * self._pause_s, LATE_S)
        stays = before is not None and self._found is not None and same_body(before, self._found)
        if stays:
            self._found = None
        return stays
