"""One recording becomes one result: a pure function of the file's bytes, this program and the settings.

The result holds plain rows, in a file that is named by the hash of all three and is there whole or not at all.  It tells times
and figures, and neither name nor path.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from monitor import __version__
from monitor.adapters.profiles import Profile
from monitor.cohort.inputs import Kind
from monitor.cohort.reading import Rows, read
from monitor.core.errors import DiskFull, InputChanged, MonitorError, SourceError
from monitor.regular_files import regular, write_private

FORMAT = 2
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to process; a video begins at ``start`` (POSIX s), ``profile`` is what posture is held against."""

    path: Path
    kind: Kind
    start: float
    profile: Profile | None
    results: Path


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """The outcome of a job: the key of its result and the hash and size (bytes) of the file, or why there is none.

    ``reason`` is the kind of failure, ``message`` its line for people.
    """

    key: str | None = None
    content: str | None = None
    size: int | None = None
    reason: str | None = None
    message: str | None = None


def run_job(job: Job, tries: int = 2) -> JobOutcome:
    """The outcome of the job; its result is in the file of its key.  Raises DiskFull: that is no fault of the input.

    An input that changed meanwhile is read again, ``tries`` times in all.
    """
    try:
        return _measured(job)
    except DiskFull:
        raise
    except MonitorError as error:
        if isinstance(error, InputChanged) and tries > 1:
            return run_job(job, tries - 1)
        return JobOutcome(reason=type(error).__name__, message=str(error))


def settings_of(job: Job) -> dict[str, Any]:
    """What the result depends on besides the file: empty for what was measured before."""
    if job.kind in {Kind.HISTORY, Kind.EXPORT}:
        return {}
    profile = json.loads(json.dumps(asdict(job.profile), default=str)) if job.profile else None
    return {"profile": profile} | ({"start": job.start} if job.kind is Kind.VIDEO else {})


def key_of(content: str, job: Job) -> str:
    """The name of the result of a file with this hash."""
    about = [FORMAT, __version__, job.kind, content, settings_of(job)]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:32]


def result_path(results: Path, key: str) -> Path:
    """Where the result of that key is or will be."""
    return results / f"{key}.json.gz"


def read_result(results: Path, key: str) -> Rows:
    """The rows of a result.  Raises SourceError if the file is damaged or gone."""
    path = result_path(results, key)
    try:
        return Rows.of(json.loads(gzip.decompress(regular(path).read_bytes())))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"result {path} cannot be read; remove it and run again") from error


def _measured(job: Job) -> JobOutcome:
    before = _stamp(job.path)
    content, size = _hashed(job)
    key = key_of(content, job)
    path = result_path(job.results, key)
    if not path.exists():
        with _unchanging(job) as file:
            rows = read(file, job.kind, job.start, job.profile)
        _unchanged(job.path, before)
        _keep(path, rows.plain())
    else:
        _unchanged(job.path, before)
    return JobOutcome(key, content, size)


@contextmanager
def _unchanging(job: Job) -> Iterator[Path]:
    """The file to read: of a history a copy, so that SQLite writes nothing beside the original."""
    if job.kind is not Kind.HISTORY:
        yield job.path
        return
    with _writing(Path("a temporary folder")), TemporaryDirectory() as folder:
        copy = Path(folder) / job.path.name
        for part in _parts(job):
            shutil.copyfile(part, f"{copy}{part.name.removeprefix(job.path.name)}")
        yield copy


def _parts(job: Job) -> list[Path]:
    """The file, and of a history its log, which holds what is not yet in it."""
    log = job.path.with_name(f"{job.path.name}-wal")
    return [job.path, log] if job.kind is Kind.HISTORY and log.exists() else [job.path]


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        stat = regular(path).stat()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}); check its permissions, or remove it from the folder"
        ) from error
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _unchanged(path: Path, before: tuple[int, int, int]) -> None:
    if not path.exists() or _stamp(path) != before:
        raise InputChanged(f"{path} changed while it was read; run again when nothing writes to it")


def _hashed(job: Job) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        for part in _parts(job):
            with part.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
    except OSError as error:
        raise SourceError(f"{job.path} cannot be read ({error.strerror}); check its permissions") from error
    return digest.hexdigest(), size


def _keep(path: Path, content: Mapping[str, Any]) -> None:
    """Write the result whole under its name, whoever else may be writing the same."""
    raw = gzip.compress(json.dumps(content, separators=(",", ":"), allow_nan=False).encode(), 3, mtime=0)
    with _writing(path.parent):
        write_private(path, raw)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskFull(f"{folder} cannot be written ({error.strerror}); make room, then run again with --resume") from error
