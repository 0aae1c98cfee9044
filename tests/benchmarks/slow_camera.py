"""A network camera that is slow, silent or gone for an hour: the monitor's open files, threads and memory, minute by minute.

    python tests/benchmarks/slow_camera.py [--minutes 60]

Each connection meets the next of the ways in which a camera fails; some work for a while before.  Linux: /proc counts.
"""

import argparse
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

import cv2

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "monitor" / "data" / "demo" / "demo_sit_tall.mp4"
HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
BYTE_S, PICTURE_S, WORKS_S = 1.0, 0.2, 20.0
# What may be open and running at the end beyond what was after the first minutes.
MORE_FILES, MORE_THREADS, MORE_MB = 4, 2, 20


def picture() -> bytes:
    """A part of the stream with somebody who sits."""
    jpeg = cv2.imencode(".jpg", cv2.VideoCapture(str(CLIP)).read()[1])[1].tobytes()
    return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg) + jpeg + b"\r\n"


def drip(link: socket.socket, data: bytes) -> None:
    """A byte each second."""
    for byte in data:
        link.sendall(bytes([byte]))
        time.sleep(BYTE_S)


def works(link: socket.socket, part: bytes) -> None:
    """Pictures for a while."""
    link.sendall(HEAD)
    for _ in range(round(WORKS_S / PICTURE_S)):
        link.sendall(part)
        time.sleep(PICTURE_S)


def works_then(link: socket.socket, part: bytes, then: Callable[[], object]) -> None:
    works(link, part)
    then()


# The first lets the monitor begin.
WAYS: dict[str, Callable[[socket.socket, bytes], object]] = {
    "works, then hangs up": works,
    "picture by the byte": lambda link, part: (link.sendall(HEAD), drip(link, part)),
    "works, then by the byte": lambda link, part: works_then(link, part, lambda: drip(link, part)),
    "head by the byte": lambda link, _: drip(link, HEAD),
    "silent": lambda link, _: link.recv(1),
    "works, then silent": lambda link, part: works_then(link, part, lambda: link.recv(1)),
    "hangs up at once": lambda _link, _: None,
    "half a picture, then hangs up": lambda link, part: link.sendall(HEAD + part[: len(part) // 2]),
    "half a picture, then silent": lambda link, part: (link.sendall(HEAD + part[: len(part) // 2]), link.recv(1)),
    "100 Continue for ever": lambda link, _: drip(link, b"HTTP/1.1 100 Continue\r\n\r\n" * 99),
}


@contextmanager
def camera() -> Iterator[tuple[str, Counter[str]]]:
    """A camera's address, and how often it was met in which way."""
    met, part, ways, listener = Counter[str](), picture(), cycle(WAYS), socket.create_server(("127.0.0.1", 0))

    def answer(link: socket.socket, way: str) -> None:
        with link, suppress(OSError):
            link.recv(4096)
            WAYS[way](link, part)

    def serve() -> None:
        with suppress(OSError):
            while True:
                link, _ = listener.accept()
                met[way := next(ways)] += 1
                threading.Thread(target=answer, args=(link, way), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/video", met
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def counted(pid: int) -> tuple[int, int, int]:
    """Open files, threads and resident memory (MB) of a process."""
    process = Path(f"/proc/{pid}")
    memory = int((process / "statm").read_text().split()[1]) * resource.getpagesize() // 2**20
    return len([*(process / "fd").iterdir()]), len([*(process / "task").iterdir()]), memory


def main() -> None:
    """Print the counts of each minute; fail if there are more at the end than after three minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    chosen = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder, camera() as (address, met):
        (Path(folder) / "settings.toml").write_text("tray = false\n")
        command = [sys.executable, "-m", "monitor", "run", "--source", address, "--notify", "console", "--data", folder]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            for minute in range(1, chosen.minutes + 1):
                time.sleep(60)
                assert process.poll() is None, f"ended with {process.returncode}"
                rows.append(counted(process.pid))
                print(f"{minute} min: {rows[-1][0]} files, {rows[-1][1]} threads, {rows[-1][2]} MB", flush=True)
        finally:
            process.terminate()
            ended = process.wait()
    first, last = rows[min(2, len(rows) - 1)], rows[-1]
    most = [max(column) for column in zip(*rows, strict=True)]
    print(f"after 3 min {first}, at the end {last}, at most {most}; ended with {ended}; connections {dict(met)}")
    sys.exit(any(b > a + more for a, b, more in zip(first, last, (MORE_FILES, MORE_THREADS, MORE_MB), strict=True)))


if __name__ == "__main__":
    main()
