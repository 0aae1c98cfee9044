"""Whether the person in the picture is the user: by position, size and continuity, without face recognition.

The pose model follows a single body and may jump to another one, for example to somebody who walks past the user.  A jump faster
than 1.5 body sizes per second is treated as another person, until that person has stayed while the user's own place was empty.
"""

import math

from monitor.core.body.geometry import distance, shoulder_middle
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Observation, Pose

# Standing up is the fastest movement at a desk: half a metre, a body size, in 0.7 s; plus a third of a body size for jitter [E].
JITTER_SIZES, SIZES_PER_S = 0.3, 1.5
# A step towards the camera does not double the size between two frames.
GROWTH = 2.0
# A person across the room is less than half as large as at the desk; leaning in or back changes a size by a quarter [E].
ALIKE = 1.67
# A body of less than this share of the calibrated size is twice as far away as the user's place.
FAR = 0.5
# After a longer time out of sight (s) the position says little and the size must agree; after this time (s) without anybody the
# user has left [E].
GLANCE_S, GONE_AFTER_S = 1.0, 2.0
# A person of the user's size who has stayed this long (s) while the user's place was empty is the user: walking past a desk takes
# less [E].
SETTLED_S = 6.0
# Who rises is within a body size of the seat and stands still there; nobody walks past a desk so [E].
NEAR, STOPPED_S = 1.0, 2.0
# Time constant (s) of the usual size: it follows a new chair or a new user within minutes, and ignores a single reach or twist.
_USUAL_S, _STEP_S = 120.0, 5.0


class UserTracker:
    """Remembers the user's last pose and usual size, and another person in the picture, if there is one.

    ``shoulder_width`` (picture heights) tells who is too far away to be the user at first sight; NaN if unknown.
    """

    def __init__(self, shoulder_width: float = math.nan) -> None:
        self._shoulder_width = shoulder_width
        self.last: Observation | None = None
        self._has_left = False
        self._size = math.nan
        self._other: Observation | None = None
        self._other_since = math.inf
        self._stopped: tuple[float, Pose] | None = None  # since when, and where, the other person has been in one spot

    def recognises(self, obs: Observation, *, user_elsewhere: bool = False) -> bool:
        """Whether ``obs`` is the user or shows no body; ``user_elsewhere`` if the user is known to be somewhere else."""
        if obs.pose is None:
            self._has_left = self._has_left or (obs.nobody and self._unseen_s(obs.t) >= GONE_AFTER_S)
            if self._other and obs.t - self._other.t > GONE_AFTER_S:
                self._other = None
            return True
        if not user_elsewhere and self._is_user(obs, obs.pose):
            self._update(obs, obs.pose)
            return True
        if user_elsewhere or not _continuous(self._other, obs):
            self._other_since, self._stopped = obs.t, None
        if self._stopped is None or apart(self._stopped[1], obs.pose) > JITTER_SIZES:
            self._stopped = obs.t, obs.pose
        self._other = obs
        return False

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s): the user is where the last pose was."""
        if self.last is not None and not self._has_left and self._other is None:
            self.last = Observation(t, self.last.pose)

    def left(self) -> None:
        """Take in that the user's place was checked and is empty; the other person is not the user yet."""
        self._has_left = True

    def becomes(self, obs: Observation) -> None:
        """Take in that the person of ``obs`` is the user, whoever was before."""
        if obs.pose is not None:
            self._size = math.nan
            self._update(obs, obs.pose)

    def _is_user(self, obs: Observation, pose: Pose) -> bool:
        if self.last is None or self.last.pose is None:
            return not body_size(pose) < FAR * self._shoulder_width
        if _continuous(self._other, obs):
            away = apart(self.last.pose, pose)
            stopped = self._stopped is not None and obs.t - self._stopped[0] >= STOPPED_S
            settled = obs.t - self._other_since >= SETTLED_S
            return self._alike(pose) and (away <= JITTER_SIZES or (stopped and away <= NEAR) or settled)
        if self._has_left:
            return self._alike(pose)
        return _continuous(self.last, obs) and (self._unseen_s(obs.t) <= GLANCE_S or self._alike(pose))

    def _unseen_s(self, t: float) -> float:
        return t - self.last.t if self.last else 0.0

    def _alike(self, pose: Pose) -> bool:
        return math.isnan(self._size) or 1 / ALIKE <= body_size(pose) / self._size <= ALIKE

    def _update(self, obs: Observation, pose: Pose) -> None:
        size = body_size(pose)
        usual = size if math.isnan(self._size) else self._size
        self._size = usual + (size - usual) * (1 - math.exp(-min(self._unseen_s(obs.t), _STEP_S) / _USUAL_S))
        self.last, self._has_left, self._other = obs, False, None


def apart(before: Pose, after: Pose) -> float:
    """The displacement of the shoulders, in sizes of the larger body."""
    moved = distance(shoulder_middle(before.xy), shoulder_middle(after.xy))
    return float(moved / max(body_size(before), body_size(after), 1e-6))


def _continuous(before: Observation | None, after: Observation) -> bool:
    if before is None or before.pose is None or after.pose is None:
        return False
    small, large = sorted((body_size(before.pose), body_size(after.pose)))
    return large < GROWTH * small and apart(before.pose, after.pose) <= JITTER_SIZES + SIZES_PER_S * (after.t - before.t)
