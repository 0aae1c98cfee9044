"""What is said at a moment, and what is never said then."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.notify.desktop import BODY_UNITS, TITLE_UNITS
from monitor.advice import library
from monitor.advice.adviser import CLEARED, Adviser, Habits, Known, in_force
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Urgency
from monitor.core.history.records import CheckInRecord
from monitor.core.posture.signals import BY_NAME
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.kinds import CHECK_IN, KINDS, SETTABLE
from monitor.core.reminders.rules import Due, Level
from monitor.core.vocabulary import Activity
from monitor.texts.catalogue import speaking_to
from monitor.texts.reminders import opening, title

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
CONDITIONS = [*library.tips().conditions, "pelvic_pain", "sciatica", "fainting"]
JUDGED = sorted(name for name, signal in BY_NAME.items() if signal.tolerance is not None)
WALKING = {tip.id for tip in library.tips().tips if tip.subject in ("walk", "march", "rise")}
# Reminders about time; the others are about signals.
TIMED = {"sat_too_long", "stood_too_long", "stood_today", CHECK_IN}
# The longest that the settings take.
NUMBERS = dict.fromkeys(("emergency", "maternity", "doctor"), "+49 30 1234567 then press 2, 4")
stages = st.none() | st.sampled_from(PregnancyStage)
calls = st.none() | st.sampled_from([Urgency.ORANGE, Urgency.RED])


def adviser(known=None, numbers=None):
    tips = library.tips().tips
    return Adviser(tips, library.card(), lambda _: known or Known(), UTC, Habits(numbers=numbers or {}))


def units(text):
    return len(text.encode("utf-16-le")) // 2


@st.composite
def reminders(draw):
    kind, level = draw(st.sampled_from(sorted(KINDS))), draw(st.sampled_from(Level))
    signals = () if kind in TIMED else tuple(draw(st.sets(st.sampled_from(JUDGED), min_size=1)))
    due = Due(draw(st.floats(0, 40000)), NOON - 3600, 1, level, signals, draw(st.booleans()))
    return Reminder(NOON, kind, due, draw(st.sampled_from([Activity.SITTING, Activity.STANDING])))


knowns = st.builds(Known, stages, st.frozensets(st.sampled_from(CONDITIONS), max_size=4), call=calls)


@given(reminders(), knowns)
def test_everything_said_fits_a_notification_without_a_cut(reminder, known):
    message = adviser(known, NUMBERS).remind(reminder)

    assert 0 < units(message.title) <= TITLE_UNITS
    assert 0 < units(message.body) <= BODY_UNITS


@given(reminders(), knowns.filter(lambda known: known.call is not None))
def test_while_a_call_is_open_nothing_but_the_call_is_said(reminder, known):
    message = adviser(known).remind(reminder)

    assert message.tip is None
    assert message.title == library.card().action(known.call).title
    assert message.body.endswith(CLEARED)


@given(knowns.filter(lambda known: known.call is not None), st.sampled_from(Activity))
def test_while_a_call_is_open_no_tip_goes_with_a_break(known, activity):
    assert adviser(known).follow(Response(NOON, "sat_too_long", 30.0), activity) is None


@given(reminders(), knowns)
def test_who_may_not_walk_is_never_sent_on_a_walk(reminder, known):
    resting = replace(known, conditions=known.conditions | {"told_to_rest"}, call=None)
    message = adviser(resting).remind(reminder)

    assert message.tip not in WALKING
    assert message.title not in {title("sat_too_long", level) for level in Level}


@given(reminders(), knowns)
def test_a_reminder_always_says_why_unless_a_call_comes_first(reminder, known):
    message = adviser(replace(known, call=None)).remind(reminder)

    with speaking_to(always_seated=known.always_seated):
        assert message.body.startswith(opening(reminder, UTC))


@pytest.mark.parametrize("kind", sorted(code for code, kind in SETTABLE.items() if kind.tip))
@pytest.mark.parametrize("stage", [None, *PregnancyStage])
def test_there_is_a_tip_for_every_reminder_at_every_stage(kind, stage):
    signals = () if kind in TIMED else ("neck_inclination",)
    activity = Activity.STANDING if kind.startswith("stood") else Activity.SITTING

    assert adviser(Known(stage)).remind(Reminder(NOON, kind, Due(1800.0, NOON - 1800, 1, Level.SOFT, signals), activity)).tip


def test_who_has_told_nothing_hears_only_what_suits_every_stage():
    tips = {tip.id: tip for tip in library.tips().tips}
    shown = {}
    for i in range(40):
        t = NOON + i * 600
        message = adviser(Known(None, shown=shown)).remind(
            Reminder(t, "sat_too_long", Due(1800.0, t - 1800, 1), Activity.SITTING)
        )
        assert message.tip is None or tips[message.tip].stages == frozenset(PregnancyStage)
        shown |= {message.tip: t} if message.tip else {}

    assert len(shown) > 10


def test_the_daily_question_brings_no_exercise():
    message = adviser().remind(Reminder(NOON, CHECK_IN, Due(0.0, NOON - 3600, 1), Activity.SITTING))

    assert (message.tip, message.title) == (None, title(CHECK_IN))
    assert "posture-monitor checkin" in message.body


# --- which check-ins hold ----------------------------------------------------------------------------------------


def reported(t, symptom=None, urgency=None):
    return CheckInRecord(t, 2, symptoms=frozenset({symptom} - {None}), urgency=urgency)


def test_a_later_check_in_takes_the_place_of_a_milder_one():
    assert in_force([reported(1, "pelvic_pain", urgency="yellow"), reported(2)]) == (frozenset(), None)
    assert in_force([reported(1), reported(2, "pelvic_pain", urgency="yellow")]) == (frozenset({"pelvic_pain"}), None)


def test_one_that_asked_for_a_call_stays_and_the_most_urgent_counts():
    reports = [reported(1, "chest_pain", urgency="red"), reported(2, "fever", urgency="orange"), reported(3)]

    assert in_force(reports) == (frozenset({"chest_pain", "fever"}), Urgency.RED)


def test_without_check_ins_nothing_holds():
    assert in_force([]) == (frozenset(), None)
