"""Serves the dashboard on the loopback interface, until it is ended or no page has been open for a while."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.web import MORE_PAGES
from monitor.web.access import Access
from monitor.web.application import application
from monitor.web.page_activity import ENDS_AFTER_S, PageActivity
from monitor.web.serving import Serving

LOOPBACK = "127.0.0.1"
_CHECKED_EVERY_S = 5.0


class _Server(uvicorn.Server):
    """Shuts down in order on a signal; uvicorn's own server would raise the signal again afterwards."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handles SIGINT and SIGTERM as a request to shut down."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listening() -> socket.socket:
    """A listening socket on a free port of the loopback interface."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.bind((LOOPBACK, 0))
    made.set_inheritable(False)
    return made


def serve(
    data: Path | None, now: Callable[[], float], ready: Callable[[Access], None], ends_after_s: float = ENDS_AFTER_S
) -> None:
    """Serve until SIGINT or SIGTERM, or until no page has been open for that long; ``ready`` gets the secrets once it listens."""
    sock = listening()
    access = Access(f"{LOOPBACK}:{sock.getsockname()[1]}")
    server: uvicorn.Server
    activity = PageActivity(time.monotonic, ends_after_s)
    serving = Serving(data, now, activity, lambda: server.should_exit)
    config = uvicorn.Config(
        application(access, serving),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # a client that sends nonsense fills nobody's terminal
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
        limit_concurrency=64,
    )
    server = _Server(config)
    asyncio.run(_run(server, sock, activity, lambda: ready(access)))


async def _run(server: uvicorn.Server, sock: socket.socket, activity: PageActivity, ready: Callable[[], None]) -> None:
    async def watch() -> None:
        while not server.started and not server.should_exit:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.05)
        activity.request_received()  # loading the pages is no time without one
        threading.Thread(target=ready, daemon=True).start()  # a browser may take seconds to begin
        silent: set[H11Protocol] = set()
        while not server.should_exit:
            await asyncio.sleep(min(_CHECKED_EVERY_S, activity.ends_after_s / 4))
            silent = _close_silent(server, silent)
            server.should_exit |= activity.idle_too_long

    watcher = asyncio.create_task(watch())
    try:
        await server.serve(sockets=[sock])
    finally:
        watcher.cancel()
        for name in MORE_PAGES:
            import_module(name).close()


def _close_silent(server: uvicorn.Server, before: set[H11Protocol]) -> set[H11Protocol]:
    """The connections without any whole request so far; those that were so ``before`` are closed: they keep others out."""
    silent: set[H11Protocol] = set()
    for one in server.server_state.connections:
        if isinstance(one, H11Protocol) and one.cycle is None:
            silent.add(one)
    for one in silent & before:
        one.transport.close()
    return silent - before
