"""Orders: a pause always ends, a mark speaks where nothing else does, and a replay obeys as the live run did."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import examples

from monitor.core.body.pose import Observation
from monitor.core.pipeline import Pipeline, Plan
from monitor.core.reminders.commands import LONGEST_S, ActiveCommands, Command, CommandKind, Mark
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity, Reason
from monitor.testing import MORNING, replay, scene

MIN = 60
times = st.floats(0, 4e9)
lengths = st.floats(1e-3, LONGEST_S - 1)


@st.composite
def commands(draw, t=None):
    t = draw(times) if t is None else t
    kind = draw(st.sampled_from([k for k in CommandKind if k is not CommandKind.STOP]))
    until = t + draw(lengths) if kind in (CommandKind.PAUSE, CommandKind.SNOOZE) else None
    return Command(t, kind, until, draw(st.sampled_from(Mark)) if kind is CommandKind.MARK else None)


def pause(t, seconds):
    return Command(t, CommandKind.PAUSE, t + seconds)


def with_orders(observations, *orders: Command):
    """The observations, each order before the first one at or after its time."""
    left = sorted(orders, key=lambda order: order.t)
    for obs in observations:
        while left and left[0].t <= obs.t:
            if order := left.pop(0).moved(obs.t, obs.t):
                yield order
        yield obs


def lived(script, *orders: Command, plan=None, period_s=1.0):
    return replay(with_orders(scene(script, period_s), *orders), plan or Plan(period_s=period_s))


# --- laws --------------------------------------------------------------------------------------------------------


@given(st.lists(commands(), max_size=12))
def test_every_pause_and_every_snooze_ends_by_itself_within_a_week_of_the_last_order(orders):
    standing = ActiveCommands()
    for order in orders:
        standing = standing.after(order)
    end = max((order.t for order in orders), default=0.0) + LONGEST_S

    assert not standing.paused(end)
    assert not standing.snoozed(end)


@given(st.lists(commands(), max_size=12), times)
def test_resuming_ends_both(orders, t):
    standing = ActiveCommands()
    for order in [*orders, Command(t, CommandKind.RESUME)]:
        standing = standing.after(order)

    assert standing == ActiveCommands()


@given(commands(), st.floats(-LONGEST_S, LONGEST_S), times)
def test_on_another_clock_an_order_lasts_as_long_and_one_that_has_run_out_is_none(order, later, t):
    moved = order.moved(order.t + later, t)

    if order.until is None:
        assert moved == replace(order, t=t)
    elif order.until - (order.t + later) > 1e-3:
        assert moved.until - moved.t == pytest.approx(min(order.until - order.t - later, LONGEST_S), abs=1e-3)
    elif order.until <= order.t + later:
        assert moved is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": CommandKind.PAUSE},
        {"kind": CommandKind.SNOOZE, "until": 0.0},
        {"kind": CommandKind.PAUSE, "until": math.inf},
        {"kind": CommandKind.PAUSE, "until": math.nan},
        {"kind": CommandKind.PAUSE, "until": LONGEST_S + 1},
        {"kind": CommandKind.RESUME, "until": 5.0},
        {"kind": CommandKind.MARK},
        {"kind": CommandKind.STOP, "what": Mark.BREAK},
    ],
    ids=str,
)
def test_an_order_that_would_not_end_or_says_too_much_cannot_be_made(wrong):
    with pytest.raises(ValueError, match=wrong["kind"]):
        Command(0.0, **wrong)


@examples(3)
@given(st.lists(st.tuples(st.floats(0, 900), st.floats(1, 900)), max_size=4))
def test_nothing_is_known_of_a_pause_and_all_is_known_after_it(pauses):
    orders = [pause(MORNING + start, seconds) for start, seconds in pauses]
    steps = lived("sit 5min, stand 5min, sit 20min", *orders, period_s=5.0)

    standing = ActiveCommands()
    for step in steps:
        for order in step.inputs:
            standing = standing.after(order)
        paused = standing.paused(step.t)
        assert (step.sample.why == Reason.PAUSED) is paused
        assert paused is (step.sample.activity is Activity.UNKNOWN)
        assert not paused or not any(reading.measured for reading in step.readings.values())


@examples(3)
@given(st.data())
def test_a_replay_with_its_orders_equals_the_live_run(data):
    orders = [data.draw(commands(MORNING + s)) for s in data.draw(st.lists(st.floats(0, 2000), max_size=5))]
    live, pipeline, steps = list(with_orders(scene("sit 31min, stand 3min", 5.0), *orders)), Pipeline(Plan(period_s=5.0)), []
    for seen in live:
        if isinstance(seen, Observation):
            steps.append(pipeline.step(seen))
        else:
            pipeline.accept(seen)
    # As a trace has it: what was heard before each observation, then the observation.
    written = [item for step, obs in zip(steps, scene("sit 31min, stand 3min", 5.0), strict=True) for item in (*step.inputs, obs)]

    assert [repr(step) for step in replay(written, Plan(period_s=5.0))] == [repr(step) for step in steps]


# --- a pause -----------------------------------------------------------------------------------------------------


def test_a_paused_time_is_unknown_and_says_so():
    steps = lived("sit 30min", pause(MORNING + 600, 600))
    bouts = [e for s in steps for e in s.events if isinstance(e, Bout)]

    assert [(b.activity, b.why, b.seconds) for b in bouts] == [
        (Activity.SITTING, None, 600),
        (Activity.UNKNOWN, Reason.PAUSED, 600),
    ]


def test_a_pause_stops_the_clock():
    (reminder,) = [e for s in lived("sit 45min", pause(MORNING + 600, 600)) for e in s.events if isinstance(e, Reminder)]

    assert (reminder.t - MORNING) / MIN == pytest.approx(40, abs=0.1)


def test_a_pause_that_is_ended_early_is_over_at_once():
    steps = lived("sit 10min", pause(MORNING + 60, 3600), Command(MORNING + 120, CommandKind.RESUME))

    assert [s.t - MORNING for s in steps if s.sample.why == Reason.PAUSED] == [60.0 + i for i in range(60)]


# --- marks -------------------------------------------------------------------------------------------------------


def states(steps):
    return {s.t - MORNING: (s.state, s.sample.assumed) for s in steps}


def mark(t, what):
    return Command(MORNING + t, CommandKind.MARK, what=what)


def test_a_mark_tells_standing_where_only_head_and_shoulders_are_seen():
    marked = states(lived("face 10min", mark(120, Mark.STANDING), mark(300, Mark.SITTING)))

    assert marked[100] == (Activity.SITTING, True)
    assert marked[200] == (Activity.STANDING, False)
    assert marked[400] == (Activity.SITTING, False)


def test_a_mark_holds_until_the_person_was_away():
    marked = states(lived("face 5min, away 1min, face 5min", mark(60, Mark.STANDING)))

    assert marked[250][0] is Activity.STANDING
    assert marked[500] == (Activity.SITTING, True)


def test_a_mark_holds_over_a_short_gap_and_not_over_a_long_one():
    assert states(lived("face 2min, gap 1min, face 1min", mark(60, Mark.STANDING)))[220][0] is Activity.STANDING
    assert states(lived("face 2min, gap 30min, face 1min", mark(60, Mark.STANDING)))[1960][0] is Activity.SITTING


def test_what_is_seen_is_believed_before_what_is_said():
    assert {state for state, _ in states(lived("sit 5min", mark(60, Mark.STANDING))).values()} == {Activity.SITTING}


def test_a_marked_break_starts_the_clocks_anew():
    steps = lived("sit 51min", mark(20 * MIN, Mark.BREAK))
    (reminder,) = [e for s in steps for e in s.events if isinstance(e, Reminder)]

    assert reminder.t - MORNING == pytest.approx(50 * MIN, abs=2)
    assert reminder.due.after_break
    assert steps[-1].open.start == MORNING  # the bout itself is what was seen


def test_whoever_says_that_they_have_moved_has_answered():
    steps = lived("sit 40min", mark(31 * MIN, Mark.BREAK))

    assert [(e.kind, e.after_s) for s in steps for e in s.events if isinstance(e, Response)] == [("sat_too_long", 60.0)]
