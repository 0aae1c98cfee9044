"""How long to sit and to stand at each stage, and which of these limits are the person's own (science.md 4.4).

No published number is specific to pregnancy: these are conservative choices [E] based on the guidance named.  A setting takes
precedence, and is shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.validation import one_of

SIT_SOFT, SIT_FIRM = "sat_too_long.soft_min", "sat_too_long.firm_min"
STAND_SOFT, STAND_FIRM = "stood_too_long.soft_min", "stood_too_long.firm_min"
STAND_DAY = "stood_today.limit_h"

# Standing: 42 min in people who develop pain earliest (Coenen 2017), 1 h and 4 h a day (EU-OSHA).
_OTHERS = {SIT_SOFT: 30.0, SIT_FIRM: 60.0, STAND_SOFT: 40.0, STAND_FIRM: 60.0, STAND_DAY: 4.0}
# Standing: half an hour per hour late in pregnancy (AMA 1984); pain starts at 42 min in those who get it earliest (Coenen 2017);
# 3 h a day for comfort, not for danger (RCP 2009; the text of 2013 sees little risk).
_PREGNANT = {SIT_SOFT: 30.0, SIT_FIRM: 45.0, STAND_SOFT: 30.0, STAND_FIRM: 45.0, STAND_DAY: 3.0}
LIMITS: Mapping[PregnancyStage, Mapping[str, float]] = {
    PregnancyStage.NOT_PREGNANT: _OTHERS,
    PregnancyStage.FIRST: _PREGNANT,
    PregnancyStage.SECOND: _PREGNANT,
    PregnancyStage.THIRD: {**_PREGNANT, SIT_SOFT: 25.0, STAND_SOFT: 25.0, STAND_FIRM: 40.0},
    PregnancyStage.AFTER_BIRTH: _PREGNANT,  # no source; the stricter of the two [E]
}
_PAIRS = ((SIT_SOFT, SIT_FIRM), (STAND_SOFT, STAND_FIRM))
# With one of these conditions there is no limit for standing.
_NEVER_STANDS = frozenset({"wheelchair", "cannot_stand"})
_OF_STANDING = frozenset({STAND_SOFT, STAND_FIRM, STAND_DAY})
# A firm reminder comes at least this long after the soft one [E].
APART_MIN = 15.0

_WHY = {
    SIT_SOFT: "trials and guidance: a break every half hour",
    SIT_FIRM: "our choice, well below two hours",
    STAND_SOFT: "a review of studies: sore backs from about 42 minutes",
    STAND_FIRM: "European guidance: at most an hour on the spot",
    STAND_DAY: "European guidance: at most 4 h a day",
}
_WHY_PREGNANT = {
    **_WHY,
    SIT_FIRM: "sooner in pregnancy: our choice",
    STAND_SOFT: "an American guide of 1984: half an hour in the hour",
    STAND_FIRM: "sore backs from about 42 minutes; sooner in pregnancy: our choice",
    STAND_DAY: "for comfort: British guidance of 2009; that of 2013 sees little risk",
}
# Texts for people; docs/advice.md names the sources.
WHY: Mapping[PregnancyStage, Mapping[str, str]] = {
    PregnancyStage.NOT_PREGNANT: _WHY,
    PregnancyStage.FIRST: _WHY_PREGNANT,
    PregnancyStage.SECOND: _WHY_PREGNANT,
    PregnancyStage.THIRD: {
        **_WHY_PREGNANT,
        SIT_SOFT: "gentler late in pregnancy: our choice",
        STAND_SOFT: "under the half hour of an American guide of 1984: our choice",
        STAND_FIRM: "gentler late in pregnancy: our choice",
    },
    PregnancyStage.AFTER_BIRTH: dict.fromkeys(_WHY, "as in pregnancy: our choice"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit in force (min, or h for a ``_h`` name) and the stage's own; ``own`` if the person set it.

    ``moved`` if it was only adjusted to the other one of its pair, which the person set.
    """

    name: str
    value: float
    preset: float
    own: bool = False
    moved: bool = False


def limits(stage: PregnancyStage, own: Mapping[str, float], conditions: Collection[str] = ()) -> dict[str, Limit]:
    """The limits in force by name, the person's ``own`` before the stage's; ``conditions`` are those entered.

    Raises:
        ConfigError: ``own`` holds an unknown name.
    """
    preset = LIMITS[stage]
    for name in own:
        one_of("limit", name, preset)
    chosen = {name: Limit(name, own.get(name, value), value, name in own) for name, value in preset.items()}
    for soft, firm in _PAIRS:
        chosen |= _room(chosen[soft], chosen[firm])
    gone = _OF_STANDING if never_stands(conditions) else frozenset()
    return {name: limit for name, limit in chosen.items() if name not in gone}


def never_stands(conditions: Collection[str]) -> bool:
    """Whether the person uses a wheelchair or cannot stand, by what she ticked: no limit for standing, and words that fit."""
    return not _NEVER_STANDS.isdisjoint(conditions)


def _room(soft: Limit, firm: Limit) -> dict[str, Limit]:
    if soft.value < firm.value or soft.own == firm.own:
        return {}  # in order, or both set by the person: the settings have checked those
    if soft.own:
        return {firm.name: Limit(firm.name, soft.value + APART_MIN, firm.preset, moved=True)}
    room = firm.value - APART_MIN if firm.value > APART_MIN else firm.value / 2
    return {soft.name: Limit(soft.name, room, soft.preset, moved=True)}
