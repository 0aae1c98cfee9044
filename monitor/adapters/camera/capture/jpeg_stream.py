"""JPEG pictures cut from a stream of bytes, MJPEG or a snapshot, by the pictures' own markers (ITU-T T.81, annex B).

What stands around the pictures (boundaries, lengths, content types) is passed over, because cameras often get it wrong and a
hostile one lies.  The memory held is bounded: a picture has a largest size, and so has what stands between two.
"""

import re

# A picture of 8K at the best quality has about 12 MB.
MOST_BYTES = 16 * 2**20
# Larger than 8K; decoded, a picture takes three bytes a pixel.
MOST_PIXELS = 40_000_000
# Between two pictures stand a boundary and a few headers.
MOST_BETWEEN = 2**16

_START = b"\xff\xd8\xff"
_START_OF_SCAN, _END = 0xDA, 0xD9
# Markers without a length: restarts and TEM.
_ALONE = frozenset({*range(0xD0, 0xD8), 0x01})
# Start of frame: these segments tell height and width.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Within a scan 0xFF is followed by 0 or a restart; anything else is the next marker.
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


class NotPictures(ValueError):
    """The stream holds no JPEG pictures, or one beyond the limits."""


class JpegStream:
    """``feed`` it bytes as they come; it gives the pictures that they complete."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._between = 0
        self._at = 0  # up to here the picture at the start of ``_held`` was read
        self._in_scan = False

    def feed(self, data: bytes) -> list[bytes]:
        """The whole pictures that ``data`` completes, oldest first.  Raises NotPictures."""
        self._held += data
        pictures = []
        while self._at_start() and (length := self._length()):
            pictures.append(bytes(self._held[:length]))
            self._drop(length)
        if len(self._held) > MOST_BYTES:
            raise NotPictures("a picture without end")
        return pictures

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self._at, self._in_scan = 0, False

    def _at_start(self) -> bool:
        """Whether a picture begins at the start of what is held, after dropping what stands before it."""
        if self._at:
            return True
        found = self._held.find(_START)
        before = found if found >= 0 else max(len(self._held) - len(_START) + 1, 0)
        self._between += before
        if self._between > MOST_BETWEEN:
            raise NotPictures("no JPEG pictures")
        self._drop(before)
        if found >= 0:
            self._at, self._between = len(_START) - 1, 0
        return found >= 0

    def _length(self) -> int | None:
        """How long the picture at the start is (bytes), None while its end has not come."""
        while (marker := self._marker()) is not None:
            if marker == _END:
                return self._at + 2
            if marker == _START[1]:  # the next picture begins: this one was cut short
                return self._cut_short()
            if not self._pass(marker):
                return None
        return None

    def _cut_short(self) -> int:
        if not self._in_scan:
            raise NotPictures("a damaged picture")
        return self._at

    def _marker(self) -> int | None:
        """The marker read next, None while it has not come; ``_at`` then stands on its 0xFF."""
        if not self._in_scan and len(self._held) > self._at and self._held[self._at] != _START[0]:
            raise NotPictures("a damaged picture")
        match = _NEXT_MARKER.search(self._held, self._at)
        if match is None:
            # Nothing of a scan is searched twice.
            self._at = max(self._at, len(self._held) - 1) if self._in_scan else self._at
            return None
        self._at = match.end() - 2
        return match[0][-1]

    def _pass(self, marker: int) -> bool:
        """Step over a segment; False while it has not come whole."""
        if marker in _ALONE:
            self._at += 2
            return True
        size = int.from_bytes(self._held[self._at + 2 : self._at + 4], "big")
        if len(self._held) < self._at + 2 + max(size, 2):
            return False
        if size < 2:  # noqa: PLR2004  # the length counts itself
            raise NotPictures("a damaged picture")
        if marker in _FRAMES:
            self._measure()
        self._at += 2 + size
        self._in_scan = marker == _START_OF_SCAN or (self._in_scan and marker not in _FRAMES)
        return True

    def _measure(self) -> None:
        high, wide = (int.from_bytes(self._held[self._at + at : self._at + at + 2], "big") for at in (5, 7))
        if high * wide > MOST_PIXELS:
            raise NotPictures(f"pictures of {wide} x {high} pixels")
