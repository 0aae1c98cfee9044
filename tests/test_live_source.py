"""The live source with a scripted device: time never stops, whatever the device does."""

from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pytest

from monitor.adapters.vision.change_detection import ChangeDetector
from monitor.core.body.pose import Observation
from monitor.core.camera.arbitration import DutyCycle
from monitor.core.errors import CameraBusy, CameraUnavailable
from monitor.core.pipeline import GAP_S, Pipeline, Plan
from monitor.core.reminders.commands import Command, CommandKind
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.suppression import DesktopState, Suppression
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason
from monitor.live.source import ABANDON_S, MOST_HANGING, LiveParts, LiveSource, RunConditions
from monitor.ports import Frame
from monitor.run.control import Control
from monitor.testing import SIT, ManualClock

BEGIN = ManualClock().t
GREY = np.random.default_rng(0).integers(40, 200, (60, 80, 3), dtype=np.uint8)
# So many pictures with noise of their own come round again and again: longer than anything looks back.
GRAINS = 997


@cache
def grain(seed):
    return (GREY + np.random.default_rng(seed).integers(0, 3, GREY.shape)).astype(np.uint8)


@dataclass
class World:
    """Devices of a script: ``does(s)`` says what they do s seconds after the start."""

    does: object = lambda _s: "picture"
    pause_reason: object = lambda _s: None
    strained: object = lambda _s: None
    duty: DutyCycle | None = None
    clock: ManualClock = field(default_factory=ManualClock)
    opened: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    inferred: int = 0
    must_open: bool = True

    @property
    def s(self):
        return self.clock.t - BEGIN

    def detect(self, frame):
        self.inferred += 1
        return Observation(frame.t, SIT.pose())

    def stays(self, _t):
        pass

    def close(self):
        pass

    def run(self, seconds):
        """All that is seen in so many seconds."""
        return list(self.source(seconds))

    def source(self, seconds):
        around = RunConditions(
            lambda t: self.pause_reason(t - BEGIN),
            lambda: self.strained(self.s),
            lambda: self.s >= seconds,
            (lambda _strain: self.duty) if self.duty else RunConditions().duty,
            self.must_open,
        )
        source = LiveSource(
            LiveParts(
                lambda: Device(self), self, ChangeDetector().compare, lambda: lambda: self.does(self.s) == "opened elsewhere"
            ),
            self.clock,
            around,
        )
        source.say = self.messages.append
        return source


class Device:
    def __init__(self, world) -> None:
        self.world, self.period_s, self.failure, self.stopped = world, 0.25, None, False
        self.opened_at = world.clock.t
        world.opened.append(self)

    @property
    def opened(self):
        return self.world.clock.t - self.opened_at >= 0.5

    @property
    def ended(self):
        return self.stopped and self.world.does(self.world.s) != "hang"

    def take(self, wait_s):
        does = self.world.does(self.world.s)
        self.world.clock.sleep({"picture": self.period_s, "slept": 9 * 3600.0}.get(does, wait_s))
        if does == "gone":
            self.failure = CameraUnavailable("camera 0 is not there")
        if does == "taken":
            self.failure = CameraBusy("camera 0 is in use")
        if does in ("quiet", "hang") or not self.opened or self.failure:
            return None
        return Frame(self.world.clock.t, grain((len(self.world.opened) + int(4 * self.world.s)) % GRAINS))

    def stop(self):
        self.stopped = True

    def close(self):
        self.stop()


def whys(observations, start, end):
    return {obs.why for obs in observations if start <= obs.t - BEGIN < end}


def while_(what, start, end):
    return lambda s: what if start <= s < end else "picture"


@pytest.mark.parametrize("what", ["gone", "taken", "quiet", "hang", "opened elsewhere"])
def test_whatever_the_device_does_time_is_accounted_for_every_second_or_so(what):
    seen = World(while_(what, 60, 240)).run(400)
    steps = [b.t - a.t for a, b in pairwise(seen)]

    assert min(steps) >= 0
    assert max(steps) <= 2 < GAP_S
    assert seen[-1].t - seen[0].t > 390
    assert whys(seen, 290, 400) == {None}


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("gone", Reason.CAMERA_GONE),
        ("taken", Reason.BUSY),
        ("quiet", Reason.CAMERA_SILENT),
        ("hang", Reason.CAMERA_SILENT),
        ("opened elsewhere", Reason.BUSY),
    ],
)
def test_what_is_not_seen_is_named(what, why):
    assert why in whys(World(while_(what, 60, 240)).run(300), 70, 240)


def test_sitting_goes_on_over_a_call_that_takes_the_camera_and_the_call_is_unknown_time():
    pipeline = Pipeline(Plan())
    steps = [pipeline.step(obs) for obs in World(while_("taken", 600, 1200)).run(1800)]
    bouts = [e for step in steps for e in step.events if hasattr(e, "activity") and hasattr(e, "end")]

    assert [(b.activity.value, b.why) for b in bouts] == [("sitting", None), ("unknown", Reason.BUSY)]
    assert steps[-1].state.value == "sitting"


def test_a_call_that_takes_the_camera_is_silent_and_told_once_and_afterwards():
    world, pipeline = World(while_("taken", 60, 660)), Pipeline()
    steps = [pipeline.step(obs) for obs in world.run(900)]
    notices = [event for step in steps for event in step.events if isinstance(event, DeferredNotice)]

    assert {step.silent for step in steps if 70 < step.t - BEGIN < 660} == {Reason.CALL}
    (notice,) = notices
    assert (notice.why, {kind: round(s / 60) for kind, s in notice.durations.items()}) == (Reason.CALL, {"unseen": 10})
    assert world.messages == []


def test_nine_hours_of_sleep_are_no_bout_and_the_camera_is_opened_anew():
    world = World(while_("slept", 600, 600 + 9 * 3600))
    pipeline, bouts = Pipeline(), []
    for obs in world.run(2 * 600 + 9 * 3600):
        bouts += [event for event in pipeline.step(obs).events if isinstance(event, Bout)]
    bouts += [event for event in pipeline.finish() if isinstance(event, Bout)]
    sat = [bout for bout in bouts if bout.activity is Activity.SITTING]

    assert len(world.opened) == 2
    assert [round(bout.seconds) for bout in sat] == [pytest.approx(600, abs=5)] * 2


def test_while_there_is_a_reason_not_to_look_the_camera_is_off():
    world = World(pause_reason=lambda s: "locked" if 60 <= s < 120 else None)
    seen = world.run(200)

    assert len(world.opened) == 2
    assert world.opened[0].stopped
    assert whys(seen, 62, 120) == {"locked"}
    assert whys(seen, 125, 200) == {None}
    assert world.messages == []


def test_a_device_that_hangs_for_ever_is_left_alone_and_another_one_opened_beside_it():
    world = World(while_("hang", 60, 10_000), strained=lambda _s: None)
    world.run(400)
    later = [device.opened_at - BEGIN for device in world.opened[1:]]

    assert later
    assert min(b - a for a, b in pairwise([60, *later])) >= ABANDON_S


def test_of_devices_that_all_hang_for_ever_few_are_opened():
    world = World(lambda s: "picture" if s < 60 else "hang", strained=lambda _s: None)
    world.run(3600)

    assert 1 < len(world.opened) <= MOST_HANGING + 1


def test_a_camera_that_was_never_there_is_an_error_and_no_session():
    world, seen = World(lambda _s: "gone"), []
    with pytest.raises(CameraUnavailable, match="not there"):
        seen.extend(world.source(60))  # what came before the error would stay

    assert seen == []
    assert world.s < 60


def test_who_starts_the_monitor_before_plugging_the_camera_in_is_served_when_it_comes():
    seen = World(while_("gone", 0, 60), must_open=False).run(90)

    assert whys(seen, 0, 60) == {Reason.CAMERA_GONE}
    assert whys(seen, 70, 90) == {None}


def test_a_camera_that_is_taken_at_the_start_is_waited_for():
    seen = World(while_("taken", 0, 60)).run(120)

    assert whys(seen, 5, 60) == {Reason.BUSY}
    assert whys(seen, 100, 120) == {None}


def test_the_session_begins_with_the_first_picture():
    first = World().run(10)[0]
    assert (first.why, first.t - BEGIN) == (Reason.CAMERA_STARTING, 0.5)


def test_a_still_person_costs_an_inference_every_fifteen_seconds():
    world = World()
    seen = world.run(1800)

    assert 115 <= world.inferred <= 140
    assert sum(obs.carried_forward for obs in seen) > 6_750


def test_under_strain_it_looks_less_often_and_says_so():
    world = World(strained=lambda s: Reason.BATTERY if s >= 900 else None)
    seen = world.run(1800)
    first, second = (sum(a <= obs.t - BEGIN < a + 800 for obs in seen) for a in (60, 1000))

    assert second == pytest.approx(first / 2, rel=0.02)
    assert world.messages == ["Looking less often: on battery."]


@pytest.mark.parametrize(
    ("duty", "strained", "mode"),
    [(None, None, "steady"), (None, Reason.BATTERY, "steady on_battery"), (DutyCycle(30.0), None, "interval")],
)
def test_how_the_camera_is_used_can_be_asked(duty, strained, mode):
    world = World()
    around = RunConditions(strain=lambda: strained, duty=lambda _strain: duty or DutyCycle(), until=lambda: world.s > 10)
    source = LiveSource(LiveParts(lambda: Device(world), world, ChangeDetector().compare), world.clock, around)
    list(source)

    assert source.mode == mode


def test_in_intervals_the_camera_is_mostly_off_and_sitting_is_counted_all_the_same():
    world = World(duty=DutyCycle(30.0))
    seen = world.run(1800)
    pipeline = Pipeline(Plan())
    last = [pipeline.step(obs) for obs in seen][-1]

    assert 50 <= len(world.opened) <= 60
    assert whys(seen, 5, 1800) == {None}
    assert last.runs["sitting"].seconds > 1780
    assert world.inferred == pytest.approx(2 * len(world.opened), abs=2)


def test_an_order_to_stop_wakes_whoever_waits():
    world = World()
    source = LiveSource(
        LiveParts(lambda: Device(world), world, ChangeDetector().compare), world.clock, RunConditions(until=lambda: world.s > 3)
    )
    for _ in source:
        source.stop()

    assert all(device.stopped for device in world.opened)


@dataclass
class WallClock(ManualClock):
    def drift(self):
        return 0.0

    def stop(self):
        pass


class CommandSource:
    """A pause that is ordered after a minute, for a minute."""

    def __init__(self) -> None:
        self.waiting = [Command(BEGIN + 60, CommandKind.PAUSE, until=BEGIN + 120)]

    def take(self, now):
        taken = [order for order in self.waiting if order.t <= now]
        self.waiting = [order for order in self.waiting if order.t > now]
        return taken

    def in_force(self, _now):
        return []


def test_a_pause_that_is_ordered_and_a_screen_that_is_locked_let_go_of_the_camera():
    world = World(clock=WallClock())
    around = partial(lambda at: DesktopState(0.0, locked=200 <= at.s < 230, battery=at.s >= 100), world)
    control = Control(CommandSource(), around, world.clock, Suppression())
    world.pause_reason = lambda s: control.pause_reason(BEGIN + s)
    seen = world.run(300)

    assert (whys(seen, 62, 119), whys(seen, 202, 229), whys(seen, 240, 300)) == ({Reason.PAUSED}, {Reason.LOCKED}, {None})
    assert len(world.opened) == 3
    assert control.on_battery() == Reason.BATTERY


class SuspendedClock(WallClock):
    """The clock of a machine that is suspended from 90 to 4,000 s after the start."""

    def sleep(self, seconds):
        super().sleep(seconds)
        if 90 <= self.t - BEGIN < 4000:
            self.t = BEGIN + 4000


def test_a_pause_that_runs_out_while_the_machine_is_suspended_is_over_when_it_wakes():
    """Paused from 60 to 120 s: what was slept is neither paused nor sat, and pictures come at once."""
    world, suppression = World(clock=SuspendedClock()), Suppression()
    control = Control(CommandSource(), lambda: None, world.clock, suppression)
    world.pause_reason = lambda s: control.pause_reason(BEGIN + s)
    pipeline, events = Pipeline(Plan(), suppression), []
    for obs in control.joined(world.source(4100)):
        events += pipeline.step(obs).events
    bouts = [one for one in (*events, *pipeline.finish()) if isinstance(one, Bout)]
    spent = [(one.activity, one.why, round(one.start - BEGIN), round(one.end - BEGIN)) for one in bouts]

    assert spent == [
        (Activity.SITTING, None, 0, 60),
        (Activity.UNKNOWN, Reason.PAUSED, 60, 89),
        (Activity.UNKNOWN, Reason.NO_PICTURES, 89, 4000),
        (Activity.SITTING, None, 4000, 4100),
    ]
