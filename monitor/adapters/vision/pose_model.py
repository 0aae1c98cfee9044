"""The pose model: one verified file, built on first use from the two networks inside an older official wheel.

No wheel carries the bundle that the Tasks API wants, but the 0.10.21 wheel carries its two networks (Apache-2.0).  The user's own
pip fetches it, so the model comes from wherever the program came from, be it a mirror or a local folder.  Only the wheel's data
is read, nothing of it runs; so the Linux wheel serves every system.

The landmark network lacks the note on pixel scaling that the Tasks API asks for, and gets it; the detector carries its own.  The
networks are checked by their published hashes before that.  What the FlatBuffers library writes differs from version to version,
so the finished bundle carries its own SHA-256 in its name, and is checked against it at every start.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple, TypeAlias

from monitor.core.errors import ModelCorrupt, ModelMissing

# What is being done, and how much of it (0 to 1), None where that is not known.
Progress: TypeAlias = Callable[[str, float | None], None]
# Puts the wheel into the folder and returns its path.
Fetch: TypeAlias = Callable[[Path, Progress], Path]

BUNDLE = "pose_landmarker_full-{sha256}.task"
WHEEL = "mediapipe==0.10.21"
WHEEL_BYTES = 35_622_638  # only for the progress bar
ELSEWHERE = "or pass --model FILE with an official pose_landmarker .task"


class Network(NamedTuple):
    """One network: its name in the bundle, its name and hash in the wheel, and whether it lacks the note on pixel scaling."""

    entry: str
    member: str
    sha256: str
    lacks_scaling: bool


NETWORKS = (
    Network(
        "pose_detector.tflite",
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        lacks_scaling=False,
    ),
    Network(
        "pose_landmarks_detector.tflite",
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        lacks_scaling=True,
    ),
)


def model_path(cache: Path, progress: Progress, fetch: Fetch | None = None, networks: Sequence[Network] = NETWORKS) -> Path:
    """The verified bundle of ``networks`` in ``cache``, built first where it is missing or damaged.

    Raises ModelMissing where it cannot be fetched or written, ModelCorrupt where what was fetched is not what it should be.
    """
    there = cached(cache)
    if there:
        return there
    try:
        with tempfile.TemporaryDirectory(prefix="pose-model-", ignore_cleanup_errors=True) as folder:
            cache.mkdir(parents=True, exist_ok=True)
            wheel = (fetch or pip_download)(Path(folder), progress)
            progress("building the pose model", None)
            return _build(wheel, cache, networks)
    except OSError as error:
        reason = error.strerror or error
        raise ModelMissing(f"the pose model cannot be kept in {cache}: {reason}; free space or fix it, {ELSEWHERE}") from error


def cached(cache: Path) -> Path | None:
    """The bundle in ``cache`` if one is there and every byte is right, else None; checked anew each time (10 ms)."""
    for bundle in sorted(cache.glob(BUNDLE.format(sha256="*"))):
        with suppress(OSError):
            if bundle.name == BUNDLE.format(sha256=sha256_of(bundle)):
                return bundle
    return None


def check_task(path: Path) -> Path:
    """``path`` itself, when it is a complete pose bundle, ours or an official one.

    Raises ModelMissing where there is no such file, ModelCorrupt where it is something else.
    """
    hint = "pass an official pose_landmarker .task, or leave --model out"
    if not path.is_file():
        raise ModelMissing(f"there is no model file {path}; {hint}")
    try:
        with zipfile.ZipFile(path) as bundle:
            stored = {i.filename for i in bundle.infolist() if i.compress_type == zipfile.ZIP_STORED}
            lacking = [n.entry for n in NETWORKS if n.entry not in stored]
            damaged = bundle.testzip()
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        raise ModelCorrupt(f"{path} is not a readable pose model ({error}); {hint}") from error
    if lacking or damaged:
        fault = f"{damaged} in it is damaged" if damaged else f"it has no stored {lacking[0]}"
        raise ModelCorrupt(f"{path} is not a pose model: {fault}; {hint}")
    return path


def sha256_of(path: Path) -> str:
    """The file's SHA-256, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- fetching ----------------------------------------------------------------------------------------------------


def pip_download(folder: Path, progress: Progress) -> Path:
    """The wheel in ``folder``, got with the pip of this Python and its settings.  Raises ModelMissing."""
    if importlib.util.find_spec("pip") is None:
        how = f"run: {sys.executable} -m ensurepip, {ELSEWHERE}"
        raise ModelMissing(f"the pose model is fetched with pip, which this Python does not have; {how}")
    # Any version of pip keeps the growing file below its temporary folder: no need to read its progress bar.
    environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))}
    command = [sys.executable, "-m", "pip", "download", *PIP_ARGUMENTS, "--dest", str(folder), WHEEL]
    log, null = folder / "pip.log", subprocess.DEVNULL
    with log.open("wb") as errors, subprocess.Popen(command, stdin=null, stdout=null, stderr=errors, env=environment) as pip:  # noqa: S603
        _watch(pip, folder, progress)
    wheel = next(folder.glob("mediapipe-*.whl"), None)
    if pip.returncode or wheel is None:
        raise ModelMissing(f"the pose model could not be fetched (pip: {_last_line(log)}); check the network, {ELSEWHERE}")
    return wheel


PIP_ARGUMENTS = (
    *("--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--progress-bar=off"),
    *("--platform=manylinux_2_28_x86_64", "--python-version=3.11", "--implementation=cp", "--abi=cp311"),
)


def _watch(pip: subprocess.Popen[bytes], folder: Path, progress: Progress) -> None:
    try:
        while pip.poll() is None:
            progress("fetching the pose model", min(_bytes_in(folder) / WHEEL_BYTES, 1.0))
            with suppress(subprocess.TimeoutExpired):
                pip.wait(timeout=0.2)
    finally:
        pip.kill()  # Ctrl-C must not leave it behind; nothing happens where it has ended


def _bytes_in(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # pip has just moved it
                total += Path(root, name).stat().st_size
    return total


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    said = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")] or lines
    return said[-1] if said else "no message"


# --- building ----------------------------------------------------------------------------------------------------


def _build(wheel: Path, cache: Path, networks: Sequence[Network]) -> Path:
    handle, name = tempfile.mkstemp(prefix="pose-model-", suffix=".part", dir=cache)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write_bundle(wheel, file, networks)
            file.flush()
            os.fsync(file.fileno())
        bundle = cache / BUNDLE.format(sha256=sha256_of(part))
        # Two programs may do this at once: each replaces the whole file by the same bytes.
        part.replace(bundle)
    finally:
        part.unlink(missing_ok=True)
    return bundle


def _write_bundle(wheel: Path, bundle: IO[bytes], networks: Sequence[Network]) -> None:
    try:
        with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as target:
            for network in networks:
                data = source.read(network.member)
                _expect(network.sha256, hashlib.sha256(data).hexdigest(), f"{network.member} in {wheel.name}")
                # A ZipInfo's own date is 1980: the same bytes whenever it is built.
                target.writestr(zipfile.ZipInfo(network.entry), with_scaling(data) if network.lacks_scaling else data)
    except (zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise ModelCorrupt(f"{wheel.name} is not the wheel it should be ({error}); try again, {ELSEWHERE}") from error


def _expect(sha256: str, got: str, what: str) -> None:
    if got != sha256:
        raise ModelCorrupt(f"{what} has SHA-256 {got[:12]}..., not {sha256[:12]}...; it is refused: try again, {ELSEWHERE}")


# --- the pixel scaling, as a TFLite metadata buffer ----------------------------------------------------------------


def with_scaling(tflite: bytes) -> bytes:
    """The network with metadata that says: one RGB image, bytes divided by 255, as it was trained."""
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    network = schema.ModelT.InitFromObj(schema.Model.GetRootAs(tflite, 0))
    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = list(_scaling())
    entry.name, entry.buffer = b"TFLITE_METADATA", len(network.buffers)
    network.buffers.append(buffer)
    network.metadata = [*(network.metadata or ()), entry]
    builder = flatbuffers.Builder(len(tflite))
    builder.Finish(network.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _scaling() -> bytes:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    scaling, unit, image = schema.NormalizationOptionsT(), schema.ProcessUnitT(), schema.ImagePropertiesT()
    scaling.mean, scaling.std = [0.0], [255.0]
    unit.optionsType, unit.options = schema.ProcessUnitOptions.NormalizationOptions, scaling
    image.colorSpace = schema.ColorSpaceType.RGB
    content, tensor = schema.ContentT(), schema.TensorMetadataT()
    content.contentPropertiesType, content.contentProperties = schema.ContentProperties.ImageProperties, image
    tensor.name, tensor.content, tensor.processUnits = b"image", content, [unit]
    graph, metadata = schema.SubGraphMetadataT(), schema.ModelMetadataT()
    graph.inputTensorMetadata = [tensor]
    metadata.name, metadata.subgraphMetadata = b"pose", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(metadata.Pack(builder), b"M001")
    return bytes(builder.Output())
