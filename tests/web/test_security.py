"""Who is refused by the dashboard, one row a rule; what every answer carries; and where it listens."""

import asyncio
import http.client
import inspect
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import ROOT, Dashboard, form
from starlette.datastructures import Headers

sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))
from simulated import write

from monitor.web.access import MOST_BYTES, Access, IncomingRequest, refusal
from monitor.web.command import dashboard as dashboard_command
from monitor.web.guard import HEADERS, Guard
from monitor.web.page_activity import PageActivity
from monitor.web.routes import pages
from monitor.web.server import serve

LET_IN, TOKEN = "let in", "token"
FORM, BODY = form(kind="resume", csrf="guessed")
# What a request is, besides being let in or not; the status that it must get.
REQUESTS = {
    "nobody was let in": ("GET", "/", None, {}, None, 401),
    "no token, the API": ("GET", "/api/status", None, {}, None, 401),
    "a wrong token": ("GET", "/api/status", None, {"Authorization": "Bearer guessed"}, None, 401),
    "a wrong cookie": ("GET", "/", None, {"Cookie": "posture_monitor_1=guessed"}, None, 401),
    "its files without being let in": ("GET", "/static/style.css", None, {}, None, 401),
    "a foreign Host": ("GET", "/", LET_IN, {"Host": "evil.example:80"}, None, 403),
    "another name for this computer": ("GET", "/", LET_IN, {"Host": "localhost"}, None, 403),
    "a foreign Host, with the token": ("GET", "/api/status", TOKEN, {"Host": "evil.example"}, None, 403),
    "a foreign Origin": ("GET", "/", LET_IN, {"Origin": "http://evil.example"}, None, 403),
    "no Origin at all": ("POST", "/orders", LET_IN, {**FORM, "Origin": "null"}, BODY, 403),
    "a form of another site": ("POST", "/orders", LET_IN, {**FORM, "Sec-Fetch-Site": "cross-site"}, BODY, 403),
    "a form of another port": ("POST", "/orders", LET_IN, {**FORM, "Sec-Fetch-Site": "same-site"}, BODY, 403),
    "a link on another site": ("GET", "/", LET_IN, {"Sec-Fetch-Site": "cross-site"}, None, 403),
    "a form without its token": ("POST", "/orders", LET_IN, FORM, BODY, 403),
    "an order without a form's token": ("POST", "/api/orders", LET_IN, {"Content-Type": "application/json"}, b"{}", 403),
    "a file as a form": ("POST", "/orders", TOKEN, {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
    "too long a body": ("POST", "/api/orders", TOKEN, {"Content-Type": "application/json"}, b" " * (MOST_BYTES + 1), 413),
    "a body of unknown length": ("POST", "/api/orders", TOKEN, {"Transfer-Encoding": "chunked"}, b"0\r\n\r\n", 411),
    "too long a query": ("GET", f"/history?first={'x' * 3000}", LET_IN, {}, None, 413),
    "a file that is none of its own": ("GET", "/static/..%2fweb.py", LET_IN, {}, None, 404),
}  # fmt: skip


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    with Dashboard(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module")
def cookie(dashboard):
    return dashboard.let_in()


def test_what_is_not_this_persons_own_page_is_refused(dashboard, cookie):
    who = {None: {}, LET_IN: cookie, TOKEN: {"Authorization": f"Bearer {dashboard.token}"}}
    got = {
        why: dashboard.ask(method, path, {**who[right], **headers}, body)
        for why, (method, path, right, headers, body, _) in REQUESTS.items()
    }

    assert {why: answer.status for why, answer in got.items()} == {why: row[-1] for why, row in REQUESTS.items()}
    assert all(len(answer.text.splitlines()) == 1 for answer in got.values() if answer.status != 404)
    assert dashboard.ask("GET", "/", cookie).status == dashboard.api("/api/status").status == 200


def test_the_opened_address_works_once_and_its_cookie_is_strict(tmp_path):
    with Dashboard(tmp_path) as one:
        path = one.address.removeprefix(one.base)
        first, second = one.ask("GET", path, {"Sec-Fetch-Site": "cross-site"}), one.ask("GET", path)
        pid = one.process.pid
        listens = [c.laddr for c in psutil.Process(pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]

    assert (first.status, second.status) == (200, 403)
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(first.headers["set-cookie"].split("; "))
    assert [a.ip for a in listens] == ["127.0.0.1"]
    assert one.process.returncode == 0
    assert "Traceback" not in one.output


def test_another_address_of_this_computer_does_not_answer(dashboard):
    port = int(dashboard.host.rpartition(":")[2])
    with socket.socket() as trial, pytest.raises(ConnectionRefusedError):
        trial.connect(("127.0.0.2", port))


def test_every_answer_has_the_policy_with_a_nonce_of_its_own(dashboard, cookie):
    answers = [dashboard.ask("GET", path, cookie) for path in ("/", "/", "/static/style.css", "/nothing", "/api/status")]
    nonces = [re.search(r"'nonce-([\w-]{20,})'", one.headers["content-security-policy"]).group(1) for one in answers]

    assert len(set(nonces)) == len(answers)
    assert f'nonce="{nonces[0]}"' in answers[0].text
    assert (answers[3].status, "<h1>" in answers[3].text) == (404, True)
    assert all(one.headers[name] == value for one in answers for name, value in HEADERS.items())
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", answers[0].text)


HOST = "127.0.0.1:8000"


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.text(max_size=9),
    headers=st.dictionaries(
        st.sampled_from(["host", "origin", "cookie", "authorization", "sec-fetch-site", "x-csrf-token", "content-type"]),
        st.text(st.characters(codec="latin-1"), max_size=30)
        | st.sampled_from([HOST, f"http://{HOST}", "same-origin", "Bearer "]),
    ),
    body=st.binary(max_size=50),
)
def test_nothing_is_let_in_that_does_not_know_a_secret(method, path, headers, body):
    access = Access(HOST)
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

    assert refusal(IncomingRequest(method, f"/{path}", b"", Headers(raw=raw), body), access) is not None or path == "open"


def test_the_server_is_over_only_while_no_page_is_open():
    clock = iter([0.0, 10.0, 1000.0, 1000.0, 1899.0, 1900.0])
    activity = PageActivity(lambda: next(clock))
    activity.request_received()
    with activity.open_page():
        assert not activity.idle_too_long  # asks no clock
        activity.request_received()

    assert [activity.idle_too_long, activity.idle_too_long] == [False, True]


# More than the server serves at once.
SILENT = 70
ENDS_AFTER_S = 2.0


def test_the_server_outlives_an_open_page_and_silent_connections_and_ends_by_itself_after_the_last_page(tmp_path):
    statuses = []

    def visit(access):
        port, cookie = int(access.host.rpartition(":")[2]), {"Cookie": f"{access.cookie}={access.session}"}
        with ExitStack() as stack:
            page = stack.enter_context(closing(http.client.HTTPConnection(access.host)))
            page.request("GET", f"/events?nonce={'n' * 24}", headers=cookie)
            statuses.append(page.getresponse().status)
            for _ in range(SILENT):
                stack.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(b"GET / HT")
            statuses.append(asked(access.host, "/", cookie).status)
            while (answer := asked(access.host, "/", cookie)).status == 503:
                time.sleep(0.1)
            time.sleep(1.5 * ENDS_AFTER_S)
            statuses.append(answer.status)

    serve(tmp_path, time.time, visit, ENDS_AFTER_S)

    assert statuses == [200, 503, 200]


def asked(host, path, headers):
    with closing(http.client.HTTPConnection(host)) as wire:
        wire.request("GET", path, headers=headers)
        answer = wire.getresponse()
        answer.read()
        return answer


def test_what_is_announced_and_never_comes_is_waited_for_only_from_whom_was_let_in_and_not_for_long():
    access, sent = Access(HOST), []

    async def never():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message.get("status"))

    async def post(headers):
        named = {"host": HOST, "content-length": "100", "content-type": FORM["Content-Type"], **headers}
        raw = [(name.encode(), value.encode()) for name, value in named.items()]
        scope = {"type": "http", "method": "POST", "path": "/orders", "query_string": b"", "headers": raw}
        await Guard(None, access, lambda: None, body_within_s=0.01)(scope, never, send)

    for headers in ({}, {"cookie": f"{access.cookie}={access.session}"}):
        asyncio.run(post(headers))

    assert [status for status in sent if status] == [401, 408]


def test_reading_every_page_changes_nothing_that_is_kept(tmp_path):
    write(tmp_path, 8)
    before = {path.name: sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}
    with Dashboard(tmp_path) as one:
        cookie = one.let_in()
        paths = [route.path for route in pages.routes if "GET" in route.methods and "{" not in route.path]
        answers = {path: one.ask("GET", path, cookie).status for path in paths}
    after = {path.name: sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir() if path.name in before}

    assert {path for path, status in answers.items() if status != 200} == set()
    assert len(answers) > 10
    assert after == before


def test_where_no_browser_opens_a_line_gives_the_address_that_works(tmp_path):
    command = [sys.executable, str(ROOT / "run_monitor.py"), "dashboard", "--data", str(tmp_path)]
    alone = {**os.environ, "PATH": str(tmp_path), "BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=alone) as process:
        lines = [process.stderr.readline() for _ in range(2)]
        host, _, path = lines[-1].partition("http://")[2].strip().partition("/")
        answer = asked(host, f"/{path}", {})
        process.terminate()

    assert (answer.status, process.returncode) == (200, 0)


def test_no_option_opens_it_further():
    assert {*inspect.signature(dashboard_command).parameters} == {"open_it", "token", "data"}
