"""The person's stage and the limits that follow from it, for people and for programs."""

import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.advice.limits import SIT_FIRM, SIT_SOFT, STAND_DAY, STAND_FIRM, STAND_SOFT, WHY, Limit
from monitor.advice.pregnancy import NO_BABY, Pregnancy, PregnancyStage
from monitor.core.history.records import Person
from monitor.reports.phrases import WIDTH, bullet, day_of, many, wrapped
from monitor.texts.catalogue import about_sitting

STAGES: Mapping[PregnancyStage, str] = {
    PregnancyStage.NOT_PREGNANT: "not pregnant",
    PregnancyStage.FIRST: "first part of pregnancy (up to week 13)",
    PregnancyStage.SECOND: "middle part of pregnancy (weeks 14 to 27)",
    PregnancyStage.THIRD: "last part of pregnancy (from week 28)",
    PregnancyStage.AFTER_BIRTH: "the year after a birth",
}
AFTER_LOSS = "the year after a pregnancy"
NOT_TOLD = (
    "You have not said whether you are pregnant, so the standard limits apply and tips suit everyone. "
    "To set it: stage --due DATE, --week N or --birth DATE; stage --none if none applies."
)
_SITTING: Mapping[str, str] = {SIT_SOFT: "first_limit", SIT_FIRM: "second_limit"}
_STANDING: Mapping[str, str] = {
    STAND_SOFT: "standing, first reminder",
    STAND_FIRM: "standing, second reminder",
    STAND_DAY: "standing, in a day",
}


@dataclass(frozen=True, slots=True)
class StageStatus:
    """The entries of ``person``, as of ``today``: the stage (None: not entered), and the limits in force by name.

    ``enabled`` are the kinds of reminders that the settings leave on; ``questions`` is what should be asked.
    """

    person: Person
    today: date
    stage: PregnancyStage | None
    limits: Mapping[str, Limit]
    enabled: Collection[str]
    questions: tuple[str, ...] = ()

    @property
    def pregnancy(self) -> Pregnancy:
        """The due date or day of birth."""
        return Pregnancy(self.person.due, self.person.birth)


def stage_lines(now: StageStatus, conditions: Mapping[str, str]) -> Iterator[str]:
    """The text page; ``conditions`` are those of the catalogue, with their text."""
    for line in standing_lines(now):
        yield from wrapped(line)
    yield ""
    yield "Limits"
    for name, limit in now.limits.items():
        called = _STANDING.get(name) or about_sitting(_SITTING[name])
        yield from _row(f"  {called:<25} {_value(name, limit, now):>6}   ", _why(name, limit, now))
    yield from ("Your own limits always win. To set one:", "  posture-monitor settings set reminders.sat_too_long.soft_min 25")
    if now.person.conditions - {NO_BABY}:
        yield ""
        yield "Because you ticked these, some tips and words are left out"
        for name in sorted(now.person.conditions - {NO_BABY}):
            yield from bullet(f"{conditions.get(name, name)} ({name})")


def _row(head: str, why: str) -> list[str]:
    return textwrap.wrap(why, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def standing_lines(now: StageStatus) -> Iterator[str]:
    """The stage in a sentence, and the questions to ask."""
    yield told_line(now)
    yield from (f"{question[0].upper()}{question[1:]}." for question in now.questions)


def told_line(now: StageStatus) -> str:
    """One sentence: the stage, the week and the date entered."""
    if now.stage is None:
        return NOT_TOLD
    told, alone = now.pregnancy, NO_BABY in now.person.conditions
    week = None if alone else told.week(now.today)
    when = f"; today {many(week[0], 'week')} and {many(week[1], 'day')}" if week else ""
    birth = "since" if alone else "born on"
    day = f"; due on {day_of(told.due)}" if week and told.due else f"; {birth} {day_of(told.birth)}" if told.birth else ""
    name = AFTER_LOSS if alone and now.stage is PregnancyStage.AFTER_BIRTH else STAGES[now.stage]
    return f"Stage: {name}{when}{day}."


def stage_values(now: StageStatus) -> dict[str, Any]:
    """The same for programs: limits in minutes, or hours where the name ends in ``_h``."""
    week = now.pregnancy.week(now.today)
    return {
        "told": now.person.told,
        "stage": now.stage.value if now.stage else None,
        "week": week[0] if week else None,
        "day": week[1] if week else None,
        "due": now.person.due.isoformat() if now.person.due else None,
        "birth": now.person.birth.isoformat() if now.person.birth else None,
        "conditions": sorted(now.person.conditions),
        "questions": list(now.questions),
        "limits": {name: _limit(name, limit, now) for name, limit in now.limits.items()},
    }


def _limit(name: str, limit: Limit, now: StageStatus) -> dict[str, Any]:
    return {
        "value": limit.value,
        "of_the_stage": limit.preset,
        "own": limit.own,
        "moved": limit.moved,
        "enabled": name.split(".", maxsplit=1)[0] in now.enabled,
        "why": _why(name, limit, now),
    }


def _value(name: str, limit: Limit, now: StageStatus) -> str:
    return _amount(name, limit.value) if name.split(".", maxsplit=1)[0] in now.enabled else "off"


def _why(name: str, limit: Limit, now: StageStatus) -> str:
    if name.split(".", maxsplit=1)[0] not in now.enabled:
        return "turned off in your settings"
    if limit.own:
        return f"your own setting (the stage has {_amount(name, limit.preset)})"
    if limit.moved:
        return f"adjusted to fit your own setting (the stage has {_amount(name, limit.preset)})"
    return WHY[now.stage or PregnancyStage.NOT_PREGNANT][name]


def _amount(name: str, value: float) -> str:
    return f"{value:g} h" if name.endswith("_h") else f"{value:g} min"
