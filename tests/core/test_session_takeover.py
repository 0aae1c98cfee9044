"""Taking over an earlier session: clocks continue over a restart, and no reminder is repeated."""

from dataclasses import replace

import pytest

from monitor.core.pipeline import Before, Plan
from monitor.core.reminders.decisions import Reminder
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.testing import MORNING, replay, scene

MIN = 60.0


def reminders(before, script):
    steps = replay(scene(script, 1.0), Plan(before=before, period_s=1.0))
    return [(e.kind, round((e.t - MORNING) / MIN, 1)) for s in steps for e in s.events if isinstance(e, Reminder)]


def sat(minutes, ago_min):
    end = MORNING - ago_min * MIN
    return Bout(Activity.SITTING, end - minutes * MIN, end)


def test_the_clock_of_sitting_goes_on_over_a_restart():
    assert reminders(Before([sat(25, 1)]), "sit 10min") == [("sat_too_long", 5.0)]
    assert reminders(Before(), "sit 10min") == []


@pytest.mark.parametrize("left", [Before([sat(25, 21)]), Before([sat(25, 3), Bout(Activity.AWAY, MORNING - 180, MORNING - 60)])])
def test_a_long_time_without_a_monitor_or_a_break_begins_it_again(left):
    assert reminders(left, "sit 10min") == []


def test_what_was_said_is_not_said_again_after_a_restart():
    before = Before([sat(29, 0)])
    (reminder,) = [
        e for s in replay(scene("sit 2min", 1.0), Plan(before=before, period_s=1.0)) for e in s.events if isinstance(e, Reminder)
    ]
    due = replace(reminder.due, since=MORNING - 31 * MIN)
    restarted = Before([sat(31, 0)], [Reminder(MORNING - 60, reminder.kind, due, reminder.activity)])

    assert reminders(restarted, "sit 20min") == []


def test_a_bout_that_lies_in_the_future_of_a_clock_that_was_set_back_is_left_out():
    ahead = Bout(Activity.SITTING, MORNING + 60, MORNING + 3600)

    assert reminders(Before([ahead]), "sit 10min") == []
