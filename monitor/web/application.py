"""The application: pages, fragments, files and the local API behind the guard."""

import time
from functools import cache
from importlib import import_module, resources
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, StreamingResponse

from monitor import __version__
from monitor.advice import library
from monitor.core.errors import ConfigError, MonitorError
from monitor.reports.pages.document import styles
from monitor.web import MORE_PAGES
from monitor.web.access import OPEN, Access
from monitor.web.api import api
from monitor.web.guard import Guard
from monitor.web.live import NOW, STAYS_S, LiveFragments, fragments
from monitor.web.pages.fault import FaultPage
from monitor.web.pages.now import LiveNow
from monitor.web.rendering import page
from monitor.web.routes import pages
from monitor.web.serving import FittingWords, Nonce, Serving, frame_with, serving_of, streamed

_KINDS = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}
_ENTRY = (
    '<!doctype html><html lang="en"><meta http-equiv="refresh" content="0; url=/"><link rel="icon" href="data:,">'
    "<title>Posture Monitor</title>"
)


def application(access: Access, serving: Serving) -> Guard:
    """Everything that answers, the guard outermost."""
    inner = FastAPI(title="Posture Monitor", version=__version__, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    inner.state.access, inner.state.serving = access, serving
    library.tips(), library.card()  # read now, so that the first page need not wait for it
    for router in (_own, pages, api, *(import_module(name).pages for name in MORE_PAGES)):
        inner.include_router(router)
    inner.add_exception_handler(MonitorError, _refused)
    inner.add_exception_handler(RequestValidationError, _invalid)
    inner.add_exception_handler(HTTPException, _no_such_page)
    return Guard(FittingWords(inner, serving.plain_home), access, serving.activity.request_received)


_own = APIRouter(include_in_schema=False)


@_own.get(OPEN)
def let_in(request: Request, token: str = "") -> Response:
    """Let a browser in, once: a page that leads on, because a strict cookie does not travel with a redirect from elsewhere."""
    access: Access = request.app.state.access
    if not access.open(token):
        return PlainTextResponse("This address was used already. Start again with: posture-monitor dashboard\n", 403)
    answer = HTMLResponse(_ENTRY)
    answer.set_cookie(access.cookie, access.session, httponly=True, samesite="strict", path="/")
    return answer


@_own.get("/alive", status_code=204)
def alive() -> None:
    """A page that is open says so."""


@_own.get("/events")
def events(request: Request, nonce: Nonce) -> StreamingResponse:
    """The live fragments of the page Now."""
    serving = serving_of(request)
    make = fragments("now_parts.html", NOW, frame_with(request, nonce))
    live = LiveNow(serving.home, serving.now, time.monotonic)
    return streamed(serving, LiveFragments(lambda: make(live.page()), STAYS_S), 1.0)


@_own.get("/static/{name}")
def static(name: str) -> Response:
    """A file of the dashboard's own; the style is one file of the reports' sheets and the pages' own."""
    if name == "style.css":
        return Response(styles("colours", "charts", "page", "card") + _file("web.css"), media_type="text/css")
    kind = _KINDS.get(Path(name).suffix)
    if kind is None or name not in {one.name for one in (resources.files("monitor.web") / "static").iterdir()}:
        return PlainTextResponse("there is no such file\n", 404)
    return Response(_file(name), media_type=kind, headers={"cache-control": "private, max-age=86400"})


@cache
def _file(name: str) -> str:
    return (resources.files("monitor.web") / "static" / name).read_text(encoding="utf-8")


async def _refused(request: Request, error: Exception) -> Response:
    """What a person can cause, as a page or as JSON."""
    status = 400 if isinstance(error, ConfigError) else 409
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": str(error)}, status)
    return page(request, FaultPage(str(error)), status)


async def _no_such_page(request: Request, error: Exception) -> Response:
    """An address that is none of ours, or asked in a way that is none."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": "there is nothing at this address; see /api/openapi.json"}, status)
    return page(request, FaultPage("There is no page at this address"), status)


async def _invalid(request: Request, _error: Exception) -> Response:
    """A request that is none of the API's."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": "the request does not fit /api/openapi.json"}, 422)
    return page(request, FaultPage("This address has a part that cannot be; go back and choose again."), 422)
