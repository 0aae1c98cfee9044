"""One run of the monitor: from a source to the history, the person and a trace."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from monitor import __version__
from monitor.adapters.console import ConsoleNotifier, FallbackNotifier
from monitor.adapters.desktop import DesktopNotifier
from monitor.adapters.lock import only_one
from monitor.adapters.profiles import Profile
from monitor.adapters.store import Store
from monitor.adapters.trace import TraceWriter
from monitor.app import Home, plan
from monitor.core.pipeline import Pipeline
from monitor.live import ConsoleSink
from monitor.loop import Sink, run
from monitor.ports import Source
from monitor.sinks import NotifySink, StoreSink, TraceSink
from monitor.vigil import Vigil

HISTORY = "history.db"
NOT_CALIBRATED = "Not calibrated yet: times are kept, posture is not compared. To calibrate: posture-monitor calibrate"


@dataclass(frozen=True, slots=True)
class Run:
    """What is watched and who hears of it: the source's name, the profile, where reminders go, a trace file."""

    source: str
    profile: Profile | None
    notify: str
    trace: Path | None = None


def record(here: Home, seen: Source, what: Run) -> int | None:
    """The number of the session that ``seen`` was kept as, None if nothing was observed.

    Raises MonitorError; what was stored by then stays stored.
    """
    with ExitStack() as stack:
        stack.enter_context(only_one(here.folders.data))
        store = stack.enter_context(Store(here.folders.data / HISTORY))
        profile = what.profile.name if what.profile else None
        pipeline = Pipeline(plan(here, what.profile, seen.period_s))
        begin = partial(store.begin, source=what.source, profile=profile, program=__version__)
        kept = StoreSink(begin, pipeline.minute)
        live = ConsoleSink(here.tz, screen_cm=here.settings.screen.distance_cm)
        if isinstance(seen, Vigil):
            seen.say = live.say
        sinks: list[Sink] = [kept, *_trace(what, seen.period_s), *_notifications(here, what, kept, live), live]
        if what.profile is None:
            live.say(NOT_CALIBRATED)
        run(seen, pipeline, sinks)
        return kept.session.id if kept.session else None


def _trace(what: Run, period_s: float) -> list[Sink]:
    if what.trace is None:
        return []
    return [TraceSink(TraceWriter(what.trace, period_s=period_s, source=what.source))]


def _notifications(here: Home, what: Run, kept: StoreSink, live: ConsoleSink) -> list[Sink]:
    console = ConsoleNotifier(live.say)
    if what.notify == "console":
        return [NotifySink(console, here.tz, kept.shown, lambda: "console")]
    if what.notify == "none":
        return []
    desktop = FallbackNotifier(DesktopNotifier(), console)
    way, _, reason = desktop.health.partition(": ")
    if way == "console":
        live.say(f"Reminders appear here: {reason}")
    return [NotifySink(desktop, here.tz, kept.shown, lambda: desktop.health.partition(":")[0])]
