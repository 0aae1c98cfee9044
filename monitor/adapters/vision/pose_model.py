"""The pose model: the two bundled networks, and the bundle file that MediaPipe needs.

LiteRT uses the networks as they are.  MediaPipe's task needs one file, which is built on first use and kept in the cache.  The
landmark network lacks the metadata on pixel scaling that the task requires, which is added; the detector has its own.

The networks are checked by their published hashes.  The output of the FlatBuffers library differs between versions, so the bundle
has its own SHA-256 in its name, and is checked against it at every start.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from monitor.core.errors import ModelCorrupt, ModelMissing
from monitor.regular_files import regular, write_private

# Progress: the step, and the share done (0 to 1), None if unknown.
Progress: TypeAlias = Callable[[str, float | None], None]

BUNDLE = "pose_landmarker_full-{sha256}.task"
ELSEWHERE = "install the program again, or pass --model FILE with an official pose_landmarker .task"


class Network(NamedTuple):
    """One network: its name in the folder and in the bundle, its hash, and whether it lacks the note on pixel scaling."""

    entry: str
    sha256: str
    lacks_scaling: bool


NETWORKS = (
    Network("pose_detector.tflite", "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c", lacks_scaling=False),
    Network(
        "pose_landmarks_detector.tflite", "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f", lacks_scaling=True
    ),
)


def checked(folder: Path, networks: Sequence[Network] = NETWORKS) -> Path:
    """``folder`` itself, when every one of the networks in it is the one it should be (10 ms).

    Raises ModelMissing where one cannot be read, ModelCorrupt where its hash differs.
    """
    for network in networks:
        _read(folder, network)
    return folder


def bundle_of(folder: Path, cache: Path, progress: Progress, networks: Sequence[Network] = NETWORKS) -> Path:
    """The verified bundle of the networks in ``folder``, in ``cache``; built first where it is missing or damaged.

    Raises ModelMissing where it cannot be written or a network not be read, ModelCorrupt where a network is another.
    """
    there = cached(cache)
    if there:
        return there
    progress("building the pose model", None)
    parts = [_read(folder, network) for network in networks]
    try:
        return _build(parts, cache, networks)
    except OSError as error:
        hint = "free space or fix it, or pass --model FILE with an official pose_landmarker .task"
        raise ModelMissing(f"the pose model cannot be kept in {cache}: {error.strerror or error}; {hint}") from error


def cached(cache: Path) -> Path | None:
    """The bundle in ``cache`` if there is one with the right hash, else None; checked each time (10 ms)."""
    for bundle in sorted(cache.glob(BUNDLE.format(sha256="*"))):
        with suppress(OSError):
            if bundle.name == BUNDLE.format(sha256=sha256_of(bundle)):
                return bundle
    return None


def check_task(path: Path) -> Path:
    """``path`` itself, if it is a complete pose bundle, built here or official.

    Raises ModelMissing where there is no such file, ModelCorrupt where it is something else.
    """
    hint = "pass an official pose_landmarker .task, or leave --model out"
    try:
        if not path.exists():
            raise ModelMissing(f"there is no model file {path}; {hint}")
        with zipfile.ZipFile(regular(path)) as bundle:
            stored = {i.filename for i in bundle.infolist() if i.compress_type == zipfile.ZIP_STORED}
            lacking = [n.entry for n in NETWORKS if n.entry not in stored]
            damaged = bundle.testzip()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        # Besides what is no ZIP: a name that no file can have, and what its directory says of versions, passwords and lengths.
        raise ModelCorrupt(
            f"{path} is not a readable pose model ({getattr(error, 'strerror', None) or error}); {hint}"
        ) from error
    if lacking or damaged:
        fault = f"{damaged} in it is damaged" if damaged else f"it has no stored {lacking[0]}"
        raise ModelCorrupt(f"{path} is not a pose model: {fault}; {hint}")
    return path


def sha256_of(path: Path) -> str:
    """The file's SHA-256, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(folder: Path, network: Network) -> bytes:
    path = folder / network.entry
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelMissing(f"{path} cannot be read ({error.strerror}); {ELSEWHERE}") from error
    got = hashlib.sha256(data).hexdigest()
    if got != network.sha256:
        raise ModelCorrupt(f"{path} has SHA-256 {got[:12]}..., not {network.sha256[:12]}...; {ELSEWHERE}")
    return data


# --- building ----------------------------------------------------------------------------------------------------


def _build(parts: Sequence[bytes], cache: Path, networks: Sequence[Network]) -> Path:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for data, network in zip(parts, networks, strict=True):
            # A ZipInfo's own date is 1980: the same bytes whenever it is built.
            target.writestr(zipfile.ZipInfo(network.entry), with_scaling(data) if network.lacks_scaling else data)
    bundle = cache / BUNDLE.format(sha256=hashlib.sha256(packed.getbuffer()).hexdigest())
    # Two processes may do this at once: each replaces the whole file with the same bytes.
    write_private(bundle, packed.getvalue())
    return bundle


# --- the pixel scaling, as a TFLite metadata buffer ----------------------------------------------------------------


def with_scaling(tflite: bytes) -> bytes:
    """The network with metadata for its input: one RGB image, bytes divided by 255, as in training."""
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
