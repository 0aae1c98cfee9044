"""A pose engine with a liveness check of bodies and of empty places (``monitor.core.camera.presence``).

It compares each picture, reduced and band-pass filtered, with the ones before.  Static bodies are painted over before inference,
where they picture unchanged, so that the engine finds the person in front of them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.body.plausibility import ALONE_AFTER_S, body_size
from monitor.core.body.pose import Observation, Pose
from monitor.core.camera.presence import Change, Liveness, LivenessEvidence, PlaceChange, VacancyCheck, same_body
from monitor.core.vocabulary import Reason
from monitor.ports import Frame, LivePoseEngine

# Image height (rows) for comparison: a webcam's noise is averaged out, a breath still moves an edge by a pixel.
ROWS = 180
# Band-pass (rows): wider structures are light, finer ones noise.
FINE, WIDE = 1.0, 6.0
# Thresholds of a change: grey levels of 255, multiples of the background's change, multiples of a pixel's usual change.
LEAST, TIMES, TIMES_USUAL = 3.0, 6.0, 4.0
# Margins around the landmarks, in body sizes: head and shoulders, limit of the background, static body, user's place.  Only head
# and shoulders are evidence of life: below a portrait the model invents hips and legs, which may lie on a television.
ON_HEAD, OFF_BODY, AROUND_STATIC, AROUND_PLACE = 0.05, 0.4, 0.15, 0.3
_HEAD_AND_SHOULDERS = [L.NOSE, L.LEFT_EAR, L.RIGHT_EAR, L.LEFT_SHOULDER, L.RIGHT_SHOULDER]
# Learning rate of the background per frame; the share of changed area from which a static body counts as gone.
LEARN, LEARN_USUAL, GONE_SHARE = 0.1, 0.005, 0.5
# Size (rows) of the parts of a place: half a head at a desk.
PART = 24
# A static body is named as furniture once it has been so for longer (s): nobody is that still.
NAMED_AFTER_S = 10.0
# The number of static bodies remembered, the latest ones.
KEPT = 4
# Reasons that mean a detected body that cannot be judged.
DOUBTFUL = frozenset({Reason.SEEN_BADLY, Reason.NOT_CLEAR, Reason.PARTLY_OUT, Reason.TURNED})
_Pixels = NDArray[np.uint8]
_Grey = NDArray[np.float32]
_Box = tuple[slice, slice]


@dataclass(slots=True, eq=False)
class _StaticBody:
    """Where a body never moved, how that looks, since when (s), and whether it may be named as furniture."""

    box: _Box
    picture: _Grey
    since: float
    nameable: bool


@dataclass(slots=True, eq=False)
class _Candidate:
    """A body, its picture at its last movement, and the evidence on its liveness."""

    seen: Observation
    picture: _Grey
    evidence: LivenessEvidence


class PresenceCheck:
    """A PoseEngine that reports live persons only; ``furnished`` is called for every new static body that never lived."""

    def __init__(self, engine: LivePoseEngine, furnished: Callable[[], None] = lambda: None) -> None:
        self._engine, self._furnished = engine, furnished
        self._static: list[_StaticBody] = []
        self._candidate: _Candidate | None = None
        self._empty = VacancyCheck()
        self._live_picture: _Grey | None = None  # the last picture with a live user
        self._place: _Box | None = None  # of the user, None before the first live person
        self._background: _Grey | None = None
        self._before: _Grey | None = None
        self._usual: _Grey = np.zeros((0, 0), np.float32)
        self._last_t, self._lost = -math.inf, False

    def detect(self, frame: Frame) -> Observation:
        """The observation of a live person at ``frame.t``.  Raises EngineError."""
        now = _detail(frame.rgb)
        if self._background is None or self._background.shape != now.shape:
            self._background, self._before = np.full_like(now, np.nan), now
            self._usual = np.zeros_like(now)
            self._static, self._candidate, self._place, self._live_picture = [], None, None, None
        seen = self._engine.detect(Frame(frame.t, self._without_static(frame, now)))
        checked = self._present(seen, seen.pose, now) if seen.pose is not None else self._absent(seen, now)
        self._before, self._last_t, self._lost = now, frame.t, seen.pose is None
        return checked

    def stays(self, t: float) -> None:
        """Take in that nothing has changed up to ``t`` (s)."""
        if self._candidate is not None:
            self._candidate.seen = replace(self._candidate.seen, t=t)
        self._last_t = t
        self._engine.stays(t)

    def close(self) -> None:
        """Free the engine; may be called twice."""
        self._engine.close()

    # --- a body was detected -------------------------------------------------------------------------------------

    def _present(self, seen: Observation, pose: Pose, now: _Grey) -> Observation:
        known = self._candidate
        if known is None or not same_body(known.seen, seen, lost=self._lost):
            # A person who came into the picture has changed it.
            arrives = self._before is not None and math.isfinite(self._last_t)
            known = self._candidate = _Candidate(seen, now, LivenessEvidence(self._last_t if arrives else None))
            change = _change(self._before, now, pose) if arrives and self._before is not None else None
        else:
            change = _change(known.picture, now, pose)
            known.seen = seen
            known.picture = now if change.moved or not change.calm else known.picture
        liveness = known.evidence.update(seen.t, change)
        if liveness is Liveness.LIVE:
            self._place, self._live_picture = _box_around(pose, now.shape, AROUND_PLACE), now
            self._empty.occupied(seen.t)
            self._learn(now, self._place)
            return seen
        if liveness is Liveness.STATIC:
            return self._add_static(seen, pose, now, was_live=known.evidence.was_live)
        return Observation(seen.t, None, Reason.NOT_SEEN_TO_MOVE, withheld=pose)

    def _add_static(self, seen: Observation, pose: Pose, now: _Grey, *, was_live: bool) -> Observation:
        box = _box_around(pose, now.shape, AROUND_STATIC)
        self._static = [*self._static[-KEPT + 1 :], _StaticBody(box, now[box].copy(), seen.t, not was_live)]
        self._candidate = None
        return Observation(seen.t, None, Reason.NOT_A_PERSON)

    def _without_static(self, frame: Frame, now: _Grey) -> _Pixels:
        """The picture with all unchanged static bodies painted over in its mean colour."""
        rgb, hidden = frame.rgb, np.zeros(now.shape, bool)
        for piece in self._static:
            other = _differs(piece.picture, now[piece.box])
            if other.mean() < GONE_SHARE:
                hidden[piece.box] |= ~_grown(other)
                self._name(piece, frame.t)
        if not hidden.any():
            return rgb
        cv2 = _opencv()
        mask = cv2.resize(hidden.astype(np.uint8), rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST).astype(bool)
        painted = rgb.copy()
        painted[mask] = rgb[::16, ::16].mean((0, 1)).astype(np.uint8)
        return painted

    def _name(self, piece: _StaticBody, t: float) -> None:
        if piece.nameable and t - piece.since >= NAMED_AFTER_S:
            piece.nameable = False
            self._furnished()

    # --- no body was detected ------------------------------------------------------------------------------------

    def _absent(self, seen: Observation, now: _Grey) -> Observation:
        elsewhere = self._place is not None and seen.why is Reason.SEEN_SMALL  # such a body does not occupy the user's place
        if not (seen.nobody or elsewhere or seen.why in DOUBTFUL):
            return seen
        background, before = self._background, self._before
        if background is None or before is None:
            return seen
        place = self._place or (slice(None), slice(None))
        known = ~np.isnan(background[place]) if self._place else np.zeros(now.shape, bool)
        foreign = self._unlike(background, now)[place] & known
        # Pictures far apart are no evidence of movement.
        moving = _most(self._unlike(before, now)[place]) if seen.t - self._last_t <= ALONE_AFTER_S else 0.0
        self._learn_usual(now, before)
        picture = PlaceChange(
            moving, float(foreign.sum() / max(known.sum(), 1)), float(known.mean()), self._differs_from_user(now)
        )
        if not self._empty.is_empty(seen.t, picture, doubt=not seen.nobody):
            return Observation(seen.t, None, Reason.SEEN_BADLY) if seen.nobody else seen
        self._learn(now, None)
        return seen if seen.nobody else Observation(seen.t, None, Reason.NOBODY)

    def _differs_from_user(self, now: _Grey) -> float:
        if self._place is None or self._live_picture is None:
            return 1.0
        return float(_differs(self._live_picture[self._place], now[self._place]).mean())

    def _unlike(self, before: _Grey, now: _Grey) -> NDArray[np.bool_]:
        return np.asarray(np.abs(now - before) > np.maximum(LEAST, TIMES_USUAL * self._usual))

    def _learn(self, now: _Grey, person: _Box | None) -> None:
        """Update the background from the picture, except at the person's place."""
        known, before = self._background, self._before
        if known is None or before is None:
            return
        rest = np.ones(now.shape, bool)
        if person is not None:
            rest[person] = False
        learned = np.where(np.isnan(known), now, known + np.float32(LEARN) * (now - known))
        known[rest] = learned[rest]
        self._usual[rest] += LEARN * (np.abs(now - before) - self._usual)[rest]

    def _learn_usual(self, now: _Grey, before: _Grey) -> None:
        """Update the usual change of each pixel: constant movement, such as a television or a curtain, becomes usual."""
        self._usual += LEARN_USUAL * (np.abs(now - before) - self._usual)


# --- pixels ------------------------------------------------------------------------------------------------------


def _detail(rgb: _Pixels) -> _Grey:
    """The picture in grey, ``ROWS`` high, without what is finer than ``FINE`` and wider than ``WIDE``."""
    cv2 = _opencv()
    scale = ROWS / rgb.shape[0]
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), FINE)
    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), WIDE), np.float32)


def _box_around(pose: Pose, shape: tuple[int, ...], margin: float, marks: Sequence[int] = range(LANDMARKS)) -> _Box:
    seen = pose.in_frame()
    points = pose.xy[[mark for mark in marks if seen[mark]] or list(marks)]  # a pose corrected for its lens may leave the picture
    room = margin * body_size(pose)
    ends = np.array([points.min(axis=0) - room, points.max(axis=0) + room]) * shape[0]
    (x0, y0), (x1, y1) = ends.clip(0, (shape[1] - 1, shape[0] - 1)).astype(int)
    return slice(y0, y1 + 1), slice(x0, x1 + 1)


def _change(before: _Grey, now: _Grey, pose: Pose) -> Change:
    body, near = _box_around(pose, now.shape, ON_HEAD, _HEAD_AND_SHOULDERS), _box_around(pose, now.shape, OFF_BODY)
    off = np.ones(now.shape, bool)
    off[near] = False
    if not off.any():  # a face that fills the picture
        return Change(float(_differs(before[body], now[body]).mean()), 0.0)
    noise = float(np.median(np.abs(now - before)[off]))
    return Change(float(_differs(before[body], now[body], noise).mean()), float(_differs(before, now, noise)[off].mean()))


def _differs(before: _Grey, now: _Grey, noise: float = 0.0) -> NDArray[np.bool_]:
    """Where two pictures of one place differ by more than contrast and noise."""
    power = float((before * before).sum())
    gain = float(np.clip((before * now).sum() / power, 0.5, 2.0)) if power > 0 else 1.0
    return np.asarray(np.abs(now - np.float32(gain) * before) > max(LEAST, 1.48 * TIMES * noise))


def _most(mask: NDArray[np.bool_]) -> float:
    """The largest share of a mask over the parts of the place."""
    rows, columns = (max(1, size // PART) for size in mask.shape)
    parts = _opencv().resize(mask.astype(np.float32), (columns, rows), interpolation=_opencv().INTER_AREA)
    return float(parts.max())


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(_opencv().dilate(mask.astype(np.uint8), np.ones((9, 9), np.uint8)), bool)


def _opencv() -> Any:
    import cv2

    return cv2
