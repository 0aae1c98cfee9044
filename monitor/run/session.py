"""One run of the monitor: from a source to the history, the person and a trace."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from monitor import __version__
from monitor.adapters.notify.break_window import BreakWindow
from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.profiles import Profile
from monitor.adapters.store import History, Store, sound_or_anew
from monitor.adapters.system.clock import SystemClock, time_of_day
from monitor.adapters.trace import TraceWriter
from monitor.adapters.trace_list import note
from monitor.advice import library
from monitor.app.advice import adviser, rules, standing
from monitor.app.composition import plan
from monitor.app.home import HISTORY, Home
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Before, Pipeline
from monitor.core.reminders.suppression import RunInput
from monitor.ports import Source
from monitor.run.break_window import BreakWindowSink
from monitor.run.console_line import ConsoleSink
from monitor.run.control import Control
from monitor.run.fault_tolerant import FaultTolerantHistory
from monitor.run.live_state import LiveStateSink
from monitor.run.loop import Sink, run
from monitor.run.notifiers import best_notifier
from monitor.run.sinks import DAY_S, ForgetSink, NotifySink, StoreSink, TraceSink

# Nobody sits longer without a break; what lies further back changes no clock.
TAKEN_OVER_S = 12 * 3600.0
NOT_CALIBRATED = "Not calibrated yet: times are kept, posture is not compared. To calibrate: posture-monitor calibrate"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is watched and who hears of it: the source's name, the profile, where reminders go, a trace file.

    ``told`` is the history that holds what the person told of herself, None for the one that is written; ``engine`` names the
    pose model; ``history`` is the one that is written, None for the person's own.
    """

    source: str
    profile: Profile | None
    notify: str
    trace: Path | None = None
    told: Path | None = None
    engine: str | None = None
    history: Path | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """One run while it goes on: whose it is, what is watched, the line on the screen, and what is closed at its end."""

    home: Home
    what: RunPlan
    live: ConsoleSink
    stack: ExitStack


@dataclass(frozen=True, slots=True)
class _History:
    """The history that is written, what it told before, and what the person told of herself (in a replay elsewhere)."""

    store: Store
    past: FaultTolerantHistory
    told: FaultTolerantHistory


def record(home: Home, seen: Source, what: RunPlan, control: Control | None = None) -> int | None:
    """The number of the session that ``seen`` was kept as, None if nothing was observed; orders come through ``control``.

    The folder must be this process's own.  Raises MonitorError; what was stored by then stays stored.
    """
    with ExitStack() as stack:
        live = ConsoleSink(home.tz, screen_cm=home.settings.screen.distance_cm)
        this = _Run(home, what, live, stack)
        history = _history(this)
        kept = _kept(this, history, seen, control)
        writing = [*_forgetting(this, history.store), kept, *_trace(this, seen.period_s)]
        speaking, notifier = _notifications(this, history, kept)
        present = LiveStateSink(kept, time_of_day, history.store.looked, notifier, what.engine)
        sinks: list[Sink] = [*writing, *speaking, present, live]
        chosen = plan(home, what.profile, seen.period_s, rules(home, history.told, history.past))
        chosen = replace(chosen, before=_before(this, history.past))
        pipeline = Pipeline(chosen, control.suppression if control else None)
        run(_source(this, history, seen, control), pipeline, sinks)
        return kept.session.id if kept.session else None


def _before(this: _Run, past: FaultTolerantHistory) -> Before:
    """What earlier runs saw and said lately; a recording stands alone."""
    if this.what.history is not None:
        return Before()
    now = SystemClock().now()
    lately = past.records(now - TAKEN_OVER_S, now)
    return Before(lately.bouts, [one.reminder for one in lately.reminders if one.shown is not None])


def _history(this: _Run) -> _History:
    path = this.what.history or this.home.folders.data / HISTORY
    if remark := sound_or_anew(path, partial(_stamp, this.home)):
        this.live.say(remark)
    store = this.stack.enter_context(Store(path))
    past = this.stack.enter_context(closing(FaultTolerantHistory(partial(History, path))))
    if this.what.told is None:
        return _History(store, past, past)
    return _History(store, past, this.stack.enter_context(closing(FaultTolerantHistory(partial(History, this.what.told)))))


def _kept(this: _Run, history: _History, seen: Source, control: Control | None) -> StoreSink:
    profile = this.what.profile.name if this.what.profile else None
    begin = partial(history.store.begin, source=this.what.source, profile=profile, program=__version__)
    others = (history.past, control) if control else (history.past,)
    return StoreSink(begin, lambda: seen.mode, this.live.say, partial(_mend, this, history.store, others))


def _source(this: _Run, history: _History, seen: Source, control: Control | None) -> Iterable[Observation | RunInput]:
    """What is observed and heard, once the person was told what they should know of it."""
    seen.say = this.live.say
    if this.what.profile is None:
        this.live.say(NOT_CALIBRATED)
    if this.what.told is None:
        for question in standing(this.home, history.told.person(), this.what.profile).questions:
            this.live.say(f"{question[0].upper()}{question[1:]}.")
    return control.joined(seen) if control else seen


def _mend(this: _Run, store: Store, others: Sequence[FaultTolerantHistory | Control]) -> None:
    for other in others:
        other.close()  # nobody else of this process may hold the file while it is moved; it opens again by itself
    if remark := store.reopen(partial(_stamp, this.home)):
        this.live.say(remark)


def _stamp(home: Home) -> str:
    return datetime.fromtimestamp(SystemClock().now(), home.tz).strftime("%Y%m%d-%H%M%S")


def _forgetting(this: _Run, store: Store) -> list[Sink]:
    kept = this.home.settings.data
    if kept.keep_days == 0 or this.what.history is not None:  # a recording is as old as it is
        return []
    return [ForgetSink(partial(store.forget, told=not kept.keep_check_ins), kept.keep_days * DAY_S, store.last)]


def _trace(this: _Run, period_s: float) -> list[Sink]:
    if this.what.trace is None:
        return []
    writer = TraceWriter(this.what.trace, period_s=period_s, source=this.what.source, engine=this.what.engine)
    note(this.home.folders.data, this.what.trace)
    return [TraceSink(writer, this.live.say)]


def _notifications(this: _Run, history: _History, log: StoreSink) -> tuple[list[Sink], Callable[[], str]]:
    """The sinks that show reminders, and what names the channel in use now."""
    console = ConsoleNotifier(this.live.say)
    messages = adviser(this.home, history.told, history.past)
    sink = partial(NotifySink, log=log, quiet=console)
    if this.what.notify == "console":
        return [sink(console, messages, how=lambda: "console")], lambda: "console"
    if this.what.notify == "none":
        return [], lambda: "none"
    desktop = FallbackNotifier(best_notifier(this.home, this.live.say, this.stack), console)
    way, _, reason = desktop.health.partition(": ")
    if way == "console":
        this.live.say(f"Reminders appear here: {reason}")
    window = BreakWindowSink(messages, BreakWindow(), {t.id: t for t in library.tips().tips}, this.live.say)
    windows = [window] if this.home.settings.break_window else []
    shown = sink(desktop, windows[0] if windows else messages, how=lambda: desktop.health.partition(":")[0])
    return [shown, *windows], lambda: desktop.health
