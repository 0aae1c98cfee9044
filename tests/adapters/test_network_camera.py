"""Network cameras that are slow, endless, broken or hostile, as real servers on this machine."""

import base64
import hashlib
import re
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import cv2
import numpy as np
import psutil
import pytest
from desktop_session import PATIENCE_S

from monitor.adapters.camera.capture import Device, Webcam
from monitor.adapters.camera.capture.jpeg_stream import MOST_BYTES, JpegStream, NotPictures
from monitor.adapters.system.clock import SystemClock
from monitor.core.errors import CameraBusy, CameraUnavailable

PIXELS = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
JPEG = cv2.imencode(".jpg", PIXELS)[1].tobytes()
PROGRESSIVE = cv2.imencode(".jpg", PIXELS, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_RST_INTERVAL, 2])[1].tobytes()
MULTIPART = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
PART = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def camera(behave):
    """A server that answers each request by ``behave(send, request, url)``; gives its address, and the requests so far."""
    requests, sent, over = [], [0], threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listener.getsockname()[1]}"

    def answer(link):
        def send(data, wait_s=0.0):
            link.sendall(data)
            sent[0] += len(data)
            if over.wait(wait_s):
                raise OSError

        with link, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                if not (data := link.recv(4096)):
                    return
                request += data
            requests.append(request.decode())
            behave(send, request.decode(), host, *([link] if behave is rtsp else []))

    def serve():
        while True:
            try:
                link = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=answer, args=(link,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield host, requests, sent
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def stream(send, part=PART % 999, head=MULTIPART, jpeg=JPEG):
    send(head)
    while True:
        send(part + jpeg + b"\r\n", 0.02)


def drip(send, head, data):
    send(head)
    while True:
        for byte in data:
            send(bytes([byte]), 0.2)


def endless(send, *_: object):
    send(MULTIPART + PART % 10**12 + JPEG[:-2])
    while True:
        send(bytes(2**16))


def chunked(send, *_: object):
    send(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        part = PART % len(JPEG) + JPEG
        for piece in (part[:100], part[100:]):
            send(b"%x\r\n" % len(piece) + piece + b"\r\n", 0.02)


def snapshot(send, *_: object):
    send(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(JPEG) + JPEG)


def left_open(send, *_: object):
    send(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + JPEG, PATIENCE_S)


def with_basic(send, request, _):
    if "Basic " + base64.b64encode(b"ann:p@ss/w").decode() in request:
        stream(send)
    send(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="cam"\r\nContent-Length: 0\r\n\r\n')


def with_digest(send, request, _):
    """RFC 7616, 3.4.1, with MD5 and protection "auth"."""
    fields = dict(re.findall(r'(\w+)="?([^",\r]*)', request.partition("Authorization: Digest ")[2]))
    who, what = md5("ann:cam:p@ss/w"), md5("GET:/a")
    if fields and fields["response"] == md5(f"{who}:n:{fields['nc']}:{fields['cnonce']}:auth:{what}"):
        stream(send)
    send(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="cam", nonce="n", qop="auth"\r\nContent-Length: 0\r\n\r\n')


def md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def moved_within(send, request, host):
    if "/there" in request:
        stream(send)
    send(b"HTTP/1.1 302 Moved\r\nLocation: http://%s/there\r\nContent-Length: 0\r\n\r\n" % host.encode())


def answering(head):
    return lambda send, *_: send(head)


WATCHED = {
    "stream": lambda send, *_: stream(send),
    "no lengths": lambda send, *_: stream(send, b"--frame\r\n\r\n"),
    "length too small": lambda send, *_: stream(send, PART % 10),
    "length too large": lambda send, *_: stream(send, PART % 10**9),
    "wrong content type": lambda send, *_: stream(send, b"", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    "progressive": lambda send, *_: stream(send, jpeg=PROGRESSIVE),
    "cut short": lambda send, *_: stream(send, jpeg=JPEG[:-9]),
    "chunked": chunked,
    "snapshot": snapshot,
    "snapshot left open": left_open,
    "basic": with_basic,
    "digest": with_digest,
    "moved within": moved_within,
}


def read(behave, count=3):
    with camera(behave) as (host, requests, _):
        webcam = Webcam(f"http://ann:p%40ss%2Fw@{host}/a", SystemClock(), rate_hz=20.0)
        try:
            return [webcam.read().rgb.shape for _ in range(count)], len(requests)
        finally:
            webcam.close()


def test_cameras_that_differ_in_everything_but_their_pictures_are_watched():
    with ThreadPoolExecutor(len(WATCHED)) as pool:
        found = dict(zip(WATCHED, pool.map(read, WATCHED.values()), strict=True))

    assert {name: shapes for name, (shapes, _) in found.items() if shapes != [(48, 64, 3)] * 3} == {}
    assert {name: count for name, (_, count) in found.items() if count > 2 and "snapshot" not in name} == {}
    assert all(found[name][1] >= 3 for name in ("snapshot", "snapshot left open"))


REFUSED = {
    "slow header": (lambda send, *_: drip(send, b"HTTP/1.0 200 OK\r\n", b"X-A: 1\r\n"), CameraUnavailable),
    "slow body": (lambda send, *_: drip(send, MULTIPART, PART % 500 + JPEG), CameraUnavailable),
    "slow chunks": (
        lambda send, *_: drip(send, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;x\r\n"),
        CameraUnavailable,
    ),
    "no data": (lambda send, *_: send(MULTIPART, PATIENCE_S), CameraUnavailable),
    "nothing at all": (lambda send, *_: send(b"", PATIENCE_S), CameraUnavailable),
    "endless part": (endless, CameraUnavailable),
    "endless text": (lambda send, *_: stream(send, b"x" * 1000, jpeg=b""), CameraUnavailable),
    "a page": (answering(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"), CameraUnavailable),
    "empty": (answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), CameraUnavailable),
    "a playlist": (answering(b"HTTP/1.0 200 OK\r\n\r\n#EXTM3U\r\n#EXTINF:1,\r\nhttp://127.0.0.1:9/a.ts\r\n"), CameraUnavailable),
    "not HTTP": (answering(b"\x00\xff" * 99999), CameraUnavailable),
    "wrong password": (answering(b'HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'), CameraUnavailable),
    "unknown scheme": (answering(b"HTTP/1.0 401 No\r\nWWW-Authenticate: Digest ,,=\r\n\r\n"), CameraUnavailable),
    "redirect loop": (
        lambda send, _, host: send(b"HTTP/1.0 302 M\r\nLocation: http://%s/a\r\n\r\n" % host.encode()),
        CameraUnavailable,
    ),
    "redirect to a file": (answering(b"HTTP/1.0 302 M\r\nLocation: file:///etc/passwd\r\n\r\n"), CameraUnavailable),
    "redirect to nowhere": (answering(b"HTTP/1.0 302 M\r\nLocation: http://[\r\n\r\n"), CameraUnavailable),
    "endless continue": (lambda send, *_: stream(send, b"", b"", b"HTTP/1.1 100 Continue\r\n\r\n"), CameraUnavailable),
    "in use": (answering(b"HTTP/1.0 503 Busy\r\n\r\n"), CameraBusy),
    "huge pixels": (lambda send, *_: stream(send, jpeg=huge()), CameraUnavailable),
}


def huge():
    frame = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:frame] + b"\xff\xff\xff\xff" + JPEG[frame + 4 :]


def refused(behave):
    with camera(behave) as (host, _, sent):
        device = Device(f"http://ann:s3cret@{host}/a?key=s3cret", SystemClock())
        while not device.ended:
            time.sleep(0.02)
        device.close()
        return type(device.failure), str(device.failure), sent[0]


def test_a_camera_that_gives_nothing_ends_in_one_line_and_holds_nothing():
    process = psutil.Process()
    with ThreadPoolExecutor(len(REFUSED)) as pool:
        found = dict(zip(REFUSED, pool.map(refused, [behave for behave, _ in REFUSED.values()]), strict=True))

    assert {name: line for name, (kind, line, _) in found.items() if kind is not REFUSED[name][1]} == {}
    assert {name: line for name, (_, line, _) in found.items() if "\n" in line or "s3cret" in line} == {}
    assert {name: sent for name, (_, _, sent) in found.items() if sent > 2 * MOST_BYTES} == {}
    assert not [thread for thread in threading.enumerate() if thread.name in {"camera", "rtsp relay"}]
    assert not [link for link in process.net_connections("tcp") if link.status == psutil.CONN_ESTABLISHED]


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_nobody_is_asked_but_the_host_that_was_named(scheme):
    """A camera that sends on to another host: 302 over HTTP and RTSP."""
    with camera(lambda send, *_: stream(send)) as (other, asked_other, _):

        def elsewhere(send, request, _host):
            protocol, number = request.split()[2], [line for line in request.split("\r\n") if line.lower().startswith("cseq")]
            send("\r\n".join([f"{protocol} 302 Moved", *number, f"Location: {scheme}://{other}/a", "", ""]).encode(), 0.5)

        with camera(elsewhere) as (host, asked, _), pytest.raises(CameraUnavailable):
            Webcam(f"{scheme}://{host}/a", SystemClock())

    assert asked
    assert not asked_other


def segment(marker):
    """A segment's content in JPEG, and where it ends."""
    at = JPEG.index(marker) + 2
    end = at + int.from_bytes(JPEG[at : at + 2], "big")
    return JPEG[at + 2 : end], end


def rtp_jpeg(number):
    """JPEG as an RTP packet of RFC 2435 on channel 0, its two tables of quantization in it."""
    tables = b"".join(JPEG[at + 5 : at + 69] for at in (JPEG.index(b"\xff\xdb"), JPEG.rindex(b"\xff\xdb")))
    scan = JPEG[segment(b"\xff\xda")[1] : -2]
    head = struct.pack("!BBHII", 0x80, 0x80 | 26, number, number * 3600, 1) + bytes([0, 0, 0, 0, 1, 255, 64 // 8, 48 // 8])
    packet = head + struct.pack("!BBH", 0, 0, len(tables)) + tables + scan
    return b"$\0" + struct.pack("!H", len(packet)) + packet


def rtsp(send, request, host, link):
    """Answers in turn to FFmpeg's requests, then pictures."""
    sdp = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=a\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:video\r\n"
    own = {
        "OPTIONS": "Public: DESCRIBE, SETUP, PLAY\r\n",
        "DESCRIBE": f"Content-Base: rtsp://{host}/a/\r\nContent-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n",
        "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
        "PLAY": "Session: 1\r\n",
    }
    while (kind := request.split()[0]) in own:
        number = re.search(r"(?i)cseq: *(\d+)", request)[1]
        send(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{own[kind]}\r\n{sdp if kind == 'DESCRIBE' else ''}".encode())
        if kind == "PLAY":
            for picture in range(10_000):
                send(rtp_jpeg(picture), 0.04)
        request = link.recv(4096).decode()


def test_an_rtsp_camera_is_read_through_the_one_connection_to_it():
    with camera(rtsp) as (host, requests, _):
        webcam = Webcam(f"rtsp://{host}/a", SystemClock(), rate_hz=20.0)
        pictures = [webcam.read().rgb for _ in range(3)]
        webcam.close()

    assert np.abs(pictures[-1].astype(float) - cv2.imdecode(np.frombuffer(JPEG, np.uint8), 1)[..., ::-1]).mean() < 20
    assert len(requests) == 1


def test_pictures_are_cut_from_a_stream_however_it_comes_in_pieces():
    data = (PART % 5 + JPEG + b"\r\n" + PROGRESSIVE) * 3
    for size in (1, 7, 1000, len(data)):
        cut = JpegStream()
        found = [jpeg for at in range(0, len(data), size) for jpeg in cut.feed(data[at : at + size])]

        assert found == [JPEG, PROGRESSIVE] * 3


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0\x00\x00", b"\xff\xd8\xff\xd8", b"\xff\xd8\xff\xe0\x00\x02abc", b"x" * 99999, huge()]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotPictures):
        JpegStream().feed(data)
