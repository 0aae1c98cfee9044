"""Whether the person in the picture is the one who was there before.  No face is looked at: only place, size and continuity.

The pose model follows a single body and may leap to another one that comes into view.  Nobody leaps; so whoever does is somebody
else, until the place of the user has been looked at again.
"""

import math

from monitor.core.plausibility import body_size, same_body
from monitor.core.pose import Observation

# A person across the room is less than half as large as at the desk; leaning in or back changes a size by a quarter [E].
ALIKE = 1.67
# Somebody of the user's size who has been at it for this long while the user's place is empty is the user [E].
SETTLED_S = 20.0
# Out of sight for longer, a place says little and the size must agree; nobody there for this long has left [E].
GLANCE_S, GONE_AFTER_S = 1.0, 2.0
# The usual size follows a new chair or a new person within some minutes, and no single reach or twist.
_USUAL_S, _STEP_S = 120.0, 5.0


class Acquaintance:
    """Remembers the user's last pose and usual size, and the stranger who is in the picture, if any."""

    def __init__(self) -> None:
        self.last: Observation | None = None
        self._gone = False
        self._size = math.nan
        self._stranger: Observation | None = None
        self._stranger_since = math.inf

    def recognises(self, seen: Observation) -> bool:
        """Whether ``seen`` is the user, or shows no body at all; a stranger is remembered as one."""
        if seen.pose is None:
            self._gone = self._gone or (seen.nobody and self._unseen_s(seen.t) >= GONE_AFTER_S)
            self._stranger = None
            return True
        if self._is_user(seen):
            self._meet(seen)
            return True
        if self._stranger is None or not same_body(self._stranger, seen):
            self._stranger_since = seen.t
        self._stranger = seen
        return False

    def stays(self, t: float) -> None:
        """Nothing has changed up to ``t`` (s): the user is where the last pose was."""
        if self.last is not None and not self._gone:
            self.last = Observation(t, self.last.pose)

    def left(self) -> None:
        """The user's place was looked at and is empty; the stranger stays one."""
        self._gone = True

    def _is_user(self, seen: Observation) -> bool:
        if self.last is None:
            return True
        if not self._gone and same_body(self.last, seen):
            return self._unseen_s(seen.t) <= GLANCE_S or self._alike(seen)
        if not self._gone or not self._alike(seen):
            return False
        followed = self._stranger is not None and same_body(self._stranger, seen)
        return not followed or same_body(self._back_at(seen.t), seen) or seen.t - self._stranger_since >= SETTLED_S

    def _unseen_s(self, t: float) -> float:
        return t - self.last.t if self.last else 0.0

    def _back_at(self, t: float) -> Observation:
        """The user's last pose as if it were of now: whoever is there has taken the place."""
        assert self.last is not None  # noqa: S101  # asked only once there was one
        return Observation(t, self.last.pose)

    def _alike(self, seen: Observation) -> bool:
        assert seen.pose is not None  # noqa: S101
        return math.isnan(self._size) or 1 / ALIKE <= body_size(seen.pose) / self._size <= ALIKE

    def _meet(self, seen: Observation) -> None:
        assert seen.pose is not None  # noqa: S101
        size = body_size(seen.pose)
        usual = size if math.isnan(self._size) else self._size
        self._size = usual + (size - usual) * (1 - math.exp(-min(self._unseen_s(seen.t), _STEP_S) / _USUAL_S))
        self.last, self._gone, self._stranger = seen, False, None
