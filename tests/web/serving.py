"""The dashboard as a person starts it, in a process of its own, and requests as bare as they go over the wire."""

import http.client
import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from desktop_session import PATIENCE_S

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, headers and text of an answer."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self):
        return json.loads(self.text)


class Dashboard:
    """A dashboard over a folder; a context manager.  ``address`` lets one browser in, ``token`` is the programs'."""

    def __init__(self, folder: Path, zone: str = "Europe/Berlin") -> None:
        command = [sys.executable, str(ROOT / "run_monitor.py"), "dashboard", "--no-open", "--token", "--data", str(folder)]
        environment = {**os.environ, "TZ": zone, "PYTHONWARNINGS": "error", "COLUMNS": "500"}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        lines = [self.process.stdout.readline().strip() for _ in range(2)]
        self.token, self.address = lines[0].removeprefix("token "), lines[1]
        self.base = self.address.partition("/open")[0]
        self.host = self.base.removeprefix("http://")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.output = self.process.communicate(timeout=PATIENCE_S)[1]

    def ask(self, method: str, path: str, headers=(), body: bytes | None = None) -> Answer:
        """One request with exactly these headers, pairs or a mapping, after the Host of this server unless they have one."""
        pairs = list(dict(headers).items())
        names = {name.lower() for name, _ in pairs}
        wire = http.client.HTTPConnection(self.host, timeout=PATIENCE_S)
        wire.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in [*([] if "host" in names else [("Host", self.host)]), *pairs]:
            wire.putheader(name, value)
        if body is not None and "transfer-encoding" not in names:
            wire.putheader("Content-Length", str(len(body)))
        with closing(wire):
            wire.endheaders(body)
            answer = wire.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read().decode(errors="replace"))

    def api(self, path: str, body=None) -> Answer:
        """A program's question, or its order."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is None:
            return self.ask("GET", path, headers)
        return self.ask("POST", path, headers | {"Content-Type": "application/json"}, json.dumps(body).encode())

    def let_in(self) -> dict[str, str]:
        """The header of a browser that was let in."""
        answer = self.ask("GET", self.address.removeprefix(self.base))
        assert answer.status == 200, answer.text
        return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def form(**fields: object) -> tuple[dict[str, str], bytes]:
    """The header and the body of a form."""
    return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields, doseq=True).encode()
