"""The state shared by the pages of one server, and the response that keeps a page live."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.app.advice import always_seated
from monitor.app.home import Home, usable_home
from monitor.config import folders
from monitor.texts.catalogue import speaking_to
from monitor.web.live import LiveFragments, stream
from monitor.web.page_activity import PageActivity
from monitor.web.rendering import Frame, frame_of

Nonce = Annotated[str, Query(pattern=r"^[\w-]{24}$")]


@dataclass(frozen=True, slots=True)
class Serving:
    """The state shared by the pages of one server: data folder, wall clock, open pages, whether it is shutting down."""

    data: Path | None
    now: Callable[[], float]
    activity: PageActivity
    ends: Callable[[], bool]

    def home(self) -> Home:
        """The person's home with the settings as they are now, the default ones where they cannot be read."""
        return usable_home(self.data)[0]

    def trouble(self) -> str:
        """Why the settings cannot be read, empty if they can."""
        return usable_home(self.data)[1]

    def plain_home(self) -> Home:
        """The person's home with default settings, for help, which must work with a broken settings file too."""
        return Home(folders(self.data))


@dataclass(frozen=True, slots=True)
class FittingWords:
    """Lets ``app`` answer in the words that fit what the person ticked; ``home()`` is hers."""

    app: ASGIApp
    home: Callable[[], Home]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        fits = scope["type"] == "http" and await run_in_threadpool(lambda: always_seated(self.home()))
        with speaking_to(always_seated=fits):
            await self.app(scope, receive, send)


def serving_of(request: Request) -> Serving:
    """The state shared by the pages."""
    found: Serving = request.app.state.serving
    return found


def frame_with(request: Request, nonce: str) -> Frame:
    """The shared parts for fragments of a page that was sent with ``nonce``, which its forms must carry."""
    return replace(frame_of(request), nonce=nonce)


def streamed(serving: Serving, live: LiveFragments, every_s: float) -> StreamingResponse:
    """A response that sends live fragments for as long as the page is open."""

    async def sent() -> AsyncGenerator[str]:
        source = stream(live, time.monotonic, serving.ends, every_s)
        with serving.activity.open_page():
            async with aclosing(source) as lines:
                async for line in lines:
                    yield line

    return StreamingResponse(sent(), media_type="text/event-stream")
