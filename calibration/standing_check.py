"""The standing check: fifteen seconds from the side with a free back; sans-IO, with the phases of the calibration.

Reasons why the back cannot be measured are shown at once, as hints for the person (``hints``).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from calibration.fit import Fitted, fit
from calibration.samples import StageObserver, StageSample
from calibration.stages import StageRule
from calibration.wizard import Phase, Wizard
from monitor.core.back.lumbar import Lumbar
from monitor.core.back.lumbar_window import BackSample, pooled_reading, sample_of
from monitor.core.back.standing_checks import Check
from monitor.core.body.pose import Observation
from monitor.core.errors import NotEnoughData
from monitor.core.posture.baseline import CalibrationStage
from monitor.core.posture.lumbar_baseline import LORDOSIS
from monitor.core.vocabulary import Activity, Reason, View
from monitor.texts.catalogue import reason

CHECK = StageRule(
    CalibrationStage.STANDING,
    "Standing check",
    "Stand at ease, your side to the camera, two steps from it, nothing behind your back. Arms a little forward, shirt "
    "tucked in, long hair to the front. A hand on the desk is fine.",
    Activity.STANDING,
    required=True,
    # Turning round and taking position takes as long as rising (science.md 3.5).
    countdown_s=10.0,
    # science.md 1.9: a guided standing check takes 10 to 20 s.
    hold_s=15.0,
)


class BackObserver(StageObserver):
    """Samples the back as well; ``backs`` are those of the usable samples."""

    def __init__(self) -> None:
        super().__init__(CHECK)
        self.backs: list[BackSample] = []

    def sample(self, obs: Observation) -> StageSample:
        """The sample of this observation for a check."""
        sample = super().sample(obs)
        if sample.why == Reason.SEEN_OBLIQUELY or (sample.why is None and sample.view is not View.SIDE):
            return StageSample(obs.t, sample.view, why=Reason.NOT_FROM_THE_SIDE)
        why = sample.why or sample.readings[LORDOSIS].why
        back = sample_of(obs.pose) if why is None and obs.pose is not None else None
        if back:
            self.backs.append(back)
        return StageSample(obs.t, sample.view, sample.readings, sample.by_legs, why)


class StandingCheck(Wizard):
    """One check in front of the camera; ``reading`` is the result, once the phase is ``done``, from ``frames`` frames."""

    words: Mapping[Phase, str] = MappingProxyType({**Wizard.words, Phase.DONE: "All done. Thank you."})
    _observer: BackObserver

    def __init__(self, *, hands_free: bool = False) -> None:
        super().__init__((CHECK,), hands_free=hands_free)
        self.reading: Lumbar | None = None
        self.frames = 0

    def check(self, source: str) -> Check | None:
        """The check, at the time of its last frame; None if there is none yet."""
        return _check(self._since, self.reading, self.frames, source) if self.reading else None

    def _new_observer(self) -> BackObserver:
        return BackObserver()

    def _fit(self) -> Fitted:
        fitted = fit(CHECK, [self._take])
        self.reading, self.frames = pooled_reading(self._observer.backs), len(self._observer.backs)
        return fitted


def check_of(observations: Iterable[Observation], source: str, taken_at: float) -> Check:
    """The check from a recording, dated ``taken_at`` (POSIX s).

    Raises:
        CalibrationError: too little of it shows a free back from the side; with what was observed and what to do.
    """
    observer = BackObserver()
    fit(CHECK, [tuple(observer.sample(obs) for obs in observations)])
    return _check(taken_at, pooled_reading(observer.backs), len(observer.backs), source)


def _check(t: float, reading: Lumbar, frames: int, source: str) -> Check:
    if reading.why:
        raise NotEnoughData(f"{CHECK.title}: the back could not be read ({reason(reading.why)}); try again")
    return Check(t, reading.lordosis_deg, reading.sd_deg, reading.depth, frames, source)
