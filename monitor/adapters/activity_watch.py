"""Tells an ActivityWatch server on this computer what the person is doing: state and certainty, nothing else.

Its own client library would look for proxies and other hosts; this speaks to the loopback interface alone, and to nobody if the
address is another.  What cannot be told waits, in order, and is told once the server is there (again).  Waiting is memory's: a
monitor that ends while the server is away loses it.
"""

import json
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from socket import gethostname
from typing import Any, Self
from urllib.parse import quote, urlsplit

from monitor.core.errors import ConfigError

CLIENT = "aw-watcher-posture"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
USUAL_PORT = 5600
# A server that is away is asked again this often (s); an answer takes milliseconds.
_RETRY_S, _ANSWER_S, _FAREWELL_S = 10.0, 5.0, 2.0
# Eight hours of a heartbeat every ten seconds, seven times over; the oldest go first.
_WAITING_MAX = 20_000
_NOT_FOUND, _BAD = 404, 300


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """At ``t`` (POSIX s) ``data`` held; an event of the same data that ended less than ``pulse_s`` before goes on to it."""

    t: float
    data: dict[str, str]
    pulse_s: float


def loopback(address: str) -> tuple[str, int]:
    """Host and port of an address such as http://127.0.0.1:5600.  Raises ConfigError for any that is not of this computer."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    try:
        port = parts.port or USUAL_PORT
    except ValueError:
        host, port = None, 0
    if parts.scheme != "http" or host not in LOOPBACK or host is None:
        raise ConfigError(f"activitywatch_address {address!r} is not on this computer; write it as http://127.0.0.1:{USUAL_PORT}")
    return host, port


class ActivityWatch:
    """The bucket of this computer at a server on it; ``tell`` never waits.  Raises ConfigError for another computer's address."""

    def __init__(self, address: str, retry_s: float = _RETRY_S) -> None:
        self._host, self._port = loopback(address)
        self._retry_s = retry_s
        self.bucket = f"{CLIENT}_{gethostname()}"
        self._waiting: deque[Heartbeat] = deque(maxlen=_WAITING_MAX)
        self._news, self._over = threading.Condition(), False
        self._thread = threading.Thread(target=self._serve, name=CLIENT, daemon=True)
        self._thread.start()

    def tell(self, heartbeat: Heartbeat) -> None:
        """Have the server told, as soon as it listens."""
        with self._news:
            self._waiting.append(heartbeat)
            self._news.notify()

    def close(self) -> None:
        """Tell what still waits, if the server is there; may be called twice."""
        with self._news:
            self._over = True
            self._news.notify()
        self._thread.join(_FAREWELL_S)

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
                if told and self._waiting and self._waiting[0] is first:
                    self._waiting.popleft()
                if not told:
                    if self._over:
                        return
                    self._news.wait_for(lambda: self._over, self._retry_s)

    def _told(self, one: Heartbeat) -> bool:
        event = {"timestamp": datetime.fromtimestamp(one.t, UTC).isoformat(), "duration": 0, "data": one.data}
        place = f"/api/0/buckets/{quote(self.bucket)}"
        with suppress(OSError, HTTPException):
            status = self._post(f"{place}/heartbeat?pulsetime={one.pulse_s:g}", event)
            if status == _NOT_FOUND:  # a new server, or one whose data were removed
                self._post(place, {"client": CLIENT, "type": "posture", "hostname": gethostname()})
                status = self._post(f"{place}/heartbeat?pulsetime={one.pulse_s:g}", event)
            return status < _BAD
        return False

    def _post(self, path: str, body: dict[str, Any]) -> int:
        connection = HTTPConnection(self._host, self._port, timeout=_ANSWER_S)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()
