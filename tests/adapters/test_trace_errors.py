"""A trace that is broken, or cannot be written, is refused in one line."""

import gzip
import json
import os
from contextlib import contextmanager
from itertools import islice

import pytest

from monitor.adapters.trace import SUFFIXES, Trace, TraceWriter
from monitor.core.errors import ConfigError, DiskFull, TraceCorrupt
from monitor.testing import MORNING, scene

packed_or_not = pytest.mark.parametrize("suffix", SUFFIXES)
HEADER = '{"posture_trace":1,"period_s":0.2,"source":"camera 0"}'
LONG_DAY = "sit 5min, slouch 5min, walk 1h"


def made(path):
    writer = TraceWriter(path, period_s=0.2, source="camera 0")
    writer.close()
    return path


def line(**changes: object):
    pose = {"aspect": 1.5, "turn": 90.0, "xy": [0.5] * 66, "visibility": [1.0] * 33}
    return json.dumps({"t": MORNING, **pose, **changes})


BROKEN = {
    "not JSON": "{",
    "not UTF-8": b"\xff\xfe",
    "blank": "",
    "null": "null",
    "a number": "5",
    "a list": "[1, 2]",
    "too deep": "[" * 100_000,
    "no time": '{"why": "nobody there"}',
    "no time that is a number": '{"t": "soon", "why": "nobody there"}',
    "no pose and no reason": '{"t": 1772442000.0}',
    "not a number": '{"t": NaN, "why": "nobody there"}',
    "no end of time": '{"t": 1e999, "why": "nobody there"}',
    "too few landmarks": line(xy=[0.5] * 64),
    "half a landmark": line(xy=[0.5] * 65),
    "one visibility short": line(visibility=[1.0] * 32),
    "words for numbers": line(xy=["left"] * 66),
    "an infinite place": line().replace("0.5", "1e999"),
    "no visibility": line().replace("visibility", "visible"),
    "no aspect": line().replace("aspect", "shape"),
    "an aspect in words": line(aspect="wide"),
    "a back of too few rows": line(back={"px": 720, "out": [2000] * 110, "doubt": [2] * 110, "why": [["", 110]]}),
    "a back without reasons": line(back={"px": 720, "out": [2000] * 111, "doubt": [2] * 111}),
    "a back of runs that turn back": line(
        back={"px": 720, "out": [2000] * 111, "doubt": [2] * 111, "why": [["", 112], ["", -1]]}
    ),
    "a back that is a word": line(back="straight"),
    "a kind that is not known": line(kind="weather"),
    "an order that nobody gives": line(kind="command", order="dance", until=None, what=None),
    "a pause that does not end": line(kind="command", order="pause", until=None, what=None),
    "surroundings that are left out": line(kind="surroundings"),
}


def refusal(path, content):
    """What is said of a trace of that content, None if it is read; packed where the name says so."""
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    try:
        list(Trace(path))
    except TraceCorrupt as error:
        return str(error)
    return None


def not_refused(folder, contents, *words: str):
    """What is said of those, packed or not, that are not refused in one line with their path and these words."""
    errors = {
        (name, suffix): refusal(folder / f"day{suffix}", content) for name, content in contents.items() for suffix in SUFFIXES
    }
    assert len(errors) == len(contents) * len(SUFFIXES) > 0
    return {
        (name, suffix): text
        for (name, suffix), text in errors.items()
        if not text or "\n" in text or any(word not in text for word in (str(folder / f"day{suffix}"), *words))
    }


def test_every_broken_line_is_named_by_its_number(tmp_path):
    lines = {name: t if isinstance(t, bytes) else t.encode() for name, t in BROKEN.items()}
    whole = line().encode()

    assert refusal(tmp_path / "day.jsonl", b"\n".join([HEADER.encode(), whole, b""])) is None
    contents = {name: b"\n".join([HEADER.encode(), whole, broken, whole, b""]) for name, broken in lines.items()}
    assert not_refused(tmp_path, contents, "line 3 ") == {}


def test_a_trace_that_goes_back_in_time_is_refused(tmp_path):
    path = tmp_path / "day.jsonl"
    path.write_text("\n".join([HEADER, line(t=MORNING + 1), line(t=MORNING), ""]))

    with pytest.raises(TraceCorrupt, match="line 3 is out of order"):
        list(Trace(path))


NO_HEADERS = [
    "",
    "\n",
    "[]\n",
    "{}\n",
    line() + "\n",
    '{"posture_trace":1}\n',
    HEADER.replace("0.2", "0") + "\n",
    HEADER.replace("0.2", '"x"'),
]


def test_a_file_without_a_header_is_no_trace(tmp_path):
    assert not_refused(tmp_path, {content: content.encode() for content in NO_HEADERS}, "line 1 is no") == {}


def test_a_trace_of_a_newer_version_says_so(tmp_path):
    path = tmp_path / "day.jsonl"
    path.write_text(HEADER.replace(":1,", ":2,") + "\n")

    with pytest.raises(TraceCorrupt, match="newer version"):
        Trace(path)


def test_a_damaged_compressed_file_is_refused_in_one_line(tmp_path):
    path, errors = tmp_path / "day.jsonl.gz", {}
    for content in (b"no gzip", b"", gzip.compress(HEADER.encode())[:-20], b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\xff" * 99):
        path.write_bytes(content)
        with pytest.raises(TraceCorrupt) as error:
            Trace(path)
        errors[content] = str(error.value)

    assert {content: text for content, text in errors.items() if "\n" in text or str(path) not in text} == {}


def test_a_trace_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TraceCorrupt, match=r"none\.jsonl cannot be read \(No such file or directory\)"):
        Trace(tmp_path / "none.jsonl")


@packed_or_not
def test_an_existing_file_is_never_overwritten(tmp_path, suffix):
    path = tmp_path / f"day{suffix}"
    path.write_text("precious")

    with pytest.raises(ConfigError, match="is not overwritten"):
        made(path)

    assert path.read_text() == "precious"


def test_a_trace_in_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DiskFull, match="No such file or directory"):
        made(tmp_path / "nowhere" / "day.jsonl")


@packed_or_not
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_only_the_owner_can_read_a_trace(tmp_path, suffix):
    before = os.umask(0)
    try:
        path = made(tmp_path / f"day{suffix}")
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o600


@contextmanager
def room_for(size):
    resource = pytest.importorskip("resource", reason="Windows has no limit of file sizes")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def write_a_day(writer):
    for obs in scene(LONG_DAY):
        writer.write(obs)


@packed_or_not
def test_no_room_is_told_in_one_line_and_what_fitted_can_be_read(tmp_path, suffix):
    path = tmp_path / f"day{suffix}"
    writer = TraceWriter(path, period_s=0.2, source="camera 0")

    with room_for(20_000), pytest.raises(DiskFull, match="cannot be written") as error:
        write_a_day(writer)
    with room_for(20_000), pytest.raises(DiskFull):
        writer.close()

    assert "\n" not in str(error.value)
    got = list(Trace(path))
    assert got == list(islice(scene(LONG_DAY), len(got)))
    assert got


@packed_or_not
def test_no_room_at_all_is_told_in_one_line(tmp_path, suffix):
    path = tmp_path / f"day{suffix}"

    with room_for(0), pytest.raises(DiskFull, match="cannot be written"):
        made(path)

    assert not path.exists()
