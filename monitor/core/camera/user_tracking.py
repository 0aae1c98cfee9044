"""Whether the person in the picture is the one who was there before.  No face is looked at: only place, size and continuity.

The pose model follows a single body and may leap to another one, or be led away by whoever walks before the user.  Nobody leaps;
so whoever does is somebody else, until they have stayed while the user's own place showed no user.
"""

import math

from monitor.core.body.geometry import distance, midpoint
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Observation, Pose

# Rising is the fastest that somebody at a desk moves: half a metre, a body size, in 0.7 s; and a third of one for jitter [E].
JITTER_SIZES, SIZES_PER_S = 0.3, 1.5
# A step nearer does not double a size within a look.
GROWTH = 2.0
# A person across the room is less than half as large as at the desk; leaning in or back changes a size by a quarter [E].
ALIKE = 1.67
# Out of sight for longer, a place says little and the size must agree; nobody there for this long has left [E].
GLANCE_S, GONE_AFTER_S = 1.0, 2.0
# Somebody of the user's size who has stayed for this long while the user's place is without the user is the user: to walk past a
# desk takes less [E].
SETTLED_S = 6.0
# The usual size follows a new chair or a new person within some minutes, and no single reach or twist.
_USUAL_S, _STEP_S = 120.0, 5.0


class UserTracker:
    """Remembers the user's last pose and usual size, and the stranger who is in the picture, if any."""

    def __init__(self) -> None:
        self.last: Observation | None = None
        self._gone = False
        self._size = math.nan
        self._stranger: Observation | None = None
        self._stranger_since = math.inf

    def recognises(self, seen: Observation, *, at_home: bool = False) -> bool:
        """Whether ``seen`` is the user, or shows no body; ``at_home`` if the user is known to be elsewhere than this body."""
        if seen.pose is None:
            self._gone = self._gone or (seen.nobody and self._unseen_s(seen.t) >= GONE_AFTER_S)
            if self._stranger and seen.t - self._stranger.t > GONE_AFTER_S:
                self._stranger = None
            return True
        if not at_home and self._is_user(seen, seen.pose):
            self._meet(seen, seen.pose)
            return True
        if at_home or not _continuous(self._stranger, seen):
            self._stranger_since = seen.t
        self._stranger = seen
        return False

    def stays(self, t: float) -> None:
        """Nothing has changed up to ``t`` (s): the user is where the last pose was."""
        if self.last is not None and not self._gone and self._stranger is None:
            self.last = Observation(t, self.last.pose)

    def left(self) -> None:
        """The user's place was looked at and is empty; the stranger stays one."""
        self._gone = True

    def _is_user(self, seen: Observation, pose: Pose) -> bool:
        if self.last is None or self.last.pose is None:
            return True
        if _continuous(self._stranger, seen):
            taken_place = apart(self.last.pose, pose) <= JITTER_SIZES
            return self._alike(pose) and (taken_place or seen.t - self._stranger_since >= SETTLED_S)
        if self._gone:
            return self._alike(pose)
        return _continuous(self.last, seen) and (self._unseen_s(seen.t) <= GLANCE_S or self._alike(pose))

    def _unseen_s(self, t: float) -> float:
        return t - self.last.t if self.last else 0.0

    def _alike(self, pose: Pose) -> bool:
        return math.isnan(self._size) or 1 / ALIKE <= body_size(pose) / self._size <= ALIKE

    def _meet(self, seen: Observation, pose: Pose) -> None:
        size = body_size(pose)
        usual = size if math.isnan(self._size) else self._size
        self._size = usual + (size - usual) * (1 - math.exp(-min(self._unseen_s(seen.t), _STEP_S) / _USUAL_S))
        self.last, self._gone, self._stranger = seen, False, None


def apart(before: Pose, after: Pose) -> float:
    """How far the shoulders went, in sizes of the larger body."""
    way = distance(_shoulders(before.xy), _shoulders(after.xy))
    return float(way / max(body_size(before), body_size(after), 1e-6))


def _continuous(before: Observation | None, after: Observation) -> bool:
    if before is None or before.pose is None or after.pose is None:
        return False
    small, large = sorted((body_size(before.pose), body_size(after.pose)))
    return large < GROWTH * small and apart(before.pose, after.pose) <= JITTER_SIZES + SIZES_PER_S * (after.t - before.t)


def _shoulders(xy: Floats) -> Floats:
    return midpoint(xy[L.LEFT_SHOULDER], xy[L.RIGHT_SHOULDER])
