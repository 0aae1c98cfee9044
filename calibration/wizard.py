"""The state machine of a calibration, sans-IO: observations and commands in, what to show out.

It uses no camera, window, key or clock: time is that of the observations.  A user interface (window, terminal) shows each
``Progress`` and returns at most one ``WizardCommand``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from calibration.consistency import check_against
from calibration.fit import Fitted, baseline_of, fit
from calibration.hints import hint_of
from calibration.samples import StageObserver, StageSample, usable_s
from calibration.stages import STAGES, StageRule
from monitor.core.body.pose import Observation
from monitor.core.errors import CalibrationError
from monitor.core.posture.baseline import Baseline
from monitor.core.posture.signals import SIGNALS, Signal


class Phase(StrEnum):
    """The phase within a stage."""

    INSTRUCT = "instruct"
    COUNTDOWN = "countdown"
    HOLD = "hold"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    QUIT = "quit"


class WizardCommand(StrEnum):
    """The commands of the person."""

    NEXT = "next"
    REPEAT = "repeat"
    SKIP = "skip"
    QUIT = "quit"


# The label of each command in each phase; commands that are not listed have no effect.
ACTIONS: Mapping[Phase, Mapping[WizardCommand, str]] = {
    Phase.INSTRUCT: {WizardCommand.NEXT: "start", WizardCommand.SKIP: "skip", WizardCommand.QUIT: "quit"},
    Phase.COUNTDOWN: {WizardCommand.NEXT: "now", WizardCommand.SKIP: "skip", WizardCommand.QUIT: "quit"},
    Phase.HOLD: {WizardCommand.REPEAT: "once more", WizardCommand.SKIP: "skip", WizardCommand.QUIT: "quit"},
    Phase.ACCEPTED: {WizardCommand.NEXT: "go on", WizardCommand.REPEAT: "once more", WizardCommand.QUIT: "quit"},
    Phase.REJECTED: {WizardCommand.NEXT: "try again", WizardCommand.SKIP: "skip", WizardCommand.QUIT: "quit"},
}
_AFTER_NEXT = {Phase.INSTRUCT: Phase.COUNTDOWN, Phase.COUNTDOWN: Phase.HOLD, Phase.REJECTED: Phase.COUNTDOWN}
ENDED = frozenset({Phase.DONE, Phase.QUIT})

# Reading time (s) of a success message, and when hands-free of an instruction or a rejection [E].
GLANCE_S, READ_S = 2.5, 8.0
# A hold that is incomplete after this many times its length is fitted as it is, which reports what is missing.
PATIENCE = 2.0
# Hands-free: after this many tries an optional stage is skipped and a required one is an error.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """What to show: the stage (``number`` of ``total``), its phase, seconds left (None: waits for a command), and text.

    ``hint`` tells how to improve the view; ``actions`` are the available commands, with their labels.
    """

    rule: StageRule
    number: int
    total: int
    phase: Phase
    left_s: float | None
    share: float  # 0 to 1, of the countdown or the hold
    hint: str | None
    message: str
    actions: Mapping[WizardCommand, str]


class Wizard:
    """One calibration; ``step`` takes observations in order of time.  ``hands_free`` continues without commands.

    ``words`` are the texts of phases without an instruction or a problem.
    """

    words: Mapping[Phase, str] = MappingProxyType(
        {
            Phase.HOLD: "Hold still and breathe calmly.",
            Phase.ACCEPTED: "Thank you, that went well.",
            Phase.DONE: "All done. Your calibration is complete.",
            Phase.QUIT: "Stopped. Nothing was saved.",
        }
    )

    def __init__(
        self, rules: Sequence[StageRule] = STAGES, *, hands_free: bool = False, signals: Sequence[Signal] = SIGNALS
    ) -> None:
        self._rules, self._hands_free, self._signals = rules, hands_free, signals
        self._number = 0
        self._fitted: dict[int, Fitted] = {}
        self._trouble: CalibrationError | None = None
        self._tries = 0
        self._take: list[StageSample] = []
        self._since = math.inf  # until the first observation
        self._phase = Phase.INSTRUCT
        self._observer = self._new_observer()

    @property
    def baseline(self) -> Baseline | None:
        """The result, once the phase is ``done``."""
        return baseline_of(self._fitted.values()) if self._phase is Phase.DONE else None

    def step(self, obs: Observation, command: WizardCommand | None = None) -> Progress:
        """The progress to show after this observation and command.

        Raises:
            CalibrationError: hands-free only: a required stage failed ``TRIES`` times.
        """
        if math.isinf(self._since):
            self._since = obs.t
        sample = self._observer.sample(obs)
        if self._phase is Phase.REJECTED and command is WizardCommand.REPEAT:
            command = WizardCommand.NEXT  # both mean "try again"
        if command is not None and command in _actions(self._phase, self._rule):
            self._obey(command, obs.t)
        elif self._phase is Phase.HOLD:
            self._hold(sample)
        elif (left := self._left_s(obs.t)) is not None and left <= 0:
            self._time_is_up(obs.t)
        return self._progress(obs, sample)

    @property
    def _rule(self) -> StageRule:
        return self._rules[self._number]

    def _obey(self, command: WizardCommand, t: float) -> None:
        if command is WizardCommand.QUIT:
            self._enter(Phase.QUIT, t)
        elif command is WizardCommand.SKIP or (self._phase is Phase.ACCEPTED and command is WizardCommand.NEXT):
            self._following(t)
        else:
            self._enter(_AFTER_NEXT[self._phase] if command is WizardCommand.NEXT else Phase.COUNTDOWN, t)

    def _time_is_up(self, t: float) -> None:
        if self._phase is not Phase.REJECTED or self._tries < TRIES:
            self._obey(WizardCommand.NEXT, t)
        elif self._rule.required and self._trouble:
            raise self._trouble
        else:
            self._obey(WizardCommand.SKIP, t)

    def _hold(self, sample: StageSample) -> None:
        self._take.append(sample)
        if self._held_s() < self._rule.hold_s and sample.t - self._since < PATIENCE * self._rule.hold_s:
            return
        try:
            fitted = self._fit()
        except CalibrationError as trouble:
            self._trouble, self._tries = trouble, self._tries + 1
            self._enter(Phase.REJECTED, sample.t)
        else:
            self._fitted[self._number] = fitted
            self._enter(Phase.ACCEPTED, sample.t)

    def _new_observer(self) -> StageObserver:
        return StageObserver(self._rule, self._signals)

    def _fit(self) -> Fitted:
        fitted = fit(self._rule, [self._take], self._signals)
        check_against(fitted, self._fitted.values(), self._signals)
        return fitted

    def _following(self, t: float) -> None:
        self._tries = 0
        if self._number + 1 == len(self._rules):
            self._enter(Phase.DONE, t)
        else:
            self._number += 1
            self._enter(Phase.INSTRUCT, t)

    def _enter(self, phase: Phase, t: float) -> None:
        self._phase, self._since = phase, t
        if phase in _FRESH:
            self._observer, self._take = self._new_observer(), []
            self._fitted.pop(self._number, None)

    def _left_s(self, t: float) -> float | None:
        if self._phase is Phase.HOLD:
            return max(self._rule.hold_s - self._held_s(), 0.0)
        limit = self._limits().get(self._phase)
        return None if limit is None else max(self._since + limit - t, 0.0)

    def _held_s(self) -> float:
        # A single sample would count as a picture.
        return usable_s(self._take) if len(self._take) > 1 else 0.0

    def _limits(self) -> dict[Phase, float]:
        waiting = {Phase.INSTRUCT: READ_S, Phase.REJECTED: READ_S} if self._hands_free else {}
        return waiting | {Phase.COUNTDOWN: self._rule.countdown_s, Phase.ACCEPTED: GLANCE_S}

    def _progress(self, obs: Observation, sample: StageSample) -> Progress:
        left = self._left_s(obs.t)
        whole = {Phase.COUNTDOWN: self._rule.countdown_s, Phase.HOLD: self._rule.hold_s}.get(self._phase)
        share = max(1 - left / whole, 0.0) if whole and left is not None else 0.0
        hint = hint_of(obs, sample) if self._phase in _FRESH else None
        message = self.words.get(self._phase) or (str(self._trouble) if self._phase is Phase.REJECTED else self._rule.instruction)
        actions = _actions(self._phase, self._rule)
        return Progress(self._rule, self._number + 1, len(self._rules), self._phase, left, share, hint, message, actions)


def _actions(phase: Phase, rule: StageRule) -> Mapping[WizardCommand, str]:
    actions = ACTIONS.get(phase, {})
    return {command: name for command, name in actions.items() if not (rule.required and command is WizardCommand.SKIP)}


# These phases start with a new observer, and show hints.
_FRESH = frozenset({Phase.INSTRUCT, Phase.COUNTDOWN, Phase.HOLD})
