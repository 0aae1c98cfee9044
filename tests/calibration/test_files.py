"""Calibration from files: what --stage says, and the baseline of recordings."""

import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calibration.files import Part, from_files, part_of
from monitor.core.errors import ConfigError, NotEnoughData, PosesTooAlike, VideoUnreadable
from monitor.core.posture.baseline import CalibrationStage
from monitor.testing import scene

SCRIPTS = {
    "tall.mp4": "sit 6s",
    "slumped.mp4": "slouch 6s",
    "standing.mp4": "stand 6s",
    "me.jpg": "sit 0.2s",
    "day.mp4": "sit 6s, stand 6s",
}
PARTS = [
    Part(CalibrationStage.SITTING_TALL, Path("tall.mp4")),
    Part(CalibrationStage.SITTING_RELAXED, Path("slumped.mp4")),
    Part(CalibrationStage.STANDING, Path("standing.mp4")),
]
names = st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1).map(lambda name: str(Path(name)))
times = st.decimals(0, 9999, places=2)


def observe(path, start_s, end_s):
    if str(path) not in SCRIPTS:
        raise VideoUnreadable(f"{path} is not there")
    return (obs for obs in scene(SCRIPTS[str(path)], start=0.0) if start_s <= obs.t < end_s)


# --- what --stage says -------------------------------------------------------------------------------------------


@given(st.sampled_from(CalibrationStage), names, times, times)
def test_a_file_with_a_range_is_read_back_whatever_its_name_holds(stage, name, a, b):
    assume(a < b)

    assert Part(stage, Path(name), float(a), float(b)) == part_of(f"{stage}={name}@{a}-{b}")


@given(st.sampled_from(CalibrationStage), names)
def test_a_file_without_a_range_is_read_back(stage, name):
    assume(not set(name.rpartition("@")[2]) <= set("0123456789.-") or "@" not in name)

    assert Part(stage, Path(name), 0.0, math.inf) == part_of(f"{stage}={name}")


def test_a_name_may_hold_an_equals_sign_and_an_at_sign():
    assert Part(CalibrationStage.STANDING, Path("a=b@home.mp4"), 2.0, 9.5) == part_of("standing=a=b@home.mp4@2-9.5")


def test_a_file_that_is_really_called_like_a_range_is_taken_whole(tmp_path):
    file = tmp_path / "me@1-2"
    file.touch()

    assert Part(CalibrationStage.STANDING, file) == part_of(f"standing={file}")


WRONG = [
    ("me.mp4", "is not STAGE=FILE"),
    ("sitting_tall", "is not STAGE=FILE"),
    ("sitting_tall=", "is not STAGE=FILE"),
    ("sitting tall=me.mp4", "did you mean sitting_tall"),
    ("Standing=me.mp4", "did you mean standing"),
    ("lying=me.mp4", "is not one of sitting_tall, sitting_relaxed, standing"),
    ("standing=me.mp4@5", "'@5' is not @START-END in seconds"),
    ("standing=me.mp4@-5", "'@-5' is not @START-END"),
    ("standing=me.mp4@5-", "'@5-' is not @START-END"),
    ("standing=me.mp4@", "'@' is not @START-END"),
    ("standing=me.mp4@9-2", "'@9-2' must .* end after it starts"),
    ("standing=me.mp4@2-2", "'@2-2' must .* end after it starts"),
    ("standing=@2-9", "'@2-9' must follow a file"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_what_cannot_be_read_is_refused_by_its_part(text, says):
    with pytest.raises(ConfigError, match=says) as caught:
        part_of(text)

    assert "\n" not in str(caught.value)


# --- recordings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [PARTS, PARTS[::-1]], ids=["in order", "backwards"])
def test_three_clips_give_three_stages_in_any_order(order):
    assert list(CalibrationStage) == list(from_files(order, observe).stages)


def test_sitting_tall_alone_is_enough():
    assert list(from_files(PARTS[:1], observe).stages) == [CalibrationStage.SITTING_TALL]


def test_sitting_tall_is_needed():
    with pytest.raises(NotEnoughData, match="add --stage sitting_tall=FILE"):
        from_files(PARTS[1:], observe)


def test_a_stage_may_have_many_pictures():
    picture = Part(CalibrationStage.SITTING_TALL, Path("me.jpg"))

    assert from_files([picture] * 4, observe).stages[CalibrationStage.SITTING_TALL]["trunk_inclination"].n == 4


def test_two_parts_of_one_clip_serve_two_stages():
    day = [part_of("sitting_tall=day.mp4@0-6"), part_of("standing=day.mp4@6-12")]

    assert list(from_files(day, observe).stages) == [CalibrationStage.SITTING_TALL, CalibrationStage.STANDING]


def test_a_relaxed_stage_like_the_tall_one_is_refused():
    with pytest.raises(PosesTooAlike, match="Sitting relaxed looks like sitting tall"):
        from_files([PARTS[0], Part(CalibrationStage.SITTING_RELAXED, Path("tall.mp4"))], observe)


def test_an_empty_recording_is_not_enough():
    with pytest.raises(NotEnoughData, match="Sitting tall"):
        from_files([part_of("sitting_tall=tall.mp4@20-30")], observe)


def test_a_file_that_cannot_be_read_speaks_for_itself():
    with pytest.raises(VideoUnreadable, match=r"gone\.mp4 is not there"):
        from_files([part_of("sitting_tall=gone.mp4")], observe)
