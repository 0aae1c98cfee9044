"""Liveness: whether a detected body is a live person, and whether a place without a detection is empty.

Photographs on the wall, coats and sofas are detected as people, permanently and with full confidence; but they never move
relative to their background, while a breathing person does within a second or two.  So a body is accepted once it has moved, and
no longer when it has not moved for a minute; a body that never moves is static (furniture).  Conversely, a place without a
detection is empty if the background is visible again or nothing moves; while something moves in it, a person may be there.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.body.plausibility import ALONE_AFTER_S, body_size
from monitor.core.body.pose import Observation
from monitor.core.camera.user_tracking import JITTER_SIZES, SIZES_PER_S, apart

# In 22 clips of people sitting as still as possible, 2 % of the body's area had changed after 0.2 to 0.6 s, in a photograph
# nothing; a shaking camera changes the background as well.
MOVED_SHARE, STILL_SHARE, CALM_SHARE = 0.02, 0.01, 0.05
# A change of nearly all of head and shoulders is another picture, such as the next one of a film: bodies at desks stay below
# 0.75 in three of four pictures in which they move, and coloured fields that pan on a screen are above 0.83.
CUT_SHARE = 0.8
# While the background changes as well (a passer-by, a shaking camera) there is no evidence; a body that changes with it for
# longer than this (s) is accepted.
UNSETTLED_S = 4.0
# Between two pictures a body moves no farther than in half a second, and does not grow by half; after a loss it is the same only
# at the same place.  So a person who leaves next to a photograph does not make it live.
LONGEST_STEP_S, GROWTH, SAME_SIZE = 0.5, 1.5, 1.25
# A single change of light or landmark jump may look like a movement.
CONFIRMED_BY = 2
# Static after this time (s) and this many frames without movement; longer for a body that has moved before, which may sleep [E].
STATIC_AFTER_S, RESTED_AFTER_S, LEAST_FRAMES = 5.0, 30.0, 4
# A place is not empty within this time (s) after a movement; longer after a detection that cannot be judged.
HOLD_S, HOLD_DOUBT_S = 1.0, 5.0
# A person lost by the pose model is still there if the place looks the same (share of changed area below this).
UNCHANGED_SHARE = 0.15
# The background is visible again if less than this share of its known part differs, and enough of it is known.
BACK_SHARE, KNOWN_SHARE = 0.05, 0.8
# Smaller changes (share of every part of the place) are noise.
MOVING_SHARE = 0.1


class Liveness(StrEnum):
    """The liveness of a detected body."""

    UNKNOWN = "unknown"
    LIVE = "live"
    STATIC = "static"


@dataclass(frozen=True, slots=True)
class Change:
    """The shares (0 to 1) of head and shoulders (``body``), and of the background, that have changed since the last movement."""

    body: float
    background: float

    @property
    def moved(self) -> bool:
        """Whether the body has moved while the background was calm."""
        return MOVED_SHARE <= self.body < CUT_SHARE and self.calm and self.body > self.background

    @property
    def calm(self) -> bool:
        """Whether the background has hardly changed."""
        return self.background < CALM_SHARE


def same_body(before: Observation, after: Observation, *, lost: bool) -> bool:
    """Whether two observations are of the same body; ``lost`` if it was not detected in some pictures between them."""
    if before.pose is None or after.pose is None:
        return False
    small, large = sorted((body_size(before.pose), body_size(after.pose)))
    step_s = 0.0 if lost else min(after.t - before.t, LONGEST_STEP_S)
    near = apart(before.pose, after.pose) <= JITTER_SIZES + SIZES_PER_S * step_s
    return near and large < (SAME_SIZE if lost else GROWTH) * small


class LivenessEvidence:
    """Collects the movements of one body; ``last_t`` (s) is the last time at which it was not there yet."""

    def __init__(self, last_t: float | None = None) -> None:
        self._last_t = last_t
        self._moves = self._still_frames = 0
        self._still_s = self._unsettled_s = 0.0

    def update(self, t: float, change: Change | None) -> Liveness:
        """The liveness of the body at ``t`` (s); ``change`` is None in the first picture."""
        passed_s = t - self._last_t if self._last_t is not None else 0.0
        self._last_t = t
        if change is not None:
            self._count(change, passed_s)
        live = self.was_live
        if self._still_frames >= LEAST_FRAMES and self._still_s >= (RESTED_AFTER_S if live else STATIC_AFTER_S):
            return Liveness.STATIC
        return Liveness.LIVE if live else Liveness.UNKNOWN

    @property
    def was_live(self) -> bool:
        """Whether the body has ever been seen to live."""
        return self._moves >= CONFIRMED_BY or self._unsettled_s >= UNSETTLED_S

    def _count(self, change: Change, passed_s: float) -> None:
        if change.moved:
            # In pictures far apart it is not a landmark jump.
            self._moves += CONFIRMED_BY if passed_s > ALONE_AFTER_S else 1
            self._still_frames, self._still_s = 0, 0.0
        elif change.body < STILL_SHARE:
            self._still_frames, self._still_s = self._still_frames + 1, self._still_s + passed_s
        elif not change.calm and change.body < CUT_SHARE:
            self._unsettled_s += min(passed_s, LONGEST_STEP_S)  # a time without the body is no evidence


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """The change in the user's place, as shares (0 to 1) of its area.

    ``moving`` is the largest share over its parts that moves; ``foreign`` differs from the background, of which the share
    ``known`` is known; ``differs`` is the difference from the last picture of the user.  Before the first live person the place
    is the whole picture, with ``known`` 0 and ``differs`` 1.
    """

    moving: float
    foreign: float
    known: float
    differs: float


class VacancyCheck:
    """Remembers the last movement in the user's place, and when the user was last detected there."""

    def __init__(self) -> None:
        self._moved_at = self._occupied_at = -math.inf

    def occupied(self, t: float) -> None:
        """Take in that the user is there at ``t`` (s)."""
        self._occupied_at = t

    def is_empty(self, t: float, place: PlaceChange, *, doubt: bool) -> bool:
        """Whether the place is empty at ``t`` (s); ``doubt``: a body was detected that cannot be judged."""
        if place.moving >= MOVING_SHARE:
            self._moved_at = t
        if place.differs < UNCHANGED_SHARE and t - self._occupied_at < RESTED_AFTER_S:
            return False
        if place.known >= KNOWN_SHARE and place.foreign < BACK_SHARE and not doubt:
            return True
        return t - self._moved_at >= (HOLD_DOUBT_S if doubt else HOLD_S)
