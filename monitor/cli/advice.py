"""``stage``, ``explain`` and ``redflags``: what the program knows of the person, and what it has to say."""

import json
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
from monitor.advice.pregnancy import NOT_PREGNANT, Pregnancy, PregnancyStage, born_on, due_on, in_week
from monitor.advice.validation import one_of
from monitor.app import composition
from monitor.app.advice import stage as stage_of
from monitor.app.advice import standing, told_in
from monitor.app.home import HISTORY, Home, open_home
from monitor.cli.options import AsJson, Data, DataIfAny
from monitor.cli.output import notice, say
from monitor.config import folders, load
from monitor.core.errors import ConfigError, MonitorError, StoreError
from monitor.reports.phrases import wrapped
from monitor.reports.red_flags import card_lines
from monitor.reports.stage import stage_lines, stage_values

Due = Annotated[str | None, typer.Option("--due", metavar="DATE", help="The day the baby is due, such as 2027-03-02.")]
Week = Annotated[int | None, typer.Option("--week", metavar="N", help="Weeks of pregnancy that are complete today.")]
Birth = Annotated[str | None, typer.Option("--birth", metavar="DATE", help="The day the baby was born.")]
NoStage = Annotated[bool, typer.Option("--none", help="Not pregnant, and no birth in the last year.")]
Tick = Annotated[
    list[str] | None, typer.Option("--tick", metavar="NAME", help="Something that holds for you, so that some tips stay away.")
]
Untick = Annotated[list[str] | None, typer.Option("--untick", metavar="NAME", help="Something that holds no more.")]
ToList = Annotated[bool, typer.Option("--list", help="What can be ticked.")]


def stage(  # noqa: PLR0913  # a command's options
    due: Due = None,
    week: Week = None,
    birth: Birth = None,
    none: NoStage = False,
    tick: Tick = None,
    untick: Untick = None,
    listed: ToList = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Tell or show your stage, which limits and tips follow."""
    conditions = library.tips().conditions
    if listed:
        say(f"  {name:<22} {words}" for name, words in conditions.items())
        return
    home = open_home(data)
    today = home.date_of(SystemClock().now())
    told, ticks = _told(today, due, week, birth, none=none), _ticks(tick or (), untick or ())
    # Whoever tells something may be the first to use this version's history.
    with SelfReports(home.folders.data / HISTORY) if told or any(ticks) else nullcontext() as diary:
        before = told_in(home)
        new = replace(before, conditions=before.conditions - ticks[1] | ticks[0])
        new = replace(new, due=told.due, birth=told.birth, told=True) if told else new
        if diary and new != before:
            diary.tell(new)
    now = standing(home, new, composition.profile(home, None))
    if as_json:
        print(json.dumps(stage_values(now)))
        return
    say(stage_lines(now, conditions))
    if new != before and holder(home.folders.data):
        notice("The monitor that is running takes over new limits with the next day, or when it is started again; tips at once.")


def _told(today: date, due: str | None, week: int | None, birth: str | None, *, none: bool) -> Pregnancy | None:
    """What the options say; None if they say nothing of it."""
    options = {"--due": due, "--week": week, "--birth": birth, "--none": none or None}
    given = [name for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise ConfigError(f"{' and '.join(given)} exclude each other; give one of them")
    if due is not None:
        return due_on(_day("--due", due), today)
    if week is not None:
        return in_week(week, today)
    if birth is not None:
        return born_on(_day("--birth", birth), today)
    return NOT_PREGNANT if none else None


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(f"{option} {text!r} is not a date; give one such as 2027-03-02") from None


def _ticks(*names: Iterable[str]) -> tuple[frozenset[str], ...]:
    """Each of ``names`` as a set, if the catalogue knows them."""
    known = library.tips().conditions
    return tuple(frozenset(one_of("condition", name, known) for name in some) for some in names)


def explain(data: Data = None) -> None:
    """Tell why backs can ache, and what helps many people."""
    mine = stage_if_known(Home(folders(data)))
    stages = frozenset(PregnancyStage) if mine is None else {mine}
    for paragraph in library.explanation():
        if paragraph.stages & stages:
            say([paragraph.title, *wrapped(paragraph.text), ""])
    say(["Where this comes from: docs/advice.md. Warning signs: posture-monitor redflags"])


def redflags(data: DataIfAny = None) -> None:
    """Show the card of warning signs: when to call whom."""
    numbers, trouble = numbers_in(data)
    say(card_lines(library.card(), numbers))
    if trouble:
        notice(f"Your own telephone numbers could not be read: {trouble}")


def numbers_in(data: Path | None) -> tuple[dict[str, str], MonitorError | None]:
    """The person's own telephone numbers, or none and what was wrong: help must not wait for a settings file."""
    try:
        return load(folders(data).settings).contacts.numbers(), None
    except MonitorError as error:
        return {}, error


def stage_if_known(home: Home) -> PregnancyStage | None:
    """The stage that was told; None, which takes the most careful answer, also where a damaged history cannot tell."""
    try:
        return stage_of(told_in(home), home.date_of(SystemClock().now()))
    except StoreError:
        return None
