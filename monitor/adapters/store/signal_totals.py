"""The minutes of a period added up by signal: SQL adds over the minutes of each reason, the rest is few enough for here."""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from monitor.core.history.records import SignalTotal
from monitor.core.vocabulary import Activity, Reason, code_of

_Key = TypeVar("_Key", bound=Hashable)
_BY_CHAIR = frozenset({Reason.BACK_HIDDEN_BY_CHAIR, Reason.BACK_HIDDEN_BY_BACKREST})
_OF_THE_PERIOD = "start > :start - :minute AND start < :end AND (:session IS NULL OR session = :session)"
_SUMS = "signal, why, sum(mean * measured_s), sum(measured_s), sum(judged_s), sum(off_s), max(hold_s), sum(:minute - measured_s)"
# First whether the minutes began before the period, as only one at its border does.
TOTALS = f"SELECT start < :start, {_SUMS} FROM minutes WHERE {_OF_THE_PERIOD} GROUP BY signal, why, start < :start"  # noqa: S608  # texts of ours
# Which minutes there are is asked of the table itself: a damaged row only finds no valid one to be joined with.
TOTALS_BY_ACTIVITY = f"""
    WITH mostly AS MATERIALIZED (
        SELECT session, start, activity FROM (
            SELECT m.session, m.start, b.activity, row_number() OVER (
                PARTITION BY m.session, m.start
                ORDER BY min(b.end, m.start + :minute) - max(b.start, m.start) DESC
            ) AS place
            FROM (SELECT DISTINCT session, start FROM main.minutes WHERE {_OF_THE_PERIOD}) AS m
            JOIN bouts AS b ON b.session = m.session AND b.start < m.start + :minute AND b.end > m.start
        ) WHERE place = 1
    )
    SELECT activity, {_SUMS} FROM minutes LEFT JOIN mostly USING (session, start) WHERE {_OF_THE_PERIOD}
    GROUP BY signal, why, activity"""  # noqa: S608  # texts of ours


def totals(rows: Iterable[tuple[Any, ...]]) -> list[SignalTotal]:
    """The totals of each signal in the ``rows`` of one of the queries, by name; ``why`` is the one with most unmeasured time."""
    return [_total(name, parts) for name, parts in sorted(_apart(rows, lambda row: str(row[1])).items())]


def joined(periods: Iterable[list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """The rows of ``TOTALS`` for periods of which each begins where the one before ends: a minute at a border counts once."""
    return [row for n, rows in enumerate(periods) for row in rows if n == 0 or not row[0]]


def totals_by_activity(rows: Iterable[tuple[Any, ...]]) -> dict[Activity, list[SignalTotal]]:
    """The totals of the minutes that were spent mostly in each activity; those without any belong to none."""
    by_activity = _apart((row for row in rows if row[0] is not None), lambda row: Activity(row[0]))
    return {activity: totals(parts) for activity, parts in by_activity.items()}


def _apart(rows: Iterable[tuple[Any, ...]], key: Callable[[tuple[Any, ...]], _Key]) -> Mapping[_Key, list[tuple[Any, ...]]]:
    found: dict[_Key, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _total(name: str, rows: list[tuple[Any, ...]]) -> SignalTotal:
    weighted = [row[3] for row in rows if row[3] is not None]
    measured_s, judged_s, off_s = (math.fsum(row[column] for row in rows) for column in (4, 5, 6))
    missed_s: dict[str | None, float] = {}
    for _, _, why, *_, missed in rows:
        code = code_of(why) if why else None
        missed_s[code] = missed_s.get(code, 0.0) + missed
    mean = math.fsum(weighted) / measured_s if weighted and measured_s > 0 else math.nan
    main = min(missed_s, key=lambda why: (why is None, -missed_s[why], why or ""))
    chair_s = math.fsum(missed_s.get(why, 0.0) for why in _BY_CHAIR)
    return SignalTotal(name, mean, measured_s, judged_s, off_s, max(row[7] for row in rows), main, chair_s)
