"""Camera arbitration: released on request, retried seldom, reacquired soon, and there is always a reason for no picture."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.camera.arbitration import (
    BACK_OFF,
    MIN_REPORTED_S,
    STEADY,
    CameraArbiter,
    DeviceEvent,
    DutyCycle,
    Limits,
    OutageLog,
    event_of,
)
from monitor.core.camera.inference_gate import FrameChange
from monitor.core.vocabulary import Reason

METS = st.sampled_from(list(DeviceEvent))
GAPS = st.floats(0.05, 20)
DUTIES = st.sampled_from([STEADY, DutyCycle(30.0), DutyCycle(10.0, pictures=1)])
LONGEST_S = max(longest for _, longest in BACK_OFF.values())


@dataclass
class World:
    """A device that does what a script says: ``available(t)`` gives what it answers when it is held."""

    answers: object
    arbiter: CameraArbiter = field(default_factory=CameraArbiter)
    t: float = 0.0
    hold: bool = False
    orders: list = field(default_factory=list)

    def run(self, seconds, duty=STEADY, pause_reason=lambda _t: None, period_s=0.25):
        end = self.t + seconds
        while self.t < end:
            event = self.answers(self.t) if self.hold else DeviceEvent.NOTHING
            order = self.arbiter.step(self.t, event, pause_reason(self.t), duty)
            self.hold = order.hold
            self.orders.append((self.t, order))
            self.t += period_s
        return self

    def openings(self):
        held = [False, *(order.hold for _, order in self.orders)]
        return [t for (t, _), before, now in zip(self.orders, held, held[1:], strict=False) if now and not before]


@given(st.lists(st.tuples(GAPS, METS, st.none() | st.just("locked")), max_size=60), DUTIES)
def test_it_lets_go_whenever_it_is_asked_to_and_says_why_nothing_is_seen(scenario, duty):
    arbiter, t = CameraArbiter(), 0.0
    for gap, event, pause_reason in scenario:
        t += gap
        order = arbiter.step(t, event, pause_reason, duty)

        if pause_reason:
            assert (order.hold, order.use, order.why) == (False, False, pause_reason)
        if order.use:
            assert event in (DeviceEvent.PICTURE, DeviceEvent.SAME)
            assert order.why is None
        if event in (DeviceEvent.BUSY, DeviceEvent.LOST):
            assert not order.hold


@given(st.lists(st.tuples(st.floats(0.05, 5), METS), max_size=60), DUTIES)
def test_whatever_happened_a_camera_that_works_again_is_used_again_soon(scenario, duty):
    world = World(lambda _t: DeviceEvent.PICTURE)
    for gap, event in scenario:
        world.t += gap
        world.hold = world.arbiter.step(world.t, event, None, duty).hold
    begun = world.t
    world.run(LONGEST_S + (duty.interval_s or 0) + 5, duty)

    assert any(order.use for t, order in world.orders if t > begun)


@pytest.mark.parametrize(("event", "why"), [(DeviceEvent.BUSY, Reason.BUSY), (DeviceEvent.LOST, Reason.CAMERA_GONE)])
def test_it_retries_less_and_less_often_within_bounds(event, why):
    openings = World(lambda _t: event).run(600).openings()
    gaps = [b - a for a, b in pairwise(openings)]
    first, longest = BACK_OFF[why]

    assert gaps == sorted(gaps)
    assert first <= gaps[0] <= first + 0.5
    assert longest <= gaps[-1] <= longest + 0.5


def test_a_camera_that_is_plugged_in_again_is_used_within_five_seconds():
    for moment in range(20, 40):
        world = World(lambda t, back=moment: DeviceEvent.PICTURE if t < 10 or t >= back else DeviceEvent.LOST).run(60)

        assert next(t for t, order in world.orders if t >= moment and order.use) - moment <= 5


def test_a_call_that_takes_the_camera_is_left_alone_and_named_until_pictures_come_again():
    world = World(lambda t: DeviceEvent.BUSY if 20 <= t < 300 else DeviceEvent.PICTURE).run(400)
    whys = {order.why for t, order in world.orders if 21 <= t < 300}
    first = next(t for t, order in world.orders if t >= 300 and order.use)

    assert whys == {Reason.BUSY}
    assert first - 300 <= BACK_OFF[Reason.BUSY][1] + 2
    assert {order.why for t, order in world.orders if t >= first} == {None}


def test_a_camera_in_steady_use_is_never_let_go():
    world = World(lambda _t: DeviceEvent.PICTURE).run(3600)

    assert world.openings() == [0.0]
    assert all(order.use for t, order in world.orders if t > 2)


def test_in_intervals_the_light_is_off_most_of_the_time_and_what_was_seen_stands():
    world = World(lambda _t: DeviceEvent.PICTURE).run(3600, DutyCycle(30.0))
    held = sum(order.hold for _, order in world.orders) / len(world.orders)

    assert 100 <= len(world.openings()) <= 120
    assert held < 0.08
    assert {order.why for t, order in world.orders if t > 5} == {None}
    assert sum(order.use for _, order in world.orders) == pytest.approx(2 * len(world.openings()), abs=2)


def test_the_first_second_of_a_camera_is_for_itself():
    world = World(lambda _t: DeviceEvent.PICTURE).run(5)
    first = next(t for t, order in world.orders if order.use)

    assert first >= Limits().warm_s
    assert {order.why for t, order in world.orders if t < first} == {Reason.CAMERA_STARTING}


@pytest.mark.parametrize(
    ("event", "why", "after_s"),
    [
        (DeviceEvent.NO_PICTURE, Reason.CAMERA_SILENT, Limits().silent_s),
        (DeviceEvent.SAME, Reason.CAMERA_FROZEN, Limits().frozen_s),
        (DeviceEvent.OPENING, Reason.CAMERA_SILENT, Limits().opening_s),
    ],
)
def test_what_stalls_freezes_or_never_opens_is_let_go_and_tried_again(event, why, after_s):
    world = World(lambda t: DeviceEvent.PICTURE if t < 10 and event is not DeviceEvent.OPENING else event).run(100)
    gave_up = next(t for t, order in world.orders if not order.hold)
    begun = 0 if event is DeviceEvent.OPENING else 10

    assert after_s < gave_up - begun <= after_s + 1
    assert len(world.openings()) > 1
    assert why in {order.why for _, order in world.orders}


def test_a_stutter_is_no_loss_and_a_still_stream_that_stutters_is_frozen_all_the_same():
    mixed = World(lambda t: DeviceEvent.NO_PICTURE if int(4 * t) % 4 else DeviceEvent.PICTURE).run(60)
    still = World(lambda t: DeviceEvent.PICTURE if t < 2 else DeviceEvent.NO_PICTURE if int(4 * t) % 4 else DeviceEvent.SAME).run(
        60
    )

    assert len(mixed.openings()) == 1
    assert Reason.CAMERA_FROZEN in {order.why for _, order in still.orders}


def test_a_covered_lens_is_named_and_the_camera_is_kept_for_when_it_is_opened():
    world = World(lambda t: DeviceEvent.BLACK if 10 <= t < 100 else DeviceEvent.PICTURE).run(120)

    assert {order.why for t, order in world.orders if 11 <= t < 100} == {Reason.LENS_COVERED}
    assert world.openings() == [0.0]
    assert next(t for t, order in world.orders if t >= 100 and order.use) == 100


def test_after_a_pause_the_camera_is_taken_again_at_once():
    world = World(lambda _t: DeviceEvent.PICTURE).run(60, pause_reason=lambda t: "paused" if 10 <= t < 30 else None)

    assert world.openings() == [0.0, 30.0]


def test_after_a_sleep_of_nine_hours_everything_goes_on():
    world = World(lambda _t: DeviceEvent.PICTURE).run(60)
    world.t += 9 * 3600
    begun = world.t
    world.run(20)

    assert next(t for t, order in world.orders if t >= begun and order.use) - begun <= 5


@pytest.mark.parametrize(
    ("light", "contrast", "same", "event"),
    [
        (120, 50, False, DeviceEvent.PICTURE), (120, 50, True, DeviceEvent.SAME), (2, 1.7, False, DeviceEvent.BLACK),
        (0, 0, True, DeviceEvent.BLACK), (12, 14, False, DeviceEvent.PICTURE),
    ],
)  # fmt: skip
def test_a_dark_room_is_no_covered_lens(light, contrast, same, event):
    assert event_of(FrameChange(False, light, contrast, same)) is event


# --- what was missed ---------------------------------------------------------------------------------------------


def missed(*spells: tuple[str, float]):
    absences, t, outages = OutageLog(), 0.0, []
    for why, seconds in spells:
        for _ in range(round(seconds)):
            outages += [one] if (one := absences.note(Observation(t, None, why))) else []
            t += 1
    return [(one.why, round(one.seconds)) for one in outages]


def test_what_a_loss_cost_is_told_once_and_afterwards():
    assert missed((Reason.NOBODY, 60), (Reason.CAMERA_GONE, 1800), (Reason.CAMERA_STARTING, 2), (Reason.NOBODY, 60)) == [
        (Reason.CAMERA_GONE, 1802)
    ]


def test_of_a_call_the_reminders_tell():
    assert missed((Reason.NOBODY, 60), (Reason.BUSY, 1800), (Reason.NOBODY, 60)) == []


def test_a_short_loss_is_not_told_and_a_pause_is_the_persons_own():
    assert (
        missed(
            (Reason.NOBODY, 5),
            (Reason.CAMERA_SILENT, MIN_REPORTED_S - 1),
            (Reason.NOBODY, 5),
            ("paused", 4000),
            (Reason.NOBODY, 5),
        )
        == []
    )
