"""Aggregates per minute and signal: enough to plot a day and to tell how long a posture was sustained."""

import math
from collections import Counter
from dataclasses import dataclass, field

from monitor.core.posture.baseline import Posture
from monitor.core.posture.readings import Readings

MINUTE_S = 60.0
# A hold continues over a missing sample or two, not over a longer gap (s).
_BRIDGE_S = 10.0


@dataclass(frozen=True, slots=True)
class SignalMinute:
    """One signal over one minute: mean (NaN if never measured), seconds measured, judged and out of tolerance.

    ``hold_s`` is the longest the signal had been out without a pause, up to and including this minute; ``why`` is the
    commonest reason for not measuring it.
    """

    mean: float
    measured_s: float
    judged_s: float
    off_s: float
    hold_s: float
    why: str | None


@dataclass(frozen=True, slots=True)
class Minute:
    """The signals of the minute that began at ``start`` (POSIX s, a multiple of 60), while somebody was there."""

    start: float
    signals: dict[str, SignalMinute]


@dataclass(frozen=True, slots=True)
class RunningMinute:
    """The running minute so far; a ``Minute`` of the same start replaces it."""

    minute: Minute


@dataclass(slots=True)
class _Tally:
    total: float = 0.0
    measured_s: float = 0.0
    judged_s: float = 0.0
    off_s: float = 0.0
    hold_s: float = 0.0
    whys: Counter[str] = field(default_factory=Counter)

    def close(self) -> SignalMinute:
        mean = self.total / self.measured_s if self.measured_s else math.nan
        why = max(self.whys, key=self.whys.__getitem__) if self.whys else None
        return SignalMinute(mean, self.measured_s, self.judged_s, self.off_s, self.hold_s, why)


class MinuteAggregator:
    """Aggregates readings; returns a minute when the next one begins."""

    def __init__(self) -> None:
        self._start: float | None = None
        self._tallies: dict[str, _Tally] = {}
        self._holds: dict[str, tuple[float, float]] = {}

    def add(self, t: float, seconds: float, readings: Readings, posture: Posture) -> Minute | None:
        """The minute that this sample completes, if any; the sample counts for ``seconds`` (the time since the one before).

        ``readings`` are empty while nobody is there.
        """
        start = t - t % MINUTE_S
        done = None
        if self._start not in (None, start):
            # The part that lies before this minute, so that no minute has more than sixty seconds.
            early = max(seconds - (t - start), 0.0) if self._tallies else 0.0
            self._count(start, early, readings, posture)
            seconds -= early
            done = self.flush()
        self._start = start
        self._count(t, seconds, readings, posture)
        return done

    def flush(self) -> Minute | None:
        """The running minute, None if nobody was seen in it; clears it."""
        done, self._start, self._tallies = self.so_far(), None, {}
        return done

    def so_far(self) -> Minute | None:
        """The running minute so far, None if nobody was seen in it."""
        if self._start is None or not self._tallies:
            return None
        return Minute(self._start, {name: tally.close() for name, tally in self._tallies.items()})

    def _count(self, t: float, seconds: float, readings: Readings, posture: Posture) -> None:
        tallies = self._tallies
        for name, reading in readings.items():
            tally = tallies.get(name)
            if tally is None:
                tally = tallies[name] = _Tally()
            if reading.value != reading.value:  # NaN
                tally.whys[reading.why or ""] += 1
                continue
            tally.total += reading.value * seconds
            tally.measured_s += seconds
            if name in posture.judged:
                tally.judged_s += seconds
                self._hold(t, seconds, name, tally, name in posture.sustained)

    def _hold(self, t: float, seconds: float, name: str, tally: _Tally, off: bool) -> None:
        if not off:
            self._holds.pop(name, None)
            return
        begun, last = self._holds.get(name, (t - seconds, t))
        if t - last > max(_BRIDGE_S, seconds):
            begun = t - seconds
        self._holds[name] = (begun, t)
        tally.off_s += seconds
        tally.hold_s = max(tally.hold_s, t - begun)
