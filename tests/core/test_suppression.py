"""Suppression: it has a reason, loses nothing, and ends with its reason; the budget stays within its bounds."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.core.body.pose import Observation
from monitor.core.pipeline import Plan
from monitor.core.reminders.commands import Command, CommandKind
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import UNSEEN, DeferredNotice
from monitor.core.reminders.kinds import SETTABLE
from monitor.core.reminders.rules import Due
from monitor.core.reminders.suppression import LEAST, Budget, DesktopState, Suppression, SuppressionChanged, SuppressionPolicy
from monitor.core.vocabulary import Reason
from monitor.testing import MORNING, replay, scene
from monitor.texts.reminders import plain_missed

MIN = 60
PHASES = ["sit", "slouch", "stand", "walk", "away", "dark", "gap", "face"]
DAYS = st.lists(st.tuples(st.sampled_from(PHASES), st.integers(1, 40)), min_size=1, max_size=6)
BERLIN = ZoneInfo("Europe/Berlin")


def joined(observations, *heard: Command | DesktopState):
    left = sorted(heard, key=lambda event: event.t)
    for obs in observations:
        while left and left[0].t <= obs.t:
            yield replace(left.pop(0), t=obs.t)
        yield obs


def events(script, *heard: Command | DesktopState, policy=None, period_s=5.0):
    plan = Plan(period_s=period_s, policy=policy or SuppressionPolicy())
    return [e for s in replay(joined(scene(script, period_s), *heard), plan) for e in s.events]


def of_type(kind, found):
    return [e for e in found if isinstance(e, kind)]


def call_from(start, seconds):
    t = MORNING + start
    return DesktopState(t, microphone=True), DesktopState(t + seconds, microphone=False)


# --- laws --------------------------------------------------------------------------------------------------------


@examples(4)
@given(DAYS, st.lists(st.tuples(st.integers(0, 150), st.integers(1, 60)), max_size=4))
def test_nothing_is_said_in_silence_and_every_silence_is_over_when_its_reason_is(spells, calls):
    script = ", ".join(f"{what} {minutes}min" for what, minutes in spells)
    heard = [event for start, minutes in calls for event in call_from(start * MIN, minutes * MIN)]
    steps = replay(joined(scene(script, 10.0), *heard), Plan(period_s=10.0))

    in_call = False
    for step in steps:
        for event in step.inputs:
            in_call = event.microphone
        assert step.silent == (Reason.CALL if in_call else None)
        assert not step.silent or not of_type((Reminder, DeferredNotice), step.events)


@examples(4)
@given(DAYS, st.integers(1, 60))
def test_silence_never_loses_a_response(spells, minutes):
    """Whatever was said before a silence is answered in it exactly as without it."""
    script = ", ".join(f"{what} {n}min" for what, n in [("sit", 31), *spells])
    before = MORNING + 30 * MIN + 10
    plain = [e for e in of_type(Response, events(script, period_s=10.0)) if e.t < before]
    silent = events(script, *call_from(30 * MIN + 10, minutes * MIN), period_s=10.0)

    assert [e for e in of_type(Response, silent) if e.t < before] == plain


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 12))
def test_the_budget_stays_within_its_bounds_and_moves_by_one(helped, most):
    budgets = [Budget(most, most)]
    for one in helped:
        budgets.append(budgets[-1].after(helped=one))

    assert all(min(LEAST, most) <= b.allowed <= most for b in budgets)
    assert all(abs(b.allowed - a.allowed) <= 1 for a, b in pairwise(budgets))


@examples(3)
@given(DAYS, st.integers(1, 6))
def test_no_hour_brings_more_than_its_budget(spells, per_hour):
    script = ", ".join(f"{what} {minutes}min" for what, minutes in [*spells, ("sit", 130)])
    times = [e.t for e in of_type(Reminder, events(script, policy=SuppressionPolicy(per_hour=per_hour), period_s=10.0))]

    assert all(b - a >= 3600 for a, b in zip(times, times[per_hour:], strict=False))


@given(st.floats(1.5e9, 1.9e9), st.integers(0, 1439), st.integers(0, 1439))
def test_quiet_hours_are_those_of_the_persons_clock_on_every_day(t, start, end):
    quiet = SuppressionPolicy(BERLIN, quiet=(start, end)).off_duty(t)
    local = datetime.fromtimestamp(t, BERLIN)
    minute = local.hour * 60 + local.minute
    within = start <= minute < end if start <= end else not end <= minute < start

    assert quiet == (Reason.QUIET_HOURS if within else None)


# --- reasons -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("around", "why"),
    [
        ({"microphone": True}, Reason.CALL),
        ({"do_not_disturb": True}, Reason.DO_NOT_DISTURB),
        ({"full_screen": True}, Reason.FULL_SCREEN),
        ({"locked": True}, Reason.LOCKED),
        ({"battery": True}, None),
        ({}, None),
        ({"microphone": False, "do_not_disturb": False, "full_screen": False, "locked": False}, None),
    ],
)
def test_what_the_machine_says_silences_and_what_it_does_not_say_never_does(around, why):
    suppression = Suppression()
    suppression.accept(DesktopState(MORNING, **around))

    assert suppression.update(Observation(MORNING, None, Reason.NOBODY))[0] == why


def test_a_camera_that_another_program_took_is_a_call():
    assert Suppression().update(Observation(MORNING, None, Reason.BUSY)) == (
        Reason.CALL,
        SuppressionChanged(MORNING, Reason.CALL),
    )


def test_what_is_not_to_be_heeded_is_not():
    suppression = Suppression(SuppressionPolicy(heed=frozenset({Reason.SNOOZED})))
    suppression.accept(DesktopState(MORNING, microphone=True, do_not_disturb=True, full_screen=True))

    assert suppression.update(Observation(MORNING, None, Reason.BUSY)) == (None, None)


def test_a_day_off_is_one():
    monday, workdays = MORNING, SuppressionPolicy(UTC, days=frozenset(range(5)))

    assert [workdays.off_duty(monday + day * 86400) for day in range(7)] == [None] * 5 + [Reason.DAY_OFF] * 2


def test_a_change_of_reason_is_told_once():
    changes = of_type(
        SuppressionChanged, events("sit 10min", *call_from(60, 120), Command(MORNING + 120, CommandKind.SNOOZE, MORNING + 300))
    )

    assert [(h.t - MORNING, h.why) for h in changes] == [(60, Reason.CALL), (120, Reason.SNOOZED), (300, None)]


# --- held back ---------------------------------------------------------------------------------------------------


def test_what_a_call_held_back_is_told_in_one_line_when_it_is_over():
    found = events("sit 58min", *call_from(10 * MIN, 45 * MIN))
    (missed,) = of_type(DeferredNotice, found)

    assert (missed.t - MORNING, missed.why) == (55 * MIN, Reason.CALL)
    assert {kind: seconds // 60 for kind, seconds in missed.durations.items()} == {"sat_too_long": 54}
    assert of_type(Reminder, found) == []


def test_after_that_line_the_clock_goes_on_as_if_it_had_been_said():
    found = events("sit 100min", *call_from(10 * MIN, 45 * MIN))

    assert [round((r.t - MORNING) / MIN) for r in of_type(Reminder, found)] == [60, 90]


@pytest.mark.parametrize(("seconds", "reported"), [(50, []), (90, [{UNSEEN: 90}])])
def test_a_minute_and_more_in_which_another_program_held_the_camera_is_reported_afterwards(seconds, reported):
    seen = [*scene("sit 10min", 5.0)]
    taken = [replace(o, pose=None, why=Reason.BUSY) if 60 < o.t - MORNING <= 60 + seconds else o for o in seen]
    found = [e for step in replay(taken, Plan(period_s=5.0)) for e in of_type(DeferredNotice, step.events)]

    assert [(notice.why, dict(notice.durations)) for notice in found] == [(Reason.CALL, spent) for spent in reported]


def test_what_was_held_back_waits_for_somebody_to_be_there_and_grows_stale():
    back_soon = events("sit 40min, away 20min, sit 1min", *call_from(10 * MIN, 35 * MIN))
    back_late = events("sit 40min, away 70min, sit 1min", *call_from(10 * MIN, 35 * MIN))

    assert [round((m.t - MORNING) / MIN) for m in of_type(DeferredNotice, back_soon)] == [60]
    assert of_type(DeferredNotice, back_late) == []


def test_a_call_in_which_nothing_was_due_is_not_mentioned():
    assert of_type(DeferredNotice, events("sit 25min", *call_from(MIN, 20 * MIN))) == []


def test_nobody_hears_in_the_morning_about_the_evening():
    found = events("sit 58min", policy=SuppressionPolicy(UTC, quiet=(9 * 60, 9 * 60 + 50)))

    assert of_type(DeferredNotice, found) == []
    assert [round((r.t - MORNING) / MIN) for r in of_type(Reminder, found)] == [50]


def test_a_snooze_holds_reminders_back_and_nothing_else():
    found = events("sit 45min, stand 2min", Command(MORNING + 29 * MIN, CommandKind.SNOOZE, MORNING + 39 * MIN))

    assert [round((m.t - MORNING) / MIN) for m in of_type(DeferredNotice, found)] == [39]
    assert of_type(Reminder, found) == []
    assert any(e.activity == "sitting" and e.seconds == 45 * MIN for e in found if hasattr(e, "seconds"))


# --- budget ------------------------------------------------------------------------------------------------------


class EverySixMinutes:
    """A rule that would speak ten times an hour."""

    def due(self, now):
        return Due(now.t - MORNING, MORNING, step=1 + int((now.t - MORNING) // 360))

    def so_far(self, now):
        return now.t - MORNING

    def next_at(self, so_far):
        return so_far + 360 - so_far % 360


def reminders_by_hour(script, policy):
    plan = Plan(rules={"often": EverySixMinutes()}, period_s=10.0, policy=policy)
    times = [e.t for s in replay(scene(script, 10.0), plan) for e in of_type(Reminder, s.events)]
    return [sum(h * 3600 <= t - MORNING < (h + 1) * 3600 for t in times) for h in range(int(times[-1] - MORNING) // 3600 + 1)]


def test_whoever_ignores_everything_hears_less_and_less_but_never_nothing():
    first, *rest = reminders_by_hour("sit 6h", SuppressionPolicy(per_hour=6))

    assert first <= 6
    assert rest == [LEAST] * 5


def test_whoever_moves_each_time_hears_as_much_as_before():
    ignoring, moving = "sit 3h", ", ".join(["sit 4min, stand 2min"] * 40)

    assert max(reminders_by_hour(f"{ignoring}, {moving}", SuppressionPolicy(per_hour=6))[4:]) == 6


def test_who_wants_none_just_now_and_ignores_it_pays_no_more_than_who_ignores_it():
    def often(*heard: Command):
        plan = Plan(rules={"often": EverySixMinutes()}, period_s=10.0)
        return [e.t for s in replay(joined(scene("sit 2h", 10.0), *heard), plan) for e in of_type(Reminder, s.events)]

    ignored = often()

    assert often(Command(ignored[0] + 5, CommandKind.NOT_NOW), Command(ignored[0] + 9, CommandKind.NOT_NOW)) == ignored


def test_who_wants_none_just_now_pays_with_one_of_the_hour_and_is_answered_all_the_same():
    decline = Command(MORNING + 30 * MIN + 5, CommandKind.NOT_NOW)
    found = events("sit 31min, stand 2min", decline)

    assert [(e.kind, e.after_s) for e in of_type(Response, found)] == [("sat_too_long", pytest.approx(60, abs=2))]


def test_every_clock_has_a_word_for_what_was_missed():
    for kind, row in SETTABLE.items():
        if row.of_time:
            assert plain_missed(DeferredNotice(MORNING, Reason.CALL, {kind: 3300.0})).title.endswith("55 min")
