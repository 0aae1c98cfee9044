"""The card of warning signs as typed values: which symptom has which urgency at which stage (science.md 4.5).

RED calls for help now, ORANGE for a telephone call now, TODAY for one on the same day, YELLOW for an appointment.  Nothing here
uses a camera.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from monitor.advice.catalogue import stages_of
from monitor.advice.pregnancy import PregnancyStage
from monitor.core.errors import ConfigError

# The part of the card about the baby.
BABY = "baby"


class Urgency(IntEnum):
    """The urgency of asking for help; a higher level outweighs a lower one."""

    YELLOW = 1
    TODAY = 2
    ORANGE = 3
    RED = 4


@dataclass(frozen=True, slots=True)
class StageWeek:
    """How far a pregnancy is, or how long ago a birth; ``week``: completed weeks, None if not known."""

    stage: PregnancyStage
    week: int | None = None

    def within(self, stages: Collection[PregnancyStage], weeks: tuple[int, int] | None) -> bool:
        """Whether a rule for ``stages`` and ``weeks`` [from, to) applies here; it does while the week is unknown."""
        return self.stage in stages and (weeks is None or self.week is None or weeks[0] <= self.week < weeks[1])


@dataclass(frozen=True, slots=True)
class Raised:
    """Raises its symptom to ``level``: with one of ``others``, with ``pain`` (0 to 10) or more, or by itself.

    ``when`` is the text of the condition, ``alone`` that for a person who has no baby with her (empty: none).
    ``mark`` is P if a public page states it, else K (to be confirmed).
    """

    level: Urgency
    stages: frozenset[PregnancyStage]
    weeks: tuple[int, int] | None
    others: frozenset[str]
    pain: int | None
    when: str
    alone: str
    mark: str

    def words(self, *, alone: bool) -> str:
        """The text of the condition; with ``alone`` that for a person who has no baby with her."""
        return self.alone if alone else self.when

    def applies(self, present: Collection[str], at: StageWeek, pain: int | None) -> bool:
        """Whether it applies to ``present`` symptoms and ``pain`` (0 to 10) at ``at``."""
        hurts = self.pain is not None and pain is not None and pain >= self.pain
        alone = not self.others and self.pain is None
        return at.within(self.stages, self.weeks) and (alone or hurts or not self.others.isdisjoint(present))


@dataclass(frozen=True, slots=True)
class Symptom:
    """A line of the card: its text, and its level at each stage that it belongs to.

    ``alone`` is the text for a person who has no baby with her, ``to`` is ``doctor`` where the maternity unit is the wrong
    number, ``action`` names an action of its own, ``extra`` is what to do until help comes.
    """

    id: str
    name: str
    alone: str
    part: str
    urgency: Mapping[PregnancyStage, Urgency]
    raised: tuple[Raised, ...]
    source: str
    mark: str
    to: str
    action: str
    extra: str

    def words(self, *, alone: bool = False) -> str:
        """The text to show; with ``alone`` that for a person who has no baby with her."""
        return self.alone if alone else self.name

    def belongs(self, stage: PregnancyStage | None) -> bool:
        """Whether the card has a line for it at ``stage``; None (unknown) takes every line."""
        return stage is None or stage in self.urgency or any(stage in rule.stages for rule in self.raised)

    def highest(self, at: StageWeek) -> Urgency | None:
        """The highest level that it has by itself at ``at``."""
        return self.level((), at, None)

    def level(self, present: Collection[str], at: StageWeek, pain: int | None) -> Urgency | None:
        """Its level together with the other ``present`` symptoms and ``pain``; None if the card has no cell for it there."""
        raised = [rule.level for rule in self.raised if rule.applies(present, at, pain)]
        return max([*raised, *filter(None, [self.urgency.get(at.stage)])], default=None)


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom to call at ``stages`` and ``weeks``: the text, and the names of the person's own numbers for it.

    ``at`` is where to go, ``ask`` what else they will ask, ``ask_alone`` the same of a person who has no baby with her.
    """

    place: str
    urgent: str
    urgent_number: str
    routine: str
    routine_number: str
    ask: str
    ask_alone: str = ""
    stages: frozenset[PregnancyStage] = frozenset()
    weeks: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What to do: a short title and text, which may name ``{emergency}``, ``{urgent}`` and the like, and more."""

    title: str
    body: str
    more: str


@dataclass(frozen=True, slots=True)
class FirstSigns:
    """A line of the gravest signs: its ``words`` for ``stages``, and the symptoms behind it.

    ``named`` are those of them that the words say in full; ``alone`` are the words for who has no baby with her.
    """

    words: str
    stages: frozenset[PregnancyStage]
    symptoms: tuple[str, ...]
    named: tuple[str, ...]
    alone: str

    def said(self, *, alone: bool) -> str:
        """The words for people; ``alone`` for who has no baby with her."""
        return self.alone if alone else self.words


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card.

    ``severe_from`` is the pain (0 to 10) that counts as the symptom ``severe``.  ``whom`` resolves ``{urgent}`` and similar
    placeholders, the first that applies; ``whom_unknown`` while the stage is unknown.
    """

    symptoms: Mapping[str, Symptom]
    parts: Mapping[str, str]
    actions: Mapping[str, Action]
    first: tuple[FirstSigns, ...]
    limits: tuple[str, ...]
    severe: str
    severe_from: int
    whom: tuple[Whom, ...]
    whom_unknown: Whom

    def lines(self, *, alone: bool) -> dict[str, Symptom]:
        """Every line by its id; with ``alone`` those for a person who has no baby with her."""
        return {name: line for name, line in self.symptoms.items() if not (alone and line.part == BABY)}

    def action(self, urgency: Urgency) -> Action:
        """The action of a level."""
        return self.actions[urgency.name.lower()]

    def gravest(self, at: StageWeek | None) -> dict[FirstSigns, Urgency]:
        """The lines of the gravest signs at ``at`` (None: unknown), each with the highest level of its symptoms."""
        stages = [at.stage] if at else [PregnancyStage.SECOND]  # the stage that has every line
        everywhere = [at] if at else [StageWeek(stage) for stage in PregnancyStage]
        return {
            group: max(filter(None, (self.symptoms[name].highest(one) for name in group.symptoms for one in everywhere)))
            for group in self.first
            if group.stages.issuperset(stages)
        }

    def whom_at(self, at: StageWeek | None) -> Whom:
        """Whom to call at ``at``; None: the stage is unknown."""
        if at is None:
            return self.whom_unknown
        return next(row for row in self.whom if at.within(row.stages, row.weeks))


def read_card(text: str) -> Card:
    """The card in ``text``.

    Raises:
        ConfigError: an incomplete line, or an unknown name.
    """
    data = tomllib.loads(text)
    try:
        symptoms = {entry["id"]: _symptom(entry, data["groups"]) for entry in data["symptom"]}
        actions = {key: Action(**entry) for key, entry in data["action"].items()}
        for level in Urgency:
            actions[level.name.lower()]
        first = tuple(_first(entry, symptoms) for entry in data["first"])
        return Card(
            symptoms,
            data["parts"],
            actions,
            first,
            tuple(data["limits"]),
            data["severe"]["symptom"],
            data["severe"]["pain"],
            tuple(_whom(entry) for entry in data["whom"]),
            Whom(**data["whom_unknown"]),
        )
    except (KeyError, TypeError) as error:
        raise ConfigError(f"card of warning signs: {error} is missing or unknown; correct it") from error


def _whom(entry: dict[str, Any]) -> Whom:
    return Whom(**{**entry, "stages": stages_of("whom", entry["stages"]), "weeks": _weeks(entry)})


def _first(entry: dict[str, Any], symptoms: Mapping[str, Symptom]) -> FirstSigns:
    behind, named = (tuple(symptoms[name].id for name in entry[key]) for key in ("symptoms", "named"))
    return FirstSigns(entry["words"], stages_of("first", entry["stages"]), behind, named, entry.get("alone", entry["words"]))


def _weeks(entry: Mapping[str, Any]) -> tuple[int, int] | None:
    return (entry["weeks"][0], entry["weeks"][1]) if "weeks" in entry else None


def _symptom(entry: dict[str, Any], groups: Mapping[str, list[str]]) -> Symptom:
    what = f"symptom {entry['id']!r}"
    # An explicitly named stage overrides its group.
    levels = sorted(entry["levels"].items(), key=lambda item: -len(stages_of(what, [item[0]])))
    urgency = {stage: Urgency[level.upper()] for name, level in levels for stage in stages_of(what, [name])}
    raised = tuple(_raised(what, rule, groups) for rule in entry.get("raise_if", ()))
    return Symptom(
        entry["id"],
        entry["name"],
        entry.get("alone", entry["name"]),
        entry["part"],
        urgency,
        raised,
        entry["source"],
        entry.get("mark", "K"),
        entry.get("to", ""),
        entry.get("action", ""),
        entry.get("extra", ""),
    )


def _raised(what: str, rule: dict[str, Any], groups: Mapping[str, list[str]]) -> Raised:
    others = frozenset(_spread(rule.get("with", ()), groups))
    level, stages = Urgency[rule["level"].upper()], stages_of(what, rule["stages"])
    texts = rule["when"], rule.get("alone", rule["when"])
    return Raised(level, stages, _weeks(rule), others, rule.get("pain"), *texts, rule.get("mark", "K"))


def _spread(names: Iterable[str], groups: Mapping[str, list[str]]) -> list[str]:
    return [one for name in names for one in groups.get(name, [name])]
