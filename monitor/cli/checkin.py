"""``checkin``: how the back is, asked or by options; the answer is the card's, and comes before everything else."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from monitor.adapters.store import SelfReports
from monitor.adapters.system.clock import SystemClock
from monitor.advice import library
from monitor.advice.adviser import CLEARED
from monitor.advice.checkin import EASED_BY, LIMITS_LIFE, PLACES, CheckIn, Limiting, judge
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Action, Card, Symptom
from monitor.advice.triage import WORST_PAIN, TriageResult, answer
from monitor.advice.validation import one_of
from monitor.app.home import HISTORY, Home
from monitor.cli.advice import numbers_in, stage_if_known
from monitor.cli.options import AsJson, DataIfAny
from monitor.cli.output import notice, say
from monitor.config import folders
from monitor.core.errors import ConfigError
from monitor.core.history.records import CheckInRecord
from monitor.reports.phrases import bullet, many, wrapped
from monitor.texts.reminders import clock

# Enough for a few sentences; longer than that is a diary.
NOTE_LENGTH = 500
T = TypeVar("T")

Pain = Annotated[int | None, typer.Option("--pain", metavar="N", help="Pain now: 0 is none, 10 the worst you can think of.")]
Where = Annotated[list[str] | None, typer.Option("--where", metavar="PLACE", help="Where it hurts; may be given often.")]
Eased = Annotated[list[str] | None, typer.Option("--eased-by", metavar="WHAT", help="What makes it better; may be given often.")]
Limits = Annotated[Limiting | None, typer.Option("--limiting", help="How much it gets in the way; much: of sleep or work.")]
Symptoms = Annotated[
    list[str] | None, typer.Option("--symptom", metavar="NAME", help="A symptom of the fixed list; may be given often.")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Your own words, kept for you; the program never reads them.")]
Clear = Annotated[bool, typer.Option("--clear", help="You had help, or it is over: tips come again.")]
ToList = Annotated[bool, typer.Option("--list", help="The names of all places, reliefs and symptoms.")]


def checkin(  # noqa: PLR0913  # a command's options
    pain: Pain = None,
    where: Where = None,
    eased_by: Eased = None,
    limiting: Limits = None,
    symptom: Symptoms = None,
    note: Note = "",
    clear: Clear = False,
    listed: ToList = False,
    as_json: AsJson = False,
    data: DataIfAny = None,
) -> None:
    """Note how your back is, and learn whether it needs a call. Without options it asks."""
    if listed:
        say(_names(library.card()))
        return
    home = Home(folders(data))
    told = any((where, eased_by, limiting, symptom, note)) or pain is not None
    now = SystemClock().now()
    if clear:
        _clear(home, now, alone=not told)
        return
    mine = stage_if_known(home)
    if told:
        sets = (frozenset(where or ()), frozenset(eased_by or ()), limiting or Limiting.NO, frozenset(symptom or ()))
        report = CheckIn(now, pain, *sets, _kept(note))
    else:
        report = _ask(now, mine)
    _take(home, report, mine, data, as_json=as_json)


def _take(home: Home, report: CheckIn, mine: PregnancyStage | None, data: Path | None, *, as_json: bool) -> None:
    """Answer first: help must wait neither for a disk nor for a settings file."""
    card, (numbers, trouble) = library.card(), numbers_in(data)
    verdict = judge(card, report, mine)
    if as_json:
        print(json.dumps(_values(home, card, report, verdict, mine, numbers)), flush=True)
    else:
        say(_answer(card, verdict, report.symptoms, answer(card, verdict, mine, numbers)))
    if trouble:
        notice(f"Your own telephone numbers could not be read: {trouble}")
    _keep(home, report, verdict)
    if not as_json:
        pain = "" if report.pain is None else f": pain {report.pain} of {WORST_PAIN}"
        say(["", f"Noted at {clock(report.t, home.tz)}{pain}."])


def _keep(home: Home, report: CheckIn, verdict: TriageResult) -> None:
    urgency = verdict.urgency.name.lower() if verdict.urgency else None
    # What the answer was given to: pain that limits life is a line of the card.
    symptoms = report.symptoms | {LIMITS_LIFE} if report.limiting is Limiting.MUCH else report.symptoms
    sets = (report.places, report.eased_by, report.limiting.value, symptoms)
    with SelfReports(home.folders.data / HISTORY) as diary:
        diary.add(CheckInRecord(report.t, report.pain, *sets, report.note, urgency))


def _clear(home: Home, now: float, *, alone: bool) -> None:
    if not alone:
        raise ConfigError("--clear closes the check-ins before; give it alone, then check in again")
    with SelfReports(home.folders.data / HISTORY) as diary:
        closed = diary.clear(now)
    say([f"Thank you. {many(closed, 'check-in')} closed; tips come again." if closed else "No check-in was open."])


def _answer(card: Card, verdict: TriageResult, symptoms: frozenset[str], said: Action) -> Iterator[str]:
    yield f"{verdict.urgency.name}: {said.title}" if verdict.urgency else said.title
    yield from wrapped(said.body)
    yield from wrapped(said.more)
    if noted := [line.name for name, line in card.symptoms.items() if name in symptoms.union(verdict.because)]:
        yield "You noted:"
        for words in noted:
            yield from bullet(words)
    if verdict.unlisted and verdict.urgency:
        yield "The card has no line at your stage for:"
        for name in verdict.unlisted:
            yield from bullet(card.symptoms[name].name)
    if verdict.call_first:
        yield CLEARED


def _values(  # one JSON object out of all that is known
    home: Home, card: Card, report: CheckIn, verdict: TriageResult, mine: PregnancyStage | None, numbers: Mapping[str, str]
) -> dict[str, object]:
    said = answer(card, verdict, mine, numbers)
    return {
        "t": datetime.fromtimestamp(report.t, home.tz).isoformat(timespec="seconds"),
        "pain": report.pain,
        "urgency": verdict.urgency.name.lower() if verdict.urgency else None,
        "call_first": verdict.call_first,
        "title": said.title,
        "body": said.body,
        "more": said.more,
        "because": list(verdict.because),
        "unlisted": list(verdict.unlisted),
    }


def _kept(note: str) -> str:
    # What a terminal could not decode arrives in halves.
    whole = note.encode("utf-8", "replace").decode()
    if len(whole) > NOTE_LENGTH:
        raise ConfigError(f"--note has {len(whole)} characters; {NOTE_LENGTH} at most")
    return whole


# --- asked -------------------------------------------------------------------------------------------------------


def _ask(now: float, mine: PregnancyStage | None) -> CheckIn:
    """Pain and symptoms first: what asks for a call ends the questions."""
    if not sys.stdin.isatty():
        raise ConfigError("checkin asks only on a terminal; give --pain N, and --symptom NAME for each symptom (names: --list)")
    card = library.card()
    pain = _until("Pain now, 0 (none) to 10 (the worst you can think of)", _number)
    say(["", "Is any of this there now, or was it since your last check-in?"])
    symptoms = _several({name: line.name for name, line in card.symptoms.items() if _belongs(line, mine)})
    first = CheckIn(now, pain, symptoms=symptoms)
    if judge(card, first, mine).call_first:
        say([""])
        return first
    say(["", "Where is it?"])
    places = _several(PLACES)
    say(["", "What makes it better?"])
    eased = _several(EASED_BY)
    limiting = _until("\nDoes it get in the way? no, some, or much (of sleep or work)", _how_much)
    note = _until("\nA note for yourself, if you like", _kept)
    say([""])
    return CheckIn(now, pain, places, eased, limiting, symptoms, note)


def _belongs(line: Symptom, mine: PregnancyStage | None) -> bool:
    return mine is None or mine in line.urgency or any(mine in rule.stages for rule in line.raised)


def _how_much(text: str) -> Limiting:
    return Limiting(one_of("answer", text.lower(), [*Limiting]))


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) > WORST_PAIN:
        raise ConfigError(f"give a number from 0 to {WORST_PAIN}")
    return int(text)


def _several(choices: Mapping[str, str]) -> frozenset[str]:
    """Those that the person names by their numbers; none for an empty line."""
    names = list(choices)
    for number, words in enumerate(choices.values(), 1):
        say([f"{number:>4}  {words}"])

    def chosen(text: str) -> frozenset[str]:
        given = text.replace(",", " ").split()
        if wrong := [word for word in given if not (word.isdecimal() and 1 <= int(word) <= len(names))]:
            raise ConfigError(f"{' '.join(wrong)}: give numbers from 1 to {len(names)}, or just press Enter for none")
        return frozenset(names[int(word) - 1] for word in given)

    return _until("Numbers, or Enter for none", chosen)


def _until(question: str, parse: Callable[[str], T]) -> T:
    """What ``parse`` makes of the answer; asked again while it refuses."""
    while True:
        text = typer.prompt(question, default="", show_default=False)
        try:
            return parse(text.strip())
        except ConfigError as error:
            say([str(error)])


def _names(card: Card) -> Iterator[str]:
    yield "Places (--where)"
    yield from (f"  {name:<22} {words}" for name, words in PLACES.items())
    yield from ("", "Reliefs (--eased-by)")
    yield from (f"  {name:<22} {words}" for name, words in EASED_BY.items())
    for part, heading in card.parts.items():
        yield from ("", f"Symptoms (--symptom): {heading}")
        yield from (f"  {name:<22} {s.name}" for name, s in card.symptoms.items() if s.part == part)
