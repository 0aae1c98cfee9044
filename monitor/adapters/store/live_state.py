"""The live state of a running monitor for other processes: one row of the history, replaced at each write.

A client that polls marks that in another row, and the monitor then writes once a second.
"""

import json
import math
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from monitor.adapters.store.database import connect_shared, guarded
from monitor.core.history.live_state import LiveState
from monitor.core.posture.readings import Reading
from monitor.core.reminders.scheduler import Decision
from monitor.core.vocabulary import Activity, Hold

COLUMNS = (
    "t", "written", "state", "since", "why", "silent", "posture", "signals_off", "runs", "readings", "decisions",
    "engine", "notifier",
)  # fmt: skip
REPLACE = f"INSERT OR REPLACE INTO now (id, session, {', '.join(COLUMNS)}) VALUES (1, ?{', ?' * len(COLUMNS)})"  # noqa: S608
READ = f"""
    SELECT {", ".join(f"n.{name}" for name in COLUMNS)} FROM now AS n JOIN sessions AS s ON s.id = n.session
    WHERE s.ended IS NULL"""  # noqa: S608  # names of ours
POLLED = "SELECT t FROM looks"


def note_poll(path: Path, t: float) -> None:
    """Mark that a client polls at ``t`` (POSIX s).  Raises StoreError."""
    with closing(connect_shared(path)) as db, guarded(path), db:
        db.execute("INSERT OR REPLACE INTO looks (id, t) VALUES (1, ?)", (t,))


def row_of(session: int, live: LiveState) -> tuple[Any, ...]:
    """The row of ``live``; values that are not measured are null."""
    readings = {name: [_number(r.value), _number(r.sd), r.why] for name, r in live.readings.items()}
    runs = {name: round(seconds, 1) for name, seconds in live.runs.items()}
    texts = (
        " ".join(sorted(live.off)),
        json.dumps(runs),
        json.dumps(readings),
        json.dumps([asdict(one) for one in live.decisions]),
    )
    said = (live.why, live.silent, live.posture)
    return (session, live.t, live.written, live.state, live.since, *said, *texts, live.engine, live.notifier)


def live_state_of(row: tuple[Any, ...]) -> LiveState:
    """The live state in a row of ``READ``.  Raises ValueError if the row is invalid."""
    t, written, state, since, why, silent, posture, off, runs, readings, decisions, engine, notifier = row
    measured = {name: _reading(*values) for name, values in json.loads(readings).items()}
    judged = (posture, frozenset(off.split()), json.loads(runs), measured)
    considered = tuple(_decision(**one) for one in json.loads(decisions))
    return LiveState(t, written, Activity(state), since, why, silent, *judged, considered, engine, notifier)


def _decision(hold: str | None, **rest: Any) -> Decision:
    return Decision(hold=None if hold is None else Hold(hold), **rest)


def _reading(value: float | None, sd: float | None, why: str | None) -> Reading:
    return Reading(math.nan if value is None else value, why, math.nan if sd is None else sd)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)
