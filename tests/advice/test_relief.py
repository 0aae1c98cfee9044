"""The one thing to do that answers a check-in: never what she must not do, and what eased it before if there is such a thing."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from monitor.advice import library
from monitor.advice.catalogue import Does
from monitor.advice.checkin import EASED_BY, PLACES, CheckIn, Limiting, judge
from monitor.advice.picking import Context
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import StageWeek
from monitor.advice.relief import relief

CARD, TIPS = library.card(), library.tips().tips
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
TICKS = sorted(library.tips().conditions)
MILD = ["pelvic_pain", "sciatica", "pain_two_weeks", "burning_pee", "low_mood"]
# What is done, or left to others, where a clot may be.
ON_A_CALF = re.compile(r"warm|massage|stretch", re.IGNORECASE)
OF_A_BABY = re.compile(r"\bbab(y|ies)\b|\bbump|pregnan|\bbirth|midwife", re.IGNORECASE)
TO_GET_UP = re.compile(r"\b(stand|get|getting) up\b|\bstand\b|\bwalk|on your feet", re.IGNORECASE)
reports = st.builds(
    CheckIn,
    st.floats(NOON - 43200, NOON + 43200),
    st.none() | st.integers(0, 10),
    st.frozensets(st.sampled_from(sorted(PLACES)), max_size=3),
    st.frozensets(st.sampled_from(sorted(EASED_BY)), max_size=3),
    symptoms=st.frozensets(st.sampled_from(MILD), max_size=2),
)
befores = st.dictionaries(st.sampled_from(sorted(EASED_BY)), st.integers(1, 30), max_size=4)
contexts = st.builds(
    Context,
    st.none() | st.sampled_from(PregnancyStage),
    st.just(UTC),
    st.frozensets(st.sampled_from(TICKS), max_size=4),
    shown=st.dictionaries(st.sampled_from([tip.id for tip in TIPS]), st.floats(NOON - 86400, NOON - 43200), max_size=20),
)


def answered(report, context, before=None):
    """What is chosen, and the verdict it stands beside."""
    verdict = judge(CARD, report, StageWeek(context.stage, 2) if context.stage else None)
    return relief(TIPS, report, verdict, before or {}, context), verdict


@given(reports, contexts, befores)
def test_it_is_never_what_her_ticks_her_answers_or_her_stage_forbid(report, context, before):
    chosen, _ = answered(report, context, before)
    if chosen is None:
        return
    tip, held = chosen.tip, context.conditions | report.symptoms
    words = f"{tip.title} {tip.body}"

    assert not tip.forbidden_by & held
    assert context.stage in tip.stages if context.stage else tip.stages == set(PregnancyStage)
    assert tip.does is not Does.MOVE or not ("told_to_rest" in held or (report.pain or 0) >= 7 or "burning_pee" in held)
    assert "no_baby_with_me" not in held or not OF_A_BABY.search(f"{words} {tip.more}")
    assert not held & {"wheelchair", "cannot_stand"} or not TO_GET_UP.search(words)
    assert report.places != {"calf"} or not ON_A_CALF.search(words)
    assert (
        not (report.places & {"hips", "pubic_bone", "groin"} or "pelvic_pain" in held) or tip.duration_s <= 60 or not walks(tip)
    )


def walks(tip):
    return tip.does is Does.MOVE and "walk" in tip.body


@given(reports, contexts, befores)
def test_a_call_comes_first_and_what_does_not_hurt_needs_none(report, context, before):
    chosen, verdict = answered(report, context, before)

    assert chosen is None or not verdict.call_first
    assert answered(replace(report, pain=0), context, before)[0] is None
    assert answered(CheckIn(report.t, None, note="sore"), context, before)[0] is None
    assert answered(report, replace(context, call_first=True), before)[0] is None


@given(reports, contexts, befores)
def test_the_same_check_in_has_the_same_answer_whatever_the_order_of_the_file(report, context, before):
    verdict = judge(CARD, report, None)

    assert relief(TIPS, report, verdict, before, context) == relief(tuple(reversed(TIPS)), report, verdict, before, context)


def test_whatever_she_ticked_and_wherever_it_hurts_there_is_one_thing():
    held = [frozenset[str](), *(frozenset({tick}) for tick in TICKS), frozenset(TICKS)]
    none = [
        (stage, place, ticks)
        for stage, place, ticks in product((None, *PregnancyStage), PLACES, held)
        if not answered(CheckIn(NOON, 4, frozenset({place})), Context(stage, UTC, ticks))[0]
    ]

    assert none == []


def test_what_eased_it_before_comes_first_and_what_she_names_now_before_that():
    her = Context(PregnancyStage.SECOND, UTC)
    eased = {name: answered(CheckIn(NOON, 4), her, {name: 1})[0].eased for name in EASED_BY if name != "nothing"}
    now = answered(CheckIn(NOON, 4, eased_by=frozenset({"lying_side"})), her, {"moving": 30})[0]
    often = answered(CheckIn(NOON, 4, eased_by=frozenset({"lying_side", "warmth"})), her, {"warmth": 2})[0]

    assert eased == {name: name for name in EASED_BY if name != "nothing"}
    assert (now.eased, now.tip.id, often.eased) == ("lying_side", "lie_on_side", "warmth")


def test_a_pain_that_is_ticked_or_limits_and_has_no_number_is_answered_as_well():
    her = Context(PregnancyStage.SECOND, UTC)
    ticked = [CheckIn(NOON, None, symptoms=frozenset({name})) for name in ("pelvic_pain", "sciatica", "pain_two_weeks")]

    assert [one for one in (*ticked, CheckIn(NOON, None, limiting=Limiting.SOME)) if not answered(one, her)[0]] == []


def test_where_nothing_helped_so_far_it_is_whom_to_ask():
    for stage in (PregnancyStage.NOT_PREGNANT, PregnancyStage.THIRD):
        chosen, _ = answered(CheckIn(NOON, 4, eased_by=frozenset({"nothing"})), Context(stage, UTC))
        assert (chosen.tip.does, chosen.eased) == (Does.ASK, None)


def test_without_a_word_of_what_helps_it_is_something_to_do_now():
    kinds = {
        answered(CheckIn(NOON + day * 86400, 4), Context(stage, UTC))[0].tip.does for stage in PregnancyStage for day in range(60)
    }

    assert Does.ASK not in kinds
    assert {Does.MOVE, Does.REST, Does.SIT_DIFFERENTLY} <= kinds


def test_a_second_check_in_of_the_day_brings_something_else():
    her = Context(PregnancyStage.THIRD, UTC)
    first, _ = answered(CheckIn(NOON, 4), her, {"moving": 3})
    second, _ = answered(CheckIn(NOON + 3600, 4), replace(her, shown={first.tip.id: NOON}), {"moving": 3})

    assert first.tip != second.tip
    assert second.eased == "moving"
