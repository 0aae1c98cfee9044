"""Two sheets to print: notes for an appointment, and what to say on the telephone.  Black on white, without colours."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from monitor.advice.checkin import EASED_BY, PLACES
from monitor.advice.pregnancy import Pregnancy
from monitor.advice.red_flags import Card, StageWeek
from monitor.core.history.records import CheckInRecord
from monitor.reports.charts.body_map import draw_body
from monitor.reports.markup import Child, Markup, element, number
from monitor.reports.pages.document import document
from monitor.reports.phrases import day_of, hours, many, percent, rate
from monitor.reports.visit import DeskFacts, PainFacts, counts, limiting_counts, signs
from monitor.texts.catalogue import about_sitting
from monitor.texts.reminders import clock

SHEETS = ("colours", "charts", "visit")
# The number of lines that fit one side of a page; the rest is on the second.
_SIGNS, _MORE_SIGNS, _NAMES = 3, 6, 5
_LEVELS = {"red": "help at once", "orange": "a call now", "today": "a call that day", "yellow": "a visit"}
_LIMITING = {"no": "no", "some": "some", "much": "much (sleep or work)"}
_FOOT = "Self-reported, and estimates of one camera at one desk. Not a medical device; does not diagnose."
_WRITE_LINES, _PHONE_LINES = 2, 4
_FOR_THE_PROFESSIONAL = (
    ("Blood pressure", False), ("Urine", False), ("Pelvic girdle pain tests", False), ("Advice", True),
    ("Belt, physiotherapy, work letter", False), ("", True), ("Next visit", False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitData:
    """The data of the sheets: the period (days), the person's entries, the figures, and the person's own numbers by name.

    ``last`` is the latest check-in of all; ``notes`` the person's notes with their time (POSIX s), only if requested; ``alone``:
    she has no baby with her, and no text mentions one.
    """

    first: date
    today: date
    pregnancy: Pregnancy
    conditions: Sequence[str]
    reports: Sequence[CheckInRecord]
    pain: PainFacts
    desk: DeskFacts
    last: CheckInRecord | None
    card: Card
    numbers: Mapping[str, str]
    notes: Sequence[tuple[float, str]] = ()
    alone: bool = False


def visit_page(data: VisitData, tz: tzinfo) -> str:
    """Both sheets as one file."""
    title = f"Notes for my appointment, {day_of(data.first)} to {day_of(data.today)}"
    first = element("article", *_notes(data, tz), class_="sheet")
    second = element("article", *_phone(data, tz), class_="sheet")
    return document(title, [element("main", first, second, id="main")], SHEETS)


# --- the first sheet ---------------------------------------------------------------------------------------------


def _notes(data: VisitData, tz: tzinfo) -> Iterator[Markup]:
    yield element("h1", about_sitting("visit_title"))
    yield element("p", " ".join(_about(data)), class_="about")
    yield element("div", element("span", "Name"), element("span", "Date of birth"), class_="blanks")
    yield _part(_signs_heading(data), _signs(data, tz))
    yield _part("Pain, 0 to 10", *_pain(data))
    yield _part("Where, what eases it, how much it gets in the way (number of check-ins)", _places(data))
    yield _part("Time at the desk, only while watched", _desk(data.desk, tz))
    room = _SIGNS - min(len(signs(data.reports)), _SIGNS)
    yield _part("My questions, and what I would like changed at work", _lines(_WRITE_LINES + room))
    blanks = (element("div", label, class_="double" if wide else None) for label, wide in _FOR_THE_PROFESSIONAL)
    yield element("section", element("h2", "For the professional"), element("div", *blanks, class_="grid"), class_="professional")
    yield element("p", _FOOT, class_="foot")


def _about(data: VisitData) -> Iterator[str]:
    yield f"{day_of(data.first)} to {day_of(data.today)}."
    yield from stage_words(data.pregnancy, data.today, alone=data.alone)
    if data.conditions:
        yield f"I ticked: {', '.join(data.conditions)}."


def stage_words(told: Pregnancy, today: date, *, alone: bool) -> Iterator[str]:
    """The week of pregnancy, or the time since the birth, as sentences; none outside both.

    ``alone``: no baby is with her, and no text speaks of a pregnancy that goes on.
    """
    week = None if alone else told.week(today)
    if week:
        due = f"; due on {day_of(told.due)}" if told.due else ""
        yield f"{many(week[0], 'week')} and {many(week[1], 'day')} pregnant on {day_of(today)}{due}."
    elif told.birth:
        what = "The pregnancy ended" if alone else "The birth was"
        yield f"{what} on {day_of(told.birth)}, {many((today - told.birth).days, 'day')} ago."


def _signs(data: VisitData, tz: tzinfo) -> Markup:
    found = signs(data.reports)
    if not found:
        return element("p", "None ticked.")
    return _sign_table(found[:_SIGNS], data, tz)


def _signs_heading(data: VisitData) -> str:
    found = len(signs(data.reports))
    return f"Warning signs I ticked{f' (the last {_SIGNS} of {found}, more on the next sheet)' if found > _SIGNS else ''}"


def _sign_table(found: Sequence[CheckInRecord], data: VisitData, tz: tzinfo) -> Markup:
    heads = ("Date", "Sign", "The card asked for", "Spoken to")
    rows = (
        (
            _day(one.t, tz),
            sign_words(one, data.card, 1, alone=data.alone),
            _LEVELS.get(one.urgency or "", "nothing"),
            _spoken(one, tz),
        )
        for one in found
    )
    return _table(heads, rows)


def sign_words(one: CheckInRecord, card: Card, most: int, *, alone: bool) -> str:
    """The signs of a check-in as text, at most so many; the pain where it is the sign."""
    named = [line.words(alone=alone) for name, line in card.symptoms.items() if name in one.symptoms]
    more = [f"and {len(named) - most} more"] if len(named) > most else []
    return "; ".join([*named[:most], *more]) or f"pain {one.pain} of 10"


def _spoken(one: CheckInRecord, tz: tzinfo) -> str:
    return "not yet" if one.cleared is None else f"yes, {_day(one.cleared, tz)}"


def _pain(data: VisitData) -> Iterator[Markup]:
    p = data.pain
    if not p.check_ins:
        yield element("p", "No check-in with a pain.")
        return
    yield element(
        "p",
        f"{many(p.check_ins, 'check-in')} on {many(p.days, 'day')}. Middle value (median) ",
        element("b", number(p.median)),
        f", lowest {p.lowest:.0f}, highest {p.highest:.0f}. Days with 4 or more: ",
        element("b", str(p.moderate_days)),
        "; with 7 or more: ",
        element("b", str(p.severe_days)),
        ".",
    )
    cells = (
        element("div", element("b", _median(value)), element("span", f"median, week {n + 1}")) for n, value in enumerate(p.weeks)
    )
    yield element("div", *cells, class_="weeks")


def _places(data: VisitData) -> Markup:
    places, eased = counts(data.reports, "places"), counts(data.reports, "eased_by")
    limiting = limiting_counts(data.reports) if data.reports else {}
    pregnant = data.pregnancy.days(data.today) is not None and not data.alone
    return element(
        "div",
        draw_body(dict(places), "where", pregnant=pregnant),
        element("div", element("h3", "Where"), _list((PLACES.get(n, n), c) for n, c in places[:_NAMES])),
        element(
            "div",
            element("h3", "What eases it"),
            _list((EASED_BY.get(n, n), c) for n, c in eased[:_NAMES]),
            element("h3", "Gets in the way"),
            _list((_LIMITING[n], c) for n, c in limiting.items()),
        ),
        class_="columns",
    )


def _desk(desk: DeskFacts, tz: tzinfo) -> Markup:
    longest = "-" if math.isnan(desk.longest_s) else f"{desk.longest_s // 60:.0f} min ({_day(desk.longest_day, tz)})"
    rows = (
        ("Days, hours watched", f"{many(desk.days, 'day')}, {desk.watched_s / 3600:.0f} h"),
        (about_sitting("visit_longest"), longest),
        (about_sitting("visit_day"), hours(desk.sitting_s)),
        (about_sitting("visit_breaks"), rate(desk.breaks_per_h)),
        ("Standing a day (median, h:min)", hours(desk.standing_s)),
        ("Days with over 3 h standing", str(desk.much_standing_days) if desk.days else "-"),
        (about_sitting("visit_assumed"), percent(desk.assumed_share)),
        ("Not known", percent(desk.unknown_share)),
    )
    return element("dl", *(element("div", element("dt", name), element("dd", value)) for name, value in rows), class_="facts")


# --- the second sheet --------------------------------------------------------------------------------------------


def _phone(data: VisitData, tz: tzinfo) -> Iterator[Markup]:
    yield element("h1", "What to say on the phone")
    yield _part("Whom to call", _list(_whom(data)))
    yield _part("Say", *(element("p", line, class_="say") for line in phone_lines(data, tz)))
    if questions := list(_they_may_ask(data)):
        yield _part("They may ask", element("ul", *(element("li", question, element("span", "")) for question in questions)))
    if len(found := signs(data.reports)) > _SIGNS:
        yield _part("The other warning signs I ticked", _sign_table(found[_SIGNS : _SIGNS + _MORE_SIGNS], data, tz))
    if data.notes:
        own = (element("li", f"{_day(t, tz)}: {words}") for t, words in data.notes)
        yield _part("My own notes", element("ul", *own, class_="own"))
    yield _part("What they said, who, and when", _lines(_PHONE_LINES))
    yield element("p", "If something feels wrong, call, whatever stands here.", class_="foot")


def _whom(data: VisitData) -> Iterator[tuple[str, str]]:
    at = StageWeek(data.pregnancy.stage(data.today), data.pregnancy.weeks(data.today))
    row = data.card.whom_at(at)
    named = {"emergency": "your emergency number", row.urgent_number: row.urgent, row.routine_number: row.routine}
    for name, words in named.items():
        yield words[0].upper() + words[1:], data.numbers.get(name, "")


def phone_lines(data: VisitData, tz: tzinfo) -> Iterator[str]:
    """What to say, from the stage and the latest check-in."""
    week, told = data.pregnancy.week(data.today), data.pregnancy
    if week and not data.alone:
        yield f"I am {many(week[0], 'week')} and {many(week[1], 'day')} pregnant."
    elif told.birth:
        birth = "The pregnancy ended" if data.alone else "My baby was born"
        yield f"{birth} on {day_of(told.birth)}, {many((data.today - told.birth).days, 'day')} ago."
    one = data.last
    if one is None:
        yield "Since ............... I have ..............................................................."
        return
    yield f"On {_day(one.t, tz)} at {clock(one.t, tz)} I noted this:"
    if one.symptoms:
        yield f"{sign_words(one, data.card, len(one.symptoms), alone=data.alone)}."
    if one.pain is not None:
        where = f" in: {', '.join(PLACES.get(n, n) for n in sorted(one.places))}" if one.places else ""
        yield f"Pain {one.pain} of 10{where}."


def _they_may_ask(data: VisitData) -> Iterator[str]:
    if data.pregnancy.week(data.today) and not data.alone:
        yield from ("Is the baby moving as usual?", "Any bleeding?", "Have your waters broken, or does any fluid come?")
    elif data.alone:
        yield "Any bleeding?"
    if data.pregnancy.week(data.today) or data.pregnancy.birth:
        yield from ("A fever, or do you feel ill?", "Since when, and is it getting worse?")


# --- parts -------------------------------------------------------------------------------------------------------


def _part(heading: str, *content: Child) -> Markup:
    return element("section", element("h2", heading), *content)


def _list(rows: Iterable[tuple[str, object]]) -> Markup:
    return element("ul", *(element("li", name, element("b", str(value))) for name, value in rows))


def _lines(count: int) -> Markup:
    return element("div", *[element("div", class_="write")] * count)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))
    body = (element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest)) for first, *rest in rows)
    return element("table", head, element("tbody", *body))


def _median(value: float) -> str:
    return "-" if math.isnan(value) else number(value)


def _day(t: float, tz: tzinfo) -> str:
    at = datetime.fromtimestamp(t, tz)
    return f"{at.day} {at:%b}"
