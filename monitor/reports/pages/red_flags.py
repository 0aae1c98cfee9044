"""The card of warning signs as a page of its own: the gravest first, large; every line of the person's stage below."""

from collections.abc import Iterable

from monitor.reports.markup import element
from monitor.reports.pages.document import document

_SHEETS = ("colours", "page")


def red_flags_page(gravest: Iterable[str], every: Iterable[str]) -> str:
    """The page as one file."""
    first = element("section", element("h1", "Warning signs"), *(element("p", line.strip()) for line in gravest))
    below = element("section", element("h2", "Every sign"), element("pre", "\n".join(every)))
    return document("Warning signs", [element("main", first, below, id="main")], _SHEETS)
