"""What the person told becomes limits, words and silence: days lived through the real pipeline, sinks and history."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.profiles import Profile
from monitor.adapters.store import History, SelfReports, Store
from monitor.advice import library
from monitor.advice.picking import AT_HAND, BUSY_HOURS
from monitor.advice.pregnancy import TERM_DAYS, PregnancyStage
from monitor.app.advice import adviser, limits_on, recalibrate, rules, standing, told_in
from monitor.app.home import HISTORY, Home
from monitor.config import AdviceSettings, Settings, folders
from monitor.core.history.records import CheckInRecord, Person
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.posture.baseline import Baseline
from monitor.core.reminders.kinds import CHECK_IN
from monitor.core.reminders.rules import Level
from monitor.core.vocabulary import View
from monitor.run.loop import run
from monitor.run.sinks import NotifySink, StoreSink
from monitor.testing import MORNING, RecordingNotifier, scene
from monitor.texts.reminders import opening, title

ABOUT = {"source": "camera 0", "profile": None, "program": "0.1.0"}
TODAY = datetime.fromtimestamp(MORNING, UTC).date()
NEVER = MORNING + 10 * 86400.0
TIPS = {tip.id: tip for tip in library.tips().tips}


class ScriptedSource(list):
    """Observations as a source."""

    period_s = 20.0


def week(number):
    return Person(due=TODAY + timedelta(TERM_DAYS - 7 * number), told=True)


def a_home(folder: Path, settings=None) -> Home:
    return Home(folders(folder), Settings.model_validate(settings or {}), UTC)


def live(home: Home, script: str, start: float = MORNING):
    """What was shown loudly, what quietly, and what the history holds then of all days."""
    loud, quiet, path = RecordingNotifier(), RecordingNotifier(), home.folders.data / HISTORY
    with Store(path) as store, History(path) as past:
        keep = StoreSink(partial(store.begin, **ABOUT))
        tell = NotifySink(loud, adviser(home, past, past), keep, lambda: "desktop", quiet)
        plan = Plan(rules=rules(home, past, past), period_s=ScriptedSource.period_s)
        run(ScriptedSource(scene(script, ScriptedSource.period_s, start)), Pipeline(plan), [keep, tell])
        return loud.shown, quiet.shown, past.records(0, NEVER).reminders


def tell(home: Home, *what: Person | CheckInRecord) -> Home:
    with SelfReports(home.folders.data / HISTORY) as diary:
        for one in what:
            (diary.tell if isinstance(one, Person) else diary.add)(one)
    return home


def minutes(records):
    return [(one.reminder.kind, round((one.reminder.t - MORNING) / 60)) for one in records]


@pytest.mark.parametrize(
    ("person", "sit"), [(Person(), (30, 60)), (week(10), (30, 45)), (week(20), (30, 45)), (week(30), (25, 45))]
)
def test_the_limits_in_force_are_those_of_the_stage(person, sit, tmp_path):
    _, _, records = live(tell(a_home(tmp_path), person), "sit 65min")

    assert minutes(records)[:2] == [("sat_too_long", minute) for minute in sit]


def test_who_uses_a_wheelchair_is_never_reminded_of_standing_nor_asked_to_get_up(tmp_path):
    seen = "sit 35min, stand 95min, sit 35min"
    _, _, usual = live(tell(a_home(tmp_path / "usual"), week(20)), seen)
    loud, quiet, records = live(tell(a_home(tmp_path), replace(week(20), conditions=frozenset({"wheelchair"}))), seen)

    assert {one.reminder.kind for one in usual} == {"sat_too_long", "stood_too_long"}
    assert {one.reminder.kind for one in records} == {"sat_too_long"}
    assert [one.title for one in loud if "stand" in f"{one.title} {one.body}".lower().replace("standing for", "")] == []
    assert {one.title for one in loud} <= {title("sat_too_long", level, resting=True) for level in Level}
    assert [one for one in quiet if "up" in one.title.split()] == []


def test_the_persons_own_limit_wins_over_the_stage(tmp_path):
    home = tell(a_home(tmp_path, {"reminders": {"sat_too_long": {"soft_min": 50.0}}}), week(30))

    assert minutes(live(home, "sit 70min")[2]) == [("sat_too_long", 50), ("sat_too_long", 65)]
    limits = limits_on(home.settings, week(30), TODAY)
    assert (limits["sat_too_long.soft_min"].own, limits["sat_too_long.firm_min"].own) == (True, False)


def test_limits_move_with_the_week_in_a_monitor_that_runs_into_the_next_day(tmp_path):
    # Tomorrow the last part of the pregnancy begins: 25 minutes in the place of 30.
    home = tell(a_home(tmp_path), replace(week(28), due=week(28).due + timedelta(1)))
    evening = MORNING + 18 * 3600.0  # an hour before the day begins at four

    _, _, records = live(home, "sit 20min, away 40min, sit 40min", start=evening)

    assert [round((one.reminder.t - evening) / 60) for one in records] == [60 + 25]


def test_a_tip_goes_with_a_reminder_and_one_more_with_the_break(tmp_path):
    loud, quiet, (record,) = live(tell(a_home(tmp_path), week(20)), "sit 32min, stand 3min, sit 10min")

    assert (record.reminder.kind, record.reminder.due.seconds, record.reminder.due.after_break) == ("sat_too_long", 1800.0, False)
    assert loud[0].body == f"{opening(record.reminder, UTC)} {TIPS[record.tip].body}"
    assert (quiet[0].title, quiet[0].body) == (TIPS[record.follow_up].title, TIPS[record.follow_up].body)
    assert len(loud) == len(quiet) == 1


DAY = "sit 50min, stand 2min, sit 70min, away 10min, sit 95min, stand 45min, sit 40min, stand 1min, sit 60min"


def test_the_same_day_replays_to_the_same_tips_and_no_tip_comes_twice(tmp_path):
    lives = [live(tell(a_home(tmp_path / name), week(20)), DAY) for name in ("once", "again")]
    tips = [tip for one in lives[0][2] for tip in (one.tip, one.follow_up) if tip]

    assert lives[0] == lives[1]
    assert len(tips) == len(set(tips)) >= 10


def test_a_second_session_of_the_day_repeats_nothing_that_the_first_one_said(tmp_path):
    home = tell(a_home(tmp_path), week(20))
    live(home, "sit 65min")
    _, _, records = live(home, "sit 65min", start=MORNING + 2 * 3600)

    assert len({one.tip for one in records}) == len(records) == 4


def test_after_a_warning_sign_no_tip_comes_until_it_is_cleared_even_while_the_monitor_runs(tmp_path):
    alarm = CheckInRecord(MORNING + 3000.0, 3, symptoms=frozenset({"fever"}), urgency="orange", cleared=MORNING + 7000.0)
    loud, quiet, records = live(tell(a_home(tmp_path), week(20), alarm), "sit 115min, stand 2min, sit 60min")

    assert [n.title == "Please phone now" for n in loud] == [False, False, True, False, False]
    assert [one.tip is None for one in records] == [False, False, True, False, False]
    assert [n.title for n in quiet] == []


def test_a_break_while_a_call_is_open_brings_no_tip(tmp_path):
    alarm = CheckInRecord(MORNING, 3, symptoms=frozenset({"fever"}), urgency="red")
    loud, quiet, _ = live(tell(a_home(tmp_path), alarm), "sit 32min, stand 5min")

    assert [n.title for n in loud] == ["Please get help now"]
    assert quiet == []


def test_what_the_person_ticked_keeps_tips_away(tmp_path):
    home = tell(a_home(tmp_path), replace(week(20), conditions=frozenset({"told_to_rest"})))
    loud, _, records = live(home, "sit 115min")

    assert all("told_to_rest" not in TIPS[one.tip].forbidden_by for one in records)
    assert [n.title for n in loud][:2] == [title("sat_too_long", level, resting=True) for level in Level]


def test_a_days_standing_is_said_once_over_all_its_sessions(tmp_path):
    home = tell(a_home(tmp_path), week(20))
    script = "stand 25min, sit 3min, stand 25min, sit 3min, stand 25min, sit 3min, stand 20min"
    morning = live(home, script)[2]
    noon = live(home, script, start=MORNING + 2 * 3600)[2]
    evening = live(home, script, start=MORNING + 5 * 3600)[2]

    assert [one.reminder.kind for one in morning] == []
    assert [(one.reminder.kind, round(one.reminder.due.seconds / 60)) for one in noon] == [("stood_today", 180)]
    assert [one.reminder.kind for one in evening] == ["stood_today"]


def test_without_being_asked_for_no_check_in_is_asked_for(tmp_path):
    assert CHECK_IN not in {one.reminder.kind for one in live(a_home(tmp_path), "sit 9h")[2]}


def test_the_daily_question_comes_once_a_day_and_not_after_a_check_in(tmp_path):
    wanted = {"advice": {"check_in_at_h": 10.0}}
    asked = [
        sum(one.reminder.kind == CHECK_IN for one in live(home, "sit 90min")[2])
        for home in (a_home(tmp_path / "a", wanted), tell(a_home(tmp_path / "b", wanted), CheckInRecord(MORNING - 600, 2)))
    ]
    again = live(a_home(tmp_path / "a", wanted), "sit 30min", start=MORNING + 2 * 3600)[2]

    assert asked == [1, 0]
    assert sum(one.reminder.kind == CHECK_IN for one in again) == 1


def test_a_reminder_that_is_turned_off_stays_off_at_every_stage(tmp_path):
    home = tell(a_home(tmp_path, {"reminders": {"sat_too_long": {"enabled": False}}}), week(30))

    assert live(home, "sit 2h")[2] == []


def a_profile(taken: date) -> Profile:
    return Profile("desk", datetime.combine(taken, time(12), UTC).timestamp(), "camera 0", View.SIDE, Baseline())


def test_a_profile_older_than_four_weeks_of_pregnancy_asks_for_a_new_calibration(tmp_path):
    home = a_home(tmp_path)

    assert recalibrate(home, week(20), TODAY, a_profile(TODAY - timedelta(28))) is None
    assert recalibrate(home, Person(), TODAY, a_profile(TODAY - timedelta(400))) is None
    assert recalibrate(home, week(20), TODAY, None) is None
    asked = recalibrate(home, week(20), TODAY, a_profile(TODAY - timedelta(29)))
    assert "'desk'" in asked
    assert "4 weeks of pregnancy ago" in asked


def test_who_told_nothing_has_no_stage_and_the_usual_limits(tmp_path):
    now = standing(a_home(tmp_path), told_in(a_home(tmp_path)), None)

    assert (now.stage, now.limits["sat_too_long.firm_min"].value, now.questions) == (None, 60.0, ())


def test_the_day_is_that_of_the_persons_clock(tmp_path):
    """Late in the evening of the last day of the second part it is already tomorrow in Auckland."""
    person = replace(week(28), due=week(28).due + timedelta(1))
    auckland = replace(a_home(tmp_path), tz=ZoneInfo("Pacific/Auckland"))
    late = MORNING + 6 * 3600
    kept = tell(a_home(tmp_path), person)
    with History(kept.folders.data / HISTORY) as past:
        stages = [adviser(home, past, past).known(late).stage for home in (kept, auckland)]

    assert stages == [PregnancyStage.SECOND, PregnancyStage.THIRD]


def test_the_settings_for_tips_begin_with_what_the_tips_assume():
    assert (frozenset(AdviceSettings().at_hand), frozenset(AdviceSettings().busy_hours)) == (AT_HAND, BUSY_HOURS)
