"""A pose engine that believes a body only if it lives, and an empty place only if it is empty (``monitor.core.camera.presence``).

It holds each picture, small and without its slow shades, against the ones before.  What never moves is painted over before the
engine looks, as far as it still looks the same, so that the engine finds the person before it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.plausibility import ALONE_AFTER_S, body_size
from monitor.core.body.pose import Observation, Pose
from monitor.core.camera.presence import Change, EmptyPlace, Life, PlaceLook, ProofOfLife, same_body
from monitor.core.vocabulary import Reason
from monitor.ports import Frame, LivePoseEngine

# Rows that are compared: noise of a webcam is averaged out, a breath still moves an edge by a pixel.
ROWS = 180
# Shades wider than this (rows) are light, details finer than this are noise.
FINE, WIDE = 1.0, 6.0
# Grey levels of 255 and times the background's own change that count as changed; times a pixel's own usual change.
LEAST, TIMES, TIMES_USUAL = 3.0, 6.0, 4.0
# Around the landmarks, in body sizes: the body's surface, what may be its background, its furniture, and the user's place.
ON_BODY, OFF_BODY, AROUND_FURNITURE, AROUND_PLACE = 0.05, 0.4, 0.15, 0.3
# How fast the background is learned (share of a look); more of a furniture's surface changed than this, and it is no more there.
LEARN, GET_USED, GONE_SHARE = 0.1, 0.005, 0.5
# Rows of the parts in which a place is looked at: half a head at a desk.
PART = 24
# Pieces of furniture that are remembered, the latest.
KEPT = 4
# Reasons that a body was found which cannot be judged.
DOUBTFUL = frozenset({Reason.SEEN_BADLY, Reason.NOT_CLEAR, Reason.PARTLY_OUT, Reason.TURNED})
_Pixels = NDArray[np.uint8]
_Grey = NDArray[np.float32]
_Box = tuple[slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class _Furniture:
    box: _Box
    look: _Grey


@dataclass(slots=True, eq=False)
class _Candidate:
    """A body, its picture when it was last seen to move, and what is known of it."""

    seen: Observation
    look: _Grey
    proof: ProofOfLife


class PresenceCheck:
    """A PoseEngine; ``furnished`` is called once for every new piece of furniture."""

    def __init__(self, engine: LivePoseEngine, furnished: Callable[[], None] = lambda: None) -> None:
        self._engine, self._furnished = engine, furnished
        self._furniture: list[_Furniture] = []
        self._candidate: _Candidate | None = None
        self._empty = EmptyPlace()
        self._lived: _Grey | None = None  # the picture in which the user was last seen to live
        self._place: _Box | None = None  # of the user, once somebody was seen to live
        self._background: _Grey | None = None
        self._before: _Grey | None = None
        self._usual: _Grey = np.zeros((0, 0), np.float32)
        self._last_t, self._lost = -math.inf, False

    def detect(self, frame: Frame) -> Observation:
        """What is seen at ``frame.t`` of whoever lives.  Raises EngineError."""
        now = _detail(frame.rgb)
        if self._background is None or self._background.shape != now.shape:
            self._background, self._before = np.full_like(now, np.nan), now
            self._usual = np.zeros_like(now)
            self._furniture, self._candidate, self._place, self._lived = [], None, None, None
        seen = self._engine.detect(Frame(frame.t, self._without_furniture(frame.rgb, now)))
        believed = self._living(seen, seen.pose, now) if seen.pose is not None else self._absent(seen, now)
        self._before, self._last_t, self._lost = now, frame.t, seen.pose is None
        return believed

    def stays(self, t: float) -> None:
        """Nothing has changed up to ``t`` (s)."""
        if self._candidate is not None:
            self._candidate.seen = replace(self._candidate.seen, t=t)
        self._last_t = t
        self._engine.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()

    # --- somebody ------------------------------------------------------------------------------------------------

    def _living(self, seen: Observation, pose: Pose, now: _Grey) -> Observation:
        known = self._candidate
        if known is None or not same_body(known.seen, seen, lost=self._lost):
            # Who came into the picture has changed it.
            arrives = self._before is not None and math.isfinite(self._last_t)
            known = self._candidate = _Candidate(seen, now, ProofOfLife(self._last_t if arrives else None))
            change = _change(self._before, now, pose) if arrives and self._before is not None else None
        else:
            change = _change(known.look, now, pose)
            known.seen = seen
            known.look = now if change.moved or not change.calm else known.look
        life = known.proof.update(seen.t, change)
        if life is Life.LIVING:
            self._place, self._lived = _around(pose, now.shape, AROUND_PLACE), now
            self._empty.lived_in(seen.t)
            self._learn(now, self._place)
            return seen
        if life is Life.FURNITURE:
            return self._furnish(seen, pose, now)
        return Observation(seen.t, None, Reason.NOT_SEEN_TO_MOVE, withheld=pose)

    def _furnish(self, seen: Observation, pose: Pose, now: _Grey) -> Observation:
        box = _around(pose, now.shape, AROUND_FURNITURE)
        self._furniture = [*self._furniture[-KEPT + 1 :], _Furniture(box, now[box].copy())]
        self._candidate = None
        self._furnished()
        return Observation(seen.t, None, Reason.NOT_A_PERSON)

    def _without_furniture(self, rgb: _Pixels, now: _Grey) -> _Pixels:
        """The picture with all furniture that looks as it did in the picture's mean colour."""
        hidden = np.zeros(now.shape, bool)
        for piece in self._furniture:
            other = _differs(piece.look, now[piece.box])
            if other.mean() < GONE_SHARE:
                hidden[piece.box] |= ~_grown(other)
        if not hidden.any():
            return rgb
        cv2 = _opencv()
        mask = cv2.resize(hidden.astype(np.uint8), rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST).astype(bool)
        painted = rgb.copy()
        painted[mask] = rgb[::16, ::16].mean((0, 1)).astype(np.uint8)
        return painted

    # --- nobody --------------------------------------------------------------------------------------------------

    def _absent(self, seen: Observation, now: _Grey) -> Observation:
        if not seen.nobody and seen.why not in DOUBTFUL:
            return seen
        background, before = self._background, self._before
        if background is None or before is None:
            return seen
        here = self._place or (slice(None), slice(None))
        known = ~np.isnan(background[here]) if self._place else np.zeros(now.shape, bool)
        foreign = self._unlike(background, now)[here] & known
        # Pictures far apart show no movement.
        stirs = _most(self._unlike(before, now)[here]) if seen.t - self._last_t <= ALONE_AFTER_S else 0.0
        self._get_used(now, before)
        look = PlaceLook(stirs, float(foreign.sum() / max(known.sum(), 1)), float(known.mean()), self._differs_from_user(now))
        if not self._empty.is_empty(seen.t, look, doubt=not seen.nobody):
            return Observation(seen.t, None, Reason.SEEN_BADLY) if seen.nobody else seen
        self._learn(now, None)
        return seen if seen.nobody else Observation(seen.t, None, Reason.NOBODY)

    def _differs_from_user(self, now: _Grey) -> float:
        if self._place is None or self._lived is None:
            return 1.0
        return float(_differs(self._lived[self._place], now[self._place]).mean())

    def _unlike(self, before: _Grey, now: _Grey) -> NDArray[np.bool_]:
        return np.asarray(np.abs(now - before) > np.maximum(LEAST, TIMES_USUAL * self._usual))

    def _learn(self, now: _Grey, person: _Box | None) -> None:
        """Take in the picture as background, but for the person's place."""
        known, before = self._background, self._before
        if known is None or before is None:
            return
        rest = np.ones(now.shape, bool)
        if person is not None:
            rest[person] = False
        learned = np.where(np.isnan(known), now, known + np.float32(LEARN) * (now - known))
        known[rest] = learned[rest]
        self._usual[rest] += LEARN * (np.abs(now - before) - self._usual)[rest]

    def _get_used(self, now: _Grey, before: _Grey) -> None:
        """What moves for ever, such as a television or a curtain, becomes usual."""
        self._usual += GET_USED * (np.abs(now - before) - self._usual)


# --- pixels ------------------------------------------------------------------------------------------------------


def _detail(rgb: _Pixels) -> _Grey:
    """The picture in grey, ``ROWS`` high, without what is finer than ``FINE`` and wider than ``WIDE``."""
    cv2 = _opencv()
    scale = ROWS / rgb.shape[0]
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), FINE)
    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), WIDE), np.float32)


def _around(pose: Pose, shape: tuple[int, ...], margin: float) -> _Box:
    points = pose.xy[pose.in_frame()]
    room = margin * body_size(pose)
    (x0, y0), (x1, y1) = (np.array([points.min(axis=0) - room, points.max(axis=0) + room]) * shape[0]).clip(0).astype(int)
    return slice(y0, y1 + 1), slice(x0, x1 + 1)


def _change(before: _Grey, now: _Grey, pose: Pose) -> Change:
    body, near = _around(pose, now.shape, ON_BODY), _around(pose, now.shape, OFF_BODY)
    off = np.ones(now.shape, bool)
    off[near] = False
    if not off.any():  # a face that fills the picture
        return Change(float(_differs(before[body], now[body]).mean()), 0.0)
    noise = float(np.median(np.abs(now - before)[off]))
    return Change(float(_differs(before[body], now[body], noise).mean()), float(_differs(before, now, noise)[off].mean()))


def _differs(before: _Grey, now: _Grey, noise: float = 0.0) -> NDArray[np.bool_]:
    """Where two looks at one place differ by more than the contrast of the light."""
    power = float((before * before).sum())
    gain = float(np.clip((before * now).sum() / power, 0.5, 2.0)) if power > 0 else 1.0
    return np.asarray(np.abs(now - np.float32(gain) * before) > max(LEAST, 1.48 * TIMES * noise))


def _most(mask: NDArray[np.bool_]) -> float:
    """The share of a mask in that part of it where it is the largest."""
    rows, columns = (max(1, size // PART) for size in mask.shape)
    parts = _opencv().resize(mask.astype(np.float32), (columns, rows), interpolation=_opencv().INTER_AREA)
    return float(parts.max())


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(_opencv().dilate(mask.astype(np.uint8), np.ones((9, 9), np.uint8)), bool)


def _opencv() -> Any:
    import cv2

    return cv2
