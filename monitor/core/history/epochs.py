"""Bouts by the minute, cut to a period, and without the time covered by another record."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import MINUTE_S
from monitor.core.vocabulary import Activity


class Certainty(StrEnum):
    """How surely the activity of a bout is known."""

    SEEN = "seen"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


def certainty_of(bout: Bout) -> Certainty:
    """Whether its activity was seen, taken for granted (sitting, of which only head and shoulders showed), or is not known."""
    if bout.activity is Activity.UNKNOWN:
        return Certainty.UNKNOWN
    return Certainty.ASSUMED if bout.assumed else Certainty.SEEN


@dataclass(frozen=True, slots=True)
class Epoch:
    """The minute that began at ``start`` (POSIX s): seconds of each activity, together at most sixty."""

    start: float
    seconds: Mapping[Activity, float]


def epochs(bouts: Iterable[Bout]) -> Iterator[Epoch]:
    """The minutes of which a part lies in a bout, in order of time, like the bouts, which do not overlap.

    Only the minutes of one bout are held, so that those of years take no memory.
    """
    minutes: defaultdict[float, dict[Activity, float]] = defaultdict(lambda: dict.fromkeys(Activity, 0.0))
    for bout in bouts:
        start = bout.start - bout.start % MINUTE_S
        yield from [Epoch(over, minutes.pop(over)) for over in sorted(minutes) if over < start]
        while start < bout.end:
            minutes[start][bout.activity] += min(bout.end, start + MINUTE_S) - max(bout.start, start)
            start += MINUTE_S
    yield from (Epoch(start, minutes[start]) for start in sorted(minutes))


def cut(bouts: Iterable[Bout], start: float, end: float) -> list[Bout]:
    """The parts of bouts that lie from ``start`` to ``end`` (POSIX s), in their order; empty ones are left out."""
    within = (replace(b, start=max(b.start, start), end=min(b.end, end)) for b in bouts if b.end > start and b.start < end)
    return [bout for bout in within if bout.seconds > 0]


class Covered:
    """The time covered by some bouts; ``without`` gives the parts of others outside it, so that nothing counts twice."""

    def __init__(self, bouts: Sequence[Bout] = ()) -> None:
        self._spans: list[tuple[float, float]] = []
        self.add(bouts)

    def add(self, bouts: Iterable[Bout]) -> None:
        """Add the time of these bouts."""
        joined: list[tuple[float, float]] = []
        for start, end in sorted([*self._spans, *((b.start, b.end) for b in bouts)]):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        self._spans = joined

    def __bool__(self) -> bool:
        """Whether any time is covered."""
        return bool(self._spans)

    def holds(self, t: float) -> bool:
        """Whether ``t`` (POSIX s) is covered."""
        return any(start <= t < end for start, end in self._spans)

    def without(self, bouts: Iterable[Bout]) -> list[Bout]:
        """The parts of ``bouts`` outside the covered time, in order."""
        return [part for bout in bouts for part in self._free(bout)]

    def _free(self, bout: Bout) -> list[Bout]:
        edges = [-math.inf, *(edge for span in self._spans for edge in span), math.inf]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        return [part for start, end in gaps for part in cut([bout], start, end)] if bout.seconds > 0 else []
