"""Sections that follow from the tables of reminders and signals: a new row has its settings without a line here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from pydantic import create_model, model_validator

from monitor.config.fields import Positive
from monitor.config.sections import Section
from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.kinds import SETTABLE, ReminderKind
from monitor.core.reminders.rules import POSTURE_AFTER_MIN


class _Reminder(Section):
    enabled: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        # Where only one is set, the stage's own other one makes room (advice/limits.py).
        soft, firm = getattr(self, "soft_min", 0.0), getattr(self, "firm_min", 0.0)
        if self.model_fields_set >= {"soft_min", "firm_min"} and soft >= firm:
            raise ValueError(f"soft_min ({soft:g}) must be less than firm_min ({firm:g})")
        share = getattr(self, "share", 1.0)
        if share > 1:
            raise ValueError(f"share ({share:g}) must be at most 1")
        return self


class _Tolerance(Section):
    tolerance: Positive


def _fields(kind: ReminderKind) -> dict[str, Any]:
    """The settings of a row of ``REMINDERS``: whether it is enabled, and its numbers."""
    numbers = {key: (Positive, float(value)) for key, value in kind.defaults.items()}
    return {"enabled": (bool, kind.on), **numbers}


def _section(name: str, fields: Mapping[str, Any], base: type[Section] = Section) -> Any:
    return create_model(name, __base__=base, **fields)


if TYPE_CHECKING:
    ReminderSections: TypeAlias = Any
    SignalSections: TypeAlias = Any
else:
    _REMINDER = {kind: _section(f"_{kind}", _fields(row), _Reminder) for kind, row in SETTABLE.items()}
    _TOLERANCE = {s.name: _Tolerance(tolerance=s.tolerance) for s in SIGNALS if s.tolerance is not None}
    _AFTER = {"posture_after_min": (Positive, POSTURE_AFTER_MIN)}
    ReminderSections = _section("_Reminders", {**_AFTER, **{kind: (model, model()) for kind, model in _REMINDER.items()}})
    SignalSections = _section("_Signals", {name: (_Tolerance, default) for name, default in _TOLERANCE.items()})
