"""The one connection to an RTSP camera, through which FFmpeg reads it.

FFmpeg would go wherever the camera's answers send it (RTSP moves by status 3xx, as HTTP does).  So it is given an address on this
machine, and this relay passes the bytes on to the camera that was named, and no further: an answer of status 3xx ends it.
"""

import re
import select
import socket
import ssl
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

from monitor.adapters.camera.capture.http_camera import ANSWER_S, CHUNK, any_camera

# No camera sends more; it bounds what a picture without end takes until FFmpeg gives it up.
MOST_BYTES_S = 12_500_000
LOOK_S = 0.1
_MOVED = re.compile(rb"RTSP/\d\.\d 3\d\d")
_LONGEST_MATCH = 12
PORTS = {"rtsp": 554, "rtsps": 322}


class RtspRelay:
    """Listens once on this machine for FFmpeg; ``address`` is what it opens.  ``close`` ends both connections."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._scheme = parts.hostname or "", parts.scheme.lower()
        self._port = parts.port or PORTS[self._scheme]
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1)
        user, at, _ = parts.netloc.rpartition("@")
        place = f"{user}{at}127.0.0.1:{self._listener.getsockname()[1]}"
        self.address = parts._replace(scheme="rtsp", netloc=place).geturl()
        threading.Thread(target=self._run, name="rtsp relay", daemon=True).start()

    def close(self) -> None:
        """End soon; may be called twice."""
        self._closing.set()

    def _run(self) -> None:
        with suppress(OSError):
            with self._listener as listener:
                listener.settimeout(ANSWER_S)
                ours = listener.accept()[0]
            with ours, self._camera() as camera:
                self._pass(ours, camera)

    def _camera(self) -> socket.socket:
        link = socket.create_connection((self._host, self._port), timeout=ANSWER_S)
        return any_camera().wrap_socket(link) if self._scheme == "rtsps" else link

    def _pass(self, ours: socket.socket, camera: socket.socket) -> None:
        """Bytes both ways until one side ends, the camera sends on to another place, or it is closed."""
        tail = b""
        while not self._closing.is_set():
            began = time.monotonic()
            for side in [camera] if _buffered(camera) else select.select([ours, camera], [], [], LOOK_S)[0]:
                data = side.recv(CHUNK)
                if not data:
                    return
                if side is camera:
                    if _MOVED.search(tail + data):
                        return
                    tail = data[-_LONGEST_MATCH:]
                (ours if side is camera else camera).sendall(data)
                if side is camera:
                    self._closing.wait(max(began + len(data) / MOST_BYTES_S - time.monotonic(), 0.0))


def _buffered(link: socket.socket) -> bool:
    """Whether TLS has decrypted bytes that select does not know of."""
    return isinstance(link, ssl.SSLSocket) and link.pending() > 0
