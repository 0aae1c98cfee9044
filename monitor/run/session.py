"""One run of the monitor: from a source to the history, the person and a trace."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from monitor import __version__
from monitor.adapters.notify.console import ConsoleNotifier, FallbackNotifier, ProbedNotifier
from monitor.adapters.notify.desktop import DesktopNotifier
from monitor.adapters.profiles import Profile
from monitor.adapters.store import History, Store, post, sound_or_anew
from monitor.adapters.system.clock import SystemClock
from monitor.adapters.system.lock import only_one
from monitor.adapters.trace import TraceWriter
from monitor.adapters.trace_list import note
from monitor.app.advice import adviser, rules, standing
from monitor.app.composition import plan
from monitor.app.home import HISTORY, Home
from monitor.core.errors import NotifyError
from monitor.core.pipeline import Pipeline
from monitor.ports import Source
from monitor.run.console_line import ConsoleSink
from monitor.run.control import Controlled
from monitor.run.fault_tolerant import FaultTolerantHistory
from monitor.run.loop import Sink, run
from monitor.run.notification_actions import answers, labels
from monitor.run.sinks import DAY_S, ForgetSink, NotifySink, StoreSink, TraceSink

Speak: TypeAlias = Callable[..., NotifySink]
NOT_CALIBRATED = "Not calibrated yet: times are kept, posture is not compared. To calibrate: posture-monitor calibrate"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is watched and who hears of it: the source's name, the profile, where reminders go, a trace file.

    ``told`` is the history that holds what the person told of herself, None for the one that is written.
    """

    source: str
    profile: Profile | None
    notify: str
    trace: Path | None = None
    told: Path | None = None


def record(home: Home, seen: Source, what: RunPlan) -> int | None:
    """The number of the session that ``seen`` was kept as, None if nothing was observed.

    Raises MonitorError; what was stored by then stays stored.
    """
    with ExitStack() as stack:
        stack.enter_context(only_one(home.folders.data))
        live = ConsoleSink(home.tz, screen_cm=home.settings.screen.distance_cm)
        path = home.folders.data / HISTORY
        if remark := sound_or_anew(path, partial(_stamp, home)):
            live.say(remark)
        store = stack.enter_context(Store(path))
        past = stack.enter_context(closing(FaultTolerantHistory(partial(History, path))))
        told = stack.enter_context(closing(FaultTolerantHistory(partial(History, what.told)))) if what.told else past
        profile = what.profile.name if what.profile else None
        pipeline = Pipeline(plan(home, what.profile, seen.period_s, rules(home, told, past)))
        begin = partial(store.begin, source=what.source, profile=profile, program=__version__)
        held = (past, seen) if isinstance(seen, Controlled) else (past,)
        mend = partial(_mend, home, store, held, live)
        kept = StoreSink(begin, lambda: getattr(seen, "mode", None), live.say, mend)
        speak = partial(NotifySink, voice=adviser(home, told, past), kept=kept)
        kept_or_not = [*_forgetting(home, store), kept, *_trace(home, what, seen.period_s, live)]
        sinks: list[Sink] = [*kept_or_not, *_notifications(home, what, speak, live, stack), live]
        if isinstance(seen, Controlled):
            seen.listen(live.say)
        if what.profile is None:
            live.say(NOT_CALIBRATED)
        for question in () if what.told else standing(home, told.person(), what.profile).questions:
            live.say(f"{question[0].upper()}{question[1:]}.")
        run(seen, pipeline, sinks)
        return kept.session.id if kept.session else None


def _mend(home: Home, store: Store, held: Sequence[FaultTolerantHistory | Controlled], live: ConsoleSink) -> None:
    for holder in held:
        holder.close()  # nobody else of this process may hold the file while it is moved; it opens again by itself
    if remark := store.reopen(partial(_stamp, home)):
        live.say(remark)


def _stamp(home: Home) -> str:
    return datetime.fromtimestamp(SystemClock().now(), home.tz).strftime("%Y%m%d-%H%M%S")


def _forgetting(home: Home, store: Store) -> list[Sink]:
    kept = home.settings.data
    if kept.keep_days == 0:
        return []
    return [ForgetSink(partial(store.forget, told=not kept.keep_check_ins), kept.keep_days * DAY_S, store.last)]


def _trace(home: Home, what: RunPlan, period_s: float, live: ConsoleSink) -> list[Sink]:
    if what.trace is None:
        return []
    writer = TraceWriter(what.trace, period_s=period_s, source=what.source)
    note(home.folders.data, what.trace)
    return [TraceSink(writer, live.say)]


def _first(home: Home, stack: ExitStack) -> ProbedNotifier:
    """The way with buttons if it is installed, wanted and works here; else the plain one."""
    plain = DesktopNotifier()
    if not home.settings.buttons or not find_spec("desktop_notifier"):
        return plain
    from monitor.adapters.notify.actions import ButtonNotifier

    snooze_s = home.settings.silence.snooze_min * 60
    orders = answers(SystemClock().now, snooze_s, partial(post, home.folders.data / HISTORY))
    buttons = stack.enter_context(closing(ButtonNotifier(labels(snooze_s), orders, plain.written)))
    try:
        buttons.probe()
    except NotifyError:
        return plain
    return buttons


def _notifications(home: Home, what: RunPlan, speak: Speak, live: ConsoleSink, stack: ExitStack) -> list[Sink]:
    console = ConsoleNotifier(live.say)
    if what.notify == "console":
        return [speak(console, how=lambda: "console", quiet=console)]
    if what.notify == "none":
        return []
    desktop = FallbackNotifier(_first(home, stack), console)
    way, _, reason = desktop.health.partition(": ")
    if way == "console":
        live.say(f"Reminders appear here: {reason}")
    return [speak(desktop, how=lambda: desktop.health.partition(":")[0], quiet=console)]
