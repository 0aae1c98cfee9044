"""What a recording shows, looked at as a whole: who turns out to live was there from their first picture on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from monitor.core.body.pose import Observation
from monitor.core.vocabulary import Reason
from monitor.ports import Frame

# Somebody who lives is seen to move within as many samples; later than that nothing waits (8 s at five a second).
MOST = 40


def with_hindsight(
    frames: Iterable[Frame], detect: Callable[[Frame], Observation], engine: object
) -> Iterator[tuple[Frame, Observation]]:
    """Each frame with what is seen in it, held back while a body is not yet known to live.

    The ``engine`` may have ``withheld`` observations of that body.  What turns out to be furniture never was a person.
    """
    held: list[tuple[Frame, Observation]] = []
    for frame in frames:
        seen = detect(frame)
        if seen.why is Reason.NOT_SEEN_TO_MOVE and len(held) < MOST:
            held.append((frame, seen))
            continue
        yield from _told(held, seen, getattr(engine, "withheld", ()))
        held = []
        yield frame, seen
    # The recording is over: what has moved at all is believed.
    bodies = {body.t: body for body in getattr(engine, "withheld", ())}
    yield from ((frame, bodies.get(seen.t, seen)) for frame, seen in held)


def _told(
    held: Iterable[tuple[Frame, Observation]], then: Observation, withheld: Iterable[Observation]
) -> Iterator[tuple[Frame, Observation]]:
    bodies = {body.t: body for body in withheld} if then.pose is not None else {}
    for frame, seen in held:
        lifeless = replace(seen, why=Reason.NOT_A_PERSON) if then.why is Reason.NOT_A_PERSON else seen
        yield frame, bodies.get(seen.t, lifeless)
