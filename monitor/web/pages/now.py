"""Now: what is seen, when a reminder comes and what holds it back, the posture beside the person's own, today so far."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import ClassVar

from monitor.advice import library
from monitor.advice.adviser import in_force
from monitor.advice.triage import TriageResult
from monitor.advice.triage import answer as card_answer
from monitor.app import queries
from monitor.app.check_in import known_of_her
from monitor.app.home import Home
from monitor.app.report import limits_at
from monitor.core.history.live_state import LiveState
from monitor.core.history.records import ReminderRecord
from monitor.core.reminders.suppression import BLIND
from monitor.core.vocabulary import Activity, Hold
from monitor.reports.card import Call, calls_of
from monitor.reports.charts.drawing import Chart
from monitor.reports.charts.ribbons import followed
from monitor.reports.charts.scales import MINUTE_S
from monitor.reports.phrases import span
from monitor.reports.present import decision_rows
from monitor.reports.status import held_back
from monitor.texts.catalogue import about_sitting, always_seated, mode, reason, text
from monitor.texts.reminders import clock, duration, moment, title, why_of
from monitor.web.pages.now_drawings import Figure, draw_figure, draw_ruler, draw_today

# An older live state is no longer current.
LATE_S = 30.0
# The page is remade within the 5 s for which one poll keeps the monitor writing every second.
_LASTS_S = 4.0
# What is shown without a monitor changes by a check-in on another page alone.
_STOPPED_LASTS_S = 15.0


@dataclass(frozen=True, slots=True)
class Order:
    """A button that gives an order: its words, what they are while it is carried out, and what it sends."""

    kind: str
    words: str
    waiting: str
    value: str = ""
    main: bool = False


_PAUSES = (
    Order("pause", "15 minutes", "Pausing…", "15"),
    Order("pause", "Until tomorrow", "Pausing…", "until tomorrow"),
)


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that a check-in asked for and that was not made yet: the card's level in small letters, and its words."""

    level: str
    title: str
    body: str
    calls: Sequence[Call]


@dataclass(frozen=True, slots=True)
class NowPage:
    """The page Now; ``kind`` is the sign of the status line: ``watching``, ``blind`` or ``off``.

    ``pauses`` are further lengths of a pause.
    """

    template: ClassVar[str] = "now.html"
    kind: str
    status: str
    heading: str
    lead: str
    ruler: Chart | None
    orders: Sequence[Order]
    pauses: Sequence[Order]
    figure: Figure | None
    today: Chart | None
    reminder: tuple[str, str] | None
    first: bool
    answer: str = ""
    running: bool = False
    held: Sequence[tuple[str, str, str]] = ()
    call: OpenCall | None = None


def now_page(home: Home, now: float, answer: str = "") -> NowPage:
    """The page as of ``now`` (POSIX s); ``answer`` is what became of the order before.  Raises StoreError."""
    seen = queries.status(home, now, signals=False)
    if seen.process is not None:
        queries.look(home)
    live = seen.live if seen.live and seen.live.age(now) <= LATE_S else None
    kind, heading, lead = _said(home, seen, live, now)
    limits = limits_at(home, seen.person, home.calendar_date(now))
    call = _open_call(home, seen)
    return NowPage(
        kind=kind,
        status=_status(seen, live, now, home.tz),
        heading=heading,
        lead=lead,
        ruler=draw_ruler(live, limits, now, home.tz) if live and not seen.hold.paused_until else None,
        orders=_orders(home, seen, live, now),
        pauses=_PAUSES if seen.process is not None else (),
        figure=draw_figure(home, seen, live, now),
        today=draw_today(home, seen, now),
        reminder=_reminder(seen.today.reminders, home.tz, with_tip=call is None),
        first=not queries.has_history(home),
        answer=answer,
        running=seen.process is not None,
        held=decision_rows(live, now, home.tz) if live else (),
        call=call,
    )


def change_key(home: Home, now: float) -> tuple[object, ...]:
    """A value that changes when the page must change at once, far cheaper than making the page.  Raises StoreError."""
    live = queries.live_state(home)
    seen = (live.state, live.since, live.silent, live.off) if live else ()
    return (queries.in_force(home, now), *seen)


@dataclass(slots=True)
class LiveNow:
    """The page Now, remade when its change key changes, and every few seconds; ``clock`` (s) is monotonic."""

    home: Callable[[], Home]
    now: Callable[[], float]
    clock: Callable[[], float]
    _page: NowPage | None = None
    _made: float = 0.0
    _key: tuple[object, ...] = ()

    def page(self) -> NowPage:
        """The page as it is.  Raises StoreError."""
        lasts_s = _LASTS_S if self._page is None or self._page.running else _STOPPED_LASTS_S
        fresh, home = self.clock() - self._made < lasts_s, self.home()
        key = change_key(home, self.now()) if queries.is_running(home) else ()
        if self._page is None or not fresh or key != self._key:
            self._page, self._made, self._key = self._new(now_page(home, self.now())), self.clock(), key
        return self._page

    def _new(self, page: NowPage) -> NowPage:
        """The page with the figure before, where nothing moved beyond the noise of a reading."""
        before = self._page.figure if self._page else None
        return replace(page, figure=before) if before and page.figure and before.shows(page.figure) else page


# --- words -------------------------------------------------------------------------------------------------------


def _status(seen: queries.Status, live: LiveState | None, now: float, tz: tzinfo) -> str:
    if seen.process is None:
        return "Not watching."
    held = [f"{line}." for line in held_back(seen.hold, now, tz)]
    source = seen.hold.source or "the camera"
    # Open all the time is what a person expects.
    how = f" ({mode(seen.hold.mode)})" if seen.hold.mode and not seen.hold.mode.startswith("steady") else ""
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
            (f"{why}, for {span(lasted)}. {about_sitting('not_known')}"),
        )
    if live.state is Activity.AWAY:
        began = clock(now - lasted, tz)
        return "watching", "Nobody at the desk", f"Away since {began}. {about_sitting('clock_restarts')}"
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


def _open_call(home: Home, seen: queries.Status) -> OpenCall | None:
    level = in_force(seen.open_reports)[1] if seen.open_reports else None
    if level is None:
        return None
    numbers = home.settings.contacts.numbers()
    her = known_of_her(home)
    said = card_answer(library.card(), TriageResult(level), her.at, numbers, alone=her.alone)
    return OpenCall(level.name.lower(), said.title, said.body, calls_of(numbers, level))


def _reminder(told: Sequence[ReminderRecord], tz: tzinfo, *, with_tip: bool) -> tuple[str, str] | None:
    if not told:
        return None
    last = told[-1]
    tips = {tip.id: tip for tip in library.tips().tips}
    tip = tips.get(last.tip or "") if with_tip else None
    said = f"{clock(last.reminder.t, tz)}: {why_of(last.reminder, tz)}; {followed(last)}."
    return said, f"With it came: “{tip.title}. {tip.body}”" if tip else ""


def _orders(home: Home, seen: queries.Status, live: LiveState | None, now: float) -> tuple[Order, ...]:
    snooze = home.settings.silence.snooze_min
    if seen.process is None:
        return (Order("start", "Start watching", "Starting…", main=queries.has_history(home)),)
    if seen.hold.paused_until:
        longer = math.ceil((seen.hold.paused_until - now) / MINUTE_S) + 60
        return (
            Order("resume", "Go on now", "Going on…", main=True),
            Order("pause", "Pause 1 hour more", "Pausing…", f"{longer}"),
        )
    standing = live is not None and live.state is Activity.STANDING
    posture = Order("mark", "I am sitting" if standing else "I am standing", "Noting…", "sitting" if standing else "standing")
    quiet = (
        Order("resume", "Reminders again", "Asking…")
        if seen.hold.snoozed_until
        else Order("snooze", f"Hold reminders {snooze:g} min", "Holding…", f"{snooze:g}")
    )
    taken = Order("mark", "I took a break", "Noting…", "break", main=True)
    return taken, *([] if always_seated() else [posture]), quiet, Order("pause", "Pause for an hour", "Pausing…", "60")
