"""The card of warning signs as a page of its own, for a fright: numbers before lists, the gravest first."""

from collections.abc import Iterator

from monitor.advice.red_flags import Card
from monitor.reports.card import Level
from monitor.reports.markup import Markup, element
from monitor.reports.pages.document import document
from monitor.reports.phrases import unbroken

_SHEETS = ("colours", "page", "card")
_NO_NUMBERS = "To put your own numbers here: posture-monitor contacts"
_UNSIGNED = "No clinician has signed off the texts yet."


def red_flags_page(card: Card, stage: str, levels: list[Level], to_say: str) -> str:
    """The page as one file; ``stage`` is that of the person in words, "" while it is not known."""
    whose = f"For you now: {stage}." if stage else "For every stage, in doubt the most careful."
    lead = element("p", f"{whose} If something feels wrong and is not here, call all the same.", class_="lead")
    head = element("header", element("h1", "Warning signs"), lead, class_="head")
    severe = element("p", f"Pain from {card.severe_from} of 10 counts as severe.")
    say = element("section", element("h2", "What to say on the phone"), element("p", f"“{unbroken(to_say)}”", class_="lead"))
    foot = element("footer", element("p", f"{' '.join(card.limits)} {_UNSIGNED}"))
    body = element("main", head, *(_level(one) for one in levels if one.signs), severe, say, id="main")
    return document("Warning signs", (body, foot), _SHEETS)


def _level(level: Level) -> Markup:
    return element(
        "section", element("h2", level.title), element("p", level.body), *_calls(level), _signs(level), class_=f"lev {level.code}"
    )


def _calls(level: Level) -> Iterator[Markup]:
    if level.calls:
        items = (
            element("li", element("a", one.number, element("span", one.who), href=one.address, class_="call"))
            for one in level.calls
        )
        yield element("ul", *items, class_="calls")
    elif level.code == "red":
        yield element("p", _NO_NUMBERS)


def _signs(level: Level) -> Markup:
    return element("ul", *(element("li", words) for words in level.signs), class_="signlist")
