import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import cv2
import numpy as np
import pytest
from mjpeg import BLACK, jpegs, serving

from monitor.adapters.camera.capture import Webcam, name, nodes, refusal
from monitor.adapters.camera.device_list import find, names
from monitor.adapters.system.clock import SystemClock
from monitor.core.errors import CameraBusy, CameraUnavailable


@pytest.fixture(scope="module")
def pictures():
    return jpegs()


@pytest.fixture
def network(pictures):
    with serving(pictures) as camera:
        yield camera


@contextmanager
def watching(source, rate_hz=5.0):
    camera = Webcam(source, SystemClock(), rate_hz=rate_hz)
    try:
        yield camera
    finally:
        camera.close()


def test_a_network_cameras_pictures_arrive_in_order_stamped_with_the_time(network):
    with watching(network.url, rate_hz=10.0) as camera:
        before = SystemClock().now()
        frames = [camera.read() for _ in range(8)]
    times = [frame.t for frame in frames]

    assert camera.period_s == 0.1
    assert [frame.rgb.shape for frame in frames] == [(540, 960, 3)] * 8
    assert {frame.rgb.dtype for frame in frames} == {np.dtype(np.uint8)}
    assert (np.diff(times) > 0).all()
    assert times[0] > before - 60


@pytest.mark.parametrize("rate_hz", [9.0, 15.0, 30.0])
def test_of_an_infrared_camera_that_lights_every_second_picture_the_lit_ones_are_taken(pictures, rate_hz):
    strobe = [jpeg for n, lit in enumerate(pictures) for jpeg in (lit, BLACK[n % len(BLACK)])]
    with serving(strobe, rate_hz=rate_hz) as network, watching(network.url) as camera:
        light = [float(camera.read().rgb.mean()) for _ in range(6)]

    assert min(light[1:]) > 50


def test_a_camera_in_the_dark_is_seen_to_be_dark(pictures):
    with serving(pictures, rate_hz=30.0) as network, watching(network.url) as camera:
        camera.read()
        network.covered.set()
        light = [float(camera.read().rgb.mean()) for _ in range(4)]

    assert max(light[-2:]) < 10


def test_it_is_read_at_the_rate_asked_for_not_at_the_cameras_own(network):
    with watching(network.url, rate_hz=2.5) as camera:
        camera.read()
        start = network.served
        for _ in range(4):
            camera.read()

    assert network.served - start > 10  # 40 come in that time; a reader of them all would have seen 4 go by


def test_a_slow_reader_gets_the_newest_picture_not_a_queue_of_old_ones(network):
    clock = SystemClock()
    with watching(network.url, rate_hz=10.0) as camera:
        first = camera.read()
        target = network.served + 25
        while network.served < target:
            time.sleep(0.01)
        second, third = camera.read(), camera.read()

    assert second.t - first.t > 5 * camera.period_s
    assert third.t > second.t
    assert clock.now() - second.t < 60


def test_the_picture_is_in_red_green_blue(network):
    expected = cv2.imdecode(np.frombuffer(network.pictures[0], np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    with watching(network.url) as camera:
        frame = camera.read()

    assert np.abs(frame.rgb.mean((0, 1)) - expected.mean((0, 1))).max() < 5


def test_a_stalled_stream_is_lost_in_one_line(network):
    with watching(network.url) as camera:
        camera.read()
        network.stalled.set()
        with pytest.raises(
            CameraUnavailable, match=r"^the camera at http://127\.0\.0\.1:\d+ sends no pictures any more; [^\n]*$"
        ):
            list(iter(camera.read, None))


def test_stopping_ends_a_read_that_waits(network):
    with watching(network.url) as camera:
        camera.read()
        network.stalled.set()
        threading.Timer(0.3, camera.stop).start()
        list(iter(camera.read, None))

        assert camera.read() is None


def test_closing_twice_is_fine_and_ends_the_thread(network):
    camera = Webcam(network.url, SystemClock())
    camera.close()
    camera.close()

    assert camera.read() is None
    assert "camera" not in {thread.name for thread in threading.enumerate()}


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_refused_connection_is_one_line_without_the_password(scheme):
    port = closed_port()
    with pytest.raises(CameraUnavailable) as caught:
        Webcam(f"{scheme}://anna:s3cret@127.0.0.1:{port}/live?token=s3cret", SystemClock())

    assert str(caught.value).startswith(f"the camera at {scheme}://127.0.0.1:{port} does not answer")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_address_without_a_video_is_one_line():
    with (
        serving([]) as page,
        pytest.raises(CameraUnavailable, match=r"^the camera at [^\n]* does not answer or sends no video;[^\n]*$"),
    ):
        Webcam(page.url, SystemClock())


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("rtsp://anna:s3cret@10.0.0.7:554/user=anna&password=s3cret", "the camera at rtsp://10.0.0.7:554"),
        ("http://anna:s3@cret@cam.local/video", "the camera at http://cam.local"),
        ("http://anna:s3/cret@cam.local/video", "the network camera"),
        ("http://[anna:s3cret", "the network camera"),
    ],
)
def test_an_addresss_password_is_never_told(address, expected):
    assert name(address) == expected


def test_nothing_is_written_to_standard_error_about_a_camera_that_is_not_there():
    script = """
import sys
from monitor.adapters.camera.capture import Webcam
from monitor.adapters.system.clock import SystemClock
from monitor.core.errors import CameraUnavailable
for source in (99, sys.argv[1]):
    try:
        Webcam(source, SystemClock())
    except CameraUnavailable as error:
        print(error)
"""
    url = f"http://anna:s3cret@127.0.0.1:{closed_port()}/live"
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)

    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2
    assert "s3cret" not in done.stdout


def test_a_camera_that_is_not_there_is_said_to_be_not_there():
    with pytest.raises(CameraUnavailable, match=r"^camera 99 "):
        Webcam(99, SystemClock())


def test_a_camera_that_does_not_open_leaves_no_thread_behind():
    # A thread inside OpenCV when Python ends aborts the process.
    with pytest.raises(CameraUnavailable):
        Webcam(99, SystemClock())

    assert "camera" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells why a camera does not open")
def test_a_device_that_is_there_and_does_not_open_is_busy(tmp_path):
    (tmp_path / "video3").touch()
    devices = f"{tmp_path}/video{{}}"

    assert isinstance(refusal(3, devices), CameraBusy)
    assert isinstance(refusal(4, devices), CameraUnavailable)


CAMERAS = [(0, "Integrated Camera"), (2, "Logitech BRIO"), (4, "Logitech C270")]


@pytest.mark.parametrize(
    ("wanted", "index"), [("Logitech BRIO", 2), ("logitech brio", 2), ("brio", 2), ("integrated", 0), ("C270", 4)]
)
def test_a_camera_is_found_by_its_name_or_a_part_of_it(wanted, index):
    assert find(wanted, CAMERAS) == index


def test_of_two_cameras_with_one_name_the_first_is_taken():
    assert find("HD Webcam", [(0, "HD Webcam"), (2, "HD Webcam")]) == 0


@pytest.mark.parametrize(
    ("wanted", "cameras", "words"),
    [
        ("Logitec BRIO", CAMERAS, 'Did you mean "Logitech BRIO"?'),
        ("Razer", CAMERAS, 'there is: 0 "Integrated Camera", 2 "Logitech BRIO", 4 "Logitech C270".'),
        ("Logitech", CAMERAS, "could be several"),
        ("Razer", [], "shows no camera"),
    ],
)
def test_a_name_that_fits_none_or_several_is_answered_with_the_names_there_are(wanted, cameras, words):
    with pytest.raises(CameraUnavailable) as caught:
        find(wanted, cameras)

    assert words in str(caught.value)
    assert f'"{wanted}"' in str(caught.value)


def test_the_names_of_the_cameras_here_can_be_listed():
    assert all(isinstance(index, int) and title for index, title in names())


def test_a_number_behind_which_there_are_no_pictures_is_opened_by_that_of_the_same_camera(tmp_path):
    """As Linux lists two webcams of two numbers each, and one whose only number is its second."""
    for number, (camera, index) in enumerate([("a", 0), ("a", 1), ("b", 0), ("b", 1), ("c", 1)]):
        (tmp_path / camera).mkdir(exist_ok=True)
        (tmp_path / "list" / f"video{number}").mkdir(parents=True)
        (tmp_path / "list" / f"video{number}" / "index").write_text(f"{index}\n")
        (tmp_path / "list" / f"video{number}" / "device").symlink_to(tmp_path / camera)

    assert [nodes(number, tmp_path / "list") for number in range(6)] == [(0,), (1, 0), (2,), (3, 2), (4,), (5,)]
    assert nodes(0, tmp_path / "none") == (0,)
