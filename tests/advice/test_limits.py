"""Limits by stage, and the person's own before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.advice.limits import LIMITS, SIT_FIRM, SIT_SOFT, STAND_DAY, STAND_FIRM, STAND_SOFT, limits
from monitor.advice.pregnancy import PREGNANT, PregnancyStage
from monitor.core.errors import ConfigError
from monitor.core.reminders.kinds import KINDS

minutes = st.floats(1, 240)


@pytest.mark.parametrize(
    ("stage", "sit", "stand", "day_h"),
    [
        (PregnancyStage.NOT_PREGNANT, (30, 60), (40, 60), 4),
        (PregnancyStage.FIRST, (30, 45), (30, 45), 3),
        (PregnancyStage.SECOND, (30, 45), (30, 45), 3),
        (PregnancyStage.THIRD, (25, 45), (25, 40), 3),
        (PregnancyStage.AFTER_BIRTH, (30, 45), (30, 45), 3),
    ],
)
def test_the_limits_are_those_of_the_stage(stage, sit, stand, day_h):
    mine = limits(stage, {})

    assert (*sit, *stand, day_h) == tuple(mine[name].value for name in (SIT_SOFT, SIT_FIRM, STAND_SOFT, STAND_FIRM, STAND_DAY))
    assert not any(limit.own or limit.moved for limit in mine.values())


def test_no_stage_of_pregnancy_is_laxer_than_without():
    for stage in PREGNANT:
        assert all(LIMITS[stage][name] <= LIMITS[PregnancyStage.NOT_PREGNANT][name] for name in LIMITS[stage])


def test_every_limit_is_a_setting_of_a_reminder():
    for name in LIMITS[PregnancyStage.FIRST]:
        kind, key = name.split(".")
        assert key in KINDS[kind].defaults


@given(st.sampled_from(PregnancyStage), minutes)
def test_the_persons_own_limit_wins_and_is_marked(stage, own):
    mine = limits(stage, {SIT_SOFT: own})[SIT_SOFT]

    assert (own, True, LIMITS[stage][SIT_SOFT]) == (mine.value, mine.own, mine.preset)


@given(st.sampled_from(PregnancyStage), st.sampled_from([SIT_SOFT, SIT_FIRM, STAND_SOFT, STAND_FIRM]), minutes)
def test_soft_stays_before_firm_and_what_moved_says_so(stage, name, own):
    mine = limits(stage, {name: own})

    for soft, firm in ((SIT_SOFT, SIT_FIRM), (STAND_SOFT, STAND_FIRM)):
        assert 0 < mine[soft].value < mine[firm].value
    assert all(limit.own or limit.moved or limit.value == limit.preset for limit in mine.values())


def test_an_unknown_limit_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match=r"did you mean 'sat_too_long\.soft_min'"):
        limits(PregnancyStage.FIRST, {"sat_too_long.soft": 20.0})


@pytest.mark.parametrize("tick", ["wheelchair", "cannot_stand"])
def test_who_does_not_stand_has_no_limit_for_it(tick):
    for stage in PregnancyStage:
        assert limits(stage, {}, {tick}).keys() == {SIT_SOFT, SIT_FIRM}
        assert limits(stage, {STAND_SOFT: 20.0}, {tick, "dizzy"}).keys() == {SIT_SOFT, SIT_FIRM}
        assert limits(stage, {}, {"dizzy"}).keys() == LIMITS[stage].keys()
