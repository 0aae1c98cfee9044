"""The wizard: a calibration told as it happens, posture by posture and key by key."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from calibration.hints import HEAD_OUT
from calibration.stages import STAGES
from calibration.wizard import ENDED, PATIENCE, TRIES, Phase, Wizard, WizardCommand
from monitor.core.body.pose import Observation
from monitor.core.errors import NotEnoughData
from monitor.core.posture.baseline import CalibrationStage
from monitor.core.vocabulary import Reason
from monitor.testing import SIT, STAND, Body, Bust
from monitor.texts.catalogue import reason

SLUMPED = Body(lean=25.0, neck=30.0)
WELL = {CalibrationStage.SITTING_TALL: SIT, CalibrationStage.SITTING_RELAXED: SLUMPED, CalibrationStage.STANDING: STAND}
START = {Phase.INSTRUCT: WizardCommand.NEXT}
AWAY = Reason.NOBODY


class Person:
    """Takes a posture for each stage and presses a key for each phase; remembers what was shown."""

    def __init__(self, wizard, postures=WELL, keys=START, period_s=0.2) -> None:
        self.wizard, self.postures, self.keys, self.period_s = wizard, postures, keys, period_s
        self.shown = []
        self.t = 1000.0

    def one(self, command=None):
        doing = self.postures[self.shown[-1].rule.stage if self.shown else CalibrationStage.SITTING_TALL]
        obs = Observation(self.t, None, doing) if isinstance(doing, str) else Observation(self.t, doing.pose())
        self.shown.append(self.wizard.step(obs, command))
        self.t += self.period_s
        return self.shown[-1]

    def until(self, *phases, seconds=120.0):  # noqa: ANN002
        end = self.t + seconds
        while self.t < end:
            now = self.one(self.keys.get(self.shown[-1].phase) if self.shown else None)
            if now.phase in phases:
                return now
        pytest.fail(f"no {phases} within {seconds} s, still {now.phase}")

    def phases(self):
        """The phases in order, without repetitions."""
        seen = [(p.number, p.phase) for p in self.shown]
        return [one for i, one in enumerate(seen) if i == 0 or one != seen[i - 1]]


def test_three_stages_well_done_give_a_baseline_of_three_stages():
    person = Person(Wizard())

    person.until(Phase.DONE)

    each = [Phase.INSTRUCT, Phase.COUNTDOWN, Phase.HOLD, Phase.ACCEPTED]
    assert [*((n, phase) for n in (1, 2, 3) for phase in each), (3, Phase.DONE)] == person.phases()
    assert list(CalibrationStage) == list(person.wizard.baseline.stages)
    assert person.wizard.baseline.level(CalibrationStage.SITTING_RELAXED, "trunk_inclination") == pytest.approx(25.0, abs=0.1)


def test_nothing_starts_before_the_person_says_so():
    person = Person(Wizard(), keys={})

    for _ in range(500):
        person.one()

    assert {Phase.INSTRUCT} == {p.phase for p in person.shown}
    assert person.shown[-1].left_s is None


def test_a_countdown_gives_time_to_take_the_posture_and_standing_gets_more():
    person = Person(Wizard())
    person.until(Phase.DONE)

    lengths = {n: [p.left_s for p in person.shown if (p.number, p.phase) == (n, Phase.COUNTDOWN)] for n in (1, 3)}

    assert (max(lengths[1]), max(lengths[3])) == (5.0, 10.0)
    assert lengths[1] == sorted(lengths[1], reverse=True)


def test_only_the_hold_counts_and_it_counts_from_nothing_to_full():
    person = Person(Wizard())
    person.until(Phase.ACCEPTED)

    shares = [p.share for p in person.shown if p.phase is Phase.HOLD]

    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.9 < shares[-1] < 1.0
    person.until(Phase.DONE)
    assert person.wizard.baseline.stages[CalibrationStage.SITTING_TALL]["trunk_inclination"].n == 25


def test_a_hold_waits_for_somebody_who_is_briefly_not_seen():
    person = Person(Wizard())
    person.until(Phase.HOLD)
    person.postures = {CalibrationStage.SITTING_TALL: AWAY}
    for _ in range(10):
        assert person.one().hint == "nobody to be seen"
    person.postures = WELL

    assert person.until(Phase.ACCEPTED, Phase.REJECTED).phase is Phase.ACCEPTED


@pytest.mark.parametrize("command", [WizardCommand.NEXT, WizardCommand.REPEAT])
def test_a_stage_that_failed_says_why_and_can_be_repeated(command):
    person = Person(Wizard(), postures={CalibrationStage.SITTING_TALL: AWAY})

    rejected = person.until(Phase.REJECTED)

    assert reason(Reason.NOBODY) in rejected.message
    assert rejected.actions == {WizardCommand.NEXT: "try again", WizardCommand.QUIT: "quit"}
    held = [p for p in person.shown if p.phase is Phase.HOLD]
    assert len(held) == PATIENCE * 5.0 / person.period_s
    person.postures = WELL
    assert person.one(command).phase is Phase.COUNTDOWN
    assert person.until(Phase.ACCEPTED, Phase.REJECTED).phase is Phase.ACCEPTED


def test_who_sits_the_same_relaxed_may_skip_that_stage():
    person = Person(Wizard(), postures=WELL | {CalibrationStage.SITTING_RELAXED: SIT})

    rejected = person.until(Phase.REJECTED)

    assert "skip this stage if this is how you sit" in rejected.message
    assert person.one(WizardCommand.SKIP).rule.stage is CalibrationStage.STANDING
    person.until(Phase.DONE)
    assert list(person.wizard.baseline.stages) == [CalibrationStage.SITTING_TALL, CalibrationStage.STANDING]


def test_the_required_stage_cannot_be_skipped():
    person = Person(Wizard())

    assert WizardCommand.SKIP not in person.one().actions
    assert person.one(WizardCommand.SKIP).number == 1


def test_an_accepted_stage_can_be_taken_once_more():
    person = Person(Wizard(), postures=WELL | {CalibrationStage.SITTING_TALL: Body(lean=8.0)})
    person.until(Phase.ACCEPTED)
    person.postures = WELL

    assert person.one(WizardCommand.REPEAT).phase is Phase.COUNTDOWN
    person.until(Phase.DONE)
    assert person.wizard.baseline.level(CalibrationStage.SITTING_TALL, "trunk_inclination") == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("phase", [Phase.INSTRUCT, Phase.COUNTDOWN, Phase.HOLD, Phase.ACCEPTED])
def test_quitting_keeps_nothing(phase):
    person = Person(Wizard())
    person.until(phase)

    last = person.one(WizardCommand.QUIT)

    assert (last.phase, last.message) == (Phase.QUIT, "Stopped. Nothing was saved.")
    assert person.wizard.baseline is None
    assert person.one(WizardCommand.NEXT).phase is Phase.QUIT


def test_there_is_no_baseline_before_the_end():
    person = Person(Wizard())

    person.until(Phase.ACCEPTED)

    assert person.wizard.baseline is None


HINTS = [
    (AWAY, "nobody to be seen"),
    (Reason.TOO_DARK, "more light, please"),
    ("camera covered", "camera covered"),
    (replace(SIT, torso=0.08), "come closer"),
    (Bust(width=1.2), "step back"),
    (Bust(height=1.05), HEAD_OUT),
    (STAND, "please sit down for this one"),
    (SIT, None),
    (Bust(), None),
]


@pytest.mark.parametrize(("seen", "hint"), HINTS, ids=str)
def test_a_live_hint_says_what_to_do_better(seen, hint):
    assert hint == Person(Wizard(), postures={CalibrationStage.SITTING_TALL: seen}).one().hint


def test_who_is_seen_obliquely_is_asked_to_turn():
    pose = replace(SIT.pose(), turn_deg=45.0)

    assert Wizard().step(Observation(0.0, pose)).hint == "turn sideways or face the camera"


def test_who_moves_is_asked_to_hold_still():
    wizard = Wizard()
    wizard.step(Observation(0.0, SIT.pose()))

    assert wizard.step(Observation(0.2, replace(SIT, x=0.85).pose())).hint == "hold still"
    assert wizard.step(Observation(0.4, replace(SIT, x=0.852).pose())).hint is None


def test_a_thank_you_carries_no_hint():
    person = Person(Wizard())
    person.until(Phase.ACCEPTED)
    person.postures = {CalibrationStage.SITTING_TALL: AWAY}

    assert (person.one().phase, person.shown[-1].hint) == (Phase.ACCEPTED, None)


# --- where nobody can press a key --------------------------------------------------------------------------------


def test_hands_free_goes_through_all_stages_by_itself():
    person = Person(Wizard(hands_free=True), keys={})

    person.until(Phase.DONE)

    assert len(person.wizard.baseline.stages) == 3


def test_hands_free_leaves_out_an_optional_stage_that_keeps_failing():
    person = Person(Wizard(hands_free=True), postures=WELL | {CalibrationStage.STANDING: SIT}, keys={})

    person.until(Phase.DONE, seconds=240.0)

    assert person.phases().count((3, Phase.REJECTED)) == TRIES
    assert CalibrationStage.STANDING not in person.wizard.baseline.stages


def test_hands_free_gives_up_on_the_required_stage_with_its_reason():
    person = Person(Wizard(hands_free=True), postures={CalibrationStage.SITTING_TALL: AWAY}, keys={})

    with pytest.raises(NotEnoughData, match=reason(Reason.NOBODY)):
        person.until(Phase.DONE)


# --- laws --------------------------------------------------------------------------------------------------------


@examples(4)
@given(
    st.lists(
        st.tuples(st.sampled_from([None, *WizardCommand]), st.sampled_from([SIT, STAND, SLUMPED, AWAY]), st.integers(1, 60)),
        max_size=12,
    )
)
def test_whatever_is_seen_and_pressed_the_wizard_shows_something_sensible(doings):
    wizard, t = Wizard(), 0.0
    for command, doing, times in doings:
        for i in range(times):
            obs = Observation(t, None, doing) if isinstance(doing, str) else Observation(t, doing.pose())
            shown = wizard.step(obs, None if i else command)
            t += 0.2

            assert 0.0 <= shown.share <= 1.0
            assert shown.left_s is None or shown.left_s >= 0.0
            assert shown.message
            assert (wizard.baseline is not None) == (shown.phase is Phase.DONE)
            assert bool(shown.actions) == (shown.phase not in ENDED)


@pytest.mark.parametrize("period_s", [1 / 30, 0.2, 1.0])
def test_the_rate_of_the_camera_changes_no_number(period_s):
    person = Person(Wizard(), period_s=period_s)

    person.until(Phase.DONE)

    assert person.wizard.baseline.level(CalibrationStage.SITTING_TALL, "thigh_inclination") == pytest.approx(90.0, abs=0.1)


def test_every_stage_is_told_kindly_and_only_the_first_is_required():
    assert [rule.required for rule in STAGES] == [True, False, False]
    assert all("skip" in rule.unlike.advice.lower() for rule in STAGES if rule.unlike)
    assert all(rule.instruction.endswith(".") and rule.instruction.isascii() for rule in STAGES)
