"""A check-in: the gravest signs as one question, then pain, where, what eases it, whether it is in the way; and its answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.advice import library
from monitor.advice.checkin import EASED_BY, PLACES, CheckIn, Limiting
from monitor.advice.red_flags import Urgency
from monitor.advice.triage import WORST_PAIN
from monitor.app.advice import shown_pregnant, told_in
from monitor.app.check_in import Answered, contacts_in, known_of_her
from monitor.app.home import Home
from monitor.core.errors import ConfigError, StoreError
from monitor.reports.card import Call, calls_of
from monitor.reports.charts.body_map import SPOTS, draw_choices
from monitor.reports.check_ins import because
from monitor.reports.markup import Markup
from monitor.web.forms import Form

# Enough for a few sentences; longer than that is a diary.
NOTE_LENGTH = 500
NONE, UNSURE = "no", "yes"
LIMITING: Mapping[str, str] = {"no": "No", "some": "A bit", "much": "A lot: it keeps me from sleep or work"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tick: its code, its words, whether it is ticked."""

    code: str
    words: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """The questions; ``fault`` says what is missing in what was sent, which is kept.

    ``grave`` are the signs behind the first question, ``signs`` the others; ``unsure``: she did not say no to the first;
    ``asked``: it was left open once, and is not asked a third time.
    """

    template: ClassVar[str] = "check_in.html"
    gravest: Sequence[str]
    pain: str
    pains: Sequence[str]
    body: Markup
    front: Sequence[Choice]
    back: Sequence[Choice]
    eased: Sequence[Choice]
    limiting: Sequence[Choice]
    grave: Sequence[Choice]
    signs: Sequence[Choice]
    unsure: bool
    note: str
    fault: str = ""
    asked: bool = False
    at_note: int = NOTE_LENGTH


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What a check-in is answered with; ``level`` is the card's, in small letters, "" for none."""

    template: ClassVar[str] = "answer.html"
    level: str
    title: str
    body: str
    more: str
    calls: Sequence[Call]
    noted: Sequence[str]
    relief: tuple[str, str, str] | None
    saved: bool
    fault: str = ""


def check_in_page(home: Home, now: float, sent: Form | None = None, fault: str = "") -> CheckInPage:
    """The questions, with what was sent still ticked."""
    told, card, her = sent or Form({}), library.card(), known_of_her(home)
    at = her.at.stage if her.at else None
    lines = {name: line.words(alone=her.alone) for name, line in card.lines(alone=her.alone).items() if line.belongs(at)}
    grave = {name for group in card.gravest(her.at) for name in group.symptoms}
    front = {place for place in PLACES if SPOTS[place].in_front}
    return CheckInPage(
        gravest=[group.said(alone=her.alone) for group in card.gravest(her.at)],
        pain=told.one("pain"),
        pains=[str(n) for n in range(WORST_PAIN + 1)],
        body=draw_choices("body", pregnant=_is_pregnant(home, now)),
        front=_choices({code: words for code, words in PLACES.items() if code in front}, told.all("place")),
        back=_choices({code: words for code, words in PLACES.items() if code not in front}, told.all("place")),
        eased=_choices(EASED_BY, told.all("eased")),
        limiting=_choices(LIMITING, {told.one("limiting")}),
        grave=_choices({name: words for name, words in lines.items() if name in grave}, told.all("symptom")),
        signs=_choices({name: words for name, words in lines.items() if name not in grave}, told.all("symptom")),
        unsure=told.one("signs") == UNSURE,
        note=told.one("note"),
        fault=fault,
        asked=bool(fault),
    )


def _choices(words: Mapping[str, str], ticked: Collection[str]) -> list[Choice]:
    return [Choice(code, text, code in ticked) for code, text in words.items()]


def report_of(sent: Form, now: float) -> CheckIn:
    """What a form tells.  Raises ConfigError for what cannot be."""
    if len(sent.one("note")) > NOTE_LENGTH:
        raise ConfigError(f"the note has {len(sent.one('note'))} characters; {NOTE_LENGTH} at most")
    limiting = sent.one("limiting", Limiting.NO)
    if limiting not in set(Limiting):
        raise ConfigError(f"limiting {limiting!r} cannot be; give one of {', '.join(Limiting)}")
    places, eased, symptoms = sent.all("place"), sent.all("eased"), sent.all("symptom")
    return CheckIn(now, sent.number("pain"), places, eased, Limiting(limiting), symptoms, sent.one("note"))


def answer_page(home: Home, one: Answered, fault: str = "") -> AnswerPage:
    """The answer to a check-in that was kept, or could not be (``fault``)."""
    her, card = known_of_her(home), library.card()
    level = one.verdict.urgency
    signs = [card.symptoms[name].words(alone=her.alone) for name in card.symptoms if name in one.report.symptoms]
    hurts = [] if one.report.pain is None else [f"pain {one.report.pain} of {WORST_PAIN}"]
    places = [words for name, words in PLACES.items() if name in one.report.places]
    return AnswerPage(
        level=level.name.lower() if level else "",
        title=one.said.title,
        body=one.said.body,
        more=one.said.more,
        calls=calls_of(contacts_in(home.folders.settings)[0], level) if level and level is not Urgency.YELLOW else (),
        noted=[*hurts, *places, *signs],
        relief=(because(one.relief), one.relief.tip.title, one.relief.tip.body) if one.relief else None,
        saved=not fault,
        fault=fault,
    )


def _is_pregnant(home: Home, now: float) -> bool:
    try:
        return shown_pregnant(told_in(home), home.calendar_date(now))
    except StoreError:
        return False
