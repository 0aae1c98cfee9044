"""The lower back against the person's own: where it is between their slump and their tall sitting, how far from their standing.

The angle differs by 9 to 13 deg between people (science.md 1.7) and clothes add to it, so a number alone tells nobody much; the
person's own range does.  Sitting, what matters is flexion: close to one's own slump.  That a back is more hollow than usual is
said only of standing (science.md 1.9).
"""

import math
from collections.abc import Callable, Mapping

from monitor.core.posture.baseline import Baseline, Reference, References, Stage
from monitor.core.posture.readings import NOT_CALIBRATED, Reading, Readings

LORDOSIS, INDEX, CHANGE = "lumbar_lordosis", "lumbar_index", "lumbar_change"
# Two windows of one still back differ by up to 3 deg (two spreads of 1.5): a range under twice that is no range.
SMALLEST_RANGE_DEG = 6.0


def with_own_back(readings: Readings, baseline: Baseline) -> dict[str, Reading]:
    """The readings, with ``lumbar_index`` and ``lumbar_change`` where the angle was read and the person calibrated it."""
    here = readings.get(LORDOSIS)
    if here is None or not here.measured:
        return dict(readings)
    return {**readings, **{name: relate(here, baseline) for name, relate in _OWN.items() if name in readings}}


def own_references(stages: Mapping[Stage, References]) -> dict[Stage, References]:
    """The calibrated stages with what they mean for the index and the change: 1 sitting tall, 0 deg standing."""
    baseline = Baseline(stages)
    added = {Stage.SITTING_TALL: (INDEX, 1.0, own_range(baseline)), Stage.STANDING: (CHANGE, 0.0, 1.0)}
    return {stage: _with(references, *added[stage]) if stage in added else references for stage, references in stages.items()}


def own_range(baseline: Baseline) -> float:
    """From the person's slump to their tall sitting (deg); NaN where not calibrated, or too little to tell them apart."""
    size = baseline.level(Stage.SITTING_TALL, LORDOSIS) - baseline.level(Stage.SITTING_RELAXED, LORDOSIS)
    return size if size >= SMALLEST_RANGE_DEG else math.nan


def _with(references: References, name: str, center: float, scale: float) -> References:
    angle = references.get(LORDOSIS)
    if angle is None or math.isnan(scale):
        return references
    return {**references, name: Reference(center, angle.spread / scale, angle.n)}


def _index(here: Reading, baseline: Baseline) -> Reading:
    size, slumped = own_range(baseline), baseline.level(Stage.SITTING_RELAXED, LORDOSIS)
    if math.isnan(size):
        known = not math.isnan(slumped - baseline.level(Stage.SITTING_TALL, LORDOSIS))
        return Reading(why="own range too small" if known else NOT_CALIBRATED)
    return Reading((here.value - slumped) / size, None, here.sd / size)


def _change(here: Reading, baseline: Baseline) -> Reading:
    standing = baseline.level(Stage.STANDING, LORDOSIS)
    return Reading(why=NOT_CALIBRATED) if math.isnan(standing) else Reading(here.value - standing, None, here.sd)


_OWN: Mapping[str, Callable[[Reading, Baseline], Reading]] = {INDEX: _index, CHANGE: _change}
