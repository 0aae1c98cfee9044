"""What watching costs: CPU seconds per monitored hour, beside a fixed rate and beside a plain loop, on the same pictures.

    python tests/benchmarks/background.py [--minutes 60] [--clip side_dev.mp4]

Each contender runs in a process of its own.  Decoding and the camera's own noise are made by the source, timed apart, and left
out of every figure; user and system time of all threads is counted.  The program is the whole program: it outlines the back,
keeps its history, takes orders, and what it asks of the desktop (in processes of their own) is measured and added.

Scenarios are made of parts of one clip of a person at a desk, whose pictures get fresh sensor noise each time, as a webcam's
have.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

# As the program sets it, before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np

from calibration.files import Part, from_files
from monitor.adapters.desktop_state import look
from monitor.adapters.desktop_state.poller import EVERY_S
from monitor.adapters.store import CommandQueue, Store
from monitor.adapters.system.battery import on_battery
from monitor.adapters.system.resident_memory import resident_mb
from monitor.adapters.vision.change_detection import ChangeDetector
from monitor.adapters.vision.pose_model import bundle_of
from monitor.adapters.vision.presence import PresenceCheck
from monitor.adapters.vision.user_crop import UserCrop
from monitor.app.composition import NETWORKS, engine, landmarker
from monitor.app.home import PoseModelFile
from monitor.config import folders
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.posture.baseline import Baseline, CalibrationStage
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.kinds import SETTABLE
from monitor.core.reminders.suppression import Suppression
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Engine
from monitor.live.engine_recycler import EngineRecycler
from monitor.live.source import LiveParts, LiveSource, RunConditions
from monitor.ports import Frame, LivePoseEngine, Source
from monitor.run.control import Control
from monitor.run.loop import Watch, run
from monitor.run.sinks import StoreSink
from monitor.testing import ManualClock

CLIP = Path(__file__).parents[3] / "shared" / "data" / "clips" / "side_dev.mp4"
WIDTH = 640
# Parts of the clip (s): those that are looped there and back, and those that are played once.
STILL = {"tall": (1, 7.5), "slumped": (14, 17.5), "stand": (26, 32), "walk": (33.5, 36.5), "away": (38, 41)}
ONCE = {"slump": (7.5, 14), "recover": (18, 23), "rise": (23, 26), "go": (32, 38), "come": (41, 50)}
# Twenty minutes with four changes of activity and 100 s of moving: three of them are a lively hour.
LIVELY = "tall 330, slump, slumped 110, recover, tall 60, rise, stand 200, walk 80, go, away 120, come, tall 260"
# The same changes with less between them, for the comparison of what was found.
SHORT = (
    "tall 70, slump, slumped 100, recover, tall 10, rise, stand 60, go, away 40, come, tall 60, rise, stand 20, go, come, tall 15"
)
KINDS = ("adaptive", "1", "10", "30")
SOON = {"sat_too_long": {"soft_min": 1, "firm_min": 3}, "stood_too_long": {"soft_min": 1, "firm_min": 3}}


class Scenario:
    """Pictures of a scenario told in phases; ``cost_s`` is the CPU time that making them took."""

    def __init__(self, clip: Path, script: str) -> None:
        began = time.process_time()
        video = cv2.VideoCapture(str(clip))
        self.fps, self.frames = video.get(cv2.CAP_PROP_FPS), []
        while (got := video.read())[0]:
            small = cv2.resize(got[1], None, fx=WIDTH / got[1].shape[1], fy=WIDTH / got[1].shape[1], interpolation=cv2.INTER_AREA)
            self.frames.append(cv2.cvtColor(small, cv2.COLOR_BGR2RGB))
        grain = np.random.default_rng(0).normal(0, 2.5, (8, *self.frames[0].shape))
        self.grain = [np.clip(one + 8, 0, 16).astype(np.uint8) for one in grain]
        self.order = [index for phase in script.split(",") for index in self.played(*phase.split())]
        self.cost_s = time.process_time() - began
        self.count = 0
        # Asking for the time costs time: of the two questions for a picture one half each falls outside.
        began = time.process_time()
        for _ in range(2000):
            time.thread_time()
        self.asking_s = (time.process_time() - began) / 2000

    def played(self, name: str, seconds: str = "") -> list[int]:
        first, last = (round(s * self.fps) for s in (STILL | ONCE)[name])
        if not seconds:
            return list(range(first, last))
        there_and_back = [*range(first, last), *range(last - 2, first, -1)]
        return (there_and_back * (1 + round(float(seconds) * self.fps) // len(there_and_back)))[
            : round(float(seconds) * self.fps)
        ]

    @property
    def seconds(self) -> float:
        return len(self.order) / self.fps

    def at(self, t: float, s: float) -> Frame | None:
        """The picture at ``s`` seconds, stamped ``t``."""
        began = time.thread_time()
        index = int(s * self.fps)
        self.count += 1
        frame = None
        if index < len(self.order):
            picture = self.frames[self.order[index]]
            frame = Frame(t, cv2.subtract(cv2.add(picture, self.grain[self.count % 8]), np.full_like(picture, 8)))
        self.cost_s += time.thread_time() - began + self.asking_s
        return frame


class Tape:
    """A scenario as a device of the live source and as a plain camera."""

    failure = None
    opened = ended = True

    def __init__(self, scenario: Scenario, clock: ManualClock, period_s: float) -> None:
        self.scenario, self.clock, self.period_s, self.begin = scenario, clock, period_s, clock.t

    @property
    def is_over(self) -> bool:
        return self.clock.t - self.begin + self.period_s >= self.scenario.seconds

    def take(self, _wait_s: float) -> Frame | None:
        self.clock.sleep(self.period_s)
        return self.scenario.at(self.clock.t, self.clock.t - self.begin)

    def stop(self) -> None:
        pass

    close = stop


class Camera(Tape):
    def read(self) -> Frame | None:  # type: ignore[override]
        return None if self.is_over else self.take(0.0)


class EventRecorder:
    """A sink that records every event."""

    def __init__(self) -> None:
        self.events: list[object] = []

    def write(self, _obs, step) -> None:
        self.events += step.events

    def close(self, events) -> None:
        self.events += events


class ScenarioClock(ManualClock):
    """A clock that nobody sets."""

    def drift(self) -> float:
        return 0.0

    def stop(self) -> None:
        pass


def source_of(kind: str, scenario: Scenario, pose_engine: LivePoseEngine, history: Path) -> tuple[Source, Control | None]:
    clock = ScenarioClock()
    if kind == "adaptive":
        tape = Tape(scenario, clock, 0.25)
        control = Control(CommandQueue(history), lambda: None, clock, Suppression())
        around = RunConditions(control.pause_reason, until=lambda: tape.is_over)
        return LiveSource(
            LiveParts(lambda: tape, PresenceCheck(UserCrop(pose_engine)), ChangeDetector().compare), clock, around
        ), control
    period_s = 1 / float(kind)
    return Watch(Camera(scenario, clock, period_s), pose_engine), None


def looking_around() -> float:
    """CPU seconds per hour of asking the desktop, other programs included."""
    began, looks = os.times(), 20
    for _ in range(looks):
        look(0.0, on_battery)
    return sum(b - a for a, b in zip(began[:4], os.times()[:4], strict=True)) / looks * 3600 / EVERY_S


def contend(kind: str, clip: Path, script: str, profile: Path | None, chosen: Engine) -> dict:
    bundle = bundle_of(NETWORKS, folders(None).cache, lambda _what, _share: None)
    model = PoseModelFile(bundle if chosen is Engine.MEDIAPIPE else NETWORKS, chosen)
    before_mb = resident_mb()
    scenario = Scenario(clip, script)
    story_mb = resident_mb() - before_mb
    baseline = baseline_of(clip, model) if profile else Baseline()
    rules = {name: SETTABLE[name].make(**SOON.get(name, {})) for name in SETTABLE}
    recorder = EventRecorder()
    period_s = 0.25 if kind == "adaptive" else 1 / float(kind)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        store = stack.enter_context(Store(folder / "history.db"))
        pose_engine = stack.enter_context(closing(EngineRecycler(lambda: landmarker(model, period_s), resident_mb)))
        source, control = source_of(kind, scenario, pose_engine, folder / "history.db")
        plan = Plan(baseline, rules=rules, period_s=source.period_s)
        pipeline = Pipeline(plan, control.suppression if control else None)
        begin = partial(store.begin, source=kind, profile=None, program="benchmark")
        sinks = [recorder, StoreSink(begin)] if kind == "adaptive" else [recorder]
        made, began = scenario.cost_s, sum(os.times()[:2])
        count = run(control.joined(source) if control else source, pipeline, sinks)
        cpu = sum(os.times()[:2]) - began - (scenario.cost_s - made)
    bouts = [(e.activity.value, round(e.start - ManualClock().t, 2)) for e in recorder.events if isinstance(e, Bout)]
    reminders = [(e.kind, round(e.t - ManualClock().t, 2)) for e in recorder.events if isinstance(e, Reminder)]
    around = looking_around() if kind == "adaptive" else 0.0
    return {
        "per_hour": cpu * 3600 / scenario.seconds + around,
        "around": around,
        "source_s": scenario.cost_s,
        "observations": count,
        "bouts": bouts,
        "reminders": reminders,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - story_mb,
    }


def baseline_of(clip: Path, model: PoseModelFile) -> Baseline:
    def observe(path: Path, start_s: float, end_s: float) -> Iterator[object]:
        video, pose_engine, t = cv2.VideoCapture(str(path)), engine(model, 0.125), 0.0
        while (got := video.read())[0] and (t := t + 0.125) < end_s:
            if t >= start_s:
                yield pose_engine.detect(Frame(t, cv2.cvtColor(got[1], cv2.COLOR_BGR2RGB)))
        pose_engine.close()

    return from_files([Part(CalibrationStage.SITTING_TALL, clip, 0.5, 7.5)], observe)


def alone(kind: str, clip: Path, script: str, *, calibrated: bool = False) -> dict:
    """The figures of one contender in a process of its own."""
    arguments = [sys.executable, __file__, "--clip", clip, "--kind", kind, "--script", script]
    arguments += ["--calibrated"] if calibrated else []
    return json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)


def compare(clip: Path, minutes: float) -> None:
    scenarios = {
        "sitting still": (f"tall {60 * minutes:g}", f"tall {15 * minutes:g}", "tall 120", "tall 60"),
        "lively": (", ".join([LIVELY] * max(1, round(minutes / 20))), LIVELY, SHORT, "tall 20, slump, rise"),
    }
    print(f"{'CPU s per monitored hour':26}" + "".join(f"{name:>10}" for name in (*KINDS, "30 : ours")))
    for name, scripts in scenarios.items():
        figures = [alone(kind, clip, script) for kind, script in zip(KINDS, scripts, strict=True)]
        costs = [one["per_hour"] for one in figures]
        print(f"{name:26}" + "".join(f"{cost:10.1f}" for cost in costs) + f"{costs[-1] / costs[0]:10.0f}", flush=True)
        print(f"  of ours, asking the desktop {figures[0]['around']:.1f}; peak memory {figures[0]['peak_mb']:.0f} MB", flush=True)
    ours, loop = (alone(kind, clip, SHORT, calibrated=True) for kind in ("adaptive", "10"))
    off = [a[1] - b[1] for a, b in zip(ours["bouts"], loop["bouts"], strict=False)]
    print(f"bouts, every picture: {loop['bouts']}")
    # The first bout begins when the camera has warmed up.
    print(f"bouts, adaptive:      {ours['bouts']}; transitions off by at most {max(map(abs, off[1:])):.2f} s")
    print(f"reminders: {loop['reminders']} and {ours['reminders']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=CLIP)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kind")
    parser.add_argument("--script")
    parser.add_argument("--calibrated", action="store_true")
    parser.add_argument("--engine", type=Engine, default=Engine.MEDIAPIPE)
    chosen = parser.parse_args()
    if not chosen.kind:
        compare(chosen.clip, chosen.minutes)
        return
    profile = chosen.clip if chosen.calibrated else None
    print(json.dumps(contend(chosen.kind, chosen.clip, chosen.script, profile, chosen.engine)))


if __name__ == "__main__":
    main()
