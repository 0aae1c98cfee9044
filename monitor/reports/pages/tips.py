"""Tips with their drawings, on a report and on a page of their own."""

from collections.abc import Iterator, Sequence

from monitor.advice.catalogue import Tip
from monitor.reports.charts.exercises import draw_exercise, steps_of
from monitor.reports.markup import Markup, element
from monitor.reports.pages.document import document, section

_SHEETS = ("colours", "charts", "page")
_WARNING = "If you feel dizzy, unwell or in pain, stop. Warning signs come first: posture-monitor redflags"


def tips_part(tips: Sequence[Tip], *, pregnant: bool) -> Markup:
    """The movements shown with a day's reminders, as drawings."""
    drawn = (element("div", *_tip(tip, f"tip-{n}", pregnant=pregnant)) for n, tip in enumerate(tips))
    sentence = "What came with your reminders, step by step."
    return section("tips", "The movements of the day", sentence, element("div", *drawn, class_="tips"), kind="long")


def tip_page(tip: Tip, *, pregnant: bool, warning_signs: str | None = None) -> str:
    """One tip in full as a file; ``warning_signs`` is the page of the warning signs, which is linked first."""
    first = element("p", element("a", "Warning signs", href=warning_signs)) if warning_signs else None
    head = element("header", element("h1", tip.title), element("p", tip.body, class_="lead"), class_="head")
    more = element("p", tip.more) if tip.more else None
    body = element("main", first, head, *_steps(tip, "tip", pregnant=pregnant), more, id="main")
    return document(tip.title, (body, element("footer", element("p", _WARNING))), _SHEETS)


def _tip(tip: Tip, name: str, *, pregnant: bool) -> Iterator[Markup]:
    yield element("h3", tip.title)
    yield from _steps(tip, name, pregnant=pregnant)
    yield element("p", tip.body, class_="note")


def _steps(tip: Tip, name: str, *, pregnant: bool) -> Iterator[Markup]:
    if steps := steps_of(tip):
        yield draw_exercise(tip.title, steps, name, pregnant=pregnant)
        yield element("ol", *(element("li", step.words) for step in steps))
