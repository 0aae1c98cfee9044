"""The person's own reference, and how present readings compare with it.

People are not compared with each other: the evidence shows no posture that is right for all (science.md 1.7, 6).  A signal is out
of tolerance when it has left the person's own calibrated value by more than its tolerance, in the direction that a source names.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from monitor.core.posture.readings import Reading, Readings
from monitor.core.posture.signals import SIGNALS, Direction, Signal
from monitor.core.vocabulary import Activity, Reason


class CalibrationStage(StrEnum):
    """A posture that the person holds while calibrating."""

    SITTING_TALL = "sitting_tall"
    SITTING_RELAXED = "sitting_relaxed"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Reference:
    """Median and robust spread (1.4826 MAD) of one signal in one stage, from ``n`` readings; raw units."""

    center: float
    spread: float
    n: int


References: TypeAlias = Mapping[str, Reference]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The references of every calibrated stage."""

    stages: Mapping[CalibrationStage, References] = field(default_factory=dict)

    def of(self, activity: Activity) -> References:
        """The references for this activity by signal; empty where none were calibrated."""
        stage = _JUDGED_AGAINST.get(activity)
        return self.stages.get(stage, _NO_REFERENCES) if stage else _NO_REFERENCES

    def level(self, stage: CalibrationStage, signal: str) -> float:
        """The calibrated median of a signal, NaN if that stage has none."""
        reference = self.stages.get(stage, _NO_REFERENCES).get(signal)
        return reference.center if reference else math.nan


_NO_REFERENCES: References = MappingProxyType({})
_JUDGED_AGAINST = {Activity.SITTING: CalibrationStage.SITTING_TALL, Activity.STANDING: CalibrationStage.STANDING}

# A calibration noisier than the tolerance widens it: three sd contain 99.7 % of still sitting.
SPREADS = 3.0
# Hysteresis: a signal that is out returns only well inside the tolerance (science.md 2.4: release at half of the threshold).
RELEASE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Posture:
    """Which signals were judged and which of them are out of the person's own tolerance; ``why`` if none was judged.

    ``off`` is this sample alone; ``sustained`` also has the signals that were out before and have not returned well inside.
    """

    judged: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    sustained: frozenset[str] = frozenset()
    why: str | None = None

    @property
    def state(self) -> str:
        """The state of this sample: ``ok``, ``off`` or ``unknown``."""
        if not self.judged:
            return "unknown"
        return "off" if self.off else "ok"


_NOT_CALIBRATED = Posture(why=Reason.NOT_CALIBRATED)


def judge(
    readings: Readings, references: References, before: frozenset[str] = frozenset(), signals: Iterable[Signal] = SIGNALS
) -> Posture:
    """How the readings (raw, of any view) compare with the references; ``before`` holds the signals that were out already."""
    if not references:
        return _NOT_CALIBRATED
    shares: list[tuple[Signal, float]] = []
    for s in signals:
        if s.tolerance is None or s.name not in references or not readings[s.name].measured:
            continue
        limit = _limit(s, references)
        if limit > 0:  # not NaN either
            shares.append((s, _excess(s, readings[s.name].value, references[s.name].center) / limit))
    off = _in_company([s for s, share in shares if share > 1])
    sustained = _in_company([s for s, share in shares if share > (RELEASE_SHARE if s.name in before else 1)])
    why = None if shares else Reason.NOTHING_CALIBRATED_SEEN
    return Posture(frozenset(s.name for s, _ in shares), off, sustained, why)


def _in_company(out: list[Signal]) -> frozenset[str]:
    """The names of the signals that are out, empty unless one of them counts alone."""
    return frozenset(s.name for s in out) if any(s.alone for s in out) else frozenset()


def tolerance_band(s: Signal, references: References) -> tuple[float, float, float] | None:
    """The person's own value of a signal and the limits of its tolerance, in its displayed unit.

    A limit is infinite where that side is never out of tolerance; None where the signal is not judged or was not calibrated.
    """
    if s.tolerance is None or s.name not in references:
        return None
    center, limit = references[s.name].center, _limit(s, references)
    if not limit > 0:
        return None
    scale = center if s.as_ratio else 1.0
    low = -math.inf if s.direction is Direction.HIGH else (center - limit) / scale
    high = math.inf if s.direction is Direction.LOW else (center + limit) / scale
    return center / scale, low, high


def relate(readings: Readings, references: References, signals: Iterable[Signal] = SIGNALS) -> Readings:
    """The readings as displayed: signals that are meaningful only as a ratio to the baseline are divided by it."""
    measured = [s.name for s in signals if s.as_ratio and readings[s.name].measured]
    ratios = {name: _as_ratio(readings[name], references.get(name)) for name in measured}
    return {**readings, **ratios} if ratios else readings


def _as_ratio(reading: Reading, reference: Reference | None) -> Reading:
    if reference is None or not reference.center:
        return Reading(why=Reason.NOT_CALIBRATED)
    return Reading(reading.value / reference.center)


def _limit(s: Signal, references: References) -> float:
    center = references[s.name].center
    scale = abs(center) if s.relative or s.as_ratio else 1.0
    if s.in_units_of is not None:
        scale = references[s.in_units_of].center if s.in_units_of in references else math.nan
    return max((s.tolerance or 0.0) * scale, SPREADS * references[s.name].spread)


def _excess(s: Signal, value: float, center: float) -> float:
    change = value - center
    return {Direction.HIGH: change, Direction.LOW: -change, Direction.BOTH: abs(change)}[s.direction]
