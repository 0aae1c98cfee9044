"""What is due once a day: a day's standing that has added up, and the question how the back is."""

import pytest

from monitor.core.pipeline import Plan
from monitor.core.reminders.daily_check_in import AGAIN_S, AskDaily
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.kinds import CHECK_IN
from monitor.core.reminders.rules import DAY_S, Day, Level, StoodToday
from monitor.core.vocabulary import Hold
from monitor.testing import MORNING, replay, scene

MIDNIGHT = MORNING - 9 * 3600


def reminders_of(rules, script, start=MORNING):
    """What was said, and in which minute of the scene."""
    steps = replay(scene(script, 10.0, start), Plan(rules=rules, period_s=10.0))
    return [(e.kind, round((e.t - start) / 60), e.due) for step in steps for e in step.events if isinstance(e, Reminder)]


def stood_before(seconds):
    return lambda t: Day(t - t % DAY_S, t - t % DAY_S + DAY_S, seconds)


def stood(limit_h, script, before_s=0.0, start=MORNING):
    return reminders_of({"stood_today": StoodToday(limit_h, stood_before(before_s))}, script, start)


def test_standing_adds_up_over_the_day_and_is_said_once():
    ((kind, minute, due),) = stood(1.0, "stand 30min, sit 20min, stand 50min, sit 30min, stand 2h")

    assert (kind, due.level, due.since) == ("stood_today", Level.SOFT, MIDNIGHT)
    assert abs(minute - 80) <= 1
    assert abs(due.seconds - 3600) <= 30


def test_what_was_stood_before_the_monitor_began_counts():
    ((_, minute, _),) = stood(1.0, "stand 50min", before_s=2400.0)

    assert abs(minute - 20) <= 1


def test_a_day_that_reached_it_before_is_not_told_again():
    assert stood(1.0, "stand 2h", before_s=3600.0) == []


def test_a_new_day_begins_at_zero():
    late = MIDNIGHT + 23 * 3600.0
    minutes = [minute for _, minute, _ in stood(0.75, "stand 2h", start=late)]

    assert minutes == pytest.approx([45, 60 + 45], abs=1)


def test_nobody_who_sits_is_told_about_standing():
    assert stood(1.0, "stand 59min, sit 3h") == []


def asked(script, at_h=10.0, *, done=False):
    return [minute for _, minute, _ in reminders_of({CHECK_IN: AskDaily(at_h, stood_before(0.0), lambda _: done)}, script)]


def test_the_question_comes_once_a_day_from_its_hour_on():
    assert asked("sit 3h") == [60]


def test_before_its_hour_the_question_tells_when_it_comes():
    steps = replay(
        scene("sit 30min", 10.0), Plan(rules={CHECK_IN: AskDaily(10.0, stood_before(0.0), lambda _: False)}, period_s=10.0)
    )
    (ahead,) = steps[-1].decisions

    assert (ahead.seconds, ahead.of_s, ahead.hold) == (pytest.approx(9.5 * 3600, abs=10), 10 * 3600, Hold.NOT_YET)


def test_the_question_waits_for_somebody_to_be_there():
    assert asked("sit 50min, away 40min, sit 30min") == [90]


def test_whether_it_was_answered_is_looked_up_every_ten_seconds():
    looked = []
    ask = AskDaily(10.0, stood_before(0.0), lambda day: looked.append(day) or len(looked) > 1)
    steps = replay(scene("sit 61min", 2.0), Plan(rules={CHECK_IN: ask}, period_s=2.0))
    shown = [event for step in steps for event in step.events if isinstance(event, Reminder)]

    assert [event.kind for event in shown] == [CHECK_IN]
    assert len(looked) == pytest.approx(60 / AGAIN_S, abs=1)


def test_who_has_answered_or_was_asked_is_not_asked():
    assert asked("sit 3h", done=True) == []
