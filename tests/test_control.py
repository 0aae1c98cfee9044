"""What is ordered and what surrounds the person enters a run between two observations, at the run's own time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.body.pose import Observation
from monitor.core.reminders.commands import Command, CommandKind
from monitor.core.reminders.suppression import DesktopState, Suppression, SuppressionPolicy
from monitor.core.vocabulary import Reason
from monitor.ports import Frame
from monitor.run.control import Control
from monitor.run.loop import Watch
from monitor.testing import MORNING, ManualClock, ScriptedCamera, scene


@dataclass
class WallClock(ManualClock):
    """A run's clock; the wall clock is ahead of it."""

    ahead: float = 0.0
    stopped: bool = False

    def drift(self):
        return self.ahead

    def stop(self):
        self.stopped = True


@dataclass
class CommandList:
    """Orders that wait, and those that hold from before."""

    waiting: list[Command] = field(default_factory=list)
    holding: list[Command] = field(default_factory=list)

    def take(self, _now):
        taken, self.waiting = self.waiting, []
        return taken

    def in_force(self, _now):
        return self.holding


@dataclass
class Ticking:
    """A source that moves the clock on with each observation."""

    observations: Iterable[Observation]
    clock: WallClock
    period_s: float = 1.0

    def __iter__(self) -> Iterator[Observation]:
        for obs in self.observations:
            self.clock.t = obs.t
            yield obs


def pause(t, seconds):
    return Command(t, CommandKind.PAUSE, t + seconds)


def control(box, clock, around=lambda: None, policy=None):
    return Control(box, around, clock, Suppression(policy or SuppressionPolicy()))


def lived(box, clock, script="sit 30s", around=lambda: None):
    """What comes out, each observation after what was heard before it, the clock going with the source."""
    under, seen = control(box, clock, around), []
    for obs in under.joined(Ticking(scene(script, 1.0), clock)):
        seen += [*under.suppression.take(), obs]
    return seen


def test_an_order_comes_before_the_observation_that_follows_it_and_nothing_is_seen_from_then_on():
    clock = WallClock()
    seen = lived(CommandList([pause(MORNING, 10.0)]), clock)

    assert seen[0] == pause(MORNING, 10.0)
    assert [obs.why for obs in seen[1:12]] == [Reason.PAUSED] * 10 + [None]
    assert all(obs.pose is None for obs in seen[1:11])


@given(st.floats(-50, 50), st.floats(1, 3000), st.floats(0, 20))
def test_on_a_run_whose_clock_differs_a_pause_ends_when_the_wall_clock_says_so(ahead, seconds, waited):
    wall = MORNING + ahead
    order, *_ = lived(CommandList([pause(wall - waited, seconds + waited)]), WallClock(ahead=ahead), "sit 1s")

    assert order.t == MORNING
    assert order.until == pytest.approx(MORNING + seconds, abs=1e-3)


def test_a_pause_from_before_holds_on_and_one_that_is_over_does_not():
    assert lived(CommandList(holding=[pause(MORNING - 60, 120.0)]), WallClock())[0].until == MORNING + 60
    assert isinstance(lived(CommandList([pause(MORNING - 60, 30.0)]), WallClock())[0], Observation)


def test_a_word_to_stop_that_a_killed_monitor_left_in_the_history_ends_no_later_run():
    clock = WallClock()
    seen = lived(CommandList([Command(MORNING, CommandKind.STOP)]), clock)

    assert not clock.stopped
    assert all(isinstance(item, Observation) for item in seen)


def test_surroundings_enter_when_they_change_and_only_then():
    looks = iter([None, DesktopState(0.0, microphone=False), *[DesktopState(0.0, microphone=True)] * 100])
    seen = lived(CommandList(), WallClock(), around=lambda: next(looks))

    heard = [(item.t - MORNING, item.microphone) for item in seen if isinstance(item, DesktopState)]
    assert heard == [(1.0, False), (2.0, True)]


def test_times_never_run_backwards_whatever_asks_in_between():
    clock, box = WallClock(), CommandList()
    under = control(box, clock)

    def asking():
        for obs in scene("sit 3s", 1.0):
            clock.t = obs.t + 0.9  # a clock that has gone on since the picture was taken
            box.waiting.append(pause(clock.t, 2.0))
            under.pause_reason(obs.t)
            yield obs

    times = [at for obs in under.joined(asking()) for at in (*(event.t for event in under.suppression.take()), obs.t)]

    assert len(times) == 6
    assert times == sorted(times)


# --- why no picture may be looked at -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "around", "policy", "why"),
    [
        (CommandList(), None, SuppressionPolicy(), None),
        (CommandList([pause(MORNING, 60.0)]), None, SuppressionPolicy(), Reason.PAUSED),
        (CommandList(), DesktopState(0.0, locked=True), SuppressionPolicy(), Reason.LOCKED),
        (CommandList(), DesktopState(0.0, microphone=True), SuppressionPolicy(), None),
        (CommandList(), None, SuppressionPolicy(quiet=(8 * 60, 10 * 60)), Reason.QUIET_HOURS),
    ],
)
def test_in_a_pause_a_locked_screen_and_off_duty_no_picture_is_looked_at(box, around, policy, why):
    assert control(box, WallClock(), lambda: around, policy).pause_reason(MORNING) == why


class NeverLooks:
    """An engine that must not be asked."""

    def detect(self, frame):
        raise AssertionError(f"looked at the picture of {frame.t}")

    def close(self):
        pass


def test_the_pictures_of_a_pause_are_never_shown_to_the_engine():
    under = control(CommandList([pause(MORNING, 60.0)]), WallClock())
    camera = ScriptedCamera(iter([Frame(MORNING + i, None) for i in range(5)]))

    assert [obs.why for obs in Watch(camera, NeverLooks(), pause_reason=under.pause_reason)] == [Reason.PAUSED] * 5
