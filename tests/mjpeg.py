"""A network camera of the tests' own: an MJPEG stream on this machine, made of the demo's first clip.

It can be stalled, frozen, darkened, kept by one client (the next is answered 503), stopped, and started again on its port.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np

DEMO = Path(__file__).parents[1] / "monitor" / "data" / "demo"
RATE_HZ = 25.0


def jpegs() -> list[bytes]:
    """The clip's pictures."""
    video = cv2.VideoCapture(str(DEMO / "demo_sit_tall.mp4"))
    pictures = []
    while (got := video.read())[0]:
        pictures.append(cv2.imencode(".jpg", got[1])[1].tobytes())
    return pictures


@dataclass
class NetworkCamera:
    """What the test tells the camera, and what the camera knows; ``served`` pictures, ``watched`` by so many now."""

    pictures: list[bytes]
    one_client: bool = False
    rate_hz: float = RATE_HZ
    url: str = ""
    stalled: threading.Event = field(default_factory=threading.Event)
    frozen: threading.Event = field(default_factory=threading.Event)
    covered: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    served: int = 0
    watched: int = 0

    def picture(self) -> bytes:
        """The next picture."""
        if self.covered.is_set():
            return BLACK[self.served % len(BLACK)]
        if not self.frozen.is_set():
            self.served += 1
        return self.pictures[self.served % len(self.pictures)]


def black() -> list[bytes]:
    """What a covered sensor sends: its noise."""
    noise = np.random.default_rng(0)
    return [cv2.imencode(".jpg", noise.integers(0, 6, (540, 960, 3), dtype=np.uint8))[1].tobytes() for _ in range(3)]


BLACK = black()


def handler(camera: NetworkCamera) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not camera.pictures:
                self.send_error(404)
                return
            if camera.one_client and camera.watched:
                self.send_error(503)
                return
            camera.watched += 1
            try:
                self.stream()
            finally:
                camera.watched -= 1

        def stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            while not camera.closing.wait(1 / camera.rate_hz):
                if camera.stalled.is_set():
                    continue
                jpeg = camera.picture()
                part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
                try:
                    self.wfile.write(part + jpeg + b"\r\n")
                except OSError:  # the reader went away
                    return

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(
    pictures: list[bytes], *, one_client: bool = False, port: int = 0, rate_hz: float = RATE_HZ
) -> Iterator[NetworkCamera]:
    """A camera that shows these pictures again and again; without any it is a page that is not there."""
    camera = NetworkCamera(pictures, one_client, rate_hz)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(camera))
    camera.url = f"http://127.0.0.1:{server.server_port}/video.mjpg"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield camera
    finally:
        camera.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
