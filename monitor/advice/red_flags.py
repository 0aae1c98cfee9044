"""The card of warning signs as typed values: which symptom asks for what, at which stage (science.md 4.5).

RED calls for help now, ORANGE for a telephone call now, YELLOW for an appointment.  Nothing here looks at a camera.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from monitor.advice.catalogue import stages_of
from monitor.advice.pregnancy import PregnancyStage
from monitor.core.errors import ConfigError


class Urgency(IntEnum):
    """How soon to ask for help; a higher one outweighs a lower one."""

    YELLOW = 1
    ORANGE = 2
    RED = 3


@dataclass(frozen=True, slots=True)
class Raised:
    """Makes its symptom RED at ``stages``: together with one of ``others``, or with pain of at least ``pain`` (0 to 10).

    ``when`` says so in words.
    """

    stages: frozenset[PregnancyStage]
    others: frozenset[str]
    pain: int | None
    when: str


@dataclass(frozen=True, slots=True)
class Symptom:
    """A line of the card: its words for people, and what it asks for at each stage that it belongs to."""

    id: str
    name: str
    part: str
    urgency: Mapping[PregnancyStage, Urgency]
    raised: tuple[Raised, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody to call: ``words`` for people, and which of the person's own numbers it is."""

    words: str
    number: str


@dataclass(frozen=True, slots=True)
class Action:
    """What to do: a short title and text, which may name ``{emergency}``, ``{urgent}`` and ``{routine}``, and more."""

    title: str
    body: str
    more: str


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card.

    ``severe_from`` is the pain (0 to 10) that counts as the symptom ``severe``.  ``whom`` says who stands behind ``{emergency}``
    and the like in pregnancy and after it, ``whom_others`` for everybody else.
    """

    symptoms: Mapping[str, Symptom]
    parts: Mapping[str, str]
    actions: Mapping[Urgency, Action]
    unlisted: Action
    nothing: Action
    limits: tuple[str, ...]
    severe: str
    severe_from: int
    whom: Mapping[str, Whom]
    whom_others: Mapping[str, Whom]


def read_card(text: str) -> Card:
    """The card in ``text``.

    Raises:
        ConfigError: a line that is not whole, or names what there is not.
    """
    data = tomllib.loads(text)
    try:
        symptoms = {entry["id"]: _symptom(entry, data["groups"]) for entry in data["symptom"]}
        actions = {key: Action(**entry) for key, entry in data["action"].items()}
        return Card(
            symptoms,
            data["parts"],
            {level: actions[level.name.lower()] for level in Urgency},
            actions["unlisted"],
            actions["nothing"],
            tuple(data["limits"]),
            data["severe"]["symptom"],
            data["severe"]["pain"],
            {key: Whom(**entry) for key, entry in data["whom"].items()},
            {key: Whom(**entry) for key, entry in data["whom_others"].items()},
        )
    except (KeyError, TypeError) as error:
        raise ConfigError(f"card of warning signs: {error} is missing or unknown; correct it") from error


def _symptom(entry: dict[str, Any], groups: Mapping[str, list[str]]) -> Symptom:
    what = f"symptom {entry['id']!r}"
    urgency = {stage: Urgency[level.upper()] for name, level in entry["levels"].items() for stage in stages_of(what, [name])}
    raised = tuple(
        Raised(stages_of(what, rule["stages"]), frozenset(_spread(rule.get("with", ()), groups)), rule.get("pain"), rule["when"])
        for rule in entry.get("red_if", ())
    )
    return Symptom(entry["id"], entry["name"], entry["part"], urgency, raised, entry["source"])


def _spread(names: Iterable[str], groups: Mapping[str, list[str]]) -> list[str]:
    return [one for name in names for one in groups.get(name, [name])]
