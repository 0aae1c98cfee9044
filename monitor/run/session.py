"""One run of the monitor: from a source to the history, the person and a trace."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from monitor import __version__
from monitor.adapters.activity_watch import WAITING, ActivityWatch
from monitor.adapters.notify.break_window import BreakWindow
from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.profiles import Profile
from monitor.adapters.store import History, Store, intact_or_replaced
from monitor.adapters.system.clock import SystemClock, time_of_day
from monitor.adapters.trace import TraceWriter
from monitor.adapters.trace_list import note
from monitor.advice.adviser import Adviser
from monitor.advice.limits import never_stands
from monitor.app.advice import adviser, rules, standing
from monitor.app.composition import plan
from monitor.app.home import HISTORY, Home
from monitor.config.fields import loopback
from monitor.core.body.pose import Observation
from monitor.core.pipeline import Before, Pipeline
from monitor.core.reminders.suppression import RunInput
from monitor.ports import Source
from monitor.run.activity_watch import ActivityWatchSink
from monitor.run.break_window import BreakWindowSink
from monitor.run.console_line import ConsoleSink
from monitor.run.control import Control
from monitor.run.fault_tolerant import FaultTolerantHistory
from monitor.run.live_settings import LiveSettings
from monitor.run.live_state import LiveStateSink
from monitor.run.loop import Sink, run
from monitor.run.messages import CurrentMessages
from monitor.run.notifiers import best_notifier
from monitor.run.sinks import DAY_S, HEARTBEAT_S, BreakSink, ForgetSink, NotifySink, StoreSink, TraceSink
from monitor.texts.catalogue import speaking_to

# A replay can be made again: what still runs is stored this seldom (s of recorded time).
REPLAY_BEAT_S = 600.0
# Earlier sessions are taken over from this far back (s): no clock runs longer without a break.
TAKEN_OVER_S = 12 * 3600.0
NOT_CALIBRATED = "Not calibrated yet: times are kept, posture is not compared. To calibrate: posture-monitor calibrate"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is recorded and where results go: the source's name, the profile, the channel of reminders, a trace file.

    ``personal_history`` is the history with the person's own entries, None for the one that is written; ``engine`` names the pose
    model; ``history`` is the one that is written, None for the person's own; ``is_replay`` if all of it can be made again.
    """

    source: str
    profile: Profile | None
    notify: str
    trace: Path | None = None
    personal_history: Path | None = None
    engine: str | None = None
    history: Path | None = None
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """The context of one run: home, plan, console line, what is closed at its end, and of this the wording in force now."""

    home: Home
    what: RunPlan
    live: ConsoleSink
    stack: ExitStack
    wording: ExitStack


@dataclass(frozen=True, slots=True)
class _History:
    """The history that is written, read access to it, and read access to the person's own entries (in a replay another file)."""

    store: Store
    past: FaultTolerantHistory
    personal: FaultTolerantHistory


def record(home: Home, source: Source, what: RunPlan, control: Control | None = None) -> int | None:
    """The number of the session recorded from ``source``, None if nothing was observed; commands come through ``control``.

    This process must own the data folder.  Raises MonitorError; what was stored by then stays stored.
    """
    with ExitStack() as stack:
        live = ConsoleSink(home.tz, screen_cm=home.settings.screen.distance_cm)
        context = _Context(home, what, live, stack, stack.enter_context(ExitStack()))
        history = _history(context)
        _speak(context, history)
        store_sink = _store_sink(context, history, source, control)
        recorders = [*_retention(context, history.store), store_sink, *_trace(context, source.period_s)]
        if control is None or what.history is not None:  # the queue of commands is elsewhere
            recorders.append(BreakSink(store_sink.marked_break))
        messages = CurrentMessages(home, adviser_of := partial(_adviser, history), adviser_of(home))
        notifications, notifier = _notifications(context, messages, store_sink)
        present = LiveStateSink(store_sink, time_of_day, history.store.polled, notifier, what.engine)
        sinks: list[Sink] = [*recorders, *notifications, present, live, *_activity_watch(context)]
        chosen = plan(home, what.profile, source.period_s, rules(home, history.personal, history.past))
        chosen = replace(chosen, before=_before(context, history.past))
        pipeline = Pipeline(chosen, control.suppression if control else None)
        if control:
            apply = partial(_apply, context, history, pipeline, messages)
            control.each_look = LiveSettings(home, history.personal.person, apply, live.say).look
        source.begins = store_sink.begin
        run(_source(context, history, source, control), pipeline, sinks)
        return store_sink.session.id if store_sink.session else None


def _activity_watch(context: _Context) -> list[Sink]:
    """What tells ActivityWatch, if the person wants it; recordings are not of now."""
    mine = context.home.settings
    if context.what.is_replay or context.what.history is not None:
        return []
    data = context.home.folders.data
    if not mine.activitywatch:
        (data / WAITING).unlink(missing_ok=True)  # what it was to be told while that was on
        return []
    return [ActivityWatchSink(ActivityWatch(loopback(mine.activitywatch_address), data))]


def _adviser(history: _History, home: Home) -> Adviser:
    return adviser(home, history.personal, history.past)


def _apply(context: _Context, history: _History, pipeline: Pipeline, messages: CurrentMessages, home: Home) -> None:
    """Go on with the settings of ``home`` as far as they may change during a run."""
    in_force = rules(home, history.personal, history.past, pipeline.rules)
    pipeline.replace_settings(home.settings.table(), in_force, home.settings.policy(home.tz))
    messages.use(home)
    context.live.screen_cm = home.settings.screen.distance_cm
    _speak(context, history)


def _speak(context: _Context, history: _History) -> None:
    """Say everything from here on in the words that fit what the person ticked."""
    seated = never_stands(history.personal.person().conditions)
    context.wording.close()
    context.wording.enter_context(speaking_to(always_seated=seated))


def _before(context: _Context, past: FaultTolerantHistory) -> Before:
    """The recent records of earlier runs; empty for a recording."""
    if context.what.history is not None:
        return Before()
    now = SystemClock().now()
    recent = past.records(now - TAKEN_OVER_S, now)
    return Before(recent.bouts, [record.reminder for record in recent.reminders if record.shown is not None])


def _history(context: _Context) -> _History:
    path = context.what.history or context.home.folders.data / HISTORY
    if remark := intact_or_replaced(path, partial(_stamp, context.home)):
        context.live.say(remark)
    store = context.stack.enter_context(Store(path))
    past = context.stack.enter_context(closing(FaultTolerantHistory(partial(History, path))))
    if context.what.personal_history is None:
        return _History(store, past, past)
    personal = FaultTolerantHistory(partial(History, context.what.personal_history))
    return _History(store, past, context.stack.enter_context(closing(personal)))


def _store_sink(context: _Context, history: _History, source: Source, control: Control | None) -> StoreSink:
    profile = context.what.profile.name if context.what.profile else None
    begin = partial(history.store.begin, source=context.what.source, profile=profile, program=__version__)
    others = (history.past, control) if control else (history.past,)
    beat_s = REPLAY_BEAT_S if context.what.is_replay else HEARTBEAT_S
    return StoreSink(begin, lambda: source.mode, context.live.say, partial(_mend, context, history.store, others), beat_s)


def _source(context: _Context, history: _History, source: Source, control: Control | None) -> Iterable[Observation | RunInput]:
    """The observations and run inputs, after messages about missing calibration and data."""
    source.say = context.live.say
    if context.what.profile is None:
        context.live.say(NOT_CALIBRATED)
    if context.what.personal_history is None:
        for question in standing(context.home, history.personal.person(), context.what.profile).questions:
            context.live.say(f"{question[0].upper()}{question[1:]}.")
    return control.joined(source) if control else source


def _mend(context: _Context, store: Store, others: Sequence[FaultTolerantHistory | Control]) -> None:
    for other in others:
        other.close()  # the file must be closed everywhere in this process while it is moved; it is reopened on demand
    if remark := store.reopen(partial(_stamp, context.home)):
        context.live.say(remark)


def _stamp(home: Home) -> str:
    return datetime.fromtimestamp(SystemClock().now(), home.tz).strftime("%Y%m%d-%H%M%S")


def _retention(context: _Context, store: Store) -> list[Sink]:
    data = context.home.settings.data
    if data.keep_days == 0 or context.what.history is not None:  # a recording keeps its own date
        return []
    return [ForgetSink(partial(store.forget, told=not data.keep_check_ins), data.keep_days * DAY_S, store.last)]


def _trace(context: _Context, period_s: float) -> list[Sink]:
    if context.what.trace is None:
        return []
    writer = TraceWriter(context.what.trace, period_s=period_s, source=context.what.source, engine=context.what.engine)
    note(context.home.folders.data, context.what.trace)
    return [TraceSink(writer, context.live.say)]


def _notifications(context: _Context, messages: CurrentMessages, log: StoreSink) -> tuple[list[Sink], Callable[[], str]]:
    """The sinks that show reminders, and what names the channel in use now."""
    console = ConsoleNotifier(context.live.say)
    sink = partial(NotifySink, log=log, quiet=console)
    if context.what.notify == "console":
        return [sink(console, messages, how=lambda: "console")], lambda: "console"
    if context.what.notify == "none":
        return [], lambda: "none"
    desktop = FallbackNotifier(best_notifier(context.home, messages.snooze_s, context.live.say, context.stack), console)
    channel, _, reason = desktop.health.partition(": ")
    if channel == "console":
        context.live.say(f"Reminders appear here: {reason}")
    window = BreakWindowSink(messages, BreakWindow(), messages.tip_of, context.live.say)
    windows = [window] if context.home.settings.break_window else []
    shown = sink(desktop, windows[0] if windows else messages, how=lambda: desktop.health.partition(":")[0])
    return [shown, *windows], lambda: desktop.health
