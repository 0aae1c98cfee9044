"""How fast and how small the program is on this machine, beside its goals.  Run by hand, on an otherwise idle machine:

    python tests/benchmarks/run.py

Times are CPU time where that is what matters, else what a person waits.  Nothing here is a test: no machine is like another.
"""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision

from calibration.files import Part, from_files
from monitor.adapters.camera.video import Clip, VideoFile
from monitor.adapters.store import Store
from monitor.adapters.trace import Trace, TraceWriter
from monitor.adapters.vision.landmarker import Landmarker
from monitor.adapters.vision.pose_model import bundle_of
from monitor.app.composition import NETWORKS
from monitor.config import folders
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Event, Pipeline, Plan
from monitor.core.posture.baseline import Baseline, CalibrationStage
from monitor.core.posture.signals import SIGNALS
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import Minute, SignalMinute
from monitor.core.vocabulary import Activity, Reason
from monitor.ports import Frame
from monitor.run.loop import run
from monitor.run.sinks import StoreSink
from monitor.testing import MORNING

ROOT = Path(__file__).parents[2]
GOLDEN, DEMO = ROOT / "tests" / "golden", ROOT / "monitor" / "data" / "demo"
CLIPS = ("demo_sit_tall", "demo_sit_slumped", "demo_stand")
PERIOD_S = 0.2
PROGRAM = [sys.executable, str(ROOT / "run_monitor.py")]
# An installed program is compiled once, not at every start.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
# Linux counts the memory of the process that starts another as that other's, too: so a small one starts it.
WEIGH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
DAY_S = 86400.0


def baseline() -> Baseline:
    """The demo's calibration, from its traces."""

    def observe(path: Path, _start_s: float, _end_s: float) -> Trace:
        return Trace(path)

    return from_files([Part(s, GOLDEN / f"{name}.jsonl.gz") for s, name in zip(CalibrationStage, CLIPS, strict=True)], observe)


def hours(count: float) -> Iterator[Observation]:
    """Recorded landmarks, again and again, as so many hours at 5 Hz."""
    recorded = [obs for name in ("side_dev", "demo_stand", "demo_sit_slumped") for obs in Trace(GOLDEN / f"{name}.jsonl.gz")]
    for i in range(round(count * 3600 / PERIOD_S)):
        yield replace(recorded[i % len(recorded)], t=MORNING + i * PERIOD_S)


def steps_per_second() -> float:
    """Steps of the pipeline per second of CPU time."""
    observations, pipeline = list(hours(1)), Pipeline(Plan(baseline()))
    begun = time.process_time()
    for obs in observations:
        pipeline.step(obs)
    return len(observations) / (time.process_time() - begun)


def replay_speed() -> float:
    """Scenario time over waiting time of a trace at 5 Hz that is read, worked through and stored."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hour.jsonl.gz"
        with closing(TraceWriter(path, period_s=PERIOD_S, source="benchmark")) as trace:
            for obs in hours(1):
                trace.write(obs)
        begun = time.perf_counter()
        with Store(Path(folder) / "history.db") as store:
            begin = partial(store.begin, source="benchmark", profile=None, program="0")
            run(Trace(path), Pipeline(Plan(baseline())), [StoreSink(begin)])
        return 3600 / (time.perf_counter() - begun)


def frames() -> list[Frame]:
    """The demo's clips, decoded, as one stream at 5 Hz."""
    found: list[Frame] = []
    for name in CLIPS:
        with closing(VideoFile(Clip(DEMO / f"{name}.mp4"))) as video:
            found += iter(video.read, None)  # type: ignore[arg-type]  # None only ends it
    return [replace(frame, t=i * PERIOD_S) for i, frame in enumerate(found)]


def bare(model: Path, pictures: Sequence[Frame]) -> float:
    """CPU seconds of MediaPipe alone, masks on, over these pictures."""
    options = vision.PoseLandmarkerOptions(BaseOptions(str(model)), vision.RunningMode.VIDEO, output_segmentation_masks=True)
    with vision.PoseLandmarker.create_from_options(options) as engine:
        return _cpu(
            lambda frame: engine.detect_for_video(mp.Image(mp.ImageFormat.SRGB, frame.rgb), round(1000 * frame.t)), pictures
        )


def whole(model: Path, pictures: Sequence[Frame]) -> float:
    """CPU seconds of everything that a frame goes through, over the same pictures."""
    pipeline = Pipeline(Plan(baseline()))
    with closing(Landmarker(model, period_s=PERIOD_S)) as engine:
        return _cpu(lambda frame: pipeline.step(engine.detect(frame)), pictures)


def _cpu(work: Callable[[Frame], object], pictures: Sequence[Frame]) -> float:
    for frame in pictures[:5]:  # the first ones are the slow ones
        work(frame)
    begun = time.process_time()
    for frame in pictures[5:]:
        work(frame)
    return time.process_time() - begun


def frame_cost(model: Path) -> float:
    """CPU time per analysed frame over that of the bare landmarker, each the best of three, taken in turn."""
    pictures = frames()
    turns = [(whole(model, pictures), bare(model, pictures)) for _ in range(3)]
    return min(ours for ours, _ in turns) / min(theirs for _, theirs in turns)


def watching(clip: str, folder: str) -> list[str]:
    """The command that watches a clip of the demo."""
    return [*PROGRAM, "run", "--source", str(DEMO / f"{clip}.mp4"), "--notify", "none", "--data", folder]


def first_reading_s() -> float:
    """What a person waits from Enter to the first line, with everything in the disk's cache: the middle of three starts."""
    return median(_until_the_first_line() for _ in range(3))


def _until_the_first_line() -> float:
    with TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with subprocess.Popen(watching("demo_sit_tall", folder), stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
            assert process.stdout is not None
            next(line for line in process.stdout if "sitting" in line)
            waited = time.perf_counter() - begun
            process.terminate()
            process.stdout.read()
        return waited


def peak_memory_mb(clip: str, *options: str) -> float:
    """The most memory that a run of the clip held.

    Pictures far apart, as of the demo's morning, are each looked at alone; where nobody is found, a second copy of the networks
    looks again with less certainty, which a stream does not need.
    """
    with TemporaryDirectory() as folder:
        morning = [*watching(clip, folder), *options, "--pace", "fast"]
        weighed = subprocess.run(
            [sys.executable, "-c", WEIGH, *morning], check=True, capture_output=True, text=True, env=ENVIRONMENT
        )
    return float(weighed.stdout) / (1024 if sys.platform == "linux" else 1024**2)


def summary_s() -> float:
    """What a person waits for ``summary --week`` in a store that holds a year: the middle of five."""
    with TemporaryDirectory() as folder:
        with Store(Path(folder) / "history.db") as store:
            for day in range(365):
                if day % 7 < 5:  # Monday to Friday
                    session = store.begin(MORNING + day * DAY_S, source="benchmark", profile=None, program="0")
                    session.write(MORNING + day * DAY_S + 8 * 3600, None, list(working_day(MORNING + day * DAY_S)))
                    session.end(MORNING + day * DAY_S + 8 * 3600)
        command = [*PROGRAM, "summary", "--week", "--day", "2027-02-26", "--data", folder]
        assert (
            "40 h 00 min watched" in subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout
        )
        return median(_waited(command) for _ in range(5))


def working_day(start: float) -> Iterator[Event]:
    """Eight hours: 24 bouts of sitting, standing and being away, and every signal of every minute."""
    for i in range(24):
        begin = start + i * 1200
        yield Bout(Activity.SITTING, begin, begin + 900)
        yield Bout((Activity.STANDING, Activity.AWAY)[i % 2], begin + 900, begin + 1200)
    measured = SignalMinute(12.0, 58.0, 58.0, 6.0, 6.0, None)
    unseen = SignalMinute(math.nan, 0.0, 0.0, 0.0, 0.0, Reason.FRONT_VIEW_NEEDED)
    for i in range(480):
        yield Minute(start + 60 * i, {s.name: measured if k % 2 else unseen for k, s in enumerate(SIGNALS)})


def _waited(command: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
    return time.perf_counter() - begun


def main() -> None:
    """Measure everything and print the table."""
    model = bundle_of(NETWORKS, folders(None).cache, lambda _what, _share: None)
    rows: tuple[tuple[str, Callable[[], float], str, float], ...] = (
        ("pipeline, steps per second", steps_per_second, ">=", 3000),
        ("replay at 5 Hz, times real time", replay_speed, ">=", 500),
        ("CPU per frame / bare landmarker", partial(frame_cost, model), "<=", 1.15),
        ("peak memory, a stream, MB", partial(peak_memory_mb, "demo_sit_slumped"), "<=", 280),
        ("peak memory, far apart, MB", partial(peak_memory_mb, "demo_morning", "--time-scale", "200"), "<=", 340),
        ("start to first reading, s", first_reading_s, "<=", 3),
        ("summary --week of a year, s", summary_s, "<=", 0.5),
    )
    print(f"{'':34}{'measured':>10}{'goal':>10}")
    for what, measure, sign, goal in rows:
        value = measure()
        reached = value >= goal if sign == ">=" else value <= goal
        print(f"{what:34}{value:>10.4g}{f'{sign} {goal:g}':>10}{'' if reached else '   missed'}", flush=True)


if __name__ == "__main__":
    main()
