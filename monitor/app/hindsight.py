"""What a recording shows, looked at as a whole: who turns out to live was there from their first picture on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from monitor.core.body.geometry import distance
from monitor.core.body.landmarks import L
from monitor.core.body.plausibility import body_size
from monitor.core.body.pose import Observation
from monitor.core.camera.presence import same_body
from monitor.core.vocabulary import Reason
from monitor.ports import Frame

# Somebody who lives is seen to move within as many samples; later than that nothing waits (8 s at five a second).
MOST = 40
# In a recording that ends before it is known: a head that went this far (body sizes) lives; landmarks jitter by less [E].
ALIVE = 0.03


def with_hindsight(frames: Iterable[Frame], detect: Callable[[Frame], Observation]) -> Iterator[tuple[Frame, Observation]]:
    """Each frame with what is seen in it, held back while a body is not yet known to live.

    What turns out to be furniture never was a person.
    """
    held: list[tuple[Frame, Observation]] = []
    for frame in frames:
        seen = detect(frame)
        if seen.why is Reason.NOT_SEEN_TO_MOVE and len(held) < MOST:
            held.append((frame, seen))
            continue
        yield from _told(held, seen)
        held = []
        yield frame, seen
    if held and _moved(held[0][1], held[-1][1]):
        yield from _told(held, _believed(held[-1][1]))
    else:
        yield from held


def _told(held: list[tuple[Frame, Observation]], then: Observation) -> Iterator[tuple[Frame, Observation]]:
    told = list[tuple[Frame, Observation]]()
    for frame, seen in reversed(held):
        if then.pose is not None and same_body(body := _believed(seen), then, lost=False):
            then = body
            told.append((frame, body))
        else:
            told.append((frame, replace(seen, why=Reason.NOT_A_PERSON) if then.why is Reason.NOT_A_PERSON else seen))
    return reversed(told)


def _believed(seen: Observation) -> Observation:
    return Observation(seen.t, seen.withheld)


def _moved(first: Observation, last: Observation) -> bool:
    if first.withheld is None or last.withheld is None:
        return False
    return bool(distance(first.withheld.xy[L.NOSE], last.withheld.xy[L.NOSE]) > ALIVE * body_size(last.withheld))
