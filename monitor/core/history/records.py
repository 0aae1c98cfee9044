"""The records of the history, as the store writes and reads them."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from monitor.core.reminders.decisions import Reminder
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute
from monitor.core.vocabulary import Activity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the monitor; ``end`` is None while it runs; ``cut`` if it did not end regularly, then at its last heartbeat.

    ``silent`` is why reminders were suppressed when it was last stored, ``silent_since`` since when; ``mode`` how the camera was
    used.
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
    """One signal over a period: mean (NaN if never measured), seconds measured, judged, out of tolerance, longest sustained.

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
class PostureTotals:
    """The signals over a period, and over its minutes that were spent mostly in each activity."""

    all: Sequence[SignalTotal]
    while_in: Mapping[Activity, Sequence[SignalTotal]]


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """A reminder, where it was shown (``desktop``, ``console``, ``none``) and what followed.

    ``responded`` is None while unknown; ``after_s`` is the time (s) to the change.  ``tip`` is the id of the tip shown with it,
    ``follow_up`` the id of the one shown with the change.
    """

    reminder: Reminder
    shown: str | None
    responded: bool | None
    after_s: float | None
    tip: str | None = None
    follow_up: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What the person entered: a due date or the day of a birth, and conditions; ``told`` is False until a stage was entered."""

    due: date | None = None
    birth: date | None = None
    conditions: frozenset[str] = frozenset()
    told: bool = False


@dataclass(frozen=True, slots=True)
class CheckInRecord:
    """A check-in at ``t`` (POSIX s) in terms of the fixed lists, with its urgency by the card of warning signs.

    ``pain`` is 0 to 10, None if not entered.  ``urgency`` is ``red``, ``orange``, ``yellow`` or None; ``cleared`` (POSIX s) is
    when the person confirmed having had help; ``relief`` the id of the tip shown for it.
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
    """All records of the time from ``start`` to ``end`` (POSIX s); bouts are cut to it and in order.

    ``reports`` are the check-ins of that time, of any session.
    """

    start: float
    end: float
    sessions: Sequence[Session]
    bouts: Sequence[Bout]
    signals: Sequence[SignalTotal]
    reminders: Sequence[ReminderRecord]
    reports: Sequence[CheckInRecord] = ()


def split(records: Records, periods: Sequence[tuple[float, float]]) -> list[Records]:
    """The records of each period, from and to (POSIX s), which are in order and apart; signals, which are added up, left out."""
    ends = [end for _, end in periods]
    bouts = _by_period(records.bouts, periods, ends, lambda one: (one.start, one.end))
    told = _by_period(records.reminders, periods, ends, lambda one: (one.reminder.t, one.reminder.t))
    reports = _by_period(records.reports, periods, ends, lambda one: (one.t, one.t))
    sessions = _by_period(records.sessions, periods, ends, lambda one: (one.start, records.end if one.end is None else one.end))
    return [
        Records(start, end, sessions[n], [_clipped(bout, start, end) for bout in bouts[n]], (), told[n], reports[n])
        for n, (start, end) in enumerate(periods)
    ]


def _by_period(
    some: Sequence[T], periods: Sequence[tuple[float, float]], ends: Sequence[float], lasts: Callable[[T], tuple[float, float]]
) -> list[list[T]]:
    """Those of ``some`` that touch each period; ``lasts`` says from when to when (POSIX s) one is."""
    parts: list[list[T]] = [[] for _ in periods]
    for one in some:
        start, end = lasts(one)
        n = bisect_right(ends, start)
        while n < len(periods) and (periods[n][0] < end or periods[n][0] <= start):
            parts[n].append(one)
            n += 1
            if start == end:
                break
    return parts


def _clipped(bout: Bout, start: float, end: float) -> Bout:
    return replace(bout, start=max(bout.start, start), end=min(bout.end, end))


@dataclass(frozen=True, slots=True)
class Series:
    """The time from ``records.start`` to ``records.end`` as series: the ``records``, and the signals minute by minute.

    Both are read in one transaction.  ``minutes`` are in order of time; minutes without monitoring or without a person are
    absent, and two sessions may share one.
    """

    records: Records
    minutes: Sequence[Minute]
