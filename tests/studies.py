"""Folders of recordings of many people, made by rule: the same ones every time."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.adapters.store import Store
from monitor.adapters.trace import TraceWriter
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute, SignalMinute
from monitor.core.vocabulary import Activity
from monitor.testing.scenes import scene

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
SIT, STAND, MOVE, AWAY, UNKNOWN = Activity
WHY = "too_dark"


def nine(day: int = 0) -> float:
    """Nine o'clock in Berlin on that day from Monday on (POSIX s)."""
    return datetime.combine(MONDAY + timedelta(days=day), time(9), BERLIN).timestamp()


def phases(chance: random.Random, minutes: float, sitting: float = 1.0) -> list[tuple[Activity, float]]:
    """A working day of about that length: sitting for 10 to 50 min (times ``sitting``), and something else between."""
    made: list[tuple[Activity, float]] = []
    while sum(length for _, length in made) < minutes:
        made.append((SIT, round(sitting * chance.uniform(10, 50), 1)))
        made.append((chance.choice((STAND, STAND, MOVE, AWAY, UNKNOWN)), round(chance.uniform(2, 12), 1)))
    return made


def bouts_of(made: Iterable[tuple[Activity, float]], start: float) -> list[Bout]:
    """The bouts of some phases (min), one after the other."""
    bouts = []
    for activity, minutes in made:
        bouts.append(Bout(activity, start, start + 60 * minutes, why=WHY if activity is UNKNOWN else None))
        start = bouts[-1].end
    return bouts


def history(path: Path, days: Sequence[Sequence[Bout]], signals: Sequence[str] = ("trunk_inclination",)) -> Path:
    """A history with a session for each day's bouts, and a row a minute for each signal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Store(path) as store:
        for bouts in days:
            session = store.begin(bouts[0].start, source="camera 0", profile=None, program="0")
            first = bouts[0].start - bouts[0].start % 60
            minutes = [
                Minute(first + 60 * n, {name: SignalMinute(5.0 + n % 7, 50.0, 0.0, 0.0, 0.0, None) for name in signals})
                for n in range(int((bouts[-1].end - first) // 60))
            ]
            session.write(bouts[-1].end, None, [*bouts, *minutes])
            session.end(bouts[-1].end)
    return path


def trace(path: Path, script: str, period_s: float = 1.0, start: float | None = None) -> Path:
    """A trace of a scene."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = TraceWriter(path, period_s=period_s, source="a scene")
    for obs in scene(script, period_s, nine() if start is None else start):
        writer.write(obs)
    writer.close()
    return path


def people(folder: Path, count: int, days: int, *, longer: float = 1.0) -> Path:
    """A study of so many people in two groups, and its table; the second group sits ``longer`` times as long at a stretch."""
    rows = ["id,group,start,zone"]
    for n in range(count):
        chance, group = random.Random(n), "ab"[n % 2]  # noqa: S311  # the same people every time
        sitting = chance.uniform(0.8, 1.2) * (longer if group == "b" else 1.0)
        working = [bouts_of(phases(chance, 420, sitting), nine(day)) for day in range(days)]
        history(folder / f"s{n:03d}" / "history.db", working)
        rows.append(f"s{n:03d},{group},{MONDAY},Europe/Berlin")
    table = folder.with_suffix(".csv")
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return table
