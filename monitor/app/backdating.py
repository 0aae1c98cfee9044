"""Back-dated liveness in recordings: a person confirmed as live was there from the first picture on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from monitor.core.body.geometry import distance
from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Observation
from monitor.core.camera.presence import same_body
from monitor.core.vocabulary import Reason
from monitor.ports import Frame

# The number of samples to wait for a movement of a live person (8 s at five a second).
MOST_WAITING = 40
# In a recording that ends before confirmation: a head that moved this far (body sizes) is live; landmark jitter is less [E].
MOVED_SIZES = 0.03


def backdated(frames: Iterable[Frame], detect: Callable[[Frame], Observation]) -> Iterator[tuple[Frame, Observation]]:
    """Each frame with its observation, delayed while the liveness of a body is unknown.

    A body that turns out to be static is reported as not a person from its first frame on.
    """
    waiting: list[tuple[Frame, Observation]] = []
    for frame in frames:
        obs = detect(frame)
        if obs.why is Reason.NOT_SEEN_TO_MOVE and len(waiting) < MOST_WAITING:
            waiting.append((frame, obs))
            continue
        yield from _resolved(waiting, obs)
        waiting = []
        yield frame, obs
    if waiting and _moved(waiting[0][1], waiting[-1][1]):
        yield from _resolved(waiting, _accepted(waiting[-1][1]))
    else:
        yield from waiting


def _resolved(waiting: list[tuple[Frame, Observation]], then: Observation) -> Iterator[tuple[Frame, Observation]]:
    resolved = list[tuple[Frame, Observation]]()
    for frame, obs in reversed(waiting):
        if then.pose is not None and same_body(body := _accepted(obs), then, lost=False):
            then = body
            resolved.append((frame, body))
        else:
            resolved.append((frame, replace(obs, why=Reason.NOT_A_PERSON) if then.why is Reason.NOT_A_PERSON else obs))
    return reversed(resolved)


def _accepted(obs: Observation) -> Observation:
    return Observation(obs.t, obs.withheld)


def _moved(first: Observation, last: Observation) -> bool:
    if first.withheld is None or last.withheld is None:
        return False
    return bool(distance(first.withheld.xy[L.NOSE], last.withheld.xy[L.NOSE]) > MOVED_SIZES * body_size(last.withheld))
