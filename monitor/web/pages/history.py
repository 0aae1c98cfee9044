"""History: any range of days, weeks as ribbons to zoom into, hours of the week, stretches, pain and checks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import ClassVar

from monitor.app import queries
from monitor.app.home import Home
from monitor.app.report import RangeData, range_data
from monitor.core.errors import ConfigError
from monitor.core.vocabulary import Activity
from monitor.reports.charts.checks import check_history, checks_chart
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.hours import hour_cells, hours_chart
from monitor.reports.charts.pain import pain_chart
from monitor.reports.charts.stretches import stretches_chart
from monitor.reports.markup import Markup, element
from monitor.reports.pages.document import section, table
from monitor.reports.pages.inputs import pain_series
from monitor.reports.pages.parts import chart_part, week_parts
from monitor.reports.periods import DAYS_IN_MONTH, DAYS_IN_WEEK, parse_day
from monitor.reports.phrases import day_of, many, span
from monitor.texts.catalogue import about_sitting

# Two years: what is kept by default.
MOST_DAYS = 731
RANGES = {"7 days": 7, "4 weeks": 28, "12 weeks": 84, "A year": 365}


@dataclass(frozen=True, slots=True)
class RangeLink:
    """A range to choose: its name, its address, whether it is the one shown."""

    name: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The days from ``first`` to ``last`` (ISO dates), the ranges to choose, what came before and after."""

    template: ClassVar[str] = "history.html"
    heading: str
    lead: str
    first: str
    last: str
    ranges: Sequence[RangeLink]
    before: str
    after: str
    parts: Sequence[Markup]
    watched: bool


def chosen_range(first: str, last: str, today: date) -> tuple[date, date]:
    """The days that an address asks for; seven days up to today where it names none.  Raises ConfigError."""
    end = parse_day(last, today) if last else today
    begin = parse_day(first, today) if first else end - timedelta(days=DAYS_IN_WEEK - 1)
    if not 0 <= (end - begin).days < MOST_DAYS:
        raise ConfigError(f"from {begin} to {end} is no range of at most {MOST_DAYS} days; choose the first day before the last")
    return begin, end


def history_page(home: Home, begin: date, end: date, now: float) -> HistoryPage:
    """The page of the days from ``begin`` to ``end``.  Raises StoreError."""
    count = (end - begin).days + 1
    today = home.date_of(now)
    known = queries.has_history(home)
    data = range_data(home, begin, end) if known else None
    watched = [day for day in data.days if day.watched] if data else []
    return HistoryPage(
        heading="History",
        lead=_lead(watched, begin, end, count) if known else "Nothing was recorded yet.",
        first=begin.isoformat(),
        last=end.isoformat(),
        ranges=[_link(name, days, end, days == count) for name, days in RANGES.items()],
        before=_address(begin - timedelta(days=count), begin - timedelta(days=1)),
        after=_address(end + timedelta(days=1), min(end + timedelta(days=count), today)) if end < today else "",
        parts=tuple(_parts(home, data, watched)) if data else (),
        watched=bool(watched),
    )


def _address(begin: date, end: date) -> str:
    return f"/history?first={begin.isoformat()}&last={end.isoformat()}"


def _link(name: str, days: int, end: date, current: bool) -> RangeLink:
    return RangeLink(name, _address(end - timedelta(days=days - 1), end), current)


def _lead(watched: Sequence[ChartDay], begin: date, end: date, count: int) -> str:
    begun = f"{begin.day} {begin:%B}" if begin.year == end.year else day_of(begin)
    over = f"{begun} to {day_of(end)}"
    if not watched:
        return f"{over}: nothing was watched."
    sat, stood = (median(day.seconds(kind) for day in watched) for kind in (Activity.SITTING, Activity.STANDING))
    middle = about_sitting("middle_day", sat=span(sat), stood=span(stood))
    return f"{over}: watched on {len(watched)} of {many(count, 'day')}. {middle}"


def _parts(home: Home, data: RangeData, watched: Sequence[ChartDay]) -> Iterator[Markup]:
    tz = home.tz
    if watched:
        yield from _ribbons(data, home) if len(data.days) <= DAYS_IN_MONTH + DAYS_IN_WEEK else [_weeks(data.days, home)]
    if cells := hour_cells(watched, tz):
        yield chart_part(hours_chart(cells))
    if sat := [spell for day in watched for spell in day.sat()]:
        yield chart_part(stretches_chart(sat, data.limits, tz))
    if any(day.check_ins for day in data.days) and len(data.days) <= DAYS_IN_MONTH + DAYS_IN_WEEK:
        yield chart_part(pain_chart(pain_series(data.days)))
    if data.checks:
        yield chart_part(checks_chart(check_history(data.checks, tz), tz))


def _ribbons(data: RangeData, home: Home) -> Iterator[Markup]:
    for n, (week, drawn) in enumerate(week_parts(data.days, home.tz)):
        days = [(home.date_of(day.start), day.short) for day in week if day.watched]
        links = [element("li", element("a", short, href=f"/day/{d.isoformat()}")) for d, short in days]
        yield drawn
        if links:
            yield element("nav", element("ul", *links, class_="zoom"), aria_label=f"Days of the week {n + 1}")


def _weeks(days: Sequence[ChartDay], home: Home) -> Markup:
    """A row for each week, the latest first, with its address."""
    weeks = [days[max(n - DAYS_IN_WEEK, 0) : n] for n in range(len(days), 0, -DAYS_IN_WEEK)]
    rows = [_row(week, home) for week in weeks if any(day.watched for day in week)]
    heads = ("Week", "Watched", about_sitting("week_column"), "Standing, middle day", "Pain, middle and highest")
    sentence = f"{many(len(rows), 'week')} with something watched; open one to see its days."
    return section("weeks", "Week by week", sentence, table(heads, rows, numbers=(1, 2, 3)), kind="long")


def _row(week: Sequence[ChartDay], home: Home) -> tuple[Markup | str, ...]:
    watched = [day for day in week if day.watched]
    pains = [one.pain for day in week for one in day.check_ins if one.pain is not None]
    sat, stood = (median(day.seconds(kind) for day in watched) for kind in (Activity.SITTING, Activity.STANDING))
    first, last = (home.date_of(day.start) for day in (week[0], week[-1]))
    link = element("a", f"{week[0].short} to {week[-1].short} {last:%b %Y}", href=_address(first, last))
    pain = f"{median(pains):g}, {max(pains)}" if pains else "not noted"
    return link, f"{len(watched)} of {len(week)} days", span(sat), span(stood), pain
