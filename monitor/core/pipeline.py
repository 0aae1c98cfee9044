"""The product's table of contents: how one observation becomes everything that is known and said at its time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from monitor.core.back.lumbar_window import LumbarWindow
from monitor.core.body.plausibility import ALONE_AFTER_S
from monitor.core.body.pose import Observation
from monitor.core.body.view import view_of
from monitor.core.camera.registration import CameraPlacementMonitor
from monitor.core.errors import TimeOrderError
from monitor.core.posture.baseline import Baseline, CalibrationStage, Posture, judge, relate
from monitor.core.posture.lumbar_baseline import with_own_back
from monitor.core.posture.readings import Reading, measure, nothing
from monitor.core.posture.signals import SIGNALS, Signal
from monitor.core.posture.smoothing import Smoother
from monitor.core.reminders.commands import Command, CommandKind, Mark
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.rules import Rule, Situation
from monitor.core.reminders.scheduler import Considered, Decision, Reminder, Reminders, Response
from monitor.core.reminders.suppression import RunInput, Suppression, SuppressionChanged, SuppressionPolicy
from monitor.core.sedentary.activity import ActivitySense, Levels, Sample, on_this_desk
from monitor.core.sedentary.bouts import FORGET_UNSEEN_S, RUNS, Bout, Bouts, Run, run_of
from monitor.core.sedentary.debounce import Debounce
from monitor.core.sedentary.minutes import Minute, MinuteAggregator, RunningMinute
from monitor.core.vocabulary import Activity, CameraPlacement, Reason, View

# A pause in the pictures longer than this, and than 2.5 of their own periods, was not seen and is not bridged.
GAP_S, GAP_PERIODS = 10.0, 2.5
# How often (s) the running minute is told, so that a run that is killed loses no more of it.
RUNNING_MINUTE_S = 10.0
_STILL = frozenset({Activity.SITTING, Activity.STANDING})
Event: TypeAlias = Bout | Minute | RunningMinute | Reminder | Response | DeferredNotice | SuppressionChanged


_NOTHING_CONSIDERED = Considered()


@dataclass(frozen=True, slots=True)
class Step:
    """All that is known after one observation.

    ``events`` are completed bouts and minutes, reminders, responses, and every ten seconds the running minute.  ``heard`` is what
    came in before it, ``silent`` why reminders are, ``place`` where the camera stands; ``decisions`` say of each kind of reminder
    how far it is and what holds it back.
    """

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
    heard: tuple[RunInput, ...] = ()
    silent: str | None = None
    place: CameraPlacement = CameraPlacement.SAME
    considered: Considered = _NOTHING_CONSIDERED

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Of each kind of reminder, how far it is and what holds it back."""
        return self.considered.decisions


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs of the monitor saw and said in the last hours: its clocks go on, and nothing is said twice."""

    bouts: Sequence[Bout] = ()
    reminders: Sequence[Reminder] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pipeline is built from: the person's baseline, the signals and rules in force, the period (s), their hours.

    ``before`` is what earlier runs left.
    """

    baseline: Baseline = field(default_factory=Baseline)
    signals: Sequence[Signal] = SIGNALS
    rules: Mapping[str, Rule] | None = None
    period_s: float = 0.2
    policy: SuppressionPolicy = field(default_factory=SuppressionPolicy)
    before: Before = field(default_factory=Before)


class Pipeline:
    """One run of the monitor; ``step`` takes observations in order of time, ``hear`` whatever else comes between them.

    ``suppression`` is the run's own where somebody else hears the orders; it has the plan's policy.
    """

    def __init__(self, plan: Plan | None = None, suppression: Suppression | None = None) -> None:
        self._plan = plan or Plan()
        self._gap_s = max(GAP_S, GAP_PERIODS * self._plan.period_s)
        self._smoother = Smoother()
        self._back = LumbarWindow(alone=self._plan.period_s > ALONE_AFTER_S)
        self._placement = CameraPlacementMonitor(self._plan.baseline.level(CalibrationStage.SITTING_TALL, "head_height"))
        self._sense = ActivitySense(_levels(self._plan.baseline))
        self._debounce = Debounce()
        self._bouts = Bouts()
        self._runs = dict.fromkeys(RUNS, Run())
        self._rollup = MinuteAggregator()
        self._reminders = Reminders(self._plan.rules, self._plan.policy.per_hour)
        self._suppression = suppression or Suppression(self._plan.policy)
        self._answers: list[Response] = []
        self._break_t = self._minute_told = -math.inf
        self._last_t: float | None = None
        self._view: View | None = None
        self._raw: Mapping[str, Reading] = {}
        self._off: frozenset[str] = frozenset()
        self._judged_as: Activity | None = None

    def step(self, obs: Observation) -> Step:
        """Everything that is known at ``obs.t``.  Raises TimeOrderError if time ran backwards."""
        heard, obs = self._suppression.take(), self._suppression.blind(obs)
        for said in heard:
            self._obey(said)
        unseen, elapsed_s = self._bridge(obs.t)
        view = view_of(obs.pose.turn_deg, self._view) if obs.pose else None
        self._view = view or self._view
        raw = self._measure(obs, view)
        readings = with_own_back(self._smoother.update(obs.t, raw, carried_forward=obs.carried_forward), self._plan.baseline)
        place = self._place(obs, readings)
        sample = on_this_desk(self._sense.update(obs, view, readings), place)
        posture = self._compare(sample, readings) if place is not CameraPlacement.MOVED else Posture(why=Reason.CAMERA_MOVED)
        shown = relate(readings, self._plan.baseline.of(sample.activity), self._plan.signals)
        state, since = self._debounce.update(obs.t, sample.activity, carried_forward=obs.carried_forward)
        self._sense.mark = None if state is Activity.AWAY else self._sense.mark
        ended = self._bouts.update(Bout(state, since, obs.t, sample.assumed, sample.why), sample.activity)
        runs = self._go_on(ended)
        minute = self._rollup.add(obs.t, elapsed_s, shown if obs.pose else {}, posture)
        silent, hush = self._suppression.update(obs)
        busy_s = elapsed_s if obs.why == Reason.BUSY else 0.0
        moved_since = self._placement.since if place is CameraPlacement.MOVED else None
        now = Situation(obs.t, state, since, runs, posture, sample.activity, elapsed_s, silent, moved_since, busy_s)
        considered = self._reminders.consider(now)
        events = (*unseen, *_present(ended, minute, self._running_minute(obs.t), hush), *self._answers, *considered.events)
        self._answers = []
        known = (obs.t, view, shown, sample, posture, state, since, self._bouts.open, runs)
        return Step(*known, events, heard, silent, place, considered)

    def hear(self, said: RunInput) -> None:
        """Take in an order of the person, or what changed around them; it holds from the next step on."""
        self._suppression.hear(said)

    def finish(self) -> tuple[Event, ...]:
        """The events that the end of the run completes: its last bout and minute."""
        return _present(self._bouts.open, self._rollup.flush())

    def _obey(self, said: RunInput) -> None:
        if not isinstance(said, Command):
            return
        if said.kind is CommandKind.NOT_NOW:
            self._reminders.decline()
        elif said.what is Mark.BREAK:
            self._answers += self._reminders.moved(said.t)
            self._break_t, self._runs = said.t, dict.fromkeys(RUNS, Run(after_break=True))
        elif said.what is not None:
            self._sense.mark = said.what is Mark.STANDING

    def _running_minute(self, t: float) -> RunningMinute | None:
        """What there is of the running minute, if it is time to tell."""
        if t - self._minute_told < RUNNING_MINUTE_S:
            return None
        self._minute_told = t
        minute = self._rollup.so_far()
        return RunningMinute(minute) if minute else None

    def _measure(self, obs: Observation, view: View | None) -> Mapping[str, Reading]:
        back = self._back.update(obs.t, obs.pose, view, carried_forward=obs.carried_forward)
        if not obs.carried_forward or not self._raw:  # what is held was measured before
            seen = obs.pose and measure(obs.pose, view, self._plan.signals, back)
            self._raw = seen or nothing(obs.why or Reason.NOT_SEEN, self._plan.signals)
        return self._raw

    def _bridge(self, t: float) -> tuple[Sequence[Bout], float]:
        """The bouts that a gap before ``t`` completes, and the time (s) that the sample of ``t`` stands for."""
        before, self._last_t = self._last_t, t
        if before is None:
            self._take_over(t)
            return (), self._plan.period_s
        if t < before:
            raise TimeOrderError(before, t)
        if t - before <= self._gap_s:
            return (), t - before
        unseen = self._bouts.cut(t, Reason.NO_PICTURES)
        for bout in unseen:
            self._go_on(bout)
        mark = self._sense.mark if t - before < FORGET_UNSEEN_S else None
        self._debounce, self._sense = Debounce(), self._new_sense()
        self._sense.mark = mark
        self._view, self._off = None, frozenset()
        return unseen, self._plan.period_s

    def _take_over(self, t: float) -> None:
        """Go on with the runs of the monitor before, as far as less than a break or a long unseen time lies between."""
        past = [bout for bout in self._plan.before.bouts if bout.end <= t]
        self._runs = {name: run_of(kinds, past, t) for name, kinds in RUNS.items()}
        self._reminders.remember([one for one in self._plan.before.reminders if one.t <= t])

    def _place(self, obs: Observation, readings: Mapping[str, Reading]) -> CameraPlacement:
        """Where the camera stands; heights that were calibrated elsewhere tell nothing."""
        before = self._placement.place
        place = self._placement.update(obs.t, obs.shift, readings["head_height"].value if "head_height" in readings else math.nan)
        if CameraPlacement.MOVED in (before, place) and place is not before:
            self._sense = self._new_sense()
        elif place is not before:
            self._sense.mark = None  # the desk was moved since the person said it
        return place

    def _new_sense(self) -> ActivitySense:
        return ActivitySense(None if self._placement.place is CameraPlacement.MOVED else _levels(self._plan.baseline))

    def _compare(self, sample: Sample, readings: Mapping[str, Reading]) -> Posture:
        if sample.activity not in _STILL:
            return Posture(why=str(sample.why or sample.activity))
        # What was out stays so over a hidden landmark or a short absence, but not from sitting to standing or over a break.
        known = sample.activity is self._judged_as and self._debounce.state is sample.activity
        before = self._off if known else frozenset()
        posture = judge(readings, self._plan.baseline.of(sample.activity), before, self._plan.signals)
        self._off, self._judged_as = posture.sustained | (before - posture.judged), sample.activity
        return posture

    def _go_on(self, ended: Bout | None) -> dict[str, Run]:
        """The runs up to now, the open bout included; a bout that ended is added to them for good."""
        if ended := self._after_break(ended):
            self._runs = {name: run.then(ended, RUNS[name]) for name, run in self._runs.items()}
        now = self._after_break(self._bouts.open)
        return {name: run.then(now, RUNS[name]) for name, run in self._runs.items()} if now else self._runs

    def _after_break(self, bout: Bout | None) -> Bout | None:
        """The part of it after the last break that the person marked."""
        if bout is None or bout.end <= self._break_t:
            return None
        return replace(bout, start=max(bout.start, self._break_t))


def _levels(baseline: Baseline) -> Levels:
    sitting, standing = CalibrationStage.SITTING_TALL, CalibrationStage.STANDING
    return Levels(
        baseline.level(sitting, "head_height"),
        baseline.level(standing, "head_height"),
        baseline.level(sitting, "shoulder_width"),
        baseline.level(standing, "shoulder_width"),
    )


def _present(*events: Event | None) -> tuple[Event, ...]:
    return tuple(event for event in events if event is not None)
