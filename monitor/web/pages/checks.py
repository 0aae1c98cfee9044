"""Standing checks: the curve of the lower back over the weeks, with what cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.app import queries
from monitor.app.home import Home
from monitor.core.back.repeatability import repeatability
from monitor.core.back.standing_checks import Check
from monitor.reports.charts.checks import check_history, checks_chart
from monitor.reports.markup import Markup
from monitor.reports.pages.parts import chart_part
from monitor.reports.phrases import day_of, many
from monitor.reports.trend import repeatability_line


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """Every check: drawn, and as rows of day, week of pregnancy, curve and its spread, the newest first."""

    template: ClassVar[str] = "checks.html"
    lead: str
    chart: Markup | None
    rows: Sequence[tuple[str, str, str]]
    repeatable: str


def checks_page(home: Home) -> ChecksPage:
    """The page."""
    found = queries.standing_checks(home)
    rows = [(day_of(home.date_of(one.t)), _week(one), f"{one.lordosis_deg:.0f}° ± {one.sd_deg:.0f}°") for one in reversed(found)]
    lead = f"{many(len(found), 'check')} of how your lower back stands." if found else "No standing check yet."
    drawn = chart_part(checks_chart(check_history(found, home.tz), home.tz)) if found else None
    return ChecksPage(lead, drawn, rows, repeatability_line(repeatability(tuple(found), home.tz)) if found else "")


def _week(one: Check) -> str:
    return "" if one.week is None else f"week {one.week}"
