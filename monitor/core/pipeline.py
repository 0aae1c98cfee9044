"""The product's table of contents: how one observation becomes everything that is known and said at its time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.core.activity import Activity, ActivitySense, Levels, Sample
from monitor.core.baseline import Baseline, Posture, Stage, judge, relate
from monitor.core.bouts import ON_FEET, SEDENTARY, STATIONARY, Bout, Bouts, Run, run_of
from monitor.core.debounce import Debounce
from monitor.core.errors import TimeOrderError
from monitor.core.pose import Observation
from monitor.core.readings import Reading, measure, nothing
from monitor.core.reminders import Reminder, Reminders, Response, Rule, Situation
from monitor.core.rollup import Minute, Rollup
from monitor.core.signals import SIGNALS, Signal
from monitor.core.smoothing import Smoother
from monitor.core.view import View, view_of

# A pause in the pictures longer than this, and than 2.5 of their own periods, was not seen and is not bridged.
GAP_S, GAP_PERIODS = 10.0, 2.5
_STILL = frozenset({Activity.SITTING, Activity.STANDING})
# The clocks: sitting (sedentary), standing on the spot, and either of them (stationary).
RUNS: Mapping[str, frozenset[Activity]] = {"sitting": SEDENTARY, "standing": ON_FEET, "stationary": STATIONARY}
# Enough bouts to hold any run that is not yet forgotten.
_KEEP_BOUTS = 64

Event: TypeAlias = Bout | Minute | Reminder | Response


@dataclass(frozen=True, slots=True)
class Step:
    """All that is known after one observation; ``events`` are completed bouts, minutes, reminders and responses."""

    t: float
    view: View | None
    readings: Mapping[str, Reading]
    sample: Sample
    posture: Posture
    state: Activity
    since: float
    open: Bout | None
    runs: Mapping[str, Run]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pipeline is built from: the person's baseline, the signals and rules in force, the source's period (s)."""

    baseline: Baseline = field(default_factory=Baseline)
    signals: Sequence[Signal] = SIGNALS
    rules: Mapping[str, Rule] | None = None
    period_s: float = 0.2


class Pipeline:
    """One run of the monitor; ``step`` takes observations in order of time."""

    def __init__(self, plan: Plan | None = None) -> None:
        self._plan = plan or Plan()
        self._gap_s = max(GAP_S, GAP_PERIODS * self._plan.period_s)
        self._smoother = Smoother()
        self._sense = ActivitySense(_levels(self._plan.baseline))
        self._debounce = Debounce()
        self._bouts = Bouts()
        self._past: list[Bout] = []
        self._rollup = Rollup()
        self._reminders = Reminders(self._plan.rules)
        self._last_t: float | None = None
        self._view: View | None = None
        self._off: frozenset[str] = frozenset()

    def step(self, obs: Observation) -> Step:
        """Everything that is known at ``obs.t``.  Raises TimeOrderError if time ran backwards."""
        unseen = self._bridge(obs.t)
        self._view = view_of(obs.pose.turn_deg, self._view) if obs.pose else None
        raw = measure(obs.pose, self._view, self._plan.signals) if obs.pose else nothing(obs.why or "", self._plan.signals)
        readings = self._smoother.update(obs.t, raw)
        sample = self._sense.update(obs, self._view, readings)
        posture = self._compare(sample, readings)
        shown = relate(readings, self._plan.baseline.of(sample.activity), self._plan.signals)
        state, since = self._debounce.update(obs.t, sample.activity)
        ended = self._bouts.update(Bout(state, since, obs.t, sample.assumed, sample.why))
        bouts = self._remember(ended)
        runs = {name: run_of(kinds, bouts) for name, kinds in RUNS.items()}
        minute = self._rollup.add(obs.t, self._elapsed(obs.t), shown, posture) if obs.pose else None
        said = self._reminders.consider(Situation(obs.t, state, since, runs, posture))
        self._last_t = obs.t
        events = (*unseen, *_present(ended, minute), *said)
        return Step(obs.t, self._view, shown, sample, posture, state, since, self._bouts.open, runs, events)

    def finish(self) -> tuple[Event, ...]:
        """The events that the end of the run completes: its last bout and minute."""
        return _present(self._bouts.open, self._rollup.flush())

    def _bridge(self, t: float) -> tuple[Bout, ...]:
        if self._last_t is None:
            return ()
        if t < self._last_t:
            raise TimeOrderError(self._last_t, t)
        if t - self._last_t <= self._gap_s:
            return ()
        unseen = self._bouts.cut(t, "no pictures")
        self._debounce, self._view = Debounce(), None
        self._past += unseen
        return tuple(unseen)

    def _compare(self, sample: Sample, readings: Mapping[str, Reading]) -> Posture:
        references = self._plan.baseline.of(sample.activity)
        if sample.activity not in _STILL:
            posture = Posture(why=str(sample.why or sample.activity))
        else:
            posture = judge(readings, references, self._off, self._plan.signals)
        self._off = posture.off
        return posture

    def _remember(self, ended: Bout | None) -> list[Bout]:
        if ended:
            self._past = [*self._past[-_KEEP_BOUTS:], ended]
        return [*self._past, self._bouts.open] if self._bouts.open else self._past

    def _elapsed(self, t: float) -> float:
        return self._plan.period_s if self._last_t is None else min(t - self._last_t, self._gap_s)


def _levels(baseline: Baseline) -> Levels:
    sitting, standing = Stage.SITTING_TALL, Stage.STANDING
    return Levels(
        baseline.level(sitting, "head_height"),
        baseline.level(standing, "head_height"),
        baseline.level(sitting, "shoulder_width"),
        baseline.level(standing, "shoulder_width"),
    )


def _present(*events: Event | None) -> tuple[Event, ...]:
    return tuple(event for event in events if event is not None)
