"""Reads the history for reports; totals are computed in SQL, so that a week out of a year takes milliseconds."""

import json
import math
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from monitor.adapters.store.database import Connected, connect_to_read, guarded
from monitor.adapters.store.live_state import READ, live_state_of
from monitor.adapters.store.signal_totals import TOTALS, TOTALS_BY_ACTIVITY, joined, totals, totals_by_activity
from monitor.adapters.store.valid_rows import warn_once
from monitor.core.history.live_state import LiveState
from monitor.core.history.records import CheckInRecord, Person, PostureTotals, Records, ReminderRecord, Series, Session
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Due, Level
from monitor.core.sedentary.bouts import Bout, with_breaks
from monitor.core.sedentary.minutes import MINUTE_S, Minute, SignalMinute
from monitor.core.vocabulary import Activity, code_of


class History(Connected):
    """The history open for reading, as a context manager; a monitor may be writing to it at the same time.

    Raises:
        StoreError: it is missing, damaged, or of another version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect_to_read(path)

    @contextmanager
    def read_transaction(self) -> Iterator[None]:
        """Reads inside are of one transaction, unaffected by what a monitor writes meanwhile; may be nested."""
        if self._db.in_transaction:
            yield
            return
        with guarded(self._path):
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            with guarded(self._path):
                self._db.rollback()  # nothing was written; this ends the transaction

    def series(self, start: float, end: float, signals: Collection[str] | None = None) -> Series:
        """The ``records`` of that time and its minutes; ``signals`` selects signals by name, None for all."""
        with self.read_transaction():
            return Series(self.records(start, end), self._minutes(start, end, signals))

    def means(self) -> dict[str, tuple[list[float], list[float], list[float]]]:
        """By signal, in order of time: starts (POSIX s) of the minutes in which it was measured, means, seconds measured."""
        found: dict[str, tuple[list[float], list[float], list[float]]] = {}
        with guarded(self._path):
            for signal, *values in self._db.execute(_MEANS):
                for column, value in zip(found.setdefault(signal, ([], [], [])), values, strict=True):
                    column.append(value)
        return found

    def records(self, start: float, end: float, session: int | None = None, *, signals: bool = True) -> Records:
        """All records of ``start`` <= t < ``end`` (POSIX s), of one session if it is named; in order of time.

        Bouts are cut to that time.  A minute counts completely if a part of it lies inside.  Without ``signals`` none is
        added up: of a year they are millions of rows.
        """
        return self._records(start, end, session, self._sums(start, end, session) if signals else [])

    def records_of_days(
        self, days: Sequence[tuple[float, float]], session: int | None = None
    ) -> Callable[[float, float], Records]:
        """``records`` as a function that reads the minutes of ``days`` once for each day and for all of them together.

        A day is from and to (POSIX s), and begins where the one before ends.
        """
        sums = {day: self._sums(*day, session) for day in days}
        if days:
            sums[days[0][0], days[-1][1]] = joined([sums[day] for day in days])

        def read(start: float, end: float) -> Records:
            found = sums.get((start, end))
            return self._records(start, end, session, self._sums(start, end, session) if found is None else found)

        return read

    def _sums(self, start: float, end: float, session: int | None) -> list[tuple[Any, ...]]:
        with guarded(self._path):
            about = {"start": start, "end": end, "session": session, "minute": MINUTE_S}
            return self._db.execute(TOTALS, about).fetchall()

    def _records(self, start: float, end: float, session: int | None, sums: list[tuple[Any, ...]]) -> Records:
        about = {"start": start, "end": end, "session": session, "minute": MINUTE_S}
        with guarded(self._path):
            return Records(
                start,
                end,
                sessions=[_session(*row) for row in self._db.execute(SESSIONS, about)],
                bouts=with_breaks([_bout(*row) for row in self._db.execute(BOUTS, about)], self._breaks(start, end)),
                signals=totals(sums),
                reminders=[_reminder_record(*row) for row in self._db.execute(REMINDERS, about)],
                reports=[_report(*row) for row in self._db.execute(REPORTS, about)],
            )

    def signals_by_activity(self, start: float, end: float, session: int | None = None) -> PostureTotals:
        """The signals of that time (POSIX s) added up, and those of the minutes spent mostly in each activity."""
        about = {"start": start, "end": end, "session": session, "minute": MINUTE_S}
        with guarded(self._path):
            rows = self._db.execute(TOTALS_BY_ACTIVITY, about).fetchall()
            return PostureTotals(totals(rows), totals_by_activity(rows))

    def _breaks(self, start: float, end: float) -> list[float]:
        """When (POSIX s) the person marked a break."""
        return [t for (t,) in self._db.execute(BREAKS, (start, end))]

    def _minutes(self, start: float, end: float, signals: Collection[str] | None) -> list[Minute]:
        wanted = None if signals is None else json.dumps(sorted(signals))
        about = {"start": start, "end": end, "minute": MINUTE_S, "signals": wanted}
        with guarded(self._path):
            rows = self._db.execute(MINUTES, about).fetchall()
        return [
            Minute(begun, {name: _signal_minute(*values) for _, _, name, *values in group})
            for (begun, _), group in groupby(rows, key=lambda row: row[:2])
        ]

    def person(self) -> Person:
        """What the person entered last."""
        with guarded(self._path):
            row = self._db.execute("SELECT due, birth, conditions, told FROM person").fetchone()
            return _person(*row) if row else Person()

    def reports(self) -> list[CheckInRecord]:
        """Every check-in, in order of time."""
        with guarded(self._path):
            return [_report(*row) for row in self._db.execute(f"{_REPORT} ORDER BY t")]

    def open_reports(self, t: float) -> list[CheckInRecord]:
        """The check-ins up to ``t`` (POSIX s) that were not cleared by then, in order of time."""
        with guarded(self._path):
            return [_report(*row) for row in self._db.execute(OPEN_REPORTS, {"t": t})]

    def tips_shown(self, start: float, end: float) -> dict[str, float]:
        """When (POSIX s) each tip shown in ``start`` <= t <= ``end`` was last shown, by its id."""
        with guarded(self._path):
            return dict(self._db.execute(TIPS_SHOWN, {"start": start, "end": end}).fetchall())

    def session(self, number: int | None = None) -> Session | None:
        """The session of that number, the latest if none is named; None if there is no such session."""
        with guarded(self._path):
            row = self._db.execute(_SESSION, {"session": number}).fetchone()
        return _session(*row) if row else None

    def live_state(self) -> LiveState | None:
        """The last live state of the running session; None while none runs."""
        with guarded(self._path):
            row = self._db.execute(READ).fetchone()
        try:
            return live_state_of(row) if row else None
        except ValueError:
            warn_once(self._path, "now")
            return None

    def last_reminder(self) -> ReminderRecord | None:
        """The latest reminder, None if there never was one."""
        with guarded(self._path):
            row = self._db.execute(_LAST_REMINDER).fetchone()
        return _reminder_record(*row) if row else None


def _session(number: int, start: float, end: float, ended: str | None, *rest: Any) -> Session:
    source, profile, *silence_and_mode = rest
    return Session(number, start, end if ended else None, source, profile, ended == "cut", *silence_and_mode)


def _bout(activity: str, start: float, end: float, assumed: int, why: str | None) -> Bout:
    return Bout(Activity(activity), start, end, bool(assumed), why)


def _signal_minute(mean: float | None, *rest: Any) -> SignalMinute:
    measured_s, judged_s, off_s, hold_s, why = rest
    return SignalMinute(math.nan if mean is None else mean, measured_s, judged_s, off_s, hold_s, why and code_of(why))


def _reminder_record(t: float, kind: str, activity: str, *rest: Any) -> ReminderRecord:
    seconds, since, step, level, signals, after_break, shown, responded, *effect = rest
    due = Due(seconds, since, step, Level(level), tuple(signals.split()), bool(after_break))
    return ReminderRecord(
        Reminder(t, kind, due, Activity(activity)), shown, None if responded is None else bool(responded), *effect
    )


def _person(due: str | None, birth: str | None, conditions: str, told: int) -> Person:
    return Person(_day(due), _day(birth), _split(conditions), bool(told))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _report(t: float, pain: int | None, places: str, eased_by: str, limiting: str, symptoms: str, *rest: Any) -> CheckInRecord:
    return CheckInRecord(t, pain, _split(places), _split(eased_by), limiting, _split(symptoms), *rest)


def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SESSION = """
    SELECT id, start, end, ended, source, profile, silent, silent_since, mode FROM sessions
    WHERE :session IS NULL OR id = :session ORDER BY id DESC LIMIT 1"""
# A session of a single instant belongs to a period that contains the instant.
SESSIONS = """
    SELECT id, start, end, ended, source, profile, silent, silent_since, mode FROM sessions
    WHERE id = :session
        OR (:session IS NULL AND end >= :start AND start < :end AND (end > :start OR start = :start))
    ORDER BY start, id"""
BOUTS = """
    SELECT activity, max(b.start, :start), min(b.end, :end), assumed, why
    FROM sessions AS s JOIN bouts AS b ON b.session = s.id
    WHERE s.end > :start AND s.start < :end AND (:session IS NULL OR s.id = :session)
        AND b.start < :end AND max(b.start, :start) < min(b.end, :end)
    ORDER BY b.start, s.id"""
# +what, not what: SQLite would put 'break' for it into the check of each row, which no pause would pass.
BREAKS = "SELECT t FROM commands WHERE +what = 'break' AND taken IS NOT NULL AND t >= ? AND t < ? ORDER BY t"
MINUTES = """
    SELECT start, session, signal, mean, measured_s, judged_s, off_s, hold_s, why FROM minutes
    WHERE start > :start - :minute AND start < :end
        AND (:signals IS NULL OR signal IN (SELECT value FROM json_each(:signals))) ORDER BY start, session, signal"""
_MEANS = """
    SELECT signal, start, mean, measured_s FROM minutes WHERE mean IS NOT NULL AND measured_s > 0
    ORDER BY start, session, signal"""
# A session's last instant belongs to it.
_LAST_REMINDER = """
    SELECT t, kind, activity, seconds, since, step, level, signals, after_break, shown, responded, after_s
    FROM reminders ORDER BY t DESC LIMIT 1"""
REMINDERS = """
    SELECT t, kind, activity, seconds, since, step, level, signals, after_break, shown, responded, after_s, tip, follow_up
    FROM reminders
    WHERE t >= :start AND t <= :end AND (session = :session OR (:session IS NULL AND t < :end)) ORDER BY t, session"""
_REPORT = "SELECT t, pain, places, eased_by, limiting, symptoms, note, urgency, cleared, relief FROM checkins"
# A check-in belongs to no session.
REPORTS = f"{_REPORT} WHERE t >= :start AND t < :end AND :session IS NULL ORDER BY t"
OPEN_REPORTS = f"{_REPORT} WHERE t <= :t AND (cleared IS NULL OR cleared > :t) ORDER BY t"
TIPS_SHOWN = """
    SELECT tip, max(at) FROM (
        SELECT tip, t AS at FROM reminders WHERE t >= :start AND t <= :end
        UNION ALL SELECT follow_up, t + after_s FROM reminders WHERE t >= :start AND t <= :end
        UNION ALL SELECT relief, t FROM checkins WHERE t >= :start AND t <= :end
    ) WHERE tip IS NOT NULL AND at IS NOT NULL GROUP BY tip"""
