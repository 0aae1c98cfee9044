"""What is shown of a source holds no secret and no sign that a terminal or a file could stumble over."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.camera.source_name import shown

SHOWN = {
    "0": "0",
    "Logitech C920": "Logitech C920",
    "rtsp://cam:554/live": "rtsp://cam:554/live",
    "rtsp://ann@cam/live": "rtsp://ann@cam/live",
    "rtsp://ann:hunter2@cam:554/live": "rtsp://ann:***@cam:554/live",
    "rtsp://ann:hun/ter2@cam/live": "rtsp://ann:***@cam/live",
    "rtsp://ann:hun?ter2@cam/live": "rtsp://ann:***@cam/live",
    "rtsp://ann:hun@ter2@cam/live": "rtsp://ann:***@cam/live",
    "rtsp://:hunter2@cam": "rtsp://:***@cam",
    "http://cam/video.cgi?user=ann&pwd=hunter2": "http://cam/video.cgi?***",
    "rtsp://cam:554/user=admin&password=hunter2&channel=1": "rtsp://cam:554/user=admin&password=***&channel=1",
    "caf\udce9.mp4": "caf\\udce9.mp4",
    "a\x1b[2J\n.mp4": "a\\x1b[2J\\n.mp4",
}  # fmt: skip


def test_a_source_is_shown_without_its_secrets():
    assert {source: text for source, text in SHOWN.items() if shown(source) != text} == {}


SECRET = st.text(st.sampled_from("Zq7/?#@:&=%+ é"), min_size=1).map(lambda text: f"S{text}S")


@given(SECRET, st.sampled_from(["rtsp://ann:{}@cam/live", "http://ann:{}@cam:80/x?y=1", "rtsp://:{}@cam"]))
def test_no_password_is_shown_whatever_it_is_made_of(secret, address):
    assert secret not in shown(address.format(secret))


@given(st.text())
def test_what_is_shown_is_printable_and_stays_as_it_is_when_shown_again(source):
    assert shown(source).isprintable()
    assert shown(shown(source)) == shown(source)
