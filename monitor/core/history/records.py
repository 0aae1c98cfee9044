"""What the store keeps and hands back: the values that summaries are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.core.reminders.scheduler import Reminder
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the monitor; ``end`` is None while it runs; ``cut`` if it ended without a goodbye, at its last sign of life.

    ``silent`` is why reminders were silent when it was last stored, since when; ``mode`` how the source was watched.
    """

    id: int
    start: float  # POSIX s
    end: float | None
    source: str
    profile: str | None
    cut: bool = False
    silent: str | None = None
    silent_since: float | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class SignalTotal:
    """One signal over a period: mean (NaN if never measured), seconds measured, judged, out of tolerance, the longest hold.

    ``why`` is the commonest reason for not measuring it; ``chair_s`` the time lost in minutes in which that was the chair.
    """

    name: str
    mean: float
    measured_s: float
    judged_s: float
    off_s: float
    hold_s: float
    why: str | None
    chair_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """A reminder, where it was shown (``desktop``, ``console``, ``none``) and what followed.

    ``responded`` is None while nobody knows; ``after_s`` is how long the change took.  ``tip`` names the tip that went with it,
    ``follow_up`` the one more that came with the change.
    """

    reminder: Reminder
    shown: str | None
    responded: bool | None
    after_s: float | None
    tip: str | None = None
    follow_up: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What a person told: a due date or the day of a birth, and conditions; ``told`` is False until a stage was told."""

    due: date | None = None
    birth: date | None = None
    conditions: frozenset[str] = frozenset()
    told: bool = False


@dataclass(frozen=True, slots=True)
class CheckInRecord:
    """A check-in at ``t`` (POSIX s) in the words of the fixed lists, and how urgent the card of warning signs found it.

    ``pain`` is 0 to 10, None if not told.  ``urgency`` is ``red``, ``orange``, ``yellow`` or None; ``cleared`` (POSIX s) is when
    the person said that she had help; ``relief`` the tip that answered it, by its id.
    """

    t: float
    pain: int | None
    places: frozenset[str] = frozenset()
    eased_by: frozenset[str] = frozenset()
    limiting: str = "no"
    symptoms: frozenset[str] = frozenset()
    note: str = ""
    urgency: str | None = None
    cleared: float | None = None
    relief: str | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """Everything kept about the time from ``start`` to ``end`` (POSIX s); bouts are cut to it and in order.

    ``reports`` are the check-ins of that time, whatever session ran.
    """

    start: float
    end: float
    sessions: Sequence[Session]
    bouts: Sequence[Bout]
    signals: Sequence[SignalTotal]
    told: Sequence[ReminderRecord]
    reports: Sequence[CheckInRecord] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """The time from ``records.start`` to ``records.end`` as it went: what ``records`` hold, and the signals minute by minute.

    Both are of one moment of the history.  ``minutes`` are in order of time; one that was not watched, or in which nobody was
    there, is absent, and two sessions may share one.
    """

    records: Records
    minutes: Sequence[Minute]
