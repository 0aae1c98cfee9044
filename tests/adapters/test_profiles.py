"""Profiles: what is saved comes back, nothing is lost, and what is broken is refused and kept."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.adapters.profiles import Profile, load, names, save
from monitor.core.camera.registration import BackgroundFeatures
from monitor.core.errors import ConfigError, DiskFull, ProfileUnusable
from monitor.core.posture.baseline import Baseline, CalibrationStage, Reference
from monitor.core.posture.signals import BY_NAME
from monitor.core.vocabulary import View

DESK = Profile(
    "desk",
    1772442000.25,
    "camera 0",
    View.SIDE,
    Baseline({CalibrationStage.SITTING_TALL: {"trunk_inclination": Reference(-3.25, 0.5, 30)}}),
)

numbers = st.floats(-1e9, 1e9)
references = st.builds(Reference, numbers, st.floats(0, 1e6), st.integers(1, 10**6))
baselines = st.builds(
    Baseline, st.dictionaries(st.sampled_from(CalibrationStage), st.dictionaries(st.sampled_from(sorted(BY_NAME)), references))
)
sources = st.text(st.characters(codec="utf-8"))
profiles = st.builds(
    Profile,
    st.from_regex(r"[A-Za-z0-9_äß-]{1,30}", fullmatch=True).map(lambda n: f"p{n}"),
    st.floats(0, 7e9),
    sources,
    st.sampled_from(View),
    baselines,
)


@examples(6)
@given(profiles)
def test_what_is_saved_comes_back(tmp_path_factory, profile):
    folder = tmp_path_factory.mktemp("profiles")

    save(folder, profile)

    assert profile == load(folder, profile.name)
    assert (profile.name,) == names(folder)


def test_a_profile_of_version_1_is_still_read_and_has_no_background(tmp_path):
    path = save(tmp_path, DESK)
    stored = json.loads(path.read_text())
    del stored["backdrop"]
    path.write_text(json.dumps(stored | {"version": 1}))

    assert load(tmp_path, "desk") == DESK


def test_the_background_comes_back_and_is_small(tmp_path):
    some = np.random.default_rng(0)
    backdrop = BackgroundFeatures(some.random((190, 2), np.float32), some.integers(0, 256, (190, 32), np.uint8))
    path = save(tmp_path, replace(DESK, backdrop=backdrop))
    got = load(tmp_path, "desk").backdrop

    assert np.array_equal(got.points, backdrop.points)
    assert np.array_equal(got.codes, backdrop.codes)
    assert path.stat().st_size < 12_000


def test_a_new_profile_of_the_same_name_keeps_the_old_one_beside_it(tmp_path):
    first = save(tmp_path, DESK)
    before = first.read_bytes()

    save(tmp_path, Profile("desk", 5.0, "files", View.FRONT, DESK.baseline))

    assert load(tmp_path, "desk").view is View.FRONT
    assert before == (tmp_path / "desk.json.bak").read_bytes()
    assert names(tmp_path) == ("desk",)
    assert {"desk.json", "desk.json.bak"} == {path.name for path in tmp_path.iterdir()}


def test_a_broken_profile_is_kept_when_a_new_one_takes_its_place(tmp_path):
    (tmp_path / "desk.json").write_text("{broken")

    save(tmp_path, DESK)

    assert load(tmp_path, "desk") == DESK
    assert (tmp_path / "desk.json.bak").read_text() == "{broken"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_the_owner_can_read_a_profile_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        path = save(tmp_path / "new" / "profiles", DESK)
        save(tmp_path / "new" / "profiles", DESK)
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert ({0o600}, 0o700) == (modes, stat.S_IMODE(path.parent.stat().st_mode))


def test_profiles_are_listed_by_name_and_nothing_else_is(tmp_path):
    for name in ("office", "At home", "büro-2"):
        save(tmp_path, Profile(name, 0.0, "", View.SIDE, DESK.baseline))
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".json").touch()

    assert names(tmp_path) == ("At home", "büro-2", "office")
    assert names(tmp_path / "not there") == ()


@pytest.mark.parametrize(
    "name",
    ["", "..", "../desk", "a/b", "a\\b", ".desk", "desk.json", "/etc/passwd", "a\nb", " desk", "desk ", "CON", "a" * 41, "a\0"],
)
def test_a_name_that_could_be_a_path_is_refused(tmp_path, name):
    with pytest.raises(ConfigError, match="use letters, digits, spaces, - and _"):
        load(tmp_path, name)
    with pytest.raises(ConfigError):
        save(tmp_path, Profile(name, 0.0, "", View.SIDE, DESK.baseline))

    assert not list(tmp_path.iterdir())


def test_a_missing_profile_names_those_there_are(tmp_path):
    with pytest.raises(ProfileUnusable, match=r"no profile 'desk' \(there are: none yet\).*calibrate"):
        load(tmp_path, "desk")
    save(tmp_path, DESK)

    with pytest.raises(ProfileUnusable, match=r"there are: desk"):
        load(tmp_path, "office")


def change(**values):  # noqa: ANN003
    return lambda stored: json.dumps(stored | values)


BROKEN = {
    "cut short": (lambda stored: json.dumps(stored)[:-20], "EOF"),
    "empty": (lambda _: "", "EOF"),
    "another thing": (lambda _: "[1, 2]", "object"),
    "not text": (lambda _: "\udcff", "utf-8|unicode|expected"),
    "a newer version": (change(version=3), "version: Input should be 1 or 2"),
    "half a background": (change(backdrop={"points": "AAAA", "codes": ""}), "do not belong together"),
    "an unknown view": (change(view="above"), "view: "),
    "an unknown stage": (change(stages={"lying": {}}), "stages.lying"),
    "an unknown key": (change(pictures=[]), "pictures: Extra"),
    "no number": (change(taken_at="yesterday"), "taken_at: "),
    "not a finite number": (lambda stored: json.dumps(stored).replace("-3.25", "NaN"), "center: "),
    "a negative spread": (lambda stored: json.dumps(stored).replace("0.5", "-0.5"), "spread: "),
}


@pytest.mark.parametrize(("breaks", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_profile_is_refused_with_its_path_and_kept(tmp_path, breaks, says):
    path = save(tmp_path, DESK)
    data = breaks(json.loads(path.read_text())).encode(errors="surrogateescape")
    path.write_bytes(data)

    with pytest.raises(
        ProfileUnusable, match=f"(?i)desk.json cannot be used .*{says}.*; calibrate again, the old file is kept"
    ) as caught:
        load(tmp_path, "desk")

    assert "\n" not in str(caught.value)
    assert data == path.read_bytes()


def test_a_profile_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "desk.json").mkdir()

    with pytest.raises(ProfileUnusable, match=r"desk\.json cannot be read"):
        load(tmp_path, "desk")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(DiskFull, match=r"profile .*desk\.json cannot be written"):
        save(tmp_path / "file", DESK)


_SAVE_AND_DIE = """
import os, sys
from pathlib import Path
from dataclasses import replace
from monitor.adapters.profiles import load, save
folder = Path(sys.argv[1])
print("ready", flush=True)
profile = load(folder, "desk")
for i in range(100000):
    save(folder, replace(profile, taken_at=float(i)))
"""


def test_a_killed_save_leaves_a_whole_profile(tmp_path):
    save(tmp_path, DESK)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", _SAVE_AND_DIE, tmp_path], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        ) as child:
            child.stdout.readline()
            while load(tmp_path, "desk").taken_at == DESK.taken_at:
                pass
            child.kill()

        assert load(tmp_path, "desk").baseline == DESK.baseline
        save(tmp_path, DESK)
