"""The stage of a person: not pregnant, which week of pregnancy, or after a birth.  Dates are arguments; no clock is read.

Weeks are counted by day from the due date, as midwives do: 40 weeks (280 days) from the start to the due date.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from monitor.core.errors import ConfigError

WEEK = 7
TERM_DAYS = 40 * WEEK
# science.md 4.5: first under 14 weeks, second 14 to 27, third from 28.
SECOND_FROM, THIRD_FROM = 14 * WEEK, 28 * WEEK
# Hardly any pregnancy lasts longer (days); from here the program asks whether the baby was born.
LONGEST_DAYS = 42 * WEEK
# A due date longer ago than this (days) is a typing error, or outdated.
LATEST_DAYS = 44 * WEEK
# "Up to a year after": CDC, Hear Her.
AFTER_BIRTH_DAYS = 365
# science.md 1.9: calibrate again at least every four weeks of pregnancy.
PROFILE_DAYS = 4 * WEEK

# Set by a person who has lost her baby, or whose baby is elsewhere: no text then mentions one.
NO_BABY = "no_baby_with_me"
# A birth by operation counts as a recent operation for these weeks (source after_operation).
BY_OPERATION, RECENT_OPERATION = "birth_by_operation", "recent_operation"
OPERATION_DAYS = 8 * WEEK


class PregnancyStage(StrEnum):
    """The stages that advice and limits depend on."""

    NOT_PREGNANT = "not_pregnant"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    AFTER_BIRTH = "after_birth"


PREGNANT = frozenset({PregnancyStage.FIRST, PregnancyStage.SECOND, PregnancyStage.THIRD})


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """The person's entry: a due date, or the day of the birth; neither means not pregnant."""

    due: date | None = None
    birth: date | None = None

    def days(self, today: date) -> int | None:
        """Days of pregnancy (from 0) on that day; None while not pregnant."""
        end = self.birth or self.due
        if end is None or (self.birth is not None and today >= self.birth):
            return None
        days = TERM_DAYS - (end - today).days
        return days if days >= 0 else None

    def week(self, today: date) -> tuple[int, int] | None:
        """Completed weeks and the days beyond them, (24, 3) for "24 weeks and 3 days"; None while not pregnant."""
        days = self.days(today)
        return None if days is None else divmod(days, WEEK)

    def stage(self, today: date) -> PregnancyStage:
        """The stage on that day; a pregnancy does not end by itself, a year after the birth does."""
        days = self.days(today)
        if days is not None:
            return (
                PregnancyStage.FIRST
                if days < SECOND_FROM
                else PregnancyStage.SECOND
                if days < THIRD_FROM
                else PregnancyStage.THIRD
            )
        if self.birth is not None and 0 <= (today - self.birth).days <= AFTER_BIRTH_DAYS:
            return PregnancyStage.AFTER_BIRTH
        return PregnancyStage.NOT_PREGNANT

    def weeks(self, today: date) -> int | None:
        """Completed weeks of the pregnancy, or since the birth; None without either."""
        days = self.days(today)
        if days is None and self.birth is not None:
            days = (today - self.birth).days
        return None if days is None else days // WEEK

    def holds(self, conditions: frozenset[str], today: date) -> frozenset[str]:
        """Which ``conditions`` hold on that day: a birth by operation is a recent operation for a while, and then none."""
        days = None if self.birth is None else (today - self.birth).days
        recent = BY_OPERATION in conditions and days is not None and 0 <= days < OPERATION_DAYS
        return conditions | {RECENT_OPERATION} if recent else conditions

    def question(self, today: date) -> str | None:
        """The question to ask when the entry must be outdated; else None."""
        days = self.days(today)
        if days is None or days <= LONGEST_DAYS:
            return None
        return "the due date is more than two weeks ago; if anything has changed, set it with stage --birth DATE or stage --none"

    def profile_question(self, taken: date, today: date) -> str | None:
        """Why a calibration of the day ``taken`` should be repeated; None while it is valid.

        A growing body makes it outdated, and so does a birth.
        """
        if self.birth is not None and taken < self.birth <= today and self.days(taken) is not None:
            return "it was made before the birth; please calibrate again"
        now = self.days(today)
        grown = 0 if now is None else min(now, (today - taken).days)
        if grown <= PROFILE_DAYS:
            return None
        return f"it was made {grown // WEEK} weeks of pregnancy ago; please calibrate again"


def due_on(due: date, today: date) -> Pregnancy:
    """A pregnancy by its due date.

    Raises:
        ConfigError: no present pregnancy can have that date.
    """
    days = TERM_DAYS - (due - today).days
    if not 0 <= days <= LATEST_DAYS:
        first, last = today - timedelta(LATEST_DAYS - TERM_DAYS), today + timedelta(TERM_DAYS)
        raise ConfigError(f"due date {due} cannot be; give a day from {first} to {last}")
    return Pregnancy(due=due)


def in_week(week: int, today: date) -> Pregnancy:
    """A pregnancy by the weeks completed today.

    Raises:
        ConfigError: not a week of a pregnancy.
    """
    if not 1 <= week <= LONGEST_DAYS // WEEK:
        raise ConfigError(f"week {week} cannot be; give the completed weeks, 1 to {LONGEST_DAYS // WEEK}")
    return Pregnancy(due=today + timedelta(TERM_DAYS - week * WEEK))


def born_on(birth: date, today: date) -> Pregnancy:
    """After a birth; ``today`` is the calendar date, also before the person's own day begins.

    Raises:
        ConfigError: the day is in the future.
    """
    if birth > today:
        raise ConfigError(f"birth {birth} is still to come; give the day of the birth, or the due date with --due")
    return Pregnancy(birth=birth)


NOT_PREGNANT = Pregnancy()
