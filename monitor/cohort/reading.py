"""The bouts and minutes of one recording, of whatever kind, as plain rows."""

import json
import math
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from monitor.adapters.profiles import Profile
from monitor.adapters.store import History
from monitor.adapters.store.database import connect
from monitor.adapters.trace import Trace
from monitor.app import composition
from monitor.app.home import Home
from monitor.cohort.inputs import Kind
from monitor.config import folders
from monitor.core.body.pose import Observation
from monitor.core.errors import SourceError, StoreCorrupt
from monitor.core.pipeline import Event, Pipeline, Step
from monitor.core.sedentary.bouts import Bout, with_breaks
from monitor.core.sedentary.minutes import Minute, RunningMinute, SignalMinute
from monitor.core.vocabulary import Activity, code_of
from monitor.ports import Source
from monitor.process_limits import few_collections
from monitor.regular_files import regular
from monitor.run.loop import Watch, run

# Later than any recording (POSIX s).
_END = 1e11


@dataclass(frozen=True, slots=True)
class MinuteMeans:
    """One signal by the minute: the minutes' starts (POSIX s), means in the signal's unit, and seconds measured."""

    start: list[float] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    measured_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rows:
    """A recording's bouts in order of time, its signals by the minute, and what was wrong with it, if anything."""

    bouts: Sequence[Bout]
    signals: Mapping[str, MinuteMeans]
    remark: str | None = None

    def plain(self) -> dict[str, Any]:
        """It as JSON."""
        bouts = [[str(b.activity), b.start, b.end, b.assumed, b.why] for b in self.bouts]
        signals = {name: [_packed(c) for c in (m.start, m.mean, m.measured_s)] for name, m in sorted(self.signals.items())}
        return {"bouts": bouts, "signals": signals, "remark": self.remark}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """What ``plain`` gave."""
        bouts = [Bout(Activity(kind), *rest) for kind, *rest in plain["bouts"]]
        signals = {name: MinuteMeans(*map(_unpacked, columns)) for name, columns in plain["signals"].items()}
        return cls(bouts, signals, plain["remark"])


def _packed(column: list[float]) -> str:
    """The numbers as base64 of little-endian doubles: written as digits they take a third of the time of a whole study."""
    return b64encode(np.asarray(column, dtype="<f8").tobytes()).decode("ascii")


def _unpacked(column: str) -> list[float]:
    numbers: list[float] = np.frombuffer(b64decode(column, validate=True), dtype="<f8").tolist()
    return numbers


def read(path: Path, kind: Kind, start: float, profile: Profile | None) -> Rows:
    """What the recording tells.  Raises MonitorError."""
    return _READ[kind](path, start, profile)


def _history(path: Path, _start: float, _profile: Profile | None) -> Rows:
    connect(path).close()  # the copy is brought to this version's schema
    with History(path) as history, history.read_transaction():
        return Rows(
            history.records(0.0, _END, signals=False).bouts, {n: MinuteMeans(*columns) for n, columns in history.means().items()}
        )


def _trace(path: Path, _start: float, profile: Profile | None) -> Rows:
    trace = Trace(path)
    chosen = composition.comparable(_home(), profile, trace)
    with few_collections():
        rows = _piped(trace, chosen)
    return Rows(rows.bouts, rows.signals, trace.remark)


def _video(path: Path, start: float, profile: Profile | None) -> Rows:
    import cv2

    from monitor.adapters.camera.video import Clip, VideoFile

    cv2.setNumThreads(1)
    home = _home()
    chosen = composition.comparable(home, profile) if profile else None
    model = composition.model(home, None, lambda _what, _share: None)
    with closing(VideoFile(Clip(path), start_t=start)) as video, closing(composition.engine(model, video.period_s)) as engine:
        rows = _piped(Watch(video, engine), chosen)
        return Rows(rows.bouts, rows.signals, video.remark)


def _export(path: Path, _start: float, _profile: Profile | None) -> Rows:
    try:
        tables = json.loads(regular(path).read_text(encoding="utf-8"))["tables"]
        bouts = [_bout(row) for row in tables["bouts"]]
        marks = [row["t"] for row in tables.get("commands", ()) if (row["kind"], row["what"]) == ("mark", "break")]
        signals: defaultdict[str, MinuteMeans] = defaultdict(MinuteMeans)
        for row in sorted(tables["minutes"], key=lambda row: (row["start"], row["session"])):
            _add(signals[row["signal"]], float(row["start"]), row["mean"], float(row["measured_s"]))
    except OSError as error:
        raise SourceError(f"export {path} cannot be read ({error.strerror}); check its permissions") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreCorrupt(
            f"export {path} is damaged or not one of ours; export again: posture-monitor data export DIR"
        ) from error
    return Rows(with_breaks(sorted(bouts, key=lambda b: b.start), sorted(marks)), dict(signals))


def _bout(row: Mapping[str, Any]) -> Bout:
    start, end = float(row["start"]), float(row["end"])
    if not -math.inf < start <= end < math.inf:
        raise ValueError("a bout ends before it begins")
    return Bout(Activity(row["activity"]), start, end, bool(row["assumed"]), row["why"] and code_of(str(row["why"])))


_READ: Mapping[Kind, Callable[[Path, float, Profile | None], Rows]] = {
    Kind.HISTORY: _history,
    Kind.TRACE: _trace,
    Kind.VIDEO: _video,
    Kind.EXPORT: _export,
}


def _home() -> Home:
    """The program's own settings: a study must not depend on whose computer works it through."""
    return Home(folders(None))


def _piped(source: Source | Trace, profile: Profile | None) -> Rows:
    kept = _Kept()
    run(source, Pipeline(composition.plan(_home(), profile, source.period_s)), [kept])
    minutes = [kept.minutes[start] for start in sorted(kept.minutes)]
    return Rows([kept.bouts[start] for start in sorted(kept.bouts)], _by_signal(minutes))


class _Kept:
    """What a history would hold of a run: bouts and minutes by their start, the last of the same start."""

    def __init__(self) -> None:
        self.bouts: dict[float, Bout] = {}
        self.minutes: dict[float, Minute] = {}

    def write(self, _obs: Observation, step: Step) -> None:
        if step.events:
            self.close(step.events)

    def close(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, Bout):
                self.bouts[event.start] = event
            elif isinstance(event, Minute):
                self.minutes[event.start] = event
            elif isinstance(event, RunningMinute):
                self.minutes[event.minute.start] = event.minute


def _by_signal(minutes: Iterable[Minute]) -> dict[str, MinuteMeans]:
    signals: defaultdict[str, MinuteMeans] = defaultdict(MinuteMeans)
    for minute in minutes:
        for name, part in minute.signals.items():
            _add_part(signals[name], minute.start, part)
    return dict(signals)


def _add_part(means: MinuteMeans, start: float, part: SignalMinute) -> None:
    _add(means, start, part.mean, part.measured_s)


def _add(means: MinuteMeans, start: float, mean: float | None, measured_s: float) -> None:
    if mean is not None and mean == mean and measured_s > 0:  # noqa: PLR0124  # not NaN
        means.start.append(start)
        means.mean.append(mean)
        means.measured_s.append(measured_s)
