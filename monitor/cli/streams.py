"""Standard streams that are closed, on a full device, or whose reader left."""

import io
import os
import sys
from typing import Any, TextIO

_MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


class OutputLost(OSError):
    """Standard output cannot be written, for another reason than that its reader left."""


class _Guarded(io.RawIOBase):
    """The raw part of a stream; write errors become OutputLost where the stream ``matters``, and are ignored otherwise."""

    def __init__(self, stream: io.TextIOWrapper, *, matters: bool) -> None:
        self._stream, self._matters = stream, matters  # kept: its raw part is closed with it
        self._raw: Any = getattr(stream.buffer, "raw", stream.buffer)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def write(self, data: Any) -> int | None:
        try:
            count: int | None = self._raw.write(data)
        except BrokenPipeError:
            if self._matters:
                raise BrokenPipeError from None  # without its number, with which typer would end the command as failed
            return len(data)
        except OSError as error:
            if self._matters:
                raise OutputLost(error.errno, error.strerror) from error
            return len(data)
        else:
            return count


def prepare() -> None:
    """Open closed streams on the null device, and name write errors.  Streams replaced by a test are left alone."""
    for number, (name, mode) in enumerate(_MODES.items()):
        if getattr(sys, name) is None:
            setattr(sys, name, _on_nothing(number, mode))
    sys.stdout, sys.stderr = _guarded(sys.stdout, matters=True), _guarded(sys.stderr, matters=False)


def _on_nothing(number: int, mode: str) -> TextIO:
    """A stream on the null device in place of a closed one; otherwise the next file opened would get its descriptor."""
    nothing = os.open(os.devnull, os.O_RDWR)
    if nothing != number:
        os.dup2(nothing, number)
        os.close(nothing)
    raw = io.FileIO(number, mode, closefd=False)
    return io.TextIOWrapper(io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw), encoding="utf-8")


def _guarded(stream: TextIO, *, matters: bool) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="backslashreplace")  # a file name may not be valid text
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if isinstance(raw, _Guarded) or not isinstance(raw, io.RawIOBase):
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Guarded(stream, matters=matters)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def mute() -> None:
    """Discard further standard output: Python would report the failed write at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
