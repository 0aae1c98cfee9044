"""The card of warning signs against its table, written down here once more, by hand: every sign, every pair, and 62 stories."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.advice import library
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import StageWeek, Urgency, read_card
from monitor.advice.triage import answer, triage
from monitor.core.errors import ConfigError

CARD = library.card()
R, O, T, Y, NONE = Urgency.RED, Urgency.ORANGE, Urgency.TODAY, Urgency.YELLOW, None  # noqa: E741  # as the table has them
STAGES = N, T1, T2, T3, A = tuple(PregnancyStage)
# The columns: not pregnant; week 8; 24; 34; 38; two weeks after a birth; half a year after it.
COLUMNS = [(N, None), (T1, 8), (T2, 24), (T3, 34), (T3, 38), (A, 2), (A, 26)]
AT = [StageWeek(*column) for column in COLUMNS]
TABLE = {
    "heavy_bleeding": (R, R, R, R, R, R, R),
    "light_bleeding": (NONE, O, O, O, O, T, T),
    "smelly_loss": (NONE, NONE, NONE, NONE, NONE, O, O),
    "fluid_leak": (NONE, O, O, O, O, T, T),
    "coloured_fluid": (NONE, O, R, R, R, NONE, NONE),
    "something_felt": (NONE, O, R, R, R, NONE, NONE),
    "discharge": (NONE, T, O, O, O, T, T),
    "severe_tummy_pain": (R, R, R, R, R, R, R),
    "hard_tummy": (R, R, R, R, R, R, R),
    "one_sided_tummy_pain": (NONE, O, O, O, O, O, O),
    "shoulder_tip_pain": (NONE, R, O, O, O, O, O),
    "waves": (NONE, O, O, O, O, T, T),
    "period_cramps": (NONE, O, O, O, O, T, T),
    "pelvic_pressure": (NONE, O, O, O, O, T, T),
    "tightenings": (NONE, O, O, O, O, NONE, NONE),
    "urge_to_push": (NONE, NONE, R, R, R, NONE, NONE),
    "baby_moves_less": (NONE, NONE, O, O, O, NONE, NONE),
    "no_movement_yet": (NONE, NONE, O, O, O, NONE, NONE),
    "bad_headache": (R, R, R, R, R, R, R),
    "vision_changes": (T, O, R, R, R, R, R),
    "pain_under_ribs": (NONE, O, R, R, R, R, R),
    "sudden_swelling": (NONE, O, R, R, R, R, R),
    "face_swelling": (NONE, O, O, O, O, O, O),
    "mild_swelling": (NONE, Y, Y, Y, Y, NONE, NONE),
    "fit": (R, R, R, R, R, R, R),
    "fainting": (NONE, O, O, O, O, O, O),
    "dizziness": (NONE, O, O, O, O, O, O),
    "stroke": (R, R, R, R, R, R, R),
    "fever": (O, O, O, O, O, O, O),
    "shivering": (O, O, O, O, O, O, O),
    "burning_pee": (T, T, T, T, T, T, T),
    "blood_in_pee": (T, O, O, O, O, O, O),
    "side_pain": (O, O, O, O, O, O, O),
    "very_unwell": (R, R, R, R, R, R, R),
    "wound": (NONE, NONE, NONE, NONE, NONE, O, O),
    "vomiting": (T, O, O, O, O, T, T),
    "chest_pain": (R, R, R, R, R, R, R),
    "tearing_pain": (R, R, R, R, R, R, R),
    "breathless": (R, R, R, R, R, R, R),
    "fast_heart": (R, R, R, R, R, R, R),
    "cough_blood": (R, R, R, R, R, R, R),
    "swollen_leg": (O, O, O, O, O, O, O),
    "weak_leg": (O, O, O, O, O, O, O),
    "lost_feeling": (R, R, R, R, R, R, R),
    "saddle_numbness": (R, R, R, R, R, R, R),
    "bladder_trouble": (R, R, R, R, R, R, R),
    "bowel_trouble": (R, R, R, R, R, R, R),
    "both_legs": (R, R, R, R, R, R, R),
    "thoughts_of_harm": (R, R, R, R, R, R, R),
    "psychosis": (R, R, R, R, R, R, R),
    "low_mood": (NONE, Y, Y, Y, Y, Y, Y),
    "severe_back_pain": (Y, O, O, O, O, O, Y),
    "low_dull_backache": (Y, Y, O, O, T, Y, Y),
    "pain_limits_life": (Y, Y, Y, Y, Y, Y, Y),
    "pain_two_weeks": (Y, Y, Y, Y, Y, Y, Y),
    "pelvic_pain": (Y, Y, Y, Y, Y, Y, Y),
    "sciatica": (Y, Y, Y, Y, Y, Y, Y),
    "accident": (O, O, O, O, O, O, O),
    "weight_loss": (O, O, O, O, O, O, O),
    "cancer_history": (O, O, O, O, O, O, O),
    "night_pain": (O, O, O, O, O, O, O),
    "steroids": (O, O, O, O, O, O, O),
    "itching": (NONE, T, T, T, T, T, T),
    "yellow_skin": (O, O, O, O, O, O, O),
    "tired_out": (NONE, O, O, O, O, O, O),
}
BLEEDING = {"heavy_bleeding", "light_bleeding"}
BAD_FLUID = {"coloured_fluid", "something_felt"}
FLUID = {"fluid_leak"} | BAD_FLUID
PAINS = {"waves", "period_cramps", "tightenings", "severe_back_pain", "one_sided_tummy_pain"}
LABOUR = {"waves", "period_cramps", "pelvic_pressure", "tightenings"}
FAINT = {"fainting", "dizziness"}
EVERYWHERE = set(range(7))
BEFORE_37, TERM, AFTER, PREGNANT = {2, 3}, {4}, {5, 6}, {1, 2, 3, 4}
# "RED if with": one of the first with one of the second, in these columns.  What is RED by itself need not be named.
RED_TOGETHER = (
    ({"light_bleeding"}, {"fainting"}, EVERYWHERE),
    ({"light_bleeding"}, {"dizziness"}, PREGNANT | AFTER),
    ({"light_bleeding"}, {"severe_back_pain", "fever", "shivering"}, PREGNANT),
    ({"smelly_loss"}, FAINT, AFTER),
    (LABOUR, BLEEDING | FLUID | {"severe_back_pain"}, BEFORE_37),
    (LABOUR, BLEEDING | BAD_FLUID | {"baby_moves_less"}, TERM),
    ({"severe_back_pain"}, FLUID, BEFORE_37),
    ({"fluid_leak"}, BLEEDING | PAINS | BAD_FLUID | {"fever", "shivering"}, BEFORE_37),
    ({"fluid_leak"}, BLEEDING | BAD_FLUID | {"fever", "shivering", "baby_moves_less"}, TERM),
    ({"low_dull_backache"}, BLEEDING | FLUID | {"tightenings"}, BEFORE_37),
    ({"one_sided_tummy_pain"}, FAINT | {"severe_back_pain"}, {1}),
    ({"one_sided_tummy_pain", "shoulder_tip_pain"}, FAINT | BLEEDING, PREGNANT - {1} | AFTER),
    ({"fainting"}, {"period_cramps"}, {1}),
    ({"baby_moves_less"}, BLEEDING, PREGNANT - {1}),
    ({"fever"}, {"weak_leg"}, EVERYWHERE),
    ({"severe_back_pain"}, {"fever", "weak_leg"}, AFTER),
    ({"cancer_history", "steroids"}, {"weak_leg"}, EVERYWHERE),
    ({"accident"}, BLEEDING | FLUID | PAINS, EVERYWHERE),
    ({"accident"}, {"baby_moves_less"}, PREGNANT),
)
ORANGE_TOGETHER = (
    ({"burning_pee"}, {"fever", "shivering", "side_pain"}, EVERYWHERE),
    ({"mild_swelling"}, {"vision_changes"}, PREGNANT),
)
# The card before its review: not pregnant, first, second, third, after a birth; what was lowered since has a page behind it.
BEFORE = {
    "RRRRR": "heavy_bleeding severe_tummy_pain hard_tummy very_unwell chest_pain breathless fast_heart saddle_numbness "
    "bladder_trouble bowel_trouble both_legs thoughts_of_harm",
    "OOOOO": "fever shivering burning_pee side_pain swollen_leg weak_leg accident weight_loss cancer_history night_pain steroids",
    "-OOO-": "waves period_cramps pelvic_pressure tightenings fluid_leak light_bleeding mild_swelling",
    "-ORRR": "bad_headache vision_changes pain_under_ribs sudden_swelling",
    "YYYYY": "pain_limits_life pain_two_weeks pelvic_pain sciatica",
    "-ORR-": "coloured_fluid something_felt",
    "--OO-": "baby_moves_less itching",
    "-O---": "one_sided_tummy_pain",
    "-R---": "shoulder_tip_pain",
    "-ROOO": "fainting",
    "-OOOO": "dizziness",
    "YOOOY": "severe_back_pain",
}
LETTERS = {"R": R, "O": O, "Y": Y, "-": 0}

W8, W24, W38, PP, NOT, UNTOLD = AT[1], AT[2], AT[4], AT[5], AT[0], None
# The week, the pain, what was ticked, the level, and whom the answer names.
STORIES = (
    (W8, 3, "light_bleeding", O, "early pregnancy unit"),
    (W8, 8, "light_bleeding", R, "emergency"),
    (W8, 5, "one_sided_tummy_pain dizziness", R, "emergency"),
    (W8, 5, "light_bleeding dizziness period_cramps", R, "emergency"),
    (W8, 2, "shoulder_tip_pain", R, "emergency"),
    (W8, 4, "one_sided_tummy_pain", O, "early pregnancy unit"),
    (W8, None, "bad_headache vision_changes", R, "emergency"),
    (W8, None, "burning_pee", T, "early pregnancy unit"),
    (W8, None, "mild_swelling", Y, "midwife or doctor"),
    (W8, 6, "fever light_bleeding period_cramps", R, "emergency"),
    (W24, 2, "baby_moves_less", O, "maternity unit"),
    (W24, 2, "baby_moves_less light_bleeding", R, "maternity unit"),
    (W24, 3, "waves", O, "maternity unit"),
    (W24, 7, "waves", R, "maternity unit"),
    (W24, 3, "tightenings fluid_leak", R, "maternity unit"),
    (W24, 0, "fluid_leak", O, "maternity unit"),
    (W24, 5, "fever side_pain burning_pee", O, "maternity unit"),
    (W24, 5, "fever side_pain very_unwell", R, "emergency"),
    (W24, 4, "pain_limits_life sciatica", Y, "midwife or doctor"),
    (W24, 6, "sciatica saddle_numbness", R, "emergency"),
    (W24, 6, "sciatica weak_leg", O, "doctor's urgent line"),
    (W24, 3, "swollen_leg", O, "maternity unit"),
    (W24, 3, "swollen_leg breathless", R, "emergency"),
    (W24, 2, "accident", R, "maternity unit"),
    (W24, 0, "accident fluid_leak", R, "maternity unit"),
    (W24, 0, "itching", T, "maternity unit"),
    (W24, 9, "", O, "maternity unit"),
    (W24, 3, "shoulder_tip_pain", O, "maternity unit"),
    (W24, 3, "one_sided_tummy_pain", O, "maternity unit"),
    (W38, 8, "waves tightenings", O, "maternity unit"),
    (W38, 3, "fluid_leak", O, "maternity unit"),
    (W38, 0, "fluid_leak", O, "maternity unit"),
    (W38, None, "bad_headache", R, "maternity unit"),
    (W38, None, "mild_swelling", Y, "midwife or doctor"),
    (W38, None, "fainting", O, "maternity unit"),
    (W38, 0, "something_felt", R, "maternity unit"),
    (W38, 4, "both_legs", R, "emergency"),
    (W38, 2, "weight_loss", O, "doctor's urgent line"),
    (PP, 8, "", O, "maternity unit"),
    (PP, 4, "fever", O, "maternity unit"),
    (PP, 4, "light_bleeding", T, "maternity unit"),
    (PP, 4, "heavy_bleeding", R, "emergency"),
    (PP, None, "thoughts_of_harm", R, "a crisis line"),
    (PP, 2, "itching", T, "maternity unit"),
    (PP, 5, "fluid_leak", T, "maternity unit"),
    (PP, None, "waves severe_back_pain fever", R, "emergency"),
    (NOT, 2, "accident", R, "emergency"),
    (NOT, 7, "", Y, "your doctor"),
    (NOT, None, "bad_headache", R, "emergency"),
    (UNTOLD, 7, "", O, "your doctor or, if pregnant, your maternity unit"),
    (UNTOLD, None, "fluid_leak", O, "your doctor or, if pregnant, your maternity unit"),
    (W24, None, "dizziness", O, "maternity unit"),
    (W24, 4, "night_pain", O, "maternity unit"),
    (W24, 3, "cancer_history", O, "doctor's urgent line"),
    (W24, 3, "bladder_trouble", R, "emergency"),
    # New signs.
    (W24, 4, "low_dull_backache", O, "maternity unit"),
    (W24, 4, "low_dull_backache tightenings", R, "maternity unit"),
    (W38, 4, "low_dull_backache", T, "maternity unit"),
    (NOT, 4, "lost_feeling", R, "emergency"),
    (PP, None, "psychosis", R, "emergency"),
    (PP, 2, "wound", O, "maternity unit"),
    (AT[6], 2, "smelly_loss", O, "doctor's urgent line"),
    (AT[6], 8, "", Y, "your doctor"),
    (AT[6], 8, "fever", R, "emergency"),
    (W8, None, "fit", R, "emergency"),
    (W8, 1, "fainting", O, "early pregnancy unit"),
    (W38, None, "urge_to_push", R, "maternity unit"),
    (W38, 3, "waves baby_moves_less", R, "maternity unit"),
    (W24, None, "yellow_skin", O, "maternity unit"),
    (W24, 3, "burning_pee fever", O, "maternity unit"),
    (W24, None, "low_mood", Y, "midwife or doctor"),
)
symptom_sets = st.frozensets(st.sampled_from(sorted(TABLE)), max_size=6)
pains = st.none() | st.integers(0, 10)
places = st.sampled_from(AT)
anywhere = st.none() | places


def together(one: str, other: str, column: int, rules: tuple) -> bool:
    pairs = ((one, other), (other, one))
    return any(column in columns and a in first and b in second for first, second, columns in rules for a, b in pairs)


def expected(pair: tuple[str, str], column: int) -> Urgency | None:
    parts = [TABLE[symptom][column] or 0 for symptom in pair]
    rules = [R if together(*pair, column, RED_TOGETHER) else 0, O if together(*pair, column, ORANGE_TOGETHER) else 0]
    return max(*parts, *rules) or None


def test_the_card_has_the_lines_of_the_table_and_no_others():
    assert TABLE.keys() == CARD.symptoms.keys()
    assert {line.part for line in CARD.symptoms.values()} == set(CARD.parts)


def test_every_symptom_has_the_level_of_its_cell():
    wrong = {}
    for (symptom, row), (column, at) in product(TABLE.items(), enumerate(AT)):
        verdict = triage(CARD, {symptom}, at, None)
        named = ((symptom,), ()) if row[column] else ((), (symptom,))
        if (verdict.urgency, verdict.because, verdict.unlisted) != (row[column], *named):
            wrong[symptom, column] = verdict

    assert not wrong


def test_every_pair_has_the_highest_level_of_its_parts():
    wrong = {}
    for pair, (column, at) in product(combinations(TABLE, 2), enumerate(AT)):
        if (urgency := triage(CARD, set(pair), at, None).urgency) != expected(pair, column):
            wrong[(*pair, column)] = urgency, expected(pair, column)

    assert not wrong


def test_no_level_was_lowered_without_a_public_page_that_says_so():
    lowered = {
        symptom
        for letters, symptoms in BEFORE.items()
        for symptom in symptoms.split()
        for stage, letter in zip(STAGES, letters, strict=True)
        if (triage(CARD, {symptom}, StageWeek(stage), None).urgency or 0) < LETTERS[letter]
    }

    assert lowered == {"burning_pee", "mild_swelling", "fainting", "itching"}
    assert {CARD.symptoms[symptom].mark for symptom in lowered} == {"P"}


def test_each_story_gets_its_level_its_contact_and_its_words():
    wrong = {}
    for number, (at, pain, ticked, urgency, whom) in enumerate(STORIES, 1):
        verdict = triage(CARD, set(ticked.split()), at, pain)
        body = answer(CARD, verdict, at, {}).body
        if verdict.urgency != urgency or whom not in body or verdict.unlisted:
            wrong[number, ticked] = verdict, body

    assert not wrong
    assert len(STORIES) >= 62


def test_a_week_that_is_not_known_takes_the_most_careful_answer_of_the_stage():
    assert [triage(CARD, {"low_dull_backache"}, StageWeek(T3, week), None).urgency for week in (36, 37, None)] == [O, T, O]
    assert [triage(CARD, {"severe_back_pain"}, StageWeek(A, week), None).urgency for week in (5, 6, None)] == [O, Y, O]
    assert [triage(CARD, {"waves"}, StageWeek(T3, week), 8).urgency for week in (36, 37, None)] == [R, O, R]


@given(symptom_sets, symptom_sets, places, pains)
def test_one_more_symptom_never_lowers_the_level(some, more, at, pain):
    before, after = triage(CARD, some, at, pain).urgency, triage(CARD, some | more, at, pain).urgency

    assert (after or 0) >= (before or 0)


@given(symptom_sets, places, st.integers(0, 9))
def test_more_pain_never_lowers_the_level(some, at, pain):
    assert (triage(CARD, some, at, pain + 1).urgency or 0) >= (triage(CARD, some, at, pain).urgency or 0)


@given(symptom_sets, pains)
def test_who_has_not_told_her_stage_gets_the_most_careful_answer(some, pain):
    each = [triage(CARD, some, at, pain).urgency or 0 for at in (*AT, *map(StageWeek, STAGES))]

    assert max(each) == (triage(CARD, some, None, pain).urgency or 0)


def test_any_pain_makes_leaking_fluid_before_week_37_and_an_accident_red():
    assert [triage(CARD, {"fluid_leak"}, AT[3], pain).urgency for pain in (0, 1)] == [O, R]
    assert [triage(CARD, {"accident"}, NOT, pain).urgency for pain in (0, 1)] == [O, R]
    assert [triage(CARD, set(), W24, pain).urgency for pain in (6, 7)] == [NONE, O]


def test_the_deciding_symptoms_are_named_in_the_order_of_the_card():
    verdict = triage(CARD, {"sciatica", "chest_pain", "heavy_bleeding", "fever"}, W24, 3)

    assert verdict.because == ("heavy_bleeding", "chest_pain")


@pytest.mark.parametrize("symptom", ["bleeding a lot", "fevr", "Fever", "i feel fine", ""])
def test_what_is_not_on_the_list_is_refused_and_never_guessed(symptom):
    with pytest.raises(ConfigError, match="did you mean 'fever'" if symptom == "fevr" else "unknown symptom"):
        triage(CARD, {symptom}, W24, None)


@pytest.mark.parametrize("pain", [-1, 11])
def test_a_pain_outside_the_scale_is_refused(pain):
    with pytest.raises(ConfigError, match=f"pain {pain} cannot be"):
        triage(CARD, set(), W24, pain)


@given(symptom_sets, anywhere, pains)
def test_every_answer_says_whom_to_call_and_fits_a_notification(some, at, pain):
    verdict = triage(CARD, some, at, pain)
    numbers = {"emergency": "112", "maternity": "01234 567890", "doctor": "09876 543210", "early_pregnancy": "02345 678901"}
    message = answer(CARD, verdict, at, numbers)

    assert verdict.call_first == (verdict.urgency in (O, R))
    assert len(message.title.encode("utf-16-le")) // 2 <= 63
    assert len(message.body.encode("utf-16-le")) // 2 <= 255
    assert "{" not in message.title + message.body + message.more
    assert any(number in message.body for number in numbers.values())


def test_the_number_is_that_of_the_person_to_call():
    numbers = {"maternity": "1-1", "doctor": "2-2", "early_pregnancy": "3-3", "emergency": "4-4", "crisis": "5-5"}
    asked = {
        (W24, "fever"): "1-1",
        (NOT, "fever"): "2-2",
        (AT[6], "fever"): "2-2",
        (W8, "fever"): "3-3",
        (W24, "chest_pain"): "4-4",
    }
    asked |= {(W24, "weak_leg"): "2-2", (PP, "thoughts_of_harm"): "5-5", (W24, "itching"): "1-1", (W24, "low_mood"): "2-2"}

    wrong = {
        sign for (at, sign), number in asked.items() if number not in answer(CARD, triage(CARD, {sign}, at, 0), at, numbers).body
    }
    assert not wrong


def test_what_to_do_until_help_comes_and_the_words_for_a_heavy_mind_stand_beside_other_red_signs():
    cord = answer(CARD, triage(CARD, {"something_felt"}, W38, 0), W38, {})
    both = answer(CARD, triage(CARD, {"thoughts_of_harm", "heavy_bleeding"}, PP, 0), PP, {"crisis": "5-5"})

    assert "hands and knees" in cord.more
    assert both.title == CARD.action(R).title
    assert "5-5" in both.more


def test_after_a_loss_no_line_that_she_may_see_speaks_of_a_baby():
    assert [line.id for line in CARD.symptoms.values() if line.belongs(A) and "baby" in line.words(alone=True)] == []


def test_nothing_reported_is_no_clean_bill_of_health():
    assert "not a health check" in answer(CARD, triage(CARD, set(), W24, 2), W24, {}).body


def test_the_first_question_asks_only_for_the_gravest_and_fits_its_lines():
    assert [group.words for group in CARD.first if len(group.words) > 76] == []
    assert [at for at in (*AT, None) if not 7 <= len(CARD.gravest(at)) <= 10] == []
    assert [at for at in (*AT, None) if min(CARD.gravest(at).values()) < O] == []


# What the words of the first question must say of a sign, so that "none of these" settles it.
SETTLED = {
    "heavy_bleeding": "Heavy bleeding", "coloured_fluid": "Green, brown or smelly", "something_felt": "something felt",
    "urge_to_push": "urge to push", "severe_tummy_pain": "severe or tearing pain in tummy", "hard_tummy": "stays hard",
    "tearing_pain": "tearing pain in tummy or back", "chest_pain": "Chest pain", "breathless": "Trouble breathing",
    "fast_heart": "racing heart at rest", "cough_blood": "coughing up blood", "bad_headache": "very bad headache",
    "vision_changes": "blurred sight", "pain_under_ribs": "pain under the ribs", "sudden_swelling": "sudden swelling",
    "fit": "A fit",
    "stroke": "drooping face, slurred speech", "saddle_numbness": "Numb between the legs",
    "lost_feeling": "Numb between the legs or in a leg", "bowel_trouble": "cannot feel or hold pee or poo",
    "thoughts_of_harm": "Thoughts of harm", "psychosis": "seeing or hearing things",
    "shoulder_tip_pain": "shoulder", "one_sided_tummy_pain": "one", "fainting": "faint", "light_bleeding": "Any bleeding",
    "fluid_leak": "leaking waters", "fever": "fever", "baby_moves_less": "baby moves less or has stopped",
}  # fmt: skip


def test_the_first_question_settles_only_what_its_words_say_and_leaves_few_screens():
    named = [(name, group) for group in CARD.first for name in group.named]
    left = {
        at: {name for name, line in CARD.symptoms.items() if line.belongs(at.stage)}
        - {name for group in CARD.gravest(at) for name in group.named}
        for at in AT
    }

    assert {name for name, _ in named} == SETTLED.keys()
    assert [(name, group.words) for name, group in named if SETTLED[name] not in group.words] == []
    assert [group.words for group in CARD.first if not set(group.named) <= set(group.symptoms)] == []
    assert [(at, len(names)) for at, names in left.items() if len(names) > 5 * 8] == []
    assert [
        at for at, names in left.items() if not {"low_dull_backache", "both_legs", "bladder_trouble", "very_unwell"} <= names
    ] == []


def test_a_card_that_is_not_whole_is_refused():
    with pytest.raises(ConfigError, match="card of warning signs"):
        read_card('limits = []\n[groups]\n[[symptom]]\nid = "x"\nlevels = { any = "purple" }')
