"""The results of one step, as values: reminders shown, responses observed, and what holds each kind back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.rules import Due, Rule
from monitor.core.vocabulary import Activity, Hold


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder shown at ``t`` (POSIX s), and why it was due."""

    t: float
    kind: str
    due: Due
    activity: Activity


@dataclass(frozen=True, slots=True)
class Response:
    """The response to the reminder of ``t``: ``after_s`` (s) until a change, None if there was none within five minutes.

    There is no response where the person was lost from view.
    """

    t: float
    kind: str
    after_s: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The progress of one kind (``seconds`` of ``of_s``) and what holds it back; ``hold`` None: it was shown at this step.

    ``detail`` is a further code: why reminders are suppressed, which activity is seen, which kind went first.  ``until`` is when
    the hold is over (POSIX s), None where that depends on the person; ``used`` of ``allowed`` is the hour's budget.
    """

    kind: str
    seconds: float
    of_s: float
    hold: Hold | None
    detail: str | None = None
    until: float | None = None
    used: int | None = None
    allowed: int | None = None


Notice: TypeAlias = Reminder | Response | DeferredNotice


@dataclass(frozen=True, slots=True)
class HoldDetail:
    """A hold on reminders, without the kind it applies to; the fields are those of ``Decision``."""

    hold: Hold
    detail: str | None = None
    until: float | None = None
    used: int | None = None
    allowed: int | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """The result of one step: reminders shown and responses; ``decisions`` are derived from it on demand."""

    events: tuple[Notice, ...] = ()
    _progress: Mapping[str, tuple[float, HoldDetail | None]] = field(default_factory=dict)
    _rules: Mapping[str, Rule] = field(default_factory=dict, repr=False, compare=False)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decision on every kind, in the table's order."""
        return tuple(self._decision(kind, so_far, hold) for kind, (so_far, hold) in self._progress.items())

    def _decision(self, kind: str, so_far: float, hold: HoldDetail | None) -> Decision:
        progress = (kind, so_far, self._rules[kind].next_at(so_far))
        return Decision(*progress, *((hold.hold, hold.detail, hold.until, hold.used, hold.allowed) if hold else (None,)))
