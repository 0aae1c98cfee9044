"""The card of warning signs against the table of the science notes (4.5), written down here once more, by hand."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.advice import library
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Urgency, read_card
from monitor.advice.triage import answer, triage
from monitor.core.errors import ConfigError

CARD = library.card()
R, O, Y, NONE = Urgency.RED, Urgency.ORANGE, Urgency.YELLOW, None  # noqa: E741  # as the table has them
N, T1, T2, T3, A = PregnancyStage
# A line a symptom: not pregnant, first, second, third, after a birth.  A star: more careful than the table, which has no cell.
TABLE = {
    "heavy_bleeding": (R, R, R, R, R),
    "light_bleeding": (NONE, O, O, O, NONE),
    "one_sided_tummy_pain": (NONE, O, NONE, NONE, NONE),
    "shoulder_tip_pain": (NONE, R, NONE, NONE, NONE),
    "fainting": (NONE, R, O, O, O),  # * second, third, after
    "dizziness": (NONE, O, O, O, O),  # * second, third, after
    "severe_tummy_pain": (R, R, R, R, R),
    "hard_tummy": (R, R, R, R, R),
    "severe_back_pain": (Y, O, O, O, Y),  # * the two Y
    "waves": (NONE, O, O, O, NONE),
    "period_cramps": (NONE, O, O, O, NONE),
    "pelvic_pressure": (NONE, O, O, O, NONE),
    "tightenings": (NONE, O, O, O, NONE),
    "fluid_leak": (NONE, O, O, O, NONE),
    "coloured_fluid": (NONE, O, R, R, NONE),
    "something_felt": (NONE, O, R, R, NONE),
    "baby_moves_less": (NONE, NONE, O, O, NONE),
    "fever": (O, O, O, O, O),  # * not pregnant, after; so the next three
    "shivering": (O, O, O, O, O),
    "burning_pee": (O, O, O, O, O),
    "side_pain": (O, O, O, O, O),
    "very_unwell": (R, R, R, R, R),  # * by itself
    "bad_headache": (NONE, O, R, R, R),  # * after; so the next three
    "vision_changes": (NONE, O, R, R, R),
    "pain_under_ribs": (NONE, O, R, R, R),
    "sudden_swelling": (NONE, O, R, R, R),
    "mild_swelling": (NONE, O, O, O, NONE),  # * first
    "chest_pain": (R, R, R, R, R),
    "breathless": (R, R, R, R, R),
    "fast_heart": (R, R, R, R, R),
    "swollen_leg": (O, O, O, O, O),
    "saddle_numbness": (R, R, R, R, R),
    "bladder_trouble": (R, R, R, R, R),
    "bowel_trouble": (R, R, R, R, R),
    "both_legs": (R, R, R, R, R),
    "weak_leg": (O, O, O, O, O),
    "accident": (O, O, O, O, O),
    "weight_loss": (O, O, O, O, O),
    "cancer_history": (O, O, O, O, O),
    "night_pain": (O, O, O, O, O),
    "steroids": (O, O, O, O, O),
    "thoughts_of_harm": (R, R, R, R, R),
    "pain_limits_life": (Y, Y, Y, Y, Y),
    "pain_two_weeks": (Y, Y, Y, Y, Y),
    "pelvic_pain": (Y, Y, Y, Y, Y),
    "sciatica": (Y, Y, Y, Y, Y),
    "itching": (NONE, NONE, O, O, NONE),
}
BLEEDING = {"heavy_bleeding", "light_bleeding"}
FLUID = {"fluid_leak", "coloured_fluid", "something_felt"}
PAINS = {"waves", "period_cramps", "tightenings", "severe_back_pain", "severe_tummy_pain", "hard_tummy", "one_sided_tummy_pain"}
# "RED if with ...": one of the first with one of the second, at these stages.
RED_TOGETHER = (
    ({"light_bleeding"}, {"fainting"}, set(PregnancyStage)),
    ({"one_sided_tummy_pain"}, {"severe_back_pain", "severe_tummy_pain", "shoulder_tip_pain", "fainting"}, {T1}),
    ({"waves", "period_cramps", "pelvic_pressure", "tightenings"}, BLEEDING | FLUID | {"severe_back_pain"}, {T2, T3}),
    ({"severe_back_pain"}, BLEEDING | FLUID, {T2, T3}),
    ({"fluid_leak"}, BLEEDING | PAINS | {"fever", "shivering", "coloured_fluid", "something_felt"}, {T2, T3}),
    ({"swollen_leg"}, {"breathless"}, set(PregnancyStage)),
    ({"accident"}, BLEEDING | PAINS | {"baby_moves_less"}, set(PregnancyStage)),
)
every_stage = pytest.mark.parametrize("stage", list(PregnancyStage))
symptom_sets = st.frozensets(st.sampled_from(sorted(TABLE)), max_size=6)
pains = st.none() | st.integers(0, 10)


def level(symptom: str, stage: PregnancyStage) -> Urgency | None:
    return TABLE[symptom][list(PregnancyStage).index(stage)]


def red_together(one: str, other: str, stage: PregnancyStage) -> bool:
    pairs = ((one, other), (other, one))
    return any(stage in stages and a in first and b in second for first, second, stages in RED_TOGETHER for a, b in pairs)


def test_the_card_has_the_lines_of_the_table_and_no_others():
    assert TABLE.keys() == CARD.symptoms.keys()
    assert {line.part for line in CARD.symptoms.values()} == set(CARD.parts)


def test_every_symptom_has_the_level_of_its_cell():
    cells = [(symptom, stage) for symptom in TABLE for stage in PregnancyStage]
    found = {cell: triage(CARD, {cell[0]}, cell[1], None) for cell in cells}

    assert {cell: verdict.urgency for cell, verdict in found.items()} == {cell: level(*cell) for cell in cells}
    assert {cell: v.because for cell, v in found.items()} == {cell: (cell[0],) if level(*cell) else () for cell in cells}
    assert {cell: v.unlisted for cell, v in found.items()} == {cell: () if level(*cell) else (cell[0],) for cell in cells}


@every_stage
def test_every_pair_has_the_highest_level_of_its_parts(stage):
    for pair in combinations(TABLE, 2):
        parts = [level(symptom, stage) for symptom in pair]
        expected = R if red_together(*pair, stage) else max((part for part in parts if part), default=None)

        assert expected == triage(CARD, set(pair), stage, None).urgency, pair


@given(symptom_sets, symptom_sets, st.sampled_from(PregnancyStage), pains)
def test_one_more_symptom_never_lowers_the_level(some, more, stage, pain):
    before, after = triage(CARD, some, stage, pain).urgency, triage(CARD, some | more, stage, pain).urgency

    assert (after or 0) >= (before or 0)


@given(symptom_sets, st.sampled_from(PregnancyStage), st.integers(0, 9))
def test_more_pain_never_lowers_the_level(some, stage, pain):
    assert (triage(CARD, some, stage, pain + 1).urgency or 0) >= (triage(CARD, some, stage, pain).urgency or 0)


@given(symptom_sets, pains)
def test_who_has_not_told_her_stage_gets_the_most_careful_answer(some, pain):
    each = [triage(CARD, some, stage, pain).urgency or 0 for stage in PregnancyStage]

    assert max(each) == (triage(CARD, some, None, pain).urgency or 0)


@every_stage
def test_severe_pain_alone_asks_for_a_call_in_pregnancy(stage):
    assert level("severe_back_pain", stage) == triage(CARD, set(), stage, 7).urgency
    assert triage(CARD, set(), stage, 6).urgency is None


@pytest.mark.parametrize("symptom", ["waves", "period_cramps", "pelvic_pressure", "tightenings"])
def test_strong_pain_in_waves_is_red_from_the_second_stage_on(symptom):
    assert [triage(CARD, {symptom}, stage, 8).urgency for stage in (T1, T2, T3)] == [O, R, R]
    assert [triage(CARD, {symptom}, stage, 4).urgency for stage in (T1, T2, T3)] == [O, O, O]


def test_any_pain_makes_leaking_fluid_and_an_accident_red():
    assert [triage(CARD, {"fluid_leak"}, T3, pain).urgency for pain in (0, 1)] == [O, R]
    assert [triage(CARD, {"accident"}, N, pain).urgency for pain in (0, 1)] == [O, R]
    assert triage(CARD, {"one_sided_tummy_pain"}, T1, 7).urgency is R


def test_the_deciding_symptoms_are_named_in_the_order_of_the_card():
    verdict = triage(CARD, {"sciatica", "chest_pain", "heavy_bleeding", "fever"}, T2, 3)

    assert verdict.because == ("heavy_bleeding", "chest_pain")


@pytest.mark.parametrize("said", ["bleeding a lot", "fevr", "Fever", "i feel fine", ""])
def test_what_is_not_on_the_list_is_refused_and_never_guessed(said):
    with pytest.raises(ConfigError, match="unknown symptom"):
        triage(CARD, {said}, T2, None)


def test_the_nearest_symptom_is_offered():
    with pytest.raises(ConfigError, match="did you mean 'fever'"):
        triage(CARD, {"fevr"}, T2, None)


@pytest.mark.parametrize("pain", [-1, 11])
def test_a_pain_outside_the_scale_is_refused(pain):
    with pytest.raises(ConfigError, match=f"pain {pain} cannot be"):
        triage(CARD, set(), T2, pain)


@given(symptom_sets, st.none() | st.sampled_from(PregnancyStage), pains)
def test_every_answer_says_whom_to_call_and_fits_a_notification(some, stage, pain):
    verdict = triage(CARD, some, stage, pain)
    said = answer(CARD, verdict, stage, {"emergency": "112", "maternity": "01234 567890", "doctor": "09876 543210"})

    assert verdict.call_first == (verdict.urgency in (O, R))
    assert len(said.title.encode("utf-16-le")) // 2 <= 63
    assert len(said.body.encode("utf-16-le")) // 2 <= 255
    assert "{" not in said.title + said.body + said.more
    assert any(number in said.body for number in ("112", "01234 567890", "09876 543210"))


def test_who_is_not_pregnant_is_sent_to_a_doctor_and_others_to_their_midwife():
    numbers = {"maternity": "111-1", "doctor": "222-2"}
    orange = triage(CARD, {"fever"}, T2, None)

    assert "111-1" in answer(CARD, orange, T2, numbers).body
    assert "222-2" in answer(CARD, orange, N, numbers).body
    assert "your maternity unit or midwife now" in answer(CARD, orange, T2, {}).body


def test_nothing_reported_is_no_clean_bill_of_health():
    said = answer(CARD, triage(CARD, set(), T2, 2), T2, {})

    assert "not a check of your health" in said.body


def test_a_card_that_is_not_whole_is_refused():
    with pytest.raises(ConfigError, match="card of warning signs"):
        read_card('limits = []\n[groups]\n[[symptom]]\nid = "x"\nlevels = { any = "purple" }')
