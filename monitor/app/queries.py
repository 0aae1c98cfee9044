"""Queries about the monitor and a period, as values: for the commands, the tray and pages.

Nothing here renders or waits, and nothing writes except the mark that a client polls; each answer is read in one transaction.
"""

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass

from monitor.adapters import profiles
from monitor.adapters.profiles import Profile
from monitor.adapters.store import CommandQueue, History, checks, note_poll
from monitor.adapters.system import lock
from monitor.adapters.system.clock import time_of_day
from monitor.adapters.system.lock import holder
from monitor.app.home import HISTORY, Home
from monitor.app.open_history import history_of
from monitor.app.recordings import watched_history
from monitor.core.back.standing_checks import Check
from monitor.core.data_dictionary import LATEST_T
from monitor.core.history.live_state import LiveState
from monitor.core.history.records import CheckInRecord, Person, Records, ReminderRecord, Series, Session
from monitor.core.reminders.commands import ActiveCommands
from monitor.reports import periods
from monitor.reports.status import RunRestrictions, last_marked_break


@dataclass(frozen=True, slots=True)
class Status:
    """The status at ``today.end``: ``today`` reaches from midnight to then, ``process`` is None while no monitor runs.

    ``open_reports`` are the check-ins that are not cleared; ``live`` is the monitor's last live state.
    """

    process: int | None
    hold: RunRestrictions
    today: Records
    person: Person
    open_reports: Sequence[CheckInRecord]
    live: LiveState | None = None


def status(home: Home, now: float, *, signals: bool = True) -> Status:
    """The status at ``now`` (POSIX s), empty without a history; without ``signals`` none is added up.  Raises StoreError."""
    process, start = holder(home.folders.data), start_of_day(home, now)
    session, said = _running(home) if process is not None else (None, None)
    if not has_history(home):
        return Status(process, _hold(home, now, process, session), Records(start, now, (), (), (), ()), Person(), (), said)
    with history_of(home) as history, history.read_transaction():
        records, person, reports = history.records(start, now, signals=signals), history.person(), history.open_reports(now)
    return Status(process, _hold(home, now, process, session), records, person, reports, said)


def live_state(home: Home, *, looking: bool = False) -> LiveState | None:
    """The last live state of the running monitor, None if none runs; ``LiveState.age`` tells its age.

    It is written every 10 s, and every second for 5 s after each call with ``looking``.  Raises StoreError.
    """
    if holder(home.folders.data) is None or not (path := watched_history(home)).exists():
        return None
    if looking:
        note_poll(path, time_of_day())
    return _running(home)[1]


def look(home: Home) -> None:
    """Mark that a client polls, so that the running monitor writes its live state every second.  Raises StoreError."""
    if (path := watched_history(home)).exists():
        note_poll(path, time_of_day())


def hold(home: Home, now: float) -> RunRestrictions:
    """What holds the monitor or its reminders back at ``now`` (POSIX s); empty if no monitor runs.  Raises StoreError."""
    process = holder(home.folders.data)
    return RunRestrictions() if process is None else _hold(home, now, process, _running(home)[0])


def last_reminder(home: Home) -> ReminderRecord | None:
    """The latest reminder of the running monitor, or of all sessions; None if there never was one.  Raises StoreError."""
    if holder(home.folders.data) is not None and (path := watched_history(home)).exists():
        with History(path) as history:
            return history.last_reminder()
    with history_of(home) as history:
        return history.last_reminder()


def today(home: Home, now: float) -> Records:
    """All records from midnight to ``now`` (POSIX s).  Raises StoreError, also where there is no history yet."""
    with history_of(home) as history, history.read_transaction():
        return history.records(start_of_day(home, now), now)


def series(home: Home, start: float, end: float, signals: Collection[str] | None = None) -> Series:
    """Bouts, minutes, reminders and check-ins of ``start`` <= t < ``end`` (POSIX s), read in one transaction.

    ``signals`` names those whose minutes are wanted, None for all.  Raises StoreError, also where there is no history yet.
    """
    with history_of(home) as history:
        return history.series(start, end, signals)


def start_of_day(home: Home, t: float) -> float:
    """When (POSIX s) the person's day of ``t`` began."""
    return periods.day(home.date_of(t), home.tz, home.day_begins).start


def is_running(home: Home) -> bool:
    """Whether a monitor runs, at less cost than asking which.  Raises StoreError."""
    return lock.is_held(home.folders.data)


def standing_checks(home: Home) -> list[Check]:
    """Every standing check, in order of time; none without a history.  Raises StoreError."""
    return list(checks(home.folders.data / HISTORY)) if has_history(home) else []


def calibrations(home: Home) -> tuple[str, ...]:
    """The names of the calibrations."""
    return profiles.names(home.folders.data / "profiles")


def calibration(home: Home, name: str) -> Profile:
    """The calibration of that name.  Raises ProfileUnusable."""
    return profiles.load(home.folders.data / "profiles", name)


def has_history(home: Home) -> bool:
    """Whether anything was ever recorded."""
    return (home.folders.data / HISTORY).exists()


def in_force(home: Home, now: float) -> ActiveCommands:
    """The pause and the snooze in force at ``now`` (POSIX s), whether a monitor runs or not.  Raises StoreError."""
    standing = ActiveCommands()
    if not has_history(home):
        return standing
    with closing(CommandQueue(home.folders.data / HISTORY)) as queue:
        for command in queue.in_force(now):
            standing = standing.after(command)
    return standing


def _running(home: Home) -> tuple[Session | None, LiveState | None]:
    """The latest session of the running monitor and its live state, from the history that it writes."""
    path = watched_history(home)
    if not path.exists():
        return None, None
    with History(path) as history, history.read_transaction():
        return history.session(), history.live_state()


def _hold(home: Home, now: float, process: int | None, session: Session | None) -> RunRestrictions:
    if process is None:
        return RunRestrictions()
    standing = in_force(home, now)
    running = session if session and session.end is None else None
    return RunRestrictions(
        standing.paused_until if standing.paused(now) else None,
        standing.snoozed_until if standing.snoozed(now) else None,
        running.silent if running else None,
        running.silent_since if running else None,
        running.source if running else None,
        running.mode if running else None,
        _marked_in_recording(home, running) if running else None,
    )


def _marked_in_recording(home: Home, running: Session) -> float | None:
    """When (POSIX s) the last break was marked in the recorded file that plays; None for a camera, whose breaks are today's."""
    path = watched_history(home)
    if path == home.folders.data / HISTORY:
        return None
    with History(path) as history:
        return last_marked_break(history.records(running.start, LATEST_T, signals=False).bouts)
