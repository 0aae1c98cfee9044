"""An in-memory history without SQL, with which the real one must agree."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.core.history.live_state import LiveState
from monitor.core.history.records import CheckInRecord, Person, Records, ReminderRecord, Session, SignalTotal
from monitor.core.pipeline import Event
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.deferred import DeferredNotice
from monitor.core.reminders.suppression import SuppressionChanged
from monitor.core.sedentary.bouts import Bout
from monitor.core.sedentary.minutes import MINUTE_S, Minute, RunningMinute, SignalMinute
from monitor.core.vocabulary import BY_CHAIR


@dataclass(slots=True)
class MemorySession:
    """A session that is being written."""

    session: Session
    last_t: float
    bouts: dict[float, Bout] = field(default_factory=dict)
    minutes: dict[float, Minute] = field(default_factory=dict)
    told: dict[float, ReminderRecord] = field(default_factory=dict)
    missed: list[DeferredNotice] = field(default_factory=list)
    live: LiveState | None = None
    breaks: list[float] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Its number."""
        return self.session.id

    def write(self, t: float, running: Bout | None, events: Sequence[Event]) -> None:
        """Keep the events, the running bout and the time."""
        for event in (*events, running):
            if event is not None:
                _KEEP[type(event)](self, event)
        self.last_t = max(self.last_t, t)

    def shown(self, t: float, how: str, tip: str | None = None) -> None:
        """Note how the reminder of ``t`` was shown, and with which tip."""
        self.told[t] = replace(self.told[t], shown=how, tip=tip)

    def followed_up(self, t: float, tip: str) -> None:
        """Note the tip that came with the change after the reminder of ``t``."""
        self.told[t] = replace(self.told[t], follow_up=tip)

    def mode(self, text: str | None) -> None:
        """Store how the camera is used now."""
        self.session = replace(self.session, mode=text)

    def present(self, live: LiveState) -> None:
        """Replace the live state."""
        self.live = live

    def marked_break(self, t: float) -> None:
        """Keep a break that the person marked."""
        self.breaks.append(t)

    def note_silence(self, h: SuppressionChanged) -> None:
        """Why reminders are silent from ``h.t`` on."""
        self.session = replace(self.session, silent=h.why, silent_since=h.t)

    def end(self, t: float) -> None:
        """End it."""
        self.last_t = max(self.last_t, t)
        self.session = replace(self.session, end=self.last_t)

    def touches(self, start: float, end: float) -> bool:
        """Whether a part of it lies in that time."""
        return self.session.start < end and (self.session.start == start or self.last_t > start)

    def note_response(self, r: Response) -> None:
        """Store the response to the reminder of ``r.t``."""
        self.told[r.t] = replace(self.told[r.t], responded=r.after_s is not None, after_s=r.after_s)


_KEEP: Mapping[type[Any], Callable[[MemorySession, Any], None]] = {
    Bout: lambda kept, b: kept.bouts.update({b.start: b}),
    Minute: lambda kept, m: kept.minutes.update({m.start: m}),
    RunningMinute: lambda kept, r: kept.minutes.update({r.minute.start: r.minute}),
    Reminder: lambda kept, r: kept.told.update({r.t: ReminderRecord(r, None, None, None)}),
    Response: MemorySession.note_response,
    DeferredNotice: lambda kept, m: kept.missed.append(m),
    SuppressionChanged: MemorySession.note_silence,
}


@dataclass(slots=True)
class MemoryStore:
    """All sessions, with the same queries as the real history."""

    kept: list[MemorySession] = field(default_factory=list)
    reports: dict[float, CheckInRecord] = field(default_factory=dict)
    about: Person = field(default_factory=Person)

    def tell(self, person: Person) -> None:
        """Replace the person's entries."""
        self.about = person

    def add(self, report: CheckInRecord) -> None:
        """Keep a check-in."""
        self.reports[report.t] = report

    def clear(self, t: float) -> int:
        """The number of open check-ins, which are marked as cleared at ``t`` (POSIX s)."""
        still = [r for r in self.reports.values() if r.cleared is None and r.t <= t]
        self.reports |= {r.t: replace(r, cleared=t) for r in still}
        return len(still)

    def person(self) -> Person:
        """What the person entered last."""
        return self.about

    def open_reports(self, t: float) -> list[CheckInRecord]:
        """The check-ins up to ``t`` (POSIX s) that were not cleared by then, in order of time."""
        return sorted((r for r in self.reports.values() if r.t <= t and (r.cleared is None or r.cleared > t)), key=lambda r: r.t)

    def tips_shown(self, start: float, end: float) -> dict[str, float]:
        """When (POSIX s) each tip shown in ``start`` <= t <= ``end`` was last shown, by its id."""
        told = [x for kept in self.kept for x in kept.told.values() if start <= x.reminder.t <= end]
        first = [(x.tip, x.reminder.t) for x in told if x.tip]
        more = [(x.follow_up, x.reminder.t + x.after_s) for x in told if x.follow_up and x.after_s is not None]
        return dict(sorted(first + more, key=lambda given: given[1]))

    def begin(self, t: float, *, source: str, profile: str | None, program: str) -> MemorySession:  # noqa: ARG002
        """A new session that starts at ``t`` (POSIX s)."""
        self.kept.append(MemorySession(Session(len(self.kept) + 1, t, None, source, profile), t))
        return self.kept[-1]

    def session(self, number: int | None = None) -> Session | None:
        """The session of that number, the latest if none is named."""
        found = [kept.session for kept in self.kept if number in (None, kept.id)]
        return found[-1] if found else None

    def records(self, start: float, end: float, session: int | None = None) -> Records:
        """All records of ``start`` <= t < ``end`` (POSIX s), of one session if it is named."""
        about = [kept for kept in self.kept if session in (None, kept.id)]
        within = [k.session for k in about if session or k.touches(start, end)]
        bouts = [cut(b, start, end) for k in about for b in k.bouts.values()]
        told = [
            x for k in about for x in k.told.values() if start <= x.reminder.t < end + (x.reminder.t == end and bool(session))
        ]
        return Records(
            start,
            end,
            sorted(within, key=lambda s: (s.start, s.id)),
            sorted((b for b in bouts if b.seconds > 0), key=lambda b: b.start),
            totals(self.minutes(start, end, session)),
            sorted(told, key=lambda x: x.reminder.t),
            [] if session else sorted((r for r in self.reports.values() if start <= r.t < end), key=lambda r: r.t),
        )

    def minutes(self, start: float, end: float, session: int | None = None) -> list[Minute]:
        """The minutes of which a part lies in that time, those with a signal."""
        about = [kept for kept in self.kept if session in (None, kept.id)]
        within = [m for kept in about for m in kept.minutes.values() if start - MINUTE_S < m.start < end]
        return sorted((m for m in within if m.signals), key=lambda m: m.start)


def cut(bout: Bout, start: float, end: float) -> Bout:
    """The part of it between ``start`` and ``end`` (POSIX s)."""
    return replace(bout, start=max(bout.start, start), end=min(bout.end, end))


def totals(minutes: Sequence[Minute]) -> list[SignalTotal]:
    """Each signal's minutes added up, by name."""
    parts: defaultdict[str, list[SignalMinute]] = defaultdict(list)
    for minute in minutes:
        for name, part in minute.signals.items():
            parts[name].append(part)
    return [_total(name, parts[name]) for name in sorted(parts)]


def _total(name: str, parts: Sequence[SignalMinute]) -> SignalTotal:
    measured = sum(p.measured_s for p in parts)
    mean = sum(p.mean * p.measured_s for p in parts if p.measured_s) / measured if measured else math.nan
    whys: Counter[str] = Counter()
    for p in parts:
        if p.why is not None:
            whys[p.why] += MINUTE_S - p.measured_s  # type: ignore[assignment]  # seconds, not whole ones
    main_why = min(whys, key=lambda why: (-whys[why], why)) if whys else None
    seconds = (measured, sum(p.judged_s for p in parts), sum(p.off_s for p in parts), max(p.hold_s for p in parts))
    chair_s = sum(MINUTE_S - p.measured_s for p in parts if p.why in BY_CHAIR)
    return SignalTotal(name, mean, *seconds, main_why, chair_s)
