"""The live state of a running monitor for other processes: one row of the history, replaced at each write.

A client that polls marks that in another row, and the monitor then writes once a second.
"""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from monitor.adapters.store.database import connect_shared, guarded
from monitor.core.data_dictionary import LATEST_T
from monitor.core.history.live_state import LiveState
from monitor.core.posture.readings import Reading
from monitor.core.reminders.decisions import Decision
from monitor.core.vocabulary import Activity, Hold

_Kind = TypeVar("_Kind")

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
        db.execute("INSERT OR REPLACE INTO main.looks (id, t) VALUES (1, ?)", (t,))


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
    measured = {name: _reading(_list(one)) for name, one in _mapping(_json(readings)).items()}
    clocks = {name: _finite(seconds) for name, seconds in _mapping(_json(runs)).items()}
    judged = (posture, frozenset(off.split()), clocks, measured)
    considered = tuple(_decision(_mapping(one)) for one in _list(_json(decisions)))
    return LiveState(t, written, Activity(state), since, why, silent, *judged, considered, engine, notifier)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _decision(stored: Mapping[str, Any]) -> Decision:
    if {field.name for field in fields(Decision)} != stored.keys():
        raise ValueError(f"{sorted(stored)} is no decision")
    numbers = {name: _finite(stored[name]) for name in ("seconds", "of_s")}
    maybe = {name: None if stored[name] is None else _finite(stored[name]) for name in ("until", "used", "allowed")}
    hold = None if stored["hold"] is None else Hold(stored["hold"])
    return Decision(
        **{**stored, **numbers, **maybe, "hold": hold, "kind": _text(stored["kind"]), "detail": _maybe(stored["detail"])}
    )


def _reading(stored: Sequence[Any]) -> Reading:
    value, sd, why = stored
    return Reading(math.nan if value is None else _finite(value), _maybe(why), math.nan if sd is None else _finite(sd))


def _finite(value: Any) -> float:
    if not isinstance(value, int | float) or not abs(value) <= LATEST_T:
        raise ValueError(f"{value!r} is no number that we wrote")
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)


def _text(value: Any) -> str:
    return _of(str, value)


def _list(value: Any) -> list[Any]:
    return _of(list, value)


def _mapping(value: Any) -> dict[str, Any]:
    return _of(dict, value)


def _of(kind: type[_Kind], value: Any) -> _Kind:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is no {kind.__name__}")  # noqa: TRY004
    return value


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)
