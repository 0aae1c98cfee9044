"""Days to report on, written by hand: records as a store would hand them back."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.core.history.records import Records, ReminderRecord, Session, SignalTotal
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Due
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 9, tzinfo=BERLIN).timestamp()
DAY_S = 86400.0
SIT, STAND, MOVE, AWAY, UNKNOWN = Activity

MORNING = (
    (SIT, 28), (STAND, 6), (MOVE, 2), (SIT, 41), (UNKNOWN, 0.5, Reason.HIPS_HIDDEN), (SIT, 11), (AWAY, 47), (SIT, 63.5),
    (MOVE, 3),
    (STAND, 22), (SIT, 19), (UNKNOWN, 12, Reason.NO_PICTURES), (SIT, 24),
)  # fmt: skip
SIGNALS = (
    SignalTotal("trunk_inclination", 8.4, 10200, 9000, 760, 412, Reason.TRUNK_TURNED),
    SignalTotal("neck_inclination", 31.0, 10100, 9000, 30, 21, Reason.EARS_HIDDEN),
    SignalTotal("thigh_inclination", 84.1, 9800, 0, 0, 0, None),
    SignalTotal("screen_distance", math.nan, 0, 0, 0, 0, Reason.FRONT_VIEW_NEEDED),
    SignalTotal("head_tilt", math.nan, 0, 0, 0, 0, Reason.FRONT_VIEW_NEEDED),
)


def bouts_of(phases: Sequence[tuple], start: float = NINE) -> list[Bout]:
    """Bouts one after the other, from (activity, minutes) or (activity, minutes, why); activity None is a hole in the records."""
    made = []
    for activity, minutes, *why in phases:
        if activity is not None:
            made.append(Bout(activity, start, start + minutes * 60, why=why[0] if why else None))
        start += minutes * 60
    return made


def reminder_record(kind: str, after_min: float, shown: str | None = "desktop", after_s: float | None = None) -> ReminderRecord:
    t = NINE + after_min * 60
    return ReminderRecord(Reminder(t, kind, Due(1800, t - 1800, 1), SIT), shown, after_s is not None, after_s)


TOLD = (
    reminder_record("sat_too_long", 66, after_s=95),
    reminder_record("posture_held", 100),
    reminder_record("sat_too_long", 166, after_s=200),
    reminder_record("sat_too_long", 196, after_s=40),
    reminder_record("too_close", 230, shown="none"),
)


def day_of(phases: Sequence[tuple], start: float = NINE) -> Records:
    """A day, from midnight to midnight, with one session that begins ``start`` (POSIX s), nine in the morning."""
    bouts = bouts_of(phases, start)
    sessions = [Session(1, start, bouts[-1].end, "camera", "desk")] if bouts else []
    return Records(start - 9 * 3600, start + 15 * 3600, sessions, bouts, [], [])


def working_day(start: float = NINE) -> Records:
    """09:00 to 13:39 with a long sitting, a lunch and a laptop that slept."""
    return replace(day_of(MORNING, start), signals=SIGNALS, reminders=TOLD)


def working_week(start: float, end: float) -> Records:
    """What a store with three working days, one of them worked assumed from head and shoulders, has between two times."""
    days = [day_of(MORNING, NINE - 3 * DAY_S), day_of(((SIT, 90), (STAND, 10)) * 6, NINE - DAY_S), working_day()]
    bouts = [b for day in days for b in day.bouts if start <= b.start < end]
    guessed = [replace(b, assumed=b.activity is SIT and b.start < NINE - 2 * DAY_S) for b in bouts]
    sessions = [s for day in days for s in day.sessions if start <= s.start < end]
    return Records(start, end, sessions, guessed, SIGNALS if bouts else (), TOLD if start <= NINE < end else ())
