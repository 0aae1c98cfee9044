"""Tells an ActivityWatch server on this computer what the person is doing: state and certainty, nothing else.

Its own client library would look for proxies and other hosts; this speaks to the one address that it is given, which the settings
take of this computer alone.  What cannot be told waits, in order, and is told once the server is there (again): in a file of the
data folder too, so that it outlives the monitor.  Heartbeats of the same stretch of time wait as one.
"""

import json
import math
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import gethostname
from typing import Any, Self
from urllib.parse import quote

from monitor.core.data_dictionary import LATEST_T
from monitor.regular_files import regular, write_private

CLIENT = "aw-watcher-posture"
# A server that is away is asked again this often (s); an answer takes milliseconds.
_RETRY_S, _ANSWER_S, _FAREWELL_S = 10.0, 5.0, 2.0
# What waits, in the data folder, and while it is written.
WAITING = "activitywatch.json"
# Stretches that wait, about a hundred a day, and how long (s); the oldest go first.
_WAITING_MAX, _WAITS_S = 2_000, 14 * 86400.0
_LARGEST_FILE = 1 << 20
_NOT_FOUND, _BAD = 404, 300


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """At ``t`` (POSIX s) ``data`` held; an event of the same data that ended less than ``pulse_s`` before goes on to it.

    A heartbeat that waited stands for a stretch up to ``until`` (POSIX s).
    """

    t: float
    data: dict[str, str]
    pulse_s: float
    until: float | None = None

    @property
    def end(self) -> float:
        """The last time at which ``data`` is known to have held (POSIX s)."""
        return self.t if self.until is None else self.until

    def continued_by(self, later: "Heartbeat") -> bool:
        """Whether the server would make one event of both."""
        return self.data == later.data and 0 <= later.t - self.end <= later.pulse_s


class ActivityWatch:
    """The bucket of this computer at a server on it, at the host and port of ``address``; ``tell`` never waits for it.

    What it is not told waits in the folder ``data``.
    """

    def __init__(self, address: tuple[str, int], data: Path, retry_s: float = _RETRY_S) -> None:
        self._host, self._port = address
        self._file, self._retry_s = data / WAITING, retry_s
        self.bucket = f"{CLIENT}_{gethostname()}"
        self._waiting = deque(_kept(self._file), _WAITING_MAX)
        self._news, self._over = threading.Condition(), False
        self._thread = threading.Thread(target=self._serve, name=CLIENT, daemon=True)
        self._thread.start()

    def tell(self, heartbeat: Heartbeat) -> None:
        """Have the server told, as soon as it listens."""
        with self._news:
            if self._waiting and self._waiting[-1].continued_by(heartbeat):
                self._waiting[-1] = replace(self._waiting[-1], until=heartbeat.t)
            else:
                self._waiting.append(heartbeat)
            while heartbeat.t - self._waiting[0].end > _WAITS_S:
                self._waiting.popleft()
            self._news.notify()

    def close(self) -> None:
        """Tell what still waits, if the server is there, and keep the rest; may be called twice."""
        with self._news:
            self._over = True
            self._news.notify()
        self._thread.join(_FAREWELL_S)
        with self._news:
            _keep(self._file, self._waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            with self._news:
                while not self._waiting and not self._over:
                    self._news.wait()
                if not self._waiting:
                    return
                first = self._waiting[0]
            told = self._told(first)
            with self._news:
                # A stretch that has grown meanwhile is told again: the server makes one event of both.
                if told and self._waiting and self._waiting[0] is first:
                    self._waiting.popleft()
                if not self._over and (not told or self._file.exists()):
                    _keep(self._file, self._waiting)
                if not told:
                    if self._over:
                        return
                    self._news.wait_for(lambda: self._over, self._retry_s)

    def _told(self, one: Heartbeat) -> bool:
        """Whether the server has taken the heartbeat, of a stretch its beginning and its end."""
        ends = (
            [(one.t, one.pulse_s)] if one.until is None else [(one.t, one.pulse_s), (one.until, one.until - one.t + one.pulse_s)]
        )
        with suppress(OSError, HTTPException):
            return all(self._took(t, one.data, pulse_s) for t, pulse_s in ends)
        return False

    def _took(self, t: float, data: dict[str, str], pulse_s: float) -> bool:
        event = {"timestamp": datetime.fromtimestamp(t, UTC).isoformat(), "duration": 0, "data": data}
        place = f"/api/0/buckets/{quote(self.bucket)}"
        status = self._post(f"{place}/heartbeat?pulsetime={pulse_s:g}", event)
        if status == _NOT_FOUND:  # a new server, or one whose data were removed
            self._post(place, {"client": CLIENT, "type": "posture", "hostname": gethostname()})
            status = self._post(f"{place}/heartbeat?pulsetime={pulse_s:g}", event)
        return status < _BAD

    def _post(self, path: str, body: dict[str, Any]) -> int:
        connection = HTTPConnection(self._host, self._port, timeout=_ANSWER_S)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()


def _keep(file: Path, waiting: Iterable[Heartbeat]) -> None:
    """Write what waits, or remove the file if nothing does.  On a full disk the last file stays."""
    rows = [asdict(one) for one in waiting]
    with suppress(OSError):
        if not rows:
            file.unlink(missing_ok=True)
            return
        write_private(file, json.dumps(rows, allow_nan=False))


def _kept(file: Path) -> list[Heartbeat]:
    """What waits in the file; nothing if it is not there or not one of ours."""
    try:
        if regular(file).stat().st_size > _LARGEST_FILE:
            return []
        return [_heartbeat(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def _heartbeat(t: float, data: dict[str, str], pulse_s: float, until: float | None) -> Heartbeat:
    """A heartbeat of these values.  Raises ValueError, TypeError."""
    times = [t, pulse_s, t if until is None else until]
    if not all(math.isfinite(time) and 0 <= time <= LATEST_T for time in times) or times[2] < t:
        raise ValueError("a time is out of range")
    if not all(isinstance(word, str) for pair in data.items() for word in pair):
        raise TypeError("a heartbeat tells words")
    return Heartbeat(float(t), data, float(pulse_s), None if until is None else float(until))
