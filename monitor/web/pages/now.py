"""Now: what is seen, when a reminder comes and what holds it back, the posture beside the person's own, today so far."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import ClassVar

from monitor.advice import library
from monitor.app import queries
from monitor.app.home import Home
from monitor.app.report import limits_at, references_of
from monitor.core.history.live_state import LiveState
from monitor.core.history.records import ReminderRecord
from monitor.core.history.summary import sit_to_stand
from monitor.core.posture.baseline import References, tolerance_band
from monitor.core.reminders.suppression import BLIND
from monitor.core.vocabulary import Activity, Hold
from monitor.reports.charts.days import chart_day
from monitor.reports.charts.drawing import Chart
from monitor.reports.charts.now import Angles, Range, draw_live_figure, draw_range, draw_ruler, sitting_ruler
from monitor.reports.charts.ribbons import day_ribbon, draw_day, followed
from monitor.reports.charts.scales import MINUTE_S
from monitor.reports.charts.stretches import Limits
from monitor.reports.markup import Markup
from monitor.reports.periods import day as period_of
from monitor.reports.phrases import many, span
from monitor.reports.present import age_words
from monitor.reports.status import held_back
from monitor.texts.catalogue import label, mode, reason, text
from monitor.texts.reminders import clock, duration, moment, title, why_of

# The left column's width (px).
_COLUMN, _SIDE = 588, 372
TRUNK, NECK, BACK = "trunk_inclination", "neck_inclination", "lumbar_index"
# A monitor that has not written for so long no longer says what is so now.
LATE_S = 30.0
# Somebody who looks is believed to look for 5 s: the monitor then says each second what it sees.
_LASTS_S = 4.0


@dataclass(frozen=True, slots=True)
class Order:
    """A button that gives an order: its words, what they are while it is carried out, and what it sends."""

    kind: str
    words: str
    waiting: str
    value: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """The posture beside the person's own upright: drawn, in a strip for each signal, and how old it is."""

    drawing: Markup
    strips: Sequence[Markup]
    age: str


@dataclass(frozen=True, slots=True)
class NowPage:
    """The page Now; ``kind`` is the sign of the status line: ``watching``, ``blind`` or ``off``."""

    template: ClassVar[str] = "now.html"
    kind: str
    status: str
    heading: str
    lead: str
    ruler: Chart | None
    orders: Sequence[Order]
    figure: Figure | None
    today: Chart | None
    reminder: tuple[str, str] | None
    first: bool
    answer: str = ""
    running: bool = False


def now_page(home: Home, now: float, answer: str = "") -> NowPage:
    """The page as of ``now`` (POSIX s); ``answer`` is what became of the order before.  Raises StoreError."""
    seen = queries.status(home, now)
    if seen.process is not None:
        queries.look(home)
    live = seen.live if seen.live and seen.live.age(now) <= LATE_S else None
    kind, heading, lead = _said(home, seen, live, now)
    limits = limits_at(home, seen.person, home.date_of(now))
    return NowPage(
        kind=kind,
        status=_status(seen, live, now, home.tz),
        heading=heading,
        lead=lead,
        ruler=_ruler(live, limits, now, home.tz) if live and not seen.hold.paused_until else None,
        orders=_orders(home, seen, live),
        figure=_figure(home, seen, live, now),
        today=_today(home, seen, now),
        reminder=_reminder(seen.today.reminders, home.tz),
        first=not queries.has_history(home),
        answer=answer,
        running=seen.process is not None,
    )


def pulse(home: Home, now: float) -> tuple[object, ...]:
    """What changes when the page should at once, far cheaper to ask than the page is to make.  Raises StoreError."""
    live = queries.live_state(home)
    seen = (live.state, live.since, live.silent, live.off) if live else ()
    return (queries.in_force(home, now), *seen)


@dataclass(slots=True)
class LiveNow:
    """The page Now, made anew when its pulse changes, and every few seconds; ``clock`` (s) never goes back."""

    home: Callable[[], Home]
    now: Callable[[], float]
    clock: Callable[[], float]
    _page: NowPage | None = None
    _made: float = 0.0
    _pulse: tuple[object, ...] = ()

    def page(self) -> NowPage:
        """The page as it is.  Raises StoreError."""
        fresh = self._page is not None and self.clock() - self._made < _LASTS_S
        beat = pulse(self.home(), self.now()) if self._page is None or self._page.running else self._pulse
        if self._page is None or not fresh or beat != self._pulse:
            self._page, self._made, self._pulse = now_page(self.home(), self.now()), self.clock(), beat
        return self._page


# --- words -------------------------------------------------------------------------------------------------------


def _status(seen: queries.Status, live: LiveState | None, now: float, tz: tzinfo) -> str:
    if seen.process is None:
        return "Not watching."
    held = [f"{line}." for line in held_back(seen.hold, now, tz)]
    source = seen.hold.source or "the camera"
    how = f" ({mode(seen.hold.mode)})" if seen.hold.mode else ""
    watching = f"Watching: {source}{how}." if live else "No word from the monitor yet."
    blind = bool(seen.hold.paused_until) or seen.hold.silent in BLIND
    return " ".join(held if blind else [watching, *(held or ["Reminders may speak."])])


def _said(home: Home, seen: queries.Status, live: LiveState | None, now: float) -> tuple[str, str, str]:
    """The sign of the status line, the heading and the lead."""
    hold = seen.hold
    if seen.process is None:
        return "off", *_stopped(seen, queries.has_history(home), home.tz)
    if hold.paused_until:
        return "off", f"Paused until {moment(hold.paused_until, now, home.tz)}", "Nothing is watched. It goes on by itself."
    if hold.silent in BLIND and hold.silent:
        since = f" since {clock(hold.silent_since, home.tz)}" if hold.silent_since else ""
        return "off", f"Not watching: {reason(hold.silent)}", f"Nothing is watched{since}. It goes on by itself."
    if live is None:
        return "blind", "The monitor is starting", "What it sees appears here in a moment."
    return _seen(live, now, home.tz)


def _stopped(seen: queries.Status, known: bool, tz: tzinfo) -> tuple[str, str]:
    if not known:
        return "Nothing here yet", "Your first day appears once the monitor has watched you for a minute."
    last = seen.today.bouts[-1].end if seen.today.bouts else None
    until = f" until {clock(last, tz)} today" if last else ""
    return "The monitor is not running", f"These pages show what was recorded{until}."


def _seen(live: LiveState, now: float, tz: tzinfo) -> tuple[str, str, str]:
    lasted = live.state_s + live.age(now)
    if live.state is Activity.UNKNOWN:
        why = reason(live.why).capitalize() if live.why else "Not seen"
        return (
            "blind",
            "Cannot see you well enough",
            (f"{why}, for {span(lasted)}. This time counts as not known, neither as sitting nor as standing."),
        )
    if live.state is Activity.AWAY:
        began = clock(now - lasted, tz)
        return "watching", "Nobody at the desk", f"Away since {began}. The sitting clock starts again after a break."
    return "watching", f"{text('activities', live.state).capitalize()} for {_whole(lasted)}", _coming(live, now, tz)


def _whole(seconds: float) -> str:
    """As ``span`` does, without the seconds of the first two minutes: a heading does not count."""
    return span(seconds) if seconds >= 2 * MINUTE_S else "1 min" if seconds >= MINUTE_S else "less than a minute"


def _coming(live: LiveState, now: float, tz: tzinfo) -> str:
    coming = live.next_reminder()
    if coming is not None:
        ahead = max(coming.seconds - live.age(now), 0.0)
        return f"A reminder comes in {duration(ahead)}, at {clock(now + ahead, tz)}, unless you change first."
    due = next((one for one in live.decisions if one.of_s and one.seconds >= one.of_s and one.hold is not Hold.SAID_BEFORE), None)
    if due is not None and due.hold is not None:
        detail = reason(due.detail) if due.detail else ""
        held = text("holds", due.hold).format(detail=detail, used=due.used, allowed=due.allowed)
        return f"{title(due.kind)} is due; held back: {held}."
    return "No reminder is near."


def _reminder(told: Sequence[ReminderRecord], tz: tzinfo) -> tuple[str, str] | None:
    if not told:
        return None
    last = told[-1]
    tips = {tip.id: tip for tip in library.tips().tips}
    tip = tips.get(last.tip or "")
    said = f"{clock(last.reminder.t, tz)}: {why_of(last.reminder, tz)}; {followed(last)}."
    return said, f"With it came: “{tip.title}. {tip.body}”" if tip else ""


def _orders(home: Home, seen: queries.Status, live: LiveState | None) -> tuple[Order, ...]:
    snooze = home.settings.silence.snooze_min
    if seen.process is None:
        return (Order("start", "Start watching", "Starting…", main=True),) if queries.has_history(home) else ()
    if seen.hold.paused_until:
        return (Order("resume", "Go on now", "Going on…", main=True), Order("pause", "Pause 1 hour more", "Pausing…", "120"))
    standing = live is not None and live.state is Activity.STANDING
    posture = Order("mark", "I am sitting" if standing else "I am standing", "Noting…", "sitting" if standing else "standing")
    quiet = (
        Order("resume", "Reminders again", "Asking…")
        if seen.hold.snoozed_until
        else Order("snooze", f"Hold reminders {snooze:g} min", "Holding…", f"{snooze:g}")
    )
    taken = Order("mark", "I took a break", "Noting…", "break", main=True)
    return taken, posture, quiet, Order("pause", "Pause for an hour", "Pausing…", "60")


# --- drawings ----------------------------------------------------------------------------------------------------


def _ruler(live: LiveState, limits: Limits, now: float, tz: tzinfo) -> Chart | None:
    if live.state is not Activity.SITTING:
        return None
    sat = live.state_s + live.age(now)
    return replace(sitting_ruler(sat, limits, now, tz), wide=draw_ruler(sat, limits, _COLUMN, "ruler-wide"))


def _today(home: Home, seen: queries.Status, now: float) -> Chart | None:
    day = chart_day(period_of(home.date_of(now), home.tz, home.day_begins), seen.today, home.tz)
    if not day.watched:
        return None
    said = f"Sitting {span(day.seconds(Activity.SITTING))}, standing {span(day.seconds(Activity.STANDING))}."
    times = sit_to_stand(day.bouts)
    up = f" You got up {many(times, 'time')}." if times else ""
    drawn = draw_day(day, home.tz, _COLUMN, "day-wide")
    return replace(day_ribbon(day, home.tz), heading="Today so far", sentence=f"{said}{up}", wide=drawn)


def _figure(home: Home, seen: queries.Status, live: LiveState | None, now: float) -> Figure | None:
    """Beside what was calibrated sitting; None where there is nothing to compare with, or no sitting from the side."""
    own = references_of(home, seen.today.sessions)
    if TRUNK not in own or NECK not in own or live is None or live.silent in BLIND:
        return None
    sits = live.state is Activity.SITTING
    now_at = {name: live.readings[name].value if sits and name in live.readings else math.nan for name in (TRUNK, NECK, BACK)}
    angles = Angles(*now_at.values())
    known = not (math.isnan(angles.trunk_deg) and math.isnan(angles.neck_deg))
    upright = Angles(own[TRUNK].center, own[NECK].center, 1.0)
    drawing = draw_live_figure(angles if known else None, upright, "figure", pregnant=bool(seen.person.due))
    age = f"Drawn from angles, never a picture; {age_words(live, now)}."
    return Figure(drawing, tuple(_strips(home, own, now_at)), age if known else f"Not known now. {age}")


def _strips(home: Home, own: References, values: Mapping[str, float]) -> Iterator[Markup]:
    for signal in home.settings.table():
        band = tolerance_band(signal, own) if signal.name in values else None
        if band:
            strip = Range(label(signal.name), values[signal.name], *band)
            yield draw_range(strip, _SIDE, f"strip-{signal.name.replace('_', '-')}")
