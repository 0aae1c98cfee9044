"""The fit: laws of its numbers, then every stage that must be refused, told in scenes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.consistency import check_against
from calibration.fit import baseline_of, fit, reference, view_in
from calibration.hints import ADVICE
from calibration.samples import samples_of
from calibration.stages import RULES
from monitor.core.body.landmarks import LANDMARKS, L
from monitor.core.body.pose import Observation, Pose
from monitor.core.errors import CalibrationError, NotEnoughData, PosesTooAlike, TooDark, Unsteady, WrongView
from monitor.core.posture.baseline import CalibrationStage, judge
from monitor.core.posture.readings import measure
from monitor.core.posture.signals import SIGNALS
from monitor.core.vocabulary import Reason, View
from monitor.testing import SIT, Body, Bust, scene
from monitor.texts.catalogue import label, reason

TALL, RELAXED, STANDING = (RULES[stage] for stage in CalibrationStage)
numbers = st.lists(st.floats(-180, 180).map(lambda x: round(x, 4)), min_size=1, max_size=40)


def hold(pose, seconds=6.0, period_s=0.2):
    return [Observation(i * period_s, pose) for i in range(round(seconds / period_s))]


def fitted(rule, *takes):  # noqa: ANN002
    return fit(rule, [samples_of(rule, take) for take in takes])


def pictures(pose):
    return [[Observation(0.0, pose)]] * 3


def mirrored(pose):
    xy = pose.xy * [-1, 1] + [pose.aspect, 0]
    order = np.arange(LANDMARKS)
    for left in L:
        if left.name.startswith("LEFT_"):
            right = L[left.name.replace("LEFT", "RIGHT")]
            order[[left, right]] = right, left
    return Pose(xy[order], pose.visibility[order], pose.aspect, -pose.turn_deg)


# --- laws --------------------------------------------------------------------------------------------------------


@given(numbers, st.randoms())
def test_the_order_of_the_readings_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))

    assert reference(values) == reference(shuffled)


@given(numbers)
def test_readings_that_come_twice_change_only_their_number(values):
    once, twice = reference(values), reference(values * 2)

    assert (once.center, once.spread, 2 * once.n) == (twice.center, twice.spread, twice.n)


@given(numbers, st.floats(-100, 100))
def test_the_center_moves_with_the_readings_and_the_spread_stays(values, shift):
    before, after = reference(values), reference([v + shift for v in values])

    assert after.center == pytest.approx(before.center + shift, abs=1e-9)
    assert after.spread == pytest.approx(before.spread, abs=1e-9)


@given(numbers, st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_fewer_strays_than_readings_leave_the_center_among_the_readings(values, strays):
    strays = strays[: len(values) - 1]

    assert min(values) <= reference(values + strays).center <= max(values)


@given(st.floats(-25, 25), st.floats(-10, 40))
def test_facing_the_other_way_gives_the_same_references(lean, neck):
    pose = Body(lean=lean, neck=neck).pose()

    home, there = (fitted(TALL, *pictures(seen)).references for seen in (pose, mirrored(pose)))

    assert home.keys() == there.keys()
    assert [r.center for r in home.values()] == pytest.approx([r.center for r in there.values()], abs=0.05)


@given(st.floats(-5, 5))
def test_a_mirrored_webcam_flips_the_tilts_and_nothing_else(tilt):
    pose = Bust(tilt=tilt).pose()

    home, there = (fitted(TALL, *pictures(seen)).references for seen in (pose, mirrored(pose)))

    for name, one in home.items():
        sign = -1 if name.endswith("tilt") else 1
        assert one.center == pytest.approx(sign * there[name].center, abs=0.05)


@pytest.mark.parametrize(("pose", "view"), [(SIT.pose(), View.SIDE), (Bust().pose(), View.FRONT)])
def test_a_still_person_gives_the_pipelines_own_raw_numbers(pose, view):
    result = fitted(TALL, hold(pose))
    measured = {name: r.value for name, r in measure(pose, view).items() if r.measured}

    assert view is result.view is view_in(baseline_of([result]))
    assert measured == {name: r.center for name, r in result.references.items()}
    assert {0.0} == {r.spread for r in result.references.values()}


# --- what is enough ----------------------------------------------------------------------------------------------


def test_five_seconds_of_stream_are_enough_and_less_is_not():
    assert fitted(TALL, hold(SIT.pose(), 5.0)).references["trunk_inclination"].n == 25

    with pytest.raises(NotEnoughData, match=r"Sitting tall needs 5 s of video or 3 pictures, and was given 4\.8 s"):
        fitted(TALL, hold(SIT.pose(), 4.8))


def test_three_pictures_are_enough_and_two_are_not():
    picture = [Observation(0.0, SIT.pose())]

    assert fitted(TALL, picture, picture, picture).references["trunk_inclination"].n == 3

    with pytest.raises(NotEnoughData, match=r"was given 2 picture\(s\)"):
        fitted(TALL, picture, picture)


def test_two_halves_of_a_stage_add_up():
    assert fitted(TALL, scene("sit 2.6s"), scene("sit 2.6s")).by_legs


def test_a_time_lapse_does_not_count_its_pauses():
    with pytest.raises(NotEnoughData):
        fitted(TALL, hold(SIT.pose(), 20.0, period_s=10.0))


def test_a_glance_aside_leaves_the_references_alone():
    quiet = fitted(TALL, scene("sit 6s")).references
    restless = fitted(TALL, scene("sit 3s, slouch 0.6s, away 0.4s, sit 3s")).references

    assert {name: r.center for name, r in quiet.items()} == {name: r.center for name, r in restless.items()}


def test_a_signal_seen_in_less_than_half_of_the_looks_has_no_reference():
    pose = SIT.pose()
    no_feet = replace(pose, visibility=np.where(np.isin(range(LANDMARKS), [L.LEFT_ANKLE, L.RIGHT_ANKLE]), 0.1, pose.visibility))
    two_in_three = [Observation(o.t, no_feet if i % 3 else pose) for i, o in enumerate(hold(pose))]

    assert {"knee_angle"} == fitted(TALL, hold(pose)).references.keys() - fitted(TALL, two_in_three).references.keys()


# --- what is refused ---------------------------------------------------------------------------------------------

REFUSED = [
    (TALL, "away 8s", NotEnoughData, ["0.0 s", "8.0 s", reason(Reason.NOBODY)]),
    (TALL, "sit 2s, away 6s", NotEnoughData, ["2.0 s", "8.0 s", reason(Reason.NOBODY)]),
    (TALL, "dark 8s", TooDark, [reason(Reason.TOO_DARK), ADVICE[Reason.TOO_DARK]]),
    (TALL, "stand 8s", NotEnoughData, [reason(Reason.STANDING_SEEN), ADVICE[Reason.STANDING_SEEN]]),
    (STANDING, "sit 8s", NotEnoughData, [reason(Reason.SITTING_SEEN), ADVICE[Reason.SITTING_SEEN]]),
    (STANDING, "walk 8s", NotEnoughData, [reason(Reason.MOVING), ADVICE[Reason.MOVING]]),
    (TALL, "sit 4s, slouch 4s", Unsteady, [label("trunk_inclination"), "30 deg"]),
    (TALL, "face 5s, close 3s", Unsteady, [label("head_height"), "8%"]),
    (TALL, "sit 4s, face 4s", WrongView, []),
]


@pytest.mark.parametrize(("rule", "script", "error", "named"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_stage_that_cannot_be_used_is_refused_by_name(rule, script, error, named):
    with pytest.raises(error, match=f"^{rule.title}.*") as caught:
        fitted(rule, scene(script))

    assert type(caught.value) is error
    assert "\n" not in str(caught.value)
    assert [words for words in named if words not in str(caught.value)] == []


def test_a_person_seen_obliquely_is_asked_to_turn():
    with pytest.raises(WrongView, match=ADVICE[Reason.SEEN_OBLIQUELY]):
        fitted(TALL, hold(replace(SIT.pose(), turn_deg=45.0)))


def test_a_slow_slump_is_not_steady():
    slump = [Observation(i * 0.2, Body(lean=i).pose()) for i in range(30)]

    with pytest.raises(Unsteady, match=label("trunk_inclination")):
        fitted(TALL, slump)


def test_pictures_of_different_moments_may_differ_more_than_a_stream():
    leans = [Observation(0.0, Body(lean=lean).pose()) for lean in (-12, 0, 12)]

    assert fitted(TALL, *[[one] for one in leans]).references["trunk_inclination"].center == pytest.approx(0, abs=0.1)


def test_a_body_without_head_and_trunk_gives_nothing_to_judge():
    pose = SIT.pose()
    hidden = [L.LEFT_SHOULDER, L.RIGHT_SHOULDER]
    legs_only = replace(pose, visibility=np.where(np.isin(range(LANDMARKS), hidden), 0.1, pose.visibility))

    with pytest.raises(NotEnoughData, match=reason(Reason.SHOULDERS_HIDDEN)):
        fitted(TALL, hold(legs_only))


# --- stages beside each other ------------------------------------------------------------------------------------

SIDE = fitted(TALL, scene("sit 6s"))
FRONT = fitted(TALL, hold(Bust().pose()))
ALIKE = [
    (SIDE, RELAXED, SIT, PosesTooAlike, "looks like sitting tall .*skip this stage if this is how you sit"),
    (SIDE, RELAXED, Body(lean=4.0), PosesTooAlike, "looks like sitting tall"),
    (SIDE, RELAXED, Bust(), WrongView, "from the front, sitting tall from the side; use the same side"),
    (FRONT, STANDING, Bust(), PosesTooAlike, "neither the legs nor the head's height or size differ.*camera rises"),
    (FRONT, STANDING, Bust(height=0.70), PosesTooAlike, "Standing looks like sitting tall"),
]
DIFFERENT = [
    (SIDE, RELAXED, Body(lean=8.0)),
    (SIDE, RELAXED, Body(lean=-15.0)),
    (SIDE, STANDING, Body(thigh=2.0)),
    (FRONT, RELAXED, Bust(height=0.6, neck=0.55)),
    (FRONT, STANDING, Bust(height=0.9)),
    (FRONT, STANDING, Bust(width=0.4)),
]


@pytest.mark.parametrize(("before", "rule", "body", "error", "says"), ALIKE, ids=str)
def test_a_stage_that_does_not_go_with_sitting_tall_is_refused(before, rule, body, error, says):
    with pytest.raises(error, match=says):
        check_against(fitted(rule, hold(body.pose())), [before])


@pytest.mark.parametrize(("before", "rule", "body"), DIFFERENT, ids=str)
def test_a_stage_that_differs_is_welcome_in_either_order(before, rule, body):
    new = fitted(rule, hold(body.pose()))

    check_against(new, [before])
    check_against(before, [new])


def test_who_sits_as_calibrated_is_in_tolerance_and_who_slouches_is_not():
    references = SIDE.references

    assert judge(measure(SIT.pose(), View.SIDE), references).state == "ok"
    assert judge(measure(Body(lean=30.0).pose(), View.SIDE), references).state == "off"


def test_settings_that_judge_nothing_still_calibrate():
    measured_only = [replace(s, tolerance=None) for s in SIGNALS]
    take = samples_of(TALL, scene("sit 6s"), measured_only)

    assert SIDE.references == fit(TALL, [take], measured_only).references


def test_every_refusal_is_a_calibration_error():
    assert all(issubclass(row[2], CalibrationError) for row in REFUSED)
