"""Summaries for programs: JSON for one report, CSV with a row per day or session.

The names are public and stable; units are part of them (``_s`` seconds, ``_share`` 0 to 1).  An unknown value is ``null`` in
JSON, an empty field in CSV, and never zero.  Times are ISO 8601 with the person's offset.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from monitor.core.history.csv_cells import cells
from monitor.core.history.pain_days import ENOUGH, MODERATE, DayGroup, PainDay, PainDays
from monitor.core.history.summary import SignalSummary, Summary
from monitor.core.posture.signals import BY_NAME, SIGNALS, Signal
from monitor.core.reminders.kinds import SETTABLE
from monitor.core.sedentary.bouts import MIN_BOUT_S
from monitor.core.vocabulary import Activity
from monitor.reports.report import Report

VERSION = 1
# Decimals: finer than the measurements, and short to read.
_DIGITS = 4

FIGURES: Mapping[str, Callable[[Summary], float | None]] = {
    "sessions": lambda s: s.sessions,
    "cut_sessions": lambda s: s.cut_sessions,
    "session_s": lambda s: s.session_s,
    "measurable_share": lambda s: s.measurable_share,
    "sitting_s": lambda s: s.seconds[Activity.SITTING],
    "standing_s": lambda s: s.seconds[Activity.STANDING],
    "moving_s": lambda s: s.seconds[Activity.MOVING],
    "away_s": lambda s: s.seconds[Activity.AWAY],
    "unknown_s": lambda s: s.seconds[Activity.UNKNOWN],
    "assumed_sitting_s": lambda s: s.assumed_s,
    "assumed_sitting_share": lambda s: s.assumed_share,
    "min_bout_s": lambda _: MIN_BOUT_S,
    "sedentary_bouts": lambda s: s.sedentary.bouts,
    "sedentary_bout_mean_s": lambda s: s.sedentary.mean_s,
    "sedentary_bout_median_s": lambda s: s.sedentary.median_s,
    "sedentary_bout_longest_s": lambda s: s.sedentary.longest_s,
    "sedentary_prolonged_s": lambda s: s.sedentary.prolonged_s,
    "breaks": lambda s: s.sedentary.breaks,
    "breaks_per_sedentary_h": lambda s: s.sedentary.breaks_per_h,
    "sit_to_stand_transitions": lambda s: s.sit_to_stand,
    "stationary_longest_s": lambda s: s.stationary_s,
    "w50_s": lambda s: s.sedentary.patterns.w50_s,
    "gini_index": lambda s: s.sedentary.patterns.gini,
    "power_law_alpha": lambda s: s.sedentary.patterns.alpha,
    "power_law_alpha_se": lambda s: s.sedentary.patterns.alpha_se,
}


def as_json(report: Report, tz: tzinfo) -> str:
    """The report as one JSON object, ended by a newline; its shape is that of ``as_data``."""
    return json.dumps(as_data(report, tz), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(report: Report, tz: tzinfo) -> dict[str, Any]:
    """``posture_summary`` (version), ``period``, every figure of ``FIGURES``, then the named sections.

    ``patterns_why`` is the reason why w50, gini and alpha are null; ``unknown_why_s`` has seconds by reason, ``signals`` and
    ``reminders`` one object per name, ``days`` the same shape for every day of a week.
    """
    s = report.summary
    return {
        "posture_summary": VERSION,
        "period": _period(report, tz),
        **_figures(s),
        "patterns_why": s.sedentary.patterns.why,
        "unknown_why_s": {why: _known(seconds) for why, seconds in s.unknown_s.items()},
        "signals": {one.total.name: _signal(one) for one in s.signals},
        "reminders": {
            one.kind: {
                "due": one.due,
                "shown": one.shown,
                "response_known": one.known,
                "change_followed": one.followed,
                "change_after_median_s": _known(one.after_s),
            }
            for one in s.reminders
        },
        "check_ins": _check_ins(report.pain, tz),
        "days": [as_data(one, tz) for one in report.days],
    }


def as_csv(report: Report, tz: tzinfo) -> str:
    """RFC 4180 text: a header, then a row for every day of a week, else one row.

    The columns follow from ``FIGURES``, the table of signals and the table of reminders, so every row of every file has them all.
    """
    text = io.StringIO()
    rows = csv.writer(text)
    columns = [_columns(one, tz) | _pain_columns(one, report.pain) for one in report.days or (report,)]
    rows.writerow(columns[0])
    rows.writerows(cells(row.values()) for row in columns)
    return text.getvalue()


def _columns(report: Report, tz: tzinfo) -> dict[str, Any]:
    s = report.summary
    signals = {one.total.name: one for one in s.signals}
    told = {one.kind: one for one in s.reminders}
    row = _period(report, tz) | _figures(s)
    for signal in SIGNALS:
        row |= _signal_columns(signal, signals.get(signal.name))
    for kind in SETTABLE:
        row[f"{kind}_shown"] = told[kind].shown if kind in told else 0
        row[f"{kind}_change_followed"] = told[kind].followed if kind in told else 0
    return row


def _check_ins(pain: PainDays | None, tz: tzinfo) -> dict[str, Any] | None:
    if pain is None:
        return None
    groups = {f"days_with_pain_{MODERATE}_or_more": pain.group(moderate=True), "days_with_less_pain": pain.group(moderate=False)}
    return {
        "count": pain.check_ins,
        "why_not_shown": None if pain.days else f"fewer than {ENOUGH} check-ins in four weeks",
        "days": [_pain_day(one, tz) for one in pain.days],
        **{name: {"days": one.days} | _beside(one) for name, one in groups.items()},
    }


def _pain_day(one: PainDay, tz: tzinfo) -> dict[str, Any]:
    return {"start": _time(one.start, tz), "check_ins": one.check_ins, "pain_mean": _known(one.pain)} | _beside(one)


def _beside(one: PainDay | DayGroup) -> dict[str, Any]:
    return {"sitting_s": _known(one.sitting_s), "breaks_per_sedentary_h": _known(one.breaks_per_h)}


def _pain_columns(report: Report, pain: PainDays | None) -> dict[str, Any]:
    found = next((d for d in pain.days if d.start == report.period.start), None) if pain else None
    return {"check_ins": found.check_ins if found else None, "pain_mean": _known(found.pain if found else None)}


def _signal_columns(signal: Signal, one: SignalSummary | None) -> dict[str, Any]:
    total = one.total if one else None
    return {
        f"{signal.name}_mean_{signal.unit.replace(' ', '_').replace('%', 'percent')}": _known(total.mean if total else None),
        f"{signal.name}_measured_s": _known(total.measured_s if total else None),
        f"{signal.name}_off_share": _known(one.off_share if one else None),
        f"{signal.name}_longest_hold_s": _known(total.hold_s if total and total.judged_s else None),
    }


def _signal(one: SignalSummary) -> dict[str, Any]:
    total = one.total
    return {
        "unit": BY_NAME[total.name].unit if total.name in BY_NAME else None,
        "mean": _known(total.mean),
        "measured_s": _known(total.measured_s),
        "measured_share": _known(one.measured_share),
        "judged_s": _known(total.judged_s),
        "off_s": _known(total.off_s if total.judged_s else None),
        "off_share": _known(one.off_share),
        "longest_hold_s": _known(total.hold_s if total.judged_s else None),
        "why_not_measured": total.why,
        "hidden_by_chair_share": _known(one.chair_share),
    }


def _period(report: Report, tz: tzinfo) -> dict[str, Any]:
    period, s = report.period, report.summary
    times = {"start": period.start, "end": period.end, "first_seen": s.first, "last_seen": s.last}
    return {"kind": period.kind, "name": period.name} | {name: _time(t, tz) for name, t in times.items()}


def _figures(s: Summary) -> dict[str, float | None]:
    return {name: _known(figure(s)) for name, figure in FIGURES.items()}


def _known(value: float | None) -> float | None:
    if value is None or math.isnan(value):
        return None
    return value if isinstance(value, int) else round(value, _DIGITS)


def _time(t: float, tz: tzinfo) -> str | None:
    return None if math.isnan(t) else datetime.fromtimestamp(t, tz).isoformat(timespec="seconds")
