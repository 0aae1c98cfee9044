"""A network camera over HTTP: an MJPEG stream, or an address of one picture, which is asked for again and again.

It is read here and not by FFmpeg, so that whatever the camera sends, one connection is open, a time bounds each answer and each
picture, a size bounds what is held, and no host is asked but the one that was named.
"""

import http.client
import io
import socket
import ssl
import string
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from monitor.adapters.camera.capture.authorization import authorization
from monitor.adapters.camera.capture.jpeg_stream import JpegStream, NotPictures
from monitor.adapters.camera.capture.refusals import name, refusal
from monitor.core.errors import CameraBusy, CameraUnavailable, SourceError

# A camera that has not answered by then is not there.
ANSWER_S = 10.0
# A picture that takes longer is not live.
PICTURE_S = 5.0
# The address that was given, a move to another path or to HTTPS, and each again with the password.
MOST_REQUESTS = 6
CHUNK = 2**16

_Answer = http.client.HTTPResponse


class _Deadline:
    """When (s, monotonic) whoever waits for the camera has waited long enough, in however many pieces its bytes come."""

    def __init__(self, seconds: float) -> None:
        self.set(seconds)

    def set(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left_s(self) -> float:
        """Seconds left, more than 0.  Raises TimeoutError."""
        left_s = self._at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s


class _TimedReader(io.RawIOBase):
    """What comes through a socket until the deadline."""

    def __init__(self, link: socket.socket, deadline: _Deadline) -> None:
        self._link, self._deadline = link, deadline
        self._file: Any = link.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._link.settimeout(self._deadline.left_s())
        count: int | None = self._file.readinto(buffer)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class HttpCamera:
    """A camera at an http or https address, asked like a cv2.VideoCapture; ``failure`` says why it gives no pictures.

    ``poll_s()`` is the shortest time between two requests (s).
    """

    def __init__(self, cv2: Any, address: str, poll_s: Callable[[], float]) -> None:
        self._cv2, self._address, self._poll_s = cv2, address, poll_s
        self._deadline = _Deadline(ANSWER_S)
        self.failure: SourceError | None = None
        self._link: http.client.HTTPConnection | None = None
        self._answer: _Answer | None = None
        self._asked_at = float("-inf")
        self._stream, self._pictures = JpegStream(), list[bytes]()
        self._picture = b""
        self.grab()

    def isOpened(self) -> bool:  # noqa: N802  # OpenCV's name
        """Whether pictures come."""
        return self.failure is None

    def grab(self) -> bool:
        """Wait for the next picture; False if none came, for the reason ``failure``."""
        try:
            while not self._pictures:
                self._receive()
            self._picture = self._pictures.pop(0)
        except SourceError as error:
            self.failure = error
        except NotPictures as error:
            self.failure = CameraUnavailable(f"{name(self._address)} sends {error}; {_GIVE}")
        except (OSError, http.client.HTTPException, ValueError):
            self.failure = refusal(self._address)
        if self.failure is not None:
            self.release()
        return self.failure is None

    def retrieve(self) -> tuple[bool, Any]:
        """Whether the picture could be decoded, and its pixels (H, W, 3; blue first)."""
        import numpy as np

        bgr = self._cv2.imdecode(np.frombuffer(self._picture, np.uint8), self._cv2.IMREAD_COLOR)
        return bgr is not None, bgr

    def release(self) -> None:
        """Close the connection; may be called twice."""
        if self._answer is not None:
            self._answer.close()
        if self._link is not None:
            self._link.close()
        self._answer = self._link = None

    def _receive(self) -> None:
        """One more piece of the answer, asked for anew where the last one ended with a picture."""
        if self._answer is None:
            time.sleep(min(max(self._asked_at + self._poll_s() - time.monotonic(), 0.0), PICTURE_S))
            self._asked_at = time.monotonic()
            self._stream, self._picture = JpegStream(), b""
            self._deadline.set(ANSWER_S)
            self._answer = self._ask()
        data = self._answer.read1(CHUNK)
        self._pictures += self._stream.feed(data)
        if self._pictures:
            self._deadline.set(PICTURE_S)
        elif not data and not self._picture:
            raise NotPictures("no JPEG pictures")
        # A snapshot's connection may stay open behind it.
        if not data or (self._pictures and self._answer.headers.get_content_maintype() == "image"):
            self.release()

    def _ask(self) -> _Answer:
        """The camera's answer of status 200, after its wish for a password and moves within its own host."""
        address, headers = self._address, {"User-Agent": "posture-monitor", "Accept": "image/jpeg, */*"}
        for _ in range(MOST_REQUESTS):
            answer = self._request(address, headers)
            if answer.status == http.client.OK:
                return answer
            answer.close()
            self.release()
            if answer.status == http.client.UNAUTHORIZED and "Authorization" not in headers:
                headers |= authorization(answer.headers.get_all("WWW-Authenticate", []), *_user(self._address), _path(address))
            elif (moved := answer.getheader("Location")) and answer.status in _MOVED:
                address = self._moved(address, moved)
                headers.pop("Authorization", None)
            else:
                raise self._refused(answer.status)
        raise CameraUnavailable(f"{name(self._address)} sends from one address to another without end; {_GIVE}")

    def _request(self, address: str, headers: dict[str, str]) -> _Answer:
        parts = urlsplit(address)
        host, left_s = parts.hostname or "", self._deadline.left_s()
        if parts.scheme.lower() == "https":
            link: http.client.HTTPConnection = http.client.HTTPSConnection(host, parts.port, timeout=left_s, context=any_camera())
        else:
            link = http.client.HTTPConnection(host, parts.port, timeout=left_s)
        link.response_class = self._answer_class()
        self._link = link
        link.request("GET", _path(address), headers=headers)
        return link.getresponse()

    def _answer_class(self) -> type[_Answer]:
        deadline = self._deadline

        class TimedAnswer(http.client.HTTPResponse):
            def __init__(self, sock: socket.socket, *words: Any, **named: Any) -> None:
                super().__init__(sock, *words, **named)
                self.fp.close()
                self.fp = io.BufferedReader(_TimedReader(sock, deadline), CHUNK)

        return TimedAnswer

    def _moved(self, address: str, to: str) -> str:
        """Where the camera moved to.  Raises CameraUnavailable for another host: it may be anyone's."""
        target = urljoin(address, to)
        if _place(target) not in (_place(address), _secured(address)):
            raise CameraUnavailable(f"{name(self._address)} sends on to another host, which is not followed; {_GIVE}")
        return target

    def _refused(self, status: int) -> SourceError:
        camera = name(self._address)
        if status == http.client.SERVICE_UNAVAILABLE:
            return CameraBusy(f"{camera} is in use by another program (it answers 503); close that program's view of it")
        if status in (http.client.UNAUTHORIZED, http.client.FORBIDDEN):
            return CameraUnavailable(f"{camera} does not accept the user or the password; check them in a browser")
        return refusal(self._address)


_GIVE = "give the address of its MJPEG stream, of a snapshot, or its rtsp address"
_MOVED = frozenset({301, 302, 303, 307, 308})
_ASCII = string.punctuation
_PORTS = {"http": 80, "https": 443}


def _place(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme.lower(), parts.hostname, parts.port or _PORTS.get(parts.scheme.lower())


def _secured(address: str) -> tuple[str, str | None, int | None]:
    """The same host over TLS, at the usual port."""
    return "https", urlsplit(address).hostname, _PORTS["https"]


def _path(address: str) -> str:
    parts = urlsplit(address)
    return quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_ASCII)


def _user(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return unquote(parts.username or ""), unquote(parts.password or "")


def any_camera() -> ssl.SSLContext:
    """TLS without a look at the certificate: a camera in the house signs its own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
