"""Weeks and stages by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.advice.pregnancy import (
    BY_OPERATION,
    LATEST_DAYS,
    NOT_PREGNANT,
    PREGNANT,
    RECENT_OPERATION,
    TERM_DAYS,
    Pregnancy,
    PregnancyStage,
    born_on,
    due_on,
    in_week,
)
from monitor.core.errors import ConfigError

TODAY = date(2026, 3, 2)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
weeks = st.integers(1, 42)
ORDER = [PregnancyStage.NOT_PREGNANT, PregnancyStage.FIRST, PregnancyStage.SECOND, PregnancyStage.THIRD]


@given(days, weeks)
def test_the_week_that_was_told_is_the_week_of_today(today, week):
    assert (week, 0) == in_week(week, today).week(today)


@given(days, st.integers(0, LATEST_DAYS))
def test_a_due_date_and_the_week_it_gives_are_one(today, pregnant_days):
    pregnancy = due_on(today + timedelta(TERM_DAYS - pregnant_days), today)

    assert divmod(pregnant_days, 7) == pregnancy.week(today)


@given(days, weeks, st.integers(0, 300))
def test_a_week_later_is_one_week_more(today, week, later):
    pregnancy = in_week(week, today)
    then = today + timedelta(later)

    assert pregnancy.days(then) + 7 == pregnancy.days(then + timedelta(7))


@given(days, days, days)
def test_stages_follow_one_another_and_none_is_skipped_back(due, one, other):
    first, then = sorted((one, other))
    stages = [ORDER.index(Pregnancy(due=due).stage(day)) for day in (first, then)]

    assert stages == sorted(stages)


@given(days, st.integers(-400, 800))
def test_the_week_is_known_exactly_while_pregnant(birth, later):
    today = birth + timedelta(later)
    pregnancy = Pregnancy(birth=birth)

    assert (pregnancy.week(today) is not None) == (pregnancy.stage(today) in PREGNANT)
    assert (pregnancy.stage(today) is PregnancyStage.AFTER_BIRTH) == (0 <= later <= 365)


@pytest.mark.parametrize(
    ("pregnant_days", "stage"),
    [
        (0, PregnancyStage.FIRST),
        (97, PregnancyStage.FIRST),
        (98, PregnancyStage.SECOND),
        (195, PregnancyStage.SECOND),
        (196, PregnancyStage.THIRD),
        (300, PregnancyStage.THIRD),
    ],
)
def test_a_stage_begins_on_its_day(pregnant_days, stage):
    assert stage is Pregnancy(due=TODAY + timedelta(TERM_DAYS - pregnant_days)).stage(TODAY)


def test_who_told_nothing_is_not_pregnant():
    assert PregnancyStage.NOT_PREGNANT is NOT_PREGNANT.stage(TODAY)
    assert NOT_PREGNANT.week(TODAY) is None


@given(days, st.integers(1, 400))
def test_a_due_date_that_cannot_be_is_refused(today, off):
    for due in (today + timedelta(TERM_DAYS + off), today - timedelta(LATEST_DAYS - TERM_DAYS + off)):
        with pytest.raises(ConfigError, match=f"due date {due} cannot be; give a day from"):
            due_on(due, today)


@pytest.mark.parametrize("week", [-1, 0, 43])
def test_a_week_that_cannot_be_is_refused(week):
    with pytest.raises(ConfigError, match=f"week {week} cannot be"):
        in_week(week, TODAY)


def test_a_birth_to_come_is_refused():
    assert PregnancyStage.AFTER_BIRTH is born_on(TODAY, TODAY).stage(TODAY)
    with pytest.raises(ConfigError, match="still to come"):
        born_on(TODAY + timedelta(1), TODAY)


def test_long_past_the_due_date_the_program_asks_and_decides_nothing():
    pregnancy = Pregnancy(due=TODAY - timedelta(15))

    assert PregnancyStage.THIRD is pregnancy.stage(TODAY)
    assert "stage --birth" in pregnancy.question(TODAY)
    assert pregnancy.question(TODAY - timedelta(1)) is None
    assert NOT_PREGNANT.question(TODAY) is None


@given(days, st.integers(0, 294), st.integers(0, 400))
def test_a_calibration_is_old_after_four_weeks_of_pregnancy(today, pregnant_days, age):
    pregnancy = Pregnancy(due=today + timedelta(TERM_DAYS - pregnant_days))

    assert (min(pregnant_days, age) > 28) == (pregnancy.profile_question(today - timedelta(age), today) is not None)


def test_a_calibration_from_before_the_birth_is_old_after_it():
    pregnancy = Pregnancy(birth=TODAY)

    assert "before the birth" in pregnancy.profile_question(TODAY - timedelta(3), TODAY + timedelta(2))
    assert pregnancy.profile_question(TODAY, TODAY + timedelta(90)) is None
    assert pregnancy.profile_question(TODAY - timedelta(400), TODAY + timedelta(2)) is None


@given(days, st.integers(0, 2000))
def test_who_is_not_pregnant_keeps_her_calibration(today, age):
    assert NOT_PREGNANT.profile_question(today - timedelta(age), today) is None


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(-30, 400))
def test_a_birth_by_operation_is_a_recent_operation_for_eight_weeks_and_then_none(birth, days):
    pregnancy, today = Pregnancy(birth=birth), birth + timedelta(days)

    assert (RECENT_OPERATION in pregnancy.holds(frozenset({BY_OPERATION}), today)) == (0 <= days < 56)
    assert pregnancy.holds(frozenset({"dizzy"}), today) == {"dizzy"}
    assert pregnancy.holds(frozenset({RECENT_OPERATION}), today) == {RECENT_OPERATION}
