"""A network camera of the tests' own: an MJPEG stream on this machine, made of the demo's first clip."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2

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
    """What the test tells the camera, and what the camera knows."""

    pictures: list[bytes]
    url: str = ""
    stalled: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    served: int = 0


def handler(camera: NetworkCamera) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not camera.pictures:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            while not camera.closing.wait(1 / RATE_HZ):
                if camera.stalled.is_set():
                    continue
                jpeg = camera.pictures[camera.served % len(camera.pictures)]
                part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
                try:
                    self.wfile.write(part + jpeg + b"\r\n")
                except OSError:  # the reader went away
                    return
                camera.served += 1

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(pictures: list[bytes]) -> Iterator[NetworkCamera]:
    """A camera that shows these pictures again and again; without any it is a page that is not there."""
    camera = NetworkCamera(pictures)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(camera))
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
