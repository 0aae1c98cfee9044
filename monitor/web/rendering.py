"""Renders pages: a context is a frozen value that names its template, and is all that the template receives."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Protocol

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor import __version__
from monitor.reports.markup import Markup, element, join
from monitor.reports.phrases import unbroken
from monitor.web import MORE_PAGES
from monitor.web.access import Access  # noqa: TC001  # states its type


class Context(Protocol):
    """The values of a template."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Tab:
    """A link of the navigation."""

    path: str
    name: str


TABS: tuple[Tab, ...] = (
    Tab("/", "Now"),
    Tab("/today", "Today"),
    Tab("/history", "History"),
    Tab("/check-in", "Check-in"),
    Tab("/settings", "Settings"),
)
# Below every page; calibration adds its own.
MORE: list[Tab] = [
    Tab("/checks", "Standing checks"),
    Tab("/profiles", "Calibration"),
    Tab("/privacy", "What is kept"),
    Tab("/api", "For programs"),
]


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts shared by all pages: the current path, the nonce of this response, the CSRF token, the navigation.

    ``trouble`` is why the settings cannot be read, empty if they can.
    """

    path: str
    nonce: str
    csrf: str
    version: str
    tabs: Sequence[Tab]
    more: Sequence[Tab]
    trouble: str = ""

    def is_at(self, tab: Tab) -> bool:
        """Whether the current page is that of ``tab``, or below it."""
        return self.path == tab.path or (tab.path != "/" and self.path.startswith(f"{tab.path}/"))


def page(request: Request, context: Context, status: int = 200) -> HTMLResponse:
    """The response with the page of ``context``."""
    return HTMLResponse(rendered(context, frame_of(request)), status)


def frame_of(request: Request) -> Frame:
    """The shared parts of the page that ``request`` asks for."""
    state = request.app.state
    access: Access = state.access
    return Frame(
        request.url.path, request.state.nonce, access.csrf, __version__, TABS, tuple(MORE), trouble=state.serving.trouble()
    )


def rendered(context: Context, frame: Frame) -> Markup:
    """The markup of a page; its template knows the context as ``it``, the shared parts as ``frame``."""
    return Markup(environment().get_template(context.template).render(it=context, frame=frame))


@cache
def environment() -> Environment:
    """The template environment: text is escaped, an undefined name is an error."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in ("monitor.web", *map(_package, MORE_PAGES))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["sentence"] = lambda words: words[:1].upper() + words[1:]
    made.filters["code"] = _with_code
    made.filters["unbroken"] = unbroken
    return made


def _with_code(words: str) -> Markup:
    """The words, with what stands between backticks as code."""
    return join(element("code", part) if n % 2 else element("span", part) for n, part in enumerate(words.split("`")) if part)


def _package(module: str) -> str:
    return module.rpartition(".")[0]
