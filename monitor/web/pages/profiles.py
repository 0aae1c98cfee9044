"""Calibrations: how old each is, what it holds and how well, and when to make it anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitor.app import queries
from monitor.app.advice import recalibrate, told_in
from monitor.app.home import Home
from monitor.core.errors import ProfileUnusable
from monitor.core.posture.baseline import Baseline, CalibrationStage
from monitor.core.posture.lumbar_baseline import own_range
from monitor.core.posture.signals import BY_NAME
from monitor.core.vocabulary import View
from monitor.reports.phrases import day_of, many
from monitor.texts.catalogue import joined, label, text

_VIEWS = {View.SIDE: "from the side", View.FRONT: "from the front", View.OBLIQUE: "from between side and front"}
# Where the calibration can be made: calibration sets it when its pages are there.
CALIBRATE = "/calibrate"


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One calibration: its name, when and how it was made, how well each stage was held, a question, or why it is of no use."""

    name: str
    current: bool
    made: str
    stages: Sequence[tuple[str, str]]
    quality: Sequence[str]
    question: str
    trouble: str


@dataclass(frozen=True, slots=True)
class ProfilesPage:
    """Every calibration."""

    template: ClassVar[str] = "profiles.html"
    rows: Sequence[CalibrationRow]
    chosen: str


def profiles_page(home: Home, now: float) -> ProfilesPage:
    """The page.  Raises StoreError."""
    return ProfilesPage([_row(home, name, now) for name in queries.calibrations(home)], home.settings.profile)


def _row(home: Home, name: str, now: float) -> CalibrationRow:
    try:
        found = queries.calibration(home, name)
    except ProfileUnusable as error:
        return CalibrationRow(name, name == home.settings.profile, "", (), (), "", str(error))
    today, taken = home.calendar_date(now), home.calendar_date(found.taken_at)
    days = (today - taken).days
    ago = f"{many(days, 'day')} ago" if days > 0 else "today"
    made = f"{day_of(taken)}, {ago}, {_VIEWS[found.view]}, with {found.source}"
    baseline, question = found.baseline, recalibrate(home, told_in(home), today, found) or ""
    stages = [(text("stages", stage), _held(baseline, stage)) for stage in CalibrationStage if stage in baseline.stages]
    quality = _quality(baseline, knows_place=found.backdrop is not None)
    return CalibrationRow(name, name == home.settings.profile, made, stages, quality, question, "")


def _held(baseline: Baseline, stage: CalibrationStage) -> str:
    references = baseline.stages[stage]
    judged = [name for name in references if name in BY_NAME and BY_NAME[name].tolerance is not None]
    return f"{many(len(references), 'signal')} measured; compared later: {joined(label(name) for name in judged) or 'none'}"


def _quality(baseline: Baseline, *, knows_place: bool) -> list[str]:
    size = own_range(baseline)
    back = f"The lower back moved {size:.0f}° between your slump and your tall sitting." if size == size else ""  # noqa: PLR0124
    missing = [text("stages", stage) for stage in CalibrationStage if stage not in baseline.stages]
    without = f"Not calibrated: {joined(missing)}." if missing else ""
    place = "" if knows_place else "It does not know its background, so a camera that was moved is not noticed."
    return [line for line in (back, without, place) if line]
