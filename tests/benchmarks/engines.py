"""MediaPipe and LiteRT side by side on this machine, beside the goals, and how far apart what they see is.

    python tests/benchmarks/engines.py [--minutes 5] [--clip CLIP.mp4]... [--pictures FOLDER/*.jpg]

Each figure of cost is that of a process of its own; CPU is user and system time of all threads, with the silhouette, the
smoothing and the outline of the back, as the monitor runs.  Goals are shares of MediaPipe's figure.  Below stands what is apart
on the same pictures: LiteRT from MediaPipe, and MediaPipe from itself when one pixel in a hundred is changed by one grey level,
which nobody can see.
"""

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import cv2
import numpy as np
import psutil
from engine_pairs import differences, pictures

from monitor.adapters.vision.pose_model import bundle_of
from monitor.app.composition import NETWORKS, engine, opener
from monitor.app.engines import PACKAGES
from monitor.app.home import PoseModelFile
from monitor.config import folders
from monitor.core.vocabulary import Engine
from monitor.ports import Frame

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "monitor" / "data" / "demo"
FRAMES = 150
# Figure, unit, and what of MediaPipe's LiteRT may need at most.
FIGURES = (
    ("load", "s", 0.35),
    ("load_cpu", "s", 0.35),
    ("first_reading", "s", None),
    ("memory", "MB", 0.7),
    ("cpu_frame", "ms", 0.9),
    ("cpu_hour", "s", None),
    ("install", "MB", None),
    ("threads", "", None),
)


def model_of(chosen: Engine) -> PoseModelFile:
    mediapipe = chosen is Engine.MEDIAPIPE
    return PoseModelFile(bundle_of(NETWORKS, folders(None).cache, lambda *_: None) if mediapipe else NETWORKS, chosen)


def cost(chosen: Engine) -> dict[str, float]:
    """The figures of this process, which has loaded no engine yet."""
    me, model, clip = psutil.Process(), model_of(chosen), DEMO / "demo_sit_slumped.mp4"
    _, rgb = next(pictures(clip))
    began, busy = time.perf_counter(), cpu_s(me)
    with closing(engine(model, 0.2)) as pose_engine:
        load, load_cpu = time.perf_counter() - began, cpu_s(me) - busy
        pose_engine.detect(Frame(0.0, rgb))
        first = time.perf_counter() - began
        for i in range(1, 20):
            pose_engine.detect(Frame(i / 5, rgb))
        memory, threads = me.memory_info().rss / 2**20, me.num_threads()
        scenario = list(pictures(clip, 5)) * 8
        busy = cpu_s(me)
        for i, (_, rgb) in enumerate(scenario[:FRAMES], 20):
            pose_engine.detect(Frame(i / 5, rgb))
        frame = 1000 * (cpu_s(me) - busy) / len(scenario[:FRAMES])
    return {
        "load": load, "load_cpu": load_cpu, "first_reading": first, "memory": memory, "cpu_frame": frame, "threads": threads,
    }  # fmt: skip


def cpu_s(process: psutil.Process) -> float:
    """User and system time of all threads so far (s)."""
    return sum(process.cpu_times()[:2])


def install_mb(package: str) -> float:
    """What the package itself takes on the disk (MB)."""
    files = [Path(str(file.locate())) for file in importlib.metadata.files(package) or () if file.suffix != ".pyc"]
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


def alone(*arguments: str) -> dict[str, float]:
    ended = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(ended.stdout.splitlines()[-1])


def costs(minutes: float) -> None:
    rows = {}
    for chosen in Engine:
        runs = [alone(__file__, "--cost", chosen) for _ in range(3)]
        rows[chosen] = {name: min(run[name] for run in runs) for name in runs[0]}
        scenario = ("--kind", "adaptive", "--script", f"tall {60 * minutes:g}", "--engine", chosen)
        rows[chosen]["cpu_hour"] = alone("tests/benchmarks/background.py", *scenario)["per_hour"] if minutes else 0.0
        rows[chosen]["install"] = install_mb(PACKAGES[chosen])
    print(f"{'':16}{'mediapipe':>12}{'litert':>12}{'share':>8}{'goal':>8}")
    for name, unit, goal in FIGURES:
        ours, theirs = rows[Engine.LITERT][name], rows[Engine.MEDIAPIPE][name]
        if not theirs:
            continue
        verdict = f"{goal:8.2f}  {'holds' if ours <= goal * theirs else 'MISSED'}" if goal else ""
        print(f"{f'{name} {unit}':16}{theirs:12.2f}{ours:12.2f}{ours / theirs:8.2f}{verdict}", flush=True)


def apart(what: str, frames: list, *, tracks: bool) -> None:
    """Prints what is apart on these frames, for LiteRT and for MediaPipe on pictures that nobody could tell from them."""
    for chosen, noise in ((Engine.LITERT, False), (Engine.MEDIAPIPE, True)):
        (first, one), (second, two) = ((opener(kind), model_of(kind).path) for kind in (Engine.MEDIAPIPE, chosen))
        with closing(first(one, 0.5, people=1, tracks=tracks)) as a, closing(second(two, 0.5, people=1, tracks=tracks)) as b:
            found = differences(a, with_noise(b) if noise else b, frames)
        landmarks, masks = 100 * found.landmarks, found.silhouettes
        print(
            f"{what[:34]:36}{'itself' if noise else 'litert':8}{found.same:5d}/{found.count:<5d}"
            f"{np.median(landmarks):8.3f}{np.percentile(landmarks, 95):8.2f}"
            f"{np.percentile(found.visibility, 95):9.4f}{found.visibility.max():8.3f}{np.median(masks):9.4f}{masks.min():8.3f}",
            flush=True,
        )


def with_noise(networks):
    chance = np.random.default_rng(0)

    def detect(rgb, t_ms):
        where = chance.random(rgb.shape[:2]) < 0.01
        changed = rgb.copy()
        changed[where] = np.where(changed[where] < 255, changed[where] + 1, 254)
        return networks.detect(changed, t_ms)

    return SimpleNamespace(detect=detect)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cost", type=Engine)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--clip", type=Path, action="append")
    parser.add_argument("--pictures", type=Path, nargs="*")
    chosen = parser.parse_args()
    if chosen.cost:
        print(json.dumps(cost(chosen.cost)))
        return
    costs(chosen.minutes)
    print(f"\n{'apart from MediaPipe':44}{'person':>10}{'% trunk':>9}{'95 %':>8}{'visib.':>9}{'max':>8}{'IoU':>9}{'min':>8}")
    if chosen.pictures:
        frames = [(0.0, np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])) for path in chosen.pictures]
        apart(f"{len(frames)} pictures", frames, tracks=False)
    for clip in chosen.clip or [DEMO / "demo_morning.mp4"]:
        apart(clip.name, list(pictures(clip, 5)), tracks=True)


if __name__ == "__main__":
    main()
