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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, NoReturn

from monitor.adapters.trace.lines import INPUTS, JSON, input_row, observation_of, row_of
from monitor.core.body.pose import Observation
from monitor.core.data_dictionary import LATEST_T
from monitor.core.errors import ConfigError, DiskFull, TraceCorrupt
from monitor.core.reminders.suppression import RunInput
from monitor.core.vocabulary import Engine
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
        self._put(row_of(seen) if isinstance(seen, Observation) else input_row(seen), flush=due)

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
        self.begins: Callable[[float], None] = lambda _t: None
        header = next(self._rows(), None)
        self.period_s, self.source, self.engine = self._described(header)

    def __iter__(self) -> Iterator[Observation | RunInput]:
        """The observations and run inputs, in order of time."""
        last, rows = -math.inf, self._rows()
        next(rows, None)
        obs: Observation | None = None
        for number, row in rows:
            try:
                seen = INPUTS[row["kind"]](row) if row.get("kind") in INPUTS else observation_of(row, obs)
            except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
                self._refuse(number, f"is no observation ({_said(error)})", error)
            if not 0.0 <= seen.t <= LATEST_T:
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
                        row = JSON.decode(line.decode())
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
