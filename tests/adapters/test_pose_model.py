import hashlib
import threading
import zipfile
from pathlib import Path

import flatbuffers
import pytest

from monitor.adapters.vision.landmarker.quiet import without_plots
from monitor.adapters.vision.pose_model import BUNDLE, bundle_of, cached, check_task, checked, sha256_of, with_scaling
from monitor.adapters.vision.pose_model import NETWORKS as OFFICIAL
from monitor.app.composition import NETWORKS as SHIPPED
from monitor.core.errors import ModelCorrupt, ModelMissing

# As the program does: else every process of the tests loads a plotting library.
with without_plots():
    from mediapipe.tasks.metadata import metadata_schema_py_generated as notes
    from mediapipe.tasks.metadata import schema_py_generated as schema


def silent(_what: str, _share: float | None) -> None:
    pass


def tiny_network() -> bytes:
    """A TFLite file with a version, a name and one buffer, and no metadata."""
    model, buffer = schema.ModelT(), schema.BufferT()
    buffer.data = [1, 2, 3]
    model.version, model.description, model.buffers = 3, b"tiny", [buffer]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


DATA = (b"a detector", tiny_network())
NETWORKS = tuple(n._replace(sha256=hashlib.sha256(data).hexdigest()) for n, data in zip(OFFICIAL, DATA, strict=True))


def path_of(folder: Path, cache: Path, progress=silent) -> Path:
    return bundle_of(folder, cache, progress, NETWORKS)


@pytest.fixture
def folder(tmp_path):
    """Two small networks."""
    path = tmp_path / "networks"
    path.mkdir()
    for network, data in zip(NETWORKS, DATA, strict=True):
        (path / network.entry).write_bytes(data)
    return path


def test_the_networks_that_come_along_are_the_published_ones_with_their_licence_beside_them():
    assert checked(SHIPPED) == SHIPPED
    assert (SHIPPED / "SHA256SUMS").read_text().split() == [word for n in OFFICIAL for word in (n.sha256, n.entry)]
    assert "Apache License" in (SHIPPED / "LICENSE").read_text()
    assert max(path.stat().st_size for path in SHIPPED.iterdir()) < 7_000_000


def test_the_bundle_carries_its_own_hash_in_its_name(folder, tmp_path):
    bundle = path_of(folder, tmp_path / "new" / "cache")

    assert bundle.name == BUNDLE.format(sha256=sha256_of(bundle))
    assert [bundle] == list(bundle.parent.iterdir())


def test_the_next_start_takes_the_cached_bundle_and_builds_nothing(folder, tmp_path):
    messages = []

    first, second = (path_of(folder, tmp_path / "cache", lambda what, _share: messages.append(what)) for _ in range(2))

    assert first == second == cached(tmp_path / "cache")
    assert messages == ["building the pose model"]


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: data[:0], lambda data: data[:-9] + b"x" + data[-8:]]
)
def test_a_damaged_bundle_is_never_used_but_built_again(damage, folder, tmp_path):
    cache = tmp_path / "cache"
    whole = path_of(folder, cache)
    whole.write_bytes(damage(whole.read_bytes()))

    assert cached(cache) is None
    assert path_of(folder, cache) == whole
    assert cached(cache) == whole


def test_another_network_is_refused_by_name_and_a_missing_one_too_and_nothing_is_left(folder, tmp_path):
    second = folder / NETWORKS[1].entry
    second.write_bytes(DATA[1][:-1] + b"x")
    with pytest.raises(ModelCorrupt, match=r"pose_landmarks_detector\.tflite has SHA-256"):
        path_of(folder, tmp_path / "cache")

    second.unlink()
    with pytest.raises(ModelMissing, match=r"pose_landmarks_detector\.tflite cannot be read"):
        checked(folder, NETWORKS)
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_one_line(folder, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ModelMissing, match=r"cannot be kept in .*file.*--model FILE") as caught:
        path_of(folder, tmp_path / "file" / "cache")
    assert "\n" not in str(caught.value)


def test_several_programs_may_build_it_at_once(folder, tmp_path):
    start, got = threading.Barrier(4), []

    def build():
        start.wait()
        got.append(path_of(folder, tmp_path / "cache"))

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [cached(tmp_path / "cache")] * 4
    assert got[:1] == list((tmp_path / "cache").iterdir())


def test_the_scaling_is_added_and_every_old_part_is_untouched():
    old, new = DATA[1], with_scaling(DATA[1])

    before, after = (schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0)) for data in (old, new))
    assert [None if b.data is None else bytes(b.data) for b in before.buffers] == [
        None if b.data is None else bytes(b.data) for b in after.buffers[:-1]
    ]
    assert (before.version, before.description) == (after.version, after.description)
    note = after.metadata[-1]
    assert note.name == b"TFLITE_METADATA"
    content = notes.ModelMetadataT.InitFromObj(notes.ModelMetadata.GetRootAs(bytes(after.buffers[note.buffer].data), 0))
    (image,) = content.subgraphMetadata[0].inputTensorMetadata
    assert [(*unit.options.mean, *unit.options.std) for unit in image.processUnits] == [(0.0, 255.0)]


def test_a_model_file_of_ones_own_is_accepted_when_it_is_a_pose_bundle(model):
    assert model == check_task(model)


def test_no_model_file_is_missing_and_a_folder_is_none(tmp_path):
    for path, kind in ((tmp_path / "no.task", ModelMissing), (tmp_path, ModelCorrupt)):
        with pytest.raises(kind, match=str(path)):
            check_task(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"just text\n" * 99])
def test_what_is_no_zip_is_no_model(content, tmp_path):
    path = tmp_path / "text.task"
    path.write_bytes(content)

    with pytest.raises(ModelCorrupt, match=r"text\.task is not a readable pose model"):
        check_task(path)


def test_a_truncated_model_is_no_model(model, tmp_path):
    path = tmp_path / "half.task"
    path.write_bytes(model.read_bytes()[:5_000_000])

    with pytest.raises(ModelCorrupt, match=r"half\.task"):
        check_task(path)


def test_a_bundle_of_another_task_or_compressed_is_no_pose_model(tmp_path):
    for name, how in (("face_detector.tflite", zipfile.ZIP_STORED), (NETWORKS[0].entry, zipfile.ZIP_DEFLATED)):
        path = tmp_path / f"{how}.task"
        with zipfile.ZipFile(path, "w", how) as bundle:
            bundle.writestr(name, DATA[0])

        with pytest.raises(ModelCorrupt, match=r"has no stored pose_detector\.tflite"):
            check_task(path)


def test_a_bundle_with_a_flipped_byte_names_the_damaged_part(model, tmp_path):
    path, data = tmp_path / "flipped.task", bytearray(model.read_bytes())
    data[1_000_000] ^= 1
    path.write_bytes(data)

    with pytest.raises(ModelCorrupt, match=r"pose_detector\.tflite in it is damaged"):
        check_task(path)
