"""Whether what looks like a person lives, and whether a place in which nobody is found is empty.

A photograph on the wall, a coat and a sofa pass for people, with full confidence and for ever; but they never move against their
background, and everybody who breathes does within a second or two.  So a body is believed once it has moved, and doubted again
when it has not moved for a minute; what does not move at all is furniture.  The other way round, a place in which nobody is found
is called empty where the background is seen again or nothing moves; while something moves in it, somebody may be there.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.body.plausibility import ALONE_AFTER_S, body_size
from monitor.core.body.pose import Observation
from monitor.core.camera.user_tracking import JITTER_SIZES, SIZES_PER_S, apart

# In 22 clips of people who keep as still as they can, 2 % of the body's surface had changed after 0.2 to 0.6 s, of a photograph
# nothing at all; a camera that shakes changes the background as well.
MOVED_SHARE, STILL_SHARE, CALM_SHARE = 0.02, 0.01, 0.05
# While the background changes as well (somebody walks by, the camera shakes) neither is told; who changes with it for longer than
# this is believed (s).
TUMULT_S = 4.0
# Between two pictures a body goes no further than within half a second, and does not grow by half; one that was lost in between
# is the same only where it was.  Whoever leaves beside a photograph does not lend it their life.
LONGEST_STEP_S, GROWTH, SAME_SIZE = 0.5, 1.5, 1.25
# A jump of the light or of the landmarks may look like a movement once.
CONFIRMED_BY = 2
# Unmoved for this long and in so many looks: furniture.  Whoever has been seen to move may rest longer, asleep even [E].
FURNITURE_AFTER_S, RESTED_AFTER_S, LEAST_LOOKS = 5.0, 30.0, 4
# A place in which something moved this short a time ago is not known to be empty (s); nor one in which a body was found that
# cannot be judged.
HOLD_S, HOLD_DOUBT_S = 1.0, 5.0
# Whoever was lost by the pose model and looks as before is still there.
SAME_LOOK_SHARE = 0.15
# The background is back where less than this share of what is known of it differs, if enough of it is known.
BACK_SHARE, KNOWN_SHARE = 0.05, 0.8
# Changes of a smaller share of every part of the place are noise.
STIR_SHARE = 0.1


class Life(StrEnum):
    """What is known of a body that was found."""

    UNKNOWN = "unknown"
    LIVING = "living"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Change:
    """Which share (0 to 1) of the body's surface, and of its background, has changed since it was last seen to move."""

    body: float
    background: float

    @property
    def moved(self) -> bool:
        """Whether the body has moved against a background that is calm."""
        return self.body >= MOVED_SHARE and self.calm and self.body > self.background

    @property
    def calm(self) -> bool:
        """Whether the background has hardly changed."""
        return self.background < CALM_SHARE


def same_body(before: Observation, after: Observation, *, lost: bool) -> bool:
    """Whether two observations show one body; ``lost`` if there was none for some pictures between them."""
    if before.pose is None or after.pose is None:
        return False
    small, large = sorted((body_size(before.pose), body_size(after.pose)))
    step_s = 0.0 if lost else min(after.t - before.t, LONGEST_STEP_S)
    near = apart(before.pose, after.pose) <= JITTER_SIZES + SIZES_PER_S * step_s
    return near and large < (SAME_SIZE if lost else GROWTH) * small


class ProofOfLife:
    """Remembers for one body how often and when it was last seen to move; ``last_t`` (s) is when it was not there yet."""

    def __init__(self, last_t: float | None = None) -> None:
        self._last_t = last_t
        self._moves = self._still_looks = 0
        self._still_s = self._tumult_s = 0.0

    def update(self, t: float, change: Change | None) -> Life:
        """What is known of the body at ``t`` (s); ``change`` None in the first picture of all."""
        passed_s = t - self._last_t if self._last_t is not None else 0.0
        self._last_t = t
        if change is not None:
            self._take_in(change, passed_s)
        living = self._moves >= CONFIRMED_BY or self._tumult_s >= TUMULT_S
        if self._still_looks >= LEAST_LOOKS and self._still_s >= (RESTED_AFTER_S if living else FURNITURE_AFTER_S):
            return Life.FURNITURE
        return Life.LIVING if living else Life.UNKNOWN

    def _take_in(self, change: Change, passed_s: float) -> None:
        if change.moved:
            # In pictures far apart it is no jump.
            self._moves += CONFIRMED_BY if passed_s > ALONE_AFTER_S else 1
            self._still_looks, self._still_s = 0, 0.0
        elif change.body < STILL_SHARE:
            self._still_looks, self._still_s = self._still_looks + 1, self._still_s + passed_s
        elif not change.calm:
            self._tumult_s += passed_s


@dataclass(frozen=True, slots=True)
class PlaceLook:
    """A look at the user's place, in shares of it.

    What stirs, where it stirs most; what is foreign to the background; what is known of that; what differs from the user's look.

    Before anybody was seen the place is the whole picture, of which no background is known and from which everything differs.
    """

    stirs: float
    foreign: float
    known: float
    differs: float


class EmptyPlace:
    """Remembers when something last moved in the user's place, and when the user was last seen there."""

    def __init__(self) -> None:
        self._stirred = self._lived = -math.inf

    def lived_in(self, t: float) -> None:
        """The user is seen there at ``t`` (s)."""
        self._lived = t

    def is_empty(self, t: float, look: PlaceLook, *, doubt: bool) -> bool:
        """Whether the place may be called empty at ``t`` (s); with ``doubt`` a body was found that cannot be judged."""
        if look.stirs >= STIR_SHARE:
            self._stirred = t
        if look.differs < SAME_LOOK_SHARE and t - self._lived < RESTED_AFTER_S:
            return False
        if look.known >= KNOWN_SHARE and look.foreign < BACK_SHARE and not doubt:
            return True
        return t - self._stirred >= (HOLD_DOUBT_S if doubt else HOLD_S)
