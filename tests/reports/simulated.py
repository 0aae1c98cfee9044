"""A history of invented working days, as long as wanted, written as a monitor would have left it; also a command:

python tests/reports/simulated.py FOLDER DAYS
"""

import random
import sys
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.adapters.store import SelfReports, add_check
from monitor.adapters.store.database import connect
from monitor.core.back.standing_checks import Check
from monitor.core.history.records import CheckInRecord, Person
from monitor.core.posture.signals import SIGNALS

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 11, 27)
_STEPS = (("sitting", 12, 55), ("standing", 4, 30), ("sitting", 15, 45), ("moving", 1, 4), ("away", 3, 20), ("unknown", 1, 12))
_WHY = ("too_dark", "hips_hidden", "no_pictures")
_PLACES = ("low_back", "low_back", "low_back", "hips", "bottom", "thigh", "pubic_bone", "one_side")
_TIPS = ("walk_water", "tilt_seated", "shoulder_rolls", "calf_raises", "water_sip")
_EASED = ("lying_side", "moving", "changing", "warmth", "cushion")


def write(folder: Path, days: int, *, last: date = FRIDAY, due: date | None = date(2027, 3, 15), signals=SIGNALS[:2]) -> None:
    """Fill ``folder`` with the working days among the ``days`` up to ``last``; the same ones every time."""
    chance = random.Random(7)  # noqa: S311  # the same days every time
    path = folder / "history.db"
    folder.mkdir(parents=True, exist_ok=True)
    with closing(connect(path)) as db:
        for back in reversed(range(days)):
            day = last - timedelta(days=back)
            if day.weekday() < 5 or chance.random() < 0.15:
                with db:
                    _day(db, day, days - back, chance, signals)
    with SelfReports(path) as reports:
        reports.tell(Person(due, None, frozenset({"sore_wrists"}) if due else frozenset(), told=True))
        for back in reversed(range(days)):
            day = last - timedelta(days=back)
            if chance.random() < 0.7:
                reports.add(_check_in(day, chance))
    for n in range(0, days, 7):
        t, week = _at(last - timedelta(days=days - 1 - n), 10), 24 - (days - n) // 7
        add_check(
            path,
            Check(t, 38 + chance.gauss(0, 3) + n / 20, abs(chance.gauss(3, 0.5)), 8.0, 40, "camera", week if week > 0 else None),
        )


def _day(db, day, number, chance, signals):
    t = _at(day, 8) + chance.randrange(2700)
    end, start = _at(day, 16) + chance.randrange(5400), t
    bouts, reminders = [], []
    while t < end:
        kind, least, most = _STEPS[len(bouts) % len(_STEPS)] if chance.random() < 0.8 else chance.choice(_STEPS)
        until = min(t + chance.uniform(least, most) * 60, end)
        assumed = int(chance.random() < 0.05 and kind == "sitting")
        bouts.append((number, t, until, kind, assumed, chance.choice(_WHY) if kind == "unknown" else None))
        if kind == "sitting" and until - t > 1800:
            reminders.append(_reminder(number, t, chance))
        t = until
    db.execute(
        "INSERT INTO sessions (id, start, end, ended, source, profile, program)"
        " VALUES (?, ?, ?, 'clean', 'camera 0', 'default', '0')",
        (number, start, end),
    )
    db.executemany("INSERT INTO bouts (session, start, end, activity, assumed, why) VALUES (?, ?, ?, ?, ?, ?)", bouts)
    db.executemany(
        "INSERT OR IGNORE INTO reminders"
        " (t, session, kind, level, activity, seconds, since, step, after_break, signals, shown, responded, after_s, tip)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", reminders,
    )  # fmt: skip
    rows = [
        row
        for _, begin, until, kind, *_ in bouts
        if kind in {"sitting", "standing"}
        for row in _minutes(number, begin, until, chance, signals)
    ]
    db.executemany("INSERT OR IGNORE INTO minutes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _reminder(number, t, chance):
    after = chance.uniform(20, 290) if chance.random() < 0.6 else None
    came = (t + 1800, number, "sat_too_long", "soft", "sitting", 1800.0, t, 1, 1)
    return (*came, "", "desktop", int(after is not None), after, chance.choice(_TIPS))


def _minutes(number, begin, until, chance, signals):
    for minute in range(int(begin // 60), int(until // 60)):
        for signal in signals:
            seen = chance.random() < (0.45 if signal.name.startswith("lumbar") else 0.9)
            off = chance.random() < 0.1 and signal.tolerance is not None
            mean = chance.gauss(10, 4) if signal.unit == "deg" else chance.gauss(0.9, 0.1)
            yield (
                minute * 60.0,
                number,
                signal.name,
                mean if seen else None,
                60.0 * seen,
                60.0 * seen,
                60.0 * (seen and off),
                0.0,
                None if seen else chance.choice(("back_hidden_leaning_on_a_backrest", "not_still", "back_hidden_arm")),
            )


def _check_in(day, chance):
    t = _at(day, 12) + chance.randrange(25000)
    symptoms = frozenset({"burning_pee"}) if chance.random() < 0.06 else frozenset()
    return CheckInRecord(
        t,
        min(max(round(chance.gauss(4, 1.6)), 0), 10),
        frozenset(chance.sample(_PLACES, chance.randrange(1, 3))),
        frozenset(chance.sample(_EASED, chance.randrange(1, 3))),
        chance.choice(("no", "no", "some")),
        symptoms,
        "Better after the walk, worse in the evening." if chance.random() < 0.2 else "",
        "orange" if symptoms else None,
        t + 3600 if symptoms and chance.random() < 0.5 else None,
    )


def _at(day, hour):
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN).timestamp()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), signals=SIGNALS)
