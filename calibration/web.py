"""Calibration in the browser: placing the camera, then the live view with one hint at a time, and keep or repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from calibration.browser import BrowserRun
from calibration.browser_messages import ENDED, RunState
from calibration.placing import aim_drawing, place_drawing, skeleton_drawing, telephone_drawing
from calibration.wizard import WizardCommand
from monitor.adapters import profiles
from monitor.core.camera.source_name import shown
from monitor.core.errors import ConfigError
from monitor.core.vocabulary import View
from monitor.reports.markup import Markup
from monitor.web.forms import form
from monitor.web.live import LiveFragments, fragments
from monitor.web.rendering import page
from monitor.web.serving import Nonce, frame_with, serving_of, streamed

pages = APIRouter(include_in_schema=False)
SEE_OTHER = 303
EVERY_S = 0.3
PARTS = {"view": False, "step": False, "actions": True}


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Where to put the camera, drawn; ``source`` is the camera of the settings, ``name`` what the calibration is called."""

    template: ClassVar[str] = "place.html"
    side: Markup
    front: Markup
    aim_side: Markup
    aim_front: Markup
    phone_side: Markup
    phone_front: Markup
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class LivePage:
    """A calibration as it goes: where it is, what is seen as points, what to do, how long, and what can be asked for."""

    template: ClassVar[str] = "calibrating.html"
    state: str
    heading: str
    words: str
    hint: str
    count: str
    share: int
    view: Markup | None
    actions: Sequence[tuple[WizardCommand, str, bool]]
    ended: bool


class _Current:
    """The calibration that goes on, one at a time."""

    def __init__(self) -> None:
        self._run: BrowserRun | None = None
        self._lock = Lock()

    def begin(self, run: BrowserRun) -> None:
        with self._lock:
            if self._run and self._run.state not in ENDED:
                raise ConfigError("a calibration is going on already; go on with it, or stop it first")
            self._run = run
            run.start()

    @property
    def run(self) -> BrowserRun | None:
        return self._run


_current = _Current()


def close() -> None:
    """End a calibration that goes on, so that a monitor that waits goes on too."""
    if _current.run and _current.run.state not in ENDED:
        _current.run.stop()


def live_page(run: BrowserRun | None) -> LivePage:
    """The page of a calibration."""
    if run is None:
        return LivePage("none", "No calibration is going on", "", "", "", 0, None, (), ended=True)
    seen, ended = run.look(), run.state in ENDED
    if seen is None:
        return LivePage(run.state, _HEADINGS[run.state], run.words, "", "", 0, None, () if ended else _QUIT, ended)
    return LivePage(
        state=run.state,
        heading=seen.heading,
        words=seen.words,
        hint=seen.hint,
        count=seen.count,
        share=seen.share,
        view=skeleton_drawing(seen.pose),
        actions=seen.actions,
        ended=False,
    )


_QUIT = ((WizardCommand.QUIT, "Stop", False),)
_HEADINGS = {
    RunState.WAITING: "Waiting for the camera",
    RunState.GUIDING: "Look at the camera",
    RunState.KEPT: "Calibrated",
    RunState.STOPPED: "Stopped",
    RunState.FAILED: "The calibration did not work",
}


@pages.get("/calibrate")
def place(request: Request) -> HTMLResponse:
    """Placing the camera."""
    home = serving_of(request).home()
    made = PlacePage(
        side=place_drawing(View.SIDE, "side"),
        front=place_drawing(View.FRONT, "front"),
        aim_side=aim_drawing(View.SIDE, "aim-side"),
        aim_front=aim_drawing(View.FRONT, "aim-front"),
        phone_side=telephone_drawing(View.SIDE, "phone-side"),
        phone_front=telephone_drawing(View.FRONT, "phone-front"),
        source=shown(str(home.settings.camera.device)),
        name=home.settings.profile,
    )
    return page(request, made)


@pages.post("/calibrate")
async def begin(request: Request) -> Response:
    """Begin with the camera that the form names, or that of the settings."""
    home, sent = serving_of(request).home(), await form(request)
    source, own = sent.one("source"), str(home.settings.camera.device)
    chosen, name = "" if source in ("", shown(own)) else source, sent.one("name") or home.settings.profile
    profiles.file_of(home.folders.data / "profiles", name)  # a name that cannot be is told before, not after five minutes
    run = BrowserRun(home, serving_of(request).data, chosen, name)
    await run_in_threadpool(_current.begin, run)
    return RedirectResponse("/calibrate/live", SEE_OTHER)


@pages.get("/calibrate/live")
def live(request: Request) -> HTMLResponse:
    """The calibration as it goes."""
    return page(request, live_page(_current.run))


@pages.get("/calibrate/events")
def events(request: Request, nonce: Nonce) -> StreamingResponse:
    """Its live fragments."""
    make = fragments("calibrating_parts.html", PARTS, frame_with(request, nonce))
    return streamed(serving_of(request), LiveFragments(lambda: make(live_page(_current.run)), {}), EVERY_S)


@pages.post("/calibrate/command")
async def command(request: Request) -> Response:
    """What the person asks for."""
    sent, run = await form(request), _current.run
    if sent.one("command") not in set(WizardCommand):
        raise ConfigError("a calibration knows next, repeat, skip and quit")
    wanted = WizardCommand(sent.one("command"))
    if run and wanted is WizardCommand.QUIT:
        await run_in_threadpool(run.stop)
    elif run:
        run.ask(wanted)
    return Response(status_code=204) if "hx-request" in request.headers else RedirectResponse("/calibrate/live", SEE_OTHER)
