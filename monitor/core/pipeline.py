"""The processing pipeline: how one observation becomes signals, activity, posture, bouts, minutes and reminders."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from monitor.core.back.lumbar_window import LumbarWindow
from monitor.core.body.orientation import upright_only
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
from monitor.core.reminders.decisions import Considered, Decision, Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.rules import Rule, Situation
from monitor.core.reminders.scheduler import Reminders
from monitor.core.reminders.suppression import RunInput, Suppression, SuppressionChanged, SuppressionPolicy
from monitor.core.sedentary.activity import ActivitySense, Levels, Sample, on_this_desk
from monitor.core.sedentary.bouts import FORGET_UNSEEN_S, RUNS, Bout, Bouts, Run, run_of
from monitor.core.sedentary.debounce import Debounce
from monitor.core.sedentary.minutes import Minute, MinuteAggregator, RunningMinute
from monitor.core.vocabulary import Activity, CameraPlacement, Reason, View

# A gap between observations longer than this and than 2.5 sampling periods counts as unseen time and is not bridged.
GAP_S, GAP_PERIODS = 10.0, 2.5
# How often (s) the running minute is emitted: a run that is killed loses no more of it.
RUNNING_MINUTE_S = 10.0
_STILL = frozenset({Activity.SITTING, Activity.STANDING})
Event: TypeAlias = Bout | Minute | RunningMinute | Reminder | Response | DeferredNotice | SuppressionChanged


_NOTHING_CONSIDERED = Considered()


@dataclass(frozen=True, slots=True)
class Step:
    """Everything derived up to and including one observation at ``t`` (POSIX s).

    ``sample`` is the activity that this observation shows, ``state`` the debounced one, which began at ``since``; ``open`` is the
    running bout.  ``events`` are completed bouts and minutes, reminders, responses, and every ten seconds the running minute.
    ``inputs`` are the run inputs (commands, desktop state) taken in before the observation, ``silent`` is why reminders are
    suppressed, ``place`` where the camera stands; ``decisions`` give the progress of each kind of reminder and what holds it
    back.
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
    inputs: tuple[RunInput, ...] = ()
    silent: str | None = None
    place: CameraPlacement = CameraPlacement.SAME
    considered: Considered = _NOTHING_CONSIDERED

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """For each kind of reminder, its progress and what holds it back."""
        return self.considered.decisions


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs of the monitor recorded in the last hours: clocks continue, and no reminder is repeated."""

    bouts: Sequence[Bout] = ()
    reminders: Sequence[Reminder] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pipeline is built from: baseline, signals and rules in force, sampling period (s), suppression policy.

    ``before`` holds the recent records of earlier runs.
    """

    baseline: Baseline = field(default_factory=Baseline)
    signals: Sequence[Signal] = SIGNALS
    rules: Mapping[str, Rule] | None = None
    period_s: float = 0.2
    policy: SuppressionPolicy = field(default_factory=SuppressionPolicy)
    before: Before = field(default_factory=Before)


class Pipeline:
    """One run of the monitor; ``step`` takes observations in order of time, ``accept`` commands and desktop states between them.

    ``suppression`` is shared with the part of the run that receives commands, where there is one; it has the plan's policy.
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
        self._minutes = MinuteAggregator()
        self._reminders = Reminders(self._plan.rules, self._plan.policy.per_hour)
        self._suppression = suppression or Suppression(self._plan.policy)
        self._answers: list[Response] = []
        self._break_t = self._minute_emitted = -math.inf
        self._last_t: float | None = None
        self._view: View | None = None
        self._raw: Mapping[str, Reading] = {}
        self._off: frozenset[str] = frozenset()
        self._judged_as: Activity | None = None

    def step(self, obs: Observation) -> Step:
        """Everything that is known at ``obs.t``.  Raises TimeOrderError if time ran backwards."""
        inputs, obs = self._suppression.take(), upright_only(self._suppression.masked(obs))
        for entry in inputs:
            self._apply(entry)
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
        runs = self._update_runs(ended)
        minute = self._minutes.add(obs.t, elapsed_s, shown if obs.pose else {}, posture)
        silent, change = self._suppression.update(obs)
        busy_s = elapsed_s if obs.why == Reason.BUSY else 0.0
        moved_since = self._placement.since if place is CameraPlacement.MOVED else None
        now = Situation(obs.t, state, since, runs, posture, sample.activity, elapsed_s, silent, moved_since, busy_s)
        considered = self._reminders.consider(now)
        events = (*unseen, *_present(ended, minute, self._running_minute(obs.t), change), *self._answers, *considered.events)
        self._answers = []
        known = (obs.t, view, shown, sample, posture, state, since, self._bouts.open, runs)
        return Step(*known, events, inputs, silent, place, considered)

    def accept(self, entry: RunInput) -> None:
        """Take in a command of the person or a desktop state; it takes effect with the next step."""
        self._suppression.accept(entry)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The reminders in force."""
        return self._plan.rules or {}

    def replace_settings(self, signals: Sequence[Signal], rules: Mapping[str, Rule], policy: SuppressionPolicy) -> None:
        """Go on with other tolerances, reminders and hours from the next step on; every clock goes on."""
        self._plan = replace(self._plan, signals=signals, rules=rules, policy=policy)
        self._reminders.replace_rules(rules, policy.per_hour)
        self._suppression.policy = policy

    def finish(self) -> tuple[Event, ...]:
        """The events that the end of the run completes: its last bout and minute."""
        return _present(self._bouts.open, self._minutes.flush())

    def _apply(self, entry: RunInput) -> None:
        if not isinstance(entry, Command):
            return
        if entry.kind is CommandKind.NOT_NOW:
            self._reminders.decline()
        elif entry.what is Mark.BREAK:
            self._answers += self._reminders.moved(entry.t)
            self._break_t, self._runs = entry.t, dict.fromkeys(RUNS, Run(after_break=True))
        elif entry.what is not None:
            self._sense.mark = entry.what is Mark.STANDING

    def _running_minute(self, t: float) -> RunningMinute | None:
        """The running minute so far, every ten seconds; else None."""
        if t - self._minute_emitted < RUNNING_MINUTE_S:
            return None
        self._minute_emitted = t
        minute = self._minutes.so_far()
        return RunningMinute(minute) if minute else None

    def _measure(self, obs: Observation, view: View | None) -> Mapping[str, Reading]:
        back = self._back.update(obs.t, obs.pose, view, carried_forward=obs.carried_forward)
        if not obs.carried_forward or not self._raw:  # a frame carried forward was measured before
            seen = obs.pose and measure(obs.pose, view, self._plan.signals, back)
            self._raw = seen or nothing(obs.why or Reason.NOT_SEEN, self._plan.signals)
        return self._raw

    def _bridge(self, t: float) -> tuple[Sequence[Bout], float]:
        """The bouts that a gap before ``t`` completes, and the time (s) that the sample of ``t`` stands for."""
        before, self._last_t = self._last_t, t
        if before is None:
            self._continue_session(t)
            return (), self._plan.period_s
        if t < before:
            raise TimeOrderError(before, t)
        if t - before <= self._gap_s:
            return (), t - before
        unseen = self._bouts.cut(t, Reason.NO_PICTURES)
        for bout in unseen:
            self._update_runs(bout)
        mark = self._sense.mark if t - before < FORGET_UNSEEN_S else None
        self._debounce, self._sense = Debounce(), self._new_sense()
        self._sense.mark = mark
        self._view, self._off = None, frozenset()
        return unseen, self._plan.period_s

    def _continue_session(self, t: float) -> None:
        """Continue the runs of the previous session, unless a break or a long unseen time lies between."""
        past = [bout for bout in self._plan.before.bouts if bout.end <= t]
        self._runs = {name: run_of(kinds, past, t) for name, kinds in RUNS.items()}
        self._reminders.remember([one for one in self._plan.before.reminders if one.t <= t])

    def _place(self, obs: Observation, readings: Mapping[str, Reading]) -> CameraPlacement:
        """Where the camera stands; heights calibrated at another placement are not used."""
        before = self._placement.place
        place = self._placement.update(obs.t, obs.shift, readings["head_height"].value if "head_height" in readings else math.nan)
        if CameraPlacement.MOVED in (before, place) and place is not before:
            self._sense = self._new_sense()
        elif place is not before:
            self._sense.mark = None  # the desk was moved since the person marked it
        return place

    def _new_sense(self) -> ActivitySense:
        return ActivitySense(None if self._placement.place is CameraPlacement.MOVED else _levels(self._plan.baseline))

    def _compare(self, sample: Sample, readings: Mapping[str, Reading]) -> Posture:
        if sample.activity not in _STILL:
            return Posture(why=str(sample.why or sample.activity))
        # A signal that was out stays out over a hidden landmark or a short absence, but not from sitting to standing or over a
        # break.
        known = sample.activity is self._judged_as and self._debounce.state is sample.activity
        before = self._off if known else frozenset()
        posture = judge(readings, self._plan.baseline.of(sample.activity), before, self._plan.signals)
        self._off, self._judged_as = posture.sustained | (before - posture.judged), sample.activity
        return posture

    def _update_runs(self, ended: Bout | None) -> dict[str, Run]:
        """The runs up to now, the open bout included; a bout that ended is added permanently."""
        if ended := self._after_break(ended):
            self._runs = {name: run.then(ended, RUNS[name]) for name, run in self._runs.items()}
        now = self._after_break(self._bouts.open)
        return {name: run.then(now, RUNS[name]) for name, run in self._runs.items()} if now else self._runs

    def _after_break(self, bout: Bout | None) -> Bout | None:
        """The part of ``bout`` after the last break that the person marked, None if nothing is left."""
        if bout is None or bout.end <= self._break_t:
            return None
        return bout if bout.start >= self._break_t else replace(bout, start=self._break_t)


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
