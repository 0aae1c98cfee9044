"""A history of three years: how long start, status, a week and an export take, and how much memory.

    python tests/benchmarks/three_years.py [--rows 6000000] [--keep-days 0 730]

250 days of 8 h each year, written as the store writes them: one row a signal and minute.
"""

import argparse
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from monitor.adapters.store import Store  # noqa: E402
from monitor.core.posture.signals import SIGNALS  # noqa: E402

SESSION = "INSERT INTO sessions (id, start, end, ended, source, program) VALUES (?, ?, ?, 'clean', '0', 'x')"
ACTIVITIES = ("sitting", "standing", "away")
DAYS_A_YEAR, MINUTES_A_DAY, DAY_S = 250, 480, 86400.0
BOUT_MIN = 12


def days(count: int, now: float) -> Iterator[float]:
    """When each working day begins (POSIX s), oldest first."""
    yield from (now - (count - n) * DAY_S * 365 / DAYS_A_YEAR for n in range(count))


def fill(path: Path, rows: int) -> None:
    """A history with about so many minute rows that ends now."""
    rng, now = random.Random(1), time.time()  # noqa: S311
    names = [signal.name for signal in SIGNALS]
    count = round(rows / (MINUTES_A_DAY * len(names)))
    Store(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for number, begun in enumerate(days(count, now), 1):
            start = begun - begun % 60
            end = start + MINUTES_A_DAY * 60
            db.execute(
                "INSERT INTO sessions (id, start, end, ended, source, program) VALUES (?, ?, ?, 'clean', '0', 'x')",
                (number, start, end),
            )
            bouts = [(number, start + n * BOUT_MIN * 60, start + (n + 1) * BOUT_MIN * 60, ACTIVITIES[n % 3], 0, None)
                     for n in range(MINUTES_A_DAY // BOUT_MIN)]  # fmt: skip
            db.executemany("INSERT INTO bouts VALUES (?, ?, ?, ?, ?, ?)", bouts)
            minutes = (
                (start + 60 * m, number, name, rng.gauss(10, 3), 58.0, 58.0, 0.0, 0.0, None)
                for m in range(MINUTES_A_DAY)
                for name in names
            )
            db.executemany("INSERT INTO minutes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", minutes)
            db.commit()


def timed(*words: object, data: Path) -> tuple[float, float, float]:
    """Seconds, seconds of CPU time (which a busy machine lengthens little) and peak memory (MB) of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", *map(str, words), "--data", str(data)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0, (words, status)
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def bare() -> float:
    """Seconds of an interpreter that does nothing."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - begun


def started(data: Path, clip: Path) -> tuple[float, float, float]:
    """Seconds until a monitor has begun its session, seconds of CPU time, and its memory (MB) then."""
    before = last_session(data)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "monitor", "run", "--source", str(clip), "--notify", "none", "--data", str(data)]
    process = subprocess.Popen([*command, *INTO], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while last_session(data) == before:
            time.sleep(0.02)
            assert process.poll() is None
        took, cpu = time.perf_counter() - begun, psutil.Process(process.pid).cpu_times()
        time.sleep(5)
        memory = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
        return took, cpu.user + cpu.system, memory
    finally:
        process.kill()
        process.wait()


INTO = ("--into-history",)


def last_session(data: Path) -> int:
    with closing(sqlite3.connect(data / "history.db")) as db:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM sessions").fetchone()[0])


def measure(data: Path, clip: Path, keep_days: int) -> dict[str, object]:
    (data / "settings.toml").write_text(f"tray = false\n[data]\nkeep_days = {keep_days}\n")
    small = data.parent / f"empty{keep_days}"
    small.mkdir()
    Store(small / "history.db").close()
    (small / "settings.toml").write_text("tray = false\n")
    empty, full = started(small, clip), started(data, clip)
    found: dict[str, object] = {"start_command_s": timed("start", "--source", clip, "--notify", "none", data=data)[0]}
    timed("stop", data=data)
    for name, (start_s, cpu_s, memory_mb) in (("", full), ("_empty", empty)):
        found |= {f"start{name}_s": start_s, f"start{name}_cpu_s": cpu_s, f"memory{name}_mb": memory_mb}
    for name, words in (("status", ("status",)), ("week", ("summary", "--week"))):
        tries = [timed(*words, data=data) for _ in range(3)]
        found |= {f"{name}_over_bare_s": min(one[0] for one in tries) - bare(), f"{name}_cpu_s": min(one[1] for one in tries)}
    copied = timed("data", "export", data.parent / f"copy{keep_days}", data=data)
    found |= dict(zip(("export_s", "export_cpu_s", "export_mb"), copied, strict=True))
    return {key: round(float(value), 2) for key, value in found.items()}  # type: ignore[arg-type]


def main() -> None:
    """Print the figures as JSON, one line for each number of days to keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=6_000_000)
    parser.add_argument("--keep-days", type=int, nargs="*", default=[0, 730])
    chosen = parser.parse_args()
    from races import long_clip

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        fill(data / "history.db", chosen.rows)
        size = (data / "history.db").stat().st_size / 2**20
        clip = long_clip(Path(folder))
        for keep_days in chosen.keep_days:
            print(
                json.dumps(
                    {"keep_days": keep_days, "rows": chosen.rows, "file_mb": round(size), **measure(data, clip, keep_days)}
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
