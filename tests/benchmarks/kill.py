"""SIGKILL at random moments while a day is lived and stored as fast as it goes: what is lost, and what is left.

    python tests/benchmarks/kill.py [COUNT]        (200 if not said)

One history takes it all, so every start finds what the kill before has left.  The child runs the real loop, pipeline, sinks and
store; a witness in shared memory remembers the last instant that it lived through, which no kill can take away.
"""

import mmap
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import sqlite3  # noqa: E402

from monitor.adapters.store import History, Store  # noqa: E402
from monitor.core.body.pose import Observation  # noqa: E402
from monitor.core.pipeline import Pipeline, Plan  # noqa: E402
from monitor.run.loop import run  # noqa: E402
from monitor.run.sinks import DAY_S, ForgetSink, StoreSink  # noqa: E402
from monitor.testing import MORNING, scene  # noqa: E402

# Short enough that bouts, reminders and minutes end all the time; an hour has some 3000 writes.
HOUR = "sit 31min, stand 2min, sit 5min, walk 1min, face 9min, away 4min, dark 1min, sit 7min"
PERIOD_S = 0.5
# A kill comes within this time after the first instant was lived (s).
WITHIN_S = 1.5


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: what of the lived time is not in the history (s), and what is wrong with it, in words."""

    lost_s: float
    lived_s: float
    wrong: str


class Scenario:
    """Hour after hour, without an end."""

    period_s = PERIOD_S

    def __init__(self, start: float) -> None:
        self.start = start

    def __iter__(self) -> Iterator[Observation]:
        for n in range(10_000):
            yield from scene(HOUR, PERIOD_S, self.start + n * 3600)


class Witness:
    """Remembers the instant that the loop has got through, where no kill reaches it."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("r+b")
        self.memory = mmap.mmap(self.file.fileno(), 8)

    def write(self, obs, _step):
        self.memory[:] = struct.pack("d", obs.t)

    def close(self, _events):
        self.memory.close()
        self.file.close()


def live(path, witness, start):
    """The child: until it is killed."""
    with Store(path) as store:
        pipeline = Pipeline(Plan(period_s=PERIOD_S))
        begin = partial(store.begin, source="scenario", profile=None, program="kill")
        forget = ForgetSink(partial(store.forget, told=True), 30 * DAY_S, store.last)
        run(Scenario(start), pipeline, [forget, StoreSink(begin), Witness(witness)])


def kill(path, count, rng):
    """What ``count`` kills have done to the history at ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    witness = path.with_name("witness")
    return [_one(path, witness, MORNING + n * 20 * DAY_S, rng.uniform(0, WITHIN_S)) for n in range(count)]


def _one(path, witness, start, after_s):
    witness.write_bytes(bytes(8))
    child = subprocess.Popen([sys.executable, __file__, "--child", str(path), str(witness), str(start)], cwd=ROOT)
    try:
        while not _seen(witness) and child.poll() is None:
            time.sleep(0.005)
        time.sleep(after_s)
    finally:
        child.send_signal(signal.SIGKILL)
        code = child.wait()
    last = _seen(witness)
    # The next start, which ends what was cut.
    with Store(path):
        pass
    with closing(sqlite3.connect(path)) as db:
        (whole,) = db.execute("PRAGMA integrity_check").fetchone()
    with History(path) as history:
        session = history.session()
        kept = history.records(session.start, session.end, session.id)
    wrong = _wrong(code, whole, session, kept)
    return Killed(last - session.end, last - start, wrong)


def _seen(witness):
    return struct.unpack("d", witness.read_bytes())[0]


def _wrong(code, whole, session, kept):
    """What does not hold, in words; nothing if all does."""
    laws = {
        f"the child ended by itself ({code})": code == -signal.SIGKILL,
        f"integrity: {whole}": whole == "ok",
        "the session is not marked as cut": session.cut,
        "bouts overlap": all(a.end <= b.start for a, b in pairwise(kept.bouts)),
        "bouts leave gaps": all(b.start - a.end < 1e-6 for a, b in pairwise(kept.bouts)),
        "a bout reaches past the session": all(session.start <= b.start <= b.end <= session.end for b in kept.bouts),
        "the last bout ends before the session": not kept.bouts or kept.bouts[-1].end >= session.end - 10.0,
    }
    return "; ".join(law for law, holds in laws.items() if not holds)


def main(count):
    """Kill that often, and say what was lost."""
    with tempfile.TemporaryDirectory() as folder:
        killed = kill(Path(folder) / "data" / "history.db", count, random.Random(2026))  # noqa: S311  # chance that can be repeated
    lost = sorted(one.lost_s for one in killed)
    print(f"{count} kills after {min(k.lived_s for k in killed):.0f} to {max(k.lived_s for k in killed):.0f} s of recorded time")
    print(f"lost: median {lost[len(lost) // 2]:.1f} s, most {lost[-1]:.1f} s (promised: 10 s)")
    for one in killed:
        if one.wrong:
            print(f"WRONG: {one.wrong}")
    return 1 if lost[-1] > 10.0 or any(one.wrong for one in killed) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        live(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
