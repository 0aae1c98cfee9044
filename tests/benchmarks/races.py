"""Two starts, a stop and a kill in random order: never two monitors, never one that no command stops, never a lie about one.

    python tests/benchmarks/races.py [--times 200] [--seed 1]

Real commands in processes of their own, at random moments within the time that a start takes; a clip stands in for the camera,
and whoever has it open is watching.  Linux: /proc tells who that is.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.adapters.system.lock import holder

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "monitor" / "data" / "demo" / "demo_sit_tall.mp4"
# A start takes some three seconds until it watches; moments are drawn from a little more.
WITHIN_S, LOOK_S = 5.0, 0.05


@dataclass
class Command:
    """A command that was run: when, and what it said."""

    words: str
    begun: float
    ended: float
    code: int
    output: str


@dataclass
class Watch:
    """Who had the clip open, and when (s)."""

    first: dict[int, float] = field(default_factory=dict)
    last: dict[int, float] = field(default_factory=dict)
    most: int = 0

    def note(self, now: float, pids: set[int]) -> None:
        self.most = max(self.most, len(pids))
        for pid in pids:
            self.first.setdefault(pid, now)
            self.last[pid] = now


def long_clip(folder: Path) -> Path:
    """Ten minutes of somebody who sits, two small pictures a second."""
    path = folder / "sits.mp4"
    video = cv2.VideoCapture(str(CLIP))
    frames = [cv2.resize(video.read()[1], (240, 136)) for _ in range(20)]
    out = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 2.0, (240, 136))
    for frame in islice(cycle(frames), 1200):
        out.write(frame)
    out.release()
    return path


def watching(clip: Path) -> set[int]:
    """The processes that have the clip open."""
    others = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()} - {os.getpid()}
    found = {pid for pid in others if str(clip) in open_files(pid)}
    # What a monitor starts has its files open for a moment, and may be gone before its parent can be asked for.
    parents = {pid: parent(pid) for pid in found}
    return {pid for pid, by in parents.items() if by is not None and by not in found}


def parent(pid: int) -> int | None:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return None


def open_files(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(link.readlink())


def born(pid: int) -> float | None:
    """When a process began, on the monotonic clock (s); None if it is gone."""
    with suppress(OSError):
        ticks = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])
        return ticks / os.sysconf("SC_CLK_TCK") - time.clock_gettime(time.CLOCK_BOOTTIME) + time.monotonic()
    return None


@contextmanager
def observed(clip: Path) -> Iterator[tuple[Watch, dict[int, float]]]:
    """While inside, who watches is noted, and when each was born."""
    seen, births, over = Watch(), dict[int, float](), threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            pids = watching(clip)
            seen.note(time.monotonic(), pids)
            births.update({pid: at for pid in pids - births.keys() if (at := born(pid)) is not None})

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen, births
    finally:
        over.set()
        thread.join()


def command(data: Path, *words: str) -> Command:
    begun = time.monotonic()
    run = [sys.executable, "-m", "monitor", *words, "--data", str(data)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    return Command(words[0], begun, time.monotonic(), done.returncode, done.stdout + done.stderr)


def kill(data: Path) -> None:
    """Kill whatever monitor there is."""
    with suppress(ProcessLookupError):
        if (pid := holder(data)) is not None:
            os.kill(pid, signal.SIGKILL)


def once(clip: Path, rng: random.Random) -> list[str]:
    """What was wrong in one interleaving."""
    folder = Path(tempfile.mkdtemp())
    data = folder / "data"
    data.mkdir()
    (data / "settings.toml").write_text("tray = false\n")
    start = ("start", "--source", str(clip), "--notify", "none")
    done: list[Command] = []

    def at(moment: float, *words: str) -> threading.Thread:
        def act() -> None:
            time.sleep(moment)
            if words:
                done.append(command(data, *words))
            else:
                kill(data)

        return threading.Thread(target=act)

    moments = [rng.uniform(0, WITHIN_S) for _ in range(4)]
    acts = [at(moments[0], *start), at(moments[1], *start), at(moments[2], "stop"), at(moments[3])]
    try:
        with observed(clip) as (seen, births):
            for act in acts:
                act.start()
            for act in acts:
                act.join()
            time.sleep(0.3)
            left = watching(clip)
            status = command(data, "status")
            last = command(data, "stop")
            time.sleep(0.3)
        wrong = [*lies(done, seen, births), *ending(data, clip, left, status, last)]
        return [f"{[round(m, 2) for m in moments]}: {text}" for text in wrong]
    finally:
        for pid in watching(clip):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def lies(done: list[Command], seen: Watch, births: dict[int, float]) -> Iterator[str]:
    """What the commands said that was not so."""
    if seen.most > 1:
        yield "two monitors watched at once"
    for one in done:
        if "Traceback" in one.output or one.code not in (0, 2):
            yield f"{one.words} ended with {one.code}: {one.output.strip()[-300:]}"
        if one.words == "stop" and "No monitor" in one.output:
            for pid, first in seen.first.items():
                if first < one.begun and seen.last[pid] > one.ended:
                    yield f"'no monitor' while process {pid} watched"
                if first > one.ended and births.get(pid, one.begun) < one.begun - 0.02:
                    yield f"'no monitor', and then process {pid}, begun before, watched"
        if one.words == "start" and "Watching" in one.output and not any(f"process {pid}," in one.output for pid in seen.first):
            yield f"start told of a monitor that never watched: {one.output.strip()}"


def ending(data: Path, clip: Path, left: set[int], status: Command, last: Command) -> Iterator[str]:
    """What was wrong when all was over and the last stop had been given."""
    if bool(left) and "No monitor" in status.output:
        yield f"status knows of no monitor, {left} watches"
    if last.code != 0 or watching(clip) or holder(data) is not None:
        yield f"stop did not stop it: {last.code} {last.output.strip()}, {watching(clip)} still watches"


def rounds(times: int, seed: int) -> Iterator[list[str]]:
    """What was wrong in each of so many interleavings, as soon as it is over."""
    rng = random.Random(seed)  # noqa: S311
    folder = Path(tempfile.mkdtemp())
    try:
        clip = long_clip(folder)
        for _ in range(times):
            yield once(clip, rng)
    finally:
        shutil.rmtree(folder)


def races(times: int, seed: int) -> list[str]:
    """What was wrong in so many interleavings."""
    return [wrong for found in rounds(times, seed) for wrong in found]


def main() -> None:
    """Print what was wrong, each round as it ends: a run that is cut short has told what it saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun, wrong = time.monotonic(), 0
    for number, found in enumerate(rounds(chosen.times, chosen.seed), 1):
        wrong += len(found)
        print(*found, f"{number} interleavings, {wrong} wrong, {time.monotonic() - begun:.0f} s", sep="\n", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
