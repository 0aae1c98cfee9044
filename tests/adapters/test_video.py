import math
import shutil
import struct
import subprocess
import sys
import wave
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from PIL import Image, ImageOps

from monitor.adapters.camera.video import Clip, VideoFile, is_image, length_s, read_image
from monitor.core.errors import VideoUnreadable
from monitor.ports import Frame
from monitor.testing import MORNING, ManualClock

DEMO = Path(__file__).parents[2] / "monitor" / "data" / "demo"
TALL, MORNING_CLIP = DEMO / "demo_sit_tall.mp4", DEMO / "demo_morning.mp4"
SECONDS, BITS, SIDE = 3, 8, 16


def numbered(index: int) -> np.ndarray:
    """A picture that carries its own number as black and white squares, so that a frame can be told from its neighbour."""
    bits = np.array([index >> bit & 1 for bit in range(BITS)], dtype=np.uint8) * 255
    return np.repeat(np.kron(bits, np.ones((2 * SIDE, SIDE), np.uint8))[..., None], 3, axis=2)


def number_of(frame: Frame) -> int:
    """The number that ``numbered`` drew."""
    middles = frame.rgb[SIDE, SIDE // 2 :: SIDE, 0]
    return sum(1 << bit for bit, value in enumerate(middles) if value > 127)


def write_clip(path: Path, fps: float, code: str = "mp4v") -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), fps, (BITS * SIDE, 2 * SIDE))
    for index in range(round(SECONDS * fps)):
        writer.write(numbered(index))
    writer.release()
    return path


@pytest.fixture(scope="session")
def clip_at(tmp_path_factory):
    """Clips by their rate, each written once: the laws share them."""
    folder = tmp_path_factory.mktemp("clips")
    return cache(lambda fps: write_clip(folder / f"{fps}.mp4", fps))


def frames_of(video: VideoFile) -> list[Frame]:
    frames = list(iter(video.read, None))
    video.close()
    return frames


def times_of(path: Path, every_s: float = 0.2) -> list[float]:
    return [frame.t for frame in frames_of(VideoFile(Clip(path), every_s=every_s))]


RATES = st.sampled_from([5.0, 7.5, 10.0, 12.5, 15.0, 24.0, 25.0, 29.97, 30.0, 59.94])


@examples(6)
@given(fps=RATES, every_s=st.floats(0.02, 1.0), start_t=st.sampled_from([0.0, MORNING]))
def test_samples_keep_the_files_own_time_and_their_distance(clip_at, fps, every_s, start_t):
    video = VideoFile(Clip(clip_at(fps)), start_t=start_t, every_s=every_s)
    frames = frames_of(video)
    times = np.array([frame.t for frame in frames]) - start_t

    assert times[0] == 0.0
    assert (np.diff(times) > 0).all()
    assert np.abs(np.diff(times) - max(every_s, 1 / fps)).max(initial=0) <= 1 / fps + 1e-5
    assert video.period_s == pytest.approx(max(every_s, 1 / fps), rel=1e-3)
    assert [number_of(frame) for frame in frames] == [round(t * fps) for t in times]


@examples(4)
@given(fps=RATES, start_s=st.floats(0, 2), length_s=st.floats(0.3, 4))
def test_a_part_of_a_clip_holds_the_pictures_of_that_part_and_no_others(clip_at, fps, start_s, length_s):
    times = [frame.t for frame in frames_of(VideoFile(Clip(clip_at(fps), start_s, start_s + length_s), every_s=0.0))]

    assert start_s <= times[0] <= start_s + 1 / fps + 1e-5
    assert times[-1] <= start_s + length_s
    assert times[-1] >= min(start_s + length_s, SECONDS) - 2 / fps


def test_a_rate_that_is_no_whole_number_does_not_drift(clip_at):
    times = times_of(clip_at(29.97), every_s=0.0)

    assert len(times) == 90
    assert times[-1] == pytest.approx(89 / 29.97, abs=1 / 29.97 / 2)


def test_a_file_slower_than_the_samples_gives_every_picture(clip_at):
    assert times_of(clip_at(2.0)) == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0, 2.5])


def test_a_clip_told_as_a_time_lapse_gives_each_of_its_pictures():
    video = VideoFile(Clip(TALL, time_scale=100), start_t=MORNING)
    times = [frame.t - MORNING for frame in frames_of(video)]

    assert video.period_s == 10.0
    assert times == pytest.approx([10.0 * n for n in range(60)])


def test_frames_are_upright_rgb_bytes_that_mediapipe_can_take():
    (first, *_) = frames_of(VideoFile(Clip(TALL)))
    _, bgr = cv2.VideoCapture(str(TALL)).read()

    assert (first.rgb.shape, first.rgb.dtype, first.rgb.flags.c_contiguous) == ((540, 960, 3), np.uint8, True)
    assert np.array_equal(first.rgb, bgr[..., ::-1])


@pytest.mark.parametrize("code_and_name", ["MJPG a.avi", "mp4v a.mov", "VP80 a.webm", "mp4v a.mkv"])
def test_other_containers_keep_the_same_times(tmp_path, code_and_name):
    code, name = code_and_name.split()

    assert times_of(write_clip(tmp_path / name, 10.0, code)) == pytest.approx([0.2 * n for n in range(15)], abs=0.002)


def test_an_animated_gif_keeps_the_time_that_each_of_its_pictures_lasts(tmp_path):
    path, animation = tmp_path / "a.gif", cv2.Animation()
    animation.frames = [numbered(n) for n in range(3)]
    animation.durations = np.array([100, 500, 300])
    cv2.imwriteanimation(str(path), animation)

    assert times_of(path, every_s=0.0) == pytest.approx([0.0, 0.1, 0.6], abs=0.011)


@pytest.mark.parametrize("name", ["with spaces.mp4", "Müller 猫.mp4", "-begins-with-a-dash.mp4", "12:30.mp4", "100%d.mp4"])
def test_any_file_name_will_do(tmp_path, monkeypatch, name):
    shutil.copy(TALL, tmp_path / name)
    monkeypatch.chdir(tmp_path)

    assert len(frames_of(VideoFile(Clip(Path(name))))) == 30


def turned(path: Path) -> Path:
    """A copy of a clip that asks its player to turn it by 90 degrees, as phones write them."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # the matrix of version 0: 4 flags, 36 of times, sizes and layers
    data[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    turned_path = path.with_name("turned.mp4")
    turned_path.write_bytes(data)
    return turned_path


def test_a_clip_from_an_upright_phone_is_upright(clip_at):
    (first, *_) = frames_of(VideoFile(Clip(turned(clip_at(10.0)))))

    assert first.rgb.shape == (BITS * SIDE, 2 * SIDE, 3)


def test_at_real_pace_it_waits_for_each_pictures_turn():
    clock = ManualClock()
    waits = [clock.t - MORNING for _ in iter(VideoFile(Clip(TALL), clock=clock).read, None)]

    assert waits == pytest.approx([0.2 * n for n in range(30)])


def test_a_time_lapse_at_real_pace_runs_like_the_file_and_tells_the_storys_time():
    clock = ManualClock()
    video = VideoFile(Clip(MORNING_CLIP, end_s=5.0, time_scale=200), start_t=MORNING, clock=clock)
    frames = frames_of(video)

    assert clock.t - MORNING == pytest.approx(5.0)
    assert frames[-1].t - MORNING == pytest.approx(1000.0)


def test_at_real_pace_a_slow_reader_loses_pictures_not_time():
    clock = ManualClock()
    video = VideoFile(Clip(TALL), clock=clock)
    times = []
    while frame := video.read():
        times.append(frame.t)
        clock.t += 0.9  # what looking at it takes

    assert len(times) < 10
    assert times[-1] > 4.5
    assert all(gap >= 0.79 for gap in np.diff(times))


def cut(path: Path, share: float, to: Path) -> Path:
    data = path.read_bytes()
    to.write_bytes(data[: int(len(data) * share)])
    return to


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9])
def test_a_truncated_file_is_used_as_far_as_it_goes_and_then_says_so(tmp_path, share):
    path = cut(MORNING_CLIP, share, tmp_path / "cut.mp4")
    video = VideoFile(Clip(path))
    told_before = video.remark
    times = [frame.t for frame in frames_of(video)]

    assert told_before is None
    assert 5.0 < times[-1] < 31.0
    assert str(path) in video.remark
    assert "of 31.5 s" in video.remark
    assert "\n" not in video.remark


def test_a_truncated_mkv_says_so_too(tmp_path):
    path = cut(write_clip(tmp_path / "whole.mkv", 10.0, "MJPG"), 0.5, tmp_path / "cut.mkv")
    video = VideoFile(Clip(path))
    frames_of(video)

    assert "of 3.0 s" in video.remark


@pytest.mark.parametrize("which", [TALL, MORNING_CLIP, 12.5, 29.97], ids=str)
def test_a_whole_file_says_nothing_at_its_end(clip_at, which):
    video = VideoFile(Clip(which if isinstance(which, Path) else clip_at(which)))
    frames_of(video)

    assert video.remark is None
    assert video.read() is None


def test_a_part_that_ends_before_the_file_does_says_nothing(tmp_path):
    video = VideoFile(Clip(cut(MORNING_CLIP, 0.6, tmp_path / "cut.mp4"), end_s=2.0))
    frames_of(video)

    assert video.remark is None


def sound(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000)
    return path


def text(path: Path) -> Path:
    path.write_text("not a video at all\n" * 100)
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def leading(words):
    def make(path):
        (path.parent / "b.mp4").write_bytes(TALL.read_bytes())
        path.write_bytes(words.encode())
        return path

    return make


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nb.mp4\n#EXT-X-ENDLIST\n",
    "bom": "\ufeff#EXTM3U\n#EXTINF:5,\nb.mp4\n",
    "concat": "ffconcat version 1.0\nfile b.mp4\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 26\n",
    "dash": "<?xml version='1.0'?><MPD><BaseURL>b.mp4</BaseURL></MPD>",
    "long": "#EXTM3U\n#" + "é" * 5000 + "\n#EXTINF:5,\nb.mp4\n",
    "with a zero": "#EXTM3U\n#\0\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nb.mp4\n#EXT-X-ENDLIST\n",
}


def test_a_playlist_by_any_name_opens_no_other_file(tmp_path):
    """The real name of each kind, and another; what the list names is there and could be read."""
    followed = []
    for kind, words in PLAYLISTS.items():
        for ending in ("m3u8", "ffconcat", "sdp", "mpd", "mp4", "jpg"):
            for opener in (lambda path: VideoFile(Clip(path)), read_image, length_s):
                try:
                    opener(leading(words)(tmp_path / f"a.{ending}"))
                except VideoUnreadable:
                    continue
                followed.append((kind, ending))

    assert followed == []


BAD = {
    "missing": (lambda path: path, "cannot be read"),
    "folder": (folder, "is a folder"),
    "empty": (empty, "is empty"),
    "text": (text, "no readable"),
    "sound": (sound, "no readable"),
    "header-only": (lambda path: cut(TALL, 0.01, path), "no readable"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("opener", [lambda path: VideoFile(Clip(path)), read_image], ids=["video", "picture"])
def test_what_is_no_video_or_picture_is_one_line_that_names_it(tmp_path, kind, opener):
    make, words = BAD[kind]
    path = make(tmp_path / "a.mp4")

    with pytest.raises(VideoUnreadable) as caught:
        opener(path)

    assert str(path) in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("start_s", "end_s"), [(6.5, math.inf), (20, 40), (4, 2)])
def test_a_part_without_pictures_is_refused_with_the_clips_length(start_s, end_s):
    with pytest.raises(VideoUnreadable, match=r"no pictures from .* the last one read is at"):
        VideoFile(Clip(TALL, start_s, end_s))


def half_a_png(path: Path) -> Path:
    cv2.imwrite(str(path), np.random.default_rng(1).integers(0, 255, (90, 120, 3), np.uint8))
    return cut(path, 0.5, path)


def test_nothing_is_written_to_standard_error_about_bad_files(tmp_path):
    bad = [
        text(tmp_path / "a.mp4"),
        sound(tmp_path / "a.wav"),
        cut(MORNING_CLIP, 0.6, tmp_path / "b.mp4"),
        half_a_png(tmp_path / "a.png"),
    ]
    script = """
import sys
from pathlib import Path
from monitor.adapters.camera.video import Clip, VideoFile, read_image
from monitor.core.errors import VideoUnreadable
for name in sys.argv[1:]:
    for read in (lambda path: list(iter(VideoFile(Clip(path)).read, None)), read_image):
        try:
            read(Path(name))
        except VideoUnreadable:
            pass
"""
    done = subprocess.run([sys.executable, "-c", script, *map(str, bad)], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")


def test_opencv_is_loaded_only_when_a_file_is_opened():
    modules = "monitor.adapters.camera.video, monitor.adapters.camera.capture, monitor.adapters.camera.device_list"
    script = f"import sys, {modules}; print('cv2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


# A picture whose upper left is red, upper right green, lower half blue (OpenCV's order is blue, green, red).
COLOURS = np.zeros((40, 60, 3), np.uint8)
COLOURS[:20, :30, 2] = COLOURS[:20, 30:, 1] = COLOURS[20:, :, 0] = 255
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def corners(frame: Frame) -> list[tuple[int, ...]]:
    """Colours at the upper left, upper right, lower left and lower right, rounded to pure ones."""
    rows, columns, _ = frame.rgb.shape
    points = [(4, 4), (4, columns - 5), (rows - 5, 4), (rows - 5, columns - 5)]
    return [tuple(int(v > 127) * 255 for v in frame.rgb[point]) for point in points]


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tiff"])
def test_pictures_of_every_usual_kind_are_read(tmp_path, suffix):
    path = tmp_path / f"Müller.{suffix}"
    path.write_bytes(cv2.imencode(f".{suffix}", COLOURS)[1].tobytes())

    assert is_image(path)
    assert corners(read_image(path)) == [RED, GREEN, BLUE, BLUE]
    assert read_image(path).t == 0.0


@pytest.mark.parametrize(
    "pixels",
    [COLOURS.astype(np.uint16) * 257, np.dstack([COLOURS, np.full((40, 60), 255, np.uint8)])],
    ids=["16 bit", "with transparency"],
)
def test_deep_and_transparent_pictures_become_plain_ones(tmp_path, pixels):
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), pixels)
    frame = read_image(path)

    assert (frame.rgb.shape, frame.rgb.dtype) == ((40, 60, 3), np.uint8)
    assert corners(frame) == [RED, GREEN, BLUE, BLUE]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_grey_picture_gets_three_equal_channels(tmp_path, dtype):
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.linspace(0, np.iinfo(dtype).max, 40 * 60).reshape(40, 60).astype(dtype))
    rgb = read_image(path).rgb

    assert rgb.shape == (40, 60, 3)
    assert (rgb == rgb[..., :1]).all()
    assert rgb[-1, -1, 0] == 255


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The same JPEG with an EXIF block that says how the camera was held."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 0)
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(1, [RED, GREEN, BLUE, BLUE]), (3, [BLUE, BLUE, GREEN, RED]), (6, [BLUE, RED, BLUE, GREEN]), (8, [GREEN, BLUE, RED, BLUE])],
)
def test_a_phones_photo_is_turned_upright(tmp_path, orientation, expected):
    path = tmp_path / "a.jpg"
    path.write_bytes(with_orientation(cv2.imencode(".jpg", COLOURS)[1].tobytes(), orientation))

    assert corners(read_image(path)) == expected


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff", "avif"])
def test_every_format_is_shown_as_it_says(tmp_path, suffix):
    path, wrong = tmp_path / f"a.{suffix}", {}
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        Image.fromarray(np.ascontiguousarray(COLOURS[..., ::-1])).save(path, exif=exif)
        shown = Frame(0.0, np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")))
        if (corners(read_image(path)), read_image(path).rgb.shape) != (corners(shown), shown.rgb.shape):
            wrong[orientation] = corners(read_image(path))

    assert wrong == {}


@pytest.mark.parametrize(
    ("rotate", "expected"),
    [
        (0, [RED, GREEN, BLUE, BLUE]),
        (90, [BLUE, RED, BLUE, GREEN]),
        (180, [BLUE, BLUE, GREEN, RED]),
        (270, [GREEN, BLUE, RED, BLUE]),
    ],
)
def test_a_picture_of_a_camera_on_its_side_is_turned_clockwise(tmp_path, rotate, expected):
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), COLOURS)

    assert corners(read_image(path, rotate)) == expected


def with_pixels_16_to_11(path: Path) -> Path:
    """An MPEG-4 clip whose layers say that a pixel is 16 wide and 11 high (ISO/IEC 14496-2: aspect_ratio_info 4)."""
    data = path.read_bytes()
    for at in [i for i in range(len(data)) if data.startswith(b"\x00\x00\x01\x20", i)]:
        bits = int.from_bytes(data[at + 4 : at + 8], "big")
        after = 1 + 8 + (8 if bits >> 22 & 1 else 1)  # random access, type, identifier with version and priority if there is one
        shift = 32 - after - 4
        data = data[: at + 4] + (bits & ~(15 << shift) | 4 << shift).to_bytes(4, "big") + data[at + 8 :]
    changed = path.with_name("wide.mp4")
    changed.write_bytes(data)
    return changed


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    path = with_pixels_16_to_11(write_clip(tmp_path / "a.mp4", 10))

    assert {frame.rgb.shape for frame in frames_of(VideoFile(Clip(path)))} == {(32, 186, 3)}
    assert {frame.rgb.shape for frame in frames_of(VideoFile(Clip(path), turn=lambda: 90))} == {(186, 32, 3)}


def test_a_picture_is_known_by_its_content_or_else_by_its_name(tmp_path):
    jpeg = cv2.imencode(".jpg", COLOURS)[1].tobytes()
    (tmp_path / "unnamed").write_bytes(jpeg)

    assert is_image(tmp_path / "unnamed")
    assert is_image(tmp_path / "missing.JPG")
    assert is_image(text(tmp_path / "text.png"))
    assert not is_image(TALL)
    assert not is_image(text(tmp_path / "text.mp4"))
    assert not is_image(tmp_path)
