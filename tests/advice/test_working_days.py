"""Many working days at each stage, two hundred in CI, with the real reminders."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import pytest
from laws import FACTORS, PROFILE
from working_days import Given, stage_days, working_day

from monitor.advice import library
from monitor.advice.limits import LIMITS, SIT_SOFT, STAND_SOFT
from monitor.advice.picking import RELIEF
from monitor.advice.pregnancy import PregnancyStage
from monitor.core.reminders.rules import Level
from monitor.core.reminders.scheduler import Reminder

DAYS = min(60 * FACTORS[PROFILE], 200)
SOFT = {"sat_too_long": SIT_SOFT, "stood_too_long": STAND_SOFT}
every_stage = pytest.mark.parametrize("stage", list(PregnancyStage))


@cache
def lived(stage: PregnancyStage) -> tuple[tuple[Given, ...], ...]:
    return tuple(tuple(working_day(today, stage, seed)) for seed, (today, _) in enumerate(stage_days(stage, DAYS)))


def said(stage: PregnancyStage) -> list[Given]:
    return [given for day in lived(stage) for given in day]


@every_stage
def test_every_day_belongs_to_its_stage(stage):
    assert {stage} == {pregnancy.stage(today) for today, pregnancy in stage_days(stage, DAYS)}


@every_stage
def test_every_reminder_finds_a_tip(stage):
    assert [(given.to, given.context) for given in said(stage) if given.tip is None] == []


@every_stage
def test_no_tip_is_ever_given_that_the_person_must_not_do(stage):
    for given in said(stage):
        assert stage in given.tip.stages
        assert not given.tip.forbidden_by & given.context.conditions
        assert given.tip.needs <= given.context.at_hand
        assert given.tip.hours[0] <= datetime.fromtimestamp(given.t, UTC).hour < given.tip.hours[1]


@every_stage
def test_who_was_told_to_rest_is_never_sent_on_a_walk_or_to_exercise(stage):
    active = {"walk", "rise", "march", "sway", "tilt", "cat", "calves", "ankles", "stool"}
    rested = [given.tip.subject for given in said(stage) if given.context.conditions & {"told_to_rest", "dizzy"}]

    assert rested
    assert not active & set(rested)


@every_stage
def test_no_tip_is_repeated_within_its_window(stage):
    last: dict[str, float] = {}
    for given in said(stage):
        assert given.t - last.get(given.tip.id, float("-inf")) >= given.tip.again_after_h * 3600, given.tip.id
        last[given.tip.id] = given.t


@every_stage
def test_no_tip_makes_up_more_than_a_tenth_of_what_a_stage_hears(stage):
    counts = Counter(given.tip.id for given in said(stage))
    most, times = counts.most_common(1)[0]

    assert times <= 0.1 * counts.total(), most


@every_stage
def test_nearly_every_tip_of_a_stage_is_heard_some_day(stage):
    mine = {tip.id for tip in library.tips().tips if stage in tip.stages and tip.reminders != {RELIEF} and not tip.only_for}
    unheard = mine - {given.tip.id for given in said(stage)}

    assert len(unheard) <= 0.05 * len(mine), sorted(unheard)


@every_stage
def test_a_day_brings_other_tips_than_the_day_before(stage):
    opened = [next(given.tip.id for given in day if isinstance(given.to, Reminder)) for day in lived(stage)]
    same = sum(one == other for one, other in pairwise(opened))

    assert same <= 0.05 * len(opened)


@every_stage
def test_the_same_day_replays_to_the_same_tips(stage):
    for seed, (today, _) in enumerate(stage_days(stage, 5)):
        assert list(lived(stage)[seed]) == working_day(today, stage, seed)


@every_stage
def test_the_first_word_comes_at_the_limit_of_the_stage(stage):
    first = [g.to for g in said(stage) if isinstance(g.to, Reminder) and g.to.kind in SOFT and g.to.due.level is Level.SOFT]
    for kind, key in SOFT.items():
        waits = [reminder.due.seconds / 60 for reminder in first if reminder.kind == kind]
        assert min(waits) == LIMITS[stage][key]


@every_stage
def test_busy_hours_get_short_tips(stage):
    for given in said(stage):
        hour = datetime.fromtimestamp(given.t, UTC).hour
        if hour in given.context.busy_hours and isinstance(given.to, Reminder) and given.to.due.level is Level.SOFT:
            assert given.tip.duration_s <= 60
