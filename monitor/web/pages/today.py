"""A day: its ribbon, stretches, posture, what could be seen, check-ins and every reminder, as the report of that day has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from monitor.app import queries
from monitor.app.home import Home
from monitor.app.report import report_data
from monitor.reports.markup import Markup
from monitor.reports.pages.period import lead, sections
from monitor.reports.periods import day as period_of
from monitor.reports.phrases import day_of


@dataclass(frozen=True, slots=True)
class DayPage:
    """One day; ``before`` and ``after`` are the addresses of its neighbours, "" where there is none."""

    template: ClassVar[str] = "day.html"
    heading: str
    lead: str
    parts: Sequence[Markup]
    before: str
    after: str
    watched: bool
    is_today: bool


def day_page(home: Home, day: date, now: float) -> DayPage:
    """The page of a day.  Raises StoreError."""
    today = home.date_of(now)
    before, after = (f"/day/{(day + timedelta(days=step)).isoformat()}" for step in (-1, 1))
    heading = f"Today, {day:%A} {day.day} {day:%B}" if day == today else f"{day:%A} {day_of(day)}"
    neighbours = (before, after if day < today else "")
    if not queries.has_history(home):
        return DayPage(heading, "Nothing was recorded yet.", (), *neighbours, watched=False, is_today=day == today)
    data = report_data(home, period_of(day, home.tz, home.day_begins), now)
    watched = data.days[0].watched
    said = lead(data, home.tz) if watched else _unwatched(day, today)
    return DayPage(heading, said, tuple(sections(data, home.tz)), *neighbours, watched=watched, is_today=day == today)


def _unwatched(day: date, today: date) -> str:
    return "Nothing was watched yet today." if day == today else "Nothing was watched on that day."
