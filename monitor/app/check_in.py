"""A check-in: what the card says to it, the one thing to do now, and its place in the history."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from monitor.adapters.store import History, SelfReports
from monitor.adapters.system.clock import SystemClock
from monitor.advice import library
from monitor.advice.adviser import CLEARED, open_calls
from monitor.advice.checkin import LIMITS_LIFE, TOLD_TO_REST, CheckIn, Limiting, judge
from monitor.advice.pregnancy import NO_BABY, PregnancyStage
from monitor.advice.red_flags import Action, StageWeek
from monitor.advice.relief import Relief
from monitor.advice.triage import TriageResult, answer, number_for
from monitor.app.advice import relief_for, stage_week, told_in
from monitor.app.home import HISTORY, Home
from monitor.config import load
from monitor.core.errors import MonitorError, StoreError
from monitor.core.history.records import CheckInRecord

STILL_OPEN = "You were asked to phone before, and that call is still open."


class KnownOfHer(NamedTuple):
    """The stage and week that she told (None: not told), and whether no baby is with her, so that no words speak of one."""

    at: StageWeek | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What a check-in is answered with: the card's verdict and words, one thing to do now, whether she set the number to call."""

    report: CheckIn
    verdict: TriageResult
    said: Action
    relief: Relief | None
    has_number: bool


def known_of_her(home: Home) -> KnownOfHer:
    """What she told of her stage; nothing, which takes the most careful answer, also where a damaged history cannot tell."""
    try:
        person = told_in(home)
    except StoreError:
        return KnownOfHer(None, alone=False)
    at = stage_week(person, home.calendar_date(SystemClock().now()))
    none = at is not None and at.stage is PregnancyStage.NOT_PREGNANT
    return KnownOfHer(at, alone=none or NO_BABY in person.conditions)


def contacts_in(settings: Path) -> tuple[dict[str, str], MonitorError | None]:
    """The person's own telephone numbers, or none and what was wrong: help must not wait for a settings file."""
    try:
        return load(settings).contacts.numbers(), None
    except MonitorError as error:
        return {}, error


def answered(home: Home, report: CheckIn, her: KnownOfHer) -> Answered:
    """The answer to a report; nothing is kept yet.  Raises ConfigError for what is not on the lists."""
    card, numbers = library.card(), contacts_in(home.folders.settings)[0]
    verdict = judge(card, report, her.at)
    said = answer(card, verdict, her.at, numbers, alone=her.alone)
    if not verdict.call_first and _open_before(home, report.t):
        said = replace(said, more=f"{said.more}\n{STILL_OPEN} {CLEARED}")
    return Answered(report, verdict, said, _relief(home, report, verdict), number_for(card, verdict, her.at) in numbers)


def keep(home: Home, one: Answered) -> None:
    """Put a check-in with its answer into the history.  Raises StoreError."""
    urgency = one.verdict.urgency.name.lower() if one.verdict.urgency else None
    report = one.report
    # What the answer was given to: pain that limits life is a line of the card.
    symptoms = report.symptoms | {LIMITS_LIFE} if report.limiting is Limiting.MUCH else report.symptoms
    sets = (report.places, report.eased_by, report.limiting.value, symptoms)
    relief = one.relief.tip.id if one.relief else None
    with SelfReports(home.folders.data / HISTORY) as diary:
        diary.add(CheckInRecord(report.t, report.pain, *sets, report.note, urgency, relief=relief))


def _open_before(home: Home, t: float) -> bool:
    """Whether a call that an earlier check-in asked for is still open at ``t`` (POSIX s)."""
    if not (home.folders.data / HISTORY).exists():
        return False
    try:
        with History(home.folders.data / HISTORY) as history:
            return bool(open_calls(history.open_reports(t)))
    except StoreError:
        return False


def _relief(home: Home, report: CheckIn, verdict: TriageResult) -> Relief | None:
    """One thing to do now; none where what she may do cannot be read."""
    if verdict.call_first:
        return None
    try:
        return relief_for(home, report, verdict, load(home.folders.settings))
    except MonitorError:
        return None


def clear_calls(home: Home, now: float, *, told_to_rest: bool) -> int:
    """How many open calls count as made from ``now`` (POSIX s) on, as the person has spoken to somebody.  Raises StoreError."""
    person = told_in(home)
    with SelfReports(home.folders.data / HISTORY) as reports:
        cleared = reports.clear(now)
        if told_to_rest:
            reports.tell(replace(person, conditions=person.conditions | {TOLD_TO_REST}))
    return cleared
