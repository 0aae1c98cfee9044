"""The drawings of the page Now: the ruler, the ribbon so far, and the posture beside the person's own upright."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from monitor.app import queries
from monitor.app.advice import shown_pregnant
from monitor.app.home import Home
from monitor.app.report import references_of
from monitor.core.history.live_state import LiveState
from monitor.core.history.summary import sit_to_stand
from monitor.core.posture.baseline import References, tolerance_band
from monitor.core.reminders.suppression import BLIND
from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import chart_day
from monitor.reports.charts.drawing import Chart
from monitor.reports.charts.now import Angles, Range, draw_live_figure, draw_range, sitting_ruler
from monitor.reports.charts.now import draw_ruler as ruler_in
from monitor.reports.charts.ribbons import day_ribbon, draw_day
from monitor.reports.charts.stretches import Limits
from monitor.reports.markup import Markup
from monitor.reports.periods import day as period_of
from monitor.reports.phrases import many, span
from monitor.reports.present import age_words
from monitor.texts.catalogue import about_sitting, label

# The left column's width (px).
_COLUMN, _SIDE = 588, 372
# A figure that changes with the noise of a reading looks like a movement that nobody made [E].
_NOISE_DEG, _BACK_NOISE = 2.0, 0.1
# A reading that is younger (s) is of now.
_FRESH_S = 10.0
TRUNK, NECK, BACK = "trunk_inclination", "neck_inclination", "lumbar_index"


@dataclass(frozen=True, slots=True)
class Figure:
    """The posture beside the person's own upright: drawn, in a strip for each signal, and how old it is."""

    drawing: Markup
    strips: Sequence[Markup]
    age: str
    angles: Angles | None

    def shows(self, other: "Figure") -> bool:
        """Whether ``other`` differs from it by no more than the noise of a reading, so that it may stay."""
        if self.age != other.age or self.angles is None or other.angles is None:
            return self.age == other.age and self.angles is other.angles
        mine, others = ((one.trunk_deg, one.neck_deg, one.back / _BACK_NOISE * _NOISE_DEG) for one in (self.angles, other.angles))
        return all(_close(a, b) for a, b in zip(mine, others, strict=True))


def _close(a: float, b: float) -> bool:
    """Whether two angles (deg) are within the noise; both unknown counts as the same."""
    return math.isnan(a) and math.isnan(b) if math.isnan(a) or math.isnan(b) else abs(a - b) <= _NOISE_DEG


def draw_ruler(live: LiveState, limits: Limits, now: float, tz: tzinfo) -> Chart | None:
    """The time sitting with both limits; None unless she sits."""
    if live.state is not Activity.SITTING:
        return None
    sat = live.state_s + live.age(now)
    return replace(sitting_ruler(sat, limits, now, tz), wide=ruler_in(sat, limits, _COLUMN, "ruler-wide"))


def draw_today(home: Home, seen: queries.Status, now: float) -> Chart | None:
    """The ribbon of the day so far; None where nothing was watched."""
    day = chart_day(period_of(home.date_of(now), home.tz, home.day_begins), seen.today, home.tz)
    if not day.watched:
        return None
    said = about_sitting("so_far", sat=span(day.seconds(Activity.SITTING)), stood=span(day.seconds(Activity.STANDING)))
    times = sit_to_stand(day.bouts)
    up = f" You got up {many(times, 'time')}." if times else ""
    drawn = draw_day(day, home.tz, _COLUMN, "day-wide")
    return replace(day_ribbon(day, home.tz), heading="Today so far", sentence=f"{said}{up}", wide=drawn)


def draw_figure(home: Home, status: queries.Status, live: LiveState | None, now: float) -> Figure | None:
    """Beside what was calibrated sitting; None where there is nothing to compare with, or no sitting from the side."""
    own = references_of(home, status.today.sessions)
    if TRUNK not in own or NECK not in own or live is None or live.silent in BLIND:
        return None
    sits = live.state is Activity.SITTING
    now_at = {name: live.readings[name].value if sits and name in live.readings else math.nan for name in (TRUNK, NECK, BACK)}
    angles = Angles(*now_at.values())
    known = not (math.isnan(angles.trunk_deg) and math.isnan(angles.neck_deg))
    upright = Angles(own[TRUNK].center, own[NECK].center, 1.0)
    pregnant = shown_pregnant(status.person, home.calendar_date(now))
    drawing = draw_live_figure(angles if known else None, upright, "figure", pregnant=pregnant)
    seen = age_words(live, now) if live.age(now) > _FRESH_S else "seen just now"
    age = f"Drawn from angles, never a picture; {seen}."
    strips = tuple(_strips(home, own, now_at))
    return Figure(drawing, strips, age if known else f"Not known now. {age}", angles if known else None)


def _strips(home: Home, own: References, values: Mapping[str, float]) -> Iterator[Markup]:
    for signal in home.settings.table():
        band = tolerance_band(signal, own) if signal.name in values else None
        if band:
            strip = Range(label(signal.name), values[signal.name], *band)
            yield draw_range(strip, _SIDE, f"strip-{signal.name.replace('_', '-')}")
