"""Tips, sources and the explanation as typed values, read from TOML text.

An incomplete entry is refused with its name, so that adding a tip concerns one file only.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any

from monitor.advice.pregnancy import PREGNANT, PregnancyStage
from monitor.core.errors import ConfigError
from monitor.core.reminders.rules import Level
from monitor.core.vocabulary import Activity

STAGES: Mapping[str, frozenset[PregnancyStage]] = {
    "any": frozenset(PregnancyStage),
    "pregnant": PREGNANT,
    **{str(stage): frozenset({stage}) for stage in PregnancyStage},
}


class Does(StrEnum):
    """The kind of action in the first sentence of a tip; a reminder takes only tips that match its title."""

    MOVE = "move"
    SIT_DIFFERENTLY = "sit_differently"
    STAND_DIFFERENTLY = "stand_differently"
    REST = "rest"
    SET_UP = "set_up"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip and the conditions under which it may be shown.

    An empty set of ``levels``, ``activities``, ``signals`` or ``needs`` means no restriction; a tip of another level is used only
    when nothing else is left.  ``hours`` are from and to (h) by the local clock.  ``forbidden_by`` are conditions and symptoms
    that exclude it; ``only_for`` those without which it does not apply.  ``duration_s`` is how long it takes (s); it is not
    repeated within ``again_after_h`` (h).  ``eases`` names the reliefs (see checkin.EASED_BY) that it brings: an answer to pain
    in one of ``places`` (see checkin.PLACES; empty: anywhere).
    """

    id: str
    subject: str
    title: str
    body: str
    more: str
    does: Does
    reminders: frozenset[str]
    stages: frozenset[PregnancyStage]
    forbidden_by: frozenset[str]
    needs: frozenset[str]
    duration_s: float
    source: str
    levels: frozenset[Level] = frozenset()
    activities: frozenset[Activity] = frozenset()
    signals: frozenset[str] = frozenset()
    hours: tuple[int, int] = (0, 24)
    again_after_h: float = 4.0  # half a working day [E]
    only_for: frozenset[str] = frozenset()
    eases: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Citation:
    """The source of a statement: what it ``supports``, and how ``sure`` the reading is.

    ``says`` are the ids of tips and titles of paragraphs that the page itself states, where it was read.
    """

    author: str
    title: str
    supports: str
    sure: str
    where: str = ""
    year: int | None = None
    says: tuple[str, ...] = ()

    def mark(self, name: str) -> str:
        """The evidence mark of the tip or paragraph ``name``: P, the page states it; K, known from elsewhere; else own."""
        if name in self.says:
            return "P"
        return "K" if self.sure in {"reported", "memory"} else "own words"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the explanation; ``stages`` are those it applies to, ``alone`` the text for "no baby with her"."""

    title: str
    text: str
    stages: frozenset[PregnancyStage]
    source: str
    alone: str = ""

    def words(self, *, alone: bool) -> str:
        """The text to show; with ``alone`` that for a person who has no baby with her."""
        return self.alone if alone and self.alone else self.text


@dataclass(frozen=True, slots=True)
class Tips:
    """All tips, and the conditions (name -> text) that exclude some of them."""

    tips: tuple[Tip, ...]
    conditions: Mapping[str, str]


def read_tips(text: str) -> Tips:
    """The tips in ``text``.

    Raises:
        ConfigError: an entry lacks a field, has an unknown one, or an invalid value.
    """
    data = tomllib.loads(text)
    groups: Mapping[str, list[str]] = data["groups"]
    tips = tuple(_tip(entry, groups) for entry in data["tip"])
    return Tips(tips, data["conditions"])


def read_sources(text: str) -> dict[str, Citation]:
    """The sources in ``text`` by key.  Raises ConfigError."""
    entries = {key: _whole(Citation, f"source {key!r}", entry) for key, entry in tomllib.loads(text).items()}
    return {key: Citation(**{**entry, "says": tuple(entry.get("says", ()))}) for key, entry in entries.items()}


def read_explanation(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs in ``text``, in order.  Raises ConfigError."""
    entries = [_whole(Paragraph, "explanation", entry) for entry in tomllib.loads(text)["paragraph"]]
    return tuple(Paragraph(**{**entry, "stages": stages_of("explanation", entry["stages"])}) for entry in entries)


def stages_of(what: str, names: Iterable[str]) -> frozenset[PregnancyStage]:
    """The stages named by ``names``.  Raises ConfigError."""
    try:
        return frozenset().union(*(STAGES[name] for name in names))
    except KeyError as error:
        raise ConfigError(f"{what}: unknown stage {error}; choose from {', '.join(STAGES)}") from None


def _tip(entry: dict[str, Any], groups: Mapping[str, list[str]]) -> Tip:
    what = f"tip {entry.get('id', '?')!r}"
    values = _whole(Tip, what, entry)
    try:
        sets = {
            "does": Does(values["does"]),
            "eases": frozenset(values.get("eases", ())),
            "places": frozenset(values.get("places", ())),
            "only_for": frozenset(values.get("only_for", ())),
            "reminders": frozenset(values["reminders"]),
            "levels": frozenset(map(Level, values.get("levels", ()))),
            "activities": frozenset(map(Activity, values.get("activities", ()))),
            "signals": frozenset(values.get("signals", ())),
            "needs": frozenset(values["needs"]),
            "forbidden_by": frozenset(name for key in values["forbidden_by"] for name in groups.get(key, [key])),
            "stages": stages_of(what, values["stages"]),
        }
        start, end = values.get("hours", (0, 24))
    except ValueError as error:
        raise ConfigError(f"{what}: {error}; correct it") from error
    return Tip(**{**values, **sets, "hours": (start, end)})


def _whole(kind: type, what: str, entry: dict[str, Any]) -> dict[str, Any]:
    known = {f.name for f in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING}
    if missing := needed - entry.keys():
        raise ConfigError(f"{what} lacks {', '.join(sorted(missing))}; add it")
    if unknown := entry.keys() - known:
        raise ConfigError(f"{what} has unknown {', '.join(sorted(unknown))}; remove or rename it")
    return entry
