"""Recorded pictures: a video file, or a part of one, and single pictures.

Time is the presentation time in the file, never a frame number over a rounded rate, which drifts by 3 % at 29.97 frames a second.
Pictures that no sample needs are skipped before they are converted.
"""

import math
import os
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from monitor.core.errors import VideoUnreadable
from monitor.ports import Clock, Frame
from monitor.regular_files import regular

# FFmpeg's own default for a stream that does not say; beyond 240 a rate is a container's tick, not a camera's.
DEFAULT_FPS, MAX_FPS = 25.0, 240.0
# What may miss at the end before a file counts as cut: containers round, and sound may go on longer than pictures.
SLACK_S, SLACK_PART = 1.0, 0.02
# A thousand samples a second: every frame of any camera.
SHORTEST_S = 0.001

# How much of a file tells text from video.
HEAD = 512
# First bytes and their offset of the image formats that OpenCV always reads; WebP's name follows RIFF and a length.
SIGNATURES = ((b"\xff\xd8\xff", 0), (b"\x89PNG", 0), (b"WEBP", 8), (b"II*\x00", 0), (b"MM\x00*", 0), (b"BM", 0))
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"})


def _opencv() -> Any:
    """OpenCV with logging off, because errors of a file are reported once by this module; imported only when a file is opened."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # FFmpeg's "quiet"
    import cv2

    getattr(cv2.utils, "logging", cv2).setLogLevel(0)  # silent; OpenCV 4 keeps it in cv2 itself
    return cv2


@dataclass(frozen=True, slots=True)
class Clip:
    """A video file, or its part from ``start_s`` to ``end_s`` (s in the file); each second stands for ``time_scale`` s."""

    path: Path
    start_s: float = 0.0
    end_s: float = math.inf
    time_scale: float = 1.0


class VideoFile:
    """A clip as a camera: a picture every ``every_s`` (s, scaled), or at the file's own lower rate.

    A frame's ``t`` is ``start_t`` + its presentation time x ``time_scale``; its pixels are square and it is turned clockwise by
    ``turn()`` (0, 90, 180 or 270 deg), besides what the file itself says.  With a ``clock`` the file runs at its own pace
    and what is late is dropped, as a camera does; without one it is as fast as it is read.

    Raises:
        VideoUnreadable: no such file, not allowed, not a video, or no pictures in it or in the part asked for.
    """

    def __init__(
        self, clip: Clip, *, start_t: float = 0.0, every_s: float = 0.2, clock: Clock | None = None, turn: Callable[[], int] = int
    ) -> None:
        self._cv2 = _opencv()
        self._descriptor: int | None = None
        self._video = self._cv2.VideoCapture(self._name(_readable(clip.path)), self._cv2.CAP_FFMPEG)
        self._turn = turn
        fps = self._video.get(self._cv2.CAP_PROP_FPS)
        self._frame_s = 1.0 / (fps if 0 < fps <= MAX_FPS else DEFAULT_FPS)
        self._clip, self._start_t, self._every_s, self._clock = clip, start_t, max(every_s, SHORTEST_S), clock
        self.period_s = max(self._every_s, self._frame_s * clip.time_scale)
        self.remark: str | None = None
        self._slot = -1
        self._began: float | None = None  # when, on the clock, the first picture was due
        self._at_s = -self._frame_s  # presentation time of the picture grabbed last
        self._first_s = self._skip_to_start()
        self._grabbed = True

    def read(self) -> Frame | None:
        """The next sample, or None at the end; ``remark`` then says if the file was cut short."""
        while self._grabbed or self._grab():
            self._grabbed = False
            if self._is_next_sample() and self._in_time():
                good, bgr = self._video.retrieve()
                if good:
                    rgb = self._cv2.cvtColor(self._with_square_pixels(bgr), self._cv2.COLOR_BGR2RGB)
                    return Frame(self._start_t + self._at_s * self._clip.time_scale, turned(rgb, self._turn()))
        return None

    def _with_square_pixels(self, bgr: Any) -> Any:
        """The picture in its display aspect ratio.  OpenCV returns it as stored, rotated if the file says so."""
        wide, high = (self._video.get(key) for key in (self._cv2.CAP_PROP_SAR_NUM, self._cv2.CAP_PROP_SAR_DEN))
        if wide <= 0 or high <= 0 or wide == high:
            return bgr
        sideways = round(self._video.get(self._cv2.CAP_PROP_ORIENTATION_META)) % 180 == 90  # noqa: PLR2004
        stretch = high / wide if sideways else wide / high
        width = round(bgr.shape[1] * stretch)
        return self._cv2.resize(bgr, (width, bgr.shape[0]), interpolation=self._cv2.INTER_LINEAR)

    def close(self) -> None:
        """Release the file; may be called twice."""
        self._grabbed = False
        self._video.release()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _name(self, path: Path) -> str:
        """The name for FFmpeg: the absolute path, because "12:30.mp4" would be read as a protocol."""
        name = str(path.absolute())
        try:
            name.encode()
        except UnicodeEncodeError:  # bytes in another encoding crash OpenCV; an open file has a name without them
            if not Path("/dev/fd").is_dir():
                raise VideoUnreadable(f"{path} has a name that is no Unicode text; rename it") from None
            self._descriptor = os.open(path, os.O_RDONLY)
            return f"/dev/fd/{self._descriptor}"
        return name

    def _grab(self) -> bool:
        """Whether there is a next picture in the clip; moves to it."""
        if not self._video.grab():
            self.remark = self.remark or self._missing_end()
            return False
        at_s = round(self._video.get(self._cv2.CAP_PROP_POS_MSEC) / 1000, 6)
        # Some files have no times, or some that jump back; those pictures follow one another at the usual rate.
        self._at_s = at_s if at_s > self._at_s else self._at_s + self._frame_s
        return self._at_s <= self._clip.end_s

    def _skip_to_start(self) -> float:
        """Presentation time (s) of the clip's first picture.  Every frame is decoded: seeking is inexact in many files."""
        while self._grab():
            if self._at_s >= self._clip.start_s:
                return self._at_s
        self.close()
        if self._at_s < 0:
            raise VideoUnreadable(f"{self._clip.path} holds no readable video: it is damaged, cut off, sound only or no video")
        until = f" to {self._clip.end_s:g} s" if self._clip.end_s < math.inf else ""
        part = f"from {self._clip.start_s:g} s{until}"
        raise VideoUnreadable(f"{self._clip.path} has no pictures {part}; the last one read is at {self._at_s:.1f} s")

    def _is_next_sample(self) -> bool:
        """Whether this picture is the first of its slot; the slots, ``every_s`` long, are centred on the samples' times."""
        since_first = self._at_s - self._first_s + self._frame_s / 2
        slot = math.floor(since_first * self._clip.time_scale / self._every_s)
        is_next = slot > self._slot
        self._slot = max(slot, self._slot)
        return is_next

    def _in_time(self) -> bool:
        """Wait for this picture's turn; False if that was more than a sample ago."""
        if self._clock is None:
            return True
        now = self._clock.now()
        self._began = now if self._began is None else self._began
        wait_s = self._began + self._at_s - self._first_s - now
        self._clock.sleep(wait_s)
        return wait_s > -self.period_s / self._clip.time_scale

    @property
    def told_s(self) -> float:
        """The file's length by its metadata (s); 0 if unknown."""
        return float(max(self._video.get(self._cv2.CAP_PROP_FRAME_COUNT), 0.0) * self._frame_s)

    def _missing_end(self) -> str | None:
        """The message that tells how much of the file is missing; None when nothing is, or it is unknown."""
        got_s = self._at_s + self._frame_s
        told_s = self.told_s
        cut = _ends_inside_a_box(self._clip.path)
        slack_s = max(SLACK_S, SLACK_PART * told_s) if cut is None else 2 * self._frame_s
        if cut is False or told_s - got_s <= slack_s:
            return None
        return f"{self._clip.path} ended early: {got_s:.1f} of {told_s:.1f} s could be read; the file is cut off or damaged"


def length_s(path: Path) -> float:
    """A video's length by its metadata (s); 0 if unknown.  Raises VideoUnreadable."""
    video = VideoFile(Clip(path))
    try:
        return video.told_s
    finally:
        video.close()


def read_image(path: Path, rotate: int = 0) -> Frame:
    """The picture in ``path`` at t = 0, upright as the file says and turned by ``rotate``, 8 bits a colour, not transparent.

    Raises:
        VideoUnreadable: no such file, not allowed, or not a picture.
    """
    cv2 = _opencv()
    data = np.fromfile(_readable(path), dtype=np.uint8)  # not cv2.imread, which cannot open "Müller.jpg" on Windows
    try:
        # A PNG without its last chunk is refused here, because libpng would write to standard error first.
        whole = data[:4].tobytes() != b"\x89PNG" or b"IEND" in data.tobytes()
        bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if whole else None
    except cv2.error:  # larger than OpenCV allows
        bgr = None
    if bgr is None:
        raise VideoUnreadable(f"{path} holds no readable picture; save it as JPEG or PNG")
    return Frame(0.0, turned(_as_avif_says(data.tobytes(), cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)), rotate))


def turned(rgb: Any, rotate: int) -> Any:
    """The picture turned clockwise by 0, 90, 180 or 270 deg."""
    return np.ascontiguousarray(np.rot90(rgb, -rotate // 90)) if rotate else rgb


def _as_avif_says(data: bytes, rgb: Any) -> Any:
    """The picture turned and mirrored as an AVIF says (ISO/IEC 23008-12: irot, then imir), which OpenCV leaves to others."""
    if data[4:8] != b"ftyp" or b"avi" not in data[8:32]:
        return rgb
    properties = data[: data.find(b"mdat")]
    turn, mirror = (properties.find(box) for box in (b"irot", b"imir"))
    if turn >= 0:
        rgb = np.rot90(rgb, properties[turn + 4] & 3)
    if mirror >= 0:
        rgb = rgb[:, ::-1] if properties[mirror + 4] & 1 else rgb[::-1]
    return np.ascontiguousarray(rgb)


def is_image(path: Path) -> bool:
    """Whether ``path`` is to be read as a single picture: by its first bytes, or else by its name."""
    head = b""
    with suppress(OSError), regular(path).open("rb") as file:  # read_image and VideoFile say what is wrong
        head = file.read(12)
    return any(head[at : at + len(sign)] == sign for sign, at in SIGNATURES) or path.suffix.lower() in SUFFIXES


def _readable(path: Path) -> Path:
    """``path`` itself, if it is a readable file that is not empty."""
    try:
        with regular(path).open("rb") as file:
            head = file.read(HEAD)
        if not head:
            raise VideoUnreadable(f"{path} is empty; give a video or picture file")
        if _is_text(head):  # of any name; FFmpeg would open the files and hosts that a playlist names
            raise VideoUnreadable(f"{path} holds no readable video but text, such as a playlist; give the video itself")
    except OSError as error:
        raise VideoUnreadable(f"{path} cannot be read: {error.strerror}; give a readable video or picture file") from error
    return path


def _is_text(head: bytes) -> bool:
    """Whether a file that begins with these bytes is text: no video or picture begins with so much of it."""
    try:
        words = getincrementaldecoder("utf-8-sig")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return all(c.isprintable() or c.isspace() for c in words)


def _ends_inside_a_box(path: Path) -> bool | None:
    """Whether an MP4 or MOV file is shorter than the boxes it is made of; None for other files.

    Its length cannot tell: of a clip trimmed on a phone the file still counts the pictures that were trimmed away.
    """
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(16)
            if at == 0 and head[4:8] != b"ftyp":
                return None
            length = int.from_bytes(head[:4], "big")
            if length == 0:  # the last box, up to the end
                return False
            at += max(int.from_bytes(head[8:16], "big") if length == 1 else length, 8)  # 8: what is not a box ends too
    return at > size
