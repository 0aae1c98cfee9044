"""``stage``, ``explain`` and ``redflags``: the person's entries, the explanation of back pain and the card of warning signs."""

import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from monitor.adapters.store import SelfReports
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import holder
from monitor.advice import library
from monitor.advice.limits import never_stands
from monitor.advice.pregnancy import BY_OPERATION, NOT_PREGNANT, Pregnancy, PregnancyStage, born_on, due_on, in_week
from monitor.advice.validation import one_of
from monitor.app import composition
from monitor.app.advice import standing, told_in
from monitor.app.check_in import contacts_in, known_of_her
from monitor.app.home import HISTORY, Home
from monitor.app.open_pages import open_page, warning_signs_file
from monitor.app.report import write_page
from monitor.cli.check_in_questions import yes
from monitor.cli.options import AsJson, Data, DataIfAny
from monitor.cli.output import home_at, notice, say
from monitor.config import folders
from monitor.core.errors import ConfigError
from monitor.core.history.records import Person
from monitor.reports.phrases import wrapped
from monitor.reports.red_flags import card_lines, whole_card_lines
from monitor.reports.review import review_page
from monitor.reports.stage import stage_lines, stage_values
from monitor.texts.catalogue import speaking_to

Due = Annotated[str | None, typer.Option("--due", metavar="DATE", help="Your due date, such as 2027-03-02.")]
Week = Annotated[int | None, typer.Option("--week", metavar="N", help="How many weeks pregnant you are today.")]
Birth = Annotated[str | None, typer.Option("--birth", metavar="DATE", help="The day of the birth, or the day a pregnancy ended.")]
Operation = Annotated[
    bool | None, typer.Option("--operation/--no-operation", help="With --birth: it was a birth by operation (caesarean).")
]
NoStage = Annotated[bool, typer.Option("--none", help="Neither pregnant nor in the year after.")]
Tick = Annotated[
    list[str] | None, typer.Option("--tick", metavar="NAME", help="Something that applies to you; hides tips that do not suit.")
]
Untick = Annotated[list[str] | None, typer.Option("--untick", metavar="NAME", help="Something that no longer applies.")]
ToList = Annotated[bool, typer.Option("--list", help="What can be ticked.")]


def stage(  # noqa: PLR0913  # a command's options
    due: Due = None,
    week: Week = None,
    birth: Birth = None,
    operation: Operation = None,
    none: NoStage = False,
    tick: Tick = None,
    untick: Untick = None,
    listed: ToList = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Set or show your stage of pregnancy; limits and tips follow it."""
    conditions = library.tips().conditions
    if listed:
        say(f"  {name:<22} {words}" for name, words in conditions.items())
        return
    home = home_at(data)
    told, ticks = _told(home, due, week, birth, none=none), _ticks(tick or (), untick or ())
    if told and told.birth and operation is None and sys.stdin.isatty() and not as_json:
        operation = yes("Was it a birth by operation (caesarean)?")
    # An entry may be the first write to this version's history.
    with SelfReports(home.folders.data / HISTORY) if told or any(ticks) or operation is not None else nullcontext() as reports:
        before = told_in(home)
        new = replace(before, conditions=before.conditions - ticks[1] | ticks[0])
        new = replace(new, due=told.due, birth=told.birth, told=True) if told else new
        new = _by_operation(new, before, operation)
        if reports and new != before:
            reports.tell(new)
    now = standing(home, new, composition.profile(home, None))
    if as_json:
        print(json.dumps(stage_values(now)))
        return
    with speaking_to(always_seated=never_stands(new.conditions)):
        say(stage_lines(now, conditions))
    if new.birth != before.birth and new.birth and operation is None:
        notice("Was it a birth by operation (caesarean)? If so, tips change for eight weeks: posture-monitor stage --operation")
    if new != before and holder(home.folders.data):
        notice("The monitor that is running follows within two seconds.")


def _told(home: Home, due: str | None, week: int | None, birth: str | None, *, none: bool) -> Pregnancy | None:
    """The pregnancy given by the options; None if they have none."""
    options = {"--due": due, "--week": week, "--birth": birth, "--none": none or None}
    given = [name for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise ConfigError(f"{' and '.join(given)} exclude each other; give one of them")
    today = home.calendar_date(SystemClock().now())
    if due is not None:
        return due_on(_day("--due", due), today)
    if week is not None:
        return in_week(week, today)
    if birth is not None:
        return born_on(_day("--birth", birth), today)
    return NOT_PREGNANT if none else None


def _by_operation(new: Person, before: Person, operation: bool | None) -> Person:
    """What she says of an operation; dropped with a birth that is no longer so."""
    if operation is not None and new.birth is None:
        raise ConfigError("--operation and --no-operation go with --birth DATE")
    if operation is None and new.birth == before.birth:
        return new
    rest = new.conditions - {BY_OPERATION}
    return replace(new, conditions=rest | {BY_OPERATION} if operation else rest)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(f"{option} {text!r} is not a date; give one such as 2027-03-02") from None


def _ticks(*names: Iterable[str]) -> tuple[frozenset[str], ...]:
    """``names`` as a set, if the catalogue has all of them."""
    known = library.tips().conditions
    return tuple(frozenset(one_of("condition", name, known) for name in some) for some in names)


Review = Annotated[
    Path | None,
    typer.Option("--review", metavar="FILE", dir_okay=False, help="Write every text with its source, for a clinician."),
]


def explain(review: Review = None, data: Data = None) -> None:
    """Say why backs can ache, and what helps many people."""
    if review is not None:
        write_page(review, review_page(library.card(), library.tips(), library.explanation(), library.sources()))
        say([str(review)])
        return
    at, alone = known_of_her(Home(folders(data)))
    stages = {at.stage} if at else frozenset(PregnancyStage)
    for paragraph in library.explanation():
        if paragraph.stages & stages:
            say([paragraph.title, *wrapped(paragraph.words(alone=alone)), ""])
    say(["Where this comes from: docs/advice.md. Warning signs: posture-monitor redflags"])


Every = Annotated[bool, typer.Option("--all", help="Every sign of your stage, and what to do.")]


Open = Annotated[bool, typer.Option("--open", help="Write them as a page, and show it in the browser.")]


def redflags(every: Every = False, show_it: Open = False, data: DataIfAny = None) -> None:
    """Show the warning signs: when to call whom."""
    home = Home(folders(data))
    numbers, trouble = contacts_in(home.folders.settings)
    at, alone = known_of_her(home)
    card = library.card()
    say(whole_card_lines(card, numbers, at, alone=alone) if every else card_lines(card, numbers, at, alone=alone))
    if show_it:
        path = warning_signs_file(home)
        say([str(path)])
        if unopened := open_page(path):
            notice(unopened)
    if trouble:
        notice(f"Your own telephone numbers could not be read: {trouble}")
