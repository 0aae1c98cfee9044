"""When a reminder is shown and when not: laws over random days, then ordinary days."""

from itertools import pairwise

import pytest
from bodies import SEEN_FROM_THE_FRONT, SEEN_FROM_THE_SIDE
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.core.pipeline import Pipeline, Plan
from monitor.core.posture.baseline import Posture
from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.kinds import KINDS, REMINDERS, SETTABLE, ReminderClock
from monitor.core.reminders.rate_limits import APART_S, PER_HOUR
from monitor.core.reminders.responses import QUIET_AFTER_S
from monitor.core.reminders.rules import HOUR_S, Level, Situation
from monitor.core.reminders.scheduler import Reminders
from monitor.core.reminders.suppression import SuppressionPolicy
from monitor.core.sedentary.bouts import Run
from monitor.core.vocabulary import Activity, Hold
from monitor.testing import MORNING, replay, scene

MIN = 60
PHASES = ["sit", "slouch", "stand", "walk", "away", "dark", "gap", "face", "sink", "close"]
DAYS = st.lists(st.tuples(st.sampled_from(PHASES), st.integers(1, 50)), min_size=1, max_size=8)
SIDE, FRONT = SEEN_FROM_THE_SIDE, SEEN_FROM_THE_FRONT


def events_of(script, baseline=None, period_s=2.0):
    """Every reminder and response of a day, in order."""
    plan = Plan(baseline or SIDE, period_s=period_s)
    return [e for step in replay(scene(script, period_s), plan) for e in step.events if isinstance(e, Reminder | Response)]


def reminders_in(script, baseline=None, period_s=5.0):
    """Which reminders came, and in which minute: ``("sat_too_long", 30)``."""
    return [(r.kind, round((r.t - MORNING) / MIN, 1)) for r in events_of(script, baseline, period_s) if isinstance(r, Reminder)]


def posture_reminders_in(script):
    """The minutes in which the reminder of a held posture came, no other kind being on."""
    plan = Plan(SIDE, rules={"posture_held": KINDS["posture_held"].make()}, period_s=5.0)
    return [(e.t - MORNING) / MIN for s in replay(scene(script, 5.0), plan) for e in s.events if isinstance(e, Reminder)]


def responses_in(script, baseline=None):
    return [(r.kind, r.after_s) for r in events_of(script, baseline) if isinstance(r, Response)]


# --- changes of the rules ----------------------------------------------------------------------------------------


def lived_with(script, change_at_min, changed):
    """The reminders and responses of a scene in whose middle ``changed(rules)`` comes into force."""
    before = {"posture_held": KINDS["posture_held"].make()}
    pipeline, found = Pipeline(Plan(SIDE, rules=before, period_s=5.0)), []
    for obs in scene(script, 5.0):
        if obs.t == MORNING + change_at_min * MIN:
            pipeline.replace_settings(SIGNALS, changed(before), SuppressionPolicy())
        found += [e for e in pipeline.step(obs).events if isinstance(e, Reminder | Response)]
    return found


def carried_over(rules):
    rule = KINDS["posture_held"].make()
    rule.carry_over(rules["posture_held"])
    return {"posture_held": rule}


@examples(4)
@given(st.integers(1, 28))
def test_a_held_posture_goes_on_over_a_change_of_the_rules(minute):
    script = "sit 5min, slouch 22min, sit 3min"

    assert lived_with(script, minute, carried_over) == lived_with(script, minute, lambda rules: rules) != []


def test_no_response_is_awaited_to_a_kind_that_was_switched_off():
    kept, dropped = (lived_with("sit 5min, slouch 7min, sit 3min", 12, change) for change in (dict, lambda _: {}))

    assert [type(event) for event in kept] == [Reminder, Response]
    assert [type(event) for event in dropped] == [Reminder]


# --- laws --------------------------------------------------------------------------------------------------------


@examples(4)
@given(DAYS)
def test_the_laws_of_every_day(spells):
    """Each reminder is about what is seen then, and apart from the others; each response is to the last one and comes once."""
    script = ", ".join(f"{what} {minutes}min" for what, minutes in spells)
    steps = replay(scene(script, 10.0), Plan(SIDE, period_s=10.0))
    waiting, shown = None, []
    for step, event in ((one, event) for one in steps for event in one.events):
        if isinstance(event, Reminder):
            assert event.t == step.t
            assert event.activity is step.state is step.sample.activity
            assert event.activity in (Activity.SITTING, Activity.STANDING)
            assert set(event.due.signals) <= step.posture.sustained
            waiting = event
            shown.append(event)
        elif isinstance(event, Response):
            assert (event.t, event.kind) == (waiting.t, waiting.kind)
            assert event.after_s is None or 0 <= event.after_s <= QUIET_AFTER_S
            waiting = None
    about_posture = [e.t for e in shown if e.due.step is None]
    limits = [(e.kind, e.due.since, e.due.step) for e in shown if e.due.step]

    assert all(b.t - a.t >= QUIET_AFTER_S for a, b in pairwise(shown))
    assert all(b - a >= APART_S for a, b in pairwise(about_posture))
    assert all(b - a >= HOUR_S for a, b in zip(about_posture, about_posture[PER_HOUR:], strict=False))
    assert len(set(limits)) == len(limits)
    assert all(a[2] < b[2] for a, b in pairwise(limits) if a[:2] == b[:2])


# --- sitting and standing ----------------------------------------------------------------------------------------


def test_sitting_on_is_said_at_30_and_60_then_half_an_hour_later_and_twice_as_late_each_time():
    assert reminders_in("sit 9h", period_s=10) == [("sat_too_long", m) for m in (30, 60, 90, 150, 270, 510)]


def test_the_first_is_soft_and_the_others_are_firm():
    levels = [r.due.level for r in events_of("sit 100min", period_s=5.0) if isinstance(r, Reminder)]

    assert levels == [Level.SOFT, Level.FIRM, Level.FIRM]


def test_standing_on_is_said_at_40_and_60():
    assert reminders_in("stand 61min") == [("stood_too_long", 40), ("stood_too_long", 60)]


def test_a_break_starts_the_clock_anew():
    assert reminders_in("sit 31min, stand 2min, sit 31min") == [("sat_too_long", 30), ("sat_too_long", 63)]


def test_a_minute_is_a_break_and_half_a_minute_is_a_pause():
    assert reminders_in("sit 20min, away 65s, sit 29min") == []
    assert reminders_in("sit 20min, stand 30s, sit 11min") == [("sat_too_long", 30.5)]


def test_a_glance_aside_or_a_stretch_resets_nothing():
    assert reminders_in("sit 15min, away 2s, sit 10min, stand 2s, sit 6min", period_s=2.0) == [("sat_too_long", 30)]


def test_unseen_time_stops_the_clock_and_twenty_minutes_of_it_are_forgotten():
    assert reminders_in("sit 20min, dark 10min, sit 11min") == [("sat_too_long", 40)]
    assert reminders_in("sit 20min, gap 10min, sit 11min", period_s=2.0) == [("sat_too_long", 40)]
    assert reminders_in("sit 20min, gap 21min, sit 29min") == []


def test_whoever_has_got_up_is_not_told_to():
    assert reminders_in("sit 1799s, stand 5min") == []


def test_nobody_speaks_to_an_empty_chair():
    assert reminders_in("sit 1795s, away 8s, sit 2min") == [("sat_too_long", 30.1)]
    assert reminders_in("sit 1795s, away 5min, sit 2min") == []


def test_walking_between_is_not_standing_still():
    assert reminders_in("stand 30min, walk 2min, stand 30min", period_s=2.0) == []


def test_why_tells_since_when_and_whether_there_was_a_break():
    first, second = (r.due for r in events_of("sit 31min, stand 2min, sit 31min") if isinstance(r, Reminder))

    assert (first.since, first.after_break, first.seconds) == (MORNING, False, 30 * MIN)
    assert (second.since, second.after_break) == (pytest.approx(MORNING + 33 * MIN, abs=1), True)


def test_forty_short_absences_do_not_say_it_twice():
    assert reminders_in(", ".join(["sit 4min, away 15s"] * 40), period_s=5) == [
        ("sat_too_long", m) for m in (31.8, 63.8, 95.5, 159.2)
    ]


# --- posture -----------------------------------------------------------------------------------------------------


POSTURE = sorted(row.code for row in REMINDERS if row.clock is ReminderClock.POSTURE)


@pytest.mark.parametrize(("own", "minute"), [({}, 5), ({"after_min": 1.0}, 1.2), ({"after_min": 3.0}, 3), ({"window_s": 600}, 8)])
def test_a_posture_is_mentioned_after_five_minutes_or_what_was_set_or_its_own_longer_window(own, minute):
    plan = Plan(SIDE, rules={"posture_held": KINDS["posture_held"].make(**own)}, period_s=2.0)
    shown = [e for s in replay(scene("sit 5min, slouch 12min", 2.0), plan) for e in s.events if isinstance(e, Reminder)]

    assert (shown[0].t - MORNING) / MIN == pytest.approx(5 + minute, abs=0.1)
    assert shown[0].due.seconds >= own.get("after_min", 5.0) * MIN - 1


def test_a_slouch_of_four_minutes_is_not_mentioned():
    assert reminders_in("sit 3min, slouch 4min, sit 5min, slouch 4min, sit 5min") == []


@examples(3)
@given(st.lists(st.tuples(st.sets(st.sampled_from(POSTURE)), st.integers(1, 40)), min_size=4, max_size=20))
def test_postures_together_come_at_most_twice_an_hour_and_keep_clear_of_the_limits(spells):
    """Minute by minute: which postures are held, and the sitting goes on."""
    names = {code: next(iter(KINDS[code].fixed["only"])) for code in POSTURE}
    reminders, shown, t = Reminders(), [], MORNING
    for held, minutes in spells:
        off = frozenset(names[code] for code in held)
        for _ in range(minutes):
            t += MIN
            run = {Activity.SITTING: Run(t - MORNING, MORNING), Activity.STANDING: Run()}
            posture = Posture(frozenset(names.values()), off, off)
            now = Situation(t, Activity.SITTING, MORNING, run, posture, Activity.SITTING, MIN)
            shown += [e for e in reminders.consider(now).events if isinstance(e, Reminder)]
    nudges = [e.t for e in shown if e.kind in POSTURE]
    limits = [(e.t - MORNING) / MIN for e in shown if e.kind == "sat_too_long"]

    assert all(sum(0 <= t - at < HOUR_S for t in nudges) <= PER_HOUR == 2 for at in nudges)
    assert limits == [at for at in (30, 60, 90, 150, 270, 510) if at <= (t - MORNING) / MIN]


def test_while_ignored_it_comes_half_as_often_each_time():
    assert posture_reminders_in("slouch 150min") == pytest.approx([5, 25, 65, 145], abs=0.4)


def test_an_answer_brings_back_the_usual_distance():
    script = ", ".join(["slouch 6min, sit 7min"] * 8)

    assert posture_reminders_in(script) == pytest.approx([5, 18, 70, 83], abs=0.3)


def test_coming_close_to_the_screen_is_its_own_reminder():
    assert reminders_in("face 5min, close 6min", FRONT) == [("too_close", pytest.approx(10, abs=0.1))]


def test_sinking_before_a_webcam_is_a_posture():
    ((kind, _),) = reminders_in("face 5min, sink 6min", FRONT)

    assert kind == "posture_held"


def test_without_a_calibration_posture_is_never_mentioned():
    plan = Plan()
    events = [e for s in replay(scene("slouch 20min", 2.0), plan) for e in s.events if isinstance(e, Reminder)]

    assert events == []


def test_a_laptop_that_wakes_up_does_not_count_its_sleep_as_slouching():
    assert reminders_in("sit 5min, gap 8h, slouch 30s, sit 5min") == []
    assert reminders_in("face 5min, gap 8h, close 20s, face 5min", FRONT) == []


def test_posture_is_not_judged_while_walking_or_rising():
    assert reminders_in("sit 5min, walk 3min, sit 1min") == []


# --- what followed -----------------------------------------------------------------------------------------------


def test_getting_up_is_an_answer_and_how_long_it_took_is_kept():
    assert responses_in("sit 31min, stand 5min") == [("sat_too_long", pytest.approx(60, abs=1.5))]


def test_sitting_on_for_five_minutes_is_none():
    assert responses_in("sit 36min") == [("sat_too_long", None)]
    assert responses_in("sit 35.2min, stand 5min") == [("sat_too_long", None)]


def test_getting_up_in_the_last_second_still_counts():
    assert responses_in("sit 2095s, stand 5min") == [("sat_too_long", pytest.approx(295, abs=1.5))]


def test_leaving_is_an_answer_too():
    assert responses_in("sit 32min, away 2min") == [("sat_too_long", pytest.approx(120, abs=1.5))]


def test_sitting_up_is_the_answer_to_a_posture():
    assert responses_in("slouch 6min, sit 1min") == [("posture_held", pytest.approx(60, abs=6))]


def test_a_hidden_screen_distance_is_no_answer():
    """Who turns the head away comes no farther from the screen."""
    assert responses_in("face 1min, close 6min, dark 8s, close 5min", FRONT) == [("too_close", None)]


def test_the_sleep_of_a_laptop_is_neither_an_answer_nor_an_insult():
    events = events_of("slouch 6min, gap 8h, slouch 12min")

    # Had it counted as ignored, the second would come twenty minutes after waking up and not after five.
    assert [(e.kind, type(e)) for e in events][:2] == [("posture_held", Reminder)] * 2


def test_whoever_is_lost_from_sight_has_neither_answered_nor_ignored_it():
    assert responses_in("sit 31min, dark 10min") == []
    assert responses_in("sit 31min, gap 10min, sit 1min") == []


# --- the table ---------------------------------------------------------------------------------------------------


def test_every_settable_kind_is_made_by_its_row_alone():
    assert [kind.code for kind in REMINDERS if kind.settable and not isinstance(kind.make().next_at(0.0), float)] == []
    assert KINDS["sat_too_long"].make() != KINDS["sat_too_long"].make(soft_min=20)
    assert len(KINDS) == len(REMINDERS)


def test_a_signal_is_judged_by_the_kind_that_it_names_or_by_none():
    judging = {kind.code: kind.fixed["only"] for kind in REMINDERS if "only" in kind.fixed}
    named = {signal.name: signal.reminder for signal in SIGNALS}

    assert {name: code for code, names in judging.items() for name in names} == {n: c for n, c in named.items() if c}
    assert [signal.name for signal in SIGNALS if signal.reminder and signal.tolerance is None] == []


def test_the_limits_are_the_sourced_ones():
    sat, stood = KINDS["sat_too_long"].make(), KINDS["stood_too_long"].make()

    assert (sat.soft_min, sat.firm_min, stood.soft_min, stood.firm_min) == (30, 60, 40, 60)


# --- decisions ---------------------------------------------------------------------------------------------------


def decisions(script, rules=None, period_s=10.0):
    """(t, decision of each kind by code, events) of every step."""
    steps = replay(scene(script, period_s), Plan(SIDE, rules=rules, period_s=period_s))
    return [(s.t, {d.kind: d for d in s.decisions}, s.events) for s in steps]


@examples(3)
@given(DAYS)
def test_every_kind_has_a_decision_at_every_step_and_a_hold_that_names_its_end_is_over_by_then(spells):
    steps = decisions(", ".join(f"{what} {minutes}min" for what, minutes in spells))
    for _, by_kind, events in steps:
        shown = {e.kind for e in events if isinstance(e, Reminder)}
        assert set(by_kind) == set(SETTABLE)
        assert {kind for kind, decision in by_kind.items() if decision.hold is None} == shown
    for (_, by_kind, _), (t, after, _) in pairwise(steps):
        for kind, decision in by_kind.items():
            if decision.until is not None and t >= decision.until + 30:
                assert after[kind].hold is not decision.hold or after[kind].until != decision.until


def test_the_decision_says_how_far_it_is():
    at_24 = next(by_kind for t, by_kind, _ in decisions("sit 26min") if t - MORNING >= 24 * MIN)["sat_too_long"]

    assert (at_24.hold, at_24.of_s) == (Hold.NOT_YET, 30 * MIN)
    assert at_24.seconds == pytest.approx(24 * MIN, abs=20)


def test_a_reminder_of_a_kind_that_is_off_now_still_counts_in_the_budget():
    earlier = [e for step in replay(scene("sit 31min", 10.0)) for e in step.events if isinstance(e, Reminder)]
    reminders = Reminders({"again": KINDS["sat_too_long"].make(soft_min=10)}, per_hour=1)
    reminders.remember(earlier)
    t = earlier[0].t + 10 * MIN
    run = {Activity.SITTING: Run(40 * MIN, MORNING), Activity.STANDING: Run()}
    considered = reminders.consider(Situation(t, Activity.SITTING, MORNING, run, Posture(), Activity.SITTING, MIN))

    assert [(d.hold, d.used, d.allowed, d.until) for d in considered.decisions] == [(Hold.BUDGET, 1, 1, earlier[0].t + HOUR_S)]


def test_what_holds_back_is_named():
    after = {t - MORNING: by_kind["sat_too_long"] for t, by_kind, _ in decisions("sit 40min, stand 5s, sit 1min")}
    assert after[1800 + 60].hold is Hold.SAID_BEFORE
    assert after[1800 + 60].of_s == 60 * MIN

    both = {"sat_too_long": KINDS["sat_too_long"].make(), "again": KINDS["sat_too_long"].make()}
    first = next(by_kind for _, by_kind, events in decisions("sit 31min", both) if any(isinstance(e, Reminder) for e in events))
    assert first["sat_too_long"].hold is None
    assert (first["again"].hold, first["again"].detail) == (Hold.ANOTHER_FIRST, "sat_too_long")
    waiting = decisions("sit 33min", both)[-1][1]["again"]
    assert (waiting.hold, waiting.detail) == (Hold.ANSWER_AWAITED, "sat_too_long")
