"""Simulated periods described in text: stick figures with realistic landmarks, and their observations."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from monitor.core.body.landmarks import LANDMARKS, Floats, L
from monitor.core.body.pose import Observation, Pose
from monitor.core.pipeline import Pipeline, Plan, Step
from monitor.core.reminders.suppression import RunInput
from monitor.core.vocabulary import Reason

# Monday 2026-03-02 09:00:00 UTC: a working morning.
MORNING = 1772442000.0


@dataclass(frozen=True, slots=True)
class Body:
    """A stick figure from the side: trunk lean and thigh angle (deg), where the hip is, how large it is (picture heights)."""

    lean: float = 0.0
    neck: float = 10.0
    thigh: float = 90.0
    x: float = 0.8
    y: float = 0.6
    torso: float = 0.25

    def pose(self) -> Pose:
        """Its landmarks, seen from the person's right in a 16:9 picture."""
        hip = np.array([self.x, self.y])
        shoulder = hip + self.torso * _up(self.lean)
        ear = shoulder + 0.4 * self.torso * _up(self.lean + self.neck)
        knee = hip - 0.85 * self.torso * _up(-self.thigh)
        ankle = knee + np.array([0.0, 0.85 * self.torso])
        nose = ear + np.array([0.12 * self.torso, 0.02 * self.torso])
        return assemble(
            {"nose": nose, "eye": nose, "ear": ear, "shoulder": shoulder, "hip": hip, "knee": knee, "ankle": ankle}, 90.0
        )


@dataclass(frozen=True, slots=True)
class Bust:
    """Head and shoulders in front of a webcam: ear height and shoulder width in picture heights."""

    height: float = 0.65
    width: float = 0.5
    neck: float = 0.6
    face: float = 0.4
    tilt: float = 0.0

    def pose(self) -> Pose:
        """Its landmarks, facing the camera; hips and knees lie below the picture."""
        half = self.width / 2
        ears = np.array([0.89, 1 - self.height])
        mid = ears + np.array([0.0, self.neck * self.width])
        slope = np.array([half, half * np.tan(np.radians(self.tilt))])
        face = np.array([self.face * half, 0.0])
        points: dict[str, Floats | tuple[Floats, Floats]] = {
            "nose": ears,
            "eye": (ears + face / 2, ears - face / 2),
            "ear": (ears + face, ears - face),
        }
        points |= {"shoulder": (mid + slope, mid - slope)}
        below = mid + np.array([0.0, 1.5 * self.width])
        return assemble(points | {"hip": below, "knee": below + 0.3, "ankle": below + 0.6}, 0.0)


def assemble(points: dict[str, Floats | tuple[Floats, Floats]], turn_deg: float) -> Pose:
    """A pose from named points, a pair being left and right; all in sight where they are inside a 16:9 picture."""
    xy = np.tile(np.asarray(points["shoulder"]).reshape(-1, 2).mean(axis=0), (LANDMARKS, 1))
    for name, value in points.items():
        left, right = value if isinstance(value, tuple) else (value, value)
        for landmark in L:
            if landmark.name.endswith(name.upper()):
                xy[landmark] = left if landmark.name.startswith("LEFT") else right
    seen = ((xy >= 0) & (xy <= [16 / 9, 1])).all(axis=1)
    return Pose(xy, np.where(seen, 1.0, 0.1), 16 / 9, turn_deg)


SIT, STAND = Body(), Body(thigh=2.0, y=0.5)
_ACTS: dict[str, Body | Bust | str] = {
    "sit": SIT,
    "slouch": replace(SIT, lean=30.0),
    "stand": STAND,
    "walk": STAND,
    "face": Bust(),
    "sink": Bust(height=0.45, neck=0.35),
    "close": Bust(height=0.7, width=0.75),
    "away": Reason.NOBODY,
    "dark": Reason.TOO_DARK,
    "gap": "",
}
_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_PHASE = re.compile(r"\s*(\w+)\s+([\d.]+)\s*(s|min|h)\s*$")


def scene(script: str, period_s: float = 0.2, start: float = MORNING) -> Iterator[Observation]:
    """The observations of a period given as phases, ``sit 31min, stand 2min``; a ``gap`` has none.

    Phases: sit, slouch, stand, walk (from the side), face, sink, close (a front webcam), away, dark, gap.
    """
    t = start
    for phase in script.split(","):
        match = _PHASE.match(phase)
        if not match or match[1] not in _ACTS:
            raise ValueError(f"phase {phase!r} is not '<what> <number><s|min|h>' with what of {', '.join(_ACTS)}")
        seconds = float(match[2]) * _UNITS[match[3]]
        if match[1] != "gap":
            yield from _phase(match[1], t, round(seconds / period_s), period_s)
        t += seconds


def replay(seen: Iterable[Observation | RunInput], plan: Plan | None = None) -> list[Step]:
    """All steps of a pipeline for these observations and the run inputs between them."""
    pipeline, steps = Pipeline(plan), []
    for item in seen:
        if isinstance(item, Observation):
            steps.append(pipeline.step(item))
        else:
            pipeline.accept(item)
    return steps


def _phase(what: str, start: float, count: int, period_s: float) -> Iterator[Observation]:
    act = _ACTS[what]
    still = act if isinstance(act, str) else act.pose()
    for i in range(count):
        t = start + i * period_s
        if isinstance(still, str):
            yield Observation(t, None, still)
        elif what == "walk":
            yield Observation(t, replace(STAND, x=0.3 + 1.2 * abs((i * period_s / 2.5) % 2 - 1)).pose())
        else:
            yield Observation(t, still)


def _up(tilt_deg: float) -> Floats:
    return np.array([np.sin(np.radians(tilt_deg)), -np.cos(np.radians(tilt_deg))])
