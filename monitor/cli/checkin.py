"""``checkin``: how the back is, asked or by options; the answer is the card's, and comes before everything else."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from monitor.adapters.store import SelfReports
from monitor.adapters.system.clock import SystemClock
from monitor.advice import library
from monitor.advice.adviser import CLEARED, open_calls
from monitor.advice.checkin import EASED_BY, PLACES, TOLD_TO_REST, CheckIn, Limiting
from monitor.advice.pregnancy import NO_BABY
from monitor.advice.red_flags import Action, Card
from monitor.advice.relief import Relief
from monitor.advice.triage import TriageResult
from monitor.app.advice import told_in
from monitor.app.check_in import Answered, KnownOfHer, answered, contacts_in, keep, known_of_her
from monitor.app.home import HISTORY, Home
from monitor.app.open_history import history_of
from monitor.cli.check_in_questions import NOTE_LENGTH, ask, ask_stage, on_terminal, yes
from monitor.cli.options import AsJson, DataIfAny
from monitor.cli.output import notice, say
from monitor.config import folders
from monitor.core.errors import ConfigError, MonitorError
from monitor.reports.check_ins import history_lines, noted, relief_lines, signs
from monitor.reports.phrases import bullet, day_of, many, wrapped
from monitor.reports.red_flags import NO_NUMBER
from monitor.texts.reminders import clock

Pain = Annotated[int | None, typer.Option("--pain", metavar="N", help="Pain now: 0 is none, 10 the worst you can think of.")]
Where = Annotated[list[str] | None, typer.Option("--where", metavar="PLACE", help="Where it hurts; may be given more than once.")]
Eased = Annotated[
    list[str] | None, typer.Option("--eased-by", metavar="WHAT", help="What makes it better; may be given more than once.")
]
Limits = Annotated[
    Limiting | None, typer.Option("--limiting", help="Does the pain get in your way? much: a lot, such as sleep or work.")
]
Symptoms = Annotated[
    list[str] | None, typer.Option("--symptom", metavar="NAME", help="A sign of the list (--list); may be given more than once.")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Your own words, kept for you; the program never reads them.")]
Clear = Annotated[bool, typer.Option("--clear", help="You have spoken to someone about it; show tips again.")]
Yes = Annotated[bool, typer.Option("--yes", help="With --clear: yes, I have spoken to someone. Otherwise it asks.")]
Past = Annotated[bool, typer.Option("--history", help="What you noted before, day by day.")]
ToList = Annotated[bool, typer.Option("--list", help="The names of all places, reliefs and symptoms.")]


def checkin(  # noqa: PLR0913  # a command's options
    pain: Pain = None,
    where: Where = None,
    eased_by: Eased = None,
    limiting: Limits = None,
    symptom: Symptoms = None,
    note: Note = "",
    clear: Clear = False,
    spoken: Yes = False,
    past: Past = False,
    listed: ToList = False,
    as_json: AsJson = False,
    data: DataIfAny = None,
) -> None:
    """Note how your back is, and see whether to phone someone. Without options it asks."""
    home, now = Home(folders(data)), SystemClock().now()
    told = any((where, eased_by, limiting, symptom, note)) or pain is not None
    if listed:
        say(_names(library.card()))
    elif past:
        with history_of(home) as kept:
            titles = {tip.id: tip.title for tip in library.tips().tips}
            reports = kept.records(0.0, now + 1.0).reports
            say(history_lines(reports, library.card(), titles, home.tz, alone=NO_BABY in kept.person().conditions))
    elif clear:
        _clear(home, now, alone=not told, spoken=spoken)
    elif told:
        sets = (frozenset(where or ()), frozenset(eased_by or ()), limiting or Limiting.NO, frozenset(symptom or ()))
        _take(home, CheckIn(now, pain, *sets, _kept(note)), known_of_her(home), as_json=as_json)
    else:
        on_terminal("checkin asks only on a terminal; give --pain N, and --symptom NAME for each symptom (names: --list)")
        _ask_stage_once(home, now)
        her = known_of_her(home)
        _take(home, ask(library.card(), now, her.at, alone=her.alone), her, as_json=as_json)


def _take(home: Home, report: CheckIn, her: KnownOfHer, *, as_json: bool) -> None:
    """Show the result first: help must not wait for a disk or a settings file; it is kept even if nobody reads to the end."""
    one = answered(home, report, her)
    try:
        _show(home, one, alone=her.alone, as_json=as_json)
    finally:
        keep(home, one)
    if not as_json:
        say(["", f"Saved at {clock(report.t, home.tz)}."])


def _show(home: Home, one: Answered, *, alone: bool, as_json: bool) -> None:
    card, report = library.card(), one.report
    if as_json:
        print(json.dumps({**_values(home, one), "relief": _relief_values(one.relief)}), flush=True)
    else:
        say(_answer(card, one.verdict, one.said, alone=alone))
        say(noted(card, report.pain, report.places, report.symptoms, alone=alone))
        if one.verdict.urgency and not one.has_number:
            say([NO_NUMBER])
        if one.verdict.call_first:
            say([CLEARED])
        if one.relief:
            say(["", *relief_lines(one.relief)])
    if trouble := contacts_in(home.folders.settings)[1]:
        notice(f"Your own telephone numbers could not be read: {trouble}")


def _relief_values(chosen: Relief | None) -> dict[str, str | None] | None:
    if chosen is None:
        return None
    tip = chosen.tip
    return {"tip": tip.id, "title": tip.title, "body": tip.body, "more": tip.more, "eased": chosen.eased}


def _ask_stage_once(home: Home, now: float) -> None:
    try:
        person = told_in(home)
    except MonitorError:
        return  # the result comes first; read errors are reported when the check-in is saved
    if person.told:
        return
    if (pregnancy := ask_stage(home.calendar_date(now))) is not None:
        with SelfReports(home.folders.data / HISTORY) as reports:
            reports.tell(replace(person, due=pregnancy.due, birth=pregnancy.birth, told=True))


def _clear(home: Home, now: float, *, alone: bool, spoken: bool) -> None:
    """Close the open calls once the person has spoken to somebody; a sign that is over closes none."""
    if not alone:
        raise ConfigError("--clear closes the check-ins before; give it alone, then check in again")
    card, tell = library.card(), told_in(home)
    with history_of(home) as kept:
        calls = open_calls(kept.open_reports(now))
    if not calls:
        say(["No call is open."])
        return
    say(["You noted this, and were asked to phone:"])
    for one in calls:
        say(bullet(f"{day_of(home.date_of(one.t))}: {', '.join(signs(card, one, alone=NO_BABY in tell.conditions))}"))
    if not spoken:
        on_terminal("--clear asks whether you have spoken to someone; off a terminal give --clear --yes")
        if not yes("Have you spoken to a midwife, doctor or emergency service about it?"):
            say(["Then it stays open. Please call, also if it has passed: posture-monitor redflags"])
            return
    with SelfReports(home.folders.data / HISTORY) as reports:
        reports.clear(now)
        if not spoken and yes("Were you told to rest or not to exercise?"):
            reports.tell(replace(tell, conditions=tell.conditions | {TOLD_TO_REST}))
            say(["Noted: no walks and no exercises. To take it back: stage --untick told_to_rest"])
    say([f"Thank you. {many(len(calls), 'call')} closed. You will see tips again."])


def _answer(card: Card, verdict: TriageResult, said: Action, *, alone: bool) -> Iterator[str]:
    yield f"{verdict.urgency.name}: {said.title}" if verdict.urgency else said.title
    yield from wrapped(said.body)
    for paragraph in said.more.split("\n"):
        yield from wrapped(paragraph)
    if verdict.unlisted and verdict.urgency:
        yield "The list does not cover at your stage:"
        for name in verdict.unlisted:
            yield from bullet(card.symptoms[name].words(alone=alone))


def _values(home: Home, one: Answered) -> dict[str, object]:
    report, verdict, said = one.report, one.verdict, one.said
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
    # Undecodable input arrives as unpaired surrogates.
    whole = note.encode("utf-8", "replace").decode()
    if len(whole) > NOTE_LENGTH:
        raise ConfigError(f"--note has {len(whole)} characters; {NOTE_LENGTH} at most")
    return whole


def _names(card: Card) -> Iterator[str]:
    yield "Places (--where)"
    yield from (f"  {name:<22} {words}" for name, words in PLACES.items())
    yield from ("", "Reliefs (--eased-by)")
    yield from (f"  {name:<22} {words}" for name, words in EASED_BY.items())
    for part, heading in card.parts.items():
        yield from ("", f"Symptoms (--symptom): {heading}")
        yield from (f"  {name:<22} {s.name}" for name, s in card.symptoms.items() if s.part == part)
