"""The questions of a check-in on a terminal: the gravest signs first, then pain, then the rest in groups that fit a screen.

Every answer is a number.  An empty line is never "none": Enter alone repeats the question.
"""

import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import typer

from monitor.advice.checkin import ASKED_OF, EASED_BY, PLACES, CheckIn, Limiting, judge
from monitor.advice.pregnancy import LONGEST_DAYS, NOT_PREGNANT, WEEK, Pregnancy, in_week
from monitor.advice.red_flags import Card, StageWeek
from monitor.advice.triage import WORST_PAIN
from monitor.cli.output import say
from monitor.core.errors import ConfigError
from monitor.reports.phrases import WIDTH

# Characters of a note: enough for a few sentences.
NOTE_LENGTH = 500
# The number of signs that fit a screen of 24 lines with question and answer.
AT_ONCE = 8
_STAGES = ("Pregnant", "I gave birth, or my pregnancy ended, in the last year", "Neither", "I would rather not say")
_LIMITING = {Limiting.NO: "No", Limiting.SOME: "A bit", Limiting.MUCH: "A lot (such as sleep or work)"}
T = TypeVar("T")


def on_terminal(otherwise: str) -> None:
    """Raise ConfigError if there is no terminal to answer on."""
    if not sys.stdin.isatty():
        raise ConfigError(otherwise)


def yes(question: str) -> bool:
    """Whether the answer is yes."""
    return _until(f"{question} 1 yes, 0 no", lambda text: _number(text, 1)) == 1


def ask_stage(today: date) -> Pregnancy | None:
    """The stage, asked with one key; None if the person declines, or does not know the day."""
    say(["Are you pregnant, or were you in the last year?"])
    say(f"{number:>4}  {words}" for number, words in enumerate(_STAGES, 1))
    chosen = _until("Type one number", lambda text: _number(text, len(_STAGES), least=1))
    if chosen == 1:
        week = _until("How many weeks pregnant? 0 if you do not know", lambda text: _number(text, LONGEST_DAYS // WEEK))
        return in_week(week, today) if week else None
    if chosen == 2:  # noqa: PLR2004  # the second answer
        weeks = _until("How many weeks ago was that?", lambda text: _number(text, 52))
        return Pregnancy(birth=today - timedelta(weeks=weeks))
    return NOT_PREGNANT if chosen == 3 else None  # noqa: PLR2004  # the third answer


def ask(card: Card, now: float, at: StageWeek | None, *, alone: bool) -> CheckIn:
    """The person's answers; a sign that needs a call ends the questions."""
    report = CheckIn(now, None)
    for grown in _answers(card, report, at, alone=alone):
        report = grown
        if judge(card, report, at).call_first:
            break
    say([""])
    return report


def _answers(card: Card, report: CheckIn, at: StageWeek | None, *, alone: bool) -> Iterator[CheckIn]:
    """The report as it grows, question by question."""
    stage = at.stage if at else None
    lines = {name: line.words(alone=alone) for name, line in card.lines(alone=alone).items() if line.belongs(stage)}
    say(["Do you have any of these now, or have you had any since your last check-in?"])
    first = {group: group.said(alone=alone) for group in card.gravest(at)}
    chosen = _several(first)
    asked = [name for group in chosen for name in group.symptoms if name in lines]
    grave = _in_groups({name: lines[name] for name in asked}, "Which of these?")
    yield (report := replace(report, symptoms=report.symptoms | grave))
    pain = _until("\nPain now, 0 (none) to 10 (the worst you can think of)", lambda text: _number(text, WORST_PAIN))
    yield (report := replace(report, pain=pain))
    if pain:
        say(["", "Where is it?"])
        places = frozenset(_several(PLACES))
        more = {name: lines[name] for place in sorted(places) for name in ASKED_OF.get(place, ()) if name in lines}
        yield (report := replace(report, places=places))
        yield (report := replace(report, symptoms=report.symptoms | _in_groups(more, "Is any of these there as well?")))
    settled = {*asked, *(name for group in first for name in group.named)}
    rest = {name: words for name, words in lines.items() if name not in settled}
    yield (report := replace(report, symptoms=report.symptoms | _in_groups(rest, "Anything else?")))
    if pain:
        say(["", "What makes it better?"])
        eased = frozenset(_several(EASED_BY))
        say(["", "Does the pain get in your way?"])
        say(f"{number:>4}  {words}" for number, words in enumerate(_LIMITING.values()))
        limiting = [*_LIMITING][_until("Type one number", lambda text: _number(text, len(_LIMITING) - 1))]
        yield (report := replace(report, eased_by=eased, limiting=limiting))
    yield replace(report, note=_until("\nA note for yourself, or just press Enter", _noted))


def _in_groups(lines: Mapping[str, str], question: str) -> frozenset[str]:
    """Those of ``lines`` that the person selects, eight at a time."""
    names, chosen = list(lines), set[str]()
    pages = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
    for number, page in enumerate(pages, 1):
        say(["", f"{question} ({number} of {len(pages)})" if len(pages) > 1 else question])
        chosen.update(_several({name: lines[name] for name in page}))
    return frozenset(chosen)


def _several(choices: Mapping[T, str]) -> list[T]:
    """Those selected by their numbers; none for 0."""
    keys = list(choices)
    for number, words in enumerate(choices.values(), 1):
        say(textwrap.wrap(words, WIDTH, initial_indent=f"{number:>4}  ", subsequent_indent=" " * 6))

    def chosen(text: str) -> list[T]:
        given = text.replace(",", " ").split()
        if given == ["0"]:
            return []
        if not given:
            raise ConfigError("type the numbers; 0 if none of them")
        if wrong := [word for word in given if not (word.isdecimal() and 1 <= int(word) <= len(keys))]:
            raise ConfigError(f"{' '.join(wrong)}: give numbers from 1 to {len(keys)}; 0 alone for none of them")
        return [keys[int(word) - 1] for word in given]

    return _until("Type the numbers, 0 for none of them", chosen)


def _number(text: str, most: int, least: int = 0) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ConfigError(f"give a number from {least} to {most}")
    return int(text)


def _noted(text: str) -> str:
    if len(text) > NOTE_LENGTH:
        raise ConfigError(f"the note has {len(text)} characters; {NOTE_LENGTH} at most")
    return text.encode("utf-8", "replace").decode()


def _until(question: str, parse: Callable[[str], T]) -> T:
    """The answer as parsed by ``parse``; asked again while that fails."""
    while True:
        text = typer.prompt(question, default="", show_default=False)
        try:
            return parse(text.strip())
        except ConfigError as error:
            say([str(error)])
