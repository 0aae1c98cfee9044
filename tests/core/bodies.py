"""Random bodies, and what the scenes' people would have calibrated."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from monitor.core.body.landmarks import LANDMARKS, Floats, L
from monitor.core.body.pose import Pose
from monitor.core.body.view import view_of
from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference
from monitor.core.posture.readings import measure
from monitor.testing import STAND, Body, Bust

ASPECT = 1.6
# The model's order: every landmark's twin on the other side (0 the nose; 1-3 and 4-6 the eyes; then pairs).
TWINS = np.array([0, 4, 5, 6, 1, 2, 3, *(i + 1 if i % 2 else i - 1 for i in range(7, LANDMARKS))])


def points(shape: tuple[int, ...] = (LANDMARKS, 2)) -> st.SearchStrategy[Floats]:
    """Places inside the picture, a tenth of a millimetre of screen apart at least, as a pose keeps them."""
    return hnp.arrays(np.int64, shape, elements=st.integers(500, 9500)).map(lambda whole: whole / 10_000)


def turns() -> st.SearchStrategy[float]:
    return st.integers(-900, 900).map(lambda tenths: tenths / 10)


@st.composite
def poses(draw: st.DrawFn) -> Pose:
    seen = hnp.arrays(np.float64, LANDMARKS, elements=st.sampled_from([0.0, 0.5, 0.6, 1.0]))
    return Pose(draw(points()), draw(seen), ASPECT, draw(turns()))


def mirrored(pose: Pose) -> Pose:
    """The same body as a mirror shows it: left becomes right, and it turns the other way."""
    xy = pose.xy[TWINS].copy()
    xy[:, 0] = pose.aspect - xy[:, 0]
    return Pose(xy, pose.visibility[TWINS], pose.aspect, -pose.turn_deg)


def moved(pose: Pose, **landmarks: tuple[float, float]) -> Pose:
    """The same body with some landmarks elsewhere: ``moved(pose, nose=(0.9, 0.4))``."""
    xy = pose.xy.copy()
    for name, place in landmarks.items():
        xy[L[name.upper()]] = place
    return replace(pose, xy=xy)


def references(body: Body | Bust, spread: float = 0.0) -> dict[str, Reference]:
    pose = body.pose()
    readings = measure(pose, view_of(pose.turn_deg))
    return {name: Reference(r.value, spread, 25) for name, r in readings.items() if r.measured}


SEEN_FROM_THE_SIDE = Baseline({CalibrationStage.SITTING_TALL: references(Body()), CalibrationStage.STANDING: references(STAND)})
SEEN_FROM_THE_FRONT = Baseline({CalibrationStage.SITTING_TALL: references(Bust())})
