"""The pages by address; each asks one function for a context and renders it."""

import os
from collections.abc import Iterator
from typing import IO

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, StreamingResponse

from monitor.app.check_in import answered, clear_calls, keep, known_of_her
from monitor.app.copy_of_data import zipped
from monitor.app.home import Home
from monitor.app.report import visit_data
from monitor.core.errors import ConfigError, MonitorError, StoreError
from monitor.reports.markup import element
from monitor.reports.pages.document import policy_of
from monitor.reports.pages.visit import SHEETS as VISIT_SHEETS
from monitor.reports.pages.visit import visit_page
from monitor.reports.periods import parse_day
from monitor.web.forms import Form, form
from monitor.web.orders import give
from monitor.web.pages.check_in import UNSURE, answer_page, check_in_page, report_of
from monitor.web.pages.checks import checks_page
from monitor.web.pages.history import chosen_range, history_page
from monitor.web.pages.now import now_page
from monitor.web.pages.privacy import forget, privacy_page
from monitor.web.pages.profiles import profiles_page
from monitor.web.pages.programs import programs_page
from monitor.web.pages.settings import save, settings_page, tell, tick
from monitor.web.pages.today import day_page
from monitor.web.pages.warning_signs import warning_signs_page
from monitor.web.rendering import page
from monitor.web.serving import serving_of

pages = APIRouter(include_in_schema=False)
_PIECE = 1 << 18  # bytes of a download sent at a time
# After a form the browser asks for a page anew, so that loading it again sends nothing twice.
SEE_OTHER = 303
VISIT_WEEKS = 4
FIRST_OPEN = "please answer the first question: do you have any of these signs, now or since your last check-in?"


@pages.get("/")
def now(request: Request) -> HTMLResponse:
    """Now."""
    serving = serving_of(request)
    return page(request, now_page(serving.home(), serving.now()))


@pages.post("/orders")
async def order(request: Request) -> Response:
    """Give an order; a fragment for the live page, the whole page where there is no script."""
    serving, sent = serving_of(request), await form(request)
    home = serving.home()
    try:
        answer = await run_in_threadpool(give, home, sent.one("kind"), sent.one("value"), serving.now())
    except MonitorError as error:
        answer = f"{error}."
    if "hx-request" in request.headers:
        return HTMLResponse(element("span", answer))
    return page(request, await run_in_threadpool(now_page, home, serving.now(), answer))


@pages.get("/today")
def today(request: Request) -> HTMLResponse:
    """The day so far."""
    serving = serving_of(request)
    home, at = serving.home(), serving.now()
    return page(request, day_page(home, home.date_of(at), at))


@pages.get("/day/{day}")
def day(request: Request, day: str) -> Response:
    """A day by its date."""
    serving = serving_of(request)
    home, at = serving.home(), serving.now()
    chosen, last = parse_day(day, home.date_of(at)), home.date_of(at)
    return RedirectResponse("/today") if chosen >= last else page(request, day_page(home, chosen, at))


@pages.get("/history")
def history(request: Request, first: str = "", last: str = "") -> HTMLResponse:
    """Any range of days."""
    serving = serving_of(request)
    home, at = serving.home(), serving.now()
    return page(request, history_page(home, *chosen_range(first, last, home.date_of(at)), at))


@pages.get("/checks")
def checks(request: Request) -> HTMLResponse:
    """Standing checks."""
    return page(request, checks_page(serving_of(request).home()))


@pages.get("/check-in")
def check_in(request: Request) -> HTMLResponse:
    """The questions of a check-in."""
    serving = serving_of(request)
    return page(request, check_in_page(serving.plain_home(), serving.now()))


@pages.post("/check-in")
async def checked_in(request: Request) -> Response:
    """The answer to a check-in; who says yes to the gravest signs and names none is shown the card."""
    serving, sent = serving_of(request), await form(request)
    home = serving.plain_home()
    if sent.one("signs") == UNSURE and not sent.all("symptom"):
        return RedirectResponse("/warning-signs", SEE_OTHER)
    if not sent.one("signs") and not sent.one("asked"):
        return page(request, await run_in_threadpool(check_in_page, home, serving.now(), sent, FIRST_OPEN))
    return await run_in_threadpool(_answer, request, home, sent, serving.now())


def _answer(request: Request, home: Home, sent: Form, now: float) -> Response:
    """The answer comes before the disk: what cannot be kept is answered all the same."""
    try:
        one = answered(home, report_of(sent, now), known_of_her(home))
    except ConfigError as error:
        return page(request, check_in_page(home, now, sent, str(error)), 400)
    try:
        keep(home, one)
    except StoreError as error:
        return page(request, answer_page(home, one, str(error)))
    return page(request, answer_page(home, one))


@pages.post("/check-in/spoken")
async def spoken(request: Request) -> Response:
    """She has spoken to somebody: open calls are closed."""
    serving, sent = serving_of(request), await form(request)
    home, rests = serving.home(), bool(sent.one("rest"))
    await run_in_threadpool(lambda: clear_calls(home, serving.now(), told_to_rest=rests))
    return RedirectResponse("/", SEE_OTHER)


@pages.get("/warning-signs")
def warning_signs(request: Request, whole: bool = False) -> HTMLResponse:
    """The card."""
    return page(request, warning_signs_page(serving_of(request).plain_home(), whole=whole))


@pages.get("/settings")
def settings(request: Request) -> HTMLResponse:
    """Every setting."""
    return page(request, settings_page(serving_of(request).home()))


@pages.post("/settings")
async def set_some(request: Request) -> HTMLResponse:
    """A group of settings is saved, or told what cannot be."""
    home, sent = serving_of(request).home(), await form(request)
    made = await run_in_threadpool(save, home, sent)
    return page(request, made, 400 if made.fault else 200)


@pages.post("/stage")
async def tell_stage(request: Request) -> Response:
    """Her stage is kept."""
    serving, sent = serving_of(request), await form(request)
    home = serving.home()
    await run_in_threadpool(tell, home, sent, serving.now())
    return RedirectResponse("/settings#stage", SEE_OTHER)


@pages.post("/conditions")
async def tell_conditions(request: Request) -> Response:
    """What applies to her is kept."""
    serving, sent = serving_of(request), await form(request)
    home = serving.home()
    await run_in_threadpool(tick, home, sent)
    return RedirectResponse("/settings#stage", SEE_OTHER)


@pages.get("/profiles")
def profiles(request: Request) -> HTMLResponse:
    """Calibrations."""
    serving = serving_of(request)
    return page(request, profiles_page(serving.home(), serving.now()))


@pages.get("/privacy")
def privacy(request: Request) -> HTMLResponse:
    """What is kept."""
    return page(request, privacy_page(serving_of(request).home()))


@pages.get("/privacy/copy.zip")
def copy(request: Request) -> Response:
    """A copy of everything."""
    packed = zipped(serving_of(request).home())
    headers = {
        "content-disposition": 'attachment; filename="posture-monitor.zip"',
        "content-length": str(os.fstat(packed.fileno()).st_size),
    }
    return StreamingResponse(_pieces(packed), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


@pages.post("/privacy")
async def forget_all(request: Request) -> HTMLResponse:
    """Everything personal is deleted."""
    home, sent = serving_of(request).home(), await form(request)
    return page(request, await run_in_threadpool(forget, home, sent))


@pages.get("/api")
def api_page(request: Request) -> HTMLResponse:
    """The local API, from its own document."""
    return page(request, programs_page(request.app.openapi(), request.app.state.access.host))


@pages.get("/visit")
def visit(request: Request, notes: bool = False) -> HTMLResponse:
    """The sheets for a visit, to print; a file of its own, so without the frame of the other pages."""
    serving = serving_of(request)
    home = serving.home()
    sheets = visit_page(visit_data(home, VISIT_WEEKS, serving.now(), notes=notes), home.tz)
    return HTMLResponse(sheets, headers={"content-security-policy": f"{policy_of(*VISIT_SHEETS)}; frame-ancestors 'none'"})
