"""Which tip goes with which reminder."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.advice import library
from monitor.advice.picking import AT_HAND, Context, follow_up, pick
from monitor.advice.pregnancy import PregnancyStage
from monitor.core.posture.signals import BY_NAME
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.kinds import KINDS, SETTABLE
from monitor.core.reminders.rules import Due, Level
from monitor.core.vocabulary import Activity

TIPS = library.tips().tips
CONDITIONS = sorted({*library.tips().conditions, "pelvic_pain", "sciatica", "fainting", "dizziness"})
MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
CONTEXT = Context(PregnancyStage.SECOND, UTC)
times = st.floats(MONDAY_NOON, MONDAY_NOON + 30 * 86400)
reminders = st.builds(
    Reminder,
    times,
    st.sampled_from(sorted(code for code, kind in SETTABLE.items() if kind.tip)),
    st.builds(
        Due,
        st.just(1800.0),
        st.just(MONDAY_NOON),
        level=st.sampled_from(Level),
        signals=st.sets(st.sampled_from(sorted(BY_NAME)), max_size=3).map(tuple),
    ),
    st.sampled_from([Activity.SITTING, Activity.STANDING]),
)
contexts = st.builds(
    Context,
    st.sampled_from(PregnancyStage),
    st.just(UTC),
    st.frozensets(st.sampled_from(CONDITIONS), max_size=4),
    st.frozensets(st.sampled_from(sorted(AT_HAND))),
    st.frozensets(st.integers(0, 23)),
    st.dictionaries(st.sampled_from([tip.id for tip in TIPS]), times, max_size=40),
)


def reminder(kind: str = "sat_too_long", level: Level = Level.SOFT, *signals: str, t: float = MONDAY_NOON) -> Reminder:
    activity = Activity.STANDING if kind == "stood_too_long" else Activity.SITTING
    return Reminder(t, kind, Due(1800.0, t - 1800, 1, level, signals), activity)


@given(reminders, contexts)
def test_a_tip_always_fits_the_person_and_the_moment(event, context):
    tip = pick(TIPS, event, context)

    if tip is not None:
        assert event.kind in tip.reminders
        assert context.stage in tip.stages
        assert not tip.forbidden_by & context.conditions
        assert tip.needs <= context.at_hand
        assert event.t - context.shown.get(tip.id, float("-inf")) >= tip.again_after_h * 3600
        assert not tip.signals or tip.signals & set(event.due.signals)


@given(reminders, contexts)
def test_the_same_question_has_the_same_answer_whatever_the_order_of_the_file(event, context):
    assert pick(TIPS, event, context) == pick(tuple(reversed(TIPS)), event, context)


@given(reminders, contexts)
def test_a_call_comes_before_any_tip(event, context):
    assert pick(TIPS, event, replace(context, call_first=True)) is None


@given(reminders, contexts)
def test_a_further_condition_never_brings_a_tip_that_it_forbids(event, context):
    tip = pick(TIPS, event, replace(context, conditions=frozenset(CONDITIONS)))

    assert tip is None or not tip.forbidden_by


@pytest.mark.parametrize("stage", list(PregnancyStage))
@pytest.mark.parametrize("kind", sorted(code for code, kind in SETTABLE.items() if kind.tip))
@pytest.mark.parametrize("level", list(Level))
def test_whatever_holds_for_a_person_there_is_something_to_say(stage, kind, level):
    # Who uses a wheelchair has no reminder of standing.
    held = frozenset(CONDITIONS) - ({"wheelchair"} if kind.startswith("stood") else set())
    context = replace(CONTEXT, stage=stage, conditions=held, at_hand=frozenset({"chair"}))

    assert pick(TIPS, reminder(kind, level, "neck_inclination"), context) is not None


def test_each_reminder_of_a_long_day_says_something_else():
    context, heard = CONTEXT, []
    for minutes in range(0, 600, 30):
        t = MONDAY_NOON - 4 * 3600 + minutes * 60
        tip = pick(TIPS, reminder(t=t), context)
        heard.append(tip.id)
        context = replace(context, shown={**context.shown, tip.id: t})

    assert len(heard) == len(set(heard))


def test_the_next_tip_is_about_something_else():
    first = pick(TIPS, reminder(), CONTEXT)
    second = pick(TIPS, reminder(t=MONDAY_NOON + 1800), replace(CONTEXT, shown={first.id: MONDAY_NOON}))

    assert first.subject != second.subject


def test_a_firm_word_asks_for_a_real_break_while_one_is_left():
    for days in range(60):
        tip = pick(TIPS, reminder(level=Level.FIRM, t=MONDAY_NOON + days * 86400), CONTEXT)
        assert not tip.levels or Level.FIRM in tip.levels


@pytest.mark.parametrize("signal", ["trunk_inclination", "neck_inclination", "shoulder_tilt", "head_tilt", "head_height"])
def test_a_tip_made_for_what_is_seen_comes_first(signal):
    assert signal in pick(TIPS, reminder("posture_held", Level.SOFT, signal), CONTEXT).signals


def test_one_more_tip_comes_with_a_break_and_fits_what_the_person_does():
    for kind in (code for code, row in KINDS.items() if row.of_time):
        up = follow_up(TIPS, Response(MONDAY_NOON, kind, 60.0), Activity.STANDING, CONTEXT)
        down = follow_up(TIPS, Response(MONDAY_NOON, kind, 60.0), Activity.SITTING, CONTEXT)
        assert Activity.STANDING in up.activities
        assert Activity.SITTING in down.activities


@pytest.mark.parametrize(
    ("response", "activity"),
    [
        (Response(MONDAY_NOON, "sat_too_long", None), Activity.STANDING),
        (Response(MONDAY_NOON, "posture_held", 30.0), Activity.SITTING),
        (Response(MONDAY_NOON, "sat_too_long", 60.0), Activity.AWAY),
        (Response(MONDAY_NOON, "sat_too_long", 60.0), Activity.UNKNOWN),
    ],
)
def test_no_break_or_nobody_there_brings_no_further_tip(response, activity):
    assert follow_up(TIPS, response, activity, CONTEXT) is None


def test_no_tip_about_lying_on_the_side_before_the_evening():
    for stage, hour in ((PregnancyStage.THIRD, 10), (PregnancyStage.SECOND, 17)):
        t = MONDAY_NOON + (hour - 12) * 3600
        others = {tip.id: t for tip in TIPS if tip.id != "side_sleep"}
        assert pick(TIPS, reminder(t=t), replace(CONTEXT, stage=stage, shown=others)) is None
