"""Many working days at each stage, two hundred in CI, with the real reminders."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise, product

import pytest
from laws import FACTORS, PROFILE
from working_days import TipDecision, days_on_end, stage_days

from monitor.advice import library
from monitor.advice.catalogue import Does
from monitor.advice.limits import LIMITS, SIT_SOFT, STAND_SOFT
from monitor.advice.picking import RELIEF, may_not_walk
from monitor.advice.pregnancy import PregnancyStage
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Level
from monitor.core.vocabulary import Activity

# What the first sentence of a tip may do under each title, once more by hand.
MOVE, SIT, STAND, REST, SET_UP, ASK = Does
DOES = {
    "sat_too_long": {MOVE},
    "stood_too_long": {MOVE, REST, STAND},
    "stood_today": {REST, STAND},
    "posture_held": {MOVE, SIT, STAND, REST, SET_UP},
    "too_close": {SIT, REST, SET_UP},
    "lumbar_flexed": {SIT, REST, SET_UP, MOVE},
}
# Who may not walk is asked to change position, and not to move.
DOES_RESTING = {**DOES, "sat_too_long": {SIT, REST, MOVE}}
TO_RISE = re.compile(r"(get|stand) up", re.IGNORECASE)
# Ticks that leave the same tips are one case; then all at once.
BY_TIPS = {
    frozenset(tip.id for tip in library.tips().tips if name in tip.forbidden_by | tip.only_for): frozenset({name})
    for name in (*library.tips().conditions, "pelvic_pain", "sciatica")
}
HELD = [*BY_TIPS.values(), frozenset(library.tips().conditions)]
DAYS = min(30 * FACTORS[PROFILE], 200)
SOFT = {"sat_too_long": SIT_SOFT, "stood_too_long": STAND_SOFT}
every_stage = pytest.mark.parametrize("stage", list(PregnancyStage))


@cache
def lived(stage: PregnancyStage) -> tuple[tuple[TipDecision, ...], ...]:
    return tuple(tuple(day) for day in days_on_end(stage, DAYS))


def decisions_for(stage: PregnancyStage) -> list[TipDecision]:
    return [given for day in lived(stage) for given in day]


def test_whatever_a_person_ticked_her_days_bring_what_she_may_do_and_what_the_title_asks_for():
    days = {"few": 1, "many": 200}[PROFILE]
    wrong = {}
    for stage, held in product(PregnancyStage, HELD):
        if found := set(broken([given for day in days_on_end(stage, days, held) for given in day], stage)):
            wrong[stage.value, *sorted(held)] = found

    assert wrong == {}


def broken(decisions: list[TipDecision], stage: PregnancyStage) -> Iterator[str]:
    """Which rules were broken in what was said to one person, one day after the other."""
    last: dict[str, float] = {}
    for given in decisions:
        if given.tip is None:
            yield f"{given.to.kind} finds no tip"
            continue
        rules = {**forbidden(given, stage), **unfit(given)}
        rules["comes again too soon"] = given.t - last.get(given.tip.id, float("-inf")) < given.tip.again_after_h * 3600
        yield from (f"{given.tip.id} {what} ({given.to.kind})" for what, broke in rules.items() if broke)
        last[given.tip.id] = given.t
    heard = Counter(given.tip.id for given in decisions if given.tip)
    yield from (f"{name} is {times / heard.total():.0%}" for name, times in heard.items() if times > 0.1 * heard.total())
    sore = [given.tip for given in decisions if given.tip and given.context.sore]
    if sum(tip.does is REST or bool(tip.eases) for tip in sore) < 0.2 * len(sore):
        yield "too little relief after a day with pain"


def forbidden(given: TipDecision, stage: PregnancyStage) -> dict[str, bool]:
    """By rule, whether the tip is one that the person must not be given."""
    tip, held = given.tip, given.context.conditions
    return {
        "is forbidden": stage not in tip.stages or bool(tip.forbidden_by & held),
        "is for others": bool(tip.only_for) and not tip.only_for & held,
    }


def unfit(given: TipDecision) -> dict[str, bool]:
    """By rule, whether the tip does something else than its title asks for, or what makes no sense just then."""
    tip, to, up = given.tip, given.to, "cannot_stand" in given.tip.forbidden_by
    if not isinstance(to, Reminder):
        return {
            "asks to sit who has just got up": to.kind == "sat_too_long" and tip.does is REST and tip.body.startswith("Sit"),
            "asks to stand who has just sat down": to.kind != "sat_too_long" and up,
        }
    fits = DOES_RESTING if may_not_walk(library.tips().tips, given.context.conditions) else DOES
    stood, firm = to.activity is Activity.STANDING, to.due.level is Level.FIRM
    return {
        "does something else than the title": tip.does not in fits[to.kind],
        "asks to get up who stands": stood and bool(TO_RISE.match(tip.body)),
        "is no break from standing": to.kind == "stood_too_long" and firm and not (tip.does is REST or tip.subject == "walk"),
    }


@every_stage
def test_every_day_belongs_to_its_stage(stage):
    assert {stage} == {pregnancy.stage(today) for today, pregnancy in stage_days(stage, DAYS)}


@every_stage
def test_every_reminder_finds_a_tip(stage):
    assert [(given.to, given.context) for given in decisions_for(stage) if given.tip is None] == []


@every_stage
def test_no_tip_is_ever_given_that_the_person_must_not_do(stage):
    for given in decisions_for(stage):
        assert stage in given.tip.stages
        assert not given.tip.forbidden_by & given.context.conditions
        assert given.tip.needs <= given.context.at_hand
        assert given.tip.hours[0] <= datetime.fromtimestamp(given.t, UTC).hour < given.tip.hours[1]


@every_stage
def test_who_was_told_to_rest_is_never_sent_on_a_walk_or_to_exercise(stage):
    active = {"walk", "rise", "march", "sway", "tilt", "cat", "calves", "ankles", "stool"}
    rested = [given.tip.subject for given in decisions_for(stage) if given.context.conditions & {"told_to_rest", "dizzy"}]

    assert rested
    assert not active & set(rested)


@every_stage
def test_no_tip_is_repeated_within_its_window(stage):
    last: dict[str, float] = {}
    for given in decisions_for(stage):
        assert given.t - last.get(given.tip.id, float("-inf")) >= given.tip.again_after_h * 3600, given.tip.id
        last[given.tip.id] = given.t


@every_stage
def test_no_tip_makes_up_more_than_a_tenth_of_what_a_stage_hears(stage):
    counts = Counter(given.tip.id for given in decisions_for(stage))
    most, times = counts.most_common(1)[0]

    assert times <= 0.1 * counts.total(), most


@every_stage
def test_nearly_every_tip_of_a_stage_is_heard_some_day(stage):
    mine = {tip.id for tip in library.tips().tips if stage in tip.stages and tip.reminders != {RELIEF} and not tip.only_for}
    unheard = mine - {given.tip.id for given in decisions_for(stage)}

    assert len(unheard) <= 0.05 * len(mine), sorted(unheard)


@every_stage
def test_a_day_brings_other_tips_than_the_day_before(stage):
    opened = [next(given.tip.id for given in day if isinstance(given.to, Reminder)) for day in lived(stage)]
    same = sum(one == other for one, other in pairwise(opened))

    assert same <= 0.05 * len(opened)


@every_stage
def test_the_same_day_replays_to_the_same_tips(stage):
    assert [list(day) for day in lived(stage)[:5]] == list(days_on_end(stage, 5))


@every_stage
def test_the_first_word_comes_at_the_limit_of_the_stage(stage):
    first = [
        g.to for g in decisions_for(stage) if isinstance(g.to, Reminder) and g.to.kind in SOFT and g.to.due.level is Level.SOFT
    ]
    for kind, key in SOFT.items():
        waits = [reminder.due.seconds / 60 for reminder in first if reminder.kind == kind]
        assert min(waits) == LIMITS[stage][key]


@every_stage
def test_busy_hours_get_short_tips(stage):
    for given in decisions_for(stage):
        hour = datetime.fromtimestamp(given.t, UTC).hour
        if hour in given.context.busy_hours and isinstance(given.to, Reminder) and given.to.due.level is Level.SOFT:
            assert given.tip.duration_s <= 60
