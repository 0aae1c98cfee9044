"""Landmark traces: the input of the core, one line of JSON per observation; never a picture.

The first line is ``{"posture_trace": 1, "period_s": 0.2, "source": "camera 0", "engine": "mediapipe ..."}``; the engine only
where it is known.  Every other line is an observation: ``{"t": ..., "aspect": ..., "turn": ..., "xy": [x0, y0, x1, y1, ...],
"visibility": [...]}`` (units: ``monitor.core.body.pose``), or ``{"t": ..., "why": "nobody there"}``.  Where the back was
outlined, ``back`` holds its rows (``monitor.core.body.outline``):
``{"px": 720, "out": [...], "doubt": [...], "why": [["", 98], ["hair", 13]]}``, outward places in 1e-4 trunk lengths, doubt in
percent, reasons as runs.  ``{"t": ..., "held": true}`` means that the observation before still held, ``shift`` is the
background's displacement (``monitor.core.camera.registration``).  Between them are the person's commands, ``{"kind": "command",
"t": ..., "order": "pause", "until": ..., "what": null}``, and changes of the desktop state, ``{"kind": "surroundings", "t": ...,
"locked": true, ...}``.  A name that ends in ``.gz`` is compressed.
"""

import gzip
import json
import math
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import IO, Any, NoReturn

import numpy as np

from monitor.core.body.landmarks import Floats
from monitor.core.body.outline import HEIGHTS, BackOutline, outline_at, outward_of, trunk_frame
from monitor.core.body.pose import Observation, Pose, Registration
from monitor.core.data_dictionary import LATEST_T
from monitor.core.errors import ConfigError, DiskFull, TraceCorrupt
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.core.reminders.suppression import DesktopState, RunInput
from monitor.core.vocabulary import Engine, code_of
from monitor.regular_files import regular

VERSION = 1
# How the names of traces end.
SUFFIXES = (".jsonl", ".jsonl.gz")
# Bytes of a line, and seconds between two observations: more was never written.
LONGEST_LINE, LONGEST_PERIOD_S = 1_000_000, 86400.0
# How often (s of the source's time) the file is flushed: a killed process loses no more; a higher rate spoils the compression.
FLUSH_S = 5.0
# Five times as fast as the default (9), for a file 6 % larger (measured).
COMPRESSION = 6


class TraceWriter:
    """Writes a new trace, readable by its owner only.

    Raises:
        ConfigError: there is a file of that name already; it is never overwritten.
        DiskFull: the file cannot be made.
    """

    def __init__(self, path: Path, *, period_s: float, source: str, engine: str | None = None) -> None:
        self._path = path
        self._flushed = -math.inf
        with _writing(path):
            self._raw = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file = gzip.GzipFile(path.name, "wb", COMPRESSION, self._raw) if _packed(path) else self._raw
        try:
            seen_by = {"engine": engine} if engine else {}
            self._put({"posture_trace": VERSION, "period_s": period_s, "source": source, **seen_by}, flush=True)
        except DiskFull:
            # Remove the file, so that the name is free once there is room.
            for undo in (self._file.close, self._raw.close, path.unlink):
                with suppress(OSError):
                    undo()
            raise

    def write(self, seen: Observation | RunInput) -> None:
        """Append an observation or a run input.  Raises DiskFull."""
        due = seen.t - self._flushed >= FLUSH_S
        self._flushed = seen.t if due else self._flushed
        self._put(_row_of(seen) if isinstance(seen, Observation) else _input_row(seen), flush=due)

    def close(self) -> None:
        """Finish the file; may be called twice.  Raises DiskFull."""
        with _writing(self._path):
            try:
                self._file.close()
            finally:
                self._raw.close()

    def _put(self, row: dict[str, Any], *, flush: bool) -> None:
        line = json.dumps(row, separators=(",", ":"), allow_nan=False)
        with _writing(self._path):
            self._file.write(f"{line}\n".encode())
            if flush:
                self._file.flush()


class Trace:
    """A recorded trace as a source of observations; every iteration starts at the beginning.

    ``engine`` is None where the trace does not name it; ``remark`` tells, after an iteration, of a cut in the last line.

    Raises:
        TraceCorrupt: it cannot be read, names no period, or, while iterating, a line is not what it should be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.remark: str | None = None
        self.mode: str | None = None
        self.say: Callable[[str], None] = lambda _line: None
        header = next(self._rows(), None)
        self.period_s, self.source, self.engine = self._described(header)

    def __iter__(self) -> Iterator[Observation | RunInput]:
        """The observations and run inputs, in order of time."""
        last, rows = -math.inf, self._rows()
        next(rows, None)
        obs: Observation | None = None
        for number, row in rows:
            try:
                seen = _KINDS[row["kind"]](row) if row.get("kind") in _KINDS else _observation(row, obs)
            except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
                self._refuse(number, f"is no observation ({_said(error)})", error)
            if not 0 <= seen.t <= LATEST_T:
                self._refuse(number, f"is of no time that a camera saw (t = {seen.t:.3g})")
            if seen.t < last:
                self._refuse(number, f"is out of order (t = {seen.t:.3f} after {last:.3f})")
            last, obs = seen.t, seen if isinstance(seen, Observation) else obs
            yield seen

    def _described(self, header: tuple[int, Any] | None) -> tuple[float, str, Engine | None]:
        row = header[1] if header and isinstance(header[1], dict) else {}
        version, period_s = row.get("posture_trace"), row.get("period_s")
        if isinstance(version, int) and version > VERSION:
            self._refuse(1, f"tells of a newer version ({version}, this program knows {VERSION})")
        if version != VERSION or not isinstance(period_s, int | float) or not 0 < period_s <= LONGEST_PERIOD_S:
            self._refuse(1, 'is no header like {"posture_trace": 1, "period_s": 0.2, "source": "..."}')
        engine = str(row.get("engine", "")).partition(" ")[0]
        return float(period_s), str(row.get("source", "")), Engine(engine) if engine in set(Engine) else None

    def _rows(self) -> Iterator[tuple[int, Any]]:
        """Line number and content of each line; a truncated last line is noted and skipped."""
        self.remark = None
        number = 0
        try:
            with _opened(self._path) as lines:
                for number, line in enumerate(iter(partial(lines.readline, LONGEST_LINE), b""), 1):
                    if len(line) == LONGEST_LINE:
                        self._refuse(number, "is longer than any observation")
                    try:
                        row = _JSON.decode(line.decode())
                    except (ValueError, RecursionError) as error:
                        if line.endswith(b"\n"):
                            self._refuse(number, f"is not JSON ({error})", error)
                        self._cut(number)
                        return
                    yield number, row
        except EOFError:  # a compressed trace that was not finished
            self._cut(number + 1)
        except OSError as error:
            raise TraceCorrupt(f"trace {self._path} cannot be read ({error.strerror or error}); check the name") from error
        except zlib.error as error:
            self._refuse(number + 1, f"cannot be unpacked ({error})", error)

    def _cut(self, number: int) -> None:
        self.remark = f"trace {self._path} was cut off in line {number}; that line is left out"

    def _refuse(self, number: int, what: str, error: Exception | None = None) -> NoReturn:
        text = f"trace {self._path}: line {number} {what}; use another recording, or remove what is wrong"
        raise TraceCorrupt(text) from error


def _row_of(obs: Observation) -> dict[str, Any]:
    row: dict[str, Any] = {"t": obs.t}
    if obs.carried_forward:
        return row | {"held": True}
    if obs.shift is not None:
        row["shift"] = asdict(obs.shift)
    if obs.pose is None or obs.why is not None:
        row["why"] = obs.why
    if obs.pose is not None:
        pose = obs.pose
        turn = None if math.isnan(pose.turn_deg) else pose.turn_deg
        row |= {"aspect": pose.aspect, "turn": turn, "xy": _numbers(pose.xy), "visibility": _numbers(pose.visibility)}
        if pose.back is not None:
            row["back"] = _back_row(pose.back, pose.xy)
    return row


def _back_row(back: BackOutline, xy: Floats) -> dict[str, Any]:
    outward, doubt = 1e4 * outward_of(back, trunk_frame(xy)), np.rint(100 * back.doubt)
    runs = [[why, len(list(rows))] for why, rows in groupby(back.reasons)]
    places = [None if math.isnan(place) else round(place) for place in outward.tolist()]
    return {"px": back.picture_px, "out": places, "doubt": doubt.astype(int).tolist(), "why": runs}


def _back(row: dict[str, Any], xy: Floats) -> BackOutline:
    outward, doubt = (_within(name, row[name]) for name in ("out", "doubt"))
    if not outward.shape == doubt.shape == HEIGHTS.shape or sum(count for _, count in row["why"]) != HEIGHTS.size:
        raise ValueError(f"a back has {HEIGHTS.size} rows")
    if not all(count > 0 for _, count in row["why"]):
        raise ValueError("a number is too small")
    reasons = tuple(code_of(str(why)) for why, count in row["why"] for _ in range(count))
    return outline_at(trunk_frame(xy), outward / 1e4, doubt / 100, reasons, int(_within("px", row["px"])))


def _input_row(entry: RunInput) -> dict[str, Any]:
    if isinstance(entry, Command):
        return {"kind": "command", "t": entry.t, "order": entry.kind, "until": entry.until, "what": entry.what}
    return {"kind": "surroundings", **asdict(entry)}


def _command(row: dict[str, Any]) -> Command:
    until = None if row["until"] is None else float(row["until"])
    return Command(float(row["t"]), CommandKind(row["order"]), until, Mark(row["what"]) if row["what"] else None)


def _surroundings(row: dict[str, Any]) -> DesktopState:
    known = {f.name: row[f.name] for f in fields(DesktopState)}
    if not all(value in (None, True, False) for name, value in known.items() if name != "t"):
        raise ValueError("a desktop state is neither true, false nor null")
    return DesktopState(**{**known, "t": float(row["t"])})


_KINDS: Mapping[str, Callable[[dict[str, Any]], RunInput]] = {"command": _command, "surroundings": _surroundings}


def _numbers(values: Floats) -> list[float | None]:
    # JSON has no NaN; numpy reads null as NaN.
    return [None if math.isnan(number) else number for number in values.ravel().tolist()]


def _observation(row: Any, before: Observation | None) -> Observation:
    if "kind" in row:
        raise ValueError(f"unknown kind {row['kind']!r}")
    t, why = float(row["t"]), code_of(str(row["why"])) if row.get("why") is not None else None
    if "held" in row:
        if before is None:
            raise ValueError("nothing was seen that could be held")
        return replace(before, t=t, carried_forward=True, shift=None)
    shift = _shift(row["shift"]) if "shift" in row else None
    if "xy" not in row:
        return Observation(t, None, code_of(str(row["why"])), shift=shift)
    xy, visibility = _within("xy", row["xy"]), _within("visibility", row["visibility"])
    aspect, turn = float(_within("aspect", row["aspect"])), float(_within("turn", row["turn"]))
    pose = Pose(xy.reshape(-1, 2), visibility, aspect, turn)
    pose = replace(pose, back=_back(row["back"], pose.xy)) if "back" in row else pose
    return Observation(t, pose, why, shift=shift)


def _shift(row: dict[str, Any]) -> Registration:
    dx, dy, scale, roll_deg, *counts = (float(_within(field.name, row[field.name])) for field in fields(Registration))
    return Registration(dx, dy, scale, roll_deg, int(counts[0]), int(counts[1]))


# Valid ranges: coordinates in picture heights, far outside the picture too; outward distances in 1e-4 trunk lengths.
_RANGES: Mapping[str, tuple[float, float]] = {
    "xy": (-1e3, 1e3), "visibility": (0, 1), "aspect": (1e-3, 1e3), "turn": (-360, 360), "out": (-1e8, 1e8), "doubt": (0, 1e6),
}  # fmt: skip
_ANY = (-1e6, 1e6)


def _within(name: str, value: Any) -> Floats:
    """``value`` as numbers, null as NaN.  Raises ValueError where one is none, or is outside what it can be."""
    numbers = np.asarray(value, dtype=np.float64)
    low, high = _RANGES.get(name, _ANY)
    if (numbers < low).any() or (numbers > high).any():
        raise ValueError(f"{name} is out of range")
    return numbers


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


# NaN and Infinity are not JSON, although Python accepts them; every comparison with them is False.
_JSON = json.JSONDecoder(parse_constant=_refuse_constant)


def _said(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)


def _packed(path: Path) -> bool:
    return path.suffix == ".gz"


def _opened(path: Path) -> IO[bytes]:
    regular(path)
    return gzip.open(path, "rb") if _packed(path) else path.open("rb")  # type: ignore[return-value]


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise ConfigError(f"trace {path} exists already and is not overwritten; choose another name or remove it") from error
    except OSError as error:
        raise DiskFull(f"trace {path} cannot be written ({error.strerror}); choose another place or make room") from error
