import hashlib
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import flatbuffers
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as notes
from mediapipe.tasks.metadata import schema_py_generated as schema

from monitor.adapters.vision.pose_model import BUNDLE, WHEEL, cached, check_task, model_path, sha256_of, with_scaling
from monitor.adapters.vision.pose_model import NETWORKS as OFFICIAL
from monitor.core.errors import ModelCorrupt, ModelMissing

ROOT = Path(__file__).parents[2]
NAME = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"


def silent(_what: str, _share: float | None) -> None:
    pass


def no_fetch(_folder: Path, _progress):
    pytest.fail("nothing was to be fetched")


def fetched(wheel: Path):
    return lambda _folder, _progress: wheel


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


def path_of(cache: Path, progress=silent, fetch=None) -> Path:
    return model_path(cache, progress, fetch, NETWORKS)


@pytest.fixture
def wheel(tmp_path):
    """A small wheel that pip accepts, with the two networks in it."""
    path = tmp_path / "index" / NAME
    path.parent.mkdir()
    info = "mediapipe-0.10.21.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for network, data in zip(NETWORKS, DATA, strict=True):
            target.writestr(network.member, data)
        target.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n")
        target.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_28_x86_64\n")
        target.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Pip sees no index, only the folder of the wheel."""
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))


def test_the_bundle_carries_its_own_hash_in_its_name(wheel, tmp_path):
    bundle = path_of(tmp_path / "new" / "cache", fetch=fetched(wheel))

    assert bundle.name == BUNDLE.format(sha256=sha256_of(bundle))
    assert [bundle] == list(bundle.parent.iterdir())


def test_pip_fetches_the_wheel_from_its_own_index_and_the_progress_never_falls(wheel, offline, tmp_path):
    said = []

    bundle = path_of(tmp_path / "cache", lambda what, share: said.append((what, share)))

    assert cached(tmp_path / "cache") == bundle
    shares = [share for _, share in said[:-1]]
    assert shares == sorted(shares)
    assert said[0][0] == "fetching the pose model"
    assert said[-1] == ("building the pose model", None)


def test_the_next_start_takes_the_cached_bundle_and_fetches_nothing(wheel, tmp_path):
    first = path_of(tmp_path, fetch=fetched(wheel))

    assert first == path_of(tmp_path, fetch=no_fetch) == cached(tmp_path)


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: data[:0], lambda data: data[:-9] + b"x" + data[-8:]]
)
def test_a_damaged_bundle_is_never_used_but_built_again(damage, wheel, tmp_path):
    whole = path_of(tmp_path, fetch=fetched(wheel))
    whole.write_bytes(damage(whole.read_bytes()))

    assert cached(tmp_path) is None
    assert path_of(tmp_path, fetch=fetched(wheel)) == whole
    assert cached(tmp_path) == whole


def test_another_network_is_refused_by_name_and_nothing_is_left(tmp_path):
    wheel = tmp_path / NAME
    with zipfile.ZipFile(wheel, "w") as target:
        target.writestr(NETWORKS[0].member, DATA[0])
        target.writestr(NETWORKS[1].member, DATA[1][:-1] + b"x")

    with pytest.raises(ModelCorrupt, match=r"pose_landmark_full\.tflite in mediapipe.* SHA-256"):
        path_of(tmp_path / "cache", fetch=fetched(wheel))
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("content", [b"", b"not a wheel", b"PK\x05\x06" + bytes(18)])
def test_something_else_than_the_wheel_is_refused(content, tmp_path):
    (tmp_path / NAME).write_bytes(content)

    with pytest.raises(ModelCorrupt, match="not the wheel it should be"):
        path_of(tmp_path / "cache", fetch=fetched(tmp_path / NAME))


def test_a_cache_that_cannot_be_written_is_one_line(wheel, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ModelMissing, match=r"cannot be kept in .*file.*--model FILE") as caught:
        path_of(tmp_path / "file" / "cache", fetch=fetched(wheel))
    assert "\n" not in str(caught.value)


def test_several_programs_may_build_it_at_once(wheel, tmp_path):
    start, got = threading.Barrier(4), []

    def build():
        start.wait()
        got.append(path_of(tmp_path / "cache", fetch=fetched(wheel)))

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [cached(tmp_path / "cache")] * 4
    assert got[:1] == list((tmp_path / "cache").iterdir())


def test_without_an_index_the_last_word_of_pip_is_passed_on_in_one_line(offline, tmp_path):
    with pytest.raises(ModelMissing, match=f"could not be fetched .*{WHEEL}.*--model FILE") as caught:
        model_path(tmp_path / "cache", silent)
    assert "\n" not in str(caught.value)


def test_a_python_without_pip_says_how_to_get_it(tmp_path):
    program = "import pathlib, sys, monitor.adapters.vision.pose_model as m; m.model_path(pathlib.Path(sys.argv[1]), print)"
    bare = [sys.executable, "-S", "-c", program, str(tmp_path)]  # -S: no site-packages, hence no pip

    ended = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "ModelMissing: the pose model is fetched with pip, which this Python does not have; run: " in ended.stderr


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
    for path in (tmp_path / "no.task", tmp_path):
        with pytest.raises(ModelMissing, match=f"there is no model file {path}"):
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
