"""The period of a report: a day, the last seven days, the last four weeks, or one session.

A day begins at a local time in the given zone, midnight unless the person sets another (a night shift is one day); it has 23 or
25 hours where clocks change.  A week is the seven days up to and including the given one: a calendar week would be almost empty
on a Monday.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from monitor.core.errors import ConfigError
from monitor.core.history.records import Session
from monitor.reports.phrases import day_of
from monitor.texts.reminders import clock

DAYS_IN_WEEK, DAYS_IN_MONTH = 7, 28
MIDNIGHT = time()
# POSIX seconds begin in 1970, and Python's last date has no following midnight.
_YEARS = range(1971, 9999)


@dataclass(frozen=True, slots=True)
class Period:
    """The time from ``start`` up to ``end`` (POSIX s), its name for people, and the days it is made of, of a week or month."""

    kind: Literal["day", "week", "month", "session"]
    name: str
    start: float
    end: float
    days: tuple["Period", ...] = ()

    @property
    def spans(self) -> list[tuple[float, float]]:
        """From and to (POSIX s) of each of its days."""
        return [(one.start, one.end) for one in self.days]


def date_of(t: float, tz: tzinfo, begins: time = MIDNIGHT) -> date:
    """The date of the day, which begins at that time of the clock, in which ``t`` (POSIX s) lies."""
    shown = datetime.fromtimestamp(t, tz)
    return shown.date() if shown.time() >= begins else shown.date() - timedelta(days=1)


def day(d: date, tz: tzinfo, begins: time = MIDNIGHT) -> Period:
    """The period of the day of that date, which begins at that time of the clock."""
    start, end = (datetime.combine(d + timedelta(days=more), begins, tz).timestamp() for more in (0, 1))
    return Period("day", f"{d:%A} {day_of(d)}", start, end)


def week(last: date, tz: tzinfo, begins: time = MIDNIGHT) -> Period:
    """The period of the seven days that end with ``last``."""
    days = tuple(day(last - timedelta(days=back), tz, begins) for back in reversed(range(DAYS_IN_WEEK)))
    return Period("week", f"Seven days to {last:%A} {day_of(last)}", days[0].start, days[-1].end, days)


def month(last: date, tz: tzinfo, begins: time = MIDNIGHT) -> Period:
    """The period of the four weeks that end with ``last``: months of the calendar differ in length and in weekends."""
    return last_days(DAYS_IN_MONTH, last, tz, begins)


def last_days(count: int, last: date, tz: tzinfo, begins: time = MIDNIGHT) -> Period:
    """The period of so many days that end with ``last``."""
    days = tuple(day(last - timedelta(days=back), tz, begins) for back in reversed(range(count)))
    name = "Four weeks" if count == DAYS_IN_MONTH else f"{count} days"
    return Period("month", f"{name} to {last:%A} {day_of(last)}", days[0].start, days[-1].end, days)


def of_session(session: Session, now: float, tz: tzinfo) -> Period:
    """The period of one session, up to ``now`` (POSIX s) if it still runs."""
    begun = datetime.fromtimestamp(session.start, tz)
    name = f"Session {session.id}, {begun:%A} {day_of(begun)}, from {clock(session.start, tz)}"
    return Period("session", name, session.start, now if session.end is None else session.end)


def parse_day(text: str, today: date) -> date:
    """The day that ``today``, ``yesterday`` or an ISO date such as ``2026-03-02`` means.  Raises ConfigError."""
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        found = named.get(text.strip().lower()) or date.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise ConfigError(f"day {text!r} is not a date; give today, yesterday or a date such as {today.isoformat()}")
    return found
