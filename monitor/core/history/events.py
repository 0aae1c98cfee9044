"""Bouts and minutes as rows that people who measure activity know: start, duration, state; and epochs of a minute."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from monitor.core.history.epochs import certainty_of, epochs
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity

EVENT_COLUMNS = ("start", "duration_s", "state", "source", "certainty", "why")
EPOCH_COLUMNS = ("timestamp", *(f"{kind}_s" for kind in Activity))


def event_rows(
    bouts: Iterable[Bout], sources: Sequence[tuple[float, str]], iso: Callable[[float], str]
) -> Iterator[tuple[object, ...]]:
    """A row of ``EVENT_COLUMNS`` for each bout; ``sources`` are what was watched from when on (POSIX s), oldest first."""
    begun = [start for start, _ in sources]
    for bout in bouts:
        at = bisect_right(begun, bout.start) - 1
        source = sources[at][1] if at >= 0 else None
        yield iso(bout.start), round(bout.seconds, 3), bout.activity, source, certainty_of(bout), bout.why


def epoch_rows(bouts: Iterable[Bout], iso: Callable[[float], str]) -> Iterator[tuple[object, ...]]:
    """A row of ``EPOCH_COLUMNS`` for each minute of which a part lies in a bout: the seconds (s) of each state."""
    for epoch in epochs(bouts):
        yield iso(epoch.start), *(round(epoch.seconds[kind], 3) for kind in Activity)
