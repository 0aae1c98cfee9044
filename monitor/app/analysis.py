"""Analysis of recordings: the observation in each picture, or in each sample of a video or trace."""

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.adapters.trace import Trace
from monitor.app.backdating import backdated
from monitor.app.scene import Rotate, Scene
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Pipeline, Plan, Step
from monitor.core.posture.readings import Reading
from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.suppression import RunInput
from monitor.core.vocabulary import Reason
from monitor.ports import Frame, PoseEngine
from monitor.texts.catalogue import label, reason, text
from monitor.texts.reminders import labels

_DIGITS = 4
# Single pictures are farther apart (s) than anything is carried over.
_NO_NEXT_S = 60.0
_WHOLE = frozenset({"deg", "%"})
TRACES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture or sample: its time in the recording (s, None for a picture), the observation, and the frame if there is one.

    ``inputs`` are the run inputs between it and the frame before.
    """

    t_s: float | None
    obs: Observation
    frame: Frame | None
    inputs: tuple[RunInput, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """An opened recording; ``remark`` tells afterwards what was wrong with it, None if nothing.

    ``trace`` is what is read, None where this machine's engine sees pictures.
    """

    period_s: float
    seen: Iterator[Seen]
    remark: Callable[[], str | None] = lambda: None
    trace: Trace | None = None


class Reader:
    """Opens pictures, videos and traces; the engines come from ``engine(period_s, scene)``, None for single pictures.

    Pictures of a rotated camera are turned clockwise by ``rotate`` (deg); with ``auto`` videos are, once
    their bodies have shown it, and ``say`` receives a line.
    """

    def __init__(
        self,
        engine: Callable[[float | None, Scene], PoseEngine],
        every_s: float,
        rotate: Rotate = 0,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._engine, self._every_s, self._rotate, self._say = engine, every_s, rotate, say
        self._still: PoseEngine | None = None
        self._videos: list[Generator[Seen]] = []

    def open(self, path: Path, start_s: float = 0.0, end_s: float = math.inf) -> Recording:
        """The recording in ``path``, of a video the part from ``start_s`` to ``end_s``.  Raises SourceError."""
        if path.name.endswith(TRACES):
            trace = Trace(path)
            return Recording(trace.period_s, _since_its_start(trace), lambda: trace.remark, trace)
        from monitor.adapters.camera.video import is_image

        return self._picture(path) if is_image(path) else self._video(path, start_s, end_s)

    def close(self) -> None:
        """Free the engines, also of a video that was not read to its end; may be called twice."""
        for samples in self._videos:
            samples.close()
        self._videos.clear()
        if self._still:
            self._still.close()

    def _picture(self, path: Path) -> Recording:
        from monitor.adapters.camera.video import read_image

        frame = read_image(path, Scene(self._rotate).degrees)
        self._still = self._still or self._engine(None, Scene())
        return Recording(_NO_NEXT_S, iter([Seen(None, self._still.detect(frame), frame)]))

    def _video(self, path: Path, start_s: float, end_s: float) -> Recording:
        from monitor.adapters.camera.video import Clip, VideoFile

        scene = Scene(self._rotate, self._say)
        video = VideoFile(Clip(path, start_s, end_s), every_s=self._every_s, turn=scene.now)
        samples = self._samples(video, scene)
        self._videos.append(samples)
        return Recording(video.period_s, samples, lambda: video.remark)

    def _samples(self, video: Any, scene: Scene) -> Generator[Seen]:
        engine = self._engine(video.period_s, scene)
        try:
            for frame, seen in backdated(iter(video.read, None), engine.detect):
                yield Seen(frame.t, seen, frame)
        finally:
            engine.close()
            video.close()


def _since_its_start(trace: Trace) -> Iterator[Seen]:
    start, inputs = None, list[RunInput]()
    for obs in trace:
        if not isinstance(obs, Observation):
            inputs.append(obs)
            continue
        start = obs.t if start is None else start
        yield Seen(obs.t - start, obs, None, tuple(inputs))
        inputs.clear()


def analysed(recording: Recording, plan: Plan) -> Iterator[tuple[Seen, Step]]:
    """Each sample with its step of one pipeline, created for this recording."""
    pipeline = Pipeline(plan)
    for seen in recording.seen:
        for entry in seen.inputs:
            pipeline.accept(entry)
        yield seen, pipeline.step(seen.obs)


def row_of(file: str, seen: Seen, step: Step) -> dict[str, Any]:
    """One JSON object of ``analyze --json`` (docs/machine-interface.md); what cannot be measured is null with a ``why``."""
    return {
        "file": file,
        "t_s": None if seen.t_s is None else round(seen.t_s, 3),
        "person": seen.obs.pose is not None,
        "why": seen.obs.why or step.sample.why,
        "view": step.view.value if step.view else None,
        "activity": step.sample.activity.value,
        "assumed": step.sample.assumed,
        "state": step.state.value,
        "posture": step.posture.state,
        "off": sorted(step.posture.off),
        "signals": {s.name: _signal(step.readings[s.name], s.unit) for s in SIGNALS},
    }


def text_of(file: str, seen: Seen, step: Step) -> str:
    """One line for people: the observation and the readings."""
    when = "" if seen.t_s is None else f" {seen.t_s:.1f} s"
    if seen.obs.pose is None or step.sample.why == Reason.TURNED:
        return f"{file}{when}: {reason(step.sample.why or seen.obs.why or step.state)}"
    view, activity = f"{step.view} view" if step.view else "view unknown", text("activities", step.sample.activity)
    measured = [(s, step.readings[s.name]) for s in SIGNALS if step.readings[s.name].measured]
    values = ", ".join(f"{label(s.name)} {r.value:.{0 if s.unit in _WHOLE else 2}f}{_spread(r)} {s.unit}" for s, r in measured)
    assumed = " (assumed)" if step.sample.assumed else f" ({reason(step.sample.why)})" if step.sample.why else ""
    off = f" ({labels(tuple(sorted(step.posture.off)))})" if step.posture.off else ""
    return f"{file}{when}: {view}, {activity}{assumed}, posture {step.posture.state}{off}; {values}"


def _spread(reading: Reading) -> str:
    return "" if math.isnan(reading.sd) else f" +- {reading.sd:.{0 if reading.sd >= 1 else 2}f}"


def _signal(reading: Reading, unit: str) -> dict[str, Any]:
    return {"value": _number(reading.value), "sd": _number(reading.sd), "unit": unit, "why": reading.why}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, _DIGITS)
