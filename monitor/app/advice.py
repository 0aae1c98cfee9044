"""Composition of the advice: the person's entries and settings become limits, rules and messages, updated every day."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

from monitor.adapters.store import History, SelfReports
from monitor.adapters.system.clock import SystemClock
from monitor.advice.limits import LIMITS, Limit, limits, never_stands
from monitor.advice.pregnancy import NO_BABY, PREGNANT, Pregnancy, PregnancyStage
from monitor.app.home import HISTORY, Home
from monitor.config import Settings
from monitor.core.errors import StoreError
from monitor.core.history.records import CheckInRecord, Person, Records
from monitor.core.reminders.kinds import CHECK_IN, KINDS
from monitor.core.reminders.rules import Day, Due, Rule, Situation, SustainedDeviation
from monitor.core.vocabulary import Activity
from monitor.reports import periods
from monitor.reports.stage import StageStatus

if TYPE_CHECKING:
    from monitor.adapters.profiles import Profile
    from monitor.advice.adviser import Adviser
    from monitor.advice.checkin import CheckIn
    from monitor.advice.red_flags import StageWeek
    from monitor.advice.relief import Relief
    from monitor.advice.triage import TriageResult

# A tip is not repeated within a day, as long as there is another.
_DAY_S = 86400.0
_WEEK_S = 7 * _DAY_S


class AdviceHistory(Protocol):
    """Read access to a history."""

    def person(self) -> Person:
        """What the person entered last."""
        ...

    def open_reports(self, t: float) -> Sequence[CheckInRecord]:
        """The check-ins that were not cleared at ``t`` (POSIX s)."""
        ...

    def tips_shown(self, start: float, end: float) -> Mapping[str, float]:
        """When (POSIX s) each tip was last shown in that time."""
        ...

    def records(self, start: float, end: float) -> Records:
        """All records of that time (POSIX s)."""
        ...


def pregnancy(person: Person) -> Pregnancy:
    """The due date or day of birth that the person entered."""
    return Pregnancy(person.due, person.birth)


def stage(person: Person, day: date) -> PregnancyStage | None:
    """The stage on that day; None if none was entered."""
    return pregnancy(person).stage(day) if person.told else None


def shown_pregnant(person: Person, day: date) -> bool:
    """Whether figures show her pregnant on that day; never for a person who has no baby with her."""
    return stage(person, day) in PREGNANT and NO_BABY not in person.conditions


def conditions(person: Person, day: date) -> frozenset[str]:
    """The person's conditions that apply on that day."""
    return pregnancy(person).holds(person.conditions, day)


def stage_week(person: Person, day: date) -> "StageWeek | None":
    """The stage and week on that day, as the card of warning signs needs them; None if none was entered."""
    from monitor.advice.red_flags import StageWeek

    return StageWeek(pregnancy(person).stage(day), pregnancy(person).weeks(day)) if person.told else None


def limits_on(settings: Settings, person: Person, day: date) -> dict[str, Limit]:
    """The limits in force on that day; without a stage the general ones."""
    own = {name: value for name, value in settings.own().items() if name in LIMITS[PregnancyStage.NOT_PREGNANT]}
    return limits(stage(person, day) or PregnancyStage.NOT_PREGNANT, own, person.conditions)


def standing(home: Home, person: Person, profile: "Profile | None") -> StageStatus:
    """The person's entries and what follows from them today; ``profile`` is the calibration in use."""
    today = home.calendar_date(SystemClock().now())
    questions = [pregnancy(person).question(today), _over(person, today), recalibrate(home, person, today, profile)]
    limits_now = limits_on(home.settings, person, today)
    asked = tuple(question for question in questions if question)
    return StageStatus(person, today, stage(person, today), limits_now, tuple(home.settings.numbers()), asked)


def _over(person: Person, today: date) -> str | None:
    """The question for a person who reports to have no baby but had entered a pregnancy."""
    if NO_BABY not in person.conditions or stage(person, today) not in PREGNANT:
        return None
    return "if the pregnancy is over, set the day it ended with stage --birth DATE, or stage --none"


def recalibrate(home: Home, person: Person, today: date, profile: "Profile | None") -> str | None:
    """Why the profile should be recalibrated; None while it is valid."""
    if profile is None:
        return None
    question = pregnancy(person).profile_question(home.calendar_date(profile.taken_at), today)
    return f"about your calibration {profile.name!r}: {question} (posture-monitor calibrate)" if question else None


def told_in(home: Home) -> Person:
    """What the person entered; the default while there is no history.  Raises StoreError."""
    path = home.folders.data / HISTORY
    try:
        if not path.exists():
            return Person()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise StoreError(f"history {path} cannot be read ({error.strerror}); name another folder with --data") from error
    with History(path) as history:
        return history.person()


def always_seated(home: Home) -> bool:
    """Whether she uses a wheelchair or cannot stand, so that words fit; False where a damaged history cannot tell."""
    try:
        return never_stands(told_in(home).conditions)
    except StoreError:
        return False


def tell_stage(home: Home, told: Pregnancy) -> None:
    """Keep what she tells of a pregnancy or a birth in the place of what she told before.  Raises StoreError."""
    before = told_in(home)
    with SelfReports(home.folders.data / HISTORY) as reports:
        reports.tell(replace(before, due=told.due, birth=told.birth, told=True))


def tell_conditions(home: Home, ticked: frozenset[str]) -> None:
    """Keep what applies to her in the place of what she ticked before.  Raises StoreError."""
    before = told_in(home)
    with SelfReports(home.folders.data / HISTORY) as reports:
        reports.tell(replace(before, conditions=ticked))


def week_at(home: Home, t: float) -> int | None:
    """The completed week of pregnancy at ``t`` (POSIX s) by the person's entry; None outside one.  Raises StoreError."""
    week = pregnancy(told_in(home)).week(home.calendar_date(t))
    return week[0] if week else None


def adviser(home: Home, personal: AdviceHistory, past: AdviceHistory) -> "Adviser":
    """The message writer, which uses the person's entries in ``personal`` and the tips that ``past`` has of the last day."""
    from monitor.advice import library
    from monitor.advice.adviser import Adviser, Habits, Known, in_force

    def known(t: float) -> Known:
        person, today = personal.person(), home.calendar_date(t)
        symptoms, call = in_force(personal.open_reports(t))
        shown = past.tips_shown(t - _DAY_S, t)  # no tip waits longer than a day before it comes again
        yesterday = periods.day(home.date_of(t) - timedelta(days=1), home.tz, home.day_begins)
        sore = any(one.pain for one in personal.records(yesterday.start, t).reports)
        week = pregnancy(person).weeks(today)
        return Known(stage(person, today), conditions(person, today) | symptoms, shown, call, week, sore)

    own = home.settings.advice
    habits = Habits(frozenset(own.at_hand), frozenset(own.busy_hours), home.settings.contacts.numbers())
    return Adviser(library.tips().tips, library.card(), known, home.tz, habits)


def relief_for(home: Home, report: "CheckIn", verdict: "TriageResult", settings: Settings) -> "Relief | None":
    """The tip that answers a check-in, by all of the person's entries.  Raises StoreError."""
    from monitor.advice import library
    from monitor.advice.adviser import in_force
    from monitor.advice.picking import Context
    from monitor.advice.relief import relief

    person, shown, before, call = Person(), dict[str, float](), Counter[str](), None
    if (home.folders.data / HISTORY).exists():
        with History(home.folders.data / HISTORY) as history:
            person, shown = history.person(), history.tips_shown(report.t - _WEEK_S, report.t)
            before = Counter(name for one in history.reports() for name in one.eased_by)
            _, call = in_force(history.open_reports(report.t))
    own = settings.advice
    habits = (frozenset(own.at_hand), frozenset(own.busy_hours))
    today = home.calendar_date(report.t)
    context = Context(stage(person, today), home.tz, conditions(person, today), *habits, shown, call is not None)
    return relief(library.tips().tips, report, verdict, before, context)


def rules(home: Home, personal: AdviceHistory, past: AdviceHistory, before: Mapping[str, Rule] | None = None) -> dict[str, Rule]:
    """The reminders in force; their limits follow the person's entries in ``personal``, day by day, and the settings.

    ``before`` are those of other settings, whose state is carried over.
    """

    @cache
    def on(today: date) -> dict[str, dict[str, float]]:
        numbers, limits_now = home.settings.numbers(), limits_on(home.settings, personal.person(), today)
        for name, limit in limits_now.items():
            kind, key = name.split(".")
            if kind in numbers:
                numbers[kind][key] = limit.value
        gone = {name.split(".")[0] for name in LIMITS[PregnancyStage.NOT_PREGNANT].keys() - limits_now.keys()}
        return {kind: values for kind, values in numbers.items() if kind not in gone}

    def day(t: float) -> Day:
        today = periods.day(home.date_of(t), home.tz, home.day_begins)
        stood = (b.seconds for b in past.records(today.start, t).bouts if b.activity is Activity.STANDING)
        return Day(today.start, today.end, math.fsum(stood))

    def done(today: Day) -> bool:
        asked = any(one.reminder.kind == CHECK_IN for one in past.records(today.start, today.end).reminders)
        return asked or bool(personal.records(today.start, today.end).reports)

    limits = _ByDay(home, on)

    more = {"stood_today": {"day": day}}
    chosen: dict[str, Rule] = {
        kind: DayAwareRule(partial(KINDS[kind].make, **more.get(kind, {})), kind, limits) for kind in home.settings.numbers()
    }
    for kind, rule in (before or {}).items():
        if isinstance(rule, DayAwareRule) and isinstance(new := chosen.get(kind), DayAwareRule):
            new.carry_over(rule)
    at_h = home.settings.advice.check_in_at_h
    if at_h is None:
        return chosen
    begins_h = home.day_begins.hour + home.day_begins.minute / 60
    return {**chosen, CHECK_IN: KINDS[CHECK_IN].make(at_h=(at_h - begins_h) % 24, day=day, done=done)}


@dataclass(slots=True)
class _ByDay:
    """What ``on`` says of the calendar's day that a time lies in, asked once a day: every rule wants it with every picture."""

    home: Home
    on: Callable[[date], dict[str, dict[str, float]]]
    _start: float = math.inf
    _end: float = -math.inf
    _today: dict[str, dict[str, float]] = field(default_factory=dict)

    def of(self, t: float) -> dict[str, dict[str, float]]:
        """That of the day of ``t`` (POSIX s)."""
        if not self._start <= t < self._end:
            today = self.home.calendar_date(t)
            span = periods.day(today, self.home.tz, time.min)
            self._start, self._end, self._today = span.start, span.end, self.on(today)
        return self._today


@dataclass(slots=True)
class DayAwareRule:
    """A rule that is rebuilt when the numbers of its kind change; a kind that has none on a day has no limit."""

    make: Callable[..., Rule]
    kind: str
    limits: _ByDay
    _in_force: Mapping[str, float] = field(default_factory=dict, init=False)
    _rule: Rule | None = field(default=None, init=False)

    def due(self, now: Situation) -> Due | None:
        """The due reminder by today's numbers, None if there is none."""
        numbers = self.limits.of(now.t).get(self.kind)
        if numbers is None:
            self._rule = None
            return None
        if self._rule is None or (numbers is not self._in_force and numbers != self._in_force):
            before, self._rule, self._in_force = self._rule, self.make(**numbers), numbers
            if isinstance(self._rule, SustainedDeviation) and isinstance(before, SustainedDeviation):
                self._rule.carry_over(before)
        return self._rule.due(now)

    def carry_over(self, before: "DayAwareRule") -> None:
        """Go on from the rule of the settings before."""
        self._rule, self._in_force = before._rule, before._in_force  # noqa: SLF001  # of its own kind

    def so_far(self, now: Situation) -> float:
        """The progress (s)."""
        return self._rule.so_far(now) if self._rule else 0.0

    def next_at(self, so_far: float) -> float:
        """The progress (s) at which it is due next, by today's numbers."""
        return self._rule.next_at(so_far) if self._rule else math.inf
