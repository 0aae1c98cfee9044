"""Keeps the pose engine on the user: after a jump to another person, only the user's own place is passed to it.

A template of the user's head and shoulders, from the last still moment and in memory only, tells whether the user is still there.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import surroundings
from monitor.core.body.pose import Observation, Pose
from monitor.core.camera.nearer_person import NearerPerson
from monitor.core.camera.user_tracking import UserTracker, apart
from monitor.core.vocabulary import Reason
from monitor.ports import Frame, LivePoseEngine

# Margins around the landmarks, in body sizes: of the cropped place (room to lean and rise a little), and of the template.
MARGIN, LOOK_MARGIN = 0.6, 0.15
# How far a head moves while its person stays, and how still and for how long a person must be to become the template (body sizes,
# s), which excludes passers-by.
STRAY, STILL, STILL_S = 0.4, 0.1, 3.0
# Image height (rows) for template matching, and the correlation from which it is the same person: in rendered clips 0.73 after a
# slump, at most 0.5 for standing up, walking or an empty chair.
ROWS, LIKE = 180, 0.7
# A tracker that finds nobody at its last position searches the whole picture only at the next call; a body that cannot be judged
# is lost first, and whoever is found is believed at the second sight.
EMPTY_TRIES, MOST_TRIES = 2, 4

_HEAD_AND_SHOULDERS = [L.NOSE, L.LEFT_EAR, L.RIGHT_EAR, L.LEFT_SHOULDER, L.RIGHT_SHOULDER]
_Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class _UserPlace:
    """The place where the user was still, and the template of head and shoulders there (grey, pictures ``ROWS`` high)."""

    pose: Pose
    look: _Pixels


class UserCrop:
    """A PoseEngine that reports neither a passer-by nor somebody in the background as the user.

    ``shoulder_width`` is the user's (picture heights), NaN if unknown.
    """

    def __init__(self, engine: LivePoseEngine, shoulder_width: float = math.nan) -> None:
        self._engine = engine
        self._tracker = UserTracker(shoulder_width)
        self._nearer = NearerPerson(shoulder_width)
        self._place: _UserPlace | None = None
        self._still: tuple[float, Pose] | None = None  # since when, and where, a person has been still

    def detect(self, frame: Frame) -> Observation:
        """The observation of the user at ``frame.t``; nobody if only another person is there.  Raises EngineError."""
        seen = self._engine.detect(frame)
        if self._tracker.recognises(seen, user_elsewhere=self._user_is_elsewhere(frame, seen.pose)):
            if seen.pose is not None and self._nearer.due(frame.t, seen.pose):
                seen = self._detect_nearer(frame, seen.pose)
            if seen.pose is not None:
                self._remember(frame, seen.pose)
            return seen
        if self._tracker.last is None and seen.pose is not None:
            return self._detect_besides(frame, seen.pose)
        return self._detect_at_place(frame)

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s)."""
        self._tracker.stays(t)
        self._engine.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()

    def _detect_nearer(self, frame: Frame, followed: Pose) -> Observation:
        """The followed person again, or that somebody nearer takes over."""
        other = self._search(Frame(frame.t, _without(frame.rgb, followed)))
        if self._nearer.takes_over(frame.t, followed, other.pose):
            self._tracker.becomes(other)
            self._place = self._still = None
            return Observation(frame.t, None, Reason.SOMEBODY_ELSE)
        again = self._search(Frame(frame.t, _only(frame.rgb, followed)))
        return again if self._tracker.recognises(again) else Observation(frame.t, None, Reason.SOMEBODY_ELSE)

    def _detect_besides(self, frame: Frame, stranger: Pose) -> Observation:
        """The user beside somebody who is none, before the user was ever seen."""
        if self._nearer.due(frame.t, stranger):
            other = self._search(Frame(frame.t, _without(frame.rgb, stranger)))
            self._nearer.takes_over(frame.t, stranger, None)
            if other.pose is not None and self._tracker.recognises(other):
                return other
        return Observation(frame.t, None, Reason.SMALLER_THAN_CALIBRATED)

    def _search(self, frame: Frame, tries: int = MOST_TRIES) -> Observation:
        """What is found in a picture of which a part is hidden."""
        empty = 0
        for _ in range(tries):
            found = self._engine.detect(frame)
            empty += found.why == Reason.NOBODY
            if found.pose is not None or empty == EMPTY_TRIES:
                break
        return found

    def _detect_at_place(self, frame: Frame) -> Observation:
        known = self._place.pose if self._place else self._tracker.last.pose if self._tracker.last else None
        again = self._search(Frame(frame.t, _only(frame.rgb, known) if known else frame.rgb), EMPTY_TRIES)
        if again.pose is not None and self._tracker.recognises(again):
            return again
        if again.nobody:
            self._tracker.left()
        return Observation(frame.t, None, again.why or Reason.SOMEBODY_ELSE)

    def _user_is_elsewhere(self, frame: Frame, pose: Pose | None) -> bool:
        """Whether the user is still at the own place although the detected body is elsewhere."""
        if self._place is None or pose is None or apart(self._place.pose, pose) <= STRAY:
            return False
        return _likeness(_grey(frame.rgb), self._place) >= LIKE

    def _remember(self, frame: Frame, pose: Pose) -> None:
        if self._still is None or apart(self._still[1], pose) > STILL:
            self._still = (frame.t, pose)
        if self._place is not None and frame.t - self._still[0] < STILL_S:
            return
        grey = _grey(frame.rgb)
        look = _look_at(pose, grey, LOOK_MARGIN)
        if look.size and float(look.std()) > 0:
            self._place = _UserPlace(pose, look)


# --- pixels ------------------------------------------------------------------------------------------------------


def _look_at(pose: Pose, grey: _Pixels, margin: float) -> _Pixels:
    """The part of the picture around head and shoulders."""
    return grey[surroundings(pose, _HEAD_AND_SHOULDERS, margin, len(grey))]


def _likeness(grey: _Pixels, home: _UserPlace) -> float:
    """The highest correlation (-1 to 1) of the template with the picture around its place."""
    cv2 = _opencv()
    place = _look_at(home.pose, grey, LOOK_MARGIN + STRAY)
    if any(a < b for a, b in zip(place.shape, home.look.shape, strict=True)):
        return -1.0
    best = float(cv2.matchTemplate(place, home.look, cv2.TM_CCOEFF_NORMED).max())
    return best if math.isfinite(best) else -1.0


def _grey(rgb: _Pixels) -> _Pixels:
    cv2 = _opencv()
    scale = ROWS / rgb.shape[0]
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _without(rgb: _Pixels, pose: Pose) -> _Pixels:
    """The picture with the surroundings of that pose in its mean colour."""
    hidden = rgb.copy()
    hidden[surroundings(pose, _shown(pose), LOOK_MARGIN, len(rgb))] = _mean_colour(rgb)
    return hidden


def _shown(pose: Pose) -> list[L]:
    inside = pose.in_frame()
    return [mark for mark in L if inside[mark]] or _HEAD_AND_SHOULDERS


def _only(rgb: _Pixels, pose: Pose) -> _Pixels:
    """The picture with everything but the surroundings of that pose in its mean colour."""
    alone = np.empty_like(rgb)
    alone[:] = _mean_colour(rgb)
    around = surroundings(pose, _shown(pose), MARGIN, len(rgb))
    alone[around] = rgb[around]
    return alone


def _mean_colour(rgb: _Pixels) -> _Pixels:
    return np.asarray(rgb[::16, ::16].mean((0, 1)).astype(np.uint8))


def _opencv() -> Any:
    import cv2

    return cv2
