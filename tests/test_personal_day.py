"""A day begins when the person says so: limits, summaries, working days and "until tomorrow" count from then."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitor.advice.limits import LIMITS, SIT_SOFT
from monitor.advice.pregnancy import PregnancyStage
from monitor.app.advice import rules
from monitor.app.home import Home
from monitor.app.queries import start_of_day
from monitor.app.time_spec import end_of
from monitor.config import Settings, folders
from monitor.core.history.records import Person, Records
from monitor.core.posture.baseline import Posture
from monitor.core.reminders.rules import Situation
from monitor.core.sedentary.bouts import Bout, Run
from monitor.core.vocabulary import Activity, Reason
from monitor.reports.periods import date_of, day

BERLIN = ZoneInfo("Europe/Berlin")
HOME = Home(folders(None), Settings(), BERLIN)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@given(st.integers(0, 2 * 365 * 24 * 60), st.sampled_from([time(), time(4), time(2, 30), time(12)]))
def test_every_moment_lies_in_the_day_of_its_date_whenever_a_day_begins(minutes, begins):
    t = at("2026-01-01") + 60.0 * minutes
    found = day(date_of(t, BERLIN, begins), BERLIN, begins)

    assert found.start <= t < found.end
    assert found.end == day(date_of(found.end, BERLIN, begins), BERLIN, begins).start


def test_a_night_shift_is_one_day():
    evening, night = at("2026-03-02T22:00"), at("2026-03-03T03:00")
    friday_only = Settings.model_validate({"silence": {"working_days": ["fri"]}}).policy(BERLIN)

    assert HOME.date_of(evening) == HOME.date_of(night) == date(2026, 3, 2)
    assert start_of_day(HOME, night) == at("2026-03-02T04:00")
    assert friday_only.off_duty(at("2026-03-07T03:00")) is None
    assert friday_only.off_duty(at("2026-03-07T05:00")) == Reason.DAY_OFF


def test_until_tomorrow_said_after_midnight_is_until_this_morning():
    assert end_of(["until", "tomorrow"], at("2026-03-03T00:30"), HOME, 3600.0) == at("2026-03-03T06:00")
    assert end_of(["until", "tomorrow"], at("2026-03-03T12:00"), HOME, 3600.0) == at("2026-03-04T06:00")


def standing(t, elapsed_s):
    return Situation(t, Activity.STANDING, t, {}, Posture(), Activity.STANDING, elapsed_s)


class NightHistory:
    """A history of a night on which somebody stood from ten in the evening on."""

    def person(self):
        return Person()

    def records(self, start, end):
        stood = Bout(Activity.STANDING, max(start, at("2026-03-02T22:00")), end)
        return Records(start, end, (), [stood] if stood.seconds > 0 else [], (), ())


def test_limits_follow_a_birth_of_today_before_the_day_begins():
    class Mother(NightHistory):
        def person(self):
            return Person(birth=date(2026, 3, 3), told=True)

    def sat_at(text):
        rule = rules(HOME, Mother(), Mother())["sat_too_long"]
        rule.due(Situation(at(text), Activity.SITTING, at(text), {Activity.SITTING: Run()}, Posture(), Activity.SITTING, 0.0))
        return rule.next_at(0.0)

    limits = [LIMITS[stage][SIT_SOFT] * 60 for stage in (PregnancyStage.THIRD, PregnancyStage.AFTER_BIRTH)]
    assert [sat_at("2026-03-02T23:30"), sat_at("2026-03-03T00:30")] == limits


def test_standing_on_a_night_shift_reaches_the_limit_of_the_day():
    rule = rules(HOME, NightHistory(), NightHistory())["stood_today"]
    rule.due(standing(at("2026-03-03T00:30"), 0.0))

    assert rule.due(standing(at("2026-03-03T02:30"), 2 * 3600.0)) is not None
