"""What the history keeps, table by table and field by field, in one plain sentence each.

The page of ``doctor --privacy``, the export and its JSON Schema are all made from this one table, and a test compares it with the
real tables: a new column without a sentence fails.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import partial
from typing import Any

from monitor.core.reminders.commands import CommandKind, Mark
from monitor.core.reminders.rules import Level
from monitor.core.vocabulary import Activity

# The last valid time (2200-01-01, POSIX s); later ones would overflow the calendar in sums.
LATEST_T = 7258118400.0
_MOST = 2**53  # the largest range of whole numbers that every JSON reader keeps exactly


class FieldKind(StrEnum):
    """What a field holds; ``TIME`` is POSIX seconds, ``FLAG`` 0 or 1."""

    TIME = "time"
    NUMBER = "number"
    COUNT = "whole number"
    FLAG = "0 or 1"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One column in one sentence; ``optional`` if it may be missing (NULL).

    Valid numbers lie in ``low`` to ``high``; a text is one of ``codes`` unless that is empty; ``is_day``: an ISO 8601 date.
    """

    kind: FieldKind
    what: str
    optional: bool = False
    low: float = 0
    high: float = _MOST
    codes: frozenset[str] = frozenset()
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, and its columns in the file's order."""

    what: str
    fields: Mapping[str, Field]


_time, _count = partial(Field, FieldKind.TIME, high=LATEST_T), partial(Field, FieldKind.COUNT)
_flag, _text = partial(Field, FieldKind.FLAG, high=1), partial(Field, FieldKind.TEXT)
_seconds = partial(Field, FieldKind.NUMBER, high=LATEST_T)
_number = partial(Field, FieldKind.NUMBER, low=-1e9, high=1e9)
_ACTIVITIES = frozenset(Activity)
_NUMBER_OF_SESSION = _count("The number of the run that it belongs to.")

KEPT: Mapping[str, Table] = {
    "sessions": Table(
        "One row for each run of the monitor.",
        {
            "id": _count("Its number."),
            "start": _time("When it began."),
            "end": _time("When it last wrote something."),
            "ended": _text(
                "How it ended: clean, or cut if it was killed; missing while it runs.",
                optional=True,
                codes=frozenset({"clean", "cut"}),
            ),
            "source": _text("The camera, file or address that was watched."),
            "profile": _text("The name of the calibration that it was compared with.", optional=True),
            "program": _text("The version of this program."),
            "silent": _text("Why reminders were silent when it last wrote something.", optional=True),
            "silent_since": _time("Since when they were.", optional=True),
            "mode": _text("How the camera was watched when it last wrote something.", optional=True),
        },
    ),
    "bouts": Table(
        "One row for each stretch of time spent in one way.",
        {
            "session": _NUMBER_OF_SESSION,
            "start": _time("When it began."),
            "end": _time("When it ended."),
            "activity": _text("Sitting, standing, moving, away or unknown.", codes=_ACTIVITIES),
            "assumed": _flag("1 if sitting was assumed because only head and shoulders were seen."),
            "why": _text("Why it is unknown.", optional=True),
        },
    ),
    "minutes": Table(
        "One row for each minute and posture signal while somebody was there.",
        {
            "start": _time("The minute."),
            "session": _NUMBER_OF_SESSION,
            "signal": _text("Which measurement, such as neck_inclination."),
            "mean": _number("Its mean over that minute, in its own unit.", optional=True),
            "measured_s": _seconds("For how many seconds it could be measured."),
            "judged_s": _seconds("For how many of them it was compared with your own calibration."),
            "off_s": _seconds("For how many of them it was outside your own range."),
            "hold_s": _seconds("How long it had been outside without a pause (s)."),
            "why": _text("Why it could not be measured.", optional=True),
        },
    ),
    "reminders": Table(
        "One row for each reminder that was due.",
        {
            "t": _time("When it was due."),
            "session": _NUMBER_OF_SESSION,
            "kind": _text("What it was about, such as sat_too_long."),
            "level": _text("Soft or firm.", codes=frozenset(Level)),
            "activity": _text("What you were doing.", codes=_ACTIVITIES),
            "seconds": _seconds("How long what it is about had gone on (s)."),
            "since": _time("Since when it had gone on."),
            "step": _count("How many came in a row without a break.", optional=True),
            "after_break": _flag("1 if a break had come before."),
            "signals": _text("Which measurements were outside your own range."),
            "shown": _text("Where it was shown: desktop, console or none.", optional=True),
            "responded": _flag("1 if a change followed within five minutes, 0 if none did.", optional=True),
            "after_s": _seconds("How long the change took (s).", optional=True),
            "tip": _text("The tip that came with it, by its name.", optional=True),
            "follow_up": _text("The tip that came with the change, by its name.", optional=True),
        },
    ),
    "person": Table(
        "One row at most: what you entered with `stage`.",
        {
            "id": _count("Always 1: a new entry replaces the old one."),
            "due": _text("The due date that you entered.", optional=True, is_day=True),
            "birth": _text("The day of the birth that you entered.", optional=True, is_day=True),
            "conditions": _text("What you ticked, which hides some tips."),
            "told": _flag("1 once you have set a stage."),
        },
    ),
    "checkins": Table(
        "One row for each answer to `checkin`; no camera has a part in it.",
        {
            "t": _time("When you made it."),
            "pain": _count("Your pain from 0 to 10.", optional=True, high=10),
            "places": _text("Where it hurts."),
            "eased_by": _text("What makes it better."),
            "limiting": _text("How much it gets in the way: no, some or much.", codes=frozenset({"no", "some", "much"})),
            "symptoms": _text("What you ticked on the list of warning signs."),
            "note": _text("Your own words, which the program never reads."),
            "urgency": _text("What the list of warning signs says to it: red, orange, today or yellow.", optional=True),
            "cleared": _time("When you said that you had spoken to someone.", optional=True),
            "relief": _text("The tip that answered it, by its name.", optional=True),
        },
    ),
    "checks": Table(
        "One row for each standing check of the lower back.",
        {
            "t": _time("When it was taken."),
            "lordosis_deg": _number("The curve of the lower back (deg)."),
            "sd_deg": _number("Its standard deviation (deg)."),
            "depth": _number("The depth of the hollow in percent of its length."),
            "frames": _count("From how many pictures it was read; none of them was kept."),
            "source": _text("The camera, file or address that was watched."),
            "week": _count("The week of pregnancy, from what you had entered.", optional=True, high=60),
        },
    ),
    "commands": Table(
        "One row for each command that you gave to the running monitor.",
        {
            "id": _count("Its number."),
            "t": _time("When you gave it."),
            "kind": _text("Pause, resume, snooze, mark, not now or stop.", codes=frozenset(CommandKind)),
            "until": _time("When a pause or snooze was to end.", optional=True),
            "what": _text("What you marked: standing, sitting or a break.", optional=True, codes=frozenset(Mark)),
            "taken": _time("When the monitor took it.", optional=True),
        },
    ),
    "missed": Table(
        "One row for each reminder that was held back and shown in one line later.",
        {
            "t": _time("When it was shown."),
            "session": _NUMBER_OF_SESSION,
            "kind": _text("What it was about, such as sat_too_long."),
            "why": _text("What the silence was, such as a call."),
            "seconds": _seconds("How long what it is about had gone on (s)."),
        },
    ),
    "now": Table(
        "One row: what the running monitor sees just now, replaced as it goes.",
        {
            "id": _count("Always 1."),
            "session": _NUMBER_OF_SESSION,
            "t": _time("The time of what was watched."),
            "written": _time("When it was written."),
            "state": _text("Sitting, standing, moving, away or unknown.", codes=_ACTIVITIES),
            "since": _time("Since when."),
            "why": _text("Why it is unknown.", optional=True),
            "silent": _text("Why reminders are silent.", optional=True),
            "posture": _text(
                "Within your own range (ok), outside it (off), or unknown.", codes=frozenset({"ok", "off", "unknown"})
            ),
            "signals_off": _text("Which measurements are outside your own range."),
            "runs": _text("How long you have been sitting or standing since the last break (s)."),
            "readings": _text("The measurements, each with its spread or why there is none."),
            "decisions": _text("How far each reminder is, and what holds it back."),
            "engine": _text("The pose model in use.", optional=True),
            "notifier": _text("How reminders are shown.", optional=True),
        },
    ),
    "looks": Table(
        "One row at most: that a page shows the row above.",
        {"id": _count("Always 1."), "t": _time("When a page last asked for it.")},
    ),
}

NEVER_KEPT = (
    "Pictures and video. A picture is in memory until the next one, not written, not sent; `analyze --annotate` draws on copies.",
    "Sound. The program opens no microphone; it only asks the system whether another program has.",
    "What is on your screen, what you type, which programs or pages are open.",
    "Your name, an account, your place, or figures about how you use the program.",
    "The points of your body. They become the figures above; only `run --trace FILE` writes them, to the file that you name.",
)


def header(table: str) -> tuple[str, ...]:
    """The names of the columns that ``with_iso`` gives: each time is followed by ``NAME_iso``."""
    fields = KEPT[table].fields.items()
    return tuple(given for name, f in fields for given in (name, f"{name}_iso")[: 2 if f.kind is FieldKind.TIME else 1])


def with_iso(table: str, columns: Iterable[Sequence[Any]], tz: tzinfo) -> list[Sequence[Any]]:
    """The columns of some rows, in the order of ``KEPT``; each of times (POSIX s) is followed by the same as ``iso``."""
    given: list[Sequence[Any]] = []
    for field, values in zip(KEPT[table].fields.values(), columns, strict=True):
        given.append(values)
        if field.kind is FieldKind.TIME:
            forms = {t: None if t is None else iso(t, tz) for t in set(values)}  # a minute has a row for each signal
            given.append([forms[t] for t in values])
    return given


_ROWS, _LONG = 1000, 1_000_000  # rows of a batch, characters of their texts


def batches(table: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows (cells in the order of ``KEPT``) some hundreds at a time, fewer where their texts are long."""
    texts = [n for n, field in enumerate(KEPT[table].fields.values()) if field.kind is FieldKind.TEXT and not field.codes]
    batch: list[tuple[Any, ...]] = []
    length = 0
    for row in rows:
        batch.append(row)
        length += sum([len(row[n] or "") for n in texts]) if texts else 0
        if len(batch) == _ROWS or length > _LONG:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def iso(t: float, tz: tzinfo) -> str:
    """``t`` (POSIX s) as ISO 8601 local time, to the millisecond, with its offset."""
    return datetime.fromtimestamp(t, tz).isoformat(timespec="milliseconds")
