"""What a calibration keeps of the lower back."""

import pytest
from backs import sitting, standing

from calibration.consistency import check_against
from calibration.fit import baseline_of, fit
from calibration.samples import samples_of
from calibration.stages import RULES
from monitor.core.back.lumbar_window import reading_of
from monitor.core.body.pose import Observation
from monitor.core.errors import PosesTooAlike
from monitor.core.posture.baseline import CalibrationStage
from monitor.core.posture.lumbar_baseline import CHANGE, INDEX, LORDOSIS

TALL, SLUMPED = sitting(hollow=0.06), sitting(hollow=-0.02)


def fitted(stage, pose):
    return fit(RULES[stage], [samples_of(RULES[stage], [Observation(i * 0.2, pose) for i in range(30)])])


def test_the_stages_keep_the_angle_and_what_it_means_for_the_index():
    stages = {
        CalibrationStage.SITTING_TALL: TALL,
        CalibrationStage.SITTING_RELAXED: SLUMPED,
        CalibrationStage.STANDING: standing(),
    }
    baseline = baseline_of(fitted(stage, pose) for stage, pose in stages.items())

    for stage, pose in stages.items():
        assert baseline.level(stage, LORDOSIS) == pytest.approx(reading_of(pose).lordosis_deg)
    assert baseline.level(CalibrationStage.SITTING_TALL, INDEX) == 1.0
    assert baseline.level(CalibrationStage.STANDING, CHANGE) == 0.0
    assert INDEX not in baseline.stages[CalibrationStage.STANDING]
    assert CHANGE not in baseline.stages[CalibrationStage.SITTING_TALL]


def test_a_stage_without_a_back_to_see_keeps_none():
    hidden = sitting(valid=False, reason="chair")

    assert LORDOSIS not in fitted(CalibrationStage.SITTING_TALL, hidden).references


def test_two_sitting_stages_may_differ_in_the_lower_back_alone():
    check_against(fitted(CalibrationStage.SITTING_RELAXED, SLUMPED), [fitted(CalibrationStage.SITTING_TALL, TALL)])
    with pytest.raises(PosesTooAlike):
        check_against(fitted(CalibrationStage.SITTING_RELAXED, TALL), [fitted(CalibrationStage.SITTING_TALL, TALL)])
