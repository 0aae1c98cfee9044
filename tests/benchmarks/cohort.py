"""What a study costs, and how often its model raises a false alarm; each figure is the best of three, CPU beside wall time.

python tests/benchmarks/cohort.py [histories traces videos memory alarms]
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import closing
from pathlib import Path

import cv2
import psutil
from pyarrow import parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from program import DEMO
from studies import bouts_of, history, nine, phases, trace
from test_cohort_page import blocks, made_up_days

from monitor.adapters.camera.video import Clip, VideoFile
from monitor.app import composition
from monitor.app.home import Home
from monitor.config import folders
from monitor.core.posture.signals import SIGNALS
from monitor.run.loop import Watch

BEST_OF = 3
PEOPLE, DAYS = 30, 14
ROOT = Path(__file__).parents[2]
DAY = "sit 31min, stand 6min, walk 2min, sit 22min, slouch 12min, away 5min, face 9min"


def cpu():
    """CPU seconds of this process and of those that it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def best(what):
    """Least CPU and wall time (s) of some runs."""
    found = []
    for _ in range(BEST_OF):
        began, used = time.perf_counter(), cpu()
        what()
        found.append((cpu() - used, time.perf_counter() - began))
    return min(f[0] for f in found), min(f[1] for f in found)


def program(*arguments: object):
    """The program in a process of its own."""
    command = [sys.executable, str(ROOT / "run_monitor.py"), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fresh(folder, study, *options: object):
    """A run into a folder of its own, from nothing."""
    for path in folder.glob("out*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    program("cohort", study, "--out", folder / "out", *options)


def histories(folder):
    """People-days a minute, of histories with every signal by the minute."""
    names = [s.name for s in SIGNALS]
    for n in range(PEOPLE):
        chance = random.Random(n)  # noqa: S311  # the same people every time
        history(folder / "h" / f"p{n}" / "history.db", [bouts_of(phases(chance, 450), nine(d)) for d in range(DAYS)], names)
    rates = {}
    for how in (("local",), ("processes", "--workers", "2")):
        used, wall = best(lambda how=how: fresh(folder, folder / "h", "--runner", *how))
        rates[how[0]] = 60 * PEOPLE * DAYS / wall
        print(f"histories, {how[0]}: {rates[how[0]]:.0f} participant-days a minute ({used:.1f} CPU s, {wall:.1f} s)")
    return {"history": used / (PEOPLE * DAYS)}


def traces(folder):
    """A trace of eight hours by ``replay`` and by a job."""
    script = ", ".join([DAY] * 6)  # 8.7 h
    path = trace(folder / "t" / "p" / "day.jsonl.gz", script, 1.0)
    replayed, _ = best(lambda: program("replay", path, "--notify", "none", "--data", folder / "home"))
    job, _ = best(lambda: fresh(folder, folder / "t", "--runner", "local"))
    print(f"trace of 8.7 h: replay {replayed:.1f} CPU s, cohort {job:.1f}: {replayed / job:.2f} of replay's speed")
    return {"trace": job}


def videos(folder):
    """A clip by the bare engine, and by one and two processes."""
    for n in range(6):
        (folder / "v" / f"p{n}").mkdir(parents=True)
        # A day of its own: the same film on the same day is the same job, and would be worked through once.
        shutil.copy(DEMO / "demo_morning.mp4", folder / "v" / f"p{n}" / f"2026-03-0{n + 1}.mp4")
    home = Home(folders(None))
    model = composition.model(home, None, lambda _what, _share: None)

    def bare():
        for _ in range(6):
            with (
                closing(VideoFile(Clip(DEMO / "demo_morning.mp4"))) as video,
                closing(composition.engine(model, video.period_s)) as engine,
            ):
                frames.append(sum(1 for _ in Watch(video, engine)))

    frames = []
    cv2.setNumThreads(1)
    alone, alone_wall = best(bare)
    one, one_wall = best(lambda: fresh(folder, folder / "v", "--runner", "local"))
    _, two_wall = best(lambda: fresh(folder, folder / "v", "--runner", "processes", "--workers", "2"))
    count = sum(frames[:6])
    print(f"video, {count} samples, CPU s (wall): bare engine {alone:.1f} ({alone_wall:.1f}), cohort {one:.1f} ({one_wall:.1f})")
    print(f"video, one process: {alone / one:.2f} of the bare engine's speed")
    print(f"video, two processes: {one_wall / two_wall:.2f} times as fast as one ({two_wall:.1f} s)")
    return {"sample": one / count}


def memory(folder):
    """Resident memory (MB) of a worker over two hundred traces, against the engine's alone."""
    path = trace(folder / "m" / "day.jsonl.gz", "sit 5min, stand 2min", 1.0)
    clip = DEMO / "demo_sit_tall.mp4"
    results = folder / "results"
    results.mkdir()
    script = (
        "import os,sys; sys.path[:0]=[sys.argv[1]]\n"
        "from pathlib import Path; import psutil\n"
        "from monitor.cohort.job import Job, run_job; from monitor.cohort.inputs import Kind\n"
        "rss=lambda: psutil.Process().memory_info().rss/1e6\n"
        "r=Path(sys.argv[4]); print(rss())\n"
        "for n in range(200):\n"
        "    run_job(Job(Path(sys.argv[2]), Kind.TRACE, 0.0, None, r))\n"
        "    for f in r.glob('*.gz'): f.unlink()\n"
        "    if n in (19, 199): print(rss())\n"
        "for n in range(12):\n"
        "    run_job(Job(Path(sys.argv[3]), Kind.VIDEO, float(n), None, r))\n"
        "    if n in (1, 11): print(rss())\n"
    )
    timed = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), path, clip, results], check=True, capture_output=True, text=True
    )
    start, early, late, video, videos_late = (float(line) for line in timed.stdout.split())
    print(f"memory of a worker: {start:.0f} MB at first, {early:.0f} after 20 traces, {late:.0f} after 200")
    print(f"memory of a worker with the engine: {video:.0f} MB after two clips, {videos_late:.0f} after twelve")
    bare = (
        "import sys; sys.path[:0]=[sys.argv[1]]\n"
        "from pathlib import Path; import psutil\n"
        "from monitor.adapters.camera.video import Clip, VideoFile; from monitor.app import composition\n"
        "from monitor.app.home import Home; from monitor.config import folders\n"
        "m=composition.model(Home(folders(None)), None, lambda w,s: None); v=VideoFile(Clip(Path(sys.argv[2])))\n"
        "e=composition.engine(m, v.period_s)\n"
        "while (f:=v.read()) is not None: e.detect(f)\n"
        "print(psutil.Process().memory_info().rss/1e6)\n"
    )
    alone = subprocess.run([sys.executable, "-c", bare, str(ROOT), clip], check=True, capture_output=True, text=True)
    print(f"memory of the engine alone: {float(alone.stdout):.0f} MB; a worker has {videos_late - float(alone.stdout):.0f} more")
    return {}


def alarms(folder):
    """How often the model of the page finds a difference where there is none, of seeds 0 to 199."""
    warnings.simplefilter("ignore")
    (folder / "results").mkdir()
    os.chdir(folder)
    lines = compile(blocks("python")[0], "the page", "exec")
    for difference in (0.0, 0.1):
        found = 0
        for seed in range(200):
            pq.write_table(made_up_days(seed, difference), "results/days.parquet")
            known = {}
            exec(lines, known)  # noqa: S102  # the page's own lines
            found += known["p_value"] < 0.05
        print(f"difference {difference:g}: found in {found / 2:.1f} % of 200 studies")
    return {}


PARTS = {"histories": histories, "traces": traces, "videos": videos, "memory": memory, "alarms": alarms}


def project(costs):
    """What 1,000 people with 14 days each would take on 100 workers like this one."""
    days = 1000 * 14
    each = (
        ("history", "histories", 1),
        ("trace", "traces at 1 Hz", 8 / 8.7),
        ("sample", "video at 5 Hz, 8 h a day", 8 * 3600 * 5),
    )
    for name, unit, amount in each:
        if name in costs:
            hours = costs[name] * amount * days / 3600
            print(f"1,000 people x 14 days of {unit}: {hours:.1f} CPU h, {60 * hours / 100:.1f} min on 100 workers")


if __name__ == "__main__":
    print(f"{psutil.cpu_count()} cores")
    costs = {}
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as place:
            costs |= PARTS[name](Path(place))
            os.chdir(ROOT)
    project(costs)
