"""``run`` watches, times and reminds; ``replay`` does the same from a recorded landmark trace."""

import math
from collections.abc import Iterator
from dataclasses import replace as changed
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from monitor.adapters.store import Store
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.trace import Trace
from monitor.app import composition, recordings
from monitor.app.home import HISTORY, Home, Pace, PoseModelFile, WatchOptions, open_home
from monitor.cli.history import show_session
from monitor.cli.options import Data, Model, Notify, ProfileName, SourceName
from monitor.cli.output import out, progress
from monitor.cli.streams import mute
from monitor.core.body.pose import Observation
from monitor.core.camera.source_name import shown
from monitor.core.errors import CameraUnavailable, ConfigError, TraceCorrupt
from monitor.core.reminders.suppression import RunInput
from monitor.process_limits import few_collections
from monitor.run.ownership import owned
from monitor.run.session import RunPlan, record
from monitor.run.shutdown import on_request

PaceOf = Annotated[Pace, typer.Option("--pace", help="Work through a file like a camera, or as fast as it goes.")]
TimeScale = Annotated[
    float,
    typer.Option("--time-scale", metavar="N", min=0.001, max=86400, help="How many seconds pass in one second of a time-lapse."),
]
TraceFile = Annotated[
    Path | None, typer.Option("--trace", metavar="FILE", help="Record landmarks (no pictures) to this .jsonl or .jsonl.gz file.")
]
TraceName = Annotated[Path, typer.Argument(metavar="TRACE", help="A trace that run --trace recorded.", show_default=False)]
Start = Annotated[
    str | None,
    typer.Option("--start", metavar="WHEN", help="When a recorded file began, such as 2026-03-02T09:00.", show_default="now"),
]
IntoHistory = Annotated[
    bool, typer.Option("--into-history", help="Keep a recorded file in your own history, not in recordings/NAME.db.")
]
Speed = Annotated[float, typer.Option("--speed", metavar="N", min=0, help="Times real time; 0 is as fast as it goes.")]


def run(  # noqa: PLR0913  # a command's options
    source: SourceName = None,
    pace: PaceOf = Pace.REAL,
    time_scale: TimeScale = 1.0,
    profile: ProfileName = None,
    notify: Notify = None,
    trace: TraceFile = None,
    start: Start = None,
    into_history: IntoHistory = False,
    model: Model = None,
    data: Data = None,
) -> None:
    """Watch, time and remind until Ctrl-C; then show the session. A recorded file gets a history of its own."""
    from monitor.run.restarts import watch

    home = open_home(data)
    chosen = composition.comparable(home, composition.profile(home, profile))
    name = source or str(home.settings.camera.device)
    try:
        with owned(home) as may_begin:
            if may_begin:
                # Only now: a monitor that may not begin opens no file, not even to learn its length.
                span = _span(home, name, (pace, time_scale), start, into_history=into_history)
                what = WatchOptions(name, _model(home, model), pace, time_scale, span[0] if span else None)
                what = composition.as_calibrated(what, chosen)
                how = notify or home.settings.notify
                told = RunPlan(shown(name), chosen, how, trace, engine=composition.engine_name(what.model))
                told = told if into_history or span is None else _apart(home, told, name, span)
                recordings.announce(home, told.history)
                for number in watch(home, what, lambda at, seen, control: record(at, seen, told, control)):
                    _show(home, number, told.history)
    except CameraUnavailable as error:
        if source is not None:
            raise
        raise CameraUnavailable(f"{error}; to see the program at work without a camera: posture-monitor demo") from error


def _span(
    home: Home, name: str, played: tuple[Pace, float], start: str | None, *, into_history: bool
) -> tuple[float, float] | None:
    """Start and end of a recorded file (POSIX s): as given, else it ends or begins now.  None for a camera."""
    if composition.is_live(name):
        if start or into_history:
            raise ConfigError("--start and --into-history belong to a recorded file; a camera is watched now")
        return None
    from monitor.adapters.camera.video import length_s

    (pace, time_scale), now = played, SystemClock().now()
    lasts = length_s(Path(name)) * time_scale
    begin = recordings.start_of(start, home.tz) if start else now - (lasts if pace is Pace.FAST else 0.0)
    if into_history and not lasts:
        raise ConfigError(f"{name} does not tell its length; run it without --into-history")
    if into_history:
        recordings.check_free(home, begin, begin + lasts, math.inf if pace is Pace.REAL and start is None else now)
    return begin, begin + lasts


def _apart(home: Home, told: RunPlan, file: str, span: tuple[float, float]) -> RunPlan:
    """The same run with the recording's own history; the person's entries are read from the personal history."""
    own = home.folders.data / HISTORY
    Store(own).close()  # commands reach the monitor through it
    return changed(told, history=recordings.free_recording(home, file, *span), personal_history=own)


def _model(home: Home, override: Path | None) -> PoseModelFile:
    with progress() as report:
        return composition.model(home, override, report)


def _show(home: Home, number: int, recording: Path | None) -> None:
    """Print the session; it stays stored even if its page cannot be printed."""
    try:
        show_session(home, number, recording)
        if recording is not None:
            out.print(f"\nTo see it again: posture-monitor summary --recording {recording.stem}", markup=False, soft_wrap=True)
    except OSError:  # a full disk, a closed terminal or a closed pipe
        mute()


def replay(
    trace: TraceName, speed: Speed = 0.0, profile: ProfileName = None, notify: Notify = "console", data: Data = None
) -> None:
    """Work through a recorded trace; your own history is left alone."""
    home = open_home(data)
    recorded = Trace(trace)
    chosen = composition.comparable(home, composition.profile(home, profile), recorded)
    with TemporaryDirectory() as folder:
        apart = changed(home, folders=changed(home.folders, data=Path(folder)))
        with on_request((clock := SystemClock()).stop):
            personal = path if (path := home.folders.data / HISTORY).exists() else None
            run_plan = RunPlan(shown(str(trace)), chosen, notify or "console", personal_history=personal, is_replay=speed == 0)
            with few_collections():
                number = record(apart, Paced(recorded, speed, clock), run_plan)
        if number is not None:
            show_session(apart, number)
    if recorded.remark:
        raise TraceCorrupt(recorded.remark)


class Paced:
    """A trace at ``speed`` times its own pace, 0 as fast as it is read; ends when the clock is stopped."""

    def __init__(self, trace: Trace, speed: float, clock: SystemClock) -> None:
        self._trace, self._speed, self._clock = trace, speed, clock
        self.period_s, self.mode, self.say, self.begins = trace.period_s, trace.mode, trace.say, trace.begins

    @property
    def remark(self) -> str | None:
        """The message that the trace was cut short, None if it was not."""
        return self._trace.remark

    def __iter__(self) -> Iterator[Observation | RunInput]:
        """The trace's observations, each when it is due."""
        begun, first = self._clock.now(), None
        for obs in self._trace:
            first = obs.t if first is None else first
            if self._speed:
                self._clock.sleep(begun + (obs.t - first) / self._speed - self._clock.now())
            if self._clock.stopped:
                return
            yield obs
