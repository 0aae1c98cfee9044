"""A real stream on this machine that is stalled, frozen, covered, stopped, and taken by a second process."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

import pytest
from desktop_session import PATIENCE_S
from mjpeg import jpegs, serving

from monitor.adapters.camera.capture import Device
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.vision.change_detection import ChangeDetector
from monitor.core.body.pose import Observation
from monitor.core.camera.arbitration import Limits
from monitor.core.pipeline import GAP_S
from monitor.core.vocabulary import Reason
from monitor.live.source import LiveParts, LiveSource, RunConditions
from monitor.testing import SIT

ROUGH = {Reason.CAMERA_SILENT, Reason.CAMERA_GONE}


class Sitter:
    """Somebody who sits in every picture."""

    def detect(self, frame):
        return Observation(frame.t, SIT.pose())

    def stays(self, _t):
        pass

    def close(self):
        pass


class RunningSource:
    """A live source in a thread of its own, and what it has seen so far."""

    def __init__(self, url, pause_reason) -> None:
        clock = SystemClock()
        self.seen: list[Observation] = []
        self.messages: list[str] = []
        self.new = threading.Condition()
        self.over = threading.Event()
        around = RunConditions(pause_reason, until=self.over.is_set)
        gear = LiveParts(partial(Device, url, clock, rate_hz=10.0), Sitter(), ChangeDetector().compare)
        self.source = LiveSource(gear, clock, around, Limits(silent_s=2.0, frozen_s=2.0, warm_s=0.2))
        self.source.say = self.messages.append
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        for obs in self.source:
            with self.new:
                self.seen.append(obs)
                self.new.notify_all()
        self.source.close()

    def until(self, fits: Callable[[Observation], bool]):
        """Wait for an observation from now on that fits."""
        start = len(self.seen)
        with self.new:
            met = self.new.wait_for(lambda: any(fits(obs) for obs in self.seen[start:]), PATIENCE_S)
        assert met, {obs.why for obs in self.seen[start:]}

    def until_seen(self):
        self.until(lambda obs: obs.why is None and not obs.carried_forward)

    def until_why(self, *whys: str):
        self.until(lambda obs: obs.why in whys)


@contextmanager
def watching(url, pause_reason=lambda _t: None):
    watched = RunningSource(url, pause_reason)
    try:
        yield watched
    finally:
        watched.over.set()
        watched.thread.join()
    times = [obs.t for obs in watched.seen]
    assert max((b - a for a, b in pairwise(times)), default=0) < GAP_S  # no record was lost
    assert "camera" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture(scope="module")
def pictures():
    return jpegs()


@pytest.mark.parametrize(
    ("trouble", "whys"),
    [("stalled", ROUGH), ("frozen", {Reason.CAMERA_FROZEN}), ("covered", {Reason.LENS_COVERED})],
    ids=["stalled", "frozen", "covered"],
)
def test_a_stream_in_trouble_is_named_and_used_again_when_it_is_well(trouble, whys, pictures):
    with serving(pictures) as camera, watching(camera.url) as watched:
        watched.until_seen()
        getattr(camera, trouble).set()
        watched.until_why(*whys)
        getattr(camera, trouble).clear()
        watched.until_seen()


def test_a_camera_that_is_unplugged_and_plugged_in_again_is_used_again(pictures):
    with serving(pictures) as camera:
        port = int(camera.url.split(":")[2].split("/")[0])
        watched = RunningSource(camera.url, lambda _t: None)
        watched.until_seen()
    try:
        watched.until_why(*ROUGH)
        with serving(pictures, port=port):
            watched.until_seen()
    finally:
        watched.over.set()
        watched.thread.join()


HOLD = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as stream:
    stream.read(1000)
    print("held", flush=True)
    while stream.read(65536):
        pass
"""


def test_a_camera_that_another_program_holds_is_a_call_and_is_used_when_that_is_over(pictures):
    with serving(pictures, one_client=True) as camera:
        call = subprocess.Popen([sys.executable, "-c", HOLD, camera.url], stdout=subprocess.PIPE, text=True)
        try:
            assert call.stdout.readline() == "held\n"
            with watching(camera.url) as watched:
                watched.until_why(Reason.BUSY)
                call.kill()
                watched.until_seen()
        finally:
            call.kill()
            call.wait()
            call.stdout.close()


def test_the_stream_is_let_go_while_there_is_a_reason_not_to_look(pictures):
    reason = [None]
    with serving(pictures, one_client=True) as camera, watching(camera.url, lambda _t: reason[0]) as watched:
        watched.until_seen()
        reason[0] = "locked"
        watched.until_why("locked")
        watched.until(lambda _obs: camera.watched == 0)
        reason[0] = None
        watched.until_seen()
