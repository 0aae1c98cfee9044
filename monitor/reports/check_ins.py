"""Check-ins as text, only with the items that the person selected."""

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from monitor.advice.checkin import EASED_BY, LIMITS_LIFE, PLACES
from monitor.advice.red_flags import Card
from monitor.advice.relief import Relief
from monitor.advice.triage import WORST_PAIN
from monitor.core.history.records import CheckInRecord
from monitor.reports.phrases import WIDTH, bullet, day_of, wrapped
from monitor.texts.reminders import clock

_LIMITING = {"some": "gets in the way a bit", "much": "gets in the way a lot"}


def noted(
    card: Card, pain: int | None, places: Collection[str], symptoms: Collection[str], *, alone: bool = False
) -> Iterator[str]:
    """The items of a check-in, shown after the result; ``alone`` as in ``whole_card_lines``."""
    hurts = [] if pain is None else [f"pain {pain} of {WORST_PAIN}"]
    short = [*hurts, *(words for name, words in PLACES.items() if name in places)]
    if short or symptoms:
        yield from wrapped(f"You noted: {', '.join(short)}" if short else "You noted:")
    for name, line in card.symptoms.items():
        if name in symptoms:
            yield from bullet(line.words(alone=alone))


def signs(card: Card, one: CheckInRecord, *, alone: bool) -> list[str]:
    """The signs of a check-in as text, its pain where it has none."""
    named = [line.words(alone=alone) for name, line in card.symptoms.items() if name in one.symptoms]
    return named or [f"pain {one.pain} of {WORST_PAIN}"]


def because(chosen: Relief) -> str:
    """Why this one, as a sentence; empty if nothing that she said speaks for it."""
    return f"You said that {EASED_BY[chosen.eased]} helps." if chosen.eased else ""


def relief_lines(chosen: Relief) -> Iterator[str]:
    """The tip after a check-in, and why it was selected."""
    yield f"{because(chosen)} One thing to try now:".lstrip()
    yield f"  {chosen.tip.title}"
    yield from (f"  {line}" for line in textwrap.wrap(chosen.tip.body, WIDTH - 2))


def history_lines(
    reports: Sequence[CheckInRecord], card: Card, tips: Mapping[str, str], tz: tzinfo, *, alone: bool = False
) -> Iterator[str]:
    """Every check-in in full, by day, the latest day last; ``tips`` has the title of each tip by its id."""
    if not reports:
        yield "No check-ins yet. To make one: posture-monitor checkin"
    for day, those in groupby(reports, lambda one: datetime.fromtimestamp(one.t, tz).date()):
        yield day_of(day)
        for one in those:
            yield from bullet(f"{clock(one.t, tz)}  {'; '.join(_facts(one))}")
            for name, line in card.symptoms.items():
                if name in one.symptoms and name != LIMITS_LIFE:
                    yield from (f"    {text}" for text in bullet(line.words(alone=alone)))
            if one.note:
                yield from (f"    {text}" for text in bullet(f"your note: {one.note}"))
            if one.relief:
                yield from (f"    {text}" for text in bullet(f"to try: {tips.get(one.relief, one.relief)}"))
            if one.urgency:
                spoken = f"; you spoke to someone at {clock(one.cleared, tz)}" if one.cleared else ""
                yield from (f"    {text}" for text in bullet(f"answer: {one.urgency.upper()}{spoken}"))
        yield ""


def _facts(one: CheckInRecord) -> Iterator[str]:
    yield "pain not given" if one.pain is None else f"pain {one.pain} of {WORST_PAIN}"
    if one.places:
        yield f"where: {', '.join(words for name, words in PLACES.items() if name in one.places)}"
    if one.eased_by:
        yield f"eased by: {', '.join(words for name, words in EASED_BY.items() if name in one.eased_by)}"
    if one.limiting in _LIMITING:
        yield _LIMITING[one.limiting]
