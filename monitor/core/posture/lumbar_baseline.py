"""The lumbar angle relative to the person's own range: between slump and tall sitting, and the change from standing.

The angle differs by 9 to 13 deg between people (science.md 1.7) and clothes add to it, so an absolute angle says little; the
position in the person's own range says more.  In sitting flexion matters: a curve close to the person's own slump.  A back more
hollow than usual is reported for standing only (science.md 1.9).
"""

import math
from collections.abc import Callable, Mapping

from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference, References
from monitor.core.posture.readings import Reading, Readings
from monitor.core.vocabulary import Reason

LORDOSIS, INDEX, CHANGE = "lumbar_lordosis", "lumbar_index", "lumbar_change"
# Two windows of one still back differ by up to 3 deg (two sd of 1.5): a range below twice that is not usable.
SMALLEST_RANGE_DEG = 6.0


def with_own_back(readings: Readings, baseline: Baseline) -> Readings:
    """The readings, with ``lumbar_index`` and ``lumbar_change`` where the angle was read and the person calibrated it."""
    lordosis = readings.get(LORDOSIS)
    if lordosis is None or not lordosis.measured:
        return readings
    return {**readings, **{name: relate(lordosis, baseline) for name, relate in _OWN.items() if name in readings}}


def own_references(stages: Mapping[CalibrationStage, References]) -> dict[CalibrationStage, References]:
    """The calibrated stages with their values by definition: index 1 sitting tall, change 0 deg standing."""
    baseline = Baseline(stages)
    added = {CalibrationStage.SITTING_TALL: (INDEX, 1.0, own_range(baseline)), CalibrationStage.STANDING: (CHANGE, 0.0, 1.0)}
    return {stage: _with(references, *added[stage]) if stage in added else references for stage, references in stages.items()}


def own_range(baseline: Baseline) -> float:
    """The person's range from slump to tall sitting (deg); NaN where not calibrated or too small."""
    size = baseline.level(CalibrationStage.SITTING_TALL, LORDOSIS) - baseline.level(CalibrationStage.SITTING_RELAXED, LORDOSIS)
    return size if size >= SMALLEST_RANGE_DEG else math.nan


def _with(references: References, name: str, center: float, scale: float) -> References:
    angle = references.get(LORDOSIS)
    if angle is None or math.isnan(scale):
        return references
    return {**references, name: Reference(center, angle.spread / scale, angle.n)}


def _index(lordosis: Reading, baseline: Baseline) -> Reading:
    size, slumped = own_range(baseline), baseline.level(CalibrationStage.SITTING_RELAXED, LORDOSIS)
    if math.isnan(size):
        known = not math.isnan(slumped - baseline.level(CalibrationStage.SITTING_TALL, LORDOSIS))
        return Reading(why=Reason.OWN_RANGE_TOO_SMALL if known else Reason.NOT_CALIBRATED)
    return Reading((lordosis.value - slumped) / size, None, lordosis.sd / size)


def _change(lordosis: Reading, baseline: Baseline) -> Reading:
    standing = baseline.level(CalibrationStage.STANDING, LORDOSIS)
    return Reading(why=Reason.NOT_CALIBRATED) if math.isnan(standing) else Reading(lordosis.value - standing, None, lordosis.sd)


_OWN: Mapping[str, Callable[[Reading, Baseline], Reading]] = {INDEX: _index, CHANGE: _change}
