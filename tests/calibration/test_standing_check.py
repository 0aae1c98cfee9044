"""The standing check: guided, live and from a clip, refused with what to do."""

from dataclasses import replace

import pytest
from backs import sitting, standing

from calibration.hints import ADVICE, CLEAR, hint_of
from calibration.samples import StageSample
from calibration.standing_check import CHECK, StandingCheck, check_of
from calibration.wizard import Phase, WizardCommand
from monitor.core.back.lumbar_window import reading_of
from monitor.core.body.pose import Observation
from monitor.core.errors import NotEnoughData, WrongView
from monitor.core.posture.readings import Reading
from monitor.core.vocabulary import Reason, View
from monitor.testing import MORNING, Bust
from monitor.texts.catalogue import reason

STILL = standing()


def live(pose, wizard=None, seconds=40.0, key=WizardCommand.NEXT):
    """Everything that is shown while somebody stands there and presses the key at the start."""
    wizard = wizard or StandingCheck()
    shown = []
    for i in range(round(seconds / 0.2)):
        obs = Observation(MORNING + i * 0.2, None, pose) if isinstance(pose, str) else Observation(MORNING + i * 0.2, pose)
        command = key if shown and shown[-1].phase is Phase.INSTRUCT else None
        shown.append(wizard.step(obs, command))
    return wizard, shown


def phases(shown):
    return list(dict.fromkeys(progress.phase for progress in shown))


def clip(pose, seconds=8.0):
    return [Observation(i * 0.2, pose) for i in range(round(seconds / 0.2))]


def test_fifteen_seconds_of_a_free_back_are_a_check():
    wizard, shown = live(STILL)
    check = wizard.check("camera 0")

    assert phases(shown) == [Phase.INSTRUCT, Phase.COUNTDOWN, Phase.HOLD, Phase.ACCEPTED, Phase.DONE]
    assert check.lordosis_deg == reading_of(STILL).lordosis_deg
    assert check.sd_deg < reading_of(STILL).sd_deg
    assert check.frames >= CHECK.hold_s / 0.2
    assert MORNING < check.t < MORNING + 40
    assert shown[-1].message == "All done. Thank you."


@pytest.mark.parametrize(
    ("pose", "hint"),
    [
        (standing(valid=False, reason="arm"), "arms forward, please"),
        (standing(valid=False, reason="hair"), "hair to the front, please"),
        (standing(valid=False, reason="chair"), "step away from the chair"),
        (standing(valid=False, reason="edge"), "tuck in the shirt, before an even wall"),
        (standing(valid=False, reason="out_of_frame"), "step back, so that all of your back shows"),
        (replace(STILL, back=None), ADVICE[Reason.NO_OUTLINE]),
        (replace(STILL, turn_deg=-45.0), ADVICE[Reason.NOT_FROM_THE_SIDE]),
        (Bust().pose(), ADVICE[Reason.NOT_FROM_THE_SIDE]),
        (sitting(), ADVICE[Reason.SITTING_SEEN]),
        (Reason.NOBODY, "nobody to be seen"),
    ],
)
def test_what_keeps_the_back_from_being_read_is_told_at_once(pose, hint):
    wizard, shown = live(pose, seconds=3.0)

    assert shown[-1].hint == hint
    assert wizard.check("camera 0") is None


def test_a_hold_that_never_shows_the_back_says_why_and_what_to_do():
    wizard, shown = live(standing(valid=False, reason="arm"), seconds=60.0)

    rejected = next(progress for progress in shown if progress.phase is Phase.REJECTED)
    assert f"{reason(Reason.BACK_HIDDEN_BY_ARM)}; {ADVICE[Reason.BACK_HIDDEN_BY_ARM]}" in rejected.message
    assert wizard.check("camera 0") is None


def test_a_check_can_be_stopped():
    wizard, shown = live(STILL, key=WizardCommand.QUIT)

    assert shown[-1].phase is Phase.QUIT
    assert wizard.check("camera 0") is None


def test_a_clip_is_a_check_too():
    check = check_of(clip(STILL), "me.mp4", MORNING)

    assert (check.t, check.source, check.frames) == (MORNING, "me.mp4", 40)
    assert check.lordosis_deg == reading_of(STILL).lordosis_deg


@pytest.mark.parametrize(
    ("pose", "trouble", "why"),
    [
        (sitting(), NotEnoughData, Reason.SITTING_SEEN),
        (standing(valid=False, reason="hair"), NotEnoughData, Reason.BACK_HIDDEN_BY_HAIR),
        (Bust().pose(), WrongView, Reason.NOT_FROM_THE_SIDE),
    ],
)
def test_a_clip_that_shows_no_back_is_refused_with_what_to_do(pose, trouble, why):
    with pytest.raises(trouble, match=f"{reason(why)}; {ADVICE[why]}"):
        check_of(clip(pose), "me.mp4", MORNING)


def test_a_backrest_is_told_while_sitting_though_the_stage_can_use_the_sample():
    leaning = Reading(why=Reason.BACK_HIDDEN_BY_CHAIR)
    obs = Observation(0.0, sitting())

    assert hint_of(obs, StageSample(0.0, View.SIDE, {"lumbar_lordosis": leaning})) == CLEAR
    assert hint_of(obs, StageSample(0.0, View.SIDE, {"lumbar_lordosis": Reading(12.0)})) is None
