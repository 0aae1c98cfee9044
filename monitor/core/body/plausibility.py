"""Whether what the pose model reports is a person who can be measured.

The model reports bodies in empty rooms with full visibility: on the foot of a table, on a chair.  It also keeps reporting a whole
body while somebody walks out of the picture, and now and then fits one to a head alone.  So a detection is accepted only where
the proportions are human, where head and shoulders lie in the picture and on the silhouette of the same detection, and, after an
empty picture, where a second detection agrees.  Visibility is not used: it is 1.0 on table legs.

The limits separate about 2,000 pictures of people from 80 false detections ("ghosts"); each limit names the nearest of either.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.geometry import distance, hip_middle, midpoint, shoulder_middle
from monitor.core.body.landmarks import Floats, L
from monitor.core.body.orientation import turn_needed
from monitor.core.body.pose import Observation, Pose
from monitor.core.vocabulary import Reason

_HEAD_AND_SHOULDERS = [L.NOSE, L.LEFT_EAR, L.RIGHT_EAR, L.LEFT_SHOULDER, L.RIGHT_SHOULDER]
HALF_TURN = 180
_HEAD_AND_TRUNK = [*_HEAD_AND_SHOULDERS, L.LEFT_HIP, L.RIGHT_HIP]
# From the side the tip of the nose may fall just outside the silhouette: one of the five may miss.  Bodies half out of the
# picture keep three.
_ENOUGH = 4

# Pictures farther apart (s) than this are checked one by one: the person may be anywhere by then.
ALONE_AFTER_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class PlausibilityReport:
    """The model's raw detection in one picture.

    ``presence`` (33,) is the likelihood that a landmark is inside the picture; ``on_body`` (33,) whether it lies inside the
    picture and on the silhouette; ``mask_share`` the silhouette's part of the picture's area, 0 to 1; ``mask_height`` its
    extent from top to bottom, in picture heights.
    """

    pose: Pose
    presence: Floats
    on_body: NDArray[np.bool_]
    mask_share: float
    mask_height: float


def why_not_a_person(report: PlausibilityReport) -> str | None:
    """The reason to reject a detection, or None where it shows a person who can be measured.

    ``NOT_A_PERSON`` means that nobody is there; with every other reason somebody may be there.
    """
    return next((why for fails, why in CHECKS if fails(report)), None)


def is_too_far(report: PlausibilityReport) -> bool:
    """Whether a body is smaller than anyone who sits 0.4 to 2.5 m from a webcam: far away, or shown on a screen.

    For streams only: a photograph may be taken from farther away.
    """
    return body_size(report.pose) < LEAST_SIZE and report.mask_height < LEAST_HEIGHT


class FirstSighting:
    """Remembers an empty picture, so that a body after it is accepted only when the next picture shows it too.

    A stream loses one sample at an arrival; a sparse source (a time-lapse) loses none.
    """

    def __init__(self) -> None:
        self._last_t = -math.inf
        self._empty = False
        self._candidate: tuple[float, Pose] | None = None

    def consider(self, seen: Observation) -> Observation:
        """``seen`` if it is accepted after this picture, else an observation of nobody."""
        isolated = seen.t - self._last_t > ALONE_AFTER_S
        before, self._candidate, self._last_t = self._candidate, None, seen.t
        if seen.pose is None:
            self._empty = self._empty or seen.nobody
            return seen
        if self._empty and not isolated and not (before is not None and _same_body(before[1], seen.pose, seen.t - before[0])):
            self._candidate = seen.t, seen.pose
            return Observation(seen.t, None, Reason.NOT_A_PERSON)
        self._empty = False
        return seen


def _same_body(before: Pose, after: Pose, seconds: float) -> bool:
    small, large = sorted((body_size(before), body_size(after)))
    shift = distance(shoulder_middle(before.xy), shoulder_middle(after.xy))
    # Half a trunk of jitter, and a brisk walk: 1.5 m/s is three trunks of 0.5 m a second.  A step nearer does not double a size.
    return bool(large < 2 * small and shift < (0.5 + 3.0 * seconds) * large)


def same_body(one: Pose, other: Pose) -> bool:
    """Whether two detections are of the same body, by position and size."""
    small, large = sorted((body_size(one), body_size(other)))
    return bool(large < 2 * small and distance(shoulder_middle(one.xy), shoulder_middle(other.xy)) < large / 2)


def body_size(pose: Pose) -> float:
    """The longer of trunk and shoulder width, in picture heights: from the side there is no width, bent over no length."""
    trunk = distance(shoulder_middle(pose.xy), hip_middle(pose.xy))
    return float(max(trunk, distance(pose.xy[L.LEFT_SHOULDER], pose.xy[L.RIGHT_SHOULDER])))


def surroundings(pose: Pose, marks: Sequence[int] | NDArray[np.bool_], margin: float, rows: int) -> tuple[slice, slice]:
    """The rows and columns of a picture of so many rows around some landmarks, with a margin in body sizes."""
    points, room = pose.xy[marks], margin * body_size(pose)
    (x0, y0), (x1, y1) = (np.array([points.min(axis=0) - room, points.max(axis=0) + room]) * rows).astype(int).clip(0)
    return slice(y0, y1), slice(x0, x1)


# At 2.5 m from a lens of 90 deg (diagonal) a trunk is 0.2 of the picture's height, and what a desk leaves to be seen of an adult,
# 0.9 m, is 0.37.  The smallest user here was 0.19 and 0.44; people filmed by a webcam, on a screen of a quarter of the picture's
# height, reach 0.185 and 0.325.
LEAST_SIZE, LEAST_HEIGHT = 0.2, 0.35

# --- the checks --------------------------------------------------------------------------------------------------


# Ghosts on furniture reach 0.06, the farthest person in the footage 0.12; a trunk of 0.08 must still count.
SMALLEST_BODY = 0.07
# Nose to ear is a fifth of a trunk, ear to ear a third; foreshortened they shrink to 0.095 here, in misfits to 0.054.  A head is
# 0.42 of the shoulders' width (15 of 36 cm), 0.7 when 20 cm nearer to a webcam; people here reach 0.53, ghosts 1.3.
SMALLEST_HEAD, LARGEST_HEAD = 0.07, 0.9
# Ears to shoulders, in body sizes: people here reach 0.61, ghosts 3.4.
LONGEST_NECK = 0.9
# The silhouette of a person covers at least 1.1 times the box around head and trunk, as far as that lies in the picture.
LEAST_COVER = 0.5
# And a whole adult, 1.75 m by 0.35 m, about 2.5 squared trunks of 0.5 m; with raised arms and a bag 3.9 here, misfits 5.7.
MOST_COVER = 5.0
# A head sunk before the chest keeps 0.31; only bodies half gone were seen below.
LEAST_PRESENCE = 0.2
# Shoulders lower than the hips by half the trunk (30 deg below level): a body fitted to a head alone.  Reclining stays above.
MOST_TIPPED = 0.5


def _too_small(r: PlausibilityReport) -> bool:
    return body_size(r.pose) < SMALLEST_BODY


def _wrong_proportions(r: PlausibilityReport) -> bool:
    xy, size = r.pose.xy, body_size(r.pose)
    ears = midpoint(xy[L.LEFT_EAR], xy[L.RIGHT_EAR])
    head = max(distance(xy[L.LEFT_EAR], xy[L.RIGHT_EAR]), distance(xy[L.NOSE], ears))
    neck = distance(ears, shoulder_middle(xy))
    return not SMALLEST_HEAD * size <= head <= LARGEST_HEAD * size or bool(neck > LONGEST_NECK * size)


def _no_silhouette(r: PlausibilityReport) -> bool:
    corner = np.array([r.pose.aspect, 1.0])
    width, height = np.ptp(np.clip(r.pose.xy[_HEAD_AND_TRUNK], 0.0, corner), axis=0)
    return bool(r.mask_share * r.pose.aspect < LEAST_COVER * width * height)


def _partly_out(r: PlausibilityReport) -> bool:
    return int(np.count_nonzero(r.pose.in_frame()[_HEAD_AND_SHOULDERS])) < _ENOUGH


def _off_the_body(r: PlausibilityReport) -> bool:
    # The tracker lags behind a jump, or the body is fitted to parts of two people.
    return int(np.count_nonzero(r.on_body[_HEAD_AND_SHOULDERS])) < _ENOUGH


def _lost_in_silhouette(r: PlausibilityReport) -> bool:
    return r.mask_share * r.pose.aspect > MOST_COVER * body_size(r.pose) ** 2


def _fading(r: PlausibilityReport) -> bool:
    return bool(r.presence[[L.NOSE, L.LEFT_SHOULDER, L.RIGHT_SHOULDER]].min() < LEAST_PRESENCE)


def _upside_down(r: PlausibilityReport) -> bool:
    trunk = hip_middle(r.pose.xy) - shoulder_middle(r.pose.xy)
    return bool(trunk[1] < -MOST_TIPPED * np.hypot(*trunk))


def _on_its_head(r: PlausibilityReport) -> bool:
    # The face as well: where a whole body was fitted to a head alone, the face stays upright.
    eyes = midpoint(r.pose.xy[L.LEFT_EYE], r.pose.xy[L.RIGHT_EYE])
    return turn_needed(r.pose) == HALF_TURN and bool(eyes[1] > r.pose.xy[L.NOSE, 1])


# In this order: what is not a person first.
CHECKS: tuple[tuple[Callable[[PlausibilityReport], bool], str], ...] = (
    (_too_small, Reason.NOT_A_PERSON),
    (_wrong_proportions, Reason.NOT_A_PERSON),
    (_no_silhouette, Reason.NOT_A_PERSON),
    (_partly_out, Reason.PARTLY_OUT),
    (_off_the_body, Reason.NOT_CLEAR),
    (_lost_in_silhouette, Reason.NOT_CLEAR),
    (_fading, Reason.NOT_CLEAR),
    (_on_its_head, Reason.TURNED),
    (_upside_down, Reason.NOT_CLEAR),
)
