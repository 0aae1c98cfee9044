"""Hostile input of every kind (tests/hostile_input.py): so many tries in this process, so many as processes of their own.

    python tests/benchmarks/fuzz.py [--tries 20000] [--processes 500] [--seed 1] [--kind KIND]

Prints each fault once, by where it was raised, and the number of tries of each kind.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from hostile_input import KINDS, LONGEST_S, Try, environment, in_process, prepare, wrong  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from program import ROOT, Outcome  # noqa: E402


def as_process(root: Path, one: Try, now: float) -> str | None:
    """What went wrong in a try of ``one`` as a command of its own."""
    one = replace(one, arguments=tuple(word.replace("\0", "") for word in one.arguments))
    prepare(root, one, now)
    command = [sys.executable, str(ROOT / "run_monitor.py"), *one.arguments]
    try:
        ended = subprocess.run(
            command,
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=root / "cwd",
            env={**os.environ, **environment(root), "PYTHONWARNINGS": "error"},
            timeout=2 * LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return "hangs"
    return wrong(root, one, Outcome(ended.returncode, "", ended.stderr.decode("utf-8", "replace")))


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)
    ours = [f for f in last if "monitor/" in f.filename or "calibration/" in f.filename]
    at = ours[-1] if ours else last[-1]
    return f"{type(error).__name__} in {Path(at.filename).name}:{at.lineno} ({str(error)[:120]})"


def fuzz(kind: str, times: int, run: Callable[[Path, Try, float], str | None], started: int, folder: Path) -> Counter[str]:
    """How often each fault came in so many tries; the first input of each is printed."""
    faults: Counter[str] = Counter()
    done = Counter[str]()

    @seed(started)
    @settings(max_examples=times, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(KINDS[kind]())
    def attempt(one: Try) -> None:
        root = folder / "try"
        done["tries"] += 1
        try:
            fault = run(root, one, time.time())
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the result
            fault = _where(error)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        if fault:
            if fault not in faults:
                print(f"  {kind}: {fault}\n     {one!r}", flush=True)
            faults[fault] += 1

    attempt()
    print(f"{kind}: {done['tries']} tries, {faults.total()} faults of {len(faults)} kinds", flush=True)
    return faults


def main() -> None:
    """Print every kind of fault, and how many tries there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--kind", choices=KINDS, action="append")
    chosen = parser.parse_args()
    warnings.simplefilter("error")
    folder, begun, found, kinds = Path(tempfile.mkdtemp()), time.monotonic(), 0, chosen.kind or [*KINDS]
    try:
        for name, times, run in (("in process", chosen.tries, in_process), ("processes", chosen.processes, as_process)):
            if not times:
                continue
            print(f"{name}, seed {chosen.seed}")
            found += sum(fuzz(kind, -(-times // len(kinds)), run, chosen.seed, folder).total() for kind in kinds)
    finally:
        shutil.rmtree(folder)
    print(f"{found} faults, {time.monotonic() - begun:.0f} s")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
